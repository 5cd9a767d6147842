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

TOGETHER_S = 2.0
"""A gesture goes on for so long after the page has told of it last."""

MOST_SEEN = 2000
"""Changes that are remembered, for pages that tell of them later: a cell may run meanwhile."""


class Claims:
    """Which of the changes that came through a room are those of one's own widgets."""

    def __init__(self, document: Document) -> None:
        """Of the changes of a document."""
        self._document = document
        self._seen: deque[tuple[float, Change]] = deque(maxlen=MOST_SEEN)
        self._mine: dict[Key, tuple[str, float]] = {}

    def arrived(self, changes: Iterable[Change]) -> None:
        """Changes have come through the room."""
        found: dict[str, list[Change]] = {}
        now = time.monotonic()
        self._mine = {key: held for key, held in self._mine.items() if now < held[1]}
        for change in changes:
            mine = self._mine.get((change.path, change.key))
            if mine is not None:
                found.setdefault(mine[0], []).append(change)
            else:
                self._seen.append((now, change))
        for gesture, own in found.items():
            self._document.record(own, (gesture,))

    def claim(self, gesture: str, keys: Sequence[Sequence[str]]) -> None:
        """A page's gesture changed these keys: each a path of maps, and the key in the last."""
        until = time.monotonic() + TOGETHER_S
        found = []
        for *path, key in keys:
            at = (tuple(path), key)
            self._mine[at] = (gesture, until)
            found += self._taken(at)
        self._document.record(found, (gesture,))

    def _taken(self, key: Key) -> list[Change]:
        """What has come for a key already: the last, and what came shortly before that."""
        found: list[tuple[float, Change]] = []
        for at, change in reversed(self._seen):
            if (change.path, change.key) == key and (not found or found[-1][0] - at < TOGETHER_S):
                found.append((at, change))
        for one in found:
            self._seen.remove(one)
        return [change for _, change in reversed(found)]
