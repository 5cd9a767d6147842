"""What sounds: events, samples, files, and playing in a page.

The engine and NumPy are imported where they are needed: `import cellissimo` stays light.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cellissimo.domain.errors import CellissimoError
from cellissimo.music.session import SESSION

if TYPE_CHECKING:
    import numpy as np

    from cellissimo.crdt.document import Document
    from cellissimo.engine.score import ScoreImage
    from cellissimo.media.export import Exported
    from cellissimo.music.events import Events
    from cellissimo.music.written import Written
    from cellissimo.widgets.loop import LoopWidget
    from cellissimo.widgets.song import SongWidget


class NoPageError(CellissimoError):
    """Something is to play in a page, and there is no notebook to show it in."""


class Sounding(ABC):
    """An object of the musician's that the engine plays."""

    __slots__ = ()

    @property
    @abstractmethod
    def score(self) -> ScoreImage:
        """What the engine plays of it now."""

    @property
    @abstractmethod
    def document(self) -> Document:
        """The shared document that it is in."""

    @property
    @abstractmethod
    def widget(self) -> LoopWidget | SongWidget:
        """The widget that shows it in a page."""

    @property
    def span(self) -> tuple[int, int] | None:
        """The ticks from and to which it plays; None is all of it."""
        return None

    @abstractmethod
    def names_of(self, strip: str) -> dict[str, str]:
        """The columns that name a strip in ``events()``: its ``sound``, in a song its ``part``."""

    def events(self) -> Events:
        """What one pass plays, in order, as named columns that pandas and DuckDB take.

        ``frame`` int64 at 48 000 Hz, ``tick`` int64 (960 a quarter), ``sound`` str, ``pitch``
        float64 MIDI number, ``velocity`` float64 0.0 … 1.0, ``duration`` int64 ticks; in a song
        ``part`` str, the stem, or the loop and its row.
        """
        from cellissimo.engine.render import events  # noqa: PLC0415
        from cellissimo.music.events import Events, named  # noqa: PLC0415

        return Events(named(events(self.score, self.span), self.names_of))

    def render(self, *, seamless: bool = False) -> np.ndarray[Any, np.dtype[np.float32]]:
        """The sound of one pass and its tail, or with ``seamless`` of one pass among others.

        Shape: ``(2, n)`` float32 at 48 000 Hz. The tail ends at -90 dBFS, after 30 s at most.
        A seamless pass begins with what rings on from the one before, and has no tail.
        """
        from cellissimo.engine.render import render  # noqa: PLC0415

        return render(self.score, SESSION.page, span=self.span, seamless=seamless)

    def hash(self) -> str:
        """The sha256 of ``render()``, the same on every host."""
        from cellissimo.engine.render import hash_of  # noqa: PLC0415

        return hash_of(self.render())

    def export(
        self,
        path: str | Path,
        *,
        bits: int = 24,
        stems: bool = False,
        seamless: bool = False,
        progress: bool | None = None,
    ) -> Exported | Written:
        """Write it to a file; gives what it became, and is a path.

        The sound becomes a .wav, .flac, .mp3 or .ogg file, its notes a .mid; a loop or a song with
        all its audio becomes a bundle, .cellissimo.zip.

        ``bits`` 16 (with dither), 24, or 32 (floats; .wav only). With ``stems``, ``path`` is a
        folder or a name with ``*`` in it, and each stem, return and loop of the timeline (each
        row, of a loop) is a file of its own behind its fader: all are equally long, and together
        they are the mix before the master's effects and level. Progress is shown for a minute of
        sound and more, unless ``progress`` says otherwise. Ctrl-C leaves no half file.

        Raises:
            FormatError: the ending is none of these, or it has not so many bits.
            MidiError: there are more notes than a MIDI file holds.
            OSError: nothing can be written there.
        """
        from cellissimo.music import exporting  # noqa: PLC0415

        written = None if stems else exporting.written(self, Path(path))
        if written is not None:
            return written
        if stems:
            return exporting.stems_of(self, Path(path), bits=bits, progress=progress)
        return exporting.mix_of(self, Path(path), bits=bits, seamless=seamless, progress=progress)

    def play(self) -> None:
        """Play in the page; where no view is open, show it in this cell first.

        Raises:
            NoPageError: this is no notebook.
        """
        if not self.widget.views:
            if SESSION.show is None:
                message = (
                    "there is no notebook page to play in; run this in JupyterLab, or write the "
                    'sound to a file with .export("sound.wav")'
                )
                raise NoPageError(message)
            SESSION.show(self)
        self.widget.playing = True

    def stop(self) -> None:
        """Stop playing; tails ring out."""
        self.widget.playing = False
