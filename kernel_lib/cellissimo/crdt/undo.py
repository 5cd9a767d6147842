"""One undo step per gesture or per notebook cell, however many transactions it takes [DOC-11]."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pycrdt

KERNEL = "kernel"
WIDGET = "widget"

_STEP_MS = 10
"""Apart by this much, two transactions are two undo steps; at the same time they are one."""


class Gestures:
    """A clock that stands still within a gesture: documents merge what happens at one time."""

    def __init__(self) -> None:
        """Start before the first gesture."""
        self.now = 1
        self._depth = 0
        self._name: object = None

    def begin(self) -> None:
        """Open a gesture; those opened within it belong to it."""
        if self._depth == 0:
            self.now += _STEP_MS
        self._depth += 1

    def end(self) -> None:
        """Close the gesture that was opened last."""
        self._depth = max(0, self._depth - 1)
        self._name = None

    @contextmanager
    def one(self, name: object = None) -> Iterator[None]:
        """One gesture; a further one of the same ``name``, straight after, goes on with it."""
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


class UndoStack:
    """What this session can take back of one document."""

    def __init__(self, scopes: list[pycrdt.Map[Any]], gestures: Gestures) -> None:
        """Track the transactions of this kernel and of its widgets under ``scopes``."""
        self._manager = pycrdt.UndoManager(
            scopes=list(scopes), capture_timeout_millis=1, timestamp=lambda: gestures.now
        )
        for origin in (KERNEL, WIDGET):
            self._manager.include_origin(origin)

    def undo(self) -> bool:
        """Take back the last step; False where there is none."""
        return self._manager.undo()

    def redo(self) -> bool:
        """Do again what was last taken back; False where there is nothing."""
        return self._manager.redo()

    @property
    def depth(self) -> tuple[int, int]:
        """How many steps can be undone, and how many redone."""
        return len(self._manager.undo_stack), len(self._manager.redo_stack)
