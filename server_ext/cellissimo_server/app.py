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
from traitlets import HasTraits, Integer, TraitType, Unicode

from cellissimo_server.composition import Composed, compose
from cellissimo_server.settings import Settings
from cellissimo_server.web import routes
from cellissimo_server.web.handler import SETTINGS_KEY

_FIELDS = dataclasses.fields(Settings)


def _trait(field: dataclasses.Field[Any]) -> TraitType[Any, Any]:
    words = field.metadata["help"]
    given = os.environ.get(f"CELLISSIMO_{field.name.upper()}")
    if isinstance(field.default, int):
        return Integer(int(given or field.default), help=words).tag(config=True)
    usual = str(Path(jupyter_data_dir()) / "cellissimo") if field.name == "data" else field.default
    return Unicode(given or usual, help=words).tag(config=True)


Configured = type("Configured", (HasTraits,), {field.name: _trait(field) for field in _FIELDS})
"""One trait for each setting, whose default is that of the environment."""


class CellissimoApp(Configured, ExtensionApp):  # type: ignore[misc,valid-type]
    """cellissimo's server extension; every setting is a trait, ``CellissimoApp.<name>``."""

    name = "cellissimo_server"
    extension_url = "/cellissimo/settings"
    load_other_extensions = True
    composed: Composed | None = None

    def initialize_settings(self) -> None:
        """Put the services together, where the handlers find them."""
        values = {field.name: getattr(self, field.name) for field in _FIELDS}
        settings = Settings(**values | {"data": Path(values["data"]).expanduser()})
        base_url = self.serverapp.base_url
        self.composed = compose(settings, clock=self.clock, base_url=base_url)
        self.settings[SETTINGS_KEY] = self.composed.services

    def initialize_handlers(self) -> None:
        """Add every route."""
        self.handlers.extend(routes.tornado_handlers(self.serverapp.base_url))

    async def _start_jupyter_server_extension(self, serverapp: ServerApp) -> None:
        """Begin what needs the event loop, and tell kernels where this server is."""
        if self.composed is not None:
            await self.composed.start(serverapp.connection_url)

    def clock(self) -> int:
        """Milliseconds since 1970 UTC."""
        return time.time_ns() // 1_000_000

    async def stop_extension(self) -> None:
        """Finish what was begun, then let go."""
        if self.composed is not None:
            await self.composed.close()
