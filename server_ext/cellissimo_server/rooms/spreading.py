"""Telling everybody in a room of edits: the first at once, then in batches, packed once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from cellissimo.crdt import wire
from cellissimo_server.rooms.figures import Figures
from cellissimo_server.rooms.place import Place
from cellissimo_server.rooms.taking import Made

BATCH_S = 0.008
"""Between two frames of edits to one session, in seconds."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An edit that is durable: when by the room's clock, and when it had come in."""

    made: Made
    stamp: float
    came: float


class Batch:
    """Edits in the order of the journal, as the frames of both dialects; each packed once."""

    def __init__(self, edits: Sequence[Kept]) -> None:
        """There is one at least."""
        self._edits = edits

    @cached_property
    def changes(self) -> bytes:
        """One frame for those who said HELLO."""
        last = self._edits[-1]
        updates = tuple([kept.made.entry.bytes for kept in self._edits])
        return wire.Changes(last.made.entry.seq, last.stamp, updates).pack()

    @cached_property
    def updates(self) -> tuple[bytes, ...]:
        """A frame for each, for plain clients."""
        each = (wire.Sync(wire.UPDATE, kept.made.entry.bytes) for kept in self._edits)
        return tuple([sync.pack() for sync in each])

    def frames(self, place: Place) -> tuple[bytes, ...]:
        """What a session is sent of it."""
        return (self.changes,) if place.seat.speaks else self.updates


class Spreading:
    """Edits that are durable and not told yet."""

    def __init__(
        self,
        places: Callable[[], Iterable[Place]],
        clock: Callable[[], float],
        figures: Figures,
        state: bytes,
    ) -> None:
        """``state`` is the document's state vector, of which everybody who comes will ask."""
        self._places = places
        self._clock = clock
        self._figures = figures
        self._waiting: list[Kept] = []
        self._timer: asyncio.TimerHandle | None = None
        self._last = float("-inf")
        self._state = self._told = state

    @property
    def state(self) -> bytes:
        """The state vector of everything that is durable."""
        return self._state

    def add(self, edits: Iterable[Kept], state: bytes) -> None:
        """These are durable now, and lead to ``state``."""
        self._waiting += edits
        self._state = state
        if self._timer is not None:
            return
        loop = asyncio.get_running_loop()
        wait = self._last + BATCH_S - loop.time()
        if wait > 0:
            self._timer = loop.call_later(wait, self.flush)
        else:
            self.flush()

    def flush(self) -> None:
        """Tell everybody now; nobody of their own edits."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if not self._waiting:
            return
        self._last = asyncio.get_running_loop().time()
        edits, self._waiting = self._waiting, []
        before, self._told = self._told, self._state
        for_all, authors = Batch(edits), {kept.made.key for kept in edits}
        for place in self._places():
            if place in authors:
                others = [kept for kept in edits if kept.made.key is not place]
                batch = Batch(others) if others else None
            else:
                batch = for_all
            if batch is not None:
                _tell(place, batch, before)
        now = self._clock()
        for kept in edits:
            if kept.made.key is not None:
                self._figures.broadcast(now - kept.came)

    def missed(self, update: bytes, place: Place, seq: int, stamp: float) -> None:
        """Give a session that was behind what it missed."""
        if place.seat.speaks:
            frame = wire.Changes(seq, stamp, (update,)).pack()
        else:
            frame = wire.Sync(wire.UPDATE, update).pack()
        place.outbox.catch_up(frame)


def _tell(place: Place, batch: Batch, before: bytes) -> None:
    for frame in batch.frames(place):
        if not place.outbox.tell(frame, before):
            return
