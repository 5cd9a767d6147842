"""Share links: whoever has one may listen, comment, download, fork or edit."""

from __future__ import annotations

from dataclasses import dataclass

from cellissimo_server.store.database import Connection, Plain
from cellissimo_server.store.table import Table


@dataclass(frozen=True, slots=True)
class Share:
    """A link to a piece; ``rights`` is a JSON list. Of its token only the hash is kept."""

    id: str
    piece_id: str
    token_hash: str
    rights: str
    created_by: str
    created_at: int
    expires_at: int | None
    revoked_at: int | None
    last_used_at: int | None
    uses: int


SHARES = Table("shares", Share)


def insert(db: Connection, share: Share) -> None:
    """Keep a new link.

    Raises:
        ExistsError: the id or the token is taken.
    """
    SHARES.insert(db, share)


def by_id(db: Connection, share_id: str) -> Share | None:
    """The link of that id, valid or not."""
    return SHARES.first(db, "id = ?", share_id)


def by_hash(db: Connection, token_hash: str) -> Share | None:
    """The link whose token has that hash, valid or not."""
    return SHARES.first(db, "token_hash = ?", token_hash)


def of_piece(db: Connection, piece_id: str) -> list[Share]:
    """All links to a piece, newest first."""
    return SHARES.find(db, "piece_id = ? ORDER BY created_at DESC, id", piece_id)


def used(db: Connection, share_id: str, now: int, times: int = 1) -> None:
    """Note that a link was used so many times, the last of them now."""
    sql = "UPDATE shares SET uses = uses + ?, last_used_at = ? WHERE id = ?"
    db.run(sql, times, now, share_id)


def change(db: Connection, share_id: str, **changes: Plain) -> bool:
    """Set what a link allows, or until when; False where it is gone."""
    return SHARES.set(db, changes, "id = ?", share_id) == 1


def revoke(db: Connection, share_id: str, now: int) -> bool:
    """Make a link invalid; False where it is already."""
    return SHARES.set(db, {"revoked_at": now}, "id = ? AND revoked_at IS NULL", share_id) == 1


def revoke_all(db: Connection, piece_id: str, now: int) -> int:
    """Make all links to a piece invalid; gives how many there were."""
    where = "piece_id = ? AND revoked_at IS NULL"
    return SHARES.set(db, {"revoked_at": now}, where, piece_id)


def revoke_of_user(db: Connection, user_id: str, now: int) -> int:
    """Make all links that somebody made invalid; gives how many there were."""
    where = "created_by = ? AND revoked_at IS NULL"
    return SHARES.set(db, {"revoked_at": now}, where, user_id)
