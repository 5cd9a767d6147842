"""The history of documents: what each revision said, and what was done between them [ROOM-9]."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Sequence, Sized
from dataclasses import dataclass, replace
from functools import partial

from cellissimo.crdt.document import Document
from cellissimo.notation.diff import diff_songs
from cellissimo.schema.models import Song
from cellissimo_server.errors import not_found
from cellissimo_server.store import journal_rows, marks
from cellissimo_server.store.database import Database
from cellissimo_server.store.errors import gone
from cellissimo_server.store.journal import Journal
from cellissimo_server.store.marks import Mark

PAUSE_MS = 5 * 60_000
"""A pause after which something new begins."""

LONGEST_SPAN = 1000
"""Edits of one revision of the history."""

_MOST_WORDS = 4000
_LINES = 3
_BATCH = 2000
_ALL = 1 << 62


@dataclass(frozen=True, slots=True)
class Span:
    """What somebody did in one go: revisions ``first`` … ``last``, from ``began`` to ``at``."""

    first: int
    last: int
    author: str
    session: str
    began: int
    at: int


class History:
    """Reads the journal backwards: spans, songs of any revision, and the words between."""

    def __init__(self, database: Database, journal: Journal) -> None:
        """Nothing is remembered at first."""
        self._database = database
        self._journal = journal
        self._words: OrderedDict[tuple[str, int, int], str] = OrderedDict()

    async def spans(
        self, doc: str, before: int | None, limit: int, stops: Iterable[int] = (), after: int = 0
    ) -> tuple[list[Span], bool]:
        """The newest spans between two revisions, and whether there are more of them.

        A span ends at each revision of ``stops``: those have a name.

        *Cost*: O(entries of the spans); nothing up to ``after`` is read.
        """
        stopping, found = frozenset(stops), list[Span]()
        at = _ALL if before is None else before
        while len(found) <= limit + 1:  # the last one may go on
            read = await self._database.read(
                partial(marks.newest, doc=doc, before=at, limit=_BATCH, after=after)
            )
            for mark in read:
                _add(found, mark, stopping)
            if len(read) < _BATCH:
                break
            at = read[-1].seq
        return found[:limit], len(found) > limit

    async def song_at(self, doc: str, seq: int) -> Song:
        """What a document said at a revision.

        Raises:
            NotFoundError: there is no such revision.
            GoneError: it is older than what is kept.
        """
        return (await self.songs_at(doc, [seq]))[seq]

    async def songs_at(self, doc: str, seqs: Iterable[int]) -> dict[int, Song]:
        """What a document said at some revisions. *Cost*: O(edits from the first to the last)."""
        wanted = sorted(set(seqs))
        document, at = await self._base(doc, wanted[0])
        found: dict[int, Song] = {}
        for seq in wanted:
            document = await self._forward(doc, document, at, seq)
            at = seq
            found[seq] = document.revision
        return found

    async def _base(self, doc: str, seq: int) -> tuple[Document | None, int]:
        checkpoint = await self._journal.latest_checkpoint(doc, seq)
        if checkpoint is None:
            return None, 0
        return Document(update=checkpoint.bytes), checkpoint.seq

    async def _forward(self, doc: str, document: Document | None, at: int, seq: int) -> Document:
        """The document some revisions later; others have their turn in between."""
        while at < seq or document is None:
            upto = min(seq, at + _BATCH)
            read = partial(journal_rows.read, doc=doc, after=at, upto=upto)
            updates = [entry.bytes for entry in (await self._database.read(read)).entries]
            if len(updates) != upto - at or not updates:
                raise await self._missing(doc, seq)
            if document is None:
                document = Document(update=updates.pop(0))
            document.apply_all(updates, origin="journal")
            at = upto
            await asyncio.sleep(0)
        return document

    async def _missing(self, doc: str, seq: int) -> Exception:
        last = await self._journal.last_seq(doc)
        if not 1 <= seq <= last:
            return not_found("revision")
        checkpoint = await self._journal.latest_checkpoint(doc)
        return gone(doc, seq, checkpoint.seq if checkpoint else last)

    async def words(self, doc: str, spans: Sequence[Span]) -> list[str]:
        """What was done in each span, in a musician's words; told once, then remembered."""
        new = [one for one in spans if (doc, one.first, one.last) not in self._words]
        if new:
            await self._tell(doc, new)
        return [self._words[doc, one.first, one.last] for one in spans]

    async def _tell(self, doc: str, spans: Sequence[Span]) -> None:
        oldest = min(one.first for one in spans)
        known = oldest == 1 or await self._is_kept(doc, oldest - 1)
        edges = {seq for one in spans for seq in (one.first - 1, one.last)}
        songs = await self.songs_at(doc, {s for s in edges if s and (known or s != oldest - 1)})
        for one in spans:
            before = songs.get(one.first - 1)
            self._remember((doc, one.first, one.last), told(before, songs[one.last]))

    async def _is_kept(self, doc: str, seq: int) -> bool:
        checkpoint = await self._journal.latest_checkpoint(doc, seq)
        if checkpoint is not None and checkpoint.seq == seq:
            return True
        first = checkpoint.seq if checkpoint else 0
        read = partial(journal_rows.read, doc=doc, after=first, upto=seq)
        return len((await self._database.read(read)).entries) == seq - first

    def _remember(self, key: tuple[str, int, int], words: str) -> None:
        self._words[key] = words
        while len(self._words) > _MOST_WORDS:
            self._words.popitem(last=False)


def told(before: Song | None, after: Song) -> str:
    """What differs between two songs in a few lines; of the first one, that it began."""
    if before is None:
        what = f"{_counted(after.stems, 'stem')}, {_counted(after.loops, 'loop')}"
        return f"{after.name}: {what}"
    lines = [str(change) for change in diff_songs(before, after)]
    if not lines:
        return "no difference that is heard or seen"
    more = len(lines) - _LINES
    return "\n".join(lines[:_LINES] + ([f"and {more} more"] if more > 0 else []))


def _counted(things: Sized, noun: str) -> str:
    count = len(things)
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _add(found: list[Span], mark: Mark, stops: frozenset[int]) -> None:
    """Add an entry, older than all before, to the span that it belongs to."""
    last = found[-1] if found else None
    if last is not None and _goes_on(last, mark, stops):
        found[-1] = replace(last, first=mark.seq, began=mark.at)
    else:
        found.append(Span(mark.seq, mark.seq, mark.author, mark.session, mark.at, mark.at))


def _goes_on(span: Span, mark: Mark, stops: frozenset[int]) -> bool:
    return (
        (span.author, span.session) == (mark.author, mark.session)
        and mark.seq not in stops
        and span.last - mark.seq < LONGEST_SPAN
        and span.began - mark.at < PAUSE_MS
    )
