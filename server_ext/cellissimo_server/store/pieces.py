"""Pieces: projects with their song, and loops of a library; what is kept, shared and forked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from cellissimo_server.store.database import Connection, Plain
from cellissimo_server.store.table import Table


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece: ``kind`` is project or loop; from ``tempo`` to ``seq`` an index of the document.

    ``tags``, ``embed_origins`` and ``chords`` are JSON lists.
    """

    id: str
    kind: str
    owner_id: str
    name: str
    description: str
    visibility: str
    licence: str
    color: str
    tags: str
    embed_origins: str
    archived: bool
    tempo: float
    meter: str
    key: str
    bars: int
    length_ms: int
    stems: int
    chords: str
    digest: str
    seq: int
    forked_from: str | None
    forked_seq: int | None
    views: int
    forks: int
    rev: int
    created_at: int
    updated_at: int
    accessed_at: int
    trashed_at: int | None


PIECES = Table("pieces", Piece)

WORDED = ("name", "key", "tempo", "chords")
"""What of its document a piece is found by."""


def insert(db: Connection, piece: Piece) -> None:
    """Keep a new piece.

    Raises:
        ExistsError: the id is taken.
    """
    PIECES.insert(db, piece)


def insert_all(db: Connection, new: Sequence[Piece]) -> None:
    """Keep new pieces, all of them or none.

    Raises:
        ExistsError: an id is taken.
    """
    PIECES.insert_all(db, new)


def by_id(db: Connection, piece_id: str) -> Piece | None:
    """The piece of that id, in the trash or not."""
    return PIECES.first(db, "id = ?", piece_id)


def by_ids(db: Connection, piece_ids: Iterable[str]) -> dict[str, Piece]:
    """The pieces of those ids, by id; what is not there is left out."""
    return {piece.id: piece for piece in PIECES.any_of(db, "id", piece_ids)}


def change(db: Connection, piece_id: str, rev: int | None, **changes: Plain) -> Piece | None:
    """Set columns of a piece and count ``rev`` up; the row as it is then, None if gone.

    Raises:
        ChangedError: ``rev`` is given, and the row has another one by now.
    """
    piece = by_id(db, piece_id)
    return piece and PIECES.change(db, piece, rev, changes, "This piece")


def worded(db: Connection, piece_ids: Iterable[str]) -> dict[str, tuple[Plain, ...]]:
    """The columns WORDED of the pieces of those ids, by id; what is not there is left out."""
    wanted = list(piece_ids)
    if not wanted:
        return {}
    marks = ", ".join("?" * len(wanted))
    sql = f"SELECT id, {', '.join(WORDED)} FROM pieces WHERE id IN ({marks})"  # noqa: S608
    return dict(db.rows(lambda key, *words: (key, words), sql, *wanted))


def reindex(db: Connection, index: Mapping[str, Mapping[str, Plain]]) -> list[str]:
    """Write what documents say at their ``seq`` into their rows, with one statement.

    Gives the pieces that were written: not those whose row says more already. All of them set the
    same columns. ``rev`` stays: an edit of the music is no edit of the row that somebody else has
    open.
    """
    if len(index) < 2:  # a plain UPDATE of one row is quicker
        return [
            piece_id
            for piece_id, row in index.items()
            if PIECES.set(db, row, "id = ? AND seq <= ?", piece_id, row["seq"])
        ]
    columns = tuple(next(iter(index.values())))
    assigned = ", ".join(f"{column} = fresh.{column}" for column in columns)
    marks = f"({', '.join('?' * (len(columns) + 1))})"
    sql = (
        f"UPDATE pieces SET {assigned} "  # noqa: S608
        f"FROM (VALUES {', '.join([marks] * len(index))}) AS fresh (id, {', '.join(columns)}) "
        "WHERE pieces.id = fresh.id AND pieces.seq <= fresh.seq RETURNING pieces.id"
    )
    values = [[piece_id, *(row[column] for column in columns)] for piece_id, row in index.items()]
    return db.rows(str, sql, *chain.from_iterable(values))


def accessed(db: Connection, piece_id: str, now: int) -> None:
    """Note that somebody opened the piece."""
    PIECES.set(db, {"accessed_at": now}, "id = ?", piece_id)


def owned(db: Connection, owner_id: str) -> list[Piece]:
    """Everything that somebody owns, in the trash or not."""
    return PIECES.find(db, "owner_id = ? ORDER BY created_at, id", owner_id)


def count_owned(db: Connection, owner_id: str, kind: str) -> int:
    """How many pieces of a kind somebody owns, the trash included: what the quota counts."""
    return PIECES.count(db, "owner_id = ? AND kind = ?", owner_id, kind)


def count_public(db: Connection, owner_id: str, kind: str) -> int:
    """How many public pieces of a kind somebody has."""
    where = "owner_id = ? AND kind = ? AND visibility = 'public' AND trashed_at IS NULL"
    return PIECES.count(db, where, owner_id, kind)


def count_fork(db: Connection, piece_id: str) -> None:
    """One more fork of a piece."""
    db.run("UPDATE pieces SET forks = forks + 1 WHERE id = ?", piece_id)


def count_view(db: Connection, piece_id: str, day: int, visitor: str) -> bool:
    """One more view of a piece, once a day and visitor; whether it counted.

    ``day`` counts from 1970 UTC; ``visitor`` is a hash with that day's salt.
    """
    sql = "INSERT INTO piece_views (piece_id, day, visitor) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
    counts = db.run(sql, piece_id, day, visitor) == 1
    if counts:
        db.run("UPDATE pieces SET views = views + 1 WHERE id = ?", piece_id)
    return counts


def forget_visitors(db: Connection, before_day: int) -> int:
    """Forget who viewed what before a day; the counters stay."""
    return db.run("DELETE FROM piece_views WHERE day < ?", before_day)


def trash(db: Connection, piece_id: str, now: int) -> bool:
    """Put a piece in the trash; False where it is there already, or nowhere."""
    changes = {"trashed_at": now}
    return PIECES.set(db, changes, "id = ? AND trashed_at IS NULL", piece_id) == 1


def restore(db: Connection, piece_id: str) -> bool:
    """Take a piece out of the trash; False where it is not in it."""
    changes = {"trashed_at": None}
    return PIECES.set(db, changes, "id = ? AND trashed_at IS NOT NULL", piece_id) == 1


def trash_of(db: Connection, owner_id: str) -> list[Piece]:
    """What somebody has in the trash, newest first."""
    where = "owner_id = ? AND trashed_at IS NOT NULL ORDER BY trashed_at DESC, id"
    return PIECES.find(db, where, owner_id)


def trashed_before(db: Connection, before: int) -> list[Piece]:
    """What was put in the trash before ``before``, by whomever."""
    return PIECES.find(db, "trashed_at < ? ORDER BY trashed_at, id", before)


_BELONGING = (
    ("parts", "piece_id"),
    ("members", "piece_id"),
    ("invites", "piece_id"),
    ("shares", "piece_id"),
    ("journal", "doc"),
    ("checkpoints", "doc"),
    ("versions", "piece_id"),
    ("search_words", "piece_id"),
    ("piece_views", "piece_id"),
    ("imported", "piece_id"),
    ("messages", "piece_id"),
    ("comments", "piece_id"),
    ("taken", "piece_id"),
)


def delete(db: Connection, piece_id: str) -> None:
    """Take a piece away for good, with all that belongs to it alone.

    Its blobs become free to collect; samples and reports that name it stay.
    """
    versions = "(SELECT id FROM versions WHERE piece_id = ?)"
    uses = "DELETE FROM blob_uses WHERE user_kind = 'version' AND user_id IN "
    db.run(uses + versions, piece_id)
    db.run("DELETE FROM blob_uses WHERE user_kind = 'piece' AND user_id = ?", piece_id)
    for table, column in _BELONGING:
        db.run(f"DELETE FROM {table} WHERE {column} = ?", piece_id)  # noqa: S608
    PIECES.delete(db, "id = ?", piece_id)
