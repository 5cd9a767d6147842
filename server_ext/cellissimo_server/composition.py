"""Puts the server together: the only file that makes adapters."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from cellissimo_server.access.caches import Caches
from cellissimo_server.access.link_uses import LinkUses
from cellissimo_server.access.rates import Rates
from cellissimo_server.access.tickets import Tickets
from cellissimo_server.commands.events import Events
from cellissimo_server.commands.housekeeping import Housekeeping
from cellissimo_server.commands.index_piece import behind, keep_edits, prepared, reindex_behind
from cellissimo_server.commands.job_kinds import job_kinds
from cellissimo_server.commands.manage_jobs import telling_owners
from cellissimo_server.commands.overhearing import Overhearing
from cellissimo_server.commands.telling import Telling
from cellissimo_server.jobs.pool import process_pool
from cellissimo_server.jobs.queue import Jobs
from cellissimo_server.rooms.documents import Documents
from cellissimo_server.rooms.registry import Rooms
from cellissimo_server.services import Clock, Services
from cellissimo_server.settings import Settings
from cellissimo_server.store import closed_note, jobs, migrations
from cellissimo_server.store.blob_places import open_blobs
from cellissimo_server.store.database import Connection, Database
from cellissimo_server.store.errors import StoreError
from cellissimo_server.store.holding import Hold
from cellissimo_server.store.journal import DatabaseJournal
from cellissimo_server.store.measured import Measured
from cellissimo_server.store.opening import file_of, folder_of, is_server, open_database
from cellissimo_server.store.sleeping import Sleeping
from cellissimo_server.store.upload_files import UploadFiles
from cellissimo_server.web.room_commands import Commanding


@dataclass(slots=True)
class Composed:
    """A server that is put together: to be started, used, and closed."""

    services: Services
    store: Sleeping
    housekeeping: Housekeeping
    telling: Telling
    overhearing: Overhearing
    hold: Hold | None = None

    async def start(self, url: str) -> None:
        """Begin what needs the event loop, and say that we are reached at ``url``.

        What works with a store that sleeps begins when that wakes.
        """
        if self.hold is not None:
            self.hold.announce(url)
        self.telling.start()
        self.overhearing.start()
        self.store.at_waking(partial(reindex_behind, self.services))
        self.store.at_waking(self._begin_work)
        if self.store.is_open:
            await self.store.wake()

    async def _begin_work(self) -> None:
        await self.services.jobs.start()
        self.housekeeping.start()

    async def close(self) -> None:
        """Finish what was begun, the last first; what fails keeps nothing after it from closing."""
        services = self.services
        async with AsyncExitStack() as closing:
            if self.hold is not None:
                closing.callback(self.hold.release)
            closing.push_async_callback(self._close_store)
            closing.push_async_callback(services.blobs.close)
            closing.push_async_callback(services.documents.close)
            closing.push_async_callback(services.rooms.close)
            closing.push_async_callback(services.link_uses.flush)
            closing.push_async_callback(services.jobs.stop)
            closing.push_async_callback(self.housekeeping.stop)
            closing.push_async_callback(self.telling.stop)
            closing.push_async_callback(self.overhearing.stop)
            closing.push_async_callback(self.store.rest)

    async def _close_store(self) -> None:
        """Close it, and note it where nothing is left to do in it."""
        is_done = False
        with contextlib.suppress(StoreError):  # the next server finds out for itself
            is_done = self.store.is_awake and await self.store.read(_is_done)
        await self.services.database.close()
        file = file_of(_place(self.services.settings))
        if is_done and file is not None:
            closed_note.leave(file)


def _is_done(db: Connection) -> bool:
    """Whether no job waits, and no rows are to be written anew."""
    return not jobs.are_left(db) and not behind(db)


def compose(settings: Settings, *, clock: Clock, base_url: str) -> Composed:
    """Everything that a server needs, from its settings; the store is open, or known to be right.

    Raises:
        HeldError: another server has the data folder; ``error.holder`` says which.
        StoreError: what is kept cannot be used; the message says what to do.
    """
    settings.data.mkdir(parents=True, exist_ok=True)
    folder = folder_of(_place(settings))
    hold = None if folder is None else Hold(folder, clock())
    try:
        store = Sleeping(partial(_opened, settings, clock))
        if not _may_sleep(settings):
            _finish(store.open())
        services = _services(settings, clock, base_url, Measured(store, time.monotonic))
        tasks = (Housekeeping(services), Telling(services), Overhearing(services))
        return Composed(services, store, *tasks, hold)
    except BaseException:
        if hold is not None:
            hold.release()
        raise


def _place(settings: Settings) -> str | Path:
    return settings.database_url or settings.data


def _may_sleep(settings: Settings) -> bool:
    """Whether the start has nothing to find out about the store, and nothing to do in it."""
    where = _place(settings)
    file = file_of(where)
    if is_server(str(where)) or find_spec("duckdb") is None:
        return False
    if file is None or not file.exists():
        return settings.migrate != "refuse"
    return closed_note.is_there(file)


async def _opened(settings: Settings, clock: Clock) -> Database:
    """The store, open and up to date."""
    where = _place(settings)
    file = file_of(where)
    if file is not None:
        closed_note.forget(file)
    opened = await asyncio.to_thread(open_database, where)
    try:
        await migrations.upgrade(opened, clock(), refuse=settings.migrate == "refuse")
    except BaseException:
        await opened.close()
        raise
    return opened


def _services(settings: Settings, clock: Clock, base_url: str, database: Measured) -> Services:
    journal, caches = DatabaseJournal(database, clock), Caches.empty(settings, clock)
    documents = Documents(
        database,
        journal,
        clock,
        prepared,
        caches.piece_changed,
        keep_edits=keep_edits,
        is_shared=is_server(settings.database_url),
    )
    services = Services(
        settings=settings,
        clock=clock,
        database=database,
        documents=documents,
        rates=_rates(settings),
        caches=caches,
        link_uses=LinkUses(database),
        events=Events(database),
        blobs=open_blobs(settings),
        upload_files=UploadFiles(settings.data / "uploads"),
        jobs=_queue(database, settings, clock),
        rooms=Rooms(documents, database, clock, most_sessions=settings.room_sessions),
        tickets=Tickets(database, clock),
        base_url=base_url,
    )
    services.jobs.kinds.update(job_kinds(services))
    services.jobs.tell_all(telling_owners(services.events))
    services.rooms.commanding = Commanding(services)
    return services


def _rates(settings: Settings) -> Rates:
    return Rates(
        {
            "read": settings.reads_per_hour,
            "write": settings.writes_per_hour,
            "upload": settings.uploads_per_hour,
            "message": settings.messages_per_hour,
            "change": settings.changes_per_hour,
            "guest": settings.guests_per_hour,
        }
    )


def _queue(database: Database, settings: Settings, clock: Clock) -> Jobs:
    """The queue of jobs; who shares a database with other servers takes up only what they left."""
    is_shared = is_server(settings.database_url)
    make = partial(process_pool, settings.job_workers)
    folder = settings.data / "jobs"
    return Jobs(database, clock, folder, make, workers=settings.job_workers, alone=not is_shared)


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
