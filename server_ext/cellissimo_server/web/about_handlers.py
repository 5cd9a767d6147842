"""What this server is: its settings, its limits, who asks, and whether it is well."""

from __future__ import annotations

from cellissimo.schema.rest.about import About, Health
from cellissimo_server.access import identity
from cellissimo_server.access.person import VISITOR, Person
from cellissimo_server.commands.about import about
from cellissimo_server.errors import UnavailableError
from cellissimo_server.web import openapi, settings_page
from cellissimo_server.web.handler import Handler
from cellissimo_server.web.operation import operation
from cellissimo_server.web.routes import Route, all_routes


class AboutHandler(Handler):
    """What the server goes by."""

    @operation("The version, the limits, and who I am", answer=About, access="anyone", cost="free")
    async def get(self) -> About:
        """Answer with what is in force."""
        setting = self.services.settings.single_user
        single = identity.is_single_user(self.identity_provider, setting)
        return await about(self.services, self.person, single_user=single)


class SettingsHandler(Handler):
    """The settings in force, for people to read."""

    @operation("The settings in force, as a page", media="text/html", access="guest", cost="free")
    async def get(self) -> None:
        """Show them; addresses, paths and names only to administrators."""
        is_admin = self.person.site_role == "admin"
        page = settings_page.page(self.services.settings, is_admin=is_admin)
        self.set_header("Cache-Control", "no-store")
        self.finish(page, set_content_type="text/html; charset=utf-8")

    @property
    def content_security_policy(self) -> str:
        """Nothing but the page itself."""
        return "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


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

    async def who_asks(self) -> Person:
        """Nobody is looked up but tokens of ours: whoever watches the process wakes no store."""
        return VISITOR if self.bearer is None else await super().who_asks()


class ReadyHandler(Handler):
    """Whether the server can do its work."""

    @operation("Whether the server can work", answer=Health, access="anyone", cost="free")
    async def get(self) -> Health:
        """Ask the database.

        Raises:
            UnavailableError: it does not answer.
        """
        if await self.services.database.read(lambda db: db.row(int, "SELECT 1")) != 1:
            raise UnavailableError("The database does not answer.", cure="Look at the log.")
        return Health(status="ok")


ROUTES = [
    Route("about", AboutHandler),
    Route("openapi.json", OpenApiHandler),
    Route("healthz", HealthHandler, is_page=True),
    Route("readyz", ReadyHandler, is_page=True),
    Route("settings", SettingsHandler, is_page=True),
]
