"""Profiles: one's own, which can be changed, and everybody's, which can be seen."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cellissimo.schema.rest.people import (
    Amount,
    Me,
    MeChange,
    NotificationChoices,
    Preferences,
    Profile,
    Usage,
)
from cellissimo.schema.rest.people import User as UserShape
from cellissimo.schema.rest.shape import to_time
from cellissimo_server.access.person import Person
from cellissimo_server.commands import quotas
from cellissimo_server.commands.search_index import index_owner
from cellissimo_server.errors import NotFoundError, not_found
from cellissimo_server.settings import Settings
from cellissimo_server.store import pieces, users
from cellissimo_server.store.database import Connection, Plain
from cellissimo_server.store.users import User

if TYPE_CHECKING:
    from cellissimo_server.services import Services


async def my_profile(services: Services, person: Person) -> Me:
    """One's own profile."""
    user = await services.database.read(lambda db: row_of(db, person))
    return _me(user, person)


async def change_profile(
    services: Services, person: Person, wanted: MeChange, rev: int | None
) -> Me:
    """One's own profile as it is after the change.

    Raises:
        ChangedError: it has another ``rev`` by now.
    """

    def work(db: Connection) -> User:
        changes = _changes(row_of(db, person), wanted)
        changed = users.change(db, person.id, rev, **changes)
        if "display_name" in changes:
            index_owner(db, person.id)
        return changed or row_of(db, person)

    user = await services.database.write(work)
    services.caches.profiles.clear()
    return _me(user, person)


async def profile(services: Services, username: str) -> Profile:
    """Somebody's public page, kept for a while.

    Raises:
        NotFoundError: there is nobody of that name.
    """

    async def look_up() -> Profile:
        return await services.database.read(lambda db: _profile(db, username))

    found: Profile = await services.caches.profiles.kept(username, look_up)
    return found


async def usage(services: Services, person: Person) -> Usage:
    """How much of each quota somebody uses; what is in the trash counts."""
    return await services.database.read(lambda db: usage_of(db, person.id, services.settings))


def usage_of(db: Connection, user_id: str, settings: Settings) -> Usage:
    """The same, within a transaction."""
    used = quotas.used(db, user_id)
    return Usage(
        samples=Amount(used=used["sample"], quota=settings.sample_quota),
        recordings=Amount(used=used["recording"], quota=settings.recording_quota),
        originals=Amount(used=used["original"], quota=settings.original_quota),
        loops=Amount(used=pieces.count_owned(db, user_id, "loop"), quota=settings.loop_quota),
        songs=Amount(used=pieces.count_owned(db, user_id, "project"), quota=settings.song_quota),
    )


def row_of(db: Connection, person: Person) -> User:
    """Somebody's own row.

    Raises:
        NotFoundError: their account was deleted meanwhile.
    """
    user = users.by_id(db, person.id)
    if user is None or user.deleted_at is not None:
        raise NotFoundError("This account was deleted.", cure="Sign in again.")
    return user


def user_shown(user: User) -> UserShape:
    """Somebody as everybody may see them."""
    return UserShape(**_public(user))


def preferences_of(user: User) -> Preferences:
    """What somebody has set, with the usual where they have not."""
    return Preferences.model_validate(json.loads(user.preferences or "{}"))


def _public(user: User) -> dict[str, Any]:
    return {
        "id": user.id,
        "username": user.username,
        "display_name": user.display_name,
        "avatar_url": user.avatar_url,
        "bio": user.bio,
        "kind": user.kind,
        "created_at": to_time(user.created_at),
    }


def _me(user: User, person: Person) -> Me:
    return Me(
        **_public(user),
        email=user.email,
        site_role=person.site_role,
        preferences=preferences_of(user),
        rev=user.rev,
    )


def _profile(db: Connection, username: str) -> Profile:
    user = users.by_username(db, username)
    if user is None or user.deleted_at is not None:
        raise not_found("person")
    return Profile(
        **_public(user),
        public_loops=pieces.count_public(db, user.id, "loop"),
        public_songs=pieces.count_public(db, user.id, "project"),
    )


def _changes(user: User, wanted: MeChange) -> Mapping[str, Plain]:
    given = wanted.given
    found: dict[str, Plain] = {
        name: given[name] for name in ("display_name", "bio") if given.get(name) is not None
    }
    if "avatar_url" in given:
        found["avatar_url"] = given["avatar_url"] or None
    if wanted.preferences is not None:
        found["preferences"] = json.dumps(_merged(preferences_of(user), wanted.preferences))
    return found


def _merged(before: Preferences, wanted: Preferences) -> dict[str, Any]:
    given = wanted.given
    choices = before.notifications.given
    if "notifications" in given:
        choices = choices | wanted.notifications.given
    tempo = wanted.default_tempo if "default_tempo" in given else before.default_tempo
    after = Preferences(default_tempo=tempo, notifications=NotificationChoices(**choices))
    return after.to_json()
