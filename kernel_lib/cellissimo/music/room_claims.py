"""Gestures in pages of this kernel's widgets, which came by way of the room: they are one's own.

A page sits in the room itself, so what is done there reaches the kernel as anybody's edit does. By
its comm the page tells which keys a gesture changed, before or after that; so undo knows it.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Sequence

from cellissimo.crdt.document import Document
from cellissimo.crdt.mirror import Change, Path

Key = tuple[Path, str]

EXPECTED_S = 5.0
"""So long a change is waited for that a page has told of."""

MOST_SEEN = 2000
"""Changes that are remembered, for pages that tell of them later: a cell may run meanwhile."""


class Claims:
    """Which of the changes that came through a room are those of one's own widgets."""

    def __init__(self, document: Document) -> None:
        """Of the changes of a document."""
        self._document = document
        self._seen: deque[Change] = deque(maxlen=MOST_SEEN)
        self._expected: dict[Key, tuple[str, float]] = {}

    def arrived(self, changes: Iterable[Change]) -> None:
        """Changes have come through the room."""
        mine: dict[str, list[Change]] = {}
        now = time.monotonic()
        for change in changes:
            gesture, until = self._expected.pop((change.path, change.key), ("", 0.0))
            if now < until:
                mine.setdefault(gesture, []).append(change)
            else:
                self._seen.append(change)
        for gesture, found in mine.items():
            self._document.record(found, (gesture,))

    def claim(self, gesture: str, keys: Sequence[Sequence[str]]) -> None:
        """A page's gesture changed these keys: each a path of maps, and the key in the last."""
        found = []
        until = time.monotonic() + EXPECTED_S
        for *path, key in keys:
            change = self._take((tuple(path), key))
            if change is None:
                self._expected[tuple(path), key] = (gesture, until)
            else:
                found.append(change)
        self._document.record(found, (gesture,))

    def _take(self, key: Key) -> Change | None:
        for change in reversed(self._seen):
            if (change.path, change.key) == key:
                self._seen.remove(change)
                return change
        return None
