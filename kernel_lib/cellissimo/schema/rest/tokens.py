"""Tokens for scripts: named, with the scopes that they need, and an end."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from cellissimo.schema.rest.people import Name
from cellissimo.schema.rest.shape import Request, Shape, Time

Scope = Literal["read", "write", "upload"]


class NewToken(Request):
    """A token to be made; ``expires_in`` in days, none: until it is revoked."""

    name: Name
    scopes: Annotated[tuple[Scope, ...], Field(min_length=1, max_length=3)] = ("read",)
    expires_in: Annotated[float, Field(gt=0, le=3650)] | None = None


class Token(Shape):
    """A token as its owner sees it; the token itself is shown once, when it is made."""

    id: str
    name: str
    scopes: list[str]
    created_at: Time
    expires_at: Time | None
    last_used_at: Time | None


class TokenMade(Token):
    """A new token, and its secret, for the only time."""

    token: str


class TokenList(Shape):
    """Somebody's tokens that are valid, newest first."""

    tokens: list[Token]
