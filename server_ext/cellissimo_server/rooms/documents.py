"""The documents that are open: each is loaded once, changed by one at a time, and durable.

rooms/SPEC.md states the rules [ROOM-1 … ROOM-16].
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from cellissimo.crdt.document import Document
from cellissimo.schema.models import Song
from cellissimo_server.errors import not_found
from cellissimo_server.rooms.activity import Activity
from cellissimo_server.rooms.history import History
from cellissimo_server.rooms.memory import Memory, Prepare, Said
from cellissimo_server.rooms.opened import Opened
from cellissimo_server.rooms.taking import (
    Made,
    Offer,
    Outcome,
    admit_all,
    blobs_in,
    entries_of,
    made_of,
    meets,
    read_all,
    renumber,
)
from cellissimo_server.store import journal_rows
from cellissimo_server.store.database import Connection, Database
from cellissimo_server.store.errors import ExistsError
from cellissimo_server.store.journal import Entry, Journal

T = TypeVar("T")

Also = Callable[[Connection, Any], None]
"""Rows that are written with an edit, or not at all; it gets what the change gave."""

KeepEdits = Callable[[Connection, str, Sequence[Entry], Mapping[str, set[str]]], None]
"""Writes entries of a document's journal, and with them the blobs that authors have begun to use in
it; raises where the document's piece is gone, and ExistsError where another server was quicker."""

_MOST_TRIES = 3
_MOST_OTHERS = 1000
"""Edits of other servers that are let come first, before a turn is begun anew."""


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
    replicas: frozenset[int]
    with_authors: bool


def _without_lending(
    db: Connection, doc: str, entries: Sequence[Entry], _: Mapping[str, set[str]]
) -> None:
    """Nothing is lent."""
    journal_rows.append(db, doc, entries)


class Documents(Memory):
    """Every document of the server: read one as a revision, change one durably."""

    def __init__(
        self,
        database: Database,
        journal: Journal,
        clock: Callable[[], int],
        prepare: Prepare,
        changed: Callable[[], None] = lambda: None,
        *,
        keep_edits: KeepEdits = _without_lending,
        is_shared: bool = False,
    ) -> None:
        """Documents as ``journal`` holds them; nothing is open at first.

        ``changed`` is called when edits are durable and indexed. ``is_shared``: other servers
        write to the same journal, so what is open is compared with it before each use [ROOM-12].
        """
        super().__init__(database, journal, clock, prepare, changed, is_shared=is_shared)
        self._keep_edits = keep_edits
        self.history = History(database, journal)
        self.activity = Activity(database, journal)
        self.watch(self.activity.heard)

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
        replicas: frozenset[int] = frozenset(),
        with_authors: bool = False,
    ) -> Edited[T]:
        """The same for changes that have to see more than the document.

        ``replicas``: as which the change writes; who has written as them before is known then.
        ``with_authors``: who wrote what has to be known.
        """
        order = _Order(author, change, session, also, replicas, with_authors)
        return await self._retried(doc, lambda held: self._change(held, order))

    async def take(self, doc: str, offers: Sequence[Offer]) -> list[Outcome]:
        """Take updates of replicas in; what became of each, once all that were let in are durable.

        Each is taken as a whole or not at all, and behind a refused one none of the same key. One
        append keeps them all; the rows of the piece follow within a second [ROOM-3] [ROOM-13].

        Raises:
            NotFoundError: there is no such document.
            StoreError: it could not be kept, and none of it was.
        """
        return await self._retried(doc, lambda held: self._take(held, offers), compare=False)

    async def _retried(
        self, doc: str, run: Callable[[Opened], Coroutine[Any, Any, T]], *, compare: bool = True
    ) -> T:
        """Do it again on what is there by now, where another server was quicker."""
        for _ in range(_MOST_TRIES - 1):
            try:
                return await self._inside(doc, run, compare=compare)
            except _OvertakenError:
                continue
        return await self._inside(doc, run)

    async def _change(self, held: Opened, order: _Order[T]) -> Edited[T]:
        also = order.also
        with _Attempt(self, held):
            await self._keeper.trace_replicas(held, order.replicas)
            if order.with_authors:
                await self._keeper.trace(held.doc, held)
            before = held.document.revision
            value, found = held.recorded(lambda: order.change(held))
            now = self._clock()
            entries = [
                Entry(held.seq + number, order.author, order.session, now, update)
                for number, update in enumerate(found.updates, 1)
            ]
            if entries or also:
                await self._keep(
                    held,
                    self._keeping(held, before, entries, lambda db: also and also(db, value)),
                )
        if entries:
            newcomers = held.admission().newcomers if order.replicas else ()
            held.note(entries, found.changes, newcomers)
            held.indexed = held.seq
            self._changed()
            self._tell(held, made_of(entries, found.changes))
            self._begin(self._keeper.after_edit(held, order.author))
        return Edited(value, held.seq)

    async def _take(self, held: Opened, offers: Sequence[Offer]) -> list[Outcome]:
        outcomes, now = read_all(offers), self._clock()
        with _Attempt(self, held):
            replicas = frozenset().union(*(one.replicas for one in outcomes))
            await self._keeper.trace_replicas(held, replicas)
            admit_all(held, outcomes, now)
            others = await self._keep_taken(held, outcomes)
        self._keeper.note_others(held, others)
        for outcome in outcomes:
            for made in outcome.made:
                held.note([made.entry], made.changes, outcome.newcomers)
        kept = entries_of(outcomes)
        if kept:
            self._tell(held, [*others, *(made for one in outcomes for made in one.made)])
            self._index_soon(held)
            self._begin(self._keeper.after_edit(held, kept[-1].author))
        return outcomes

    async def _keep_taken(self, held: Opened, outcomes: Sequence[Outcome]) -> list[Made]:
        """Keep what was let in, behind what other servers were quicker with; gives that.

        Raises:
            _OvertakenError: it has to be looked at again: they wrote as the same replicas, or it
                is something else that keeps it from being kept.
        """
        lent, others = blobs_in(outcomes), list[Made]()
        while entries := entries_of(outcomes):
            try:
                await self._keep(held, _keeping_taken(self._keep_edits, held.doc, entries, lent))
                break
            except _OvertakenError:
                fresh = await self._keeper.took_in(held, held.seq + len(others))
                if not fresh or len(others) > _MOST_OTHERS or meets(outcomes, fresh):
                    raise
                others += fresh
                renumber(outcomes, held.seq + len(others))
        return others

    async def _keep(self, held: Opened, write: Callable[[Connection], object]) -> None:
        """Write an edit and whatever goes with it in one transaction."""
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

    def _keeping(
        self,
        held: Opened,
        before: Song,
        entries: Sequence[Entry],
        also: Callable[[Connection], object],
    ) -> Callable[[Connection], None]:
        """What writes an edit, the rows of its document [ROOM-3], and whatever goes with it."""
        index = self._index(held, before, entries)

        def write(db: Connection) -> None:
            if entries:
                self._keeper.append(db, held.doc, entries)
            index(db)
            also(db)

        return write

    def _index(
        self, held: Opened, before: Song, entries: Sequence[Entry]
    ) -> Callable[[Connection], None]:
        """What writes the rows of a document behind an edit."""
        if not entries:
            return lambda _: None
        now, last = held.document.revision, entries[-1]
        rows = self._prepare([Said(held.doc, before, now, last.seq, last.author, last.at)])

        def write(db: Connection) -> None:
            if rows(db):  # deleted for good while it was edited: nothing of it is kept
                raise not_found("document")

        return write

    # -- what is kept ----------------------------------------------------------------------------

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


def _keeping_taken(
    keep: KeepEdits, doc: str, entries: Sequence[Entry], lent: Mapping[str, set[str]]
) -> Callable[[Connection], None]:
    return lambda db: keep(db, doc, entries, lent)


class _Attempt:
    """Lets go of a document in memory that an attempt has changed and could not keep."""

    def __init__(self, documents: Documents, held: Opened) -> None:
        self._documents = documents
        self._held = held

    def __enter__(self) -> None:
        """Nothing has happened yet."""

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: object) -> None:
        is_lost = self._held.is_ahead or isinstance(error, _OvertakenError)
        if kind is not None and is_lost:
            self._documents.lose(self._held)


class _OvertakenError(ExistsError):
    """Another server has written to the document meanwhile."""


async def _given(value: T) -> T:
    return value
