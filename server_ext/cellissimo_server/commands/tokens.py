"""Tokens for scripts: made, listed, revoked. Of a token only its hash is kept."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

from cellissimo.schema.rest.shape import Time, to_time
from cellissimo.schema.rest.tokens import NewToken, Token, TokenList, TokenMade
from cellissimo_server.access.identity import PREFIX
from cellissimo_server.access.person import Person
from cellissimo_server.access.secrets import fresh_token, hash_of
from cellissimo_server.commands import audit
from cellissimo_server.errors import ConflictError, ForbiddenError, not_found
from cellissimo_server.settings import DAY_S
from cellissimo_server.store import api_tokens
from cellissimo_server.store.api_tokens import ApiToken
from cellissimo_server.store.database import Connection

if TYPE_CHECKING:
    from cellissimo_server.services import Services

_MOST = 100
"""Valid tokens that one person may have."""

HIDDEN = frozenset({"guest", "kernel", "relay"})
"""Scopes of tokens that are nobody's to see or revoke in a list."""


async def make_token(services: Services, person: Person, wanted: NewToken) -> TokenMade:
    """A new token of ``person``, with its secret.

    Raises:
        ForbiddenError: they came with a token themselves: one that leaked must not make another.
        ConflictError: they have as many as they may.
    """
    check_no_token(person)
    now = services.clock()
    expires = None if wanted.expires_in is None else now + int(wanted.expires_in * DAY_S * 1000)
    secret = fresh_token(PREFIX)
    made = fresh(person.id, wanted.name, sorted(set(wanted.scopes)), secret, now, expires)
    await services.database.write(lambda db: _keep(db, made))
    return TokenMade(**_fields(made), token=secret)


def fresh(
    user_id: str, name: str, scopes: list[str], secret: str, now: int, expires_at: int | None
) -> ApiToken:
    """The row of a new token."""
    return ApiToken(
        id=str(uuid.uuid4()),
        user_id=user_id,
        name=name,
        token_hash=hash_of(secret),
        scopes=json.dumps(scopes),
        created_at=now,
        expires_at=expires_at,
        last_used_at=None,
        revoked_at=None,
    )


def _keep(db: Connection, token: ApiToken) -> None:
    if len(_valid(db, token.user_id, token.created_at)) >= _MOST:
        raise ConflictError(
            f"You have {_MOST} tokens already.",
            cure="Revoke one that you do not need: DELETE /cellissimo/api/v1/tokens/{id}.",
        )
    api_tokens.insert(db, token)
    detail = {"scopes": token.scopes, "expires": token.expires_at}
    audit.record(db, token.user_id, "token.make", token.id, detail, token.created_at)


async def list_tokens(services: Services, person: Person) -> TokenList:
    """Somebody's valid tokens, newest first."""
    now = services.clock()
    found = await services.database.read(lambda db: _valid(db, person.id, now))
    return TokenList(tokens=[Token(**_fields(one)) for one in found])


async def revoke_token(services: Services, person: Person, token_id: str) -> None:
    """Make a token invalid at once.

    Raises:
        NotFoundError: it is unknown, somebody else's, or revoked already.
        ForbiddenError: they came with another token.
    """
    if person.token_id != token_id:
        check_no_token(person)
    now = services.clock()

    def work(db: Connection) -> None:
        if not api_tokens.revoke(db, token_id, person.id, now):
            raise not_found("token")
        audit.record(db, person.id, "token.revoke", token_id, {}, now)

    await services.database.write(work)


def check_no_token(person: Person) -> None:
    """Pass where somebody signed in themselves.

    Raises:
        ForbiddenError: they came with a token of ours.
    """
    if person.token_id is not None:
        raise ForbiddenError(
            "A token may not do that: whoever finds one must not get more than it gives.",
            cure="Sign in to JupyterLab or the hub and do it there.",
        )


def _valid(db: Connection, user_id: str, now: int) -> list[ApiToken]:
    def is_shown(token: ApiToken) -> bool:
        is_live = token.revoked_at is None and now < (token.expires_at or now + 1)
        return is_live and not HIDDEN & set(json.loads(token.scopes))

    return [token for token in api_tokens.of_user(db, user_id) if is_shown(token)]


def _fields(token: ApiToken) -> dict[str, Any]:
    return {
        "id": token.id,
        "name": token.name,
        "scopes": json.loads(token.scopes),
        "created_at": to_time(token.created_at),
        "expires_at": _time(token.expires_at),
        "last_used_at": _time(token.last_used_at),
    }


def _time(ms: int | None) -> Time | None:
    return None if ms is None else to_time(ms)
