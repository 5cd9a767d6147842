"""What administrators see and set, over HTTP."""

from __future__ import annotations

from cellissimo.schema.rest.administration import Audit, AuditQuery, RoleChange, SiteUsage
from cellissimo.schema.rest.people import User
from cellissimo.schema.rest.shape import Done
from cellissimo_server.commands import administer
from cellissimo_server.commands.housekeeping import keep_house
from cellissimo_server.web.handler import Handler
from cellissimo_server.web.operation import operation
from cellissimo_server.web.routes import Route


class AuditHandler(Handler):
    """Who changed access or administered."""

    @operation("The audit log", query=AuditQuery, answer=Audit, access="admin")
    async def get(self, query: AuditQuery) -> Audit:
        """List one page of it, newest first."""
        return await administer.read_audit(self.services, query)


class SiteUsageHandler(Handler):
    """What the site keeps."""

    @operation("What the site keeps in all", answer=SiteUsage, access="admin")
    async def get(self) -> SiteUsage:
        """Count it."""
        return await administer.read_usage(self.services)


class CollectHandler(Handler):
    """What the server clears away by itself every hour."""

    @operation("Clear away now what is due", answer=Done, access="admin")
    async def post(self) -> Done:
        """Do all chores once: old trash, old history, guests who stay away, unneeded blobs."""
        await keep_house(self.services)
        return Done()


class RoleHandler(Handler):
    """Somebody's role on the site."""

    @operation("Change somebody's role on the site", body=RoleChange, answer=User, access="admin")
    async def patch(self, username: str, body: RoleChange) -> User:
        """Change it."""
        return await administer.change_role(self.services, self.person, username, body)


ROUTES = [
    Route("admin/audit", AuditHandler),
    Route("admin/usage", SiteUsageHandler),
    Route("admin/collect", CollectHandler),
    Route("admin/users/{username}", RoleHandler),
]
