"""A seat in a room: one websocket of one person, as the room knows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cellissimo.schema.policy import NOBODY, Standing

COLORS = (
    "#c2410c", "#a16207", "#4d7c0f", "#047857", "#0e7490", "#1d4ed8",
    "#6d28d9", "#a21caf", "#be123c", "#7c5c46", "#3f6212", "#475569",
)  # fmt: skip
"""The colours of people; each is read well on light and on dark."""


@dataclass(frozen=True, slots=True)
class RoomPerson:
    """Who sits there, as everybody sees it; ``kind`` is "user" or "guest"."""

    id: str
    name: str
    color: str
    kind: str = "user"

    def told(self) -> dict[str, str]:
        """What HELLO and presence say of them."""
        return {"id": self.id, "name": self.name, "color": self.color, "kind": self.kind}


@dataclass(slots=True, eq=False)
class Seat:
    """One session of a room; equal to itself alone.

    ``session`` is its number in the room; ``joined`` the room's clock in ms when it came;
    ``standing`` what it may do, kept up to date while it is here; ``via`` "page", "jam", "kernel"
    or "other"; ``speaks``: it has said HELLO. ``client`` is the id that its presence named first.
    ``send`` puts one packed frame into its outbox.
    """

    session: int
    person: RoomPerson
    send: Callable[[bytes], None]
    joined: float = 0.0
    standing: Standing = NOBODY
    via: str = "other"
    speaks: bool = False
    client: int | None = None


def color_of(person_id: str) -> str:
    """The colour of somebody, the same in every room and after every restart."""
    return COLORS[sum(person_id.encode()) % len(COLORS)]
