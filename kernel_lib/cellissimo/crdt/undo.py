"""One undo step per gesture or per notebook cell, however many transactions it takes [DOC-11]."""

from __future__ import annotations

from typing import Any

import pycrdt

from cellissimo.crdt.gestures import Gestures

KERNEL = "kernel"
WIDGET = "widget"

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
