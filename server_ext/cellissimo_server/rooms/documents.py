"""The documents that are open: each is loaded once, changed by one at a time, and durable.

rooms/SPEC.md states the rules [ROOM-1 … ROOM-12].
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from cellissimo.crdt.document import Document
from cellissimo.schema.models import Song
from cellissimo_server.rooms.history import History
from cellissimo_server.rooms.keeping import Keeper
from cellissimo_server.rooms.opened import Opened
from cellissimo_server.store.database import Connection, Database
from cellissimo_server.store.errors import ClosedError, ExistsError
from cellissimo_server.store.journal import Entry, Journal

T = TypeVar("T")

Prepare = Callable[[str, Song, Song, int, str, int], Callable[[Connection], None]]
"""From a document's id, what it said before, what it says, its revision, its author and the time:
what writes its index."""

Also = Callable[[Connection, Any], None]
"""Rows that are written with an edit, or not at all; it gets what the change gave."""

MOST_OPEN = 64
"""Documents that stay in memory when nobody uses them."""

IDLE_MS = 10 * 60_000
"""After so long without use, a document leaves memory."""

_MOST_TRIES = 3
_LOG = logging.getLogger("cellissimo.rooms")


@dataclass(frozen=True, slots=True)
class Edited(Generic[T]):
    """What an edit gave, and the revision at which it became true."""

    value: T
    seq: int


@dataclass(frozen=True, slots=True)
class _Order(Generic[T]):
    """A change that somebody wants made."""

    author: str
    change: Callable[[Opened], T]
    session: str
    also: Also | None
    with_replicas: bool
    with_authors: bool


@dataclass(slots=True)
class _Door:
    """The lock of a document outlives its being open, so that two never load it at once."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0


class Documents:
    """Every document of the server: read one as a revision, change one durably."""

    def __init__(
        self,
        database: Database,
        journal: Journal,
        clock: Callable[[], int],
        prepare: Prepare,
        changed: Callable[[], None] = lambda: None,
        *,
        is_shared: bool = False,
    ) -> None:
        """Documents as ``journal`` holds them; nothing is open at first.

        ``changed`` is called after every edit that is durable. ``is_shared``: other servers write
        to the same journal, so what is open is compared with it before each use [ROOM-12].
        """
        self._is_shared = is_shared
        self._changed = changed
        self._database = database
        self._clock = clock
        self._prepare = prepare
        self._keeper = Keeper(database, journal, clock)
        self.history = History(database, journal)
        self._open: OrderedDict[str, Opened] = OrderedDict()
        self._doors: dict[str, _Door] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_closed = False

    # -- reading ---------------------------------------------------------------------------------

    async def revision(self, doc: str) -> Edited[Song]:
        """What a document says now, and its revision.

        Raises:
            NotFoundError: there is no such document.
        """
        return await self.look(doc, lambda held: Edited(held.document.revision, held.seq))

    async def encoded(self, doc: str, state: bytes | None = None) -> Edited[bytes]:
        """The document as one update, or what is missing from a replica's ``state``."""
        return await self.look(doc, lambda held: Edited(held.document.encode(state), held.seq))

    async def look(self, doc: str, at: Callable[[Opened], T]) -> T:
        """What ``at`` sees of an open document; it must not change it."""
        return await self._inside(doc, lambda held: _given(at(held)))

    async def traced(self, doc: str, at: Callable[[Opened], T]) -> T:
        """The same, once it is known who wrote what of the document."""

        async def trace(held: Opened) -> T:
            await self._keeper.trace(doc, held)
            return at(held)

        return await self._inside(doc, trace)

    # -- changing --------------------------------------------------------------------------------

    async def edit(
        self,
        doc: str,
        author: str,
        change: Callable[[Document], T],
        *,
        session: str = "",
        also: Also | None = None,
    ) -> Edited[T]:
        """Change a document; what ``change`` gave, once it is durable [ROOM-2].

        ``change`` may run more than once, each time on the document as it is. ``also`` writes
        rows in the same transaction. An error in any of it leaves everything as it was.

        Raises:
            NotFoundError: there is no such document.
            StoreError: it could not be kept.
        """
        return await self.change(
            doc, author, lambda held: change(held.document), session=session, also=also
        )

    async def change(
        self,
        doc: str,
        author: str,
        change: Callable[[Opened], T],
        *,
        session: str = "",
        also: Also | None = None,
        with_replicas: bool = False,
        with_authors: bool = False,
    ) -> Edited[T]:
        """The same for changes that have to see more than the document.

        ``with_replicas``: who has written as which replica has to be known; ``with_authors``: who
        wrote what.
        """
        order = _Order(author, change, session, also, with_replicas, with_authors)
        for _ in range(_MOST_TRIES - 1):
            try:
                return await self._inside(doc, lambda held: self._change(held, order))
            except _OvertakenError:
                continue
        return await self._inside(doc, lambda held: self._change(held, order))

    async def _change(self, held: Opened, order: _Order[T]) -> Edited[T]:
        try:
            if order.with_replicas:
                await self._keeper.trace_replicas(held)
            if order.with_authors:
                await self._keeper.trace(held.doc, held)
            before = held.document.revision
            value, updates = held.recorded(lambda: order.change(held))
            now, also = self._clock(), order.also
            entries = [
                Entry(held.seq + number, order.author, order.session, now, update)
                for number, update in enumerate(updates, 1)
            ]
            if entries or also:
                await self._keep(held, before, entries, lambda db: also and also(db, value))
        except BaseException as error:
            if held.is_ahead or isinstance(error, _OvertakenError):
                self._open.pop(held.doc, None)  # what is in memory is not what is kept
            raise
        if entries:
            held.note(entries)
            self._changed()
            self._begin(self._keeper.after_edit(held, order.author))
        return Edited(value, held.seq)

    async def _keep(
        self,
        held: Opened,
        before: Song,
        entries: list[Entry],
        also: Callable[[Connection], object],
    ) -> None:
        """Write an edit, its index and whatever goes with it in one transaction [ROOM-3]."""
        seq = held.seq + len(entries)
        index = self._index(held, before, seq, entries[-1]) if entries else None

        def write(db: Connection) -> None:
            if index is not None:
                self._keeper.append(db, held.doc, entries)
                index(db)
            also(db)

        writing = asyncio.ensure_future(self._database.write(write))
        try:
            await asyncio.shield(writing)
        except asyncio.CancelledError:
            await asyncio.wait([writing])  # whoever comes next must find what was written
            raise
        except ExistsError as error:
            if await self._keeper.is_overtaken(held):
                raise _OvertakenError(*error.args, cure=error.cure) from error
            raise

    def _index(
        self, held: Opened, before: Song, seq: int, last: Entry
    ) -> Callable[[Connection], None]:
        now = held.document.revision
        return self._prepare(held.doc, before, now, seq, last.author, last.at)

    # -- opening and closing ---------------------------------------------------------------------

    async def _inside(self, doc: str, run: Callable[[Opened], Coroutine[Any, Any, T]]) -> T:
        """Run something while nobody else has the document."""
        door = self._doors.setdefault(doc, _Door())
        door.users += 1
        try:
            async with door.lock:
                return await run(await self._opened(doc))
        finally:
            door.users -= 1
            if not door.users:
                self._doors.pop(doc, None)
            self._forget_idle()

    async def _opened(self, doc: str) -> Opened:
        if self._is_closed:
            raise ClosedError
        held = self._open.get(doc)
        if held is None or (self._is_shared and await self._keeper.is_overtaken(held)):
            self._open[doc] = await self._keeper.opened(doc)
        self._open.move_to_end(doc)
        held = self._open[doc]
        held.used_at = self._clock()
        return held

    def _forget_idle(self) -> None:
        """Let go of what nobody uses: beyond the most that are kept, and unused for long."""
        old = self._clock() - IDLE_MS
        free = [key for key in self._open if key not in self._doors]
        for key in free:
            if len(self._open) > MOST_OPEN or self._open[key].used_at < old:
                self._begin(self._keeper.after_work(self._open.pop(key)))

    def _begin(self, work: Coroutine[Any, Any, None] | None) -> None:
        if work is not None:
            task = asyncio.get_running_loop().create_task(work)
            self._tasks.add(task)
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _LOG.error("a checkpoint or version was not written: %s", error)

    async def keep_now(self, doc: str, seq: int) -> None:
        """Keep a checkpoint of a revision, so that it stays when the history goes.

        Raises:
            NotFoundError: there is no such revision.
            GoneError: it is older than what is kept.
        """
        await self._keeper.keep_now(doc, seq)

    async def retain(self, doc: str, keep_ms: int) -> int:
        """Let entries go that are older than ``keep_ms`` and covered; gives how many went."""
        return await self._keeper.retain(doc, keep_ms)

    def forget(self, doc: str) -> None:
        """Let go of a document that was deleted for good; nothing more is kept of it."""
        self._open.pop(doc, None)

    async def settled(self) -> None:
        """Come back when checkpoints and automatic versions that were begun are written."""
        while self._tasks:
            await asyncio.wait(list(self._tasks))

    async def close(self) -> None:
        """Let every edit that was begun end, then keep a checkpoint of what was worked on."""
        self._is_closed = True
        for door in list(self._doors.values()):
            async with door.lock:
                pass
        for doc in list(self._open):
            self._begin(self._keeper.after_work(self._open.pop(doc)))
        await self.settled()

    @property
    def open_count(self) -> int:
        """How many documents are in memory."""
        return len(self._open)


class _OvertakenError(ExistsError):
    """Another server has written to the document meanwhile."""


async def _given(value: T) -> T:
    return value
