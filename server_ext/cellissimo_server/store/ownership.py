"""Whose everything is: moved from one person to another, or from a person to their heir."""

from __future__ import annotations

from cellissimo_server.store import members
from cellissimo_server.store.database import Connection
from cellissimo_server.store.members import Member
from cellissimo_server.store.table import counted
from cellissimo_server.store.users import USERS

_OWNED = (
    ("pieces", "owner_id"),
    ("samples", "owner_id"),
    ("uploads", "owner_id"),
    ("jobs", "owner_id"),
    ("journal", "author"),
    ("versions", "author"),
    ("offers", "author"),
    ("messages", "author_id"),
    ("comments", "author_id"),
    ("taken", "author_id"),
    ("shares", "created_by"),
    ("invites", "created_by"),
    ("reports", "reporter_id"),
    ("notifications", "user_id"),
)
"""Columns that say whose something is, or who made it."""

_LEFT = (*_OWNED, ("members", "user_id"), ("offers", "decided_by"), ("audit", "actor_id"))
"""Columns in which somebody stands who has left something here."""

_MOST_PASSERS = 1000

_RANKS = {"viewer": 0, "contributor": 1, "admin": 2}


def move(db: Connection, from_id: str, to_id: str) -> int:
    """Make everything of one person another's; gives how many memberships came with it."""
    for table, column in _OWNED:
        sql = f"UPDATE {table} SET {column} = ? WHERE {column} = ?"  # noqa: S608 - names of ours
        db.run(sql, to_id, from_id)
    return sum(_move_member(db, row, to_id) for row in members.of_user(db, from_id))


def passers_by(db: Connection, before: int) -> list[str]:
    """The ids of guests who were last here before ``before``, and left nothing: some of them."""
    where = " AND ".join(
        ["kind = 'guest' AND deleted_at IS NULL AND seen_at < ?"]
        + [
            f"NOT EXISTS (SELECT 1 FROM {table} WHERE {table}.{column} = users.id)"  # noqa: S608 - names of ours
            for table, column in _LEFT
        ]
    )
    found = USERS.find(db, f"{where} ORDER BY seen_at, id LIMIT ?", before, _MOST_PASSERS)
    return [guest.id for guest in found]


def _move_member(db: Connection, row: Member, to_id: str) -> int:
    members.delete(db, row.piece_id, row.user_id)
    owner = counted(
        db, "SELECT COUNT(*) FROM pieces WHERE id = ? AND owner_id = ?", row.piece_id, to_id
    )
    there = members.by_id(db, row.piece_id, to_id)
    if owner or (there and _RANKS[there.role] >= _RANKS[row.role]):
        return 0
    if there:
        members.delete(db, row.piece_id, to_id)
    members.insert(db, _for(row, to_id))
    return 1


def _for(row: Member, user_id: str) -> Member:
    values = {name: getattr(row, name) for name in Member.__dataclass_fields__}
    return Member(**{**values, "user_id": user_id})
