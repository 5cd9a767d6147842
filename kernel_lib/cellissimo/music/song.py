"""A song: its loops and pads, its timeline, its stems, and what they all go through."""

from __future__ import annotations

import dataclasses
import functools
import uuid
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from cellissimo.crdt.document import Document
from cellissimo.crdt.write import Writer
from cellissimo.engine.song_image import loops_in_order, song_image, song_length
from cellissimo.music import code, places
from cellissimo.music.at import Addressed
from cellissimo.music.dropping import take_sample
from cellissimo.music.excerpt import Excerpt
from cellissimo.music.form import Markers, Meters, Sections, Tempos
from cellissimo.music.locking import LockedBars
from cellissimo.music.loop import Loop
from cellissimo.music.pads import Pads
from cellissimo.music.part import fresh_id
from cellissimo.music.returns import Master, Returns
from cellissimo.music.session import SESSION
from cellissimo.music.sounding import Sounding
from cellissimo.music.stem import Stems
from cellissimo.music.stored import StoredSong
from cellissimo.music.strip_names import strip_names
from cellissimo.music.tabled import TabledSong
from cellissimo.music.timeline import Timeline
from cellissimo.notation.digest import digest_song
from cellissimo.schema import checks, limits, models, song_checks

if TYPE_CHECKING:
    from cellissimo.engine.score import ScoreImage
    from cellissimo.music.player import Player
    from cellissimo.notation.diff import Changes
    from cellissimo.widgets.song import SongWidget


class Song(TabledSong, StoredSong, LockedBars, Addressed, Sounding):
    """A live view of a song's document.

    >>> song = Song("Evening", tempo=92)
    >>> song.timeline.append(loop, times=2)
    >>> song.stems.add("Bass", sound="bass-sub").add_notes([(0, 960, "C2")])
    """

    __slots__ = (
        "__weakref__",
        "_document",
        "_views",
        "_widget",
        "heard_alone",
    )

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
            tempos={0: models.Tempo(checks.tempo(tempo))},
            meters={0: checks.meter(meter)},
        )
        self._begin(Document(song, gestures=SESSION.gestures))

    def _begin(self, document: Document) -> None:
        self._document = document
        self._views: dict[str, Loop] = {}
        self._widget: SongWidget | None = None
        self.heard_alone: Player | None = None
        """The player of a part of the song that was shown last."""

    @classmethod
    def of(cls, document: Document) -> Song:
        """A view of a document that is there already."""
        made = object.__new__(cls)
        made._begin(document)
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
        """One transaction for its ``Writer``: one undo step, to be read when it is over."""
        return self._document.edit()

    def step(self) -> AbstractContextManager[None]:
        """One undo step of several changes, each of which the next one sees."""
        return SESSION.gestures.one()

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
        """Quarter notes a minute at the start; ``tempos`` has its changes."""
        return self.model.tempo

    @tempo.setter
    def tempo(self, value: float) -> None:
        ramp = self.model.tempos[0].ramp
        with self.edit() as edit:
            edit.set_tempo(0, models.Tempo(checks.tempo(value), ramp))

    @property
    def seed(self) -> int:
        """The seed of all chance in the song: the same seed, the same music. 0 … 2147483647."""
        return self.model.seed

    @seed.setter
    def seed(self, value: int) -> None:
        with self.edit() as edit:
            edit.set_song_field("seed", song_checks.seed(value))

    @property
    def meter(self) -> str:
        """The meter at the start, "4/4"; ``meters`` has its changes."""
        return self.model.meter

    @meter.setter
    def meter(self, value: str) -> None:
        with self.edit() as edit:
            edit.set_meter(0, checks.meter(value))

    @property
    def tempos(self) -> Tempos:
        """The tempos by tick: ``song.tempos.set(bar=5, tempo=140, ramp=False)``."""
        return Tempos(self)

    @property
    def meters(self) -> Meters:
        """The meters by tick: ``song.meters.set(bar=9, meter="3/4")``."""
        return Meters(self)

    # -- what is in it -------------------------------------------------------------------------

    @property
    def loops(self) -> Mapping[str, Loop]:
        """The song's loops by name; of several with one name, the first in pad order."""
        model = self.model
        found: dict[str, Loop] = {}
        for loop_id in loops_in_order(model):
            if loop_id not in model.segments:  # a pattern segment's own
                found.setdefault(model.loops[loop_id].name, self.loop_of(loop_id))
        return found

    @property
    def pads(self) -> Pads:
        """The 16 pads, 0 … 15: ``song.pads[0] = loop``, ``del song.pads[0]``."""
        return Pads(self)

    @property
    def timeline(self) -> Timeline:
        """The blocks of loops: ``song.timeline.append(loop, times=2)``."""
        return Timeline(self)

    @property
    def sections(self) -> Sections:
        """The sections by name: ``song.sections.add("Verse", bar=1, bars=8)``."""
        return Sections(self)

    @property
    def markers(self) -> Markers:
        """The markers by name: ``song.markers.add("drop", bar=9)``."""
        return Markers(self)

    @property
    def stems(self) -> Stems:
        """The stems by name: ``song.stems.add("Bass", sound="bass-sub")``."""
        return Stems(self)

    @property
    def returns(self) -> Returns:
        """The buses that stems send to, by name."""
        return Returns(self)

    @property
    def master(self) -> Master:
        """The strip that everything goes through."""
        return Master(self)

    @property
    def length(self) -> int:
        """The song's length in ticks: to the end of its last block or segment, at least a bar."""
        return song_length(self.model)

    @property
    def duration(self) -> float:
        """The song's length in seconds."""
        return places.tick_ms(self, self.length) / 1000

    def bars(self, first: int, last: int | None = None) -> Excerpt:
        """Bars of the song, the last one included, to be heard, rendered and analysed alone.

        Raises:
            LimitError: ``last`` is before ``first``.
        """
        start = places.tick_of(self, first)
        final = checks.number(first if last is None else last, first, 1_000_000, "the last bar")
        return Excerpt(self, start, places.tick_of(self, final + 1))

    def section(self, name: str) -> Excerpt:
        """A section of the song, to be heard, rendered and analysed alone."""
        section = self.sections[name]
        return Excerpt(self, section.start, section.end)

    def add(self, loop: Loop) -> Loop:
        """Take a loop into the song and give the song's loop [DOC-12].

        A loop that was made alone moves: the variable looks into the song from then on. One that
        belongs to another song is copied, and so is a pattern segment's own [DOC-13].

        Raises:
            CellissimoError: this is no loop, or the song is full.
        """
        if _a_loop(loop).document is self._document:
            return self.duplicate(loop) if self._is_pattern(loop) else loop
        if len(self.model.loops) >= limits.LOOPS_PER_SONG:
            message = f"the song has {limits.LOOPS_PER_SONG} loops; remove one, or make two songs"
            raise checks.LimitError(message)
        alone = loop.document.revision.kind == "loop"
        is_new = loop.id not in self.model.loops  # a file may have been loaded twice
        model = loop.model if alone and is_new else loop.copied()
        with self.edit() as edit:
            edit.set_loop(model)
        if not alone:
            return self.loop_of(model.id)
        loop.move_to(self._document, model.id)
        self._views[model.id] = loop
        return loop

    def duplicate(self, loop: Loop) -> Loop:
        """Copy a loop of the song within it, as "Verse copy"; the copy knows its source.

        Raises:
            CellissimoError: the loop is not in the song, or the song is full.
        """
        self._check_member(loop)
        song_checks.room_for(len(self.model.loops), limits.LOOPS_PER_SONG, "loops")
        model = loop.model
        name = f"{model.name} copy"[: limits.NAME_LENGTH]
        copy = dataclasses.replace(model, id=fresh_id(), name=name, source=model.id)
        with self.edit() as edit:
            edit.set_loop(copy)
        return self.loop_of(copy.id)

    def _is_pattern(self, loop: Loop) -> bool:
        segment = self.model.segments.get(loop.id)
        return segment is not None and segment.kind == "pattern"

    def _check_member(self, loop: Loop) -> None:
        if _a_loop(loop).document is not self._document:
            message = f"{loop!r} is not in the song {self.name!r}; give one of song.loops.values()"
            raise checks.LimitError(message)

    def remove(self, loop: Loop) -> None:
        """Remove a loop from the song with its pads, blocks and segments; it lives on alone.

        Raises:
            CellissimoError: the loop is not in the song, or it is a pattern segment's own.
        """
        self._check_member(loop)
        if self._is_pattern(loop):
            message = f"{loop.name!r} is the pattern of a segment; remove it with segment.delete()"
            raise checks.LimitError(message)
        model = loop.alone()
        with self.edit() as edit:
            edit.remove_loop(model.id)
        self._views.pop(model.id, None)  # undo brings it back, with a view of its own
        loop.live_alone(model)

    def loop_of(self, loop_id: str) -> Loop:
        """The one view of a loop by its id, so that its widget is one too."""
        if loop_id not in self._views:
            self._views[loop_id] = Loop.of(self._document, loop_id)
        return self._views[loop_id]

    def plays(self, loop: Loop) -> bool:
        """Whether a pad, a block or a segment plays a loop of the song."""
        model = self.model
        played = {*model.pads.values(), *(block.loop for block in model.blocks.values())}
        return loop.id in played | {segment.loop for segment in model.segments.values()}

    # -- sound ---------------------------------------------------------------------------------

    @property
    def score(self) -> ScoreImage:
        """What the engine plays."""
        return song_image(self.model)

    def names_of(self, strip: str) -> dict[str, str]:
        """The part and the sound of a strip."""
        return strip_names(self.model, strip)

    @property
    def widget(self) -> SongWidget:
        """The song's widget, an ipywidget for ``VBox``, ``jslink`` and ``observe``."""
        if self._widget is None:
            from cellissimo.widgets.song import SongWidget  # noqa: PLC0415 - needs ipywidgets

            take = functools.partial(take_sample, self)
            self._widget = SongWidget(self._document, SESSION.page, take)
        return self._widget

    # -- as code and copies --------------------------------------------------------------------

    def diff(self, other: Song) -> Changes:
        """What is other in ``other``, in words by bar and stem; ``.bars`` are what sounds other."""
        from cellissimo.notation.diff import diff_songs  # noqa: PLC0415 - seldom asked for

        return diff_songs(self.model, _a_song(other).model)

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


def _a_song(thing: object) -> Song:
    if not isinstance(thing, Song):
        message = f"{thing!r} is no song; make one with cm.Song(name) or cm.load(path)"
        raise checks.LimitError(message)
    return thing


def _a_loop(thing: object) -> Loop:
    if not isinstance(thing, Loop):
        message = f"{thing!r} is no loop; make one with cm.Loop(name)"
        raise checks.LimitError(message)
    return thing
