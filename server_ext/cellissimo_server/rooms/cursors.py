"""Where everybody points: the newest of each, passed on as often as the room's size allows."""

from __future__ import annotations

from dataclasses import dataclass

from cellissimo.crdt.lib0 import Reader, WireError, number
from cellissimo.crdt.wire import Cursors as Frame
from cellissimo_server.rooms.seat import Seat

FASTEST_MS = 100.0
"""Between two frames, where few are there."""

SLOWEST_MS = 2_000.0
FEW = 8
"""So many people are told of ten times a second."""

GONE = bytes(3)
"""Pointing nowhere."""

_KINDS = 6


@dataclass(frozen=True, slots=True)
class Pointed:
    """A frame for everybody but whoever is alone in it."""

    frame: bytes
    sessions: frozenset[int]

    def is_for(self, seat: Seat) -> bool:
        """Whether it tells a session anything about others."""
        return self.sessions != {seat.session}


def interval(people: int) -> float:
    """Milliseconds between two frames of cursors in a room of so many.

    What each one receives in a second stays the same from eight people on.
    """
    return min(FASTEST_MS * max(people / FEW, 1.0), SLOWEST_MS)


class Cursors:
    """The cursors of one room [WIRE-11]."""

    def __init__(self) -> None:
        """Nobody points anywhere."""
        self._points: dict[int, bytes] = {}
        self._moved: set[int] = set()
        self._sent = float("-inf")
        self._people = 0

    def point(self, seat: Seat, content: bytes) -> None:
        """Somebody points somewhere, or nowhere any more.

        Raises:
            WireError: the bytes are no cursor.
        """
        _check(content)
        if self._points.get(seat.session, GONE) != content:
            self._points[seat.session] = content
            self._moved.add(seat.session)

    def leave(self, seat: Seat) -> None:
        """Somebody is gone, and so is where they pointed."""
        if self._points.get(seat.session, GONE) != GONE:
            self._moved.add(seat.session)
        self._points.pop(seat.session, None)

    def due(self, now: float, people: int) -> Pointed | None:
        """What moved since the last frame, where it is time for one; ``now`` in ms."""
        self._people = people
        if not self._moved or now < self._next:
            return None
        moved, self._moved, self._sent = self._moved, set(), now
        return self._frame(moved)

    @property
    def next_due(self) -> float | None:
        """When there is something to send; None where nothing moved."""
        return self._next if self._moved else None

    @property
    def _next(self) -> float:
        return self._sent + interval(self._people)

    def everybody(self) -> Pointed | None:
        """Where all point who point somewhere, for somebody who comes."""
        there = {session for session, content in self._points.items() if content != GONE}
        return self._frame(there) if there else None

    def _frame(self, sessions: set[int]) -> Pointed:
        each = [(session, self._points.get(session, GONE)) for session in sorted(sessions)]
        return Pointed(Frame(tuple(each)).pack(), frozenset(sessions))


def _check(content: bytes) -> None:
    reader = Reader(content)
    kind = reader.number()
    if kind >= _KINDS:
        raise WireError(f"a cursor is of kind {kind}; the kinds are 0 … {_KINDS - 1}")
    reader.number()
    reader.number()
    reader.end()


def cursor(kind: int, a: int = 0, b: int = 0) -> bytes:
    """The bytes of a cursor."""
    return number(kind) + number(a) + number(b)
