"""Edits on their way to a room, and what becomes of those that it does not take."""

from __future__ import annotations

import time
import warnings
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cellissimo.client.room_values import Reopened, Submission, Told
from cellissimo.client.storage import blobs_of
from cellissimo.crdt.document import UNDO, Document
from cellissimo.crdt.mirror import Change
from cellissimo.crdt.undo import TRACKED
from cellissimo.notation.diff import diff_songs

if TYPE_CHECKING:
    from cellissimo.music.stored import Stored
    from cellissimo.schema.models import Song

AGAIN = "again"
"""The origin of edits that are made once more, after the one before them was refused."""

_OWN = (*TRACKED, UNDO, AGAIN)
"""The origins of what this kernel does, and so sends."""

_EMPTY = b"\x00\x00"
_WITH_RECORDINGS = frozenset({"segments", "stems"})


class RoomWarning(UserWarning):
    """Something in a room that whoever works there should know."""


@dataclass(frozen=True, slots=True)
class _Step:
    number: int
    gesture: int
    changes: tuple[Change, ...]


class Unkept:
    """What this kernel changed in a document and its room has not kept yet, as values too."""

    def __init__(self, document: Document, submit: Callable[[Submission], None]) -> None:
        """Hear what is changed from now on; ``submit`` sends it."""
        self._document = document
        self._submit = submit
        self._steps: deque[_Step] = deque()
        self._changes: tuple[Change, ...] = ()
        self._generation = 0
        self._blobs: frozenset[str] = frozenset()
        self.number = 0
        """The number of the last edit."""
        self._ends = [document.watch(self._watched), document.observe(self._edited)]

    def end(self) -> None:
        """Hear no more."""
        for end in self._ends:
            end()

    def _watched(self, changes: list[Change]) -> None:
        self._changes = tuple(changes)

    def _edited(self, update: bytes) -> None:
        if self._document.origin not in _OWN or update == _EMPTY:
            return
        if _WITH_RECORDINGS & {change.path[0] for change in self._changes}:
            self._blobs = frozenset(blobs_of(self._document.revision))
        self.add(update, self._blobs, self._changes)

    def add(self, update: bytes, blobs: frozenset[str], changes: tuple[Change, ...] = ()) -> None:
        """Send an update that names recordings, and remember what it changed."""
        self.number += 1
        gesture = self._document.gesture
        self._steps.append(_Step(self.number, gesture, changes))
        edit = Submission(
            self.number, self._generation, update, gesture, time.monotonic(), frozenset(blobs)
        )
        self._submit(edit)

    def waiting(self, settled: int) -> int:
        """How many edits are not kept, where all up to the number ``settled`` are."""
        while self._steps and self._steps[0].number <= settled:
            self._steps.popleft()
        return len(self._steps)

    def reopen(self, reopened: Reopened, *, again: bool) -> list[Change]:
        """Go on with the room's document; gives the changes that are not in it.

        The gesture that was refused is left out. What came after it is made ``again``, where it
        still fits.
        """
        steps = [step for step in self._steps if step.number > reopened.kept]
        self._steps.clear()
        self._generation += 1
        self._document.reopen(reopened.content)
        if not again:
            return [change for step in steps for change in step.changes]
        refused = steps[0].gesture if steps else 0
        left_over = [change for step in steps if step.gesture == refused for change in step.changes]
        for step in steps:
            if step.gesture != refused:
                left_over += self._document.merge(step.changes, origin=AGAIN)
        return left_over


class Draft:
    """A change of yours that a room did not take.

    ``reason`` and ``cure`` are the server's; ``words`` what it would have changed.
    """

    def __init__(self, thing: Stored, there: Song, changes: Iterable[Change], error: Told) -> None:
        """What ``changes`` would make of what is ``there``."""
        self._changes = list(changes)
        draft = Document(there)
        draft.force(self._changes)
        self._thing = thing
        self._drop: Callable[[Draft], None] = lambda _: None
        self.model = draft.revision
        """The song as it would be."""
        self.reason = str(error.get("message", ""))
        self.cure = str(error.get("cure", ""))
        self.words = repr(diff_songs(there, self.model))

    def fork(self) -> Stored:
        """A piece of your own on the server, which has the change; the draft is done with.

        Raises:
            ServerError: you may not fork this, or the server does not answer.
        """
        from cellissimo.client.keeping import catch_up  # noqa: PLC0415 - beside pydantic

        made = self._thing.fork()
        if self.model.kind == "loop":  # its one loop has another id there
            catch_up(made.document, self.model)
        else:
            made.document.force(self._changes)
        made.push()
        self.drop()
        return made

    def save(self, path: str | Path) -> Path:
        """Write the song as it would be into a song file; the draft itself goes with this process.

        Raises:
            OSError: nothing can be written there.
        """
        from cellissimo.music.files import save_model  # noqa: PLC0415 - seldom asked for

        return save_model(self.model, path)

    def drop(self) -> None:
        """Do without it."""
        drop, self._drop = self._drop, lambda _: None
        drop(self)

    def on_drop(self, drop: Callable[[Draft], None]) -> None:
        """Call ``drop`` when it is done with."""
        self._drop = drop

    def __repr__(self) -> str:
        """What it would have changed, and why it did not."""
        return f"not taken: {'; '.join(self.words.splitlines())} ({self.reason})"


def announce(draft: Draft) -> None:
    """Warn of a new draft."""
    message = (
        f"the room did {draft!r}. {draft.cure} It lies in room.drafts; .fork() or .save() keeps it"
    )
    warnings.warn(message.replace("did not taken", "has not taken"), RoomWarning, stacklevel=2)
