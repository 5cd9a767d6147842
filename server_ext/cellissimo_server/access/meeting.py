"""Meeting somebody: the row of a person is made when they first come, and kept up to date."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING

from cellissimo_server.access.person import VISITOR, Person
from cellissimo_server.access.secrets import hash_of
from cellissimo_server.errors import UnauthenticatedError
from cellissimo_server.settings import DAY_S
from cellissimo_server.store import api_tokens, users
from cellissimo_server.store.api_tokens import ApiToken
from cellissimo_server.store.database import Connection
from cellissimo_server.store.users import User

if TYPE_CHECKING:
    from cellissimo_server.services import Services

KERNEL_DAYS = 30
"""How long a kernel's token lives after its last use, where the server ended without a word."""

_SEEN_MS = 60_000
"""How often it is noted that somebody is here."""


async def server_user(services: Services, username: str) -> Person:
    """The one person of a plain ``jupyter lab``: administrator, and without hourly limits."""
    user = await _met(services, username, username, None)
    return person_of(user, site_role="admin", exempt=True)


async def jupyter_user(
    services: Services, username: str, display_name: str | None, avatar_url: str | None
) -> Person:
    """Somebody whom Jupyter or the hub has signed in."""
    user = await _met(services, username, display_name or username, avatar_url)
    admins = {name.strip() for name in services.settings.admins.split(",") if name.strip()}
    return person_of(user, site_role="admin" if username in admins else user.site_role)


def person_of(user: User, *, site_role: str | None = None, exempt: bool = False) -> Person:
    """A row of a user as somebody who asks."""
    role = site_role or user.site_role
    return Person(
        user.id, user.username, user.display_name, user.kind, site_role=role, exempt=exempt
    )


async def _met(
    services: Services, username: str, display_name: str, avatar_url: str | None
) -> User:
    now = services.clock()
    found = await services.database.read(lambda db: users.by_username(db, username))
    if found is None:
        fresh = User(
            id=str(uuid.uuid4()),
            username=username,
            kind="person",
            display_name=display_name,
            avatar_url=avatar_url,
            bio="",
            email=None,
            site_role="member",
            preferences=json.dumps({}),
            rev=1,
            created_at=now,
            seen_at=now,
            deleted_at=None,
        )
        return await services.database.write(lambda db: _introduced(db, fresh))
    if now - found.seen_at > _SEEN_MS:
        await services.database.write(lambda db: users.seen(db, found.id, now))
    return found


def _introduced(db: Connection, fresh: User) -> User:
    """Two requests of a newcomer may come at once: the first row stays."""
    found = users.by_username(db, fresh.username)
    if found is None:
        users.insert(db, fresh)
    return found or fresh


async def by_token(services: Services, token: str) -> Person:
    """Who a token of ours belongs to, with no more scopes than the token has.

    Raises:
        UnauthenticatedError: it is unknown, revoked or expired; the three look the same.
    """
    now = services.clock()
    held = await services.database.read(lambda db: api_tokens.by_hash(db, hash_of(token)))
    if held is None or held.revoked_at is not None or now >= (held.expires_at or now + 1):
        raise UnauthenticatedError(
            "This token is not valid any more.",
            cure="Make a new one with POST /cellissimo/api/v1/tokens.",
        )
    user = await services.database.read(lambda db: users.by_id(db, held.user_id))
    if user is None or user.deleted_at is not None:
        raise UnauthenticatedError("This token's owner is gone.", cure="Sign in as somebody else.")
    scopes = frozenset(json.loads(held.scopes))
    if now - (held.last_used_at or 0) > _SEEN_MS:
        await services.database.write(lambda db: _used(db, held, now, services.settings.guest_days))
    return Person(
        user.id,
        user.username,
        user.display_name,
        user.kind,
        site_role="member",
        scopes=scopes,
        exempt="kernel" in scopes,
        token_id=held.id,
    )


def _used(db: Connection, held: ApiToken, now: int, guest_days: int) -> None:
    """Note that a token was used; a guest's and a kernel's live on from here."""
    api_tokens.used(db, held.id, now)
    scopes = set(json.loads(held.scopes))
    days = guest_days if "guest" in scopes else KERNEL_DAYS if scopes & {"kernel", "relay"} else 0
    if days:
        api_tokens.extend(db, held.id, now + days * DAY_S * 1000)
    users.seen(db, held.user_id, now)


async def by_guest_token(services: Services, token: str) -> Person:
    """The guest of a cookie; a visitor where it is not valid any more, or no guest's."""
    try:
        found = await by_token(services, token)
    except UnauthenticatedError:
        return VISITOR
    return found if found.kind == "guest" else VISITOR
