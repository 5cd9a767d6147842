"""Rooms as the interface tells of them: how one comes in, and who is there."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from cellissimo.schema.rest.people import Name
from cellissimo.schema.rest.said import RoomPerson
from cellissimo.schema.rest.shape import Request, Shape, Time


class TicketRequest(Request):
    """How somebody comes into a room; with ``link``, by that share link's right too.

    A visitor becomes a guest of the chosen ``name``.
    """

    via: Literal["page", "jam", "kernel", "other"] = "page"
    link: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    name: Name | None = None


class TicketMade(Shape):
    """A ticket: the websocket at ``url`` is opened with it once, before it expires.

    ``name`` is the piece's, ``epoch`` names its document's history, ``seq`` is its revision;
    ``role`` and ``may`` are what its person may do.
    """

    ticket: str
    url: str
    name: str
    expires_at: Time
    epoch: str
    seq: int
    person: RoomPerson
    role: str | None
    may: list[str]


class Latency(Shape):
    """Milliseconds from an edit's arrival until the others are told of it."""

    p50: float | None
    p95: float | None


class Session(Shape):
    """One session in a room, with what was received from it and sent to it, in bytes."""

    session: int
    person: RoomPerson
    role: str | None
    via: str
    activity: str
    place: str
    state: str
    received: int
    sent: int
    outbox: int


class RoomShown(Shape):
    """A room: who is there, what plays, and what is measured of it."""

    piece_id: str
    name: str
    state: Literal["empty", "loading", "ready", "draining", "closed"]
    seq: int
    epoch: str
    participants: list[Session]
    transport: dict[str, Any] | None
    edits: int
    edits_per_second: float
    refusals: int
    latency: Latency
    journal_lag: float
