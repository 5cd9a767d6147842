"""The documents that are open: each is loaded once, changed by one at a time, and durable."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from cellissimo.crdt.document import Document
from cellissimo.schema.models import Song
from cellissimo_server.errors import not_found
from cellissimo_server.store.journal import Entry, Journal

T = TypeVar("T")

_MOST_OPEN = 64


@dataclass(frozen=True, slots=True)
class Edited(Generic[T]):
    """What an edit gave, and the revision at which it became true."""

    value: T
    seq: int


@dataclass(slots=True)
class _Open:
    document: Document
    seq: int


@dataclass(slots=True)
class _Door:
    """The lock of a document outlives its being open, so that two never load it at once."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0


class Documents:
    """Every document of the server: read one as a revision, change one durably."""

    def __init__(self, journal: Journal, clock: Callable[[], int]) -> None:
        """Documents as ``journal`` holds them; nothing is open at first."""
        self._journal = journal
        self._clock = clock
        self._open: OrderedDict[str, _Open] = OrderedDict()
        self._doors: dict[str, _Door] = {}

    async def revision(self, doc: str) -> Edited[Song]:
        """What a document says now, and its revision.

        Raises:
            NotFoundError: there is no such document.
        """
        return await self._inside(doc, lambda held: Edited(held.document.revision, held.seq))

    async def encoded(self, doc: str, state: bytes | None = None) -> Edited[bytes]:
        """The document as one update, or what is missing from a replica's ``state``."""
        return await self._inside(doc, lambda held: Edited(held.document.encode(state), held.seq))

    async def edit(
        self, doc: str, author: str, change: Callable[[Document], T], *, session: str = ""
    ) -> Edited[T]:
        """Change a document; what ``change`` gave, once it is durable.

        An error in ``change``, or in storing it, leaves the document as it was.
        """
        door = self._doors.setdefault(doc, _Door())
        door.users += 1
        try:
            async with door.lock:
                return await self._edit(doc, author, change, session)
        finally:
            self._leave(doc, door)

    async def _edit(
        self, doc: str, author: str, change: Callable[[Document], T], session: str
    ) -> Edited[T]:
        held = await self._load(doc)
        updates: list[bytes] = []
        stop = held.document.observe(updates.append)
        try:
            value = change(held.document)
            entries = [
                Entry(held.seq + number, author, session, self._clock(), update)
                for number, update in enumerate(updates, 1)
            ]
            if entries:
                await self._journal.append(doc, entries)
        except BaseException:
            self._open.pop(doc, None)  # what is in memory may be ahead of what is kept
            raise
        finally:
            stop()
        held.seq += len(entries)
        return Edited(value, held.seq)

    async def _inside(self, doc: str, look: Callable[[_Open], T]) -> T:
        door = self._doors.setdefault(doc, _Door())
        door.users += 1
        try:
            async with door.lock:
                return look(await self._load(doc))
        finally:
            self._leave(doc, door)

    def _leave(self, doc: str, door: _Door) -> None:
        door.users -= 1
        if not door.users:
            self._doors.pop(doc, None)

    async def _load(self, doc: str) -> _Open:
        if doc not in self._open:
            self._open[doc] = await self._read(doc)
        self._open.move_to_end(doc)
        for other in [key for key in self._open if key not in self._doors][: -_MOST_OPEN or None]:
            del self._open[other]
        return self._open[doc]

    async def _read(self, doc: str) -> _Open:
        checkpoint = await self._journal.latest_checkpoint(doc)
        start = checkpoint.seq if checkpoint else 0
        entries = await self._journal.since(doc, start)
        updates = [entry.bytes for entry in entries]
        first = checkpoint.bytes if checkpoint else (updates.pop(0) if updates else None)
        if first is None:
            raise not_found("document")
        document = Document(update=first)
        for update in updates:
            document.apply(update, origin="journal")
        return _Open(document, entries[-1].seq if entries else start)
