"""What a peer of a room knows and tells, as values: states, people, transport and what came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

LinkState: TypeAlias = Literal[
    "joining", "live", "slow", "offline", "read-only", "refused", "closed"
]
"""``joining``: on the way in. ``live``: edits reach the room, and are kept. ``slow``: they wait for
more than two seconds. ``offline``: they are kept here until the room is reached again.
``read-only``: the room is reached, and nothing may be edited. ``refused``: an edit was not taken,
and the room's document is being loaded. ``closed``: one is not in the room any more."""

CURSORS = ("gone", "grid", "timeline", "roll", "text", "code")
"""The kinds of cursors, by their number on the wire."""

Told: TypeAlias = Mapping[str, Any]
"""JSON that came from a room."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who somebody is, as the server says it."""

    id: str
    name: str
    color: str = ""
    kind: str = "user"

    @classmethod
    def of(cls, told: object) -> Person:
        """Out of JSON; what is missing is empty."""
        found = told if isinstance(told, Mapping) else {}
        return cls(*(str(found.get(key, "")) for key in ("id", "name", "color", "kind")))


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where somebody points: what ``a`` and ``b`` are, ``kind`` tells (grid: row and cell, …)."""

    kind: str
    a: int
    b: int


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in the room; one person may be here several times, each a session.

    ``activity`` is "editing", "listening" or "idle"; ``via`` "page", "jam", "kernel" or "other";
    ``place`` what they look at: "song", "loop:<id>" … or "".
    """

    session: int
    person: Person
    role: str | None
    via: str
    activity: str
    place: str
    cursor: Pointer | None = None
    is_me: bool = False

    @property
    def name(self) -> str:
        """The name that others see."""
        return self.person.name

    def __repr__(self) -> str:
        """One line, the same in every run."""
        role = f", {self.role}" if self.role else ""
        me = " (me)" if self.is_me else ""
        return f"{self.name}{me}{role}, in a {self.via}, {self.activity}"


@dataclass(frozen=True, slots=True)
class TransportState:
    """What the room plays: ``tick`` of ``of`` sounds at the room's time ``at``, milliseconds."""

    leader: int | None = None
    playing: bool = False
    of: str = "song"
    tick: float = 0
    at: float = 0
    region: tuple[int, int] | None = None
    number: int = 0
    rounds: int = 0

    @classmethod
    def of_told(cls, told: Told) -> TransportState:
        """Out of JSON."""
        region = told.get("region")
        return cls(
            leader=told.get("leader"),
            playing=bool(told.get("playing")),
            of=str(told.get("of", "song")),
            tick=float(told.get("tick", 0)),
            at=float(told.get("at", 0)),
            region=None if not region else (int(region[0]), int(region[1])),
            number=int(told.get("number", 0)),
            rounds=int(told.get("rounds", 0)),
        )


@dataclass(frozen=True, slots=True)
class RoomView:
    """All that is known of a room at one moment.

    ``settled`` is the number of the last edit that is kept or refused. ``offset`` is the room's
    clock less this process's, and ``round_trip`` there and back, in milliseconds.
    """

    state: LinkState = "joining"
    reason: str = ""
    session: int | None = None
    me: Person | None = None
    role: str | None = None
    may: frozenset[str] = frozenset()
    epoch: str = ""
    seq: int = 0
    settled: int = 0
    unsaved: int = 0
    transport: TransportState = field(default_factory=TransportState)
    members: tuple[Member, ...] = ()
    offset: float | None = None
    round_trip: float | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """An edit on its way: its number, what belongs to one gesture, and recordings it names.

    ``generation`` is that of the document it was made in; ``at`` when, in seconds.
    """

    number: int
    generation: int
    update: bytes
    gesture: int
    at: float
    blobs: frozenset[str] = frozenset()


# -- what came, for the thread that has the document ---------------------------------------------


@dataclass(frozen=True, slots=True)
class Arrived:
    """Edits of others; ``away``: they were made while this peer was not here."""

    updates: tuple[bytes, ...]
    seq: int
    away: bool = False


@dataclass(frozen=True, slots=True)
class Reopened:
    """The document anew, because of a refusal.

    Edits up to ``kept`` are in it; those after that, up to ``number``, are not.
    """

    content: bytes
    seq: int
    error: Told
    kept: int
    number: int


@dataclass(frozen=True, slots=True)
class Heard:
    """News of the room."""

    news: Told


Event: TypeAlias = Arrived | Reopened | Heard
