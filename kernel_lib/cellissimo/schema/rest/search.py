"""Searching: words, and what the music is like."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from cellissimo.schema.rest.lists import Page, PageQuery
from cellissimo.schema.rest.projects import Card


class SearchQuery(PageQuery):
    """What is looked for: ``q`` are words of names, tags, chords, tempo, key or owner.

    ``tempo`` is a number or a range such as "90-120"; ``mine`` adds one's own to the public ones.
    """

    q: Annotated[str, Field(max_length=200)] | None = None
    kind: Literal["project", "song", "loop"] | None = None
    tag: Annotated[str, Field(max_length=40)] | None = None
    chord: Annotated[str, Field(max_length=64)] | None = None
    key: Annotated[str, Field(max_length=40)] | None = None
    tempo: Annotated[str, Field(pattern=r"^\d{1,3}(\.\d+)?(-\d{1,3}(\.\d+)?)?$")] | None = None
    sort: Literal["new", "updated", "views", "forks"] = "updated"
    mine: bool = False


class CardList(Page):
    """One page of what was found."""

    results: list[Card]
