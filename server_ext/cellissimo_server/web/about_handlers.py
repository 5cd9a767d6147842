"""What this server is: its settings, its limits, who asks, and whether it is well."""

from __future__ import annotations

import dataclasses
from typing import Any

from cellissimo.schema import limits
from cellissimo.schema.rest.about import About, Health
from cellissimo.schema.rest.people import Person as PersonShape
from cellissimo_server.access import identity
from cellissimo_server.settings import Settings
from cellissimo_server.version import VERSION
from cellissimo_server.web import openapi
from cellissimo_server.web.handler import Handler
from cellissimo_server.web.operation import operation
from cellissimo_server.web.routes import Route, all_routes

_SECRET = frozenset({"database_url", "blobs_url", "data", "scan_command"})
"""Settings whose values stay with the administrator."""


def effective(settings: Settings) -> dict[str, Any]:
    """The settings as they are in force, without those that are nobody's business."""
    values = dataclasses.asdict(settings)
    return {name: value for name, value in values.items() if name not in _SECRET}


class AboutHandler(Handler):
    """What the server goes by."""

    @operation("The version, the limits, and who I am", answer=About, access="anyone", cost="free")
    async def get(self) -> About:
        """Answer with what is in force."""
        settings, person = self.services.settings, self.person
        me = PersonShape(username=person.username, display_name=person.display_name)
        return About(
            version=VERSION,
            user=me if person.is_known else None,
            single_user=identity.is_single_user(self.identity_provider, settings.single_user),
            settings=effective(settings),
            limits={
                "nameLength": limits.NAME_LENGTH,
                "barCounts": list(limits.BAR_COUNTS),
                "tempoRange": list(limits.TEMPO_RANGE),
            },
        )


class OpenApiHandler(Handler):
    """The interface as an OpenAPI document."""

    @operation("This interface as an OpenAPI 3.1 document", access="anyone", cost="free")
    async def get(self) -> None:
        """Answer with the document."""
        self.finish(openapi.text(all_routes()))


class HealthHandler(Handler):
    """Whether the process is alive."""

    @operation("Whether the server is alive", answer=Health, access="anyone", cost="free")
    async def get(self) -> Health:
        """Answer as long as there is somebody to answer."""
        return Health(status="ok")


class ReadyHandler(Handler):
    """Whether the server can do its work."""

    @operation("Whether the server can work", answer=Health, access="anyone", cost="free")
    async def get(self) -> Health:
        """Ask the database; an error is the answer 503."""
        one = await self.services.database.read(lambda db: db.row(int, "SELECT 1"))
        self.set_status(200 if one == 1 else 503)
        return Health(status="ok" if one == 1 else "failed")


ROUTES = [
    Route("about", AboutHandler),
    Route("openapi.json", OpenApiHandler),
    Route("healthz", HealthHandler, is_page=True),
    Route("readyz", ReadyHandler, is_page=True),
]
