"""The rows of the journal: written in one statement, and checked when they are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from zlib import crc32

from cellissimo_server.store.database import Connection, Plain
from cellissimo_server.store.errors import DamagedError
from cellissimo_server.store.packing import packed, unpacked
from cellissimo_server.store.table import counted

_COLUMNS = ("doc", "seq", "author", "session", "made_at", "bytes", "crc")
_READ = "SELECT seq, author, session, made_at, bytes, crc FROM journal"


@dataclass(frozen=True, slots=True)
class Entry:
    """One update of a document: its revision, who made it when (ms UTC), and its bytes."""

    seq: int
    author: str
    session: str
    at: int
    bytes: bytes


@dataclass(frozen=True, slots=True)
class Reading:
    """What of a journal reads, and the revisions at its end that do not."""

    entries: list[Entry]
    damaged: list[int]
    starts_at: int | None


@dataclass(frozen=True, slots=True)
class _Row:
    seq: int
    author: str
    session: str
    at: int
    bytes: bytes
    crc: int

    @property
    def entry(self) -> Entry:
        return Entry(self.seq, self.author, self.session, self.at, unpacked(self.bytes))

    @property
    def is_whole(self) -> bool:
        return crc32(self.bytes) == self.crc


def append(db: Connection, doc: str, entries: Sequence[Entry]) -> None:
    """Add entries to one document.

    Raises:
        ExistsError: one of the revisions is there already.
    """
    append_all(db, {doc: entries})


def append_all(db: Connection, by_doc: Mapping[str, Sequence[Entry]]) -> None:
    """Add entries to many documents with one statement.

    Raises:
        ExistsError: one of the revisions is there already, and nothing was added.
    """
    rows = [_values(doc, entry) for doc, entries in by_doc.items() for entry in entries]
    db.insert_many("journal", _COLUMNS, rows)


def append_to_piece(db: Connection, piece_id: str, entries: Sequence[Entry]) -> bool:
    """Add entries to the document of a piece; False where it is not there: take them back then.

    One entry costs one statement: most edits are alone, and every statement is waited for.

    Raises:
        ExistsError: one of the revisions is there already, and nothing was added.
    """
    if len(entries) == 1:
        marks = ", ".join("?" * (len(_COLUMNS) - 1))
        sql = f"INSERT INTO journal ({', '.join(_COLUMNS)}) SELECT id, {marks} FROM pieces"  # noqa: S608
        _, *values = _values(piece_id, entries[0])
        return db.run(f"{sql} WHERE id = ?", *values, piece_id) == 1
    append(db, piece_id, entries)
    return db.row(int, "SELECT 1 FROM pieces WHERE id = ?", piece_id) is not None


def _values(doc: str, entry: Entry) -> tuple[Plain, ...]:
    fixed = (doc, entry.seq, entry.author, entry.session, entry.at)
    kept = packed(entry.bytes)
    return (*fixed, kept, crc32(kept))


def last_seq(db: Connection, doc: str) -> int:
    """The newest revision of a document, 0 where there is none."""
    rows = counted(db, "SELECT MAX(seq) FROM journal WHERE doc = ?", doc)
    if rows:
        return rows
    return counted(db, "SELECT MAX(seq) FROM checkpoints WHERE doc = ? AND verified", doc)


def last_seqs(db: Connection, docs: Sequence[str]) -> dict[str, int]:
    """The newest revision of each document that has entries."""
    if not docs:
        return {}
    marks = ", ".join("?" * len(docs))
    sql = f"SELECT doc, MAX(seq) FROM journal WHERE doc IN ({marks}) GROUP BY doc"  # noqa: S608
    return dict(db.rows(lambda doc, seq: (doc, seq), sql, *docs))


def read(db: Connection, doc: str, after: int, upto: int | None = None) -> Reading:
    """What stands after a revision, and at or before ``upto`` where that is given.

    Raises:
        DamagedError: a row is missing or does not read, and good ones come after it.
    """
    limit = (1 << 62) if upto is None else upto
    sql = f"{_READ} WHERE doc = ? AND seq > ? AND seq <= ? ORDER BY seq"
    return checked(doc, db.rows(_Row, sql, doc, after, limit))


def checked(doc: str, rows: list[_Row]) -> Reading:
    """The rows that are whole, and the end that is not.

    Raises:
        DamagedError: a row is missing or does not read, and good ones come after it.
    """
    whole = [row.is_whole for row in rows]
    good = whole.index(False) if False in whole else len(rows)
    if True in whole[good:]:
        raise damaged(doc, rows[good].seq, "its bytes are not those that were written")
    for before, row in pairwise(rows):
        if row.seq != before.seq + 1:
            raise damaged(doc, before.seq + 1, "it is missing")
    return Reading(
        [row.entry for row in rows[:good]],
        [row.seq for row in rows[good:]],
        rows[0].seq if rows else None,
    )


def newest(db: Connection, doc: str, before: int | None, limit: int) -> list[Entry]:
    """At most ``limit`` entries before a revision, the newest first; damaged ones are left out."""
    end = (1 << 62) if before is None else before
    sql = f"{_READ} WHERE doc = ? AND seq < ? ORDER BY seq DESC LIMIT ?"
    return [row.entry for row in db.rows(_Row, sql, doc, end, limit) if row.is_whole]


def put_aside(db: Connection, doc: str, first: int, now: int) -> int:
    """Move a document's entries from revision ``first`` on out of the way; gives how many."""
    columns = "doc, seq, author, session, made_at, bytes, crc"
    db.run(
        f"INSERT INTO damaged (found_at, {columns}) "  # noqa: S608
        f"SELECT CAST(? AS BIGINT), {columns} FROM journal WHERE doc = ? AND seq >= ?",
        now,
        doc,
        first,
    )
    return db.run("DELETE FROM journal WHERE doc = ? AND seq >= ?", doc, first)


def damaged(doc: str, seq: int, fault: str) -> DamagedError:
    """The error that says what to do about a row in the middle of a journal."""
    return DamagedError(
        f"Revision {seq} of the document {doc} does not read: {fault}.",
        cure=(
            "Put a backup of the database back; or, to go on with what stands before it, run "
            f"'python -m cellissimo_server.store cut {doc} {seq}': the rest is put aside."
        ),
    )
