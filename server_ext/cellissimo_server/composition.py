"""Puts the server together: the only file that makes adapters."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from cellissimo_server.access.caches import Caches
from cellissimo_server.access.link_uses import LinkUses
from cellissimo_server.access.rates import Rates
from cellissimo_server.commands.events import Events
from cellissimo_server.commands.index_piece import prepared, reindex_behind
from cellissimo_server.rooms.documents import Documents
from cellissimo_server.services import Clock, Services
from cellissimo_server.settings import Settings
from cellissimo_server.store import migrations
from cellissimo_server.store.journal import DatabaseJournal
from cellissimo_server.store.opening import open_database


@dataclass(slots=True)
class Composed:
    """A server that is put together: to be started, used, and closed."""

    services: Services

    async def start(self, url: str) -> None:
        """Begin what needs the event loop; ``url`` is where this server is reached."""
        await reindex_behind(self.services)

    async def close(self) -> None:
        """Finish what was begun, in the reverse order of making."""
        await self.services.documents.close()
        await self.services.database.close()


def compose(settings: Settings, *, clock: Clock, base_url: str) -> Composed:
    """Everything that a server needs, from its settings; the store is open and up to date.

    Raises:
        StoreError: what is kept cannot be used; the message says what to do.
    """
    settings.data.mkdir(parents=True, exist_ok=True)
    database = open_database(settings.database_url or settings.data)
    refuse = settings.migrate == "refuse"
    _finish(migrations.upgrade(database, clock(), refuse=refuse))
    services = Services(
        settings=settings,
        clock=clock,
        database=database,
        documents=Documents(database, DatabaseJournal(database, clock), clock, prepared),
        rates=Rates(
            {
                "read": settings.reads_per_hour,
                "write": settings.writes_per_hour,
                "upload": settings.uploads_per_hour,
            }
        ),
        caches=Caches.made(settings, clock),
        link_uses=LinkUses(database),
        events=Events(database),
        base_url=base_url,
    )
    return Composed(services)


def _finish(work: Coroutine[Any, Any, Any]) -> None:
    """Wait for ``work`` before the server takes its first request, whatever loop there is."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            asyncio.run(work)
        except BaseException as error:  # noqa: BLE001 - raised again below
            failed.append(error)

    thread = threading.Thread(target=run, name="cellissimo-opening")
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
