"""The clock of the rooms: milliseconds that pass evenly, whatever becomes of the time of day."""

from __future__ import annotations

import time
from collections.abc import Callable


class RoomClock:
    """Milliseconds since it was made; it never steps, and never goes back [WIRE-12].

    A restart begins anew: whoever comes back measures again.
    """

    def __init__(self, counter: Callable[[], int] = time.monotonic_ns) -> None:
        """``counter``: nanoseconds that only grow."""
        self._counter = counter
        self._start = counter()

    def __call__(self) -> float:
        """The time now."""
        return (self._counter() - self._start) / 1_000_000
