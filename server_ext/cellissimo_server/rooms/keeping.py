"""How a document comes out of its journal, and what is kept of it beside its updates."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Collection, Coroutine, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from cellissimo.crdt.document import Document
from cellissimo.crdt.mirror import Change
from cellissimo.crdt.update_parser import parse_update, state_of
from cellissimo_server.errors import not_found
from cellissimo_server.rooms.attribution import Attribution
from cellissimo_server.rooms.opened import REPLICA, Opened
from cellissimo_server.rooms.taking import Made
from cellissimo_server.store import journal_rows, versions
from cellissimo_server.store.database import Connection, Database
from cellissimo_server.store.errors import gone
from cellissimo_server.store.journal import Entry, Journal
from cellissimo_server.store.versions import Version

CHECKPOINT_EDITS = 500
"""Edits after which the whole document is kept again."""

CHECKPOINT_BYTES = 1_000_000
"""Bytes of updates after which it is."""

VERSION_MS = 15 * 60_000
"""After so long of work there is a version by itself."""

AUTOMATIC = "Automatic version"

_TRACED_AT_ONCE = 2000
"""Entries that are read together to find out who wrote as which replica."""

_AT_ONCE = 200
"""Updates that are replayed before others have their turn."""

_ALL = 1 << 62


@dataclass(frozen=True, slots=True)
class _Due:
    """What is to be kept of a document, as it was when this became due."""

    doc: str
    seq: int
    content: bytes
    author: str
    is_version: bool


class Keeper:
    """Opens documents, and keeps checkpoints and versions of them."""

    def __init__(self, database: Database, journal: Journal, clock: Callable[[], int]) -> None:
        """``clock`` gives milliseconds since 1970 UTC."""
        self._database = database
        self._journal = journal
        self._clock = clock

    async def opened(self, doc: str) -> Opened:
        """The document as the newest checkpoint and what came after it say [ROOM-1].

        Raises:
            NotFoundError: there is no such document.
        """
        checkpoint = await self._journal.latest_checkpoint(doc)
        start = checkpoint.seq if checkpoint else 0
        entries = await self._journal.since(doc, start)
        updates = [entry.bytes for entry in entries]
        first = checkpoint.bytes if checkpoint else (updates.pop(0) if updates else None)
        if first is None:
            raise not_found("document")
        document = Document(update=first)
        document.apply_all(updates, origin="journal")
        seq = entries[-1].seq if entries else start
        held = Opened(doc, document, seq, older=frozenset(state_of(document.state)), indexed=seq)
        held.edits, held.size = len(entries), sum(len(entry.bytes) for entry in entries)
        await self._remember_work(held, entries)
        await self._keep_migration(held)
        return held

    async def _remember_work(self, held: Opened, entries: Sequence[Entry]) -> None:
        """Since when there are edits that no version holds: a crash does not forget them."""
        version = await self._database.read(partial(versions.newest, piece_id=held.doc))
        seen = max(version.seq if version else 1, 1)
        fresh = [entry for entry in entries if entry.seq > seen]
        if fresh:
            held.worked_since, held.last_author = fresh[0].at, fresh[-1].author

    async def _keep_migration(self, held: Opened) -> None:
        """What brought the document to this schema is an edit like any other."""
        update = held.document.migration
        if update is not None:
            entry = Entry(held.seq + 1, "migration", "", self._clock(), update)
            await self._database.write(lambda db: self.append(db, held.doc, [entry]))
            held.note([entry])

    def append(self, db: Connection, doc: str, entries: Sequence[Entry]) -> None:
        """Add entries to the journal, inside the caller's transaction.

        Raises:
            ExistsError: another server was quicker.
        """
        journal_rows.append(db, doc, entries)

    async def is_overtaken(self, held: Opened) -> bool:
        """Whether the journal has gone on behind the document in memory."""
        return await self._journal.last_seq(held.doc) != held.seq

    async def caught_up(self, held: Opened) -> list[Made]:
        """Take in what other servers wrote; gives what there was [ROOM-12].

        Raises:
            GoneError: some of it is kept in a checkpoint alone: load the document anew.
        """
        found = await self.took_in(held, held.seq)
        self.note_others(held, found)
        held.indexed = held.seq  # whoever wrote it indexes it
        return found

    async def took_in(self, held: Opened, after: int) -> list[Made]:
        """The same for what stands behind a revision; it is not noted yet."""
        found = []
        for number, entry in enumerate(await self._journal.since(held.doc, after), 1):
            apply = partial(held.document.apply, entry.bytes, origin="journal")
            _, recorded = held.recorded(apply)
            found.append(Made(entry, recorded.changes))
            if number % _AT_ONCE == 0:
                await asyncio.sleep(0)
        return found

    def note_others(self, held: Opened, found: Sequence[Made]) -> None:
        """Remember what other servers wrote."""
        for made in found:
            held.note([made.entry], made.changes, _newcomers(made.entry))

    async def since(self, doc: str, seq: int) -> list[Entry]:
        """The entries behind a revision."""
        return await self._journal.since(doc, seq)

    async def last_seqs(self, docs: Sequence[str]) -> dict[str, int]:
        """The newest revisions of documents, of those whose journal has entries."""
        return await self._database.read(partial(journal_rows.last_seqs, docs=docs))

    # -- who wrote what --------------------------------------------------------------------------

    async def trace(self, doc: str, held: Opened) -> None:
        """Find out who wrote what, by playing the history again; once for an open document."""
        if held.attribution is None:
            entries = (await self._journal.history(doc, None, _ALL))[::-1]
            held.attribution = await self._replayed(doc, entries)

    async def trace_replicas(self, held: Opened, wanted: Collection[int]) -> None:
        """Find out who wrote as these replicas, from the newest entry back [ROOM-6].

        Each entry tells it: nobody was let write as somebody else's. *Cost*: O(entries since then).
        """
        while not held.knows(wanted):
            entries = await self._journal.history(held.doc, held.known_from, _TRACED_AT_ONCE)
            for start in range(0, len(entries), _AT_ONCE):
                held.note_history(entries[start : start + _AT_ONCE])
                await asyncio.sleep(0)
            held.knows_replicas = len(entries) < _TRACED_AT_ONCE
            held.known_from = entries[-1].seq if entries else held.known_from

    async def _replayed(self, doc: str, entries: Sequence[Entry]) -> Attribution:
        if not entries:
            checkpoint = await self._journal.latest_checkpoint(doc)
            return Attribution(checkpoint.seq if checkpoint else 0)
        found = Attribution(entries[0].seq - 1)
        if entries[0].seq == 1:
            document = Document(update=entries[0].bytes)
            found.found(document.revision, entries[0])
            entries = entries[1:]
        else:
            base = await self._journal.latest_checkpoint(doc, entries[0].seq - 1)
            if base is None:
                return found
            document = Document(update=base.bytes)
        return await _followed(document, entries, found)

    # -- checkpoints and versions ----------------------------------------------------------------

    def after_edit(self, held: Opened, author: str) -> Coroutine[Any, Any, None] | None:
        """What is to be written after an edit, if anything is due [ROOM-5] [ROOM-7]."""
        held.last_author = author
        now = self._clock()
        if held.worked_since is None or held.worked_since > now:  # the clock was set back
            held.worked_since = now
        is_version = now - held.worked_since >= VERSION_MS
        is_much = held.edits >= CHECKPOINT_EDITS or held.size >= CHECKPOINT_BYTES
        return self._write(_due(held, is_version)) if is_version or is_much else None

    def after_work(self, held: Opened) -> Coroutine[Any, Any, None] | None:
        """What is to be written when a document leaves memory."""
        if held.worked_since is None:
            return None
        return self._write(_due(held, is_version=True))

    async def keep_now(self, doc: str, seq: int) -> None:
        """Keep a checkpoint of a revision, unless there is one."""
        there = await self._journal.latest_checkpoint(doc, seq)
        if there is None or there.seq != seq:
            updates = ([there.bytes] if there else []) + [
                entry.bytes for entry in await self._until(doc, there.seq if there else 0, seq)
            ]
            document = Document(update=updates[0])
            document.apply_all(updates[1:], origin="journal")
            await self._journal.checkpoint(doc, seq, document.encode(), self._clock())

    async def retain(self, doc: str, keep_ms: int) -> int:
        """Let entries go that are older than ``keep_ms`` and covered by a checkpoint."""
        return await self._journal.retain(doc, keep_ms, self._clock())

    async def _until(self, doc: str, after: int, seq: int) -> list[Entry]:
        read = partial(journal_rows.read, doc=doc, after=after, upto=seq)
        found = (await self._database.read(read)).entries
        if len(found) != seq - after:
            last = await self._journal.last_seq(doc)
            raise gone(doc, seq, last) if seq <= last else not_found("revision")
        return found

    async def _write(self, due: _Due) -> None:
        if not await self._journal.last_seq(due.doc):
            return  # it was deleted for good meanwhile
        at = self._clock()
        await self._journal.checkpoint(due.doc, due.seq, due.content, at)
        if due.is_version:
            fresh = Version(
                str(uuid.uuid4()), due.doc, due.seq, AUTOMATIC, "automatic", due.author, at
            )
            await self._database.write(lambda db: _keep_version(db, fresh))


def _newcomers(entry: Entry) -> list[int]:
    """The replicas that an entry of another server is the first of."""
    if entry.session != REPLICA:
        return []
    clients = parse_update(entry.bytes, most=None).structs
    return [one for one, runs in clients.items() if runs[0].clock == 0]


def _due(held: Opened, is_version: bool) -> _Due:  # noqa: FBT001 - the field's name
    held.edits = held.size = 0
    if is_version:
        held.worked_since = None
    return _Due(held.doc, held.seq, held.document.encode(), held.last_author, is_version)


def _keep_version(db: Connection, fresh: Version) -> None:
    """One version of a revision is enough; a piece that is gone has none."""
    newest = versions.newest(db, fresh.piece_id)
    if (newest is None or newest.seq < fresh.seq) and journal_rows.last_seq(db, fresh.piece_id):
        versions.insert(db, fresh)


async def _followed(
    document: Document, entries: Sequence[Entry], found: Attribution
) -> Attribution:
    changes: list[Change] = []
    document.watch(changes.extend)
    for number, entry in enumerate(entries, 1):
        document.apply(entry.bytes, origin="journal")
        found.note(changes, entry)
        changes.clear()
        if number % _AT_ONCE == 0:
            await asyncio.sleep(0)
    return found
