"""Invites: a link by which somebody becomes a member of a piece."""

from __future__ import annotations

from dataclasses import dataclass

from cellissimo_server.store.database import Connection
from cellissimo_server.store.table import Table


@dataclass(frozen=True, slots=True)
class Invite:
    """An invite; ``flags`` is a JSON list. Without a username, whoever has the link."""

    id: str
    piece_id: str
    token_hash: str
    username: str | None
    role: str
    flags: str
    created_by: str
    created_at: int
    expires_at: int | None
    accepted_by: str | None
    accepted_at: int | None
    revoked_at: int | None


INVITES = Table("invites", Invite)


def insert(db: Connection, invite: Invite) -> None:
    """Keep a new invite.

    Raises:
        ExistsError: the id or the token is taken.
    """
    INVITES.insert(db, invite)


def by_id(db: Connection, invite_id: str) -> Invite | None:
    """The invite of that id, valid or not."""
    return INVITES.first(db, "id = ?", invite_id)


def by_hash(db: Connection, token_hash: str) -> Invite | None:
    """The invite whose token has that hash, valid or not."""
    return INVITES.first(db, "token_hash = ?", token_hash)


def of_piece(db: Connection, piece_id: str) -> list[Invite]:
    """All invites to a piece, newest first."""
    return INVITES.find(db, "piece_id = ? ORDER BY created_at DESC, id", piece_id)


def for_username(db: Connection, username: str, now: int) -> list[Invite]:
    """The invites that wait for somebody of that name, newest first."""
    where = (
        "username = ? AND accepted_at IS NULL AND revoked_at IS NULL"
        " AND (expires_at IS NULL OR expires_at > ?) ORDER BY created_at DESC, id"
    )
    return INVITES.find(db, where, username, now)


def accept(db: Connection, invite_id: str, user_id: str, now: int) -> bool:
    """Note who accepted an invite; False where it was accepted or revoked already."""
    changes = {"accepted_by": user_id, "accepted_at": now}
    where = "id = ? AND accepted_at IS NULL AND revoked_at IS NULL"
    return INVITES.set(db, changes, where, invite_id) == 1


def revoke(db: Connection, invite_id: str, now: int) -> bool:
    """Make an invite invalid; False where it is already."""
    return INVITES.set(db, {"revoked_at": now}, "id = ? AND revoked_at IS NULL", invite_id) == 1
