"""A song: what its loops share, and the pads that hold them."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import AbstractContextManager

from cellissimo.crdt.document import Document
from cellissimo.crdt.write import Writer
from cellissimo.domain.errors import CellissimoError
from cellissimo.domain.key import parse_key
from cellissimo.domain.ticks import parse_meter
from cellissimo.music import code
from cellissimo.music.loop import Loop
from cellissimo.music.session import SESSION
from cellissimo.notation.digest import digest_song
from cellissimo.schema import checks, limits, models


class PadError(CellissimoError, IndexError):
    """A pad that a song does not have."""


class Song:
    """A live view of a song's document.

    >>> song = Song("Evening", tempo=92)
    >>> song.pads[0] = loop
    """

    def __init__(
        self, name: str = "Song", tempo: float = 120, meter: str = "4/4", key: str = "C major"
    ) -> None:
        """Make an empty song.

        ``tempo`` in quarter notes a minute, 20 … 400. ``meter`` such as "3/4".

        Raises:
            CellissimoError: a value is out of range.
        """
        song = models.Song(
            id=str(uuid.uuid4()),
            name=checks.name(name),
            key=str(parse_key(key)),
            tempos={0: checks.tempo(tempo)},
            meters={0: str(parse_meter(meter))},
        )
        self._document = Document(song, gestures=SESSION.gestures)
        self._views: dict[str, Loop] = {}

    @classmethod
    def of(cls, document: Document) -> Song:
        """A view of a document that is there already."""
        made = object.__new__(cls)
        made._document = document
        made._views = {}
        return made

    @property
    def document(self) -> Document:
        """The song's shared document."""
        return self._document

    @property
    def model(self) -> models.Song:
        """What the document says now, as an immutable value."""
        return self._document.revision

    def edit(self) -> AbstractContextManager[Writer]:
        """One transaction: all changes within it are one undo step."""
        return self._document.edit()

    @property
    def name(self) -> str:
        """The song's name."""
        return self.model.name

    @name.setter
    def name(self, value: str) -> None:
        with self.edit() as edit:
            edit.set_song_field("name", checks.name(value))

    @property
    def key(self) -> str:
        """The key, "C major"."""
        return self.model.key

    @key.setter
    def key(self, value: str) -> None:
        with self.edit() as edit:
            edit.set_song_field("key", str(parse_key(value)))

    @property
    def tempo(self) -> float:
        """Quarter notes a minute; loops without a tempo of their own follow it."""
        return self.model.tempo

    @tempo.setter
    def tempo(self, value: float) -> None:
        with self.edit() as edit:
            edit.set_tempo(0, checks.tempo(value))

    @property
    def meter(self) -> str:
        """The meter, "4/4"."""
        return self.model.meter

    @meter.setter
    def meter(self, value: str) -> None:
        with self.edit() as edit:
            edit.set_meter(0, str(parse_meter(value)))

    @property
    def loops(self) -> Mapping[str, Loop]:
        """The song's loops by name; of several with one name, the first in pad order."""
        found: dict[str, Loop] = {}
        for loop_id in code.in_pad_order(self.model):
            found.setdefault(self.model.loops[loop_id].name, self._view(loop_id))
        return found

    @property
    def pads(self) -> Pads:
        """The 16 pads, 0 … 15: ``song.pads[0] = loop``, ``del song.pads[0]``."""
        return Pads(self)

    def add(self, loop: Loop) -> Loop:
        """Take a loop into the song and give the song's loop [DOC-12].

        A loop that was made alone moves: the variable looks into the song from then on. One that
        belongs to another song is copied.
        """
        if loop.document is self._document:
            return loop
        alone = loop.document.revision.kind == "loop"
        model = loop.model if alone else loop.copied()
        with self.edit() as edit:
            edit.set_loop(model)
        if not alone:
            return self._view(model.id)
        loop.move_to(self._document)
        self._views[model.id] = loop
        return loop

    def remove(self, loop: Loop) -> None:
        """Remove a loop from the song and from its pads; it lives on alone in its variable."""
        if loop.document is not self._document:
            message = f"the loop {loop.name!r} is not in the song {self.name!r}"
            raise PadError(message)
        model = loop.alone()
        with self.edit() as edit:
            edit.remove_loop(model.id)
        loop.live_alone(model)

    def _view(self, loop_id: str) -> Loop:
        """The one view of a loop, so that its widget is one too."""
        return self._views.setdefault(loop_id, Loop.of(self._document, loop_id))

    def code(self) -> str:
        """Python that makes the song again."""
        return code.song_code(self.model)

    def copy(self, name: str | None = None) -> Song:
        """A song of its own with the same content."""
        fresh = dataclasses.replace(
            self.model, id=str(uuid.uuid4()), name=checks.name(name or self.name)
        )
        return Song.of(Document(fresh, gestures=SESSION.gestures))

    def undo(self) -> bool:
        """Take back the last step of this session, cell or click; False where there is none."""
        return self._document.undo()

    def redo(self) -> bool:
        """Do again what was last taken back; False where there is nothing."""
        return self._document.redo()

    def __eq__(self, other: object) -> bool:
        """Whether two songs say the same, whatever their ids."""
        if not isinstance(other, Song):
            return NotImplemented
        return code.song_content(self.model) == code.song_content(other.model)

    __hash__ = None  # type: ignore[assignment]  # a live view has no lasting value

    def __repr__(self) -> str:
        """A short stable description: what a screen reader says."""
        return digest_song(self.model)


class Pads(MutableMapping[int, Loop]):
    """The pads of a song, 0 … 15, by the loops they hold."""

    def __init__(self, song: Song) -> None:
        """The pads of ``song``."""
        self._song = song

    def __getitem__(self, pad: int) -> Loop:
        """The loop on a pad.

        Raises:
            PadError: there is no such pad.
            KeyError: the pad is empty.
        """
        return self._song._view(self._song.model.pads[_checked(pad)])  # noqa: SLF001 - its other half

    def __setitem__(self, pad: int, loop: Loop) -> None:
        """Put a loop on a pad; the song takes it in, where it is not in it yet."""
        with self._song.edit() as edit:
            edit.set_pad(_checked(pad), self._song.add(loop).id)

    def __delitem__(self, pad: int) -> None:
        """Clear a pad; its loop stays in the song."""
        if _checked(pad) not in self._song.model.pads:
            raise KeyError(pad)
        with self._song.edit() as edit:
            edit.set_pad(pad, None)

    def __iter__(self) -> Iterator[int]:
        """The pads that hold a loop, in order."""
        return iter(self._song.model.pads)

    def __len__(self) -> int:
        """How many pads hold a loop."""
        return len(self._song.model.pads)

    def __repr__(self) -> str:
        """The full pads and their loops' names."""
        return "\n".join(f"pad {pad}: {loop.name}" for pad, loop in self.items()) or "empty pads"


def _checked(pad: int) -> int:
    if pad in range(limits.PADS) and not isinstance(pad, bool):
        return int(pad)
    message = f"there is no pad {pad!r}; a song has pads 0 to {limits.PADS - 1}"
    raise PadError(message)
