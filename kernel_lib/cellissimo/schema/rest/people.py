"""People as the interface tells of them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from cellissimo.schema import limits
from cellissimo.schema.rest.shape import Request, Shape, Time

Name = Annotated[str, Field(min_length=1, max_length=limits.NAME_LENGTH)]
"""A name of 1 … 100 characters."""


class Person(Shape):
    """What everybody may know of somebody."""

    username: str
    display_name: str
    avatar_url: str | None = None


class User(Person):
    """Somebody's profile."""

    id: str
    bio: str = ""
    kind: str = "person"
    created_at: Time


class NotificationChoices(Request):
    """Which notifications somebody wants."""

    invite: bool = True
    comment: bool = True
    fork: bool = True
    offer: bool = True
    upload: bool = True


class Preferences(Request):
    """What somebody has set for themselves."""

    default_tempo: Annotated[float, Field(ge=20, le=400)] = 120.0
    notifications: NotificationChoices = NotificationChoices()


class Me(User):
    """One's own profile."""

    email: str | None = None
    site_role: str = "member"
    preferences: Preferences = Preferences()
    rev: int = 1
