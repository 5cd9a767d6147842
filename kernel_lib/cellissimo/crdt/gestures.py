"""What belongs to one undo step: a gesture, or a notebook cell, however long it takes [DOC-11]."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

_STEP_MS = 10
"""Apart by this much, two transactions are two undo steps; at the same time they are one."""


class Gestures:
    """A clock that stands still within a gesture: documents merge what happens at one time.

    ``lock`` is held by the thread that changes one of its documents or reads it [DOC-19].
    """

    def __init__(self) -> None:
        """Start before the first gesture."""
        self.now = 1
        self.lock = threading.RLock()
        self._depth = 0
        self._name: object = None

    @property
    def is_open(self) -> bool:
        """Whether a gesture, or a cell, goes on."""
        return self._depth > 0

    def begin(self) -> None:
        """Open a gesture; those opened within it belong to it."""
        with self.lock:
            if self._depth == 0:
                self.now += _STEP_MS
            self._depth += 1

    def end(self) -> None:
        """Close the gesture that was opened last."""
        with self.lock:
            self._depth = max(0, self._depth - 1)
            self._name = None

    @contextmanager
    def one(self, name: object = None) -> Iterator[None]:
        """One gesture; a further one of the same ``name``, straight after, goes on with it.

        Other threads wait with theirs until it is over.
        """
        with self.lock:
            goes_on = name is not None and name == self._name and self._depth == 0
            if goes_on:
                self._depth += 1
            else:
                self.begin()
            try:
                yield
            finally:
                self.end()
                self._name = name
