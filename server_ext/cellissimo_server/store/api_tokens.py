"""Tokens for scripts, kernels and guests: only their hashes are kept."""

from __future__ import annotations

from dataclasses import dataclass

from cellissimo_server.store.database import Connection
from cellissimo_server.store.table import Table


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token of somebody; ``scopes`` is a JSON list."""

    id: str
    user_id: str
    name: str
    token_hash: str
    scopes: str
    created_at: int
    expires_at: int | None
    last_used_at: int | None
    revoked_at: int | None


API_TOKENS = Table("api_tokens", ApiToken)


def insert(db: Connection, token: ApiToken) -> None:
    """Keep a new token."""
    API_TOKENS.insert(db, token)


def by_hash(db: Connection, token_hash: str) -> ApiToken | None:
    """The token of that hash."""
    return API_TOKENS.first(db, "token_hash = ?", token_hash)


def of_user(db: Connection, user_id: str) -> list[ApiToken]:
    """Somebody's tokens, newest first."""
    return API_TOKENS.find(db, "user_id = ? ORDER BY created_at DESC, id", user_id)


def used(db: Connection, token_id: str, now: int) -> None:
    """Note that a token was used."""
    API_TOKENS.set(db, {"last_used_at": now}, "id = ?", token_id)


def revoke(db: Connection, token_id: str, user_id: str, now: int) -> bool:
    """Revoke somebody's token; False where it is not theirs or revoked already."""
    where = "id = ? AND user_id = ? AND revoked_at IS NULL"
    return API_TOKENS.set(db, {"revoked_at": now}, where, token_id, user_id) == 1


def extend(db: Connection, token_id: str, expires_at: int) -> None:
    """Let a token be valid until a later time."""
    API_TOKENS.set(db, {"expires_at": expires_at}, "id = ?", token_id)


def revoke_all(db: Connection, user_id: str, now: int) -> int:
    """Revoke all tokens of somebody; gives how many there were."""
    where = "user_id = ? AND revoked_at IS NULL"
    return API_TOKENS.set(db, {"revoked_at": now}, where, user_id)


def delete_of_user(db: Connection, user_id: str) -> None:
    """Take away all tokens of somebody."""
    API_TOKENS.delete(db, "user_id = ?", user_id)


def forget_dead(db: Connection, before: int) -> int:
    """Forget tokens that were revoked or ran out before that time; gives how many."""
    return API_TOKENS.delete(db, "revoked_at < ? OR expires_at < ?", before, before)
