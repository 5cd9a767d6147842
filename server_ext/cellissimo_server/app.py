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
from traitlets import HasTraits, Integer, TraitType, Unicode

from cellissimo_server.access.identity import is_single_user
from cellissimo_server.commands.kernel_access import KernelAccess
from cellissimo_server.composition import Composed, compose
from cellissimo_server.services import Services
from cellissimo_server.settings import Settings
from cellissimo_server.web import log, metrics, routes
from cellissimo_server.web.handler import SETTINGS_KEY, TRAFFIC_KEY, facts_of
from cellissimo_server.web.scrub import scrub, unscrub
from cellissimo_server.web.traffic import Traffic

DRAIN_S = 30
"""How long requests that are under way may take once the server stops, in seconds."""

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

    def initialize_settings(self) -> None:
        """Put the services together, where the handlers find them."""
        self.traffic = Traffic()
        self.scrub = scrub(self.jupyter.log)
        values = {field.name: getattr(self, field.name) for field in _FIELDS}
        settings = Settings(**values | {"data": Path(values["data"]).expanduser()})
        base_url = self.jupyter.base_url
        self.composed = compose(settings, clock=self.clock, base_url=base_url)
        self.settings[SETTINGS_KEY] = self.composed.services
        self.settings[TRAFFIC_KEY] = self.traffic
        metrics.watch(self.composed.services, self.traffic)
        self._set_log(settings.log_format)

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
        self.handlers.extend(routes.tornado_handlers())

    async def _start_jupyter_server_extension(self, serverapp: ServerApp) -> None:
        """Begin what needs the event loop, and tell kernels where this server is."""
        if self.composed is None:
            return
        await self.composed.start()
        services = self.composed.services
        if is_single_user(serverapp.identity_provider, services.settings.single_user):
            self.kernels = KernelAccess(services)
            await self.kernels.begin(serverapp.connection_url)

    def clock(self) -> int:
        """Milliseconds since 1970 UTC."""
        return time.time_ns() // 1_000_000

    async def stop_extension(self) -> None:
        """Finish what was begun, then let go."""
        if self.composed is not None:
            await self._drain(self.composed.services)
            await self.composed.close()
            unscrub(self.jupyter.log, self.scrub)

    async def _drain(self, services: Services) -> None:
        self.traffic.close()
        await services.events.close()
        await self.traffic.drained(DRAIN_S)
        if self.kernels is not None:
            await self.kernels.end()
