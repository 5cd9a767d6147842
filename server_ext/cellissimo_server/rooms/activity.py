"""What is done to documents, as events by revision: read from the journal, and told as it happens.

rooms/SPEC.md states the rules [ROOM-50 … ROOM-53].
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from cellissimo.crdt.activity import Event, events_of, summed
from cellissimo.crdt.document import Document
from cellissimo.crdt.mirror import Change
from cellissimo_server.rooms.opened import Opened
from cellissimo_server.rooms.taking import Made
from cellissimo_server.store import journal_rows, marks
from cellissimo_server.store.database import Database
from cellissimo_server.store.journal import Entry, Journal
from cellissimo_server.store.marks import Mark

PAUSE_MS = 10_000
"""A pause after which something new begins."""

LONGEST = 100
"""Edits of one deed at the most."""

_MOST_REMEMBERED = 4000
_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Deed:
    """What one person did in one go: revisions ``first`` … ``last``, from ``began`` to ``at``."""

    first: int
    last: int
    author: str
    session: str
    began: int
    at: int
    events: tuple[Event, ...] = ()


class Activity:
    """The events of all documents, by revision."""

    def __init__(self, database: Database, journal: Journal) -> None:
        """Nothing is remembered, and nobody follows."""
        self._database = database
        self._journal = journal
        self._known: OrderedDict[tuple[str, int], Deed] = OrderedDict()
        self._followers: dict[str, set[asyncio.Event]] = {}
        self.is_closed = False

    # -- as it happens ---------------------------------------------------------------------------

    def heard(self, held: Opened, made: Sequence[Made]) -> None:
        """An edit is durable: wake who follows its document."""
        followers = self._followers.get(held.doc)
        if not followers:
            return
        for one in made:
            if one.changes:
                deed = _deed(one.entry, events_of(one.changes, held.document.revision))
                self._remember(held.doc, deed)
        for follower in followers:
            follower.set()

    @contextlib.contextmanager
    def following(self, doc: str) -> Iterator[asyncio.Event]:
        """An event that is set whenever a document has changed, and when all is over."""
        woken = asyncio.Event()
        self._followers.setdefault(doc, set()).add(woken)
        try:
            yield woken
        finally:
            self._followers[doc].discard(woken)
            if not self._followers[doc]:
                del self._followers[doc]

    def close(self) -> None:
        """Wake everybody: it is over."""
        self.is_closed = True
        for followers in self._followers.values():
            for follower in followers:
                follower.set()

    # -- from the journal ------------------------------------------------------------------------

    async def last_seq(self, doc: str) -> int:
        """The newest revision of a document that is on disk; 0 where there is none."""
        return await self._journal.last_seq(doc)

    async def deeds(self, doc: str, before: int | None, limit: int) -> tuple[list[Deed], bool]:
        """The newest deeds before a revision, and whether there are older ones."""
        end = (1 << 62) if before is None else before
        read = partial(marks.newest, doc=doc, before=end, limit=limit * LONGEST + 1)
        found: list[Deed] = []
        for mark in await self._database.read(read):
            if found and _goes_on(found[-1], mark):
                found[-1] = replace(found[-1], first=mark.seq, began=mark.at)
            elif len(found) == limit:
                return await self._filled(doc, found), True
            else:
                found.append(Deed(mark.seq, mark.seq, mark.author, mark.session, mark.at, mark.at))
        return await self._filled(doc, found), False

    async def _filled(self, doc: str, found: Sequence[Deed]) -> list[Deed]:
        if not found:
            return []
        edits = {one.last: one for one in await self.edits(doc, found[-1].first - 1, found[0].last)}
        return [
            replace(
                one,
                events=tuple(
                    summed(
                        event
                        for seq in range(one.first, one.last + 1)
                        if seq in edits
                        for event in edits[seq].events
                    )
                ),
            )
            for one in found
        ]

    async def edits(self, doc: str, after: int, upto: int | None = None) -> list[Deed]:
        """Every edit after a revision, and up to another where one is given, oldest first.

        Of what is no longer kept edit by edit nothing is told.
        """
        last = upto or await self._journal.last_seq(doc)
        if last <= after:
            return []
        known = [self._known.get((doc, seq)) for seq in range(after + 1, last + 1)]
        if all(known):
            return [one for one in known if one]
        return await self._replayed(doc, after, last)

    async def _replayed(self, doc: str, after: int, last: int) -> list[Deed]:
        base = await self._journal.latest_checkpoint(doc, after) if after else None
        start = base.seq if base else 0
        read = partial(journal_rows.read, doc=doc, after=start, upto=last)
        entries = (await self._database.read(read)).entries
        if entries and base is None and entries[0].seq > 1:  # the beginning is kept no more
            base = await self._journal.latest_checkpoint(doc, entries[0].seq - 1)
            if base is None:
                return []
        if not entries:
            return []
        first = entries[0]
        document = Document(update=base.bytes if base else first.bytes)
        found = [] if base else [_founding(document, first)]
        found += await self._followed(document, entries[0 if base else 1 :], after)
        for one in found:
            self._remember(doc, one)
        return [one for one in found if one.last > after]

    async def _followed(
        self, document: Document, entries: Sequence[Entry], after: int
    ) -> list[Deed]:
        """The edits behind a revision, with what each changed; others have their turn between."""
        found: list[Deed] = []
        document.apply_all((one.bytes for one in entries if one.seq <= after), origin="journal")
        changes: list[Change] = []
        stop = document.watch(changes.extend)
        for number, entry in enumerate((one for one in entries if one.seq > after), 1):
            document.apply(entry.bytes, origin="journal")
            found.append(_deed(entry, events_of(changes, document.revision)))
            changes.clear()
            if number % _AT_ONCE == 0:
                await asyncio.sleep(0)
        stop()
        return found

    def _remember(self, doc: str, deed: Deed) -> None:
        self._known[doc, deed.last] = deed
        while len(self._known) > _MOST_REMEMBERED:
            self._known.popitem(last=False)


def _deed(entry: Entry, events: Sequence[Event]) -> Deed:
    times = (entry.at, entry.at)
    return Deed(entry.seq, entry.seq, entry.author, entry.session, *times, tuple(events))


def _founding(document: Document, entry: Entry) -> Deed:
    song = document.revision
    return _deed(entry, [Event("project.create", song.id, song.name)])


def _goes_on(deed: Deed, mark: Mark) -> bool:
    return (
        (deed.author, deed.session) == (mark.author, mark.session)
        and deed.last - mark.seq < LONGEST
        and deed.began - mark.at < PAUSE_MS
        and mark.seq > 1
    )
