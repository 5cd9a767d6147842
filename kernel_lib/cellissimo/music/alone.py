"""A part of a song that is heard alone: what it plays in the page is a render of it."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from cellissimo.music.sounding import Sounding

if TYPE_CHECKING:
    from cellissimo.crdt.document import Document
    from cellissimo.music.song import Song
    from cellissimo.widgets.song import SongWidget


class Alone(Sounding):
    """A stem or a stretch of a song."""

    __slots__ = ()

    @property
    @abstractmethod
    def song(self) -> Song:
        """The song that it is part of."""

    @property
    def document(self) -> Document:
        """The song's shared document."""
        return self.song.document

    @property
    def widget(self) -> SongWidget:
        """The song's widget."""
        return self.song.widget

    def play(self) -> None:
        """Show a player of it as it is now in this cell, and play it.

        Raises:
            NoPageError: this is no notebook.
        """
        from cellissimo.music.player import Player  # noqa: PLC0415 - needs NumPy and ipywidgets

        self.song.heard_alone = Player(self)
        self.song.heard_alone.play()

    def stop(self) -> None:
        """Stop the player that was shown last of a part of this song."""
        if self.song.heard_alone is not None:
            self.song.heard_alone.pause()
