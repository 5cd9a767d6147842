"""Share links: whoever has one may listen, and what else it allows."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from cellissimo.schema.policy import Right
from cellissimo.schema.rest.loops import Loop
from cellissimo.schema.rest.shape import Request, Shape, Time
from cellissimo.schema.rest.songs import Song

Rights = Annotated[list[Right], Field(min_length=1, max_length=len(Right))]


class NewShare(Request):
    """A link to be made: how many days it is valid, null for ever, and what it allows."""

    expires_in: Annotated[int, Field(ge=1, le=3650)] | None = None
    rights: Rights = Field(default_factory=lambda: [Right.LISTEN])


class MadeShare(Shape):
    """A new link; its token cannot be shown again."""

    id: str
    share_url: str
    share_token: str
    expires_at: Time | None
    rights: list[Right]


class Share(Shape):
    """A link to a piece, without its token."""

    id: str
    rights: list[Right]
    created_at: Time
    expires_at: Time | None
    last_used_at: Time | None
    uses: int
    revoked_at: Time | None


class ShareList(Shape):
    """The links to a piece, newest first."""

    shares: list[Share]


class ShareChange(Request):
    """What a link is to allow from now on, and until when (null: for ever)."""

    expires_in: Annotated[int, Field(ge=1, le=3650)] | None = None
    rights: Rights | None = None


class SharedOwner(Shape):
    """What a link tells of whose it is: no more than they chose to show."""

    display_name: str
    avatar_url: str | None


class Shared(Shape):
    """What a link opens: the music, whose it is, and what may be done with it."""

    type: Literal["loop", "song"]
    data: Loop | Song
    owner: SharedOwner
    rights: list[Right]
    document: str
    code: str
    digest: str
