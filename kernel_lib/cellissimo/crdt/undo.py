"""Undo of one session: takes back its own changes, and never what others did since [DOC-11].

A step is the list of its changes by key. Taking it back writes the old value of each key that
still holds what the step wrote. (The undo manager of the CRDT library was measured to lose the
older value of a key that one step had set and removed.)
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cellissimo.crdt.mirror import Change, Mirror

KERNEL = "kernel"
WIDGET = "widget"

TRACKED = (KERNEL, WIDGET)
"""The origins of this session: its cells, and the gestures in its widgets."""

MOST_STEPS = 1000
"""Older steps are forgotten."""


@dataclass(slots=True)
class _Step:
    gesture: int
    changes: list[Change] = field(default_factory=list)


class UndoStack:
    """What this session can take back of one document, and do again."""

    def __init__(self, mirror: Mirror) -> None:
        """Start with nothing to take back."""
        self._mirror = mirror
        self._done: list[_Step] = []
        self._undone: list[_Step] = []

    def follow(self, mirror: Mirror) -> None:
        """Go on with another copy of the document; steps that do not fit it are passed over."""
        self._mirror = mirror

    def record(self, changes: list[Change], gesture: int) -> None:
        """Add changes to the step of their gesture; what was undone before is forgotten."""
        if not changes:
            return
        self._undone.clear()
        if not self._done or self._done[-1].gesture != gesture:
            self._done.append(_Step(gesture))
            del self._done[:-MOST_STEPS]
        self._done[-1].changes.extend(changes)

    def take_back(self) -> list[Change]:
        """Write what was before the last step, inside the caller's transaction; gives it."""
        return self._move(self._done, self._undone)

    def do_again(self) -> list[Change]:
        """Write what the step that was taken back last had written; gives it."""
        return self._move(self._undone, self._done)

    def _move(self, source: list[_Step], target: list[_Step]) -> list[Change]:
        while source:
            step = source.pop()
            inverse = [change.reversed() for change in reversed(step.changes)]
            written = [change for change in inverse if self._mirror.adopt(change)]
            if written:  # else all of it was taken back or overwritten elsewhere
                target.append(_Step(-step.gesture, written))
                return written
        return []

    @property
    def depth(self) -> tuple[int, int]:
        """How many steps can be undone, and how many redone."""
        return len(self._done), len(self._undone)
