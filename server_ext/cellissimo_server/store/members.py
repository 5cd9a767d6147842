"""Members of a piece: their role and their five flags. The owner has no row here."""

from __future__ import annotations

from dataclasses import dataclass

from cellissimo_server.store.database import Connection, Plain
from cellissimo_server.store.table import Table


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody with whom a piece is shared by name."""

    piece_id: str
    user_id: str
    role: str
    can_edit: bool
    can_add_stems: bool
    can_delete_stems: bool
    can_invite_others: bool
    can_export: bool
    rev: int
    joined_at: int
    active_at: int


MEMBERS = Table("members", Member, ("piece_id", "user_id"))


def insert(db: Connection, member: Member) -> None:
    """Keep a new member.

    Raises:
        ExistsError: they are a member of this piece already.
    """
    MEMBERS.insert(db, member)


def by_id(db: Connection, piece_id: str, user_id: str) -> Member | None:
    """Somebody's membership of a piece."""
    return MEMBERS.first(db, "piece_id = ? AND user_id = ?", piece_id, user_id)


def of_piece(db: Connection, piece_id: str) -> list[Member]:
    """All members of a piece, in the order in which they came."""
    return MEMBERS.find(db, "piece_id = ? ORDER BY joined_at, user_id", piece_id)


def of_user(db: Connection, user_id: str) -> list[Member]:
    """All memberships of somebody."""
    return MEMBERS.find(db, "user_id = ? ORDER BY joined_at, piece_id", user_id)


def in_pieces(db: Connection, user_id: str, piece_ids: list[str]) -> dict[str, Member]:
    """Somebody's memberships among some pieces, by piece."""
    wanted = set(piece_ids)
    return {row.piece_id: row for row in of_user(db, user_id) if row.piece_id in wanted}


def change(
    db: Connection, piece_id: str, user_id: str, rev: int | None, **changes: Plain
) -> Member | None:
    """Set role or flags and count ``rev`` up; the row as it is then, None if gone.

    Raises:
        ChangedError: ``rev`` is given, and the row has another one by now.
    """
    member = by_id(db, piece_id, user_id)
    return member and MEMBERS.change(db, member, rev, changes, "This member")


def active(db: Connection, piece_id: str, user_id: str, now: int) -> None:
    """Note that a member worked on the piece."""
    MEMBERS.set(db, {"active_at": now}, "piece_id = ? AND user_id = ?", piece_id, user_id)


def delete(db: Connection, piece_id: str, user_id: str) -> bool:
    """End a membership; False where there was none."""
    return MEMBERS.delete(db, "piece_id = ? AND user_id = ?", piece_id, user_id) == 1


def delete_of_user(db: Connection, user_id: str) -> int:
    """End all memberships of somebody; gives how many there were."""
    return MEMBERS.delete(db, "user_id = ?", user_id)
