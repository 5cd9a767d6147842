"""How the musician's objects sound: events, samples, files and players."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from cellissimo.domain.errors import CellissimoError
from cellissimo.music.session import SESSION
from cellissimo.schema import models

if TYPE_CHECKING:
    import numpy as np

    from cellissimo.music.events import Events
    from cellissimo.music.loop import Loop

# The engine and NumPy are imported where they are needed: `import cellissimo` stays light.


def events(loop: models.Loop, song: models.Song) -> Events:
    """What one pass of the loop plays."""
    from cellissimo.engine.render import events as engine_events  # noqa: PLC0415
    from cellissimo.music.events import Events  # noqa: PLC0415

    return Events(engine_events(loop, song))


def render(loop: models.Loop, song: models.Song, *, seamless: bool) -> np.ndarray[Any, Any]:
    """The samples of one pass, ``(2, n)`` float32."""
    from cellissimo.engine.render import render as engine_render  # noqa: PLC0415

    return engine_render(loop, song, seamless=seamless)


def hash_of(samples: np.ndarray[Any, Any]) -> str:
    """The sha256 of the samples as little-endian, C-contiguous float32."""
    from cellissimo.engine.render import hash_of as engine_hash  # noqa: PLC0415

    return engine_hash(samples)


def export(samples: np.ndarray[Any, Any], path: Path) -> Path:
    """Write the samples to a file whose ending says its format."""
    from cellissimo.media.write import write_audio  # noqa: PLC0415

    return write_audio(path, samples)


class NoPageError(CellissimoError):
    """Something is to play in a page, and there is no notebook to show it in."""


def play(loop: Loop) -> None:
    """Play in the page; where no view is open, show the loop in this cell first.

    Raises:
        NoPageError: this is no notebook.
    """
    if not loop.widget.views:
        if SESSION.show is None:
            message = (
                "there is no notebook page to play in; run this in JupyterLab, or write the "
                'sound to a file: loop.export("loop.wav")'
            )
            raise NoPageError(message)
        SESSION.show(loop)
    loop.widget.playing = True
