"""Which blobs there are and who needs them: what has a use is never collected.

A blob goes through four states. *Reserved*: its row is there, its bytes may be on their way.
*Used*: something needs it. *Idle*: nothing does. *Condemned*: its bytes are being deleted, so a row
in this state takes no use and no reservation until the collector has forgotten it.

Whoever needs a blob changes its row (``touched_at``), and so does whoever condemns it. The two
therefore meet on one row, and one of them sees what the other did, on every database.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from cellissimo_server.store.blobs import missing
from cellissimo_server.store.database import Connection
from cellissimo_server.store.table import counted


@dataclass(frozen=True, slots=True)
class Blob:
    """What is known of a blob beside its bytes.

    ``born`` is when its row was made: a blob that was deleted and came again is another one.
    """

    name: str
    size: int
    mime: str
    born: int = 0


def by_name(db: Connection, name: str) -> Blob | None:
    """The blob of that name, unless it is on its way out."""
    sql = "SELECT name, size, mime, created_at FROM blobs WHERE name = ? AND condemned_at IS NULL"
    return db.row(Blob, sql, name)


def reserve(db: Connection, blob: Blob, now: int) -> Blob | None:
    """Say that a blob's bytes are about to be kept; None while older ones are being deleted."""
    if _touch(db, blob.name, now):
        return by_name(db, blob.name)
    if db.row(str, "SELECT name FROM blobs WHERE name = ?", blob.name):
        return None
    db.run(
        "INSERT INTO blobs (name, size, mime, created_at, touched_at) VALUES (?, ?, ?, ?, ?)",
        *(blob.name, blob.size, blob.mime, now, now),
    )
    return replace(blob, born=now)


def add_kept(db: Connection, blob: Blob, user_kind: str, user_id: str, now: int) -> None:
    """Something needs a blob that was just kept; to be called in the transaction that makes it.

    Raises:
        NotFoundError: keeping it took longer than the grace period, and it was collected.
    """
    found = by_name(db, blob.name)
    if found is None or found.born != blob.born:
        raise missing(blob.name)
    add(db, blob.name, user_kind, user_id, now)


def add(db: Connection, name: str, user_kind: str, user_id: str, now: int) -> None:
    """Something needs a blob that something else needs already.

    Raises:
        NotFoundError: it is not here, or is being deleted: keep its bytes again first.
    """
    if not _touch(db, name, now):
        raise missing(name)
    if not is_used_by(db, name, user_kind, user_id):
        sql = "INSERT INTO blob_uses (blob, user_kind, user_id) VALUES (?, ?, ?)"
        db.run(sql, name, user_kind, user_id)


def remove(db: Connection, name: str, user_kind: str, user_id: str) -> None:
    """Something does not need a blob any more."""
    sql = "DELETE FROM blob_uses WHERE blob = ? AND user_kind = ? AND user_id = ?"
    db.run(sql, name, user_kind, user_id)


def remove_all(db: Connection, user_kind: str, user_id: str) -> None:
    """Something is gone, and needs no blob any more."""
    db.run("DELETE FROM blob_uses WHERE user_kind = ? AND user_id = ?", user_kind, user_id)


def copy(db: Connection, user_kind: str, from_id: str, to_id: str, now: int) -> None:
    """A fork needs what its source needs."""
    for name in of(db, user_kind, from_id):
        add(db, name, user_kind, to_id, now)


def of(db: Connection, user_kind: str, user_id: str) -> list[str]:
    """The names of what something needs, in order."""
    sql = "SELECT blob FROM blob_uses WHERE user_kind = ? AND user_id = ? ORDER BY blob"
    return db.rows(str, sql, user_kind, user_id)


def is_used_by(db: Connection, name: str, user_kind: str, user_id: str) -> bool:
    """Whether this thing needs that blob."""
    sql = "SELECT blob FROM blob_uses WHERE blob = ? AND user_kind = ? AND user_id = ?"
    return db.row(str, sql, name, user_kind, user_id) is not None


def users_of(db: Connection, name: str, user_kind: str) -> list[str]:
    """The ids of the things of one kind that need a blob, in order."""
    sql = "SELECT user_id FROM blob_uses WHERE blob = ? AND user_kind = ? ORDER BY user_id"
    return db.rows(str, sql, name, user_kind)


def idle(db: Connection, before: int, limit: int) -> list[str]:
    """Blobs that nothing needs and nobody has touched since ``before``, those longest ago first."""
    return db.rows(
        str,
        "SELECT name FROM blobs WHERE condemned_at IS NULL AND touched_at < ? AND NOT EXISTS "
        "(SELECT 1 FROM blob_uses WHERE blob_uses.blob = blobs.name) "
        "ORDER BY touched_at, name LIMIT ?",
        *(before, limit),
    )


def condemn(db: Connection, name: str, before: int, now: int) -> bool:
    """Mark a blob whose bytes may be deleted; False where somebody came to need it meanwhile."""
    changed = db.run(
        "UPDATE blobs SET condemned_at = ? WHERE name = ? AND condemned_at IS NULL "
        "AND touched_at < ? AND NOT EXISTS "
        "(SELECT 1 FROM blob_uses WHERE blob_uses.blob = blobs.name)",
        *(now, name, before),
    )
    return changed == 1


def reclaim(db: Connection, name: str, before: int, now: int) -> bool:
    """Take over a deletion that was begun before ``before`` and never finished."""
    sql = "UPDATE blobs SET condemned_at = ? WHERE name = ? AND condemned_at < ?"
    return db.run(sql, now, name, before) == 1


def abandoned(db: Connection, before: int) -> list[str]:
    """Blobs whose deletion was begun before ``before``, and never finished."""
    return db.rows(str, "SELECT name FROM blobs WHERE condemned_at < ? ORDER BY name", before)


def forget(db: Connection, name: str) -> int:
    """Remove the row of a condemned blob whose bytes are deleted; gives its size."""
    size = db.row(int, "SELECT size FROM blobs WHERE name = ? AND condemned_at IS NOT NULL", name)
    db.run("DELETE FROM blobs WHERE name = ? AND condemned_at IS NOT NULL", name)
    return size or 0


def total(db: Connection) -> tuple[int, int]:
    """How many blobs there are, and their bytes in all."""
    found = db.row(_pair, "SELECT COUNT(*), COALESCE(SUM(size), 0) FROM blobs")
    return found or (0, 0)


def _pair(count: int, size: int) -> tuple[int, int]:
    return int(count), int(size)


def _touch(db: Connection, name: str, now: int) -> bool:
    """Note that somebody wants a blob; False where it is not here or is on its way out.

    ``touched_at`` never goes back: somebody may need it for longer than the one who asks.
    """
    sql = (
        "UPDATE blobs SET touched_at = CASE WHEN touched_at > ? THEN touched_at ELSE ? END "
        "WHERE name = ? AND condemned_at IS NULL"
    )
    return db.run(sql, now, now, name) == 1


def bytes_of_pieces(db: Connection, owner_id: str) -> int:
    """What somebody's pieces need beside the samples that they have uploaded, in bytes."""
    sql = (
        "SELECT SUM(size) FROM blobs WHERE name IN (SELECT blob_uses.blob FROM blob_uses "
        "JOIN pieces ON pieces.id = blob_uses.user_id "
        "WHERE blob_uses.user_kind = 'piece' AND pieces.owner_id = ?) "
        "AND name NOT IN (SELECT blob FROM samples WHERE owner_id = ?)"
    )
    return counted(db, sql, owner_id, owner_id)
