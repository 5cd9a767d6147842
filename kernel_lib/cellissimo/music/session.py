"""What all documents of one kernel share: its gestures, and the front end that shows things."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol
from weakref import WeakSet

from cellissimo.crdt.gestures import Gestures
from cellissimo.media.blobs import Shelves

if TYPE_CHECKING:
    from cellissimo.media.pages import Pages
    from cellissimo.native.host import Samples


class Follower(Protocol):
    """Something that looks at what others did between the cells of a notebook."""

    def begin_cell(self, number: int) -> None:
        """A cell begins to run."""
        ...

    def end_cell(self) -> None:
        """A cell has run."""
        ...


@dataclass(slots=True)
class Session:
    """One kernel, or one plain Python process.

    ``gestures`` are open for the length of a notebook cell, so that one cell is one undo step.
    ``show`` shows an object in the running cell; None where there is no notebook.
    ``post`` has something done by the thread of the kernel, as soon as no cell runs; None where
    there is no kernel. ``followers`` are told of cells.
    ``blobs`` hold the audio that was taken in, and that of the songs that were loaded.
    """

    gestures: Gestures = field(default_factory=Gestures)
    show: Callable[[object], None] | None = None
    post: Callable[[Callable[[], None]], None] | None = None
    followers: WeakSet[Follower] = field(default_factory=WeakSet)
    blobs: Shelves = field(default_factory=Shelves)
    _pages: Pages | None = None

    def page(self, blob: str, number: int) -> Samples:
        """A page of audio as the engine asks for it: ``(2, 65536)`` float32.

        Raises:
            BlobError: the audio is not here.
        """
        if self._pages is None:
            from cellissimo.media.pages import Pages  # noqa: PLC0415 - needs NumPy

            self._pages = Pages(self.blobs)
        return self._pages.page(blob, number)


SESSION = Session()
