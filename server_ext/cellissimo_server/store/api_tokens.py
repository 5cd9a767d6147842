"""Tokens for scripts, kernels and guests: only their hashes are kept."""

from __future__ import annotations

from dataclasses import dataclass

from cellissimo_server.store.database import Connection

_COLUMNS = (
    "id, user_id, name, token_hash, scopes, created_at, expires_at, last_used_at, revoked_at"
)


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


def insert(db: Connection, token: ApiToken) -> None:
    """Keep a new token."""
    db.run(
        f"INSERT INTO api_tokens ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
        token.id,
        token.user_id,
        token.name,
        token.token_hash,
        token.scopes,
        token.created_at,
        token.expires_at,
        token.last_used_at,
        token.revoked_at,
    )


def by_hash(db: Connection, token_hash: str) -> ApiToken | None:
    """The token of that hash."""
    return db.row(
        ApiToken, f"SELECT {_COLUMNS} FROM api_tokens WHERE token_hash = ?", token_hash  # noqa: S608
    )


def of_user(db: Connection, user_id: str) -> list[ApiToken]:
    """Somebody's tokens, newest first."""
    return db.rows(
        ApiToken,
        f"SELECT {_COLUMNS} FROM api_tokens WHERE user_id = ? ORDER BY created_at DESC, id",  # noqa: S608
        user_id,
    )


def used(db: Connection, token_id: str, now: int) -> None:
    """Note that a token was used."""
    db.run("UPDATE api_tokens SET last_used_at = ? WHERE id = ?", now, token_id)


def revoke(db: Connection, token_id: str, user_id: str, now: int) -> bool:
    """Revoke somebody's token; False where it is not theirs or revoked already."""
    sql = "UPDATE api_tokens SET revoked_at = ? WHERE id = ? AND user_id = ? AND revoked_at IS NULL"
    return db.run(sql, now, token_id, user_id) == 1
