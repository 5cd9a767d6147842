"""Offers: a fork is offered back to what it was made from."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from cellissimo.schema.rest.lists import Page, PageQuery
from cellissimo.schema.rest.people import Person
from cellissimo.schema.rest.shape import Request, Shape, Time

Message = Annotated[str, Field(max_length=2000)]
Bar = Annotated[int, Field(ge=1, le=100_000)]


class NewOffer(Request):
    """A fork offers itself to its source."""

    message: Message = ""


class Offer(Shape):
    """An offer; ``state`` is open, accepted, partly, declined or withdrawn."""

    id: str
    from_piece: str
    from_name: str
    to_piece: str
    to_name: str
    author: Person
    message: str
    state: str
    seq: int
    answer: str | None
    decided_by: Person | None
    decided_at: Time | None
    created_at: Time


class OfferList(Page):
    """One page of offers, newest first."""

    offers: list[Offer]


class OffersQuery(PageQuery):
    """Offers to pieces of mine, or those that I made."""

    direction: Literal["in", "out"] = "in"


class OfferLook(Offer):
    """An offer with what it would change: in words, by bars, and one change after the other."""

    words: str
    bars: list[tuple[int, int]]
    changes: list[dict[str, Any]]


class Acceptance(Request):
    """What of an offer is taken: stretches of bars, first and last; nothing said: all of it."""

    bars: Annotated[list[tuple[Bar, Bar]], Field(min_length=1, max_length=200)] | None = None


class Refusal(Request):
    """What is said to somebody whose offer is not taken."""

    message: Message = ""
