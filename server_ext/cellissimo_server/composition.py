"""Puts the server together: the only file that makes adapters."""

from __future__ import annotations

from dataclasses import dataclass

from cellissimo_server.access.rates import Rates
from cellissimo_server.rooms.documents import Documents
from cellissimo_server.services import Clock, Services
from cellissimo_server.settings import Settings
from cellissimo_server.store.journal import Journal
from cellissimo_server.store.opening import open_database


@dataclass(slots=True)
class Composed:
    """A server that is put together: to be started, used, and closed."""

    services: Services

    async def start(self, url: str) -> None:
        """Begin what needs the event loop; ``url`` is where this server is reached."""

    async def close(self) -> None:
        """Finish what was begun, in the reverse order of making."""
        await self.services.database.close()


def compose(settings: Settings, *, clock: Clock, base_url: str) -> Composed:
    """Everything that a server needs, from its settings."""
    settings.data.mkdir(parents=True, exist_ok=True)
    database = open_database(settings)
    documents = Documents(Journal(database), clock)
    return Composed(
        Services(
            settings=settings,
            clock=clock,
            database=database,
            documents=documents,
            rates=Rates(
                {
                    "read": settings.reads_per_hour,
                    "write": settings.writes_per_hour,
                    "upload": settings.uploads_per_hour,
                }
            ),
            base_url=base_url,
        )
    )
