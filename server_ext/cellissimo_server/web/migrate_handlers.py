"""Migration over HTTP."""

from __future__ import annotations

from cellissimo.schema.rest.migrate import Migrated, Migration
from cellissimo_server.commands.migrate import migrate
from cellissimo_server.web.handler import Handler
from cellissimo_server.web.operation import operation
from cellissimo_server.web.routes import Route


class MigrateHandler(Handler):
    """Moving what a browser has kept of the playground."""

    @operation(
        "Move the playground's loops, songs and samples here", body=Migration, answer=Migrated
    )
    async def post(self, body: Migration) -> Migrated:
        """Move what is new, in one go; doing it again changes nothing."""
        return await migrate(self.services, self.person, body)


ROUTES = [Route("migrate", MigrateHandler)]
