"""People as the interface tells of them."""

from __future__ import annotations

from typing import Annotated, Literal

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


class Profile(User):
    """Somebody's page: who they are, and how much of theirs is public."""

    public_loops: int
    public_songs: int


class NotificationChoices(Request):
    """Which notifications somebody wants; what is not sent stays as it is."""

    invite: bool = True
    comment: bool = True
    fork: bool = True
    offer: bool = True
    upload: bool = True


class Preferences(Request):
    """What somebody has set for themselves; what is not sent stays as it is."""

    default_tempo: Annotated[float, Field(ge=20, le=400)] = 120.0
    notifications: NotificationChoices = NotificationChoices()


class Me(User):
    """One's own profile."""

    email: str | None = None
    site_role: str = "member"
    preferences: Preferences = Preferences()
    rev: int = 1


Picture = Annotated[str, Field(max_length=500, pattern=r"^(https?://[^\s\"'<>]+)?$")]
"""The address of a picture, by http or https; empty: none."""


class MeChange(Request):
    """What of one's own profile is to change; what is not sent stays."""

    display_name: Name | None = None
    bio: Annotated[str, Field(max_length=2000)] | None = None
    avatar_url: Picture | None = None
    preferences: Preferences | None = None


class Amount(Shape):
    """How much of a quota is used."""

    used: int
    quota: int


class Usage(Shape):
    """What somebody keeps here: bytes of sound by class, and the number of pieces."""

    samples: Amount
    recordings: Amount
    originals: Amount
    loops: Amount
    songs: Amount


class Fate(Shape):
    """What happens to a piece when its owner's account is deleted."""

    id: str
    kind: str
    name: str
    then: Literal["transfer", "trash"]
    to: Person | None


class Deletion(Shape):
    """What deleting one's account does; the trash keeps things for ``trash_days``.

    ``messages`` and ``comments`` are lines of chat and comments that lose their words.
    """

    username: str
    pieces: list[Fate]
    samples: int
    memberships: int
    share_links: int
    messages: int
    comments: int
    tokens: int
    trash_days: int


class DeletionConfirmed(Request):
    """The word that shows that somebody means it: their username."""

    confirm: Annotated[str, Field(max_length=200)]


class NewGuest(Request):
    """A guest who comes in."""

    display_name: Name = "Guest"


class GuestMade(Shape):
    """A guest, and the token that only they have; it is shown this once."""

    user: User
    token: str


class Claim(Request):
    """What a guest has made is to be somebody's: the guest's token proves that they may."""

    guest_token: Annotated[str, Field(min_length=1, max_length=200)] | None = None


class Claimed(Shape):
    """How much of a guest's is mine now."""

    loops: int
    songs: int
    samples: int
    memberships: int
