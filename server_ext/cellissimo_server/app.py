"""The extension: reads its settings, puts everything together, takes it apart again."""

from __future__ import annotations

import dataclasses
import os
import time
from pathlib import Path
from typing import Any

from jupyter_core.paths import jupyter_data_dir
from jupyter_server.extension.application import ExtensionApp
from jupyter_server.serverapp import ServerApp
from jupyter_server.utils import url_path_join
from tornado.ioloop import PeriodicCallback
from traitlets import HasTraits, Integer, TraitType, Unicode

from cellissimo_server.access.identity import is_single_user
from cellissimo_server.commands.kernel_access import BorrowedAccess, KernelAccess
from cellissimo_server.composition import Composed, compose
from cellissimo_server.services import Services
from cellissimo_server.settings import Settings
from cellissimo_server.store import relay_note
from cellissimo_server.store.errors import HeldError
from cellissimo_server.web import log, metrics, relay, routes
from cellissimo_server.web.handler import SETTINGS_KEY, TRAFFIC_KEY, facts_of
from cellissimo_server.web.relay import First
from cellissimo_server.web.room_relay import HOLDER_KEY
from cellissimo_server.web.scrub import scrub, unscrub
from cellissimo_server.web.traffic import Traffic

DRAIN_S = 30
"""How long requests that are under way may take once the server stops, in seconds."""

PULSE_MS = 1000
"""How often the event loop wakes to see whether a signal came as it fell asleep."""

_FIELDS = dataclasses.fields(Settings)


def _trait(field: dataclasses.Field[Any]) -> TraitType[Any, Any]:
    words = field.metadata["help"]
    name = f"CELLISSIMO_{field.name.upper()}"
    given = os.environ.get(name)
    if isinstance(field.default, int):
        number = _number(name, given)
        return Integer(field.default if number is None else number, help=words).tag(config=True)
    usual = str(Path(jupyter_data_dir()) / "cellissimo") if field.name == "data" else field.default
    return Unicode(given or str(usual), help=words).tag(config=True)


def _number(name: str, given: str | None) -> int | None:
    if given and not given.isdecimal():
        raise ValueError(f"{name} is {given!r}, not a whole number; set it to digits, or unset it")
    return int(given) if given else None


Configured = type("Configured", (HasTraits,), {field.name: _trait(field) for field in _FIELDS})
"""One trait for each setting, whose default is that of the environment."""


class CellissimoApp(Configured, ExtensionApp):  # type: ignore[misc,valid-type]
    """cellissimo's server extension; every setting is a trait, ``CellissimoApp.<name>``."""

    name = "cellissimo_server"
    extension_url = "/cellissimo/settings"
    load_other_extensions = True
    composed: Composed | None = None
    kernels: KernelAccess | None = None
    first: First | None = None

    def __init__(self, **given: Any) -> None:  # noqa: ANN401 - traitlets'
        """Nothing is open yet."""
        super().__init__(**given)
        self.borrowed = BorrowedAccess()
        self.pulse = PeriodicCallback(lambda: None, PULSE_MS)

    def initialize_settings(self) -> None:
        """Put the services together, where the handlers find them."""
        self.traffic = Traffic()
        self.scrub = scrub(self.jupyter.log)
        values = {field.name: getattr(self, field.name) for field in _FIELDS}
        settings = Settings(**values | {"data": Path(values["data"]).expanduser()})
        self.settings[TRAFFIC_KEY] = self.traffic
        self._set_log(settings.log_format)
        try:
            self.composed = compose(settings, clock=self.clock, base_url=self.jupyter.base_url)
        except HeldError as error:
            self._work_through(settings, error)
            return
        self.settings[SETTINGS_KEY] = self.composed.services
        metrics.watch(self.composed.services, self.traffic)

    def _work_through(self, settings: Settings, error: HeldError) -> None:
        """Another server has the files: say so, and hand everything on to it."""
        if error.holder is None:
            raise error
        self.first = First(error.holder, settings.data, settings)
        self.settings[HOLDER_KEY] = self.first
        self.jupyter.log.warning("cellissimo: %s Requests are handed on to it.", error)

    def _set_log(self, form: str) -> None:
        log.logger_of(self.jupyter.log, form)
        prefix = url_path_join(self.jupyter.base_url, routes.ROOT) + "/"
        usual = self.jupyter.web_app.settings["log_function"]
        self.settings["log_function"] = log.writer(prefix, facts_of, usual)

    @property
    def jupyter(self) -> ServerApp:
        """The server that this extends; there before anything else of ours runs."""
        if self.serverapp is None:
            raise RuntimeError("the extension was asked for its server before it had one")
        return self.serverapp

    def initialize_handlers(self) -> None:
        """Add every route."""
        found = relay.handlers() if self.first else routes.tornado_handlers()
        self.handlers.extend(found)

    async def _start_jupyter_server_extension(self, serverapp: ServerApp) -> None:
        """Begin what needs the event loop, and tell kernels where this server is."""
        self.pulse.start()
        url, composed = serverapp.connection_url, self.composed
        if composed is None:
            self._borrow(serverapp)
            return
        settings = composed.services.settings
        self.kernels = KernelAccess(composed.services)
        self.kernels.begin(
            url,
            kernels=is_single_user(serverapp.identity_provider, settings.single_user),
            folder=None if composed.hold is None else settings.data,
        )
        composed.store.at_waking(self.kernels.keep)
        await composed.start(url)

    def _borrow(self, serverapp: ServerApp) -> None:
        """The kernels of a second server speak to the first one."""
        if self.first is None:
            return
        note, setting = relay_note.read(self.first.folder), self.first.settings.single_user
        if note is not None and is_single_user(serverapp.identity_provider, setting):
            self.borrowed.begin(self.first.holder.url, note)

    def clock(self) -> int:
        """Milliseconds since 1970 UTC."""
        return time.time_ns() // 1_000_000

    async def stop_extension(self) -> None:
        """Finish what was begun, then let go."""
        self.traffic.close()
        composed, self.composed = self.composed, None
        if composed is not None:
            try:
                await self._drain(composed.services)
            finally:
                await composed.close()
        self.borrowed.end()
        self.pulse.stop()
        unscrub(self.jupyter.log, self.scrub)

    async def _drain(self, services: Services) -> None:
        await services.events.close()
        services.documents.activity.close()
        await services.rooms.close()
        await self.traffic.drained(DRAIN_S)
        if self.kernels is not None:
            await self.kernels.end()
