"""What the site keeps in all: counts and bytes for its administrators."""

from __future__ import annotations

from dataclasses import dataclass

from cellissimo_server.store.database import Connection
from cellissimo_server.store.table import counted

_TOTALS = {
    "people": "SELECT COUNT(*) FROM users WHERE kind = 'person' AND deleted_at IS NULL",
    "guests": "SELECT COUNT(*) FROM users WHERE kind = 'guest' AND deleted_at IS NULL",
    "loops": "SELECT COUNT(*) FROM pieces WHERE kind = 'loop' AND trashed_at IS NULL",
    "songs": "SELECT COUNT(*) FROM pieces WHERE kind = 'project' AND trashed_at IS NULL",
    "shares": "SELECT COUNT(*) FROM shares WHERE revoked_at IS NULL",
    "sample_bytes": "SELECT SUM(size) FROM samples",
    "blob_bytes": "SELECT SUM(size) FROM blobs",
    "journal_bytes": "SELECT SUM(OCTET_LENGTH(bytes)) FROM journal",
}

_ACTIVE = "SELECT COUNT(*) FROM users WHERE deleted_at IS NULL AND seen_at >= ?"

_LARGEST = """SELECT username, kind,
  (SELECT COUNT(*) FROM pieces WHERE owner_id = users.id AND pieces.kind = 'loop') AS loops,
  (SELECT COUNT(*) FROM pieces WHERE owner_id = users.id AND pieces.kind = 'project') AS songs,
  (SELECT COALESCE(SUM(size), 0) FROM samples WHERE owner_id = users.id) AS sample_bytes
FROM users WHERE deleted_at IS NULL
ORDER BY sample_bytes DESC, songs DESC, loops DESC, username LIMIT ?"""


@dataclass(frozen=True, slots=True)
class Kept:
    """What one person keeps."""

    username: str
    kind: str
    loops: int
    songs: int
    sample_bytes: int


def totals(db: Connection, active_since: int) -> dict[str, int]:
    """Counts and bytes by name, and how many people were here since then."""
    found = {name: counted(db, sql) for name, sql in _TOTALS.items()}
    return {**found, "active_people": counted(db, _ACTIVE, active_since)}


def largest(db: Connection, limit: int) -> list[Kept]:
    """Those who keep most."""
    rows = db.rows(Kept, _LARGEST, limit)
    return [Kept(r.username, r.kind, r.loops, r.songs, int(r.sample_bytes)) for r in rows]
