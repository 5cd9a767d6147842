"""What administrators see and set, over HTTP."""

from __future__ import annotations

from cellissimo.schema.rest.administration import Audit, AuditQuery, RoleChange, SiteUsage
from cellissimo.schema.rest.people import User
from cellissimo_server.commands import administer
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


class RoleHandler(Handler):
    """Somebody's role on the site."""

    @operation("Change somebody's role on the site", body=RoleChange, answer=User, access="admin")
    async def patch(self, username: str, body: RoleChange) -> User:
        """Change it."""
        return await administer.change_role(self.services, self.person, username, body)


ROUTES = [
    Route("admin/audit", AuditHandler),
    Route("admin/usage", SiteUsageHandler),
    Route("admin/users/{username}", RoleHandler),
]
