"""Seats of a room without a socket."""

from __future__ import annotations

from itertools import count

from cellissimo.schema.policy import USUAL_FLAGS, Role, Standing
from cellissimo_server.rooms.seat import RoomPerson, Seat, color_of

NUMBERS = count(1)


def seat(name="ann", role=Role.CONTRIBUTOR, **said):
    """A seat of somebody who has said HELLO from a page."""
    person = RoomPerson(name, name.title(), color_of(name))
    standing = Standing(role, USUAL_FLAGS[role]) if role else Standing()
    given = {"via": "page", "speaks": True, "session": next(NUMBERS)} | said
    return Seat(person=person, send=lambda _: None, standing=standing, **given)
