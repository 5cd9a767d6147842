"""Members of a piece, and the invites by which they come."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from cellissimo.schema.rest.people import Person
from cellissimo.schema.rest.shape import Request, Shape, Time

GivenRole = Literal["admin", "contributor", "viewer"]
Username = Annotated[str, Field(min_length=1, max_length=200)]
Days = Annotated[int, Field(ge=1, le=3650)]


class Member(Shape):
    """Somebody with whom a piece is shared by name; the flags are those in force.

    ``presence`` and ``current_activity`` are those in the piece's room.
    """

    project_id: str
    user_id: str
    username: str
    display_name: str
    avatar_url: str | None
    role: Literal["owner", "admin", "contributor", "viewer"]
    can_edit: bool
    can_add_stems: bool
    can_delete_stems: bool
    can_invite_others: bool
    can_export: bool
    joined_at: Time
    last_active_at: Time
    rev: int
    presence: Literal["online", "idle", "offline"] = "offline"
    current_activity: Literal["editing", "listening", "idle"] = "idle"


class MemberList(Shape):
    """All members of a piece, its owner first."""

    collaborators: list[Member]


class GivenFlags(Request):
    """Flags to be given; those that are not sent are as usual for the role, or stay."""

    can_edit: bool | None = None
    can_add_stems: bool | None = None
    can_delete_stems: bool | None = None
    can_invite_others: bool | None = None
    can_export: bool | None = None


class NewMember(GivenFlags):
    """Somebody to be added at once, by name."""

    username: Username
    role: GivenRole = "viewer"


class MemberChange(GivenFlags):
    """A role and flags to be given to a member; what is not sent stays."""

    role: GivenRole | None = None


class NewInvite(GivenFlags):
    """A link that makes whoever opens it a member, once; ``username``: only that person."""

    role: GivenRole = "viewer"
    username: Username | None = None
    expires_in: Days | None = 7


class Invite(Shape):
    """An invite; the link itself is shown once, when it is made."""

    id: str
    role: GivenRole
    flags: list[str]
    username: str | None
    created_at: Time
    expires_at: Time | None
    accepted_at: Time | None
    revoked_at: Time | None


class MadeInvite(Invite):
    """A new invite, with the link that nobody can be shown again."""

    invite_url: str
    invite_token: str


class InviteList(Shape):
    """The invites to a piece, newest first."""

    invites: list[Invite]


class InvitedTo(Shape):
    """What a piece's invite tells before it is accepted."""

    name: str
    kind: Literal["project", "loop"]


class Invitation(Shape):
    """An invite as the invited sees it."""

    project: InvitedTo
    by: Person
    role: GivenRole
    expires_at: Time | None
