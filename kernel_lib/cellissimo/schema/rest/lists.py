"""Lists in pages: which page is wanted, and what every page says of itself."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from cellissimo.schema.rest.shape import Request, Shape


class PageQuery(Request):
    """Which page: number ``page``, or what comes after ``after``, the ``next`` of the one before.

    ``fields`` names the fields that each item is trimmed to, ``include`` what is added; both are
    separated by commas.
    """

    page: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    limit: Annotated[int, Field(ge=1, le=100)] = 20
    after: Annotated[str, Field(max_length=1000)] | None = None
    fields: Annotated[str, Field(max_length=1000)] | None = None
    include: Annotated[str, Field(max_length=200)] | None = None


class OneQuery(Request):
    """What of one thing is wanted; ``fields`` and ``include`` are separated by commas."""

    fields: Annotated[str, Field(max_length=1000)] | None = None
    include: Annotated[str, Field(max_length=200)] | None = None


class Page(Shape):
    """What every page of a list says of itself; ``page`` is null where ``after`` was asked."""

    total: int
    page: int | None
    limit: int
    has_more: bool
    next: str | None
