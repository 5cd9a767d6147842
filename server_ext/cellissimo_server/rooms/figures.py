"""What is measured of rooms: of each one, and of all together."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Protocol

_RECENT = 512
_WINDOW_MS = 10_000.0


class Meter(Protocol):
    """What counts for all rooms of a server together."""

    def edited(self, count: int) -> None:
        """So many edits have become durable."""
        ...

    def told(self, ms: float) -> None:
        """The others were told of an edit so long after it came in."""
        ...

    def refused(self, code: int) -> None:
        """A session was closed with a code."""
        ...


class Unmetered:
    """Nobody counts."""

    def edited(self, count: int) -> None:
        """Nothing."""

    def told(self, ms: float) -> None:
        """Nothing."""

    def refused(self, code: int) -> None:
        """Nothing."""


@dataclass(slots=True)
class Figures:
    """Counts since the room was opened, and what happened lately; times in ms."""

    meter: Meter = field(default_factory=Unmetered)
    edits: int = 0
    refusals: int = 0
    received: int = 0
    """Bytes from everybody."""
    peak: int = 0
    """The most sessions at a time."""
    _latencies: deque[float] = field(default_factory=lambda: deque(maxlen=_RECENT))
    _edited: deque[float] = field(default_factory=lambda: deque(maxlen=_RECENT * 8))

    def edited(self, now: float, count: int) -> None:
        """So many edits have become durable."""
        self.edits += count
        self._edited.extend([now] * count)
        self.meter.edited(count)

    def broadcast(self, ms: float) -> None:
        """The others were told of an edit so long after it came in."""
        self._latencies.append(ms)
        self.meter.told(ms)

    def refused(self, code: int) -> None:
        """A session was closed for what it has sent."""
        self.refusals += 1
        self.meter.refused(code)

    def per_second(self, now: float) -> float:
        """Edits a second, over the last ten seconds."""
        while self._edited and self._edited[0] < now - _WINDOW_MS:
            self._edited.popleft()
        return len(self._edited) * 1000 / _WINDOW_MS

    def latency(self, share: float) -> float | None:
        """The time within which a share of the recent edits was told; None before the first."""
        if not self._latencies:
            return None
        found = sorted(self._latencies)
        return found[min(int(len(found) * share), len(found) - 1)]
