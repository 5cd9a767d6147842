"""What waits for all sessions of a server together: bounded, whoever has the most has to go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

MOST_SENT_IN = 64 * 1024 * 1024
"""Bytes of frames that sessions have sent and that wait for their turn."""

MOST_SENT_OUT = 256 * 1024 * 1024
"""Bytes of frames that sessions have not read yet."""


class Share:
    """What waits for one session."""

    __slots__ = ("_bound", "drop", "size")

    def __init__(self, bound: Bound, drop: Callable[[], None]) -> None:
        """Nothing waits."""
        self._bound: Bound | None = bound
        self.drop = drop
        self.size = 0

    def add(self, size: int) -> None:
        """So many bytes more wait, or fewer; where all together are too many, somebody goes."""
        if self._bound is not None:
            self.size += size
            self._bound.add(size)

    def end(self) -> None:
        """Nothing of it counts any more."""
        if self._bound is not None:
            self._bound.leave(self)
            self._bound = None


class Bound:
    """The shares of all sessions, and the most that they may be together."""

    def __init__(self, most: int) -> None:
        """``most`` bytes."""
        self._most = most
        self._shares: set[Share] = set()
        self.size = 0

    def share(self, drop: Callable[[], None]) -> Share:
        """The share of a session; ``drop`` is called where it has to go."""
        found = Share(self, drop)
        self._shares.add(found)
        return found

    def add(self, size: int) -> None:
        """Some share has grown by so many bytes. *Cost*: O(1), O(sessions) where it is too much."""
        self.size += size
        while size > 0 and self.size > self._most and self._shares:
            largest = max(self._shares, key=lambda one: one.size)
            largest.end()
            largest.drop()

    def leave(self, share: Share) -> None:
        """A share ends."""
        self._shares.discard(share)
        self.size -= share.size


@dataclass(frozen=True, slots=True)
class Bounds:
    """Those of one server, in both directions."""

    sent_in: Bound = field(default_factory=lambda: Bound(MOST_SENT_IN))
    sent_out: Bound = field(default_factory=lambda: Bound(MOST_SENT_OUT))
