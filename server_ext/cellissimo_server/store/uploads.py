"""Uploads that come in pieces: what was announced, and how much of it is here."""

from __future__ import annotations

from dataclasses import dataclass

from cellissimo_server.store.database import Connection
from cellissimo_server.store.table import Table


@dataclass(frozen=True, slots=True)
class Upload:
    """An upload: ``received`` of its ``size`` bytes are on disk."""

    id: str
    owner_id: str
    piece_id: str | None
    name: str
    kind: str
    size: int
    received: int
    created_at: int
    expires_at: int


UPLOADS = Table("uploads", Upload)


def insert(db: Connection, upload: Upload) -> None:
    """Announce a new upload."""
    UPLOADS.insert(db, upload)


def by_id(db: Connection, upload_id: str) -> Upload | None:
    """The upload of that id."""
    return UPLOADS.first(db, "id = ?", upload_id)


def advance(db: Connection, upload_id: str, before: int, after: int) -> bool:
    """Note that more is here; False where somebody else has moved it on meanwhile."""
    where = "id = ? AND received = ?"
    return UPLOADS.set(db, {"received": after}, where, upload_id, before) == 1


def delete(db: Connection, upload_id: str) -> None:
    """Forget an upload."""
    UPLOADS.delete(db, "id = ?", upload_id)


def expired(db: Connection, now: int) -> list[str]:
    """The ids of uploads that nobody finished in time."""
    return db.rows(str, "SELECT id FROM uploads WHERE expires_at <= ? ORDER BY id", now)


def ids(db: Connection) -> list[str]:
    """The ids of all uploads."""
    return db.rows(str, "SELECT id FROM uploads ORDER BY id")


def bytes_of(db: Connection, owner_id: str) -> dict[str, int]:
    """What somebody's unfinished uploads will take of each quota: bytes by kind."""
    sql = "SELECT kind, SUM(size) FROM uploads WHERE owner_id = ? GROUP BY kind"
    return dict(db.rows(_amount, sql, owner_id))


def _amount(kind: str, size: int) -> tuple[str, int]:
    return kind, int(size)
