"""Edits that a room has not kept yet: in order, numbered anew in each session, a few at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Set as AbstractSet

from cellissimo.client.room_values import Submission
from cellissimo.crdt.shadow import merged

MOST_FLYING = 32
"""Edits that may be on their way at once."""

MOST_MERGED = 64
"""Updates of one gesture that become one edit."""

MOST_BYTES = 1_000_000
"""Bytes from which updates are not put together any more."""


class Edits:
    """What is waiting, and what was sent and not acknowledged."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._waiting: deque[Submission] = deque()
        self._flying: deque[tuple[int, list[Submission]]] = deque()
        self._number = 0
        self.settled = 0
        """The number of the last submission that is kept, or refused."""

    def add(self, edit: Submission) -> None:
        """Take an edit to be sent after all that came before it."""
        self._waiting.append(edit)

    def cut(self) -> None:
        """The session ended: what was not acknowledged is sent again in the next."""
        for _, edits in reversed(self._flying):
            self._waiting.extendleft(reversed(edits))
        self._flying.clear()
        self._number = 0

    def next(self, there: AbstractSet[str]) -> tuple[int, bytes] | None:
        """The number and update to be sent now; None where nothing waits, or it has to.

        Updates of one gesture that wait together go together. An edit that names recordings
        which are not ``there`` waits for them, and all that come after it.
        """
        if not self._waiting or len(self._flying) >= MOST_FLYING or self.needed(there):
            return None
        edits = [self._waiting.popleft()]
        size = len(edits[0].update)
        while self._goes_on(edits, there) and size < MOST_BYTES:
            edits.append(self._waiting.popleft())
            size += len(edits[-1].update)
        self._number += 1
        self._flying.append((self._number, edits))
        return self._number, merged(edit.update for edit in edits)

    def _goes_on(self, edits: list[Submission], there: AbstractSet[str]) -> bool:
        if not self._waiting or len(edits) >= MOST_MERGED:
            return False
        following = self._waiting[0]
        return following.gesture == edits[-1].gesture and following.blobs <= there

    def needed(self, there: AbstractSet[str]) -> frozenset[str]:
        """Recordings that have to be there before the next edit is sent."""
        return self._waiting[0].blobs - there if self._waiting else frozenset()

    def kept(self, number: int) -> None:
        """All that were sent up to a number are on the server's disk."""
        while self._flying and self._flying[0][0] <= number:
            self.settled = self._flying.popleft()[1][-1].number

    def drop(self) -> int:
        """Give up all that is not kept; gives the number of the last."""
        self.cut()
        if self._waiting:
            self.settled = self._waiting[-1].number
            self._waiting.clear()
        return self.settled

    def __len__(self) -> int:
        """How many are not kept yet."""
        return len(self._waiting) + sum(len(edits) for _, edits in self._flying)

    @property
    def oldest(self) -> float | None:
        """When the oldest of those that are not kept was made, in seconds."""
        if self._flying:
            return self._flying[0][1][0].at
        return self._waiting[0].at if self._waiting else None
