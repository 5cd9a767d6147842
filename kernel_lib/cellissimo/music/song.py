"""A song: what its loops share, and the pads that hold them."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import AbstractContextManager

from cellissimo.crdt.document import Document
from cellissimo.crdt.write import Writer
from cellissimo.domain.errors import CellissimoError
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

    __slots__ = ("__weakref__", "_document", "_views")  # a misspelt name is an error

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
            key=checks.key(key),
            tempos={0: checks.tempo(tempo)},
            meters={0: checks.meter(meter)},
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

    @classmethod
    def of_model(cls, model: models.Song) -> Song:
        """A song of its own that says what ``model`` says, under a new id."""
        fresh = dataclasses.replace(model, id=str(uuid.uuid4()))
        return cls.of(Document(fresh, gestures=SESSION.gestures))

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
            edit.set_song_field("key", checks.key(value))

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
            edit.set_meter(0, checks.meter(value))

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

        Raises:
            CellissimoError: this is no loop, or the song is full.
        """
        if _a_loop(loop).document is self._document:
            return loop
        if len(self.model.loops) >= limits.LOOPS_PER_SONG:
            message = f"the song has {limits.LOOPS_PER_SONG} loops; remove one, or make two songs"
            raise checks.LimitError(message)
        alone = loop.document.revision.kind == "loop"
        is_new = loop.id not in self.model.loops  # a file may have been loaded twice
        model = loop.model if alone and is_new else loop.copied()
        with self.edit() as edit:
            edit.set_loop(model)
        if not alone:
            return self._view(model.id)
        loop.move_to(self._document, model.id)
        self._views[model.id] = loop
        return loop

    def remove(self, loop: Loop) -> None:
        """Remove a loop from the song and from its pads; it lives on alone in its variable.

        Raises:
            CellissimoError: the loop is not in the song.
        """
        if _a_loop(loop).document is not self._document:
            message = f"{loop!r} is not in the song {self.name!r}; give one of song.loops.values()"
            raise checks.LimitError(message)
        model = loop.alone()
        with self.edit() as edit:
            edit.remove_loop(model.id)
        self._views.pop(model.id, None)  # undo brings it back, with a view of its own
        loop.live_alone(model)

    def _view(self, loop_id: str) -> Loop:
        """The one view of a loop, so that its widget is one too."""
        return self._views.setdefault(loop_id, Loop.of(self._document, loop_id))

    def code(self) -> str:
        """Python that makes the song again."""
        return code.song_code(self.model)

    def copy(self, name: str | None = None) -> Song:
        """A song of its own with the same content."""
        wanted = self.name if name is None else checks.name(name)
        return Song.of_model(dataclasses.replace(self.model, name=wanted))

    def __reduce__(self) -> tuple[object, ...]:
        """What ``copy``, ``deepcopy`` and ``pickle`` make again: a song of its own."""
        return type(self).of_model, (self.model,)

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


def _a_loop(thing: object) -> Loop:
    if not isinstance(thing, Loop):
        message = f"{thing!r} is no loop; make one with cm.Loop(name)"
        raise checks.LimitError(message)
    return thing


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
        held = self._song.model.pads
        if _checked(pad) not in held:
            full = ", ".join(map(str, held)) or "none"
            raise KeyError(f"pad {pad} is empty; pads with a loop: {full}")
        return self._song._view(held[pad])  # noqa: SLF001 - its other half

    def __contains__(self, pad: object) -> bool:
        """Whether a pad holds a loop."""
        return pad in tuple(self)

    def __setitem__(self, pad: int, loop: Loop) -> None:
        """Put a loop on a pad; the song takes it in, where it is not in it yet."""
        place = _checked(pad)
        with self._song.edit() as edit:
            edit.set_pad(place, self._song.add(loop).id)

    def __delitem__(self, pad: int) -> None:
        """Clear a pad; its loop stays in the song."""
        if _checked(pad) not in self._song.model.pads:
            raise KeyError(f"pad {pad} is empty already")
        with self._song.edit() as edit:
            edit.set_pad(int(pad), None)

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
