"""The document of a piece: what it says as text, and as updates."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from cellissimo.schema.rest.shape import Request, Shape

MOST_UPDATE = 4_000_000
"""Bytes of one update."""

MOST_TEXT = 20_000_000
"""Bytes of a song text."""


class DocumentQuery(Request):
    """What of a document is wanted: all, or what a replica of this ``state`` lacks (base64url)."""

    state: Annotated[str, Field(max_length=200_000)] | None = None


class Taken(Shape):
    """An edit that is durable: its revision, and what the server has seen (base64url)."""

    seq: int
    state: str
