"""The room's clock, as probes there and back tell it: milliseconds."""

from __future__ import annotations

from collections import deque
from statistics import fmean

MOST_PROBES = 60
"""Probes that are remembered."""

_BEST = 5
"""Of so many probes one is believed: those with the smallest round trip."""


class RoomClock:
    """The offset of the room's clock, out of the probes that were the quickest."""

    def __init__(self) -> None:
        """Nothing is known."""
        self._sent: dict[int, float] = {}
        self._number = 0
        self._seen: deque[tuple[float, float]] = deque(maxlen=MOST_PROBES)

    def probe(self, now_ms: float) -> int:
        """The number of a probe that is sent now."""
        self._number += 1
        self._sent[self._number] = now_ms
        return self._number

    def answered(self, number: int, room_ms: float, now_ms: float) -> None:
        """The room said what its clock was when a probe came in."""
        sent = self._sent.pop(number, None)
        if sent is not None:
            self._seen.append((now_ms - sent, room_ms - (sent + now_ms) / 2))

    def forget(self) -> None:
        """Another server may answer next time: its clock is another one."""
        self._sent.clear()
        self._seen.clear()

    @property
    def offset(self) -> float | None:
        """The room's clock less one's own; None before the first answer."""
        best = sorted(self._seen)[: max(1, len(self._seen) // _BEST)]
        return fmean(offset for _, offset in best) if best else None

    @property
    def round_trip(self) -> float | None:
        """The smallest there and back; None before the first answer."""
        return min((trip for trip, _ in self._seen), default=None)

    @property
    def probes(self) -> int:
        """How many were answered."""
        return len(self._seen)
