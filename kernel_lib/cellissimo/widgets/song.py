"""The Song widget: a song's values as traits, and the audio that its page asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import traitlets

from cellissimo.crdt.document import Document
from cellissimo.domain.errors import CellissimoError
from cellissimo.schema import checks, limits, song_checks
from cellissimo.schema.models import Tempo
from cellissimo.schema.parameters import BY_KEY
from cellissimo.widgets.live import LiveWidget

if TYPE_CHECKING:
    import numpy as np

    Page = Callable[[str, int], np.ndarray[Any, np.dtype[np.float32]]]
    Take = Callable[[str, str | None, int], None]


PAGE_FRAMES = 65_536
"""Frames of a page of audio."""

BUCKET = 256
"""Frames that one column of an outline stands for."""


class SongWidget(LiveWidget):
    """A song as an ipywidget: its traits are the document's values, both ways.

    ``name`` and ``key`` of the song. ``tempo`` at its start, quarter notes a minute, 20 … 400.
    ``level`` of the master, 0 … 1. ``playing`` starts and stops the sound in the page.
    ``gesture`` is the line of Python that does what the last gesture in the page did.
    """

    name = traitlets.Unicode().tag(sync=True, echo_update=False)
    tempo = traitlets.Float(120.0).tag(sync=True, echo_update=False)
    level = traitlets.Float(0.8).tag(sync=True, echo_update=False)
    key = traitlets.Unicode("C major").tag(sync=True, echo_update=False)

    _kind = traitlets.Unicode("song").tag(sync=True)

    def __init__(self, document: Document, page: Page, take: Take) -> None:
        """Show the song of ``document``.

        ``page`` gives its audio by blob and page number; ``take`` puts a sample of the server, by
        its id, onto a stem, or a new one, at a tick.
        """
        self._page = page
        self._take = take
        super().__init__(document)

    def trait_values_now(self) -> dict[str, Any]:
        """What the document says of each trait."""
        song = self._document.revision
        return {
            "name": song.name,
            "tempo": float(song.tempo),
            "level": float(song.master.get("amp.level", BY_KEY["amp.level"].default)),
            "key": song.key,
        }

    def receive(self, content: Mapping[str, Any]) -> None:
        """Answer a request for audio, or take some.

        ``{"page": [blob, number]}`` is answered by a page of float32 samples, ``{"peaks": [blob,
        frames]}`` by the outline of a whole recording, lowest and highest in 127ths. ``{"take":
        [sample, stem, tick]}`` puts a sample where it was dropped.
        """
        match content:
            case {"page": [str(blob), int(number)], "id": asked}:
                self._send_page(blob, number, asked)
            case {"peaks": [str(blob), int(frames)], "id": asked}:
                self._send_peaks(blob, min(max(frames, 0), limits.MOST_FRAMES), asked)
            case {"take": [str(sample), (str() | None) as stem, int(tick)], "id": asked}:
                self._take_sample(sample, stem, tick, asked)

    def _take_sample(self, sample: str, stem: str | None, tick: int, asked: object) -> None:
        try:
            self._take(sample, stem, tick)
        except (CellissimoError, ImportError) as error:
            self.send({"taken": asked, "error": str(error)})
        else:
            self.send({"taken": asked})

    def _send_page(self, blob: str, number: int, asked: object) -> None:
        try:
            page = self._page(blob, number)
        except CellissimoError as error:
            self.send({"page": asked, "error": str(error)})
        else:
            self.send({"page": asked}, [page.tobytes()])

    def _send_peaks(self, blob: str, frames: int, asked: object) -> None:
        import numpy as np  # noqa: PLC0415 - a song without recordings needs no outline

        found = np.empty((-(-frames // PAGE_FRAMES), PAGE_FRAMES // BUCKET, 2), np.float32)
        try:
            for place, columns in enumerate(found):
                buckets = self._page(blob, place).reshape(2, -1, BUCKET)
                columns[:, 0] = buckets.min(axis=(0, 2))
                columns[:, 1] = buckets.max(axis=(0, 2))
        except CellissimoError as error:
            self.send({"peaks": asked, "error": str(error)})
            return
        outline = np.clip(np.round(found * 127), -127, 127).astype(np.int8)
        self.send({"peaks": asked}, [outline.tobytes()])

    def write_field(self, field: str, value: str) -> None:
        """Write a plain field of the song into the document."""
        with self._document.edit() as edit:
            edit.set_song_field(field, value)

    def write_tempo(self, value: float) -> None:
        """Write the tempo at the song's start into the document."""
        ramp = self._document.revision.tempos[0].ramp
        with self._document.edit() as edit:
            edit.set_tempo(0, song_checks.tempo(Tempo(value, ramp)))

    def write_level(self, value: float) -> None:
        """Write the master's level into the document."""
        level = song_checks.setting("amp.level", value, of_master=True)
        with self._document.edit() as edit:
            edit.set_channel_setting(None, "amp.level", level)


SongWidget.WRITERS = {
    "name": lambda widget, value: widget.write_field("name", checks.name(value)),
    "key": lambda widget, value: widget.write_field("key", checks.key(value)),
    "tempo": SongWidget.write_tempo,
    "level": SongWidget.write_level,
}
