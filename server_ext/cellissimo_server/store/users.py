"""People: who was here, and what they have set for themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cellissimo_server.store.database import Connection, Plain
from cellissimo_server.store.table import Table


@dataclass(frozen=True, slots=True)
class User:
    """Somebody; ``kind`` is person or guest, ``preferences`` a JSON object."""

    id: str
    username: str
    kind: str
    display_name: str
    avatar_url: str | None
    bio: str
    email: str | None
    site_role: str
    preferences: str
    rev: int
    created_at: int
    seen_at: int
    deleted_at: int | None


USERS = Table("users", User)


def insert(db: Connection, user: User) -> None:
    """Keep somebody new.

    Raises:
        ExistsError: the id or the username is taken.
    """
    USERS.insert(db, user)


def by_id(db: Connection, user_id: str) -> User | None:
    """The user of that id, deleted or not."""
    return USERS.first(db, "id = ?", user_id)


def by_ids(db: Connection, user_ids: Iterable[str]) -> dict[str, User]:
    """The users of those ids, by id; who is not there is left out."""
    return {user.id: user for user in USERS.any_of(db, "id", user_ids)}


def by_username(db: Connection, username: str) -> User | None:
    """The user of that name, deleted or not."""
    return USERS.first(db, "username = ?", username)


def change(db: Connection, user_id: str, rev: int | None, **changes: Plain) -> User | None:
    """Set columns of somebody's row and count ``rev`` up; the row as it is then, None if gone.

    Raises:
        ChangedError: ``rev`` is given, and the row has another one by now.
    """
    user = by_id(db, user_id)
    return user and USERS.change(db, user, rev, changes, "This profile")


def seen(db: Connection, user_id: str, now: int) -> None:
    """Note that somebody is here."""
    USERS.set(db, {"seen_at": now}, "id = ?", user_id)


def unseen_guests(db: Connection, before: int) -> list[User]:
    """Guests who were last here before ``before``."""
    return USERS.find(
        db, "kind = 'guest' AND deleted_at IS NULL AND seen_at < ? ORDER BY seen_at, id", before
    )


def delete(db: Connection, user_id: str) -> None:
    """Take somebody's row away; what they own is the caller's to settle first."""
    USERS.delete(db, "id = ?", user_id)
