"""What all documents of one kernel share: its gestures, and the front end that shows things."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from cellissimo.crdt.gestures import Gestures
from cellissimo.media.blobs import Shelves


@dataclass(slots=True)
class Session:
    """One kernel, or one plain Python process.

    ``gestures`` are open for the length of a notebook cell, so that one cell is one undo step.
    ``show`` shows an object in the running cell; None where there is no notebook.
    ``blobs`` hold the audio that was taken in, and that of the songs that were loaded.
    """

    gestures: Gestures = field(default_factory=Gestures)
    show: Callable[[object], None] | None = None
    blobs: Shelves = field(default_factory=Shelves)


SESSION = Session()
