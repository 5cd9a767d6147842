"""Versions: revisions that were given a name, and those that are kept by themselves."""

from __future__ import annotations

from dataclasses import dataclass

from cellissimo_server.store.database import Connection
from cellissimo_server.store.table import Table


@dataclass(frozen=True, slots=True)
class Version:
    """A revision that is kept. ``kind`` is named or automatic; ``made_at`` in ms UTC."""

    id: str
    piece_id: str
    seq: int
    name: str
    kind: str
    author: str
    made_at: int


VERSIONS = Table("versions", Version)


def insert(db: Connection, version: Version) -> None:
    """Keep a version.

    Raises:
        ExistsError: the id is taken.
    """
    VERSIONS.insert(db, version)


def by_id(db: Connection, version_id: str) -> Version | None:
    """The version of that id."""
    return VERSIONS.first(db, "id = ?", version_id)


def of_piece(db: Connection, piece_id: str) -> list[Version]:
    """All versions of a piece, the newest first."""
    return VERSIONS.find(db, "piece_id = ? ORDER BY seq DESC, made_at DESC, id", piece_id)


def count(db: Connection, piece_id: str) -> int:
    """How many versions a piece has."""
    return VERSIONS.count(db, "piece_id = ?", piece_id)


def newest(db: Connection, piece_id: str) -> Version | None:
    """The version of the highest revision."""
    return VERSIONS.first(db, "piece_id = ? ORDER BY seq DESC, made_at DESC LIMIT 1", piece_id)


def rename(db: Connection, version_id: str, name: str) -> Version | None:
    """Give a version a name; an automatic one is a named one from then on."""
    VERSIONS.set(db, {"name": name, "kind": "named"}, "id = ?", version_id)
    return by_id(db, version_id)


def delete(db: Connection, version_id: str) -> bool:
    """Forget a version; the revision stays for as long as the history does."""
    return VERSIONS.delete(db, "id = ?", version_id) == 1


def delete_automatic(db: Connection, piece_id: str, before: int) -> int:
    """Forget automatic versions made before a time; gives how many went."""
    where = "piece_id = ? AND kind = 'automatic' AND made_at < ?"
    return VERSIONS.delete(db, where, piece_id, before)
