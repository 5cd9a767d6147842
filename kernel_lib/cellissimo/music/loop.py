"""A loop: chords and icon steps on a grid of 1, 2, 4 or 8 bars, as a live object."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cellissimo.crdt.document import Document
from cellissimo.crdt.write import RemovedError, Writer
from cellissimo.domain.ticks import cells_per_bar, parse_meter
from cellissimo.engine.image import score_image
from cellissimo.music import code
from cellissimo.music.chord_lane import ChordLane, Chords
from cellissimo.music.locking import LockableLoop
from cellissimo.music.row import Row, Setting
from cellissimo.music.session import SESSION
from cellissimo.music.settings import checked_settings, parts_of
from cellissimo.music.sounding import Sounding
from cellissimo.music.stored import StoredLoop
from cellissimo.music.tabled import TabledLoop
from cellissimo.notation.digest import digest_loop
from cellissimo.notation.pattern_parser import read_pattern
from cellissimo.notation.pattern_printer import print_pattern
from cellissimo.notation.rows import row_sound, rows_of
from cellissimo.schema import checks, limits, models
from cellissimo.schema.parameters import BY_KEY

if TYPE_CHECKING:
    from cellissimo.engine.score import ScoreImage
    from cellissimo.widgets.loop import LoopWidget

SWING = "master.groove"

_REMOVED = "this loop was removed from its song; song.undo() or song.redo() brings it back"


class Loop(TabledLoop, StoredLoop, LockableLoop, Sounding):
    """A live view of one loop of a document: it changes when anybody changes the document.

    >>> loop = Loop("First beat", tempo=96)
    >>> loop.chords = "I V vi IV"
    >>> loop["drum-kick"] = "x...x...x...x..."
    >>> loop
    Loop "First beat" …
    """

    __slots__ = ("__weakref__", "_document", "_id", "_widget")  # a misspelt name is an error

    def __init__(
        self,
        name: str = "Loop",
        bars: int = 4,
        key: str = "C major",
        tempo: float | None = None,
        meter: str | None = None,
        color: str = models.DEFAULT_COLOR,
    ) -> None:
        """Make an empty loop in a document of its own.

        ``bars`` 1, 2, 4 or 8. ``tempo`` in quarter notes a minute, 20 … 400, and ``meter`` such
        as "3/4"; None follows the song the loop is put into (120, 4/4 while it is alone).

        Raises:
            CellissimoError: a value is out of range.
        """
        written_meter = None if meter is None else checks.meter(meter)
        loop = models.Loop(
            id=str(uuid.uuid4()),
            name=checks.name(name),
            bars=checks.bars(bars),
            steps_per_bar=cells_per_bar(parse_meter(written_meter or "4/4")),
            key=checks.key(key),
            tempo=None if tempo is None else checks.tempo(tempo),
            meter=written_meter,
            color=checks.color(color),
        )
        self._begin(_document_of(loop), loop.id)

    def _begin(self, document: Document, loop_id: str) -> None:
        self._document = document
        self._id = loop_id
        self._widget: LoopWidget | None = None

    @classmethod
    def of(cls, document: Document, loop_id: str) -> Loop:
        """A view of a loop that is in a document already."""
        made = object.__new__(cls)
        made._begin(document, loop_id)
        return made

    def move_to(self, document: Document, loop_id: str) -> None:
        """Look at a loop of another document, its widget too [DOC-12]."""
        self._look_at(document, loop_id)

    def live_alone(self, model: models.Loop) -> None:
        """Look at ``model`` in a document of its own."""
        self._look_at(_document_of(model), model.id)

    def _look_at(self, document: Document, loop_id: str) -> None:
        self._document, self._id = document, loop_id
        if self._widget is not None:
            self._widget.attach(document, loop_id)

    @classmethod
    def of_model(cls, model: models.Loop) -> Loop:
        """A loop of its own that says what ``model`` says, under a new id."""
        model = dataclasses.replace(model, id=str(uuid.uuid4()))
        return cls.of(_document_of(model), model.id)

    @classmethod
    def from_text(cls, text: str, name: str = "Pattern") -> Loop:
        """A loop from the pattern language.

        Raises:
            PatternError: lines do not read; it shows each with column and cure.
        """
        written = checks.text(text, "the pattern", "seq kick: x...x...")
        return cls.of_model(read_pattern(written, name=checks.name(name)))

    # -- what it is ----------------------------------------------------------------------------

    @property
    def id(self) -> str:
        """The loop's id in its document."""
        return self._id

    @property
    def document(self) -> Document:
        """The shared document that the loop is in."""
        return self._document

    @property
    def model(self) -> models.Loop:
        """What the document says of the loop now, as an immutable value.

        Raises:
            RemovedError: the loop was removed from its document.
        """
        if not self.is_there:
            raise RemovedError(_REMOVED)
        return self._document.revision.loops[self._id]

    @property
    def is_there(self) -> bool:
        """Whether its document still has the loop: somebody may have removed or undone it."""
        return self._id in self._document.revision.loops

    @contextmanager
    def edit(self) -> Iterator[Writer]:
        """One transaction: all changes within it are one undo step.

        Raises:
            RemovedError: the loop was removed from its document.
        """
        _ = self.model
        with self._document.edit() as edit:
            yield edit

    def _set_field(self, field: str, value: float | str | None) -> None:
        with self.edit() as edit:
            edit.set_loop_field(self._id, field, value)

    @property
    def name(self) -> str:
        """The loop's name."""
        return self.model.name

    @name.setter
    def name(self, value: str) -> None:
        self._set_field("name", checks.name(value))

    @property
    def bars(self) -> int:
        """Length: 1, 2, 4 or 8 bars. What shortening hides, lengthening gives back."""
        return self.model.bars

    @bars.setter
    def bars(self, value: int) -> None:
        self._set_field("bars", checks.bars(value))

    @property
    def key(self) -> str:
        """The key, "C major"; roman numerals are read in it."""
        return self.model.key

    @key.setter
    def key(self, value: str) -> None:
        self._set_field("key", checks.key(value))

    @property
    def tempo(self) -> float:
        """Quarter notes a minute, 20 … 400: the loop's own, else its song's."""
        return self.model.tempo or self._document.revision.tempo

    @tempo.setter
    def tempo(self, value: float | None) -> None:
        self._set_field("tempo", None if value is None else checks.tempo(value))

    @property
    def meter(self) -> str:
        """The meter, "4/4": the loop's own, else its song's."""
        return self.model.meter or self._document.revision.meter

    @property
    def color(self) -> str:
        """The accent of the loop's pictures, "#rrggbb"."""
        return self.model.color

    @color.setter
    def color(self, value: str) -> None:
        self._set_field("color", checks.color(value))

    @property
    def steps_per_bar(self) -> int:
        """Cells in a bar: four a quarter."""
        return self.model.steps_per_bar

    @property
    def swing(self) -> float:
        """How far off-beats are late: 0 straight, 1 triplets."""
        swings = self.get(f"{SWING}.type") == "swing"
        return float(self.get(f"{SWING}.amount")) if swings else 0.0

    @swing.setter
    def swing(self, value: float) -> None:
        kind = "swing" if value else None
        self.update({f"{SWING}.type": kind, f"{SWING}.amount": value or None})

    # -- chords, rows, settings ----------------------------------------------------------------

    @property
    def chords(self) -> ChordLane:
        """The chords by cell; set it to a progression such as "I V vi IV" or "Am7 | F/A"."""
        return ChordLane(self)

    @chords.setter
    def chords(self, chords: Chords) -> None:
        self.chords.write(chords)

    def __getitem__(self, row: str) -> Row:
        """The row of a name, or of a sound where one row plays it; it need not exist yet."""
        return Row(self, self._row_name(row))

    def __setitem__(self, row: str, pattern: str | Row) -> None:
        """Replace the steps of a row by a pattern; a shorter one repeats to the loop's end."""
        if isinstance(pattern, Row):
            pattern = pattern.pattern
        self[row].pattern = pattern

    def __delitem__(self, row: str) -> None:
        """Remove a row with its steps and its settings."""
        name = self._row_name(row)
        if name not in self.rows:
            raise KeyError(f"there is no row {row!r}; rows: {', '.join(self.rows) or 'none'}")
        model = self.model
        with self.edit() as edit:
            edit.set_row(self._id, name, {}, model.cells)
            for key in [key for key in model.settings if key.partition(".")[0] == name]:
                edit.set_setting(self._id, key, None)

    def __contains__(self, row: object) -> bool:
        """Whether the loop has a row of that name or sound."""
        return isinstance(row, str) and self._row_name(row) in self.rows

    def __iter__(self) -> Iterator[str]:
        """The names of the rows, in their order."""
        return iter(self.rows)

    @property
    def rows(self) -> tuple[str, ...]:
        """The names of the rows, in the order of the sound library."""
        return rows_of(self.model)

    def _row_name(self, name: str) -> str:
        """The row that ``name`` means: itself, or the first row that plays the sound it names."""
        rows = self.rows
        if name in rows:
            return name
        wanted = row_sound(self.model, name)
        playing = (row for row in rows if wanted and row_sound(self.model, row) == wanted)
        return next(playing, name)

    def get(self, key: str) -> Setting:
        """The value of ``target.section.parameter``, the default where nothing is set."""
        target, parameter = parts_of(key)
        if target != limits.MASTER:
            return self[target].get(parameter)
        return self.model.settings.get(key, BY_KEY[checks.known_setting(parameter)].default)

    def set(self, key: str, value: Setting | None) -> None:
        """Set ``target.section.parameter`` of a row or of "master"; None goes back to default.

        Raises:
            CellissimoError: no such setting, or a value out of its range.
        """
        self.update({key: value})

    def update(self, settings: Mapping[str, Setting | None]) -> None:
        """Set several settings as one undo step: all of them, or none where one is refused."""
        checked = checked_settings(self, settings)
        with self.edit() as edit:
            for key, value in checked.items():
                edit.set_setting(self._id, key, value)

    # -- as text, code and copies --------------------------------------------------------------

    def text(self) -> str:
        """The loop in the pattern language; ``Loop.from_text`` reads it back."""
        return print_pattern(self.model)

    def code(self) -> str:
        """Python that makes the loop again."""
        return code.loop_code(self.model)

    def write(self, model: models.Loop) -> None:
        """Say the music that ``model`` says, by a minimal difference, as one undo step."""
        mine = self.model
        wanted = dataclasses.replace(
            model, id=mine.id, name=mine.name, color=mine.color, source=mine.source
        )
        with self.edit() as edit:
            edit.set_loop(wanted)

    def copy(self, name: str | None = None) -> Loop:
        """A loop of its own with the same content, which remembers where it came from."""
        return Loop.of_model(self._named(name))

    def _named(self, name: str | None) -> models.Loop:
        wanted = self.name if name is None else checks.name(name)
        return dataclasses.replace(self.copied(), name=wanted)

    def __reduce__(self) -> tuple[object, ...]:
        """What ``copy``, ``deepcopy`` and ``pickle`` make again: a loop of its own."""
        return type(self).of_model, (self.copied(),)

    def copied(self) -> models.Loop:
        """The loop as a value under a new id, with its lineage [DOC-12]."""
        return dataclasses.replace(self.alone(), id=str(uuid.uuid4()), source=self._id)

    def alone(self) -> models.Loop:
        """The loop as a value that needs no song: what it follows there, it has of its own."""
        if self._document.revision.kind == "loop":
            return self.model
        return dataclasses.replace(self.model, tempo=self.tempo, meter=self.meter)

    def undo(self) -> bool:
        """Take back the last step of this session, cell or click; False where there is none."""
        return self._document.undo()

    def redo(self) -> bool:
        """Do again what was last taken back; False where there is nothing."""
        return self._document.redo()

    # -- sound ---------------------------------------------------------------------------------

    @property
    def score(self) -> ScoreImage:
        """What the engine plays."""
        return score_image(self.model, self._document.revision)

    def names_of(self, strip: str) -> dict[str, str]:
        """The sound of a row."""
        sound = row_sound(self.model, strip) if strip else None
        return {"sound": sound.id if sound else strip}

    @property
    def widget(self) -> LoopWidget:
        """The loop's widget, an ipywidget for ``VBox``, ``jslink`` and ``observe``."""
        if self._widget is None:
            from cellissimo.widgets.loop import LoopWidget  # noqa: PLC0415 - needs ipywidgets

            self._widget = LoopWidget(self._document, self._id)
        return self._widget

    # -- values --------------------------------------------------------------------------------

    def __eq__(self, other: object) -> bool:
        """Whether two loops say the same, whatever their ids."""
        if not isinstance(other, Loop):
            return NotImplemented
        if not (self.is_there and other.is_there):
            return self is other
        return code.content(self.model) == code.content(other.model)

    __hash__ = None  # type: ignore[assignment]  # a live view has no lasting value

    def __repr__(self) -> str:
        """A short stable description: what a screen reader says."""
        if not self.is_there:
            return "Loop · removed from its song"
        return digest_loop(self.model, self._document.revision)


def _document_of(loop: models.Loop) -> Document:
    """A document of kind "loop" that holds just this one."""
    song = models.Song(str(uuid.uuid4()), loop.name, kind="loop", loops={loop.id: loop})
    return Document(song, gestures=SESSION.gestures)
