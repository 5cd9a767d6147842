"""The musician's objects as tables, and made from tables.

NumPy is imported where it is needed: `import cellissimo` stays light.
"""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol, Self

from cellissimo.music.segment import notes_of_list
from cellissimo.schema import checks, models

if TYPE_CHECKING:
    from cellissimo.crdt.document import Document
    from cellissimo.music.song import Song
    from cellissimo.music.stem import Stem
    from cellissimo.tables.chords import BlockTable, ChordTable
    from cellissimo.tables.notes import NoteTable


Table = Any
"""A table of any kind: a pandas DataFrame, a DuckDB relation, a mapping of columns."""


class _OfSong(Protocol):
    @property
    def model(self) -> models.Song: ...


class _OfLoop(Protocol):
    @property
    def model(self) -> models.Loop: ...

    @property
    def document(self) -> Document: ...


class _OfPart(Protocol):
    @property
    def song(self) -> Song: ...


class TabledSong:
    """A song's notes, chords and blocks as columns that pandas and DuckDB take."""

    __slots__ = ()

    @property
    def notes(self: _OfSong) -> NoteTable:
        """All notes as written: ``start``, ``duration``, ``pitch``, ``velocity``, names, times.

        >>> song.notes.bars(1, 4).transpose(12)
        """
        from cellissimo.tables.of_song import notes_of  # noqa: PLC0415

        return notes_of(self.model)

    @property
    def chords(self: _OfSong) -> ChordTable:
        """All chords as they pass, with letters, numerals, roots and times."""
        from cellissimo.tables.of_song import chords_of  # noqa: PLC0415

        return chords_of(self.model)

    @property
    def blocks(self: _OfSong) -> BlockTable:
        """The blocks of the timeline, with bars and times."""
        from cellissimo.tables.of_song import blocks_of  # noqa: PLC0415

        return blocks_of(self.model)


class TabledExcerpt:
    """The notes, chords and blocks that begin in a stretch of a song."""

    __slots__ = ()

    @property
    def notes(self: _Excerpt) -> NoteTable:
        """The notes that begin here, at the song's ticks."""
        return self.song.notes.between(*self.span)

    @property
    def chords(self: _Excerpt) -> ChordTable:
        """The chords that begin here."""
        return self.song.chords.between(*self.span)

    @property
    def blocks(self: _Excerpt) -> BlockTable:
        """The blocks that begin here."""
        return self.song.blocks.between(*self.span)


class _Excerpt(_OfPart, Protocol):
    @property
    def span(self) -> tuple[int, int]: ...


class TabledLoop:
    """A loop's notes as columns, and loops from columns of notes."""

    __slots__ = ()

    @property
    def notes(self: _OfLoop) -> NoteTable:
        """The notes of one turn as written, those that follow the chords too."""
        from cellissimo.tables.of_song import notes_of_loop  # noqa: PLC0415

        return notes_of_loop(self.model, self.document.revision)

    @classmethod
    def from_notes(
        cls, notes: object, name: str = "Loop", *, bars: int | None = None,
        tempo: float | None = None, meter: str | None = None, steps_per_bar: int | None = None,
        sound: str | None = None, bar: int | None = None,
    ) -> Self:  # fmt: skip
        """A loop that plays the notes of a table: each a step on the nearest cell, with an offset.

        ``notes`` is a pandas DataFrame, a DuckDB relation, a dict of columns, a list of records
        or a structured array with ``start`` (ticks) or ``start_time`` (ms), and as they are known
        ``duration``, ``pitch``, ``velocity``, ``row`` and ``sound``. ``sound`` plays what names
        none. It begins at ``bar``, or where a slice was cut, and is as long as it has to be.

        Raises:
            CellissimoError: a column is missing, a value is out of range, or notes do not fit.
        """
        from cellissimo.tables import to_models  # noqa: PLC0415
        from cellissimo.tables.notes import NoteTable  # noqa: PLC0415

        table = NoteTable.of(notes)
        grid = to_models.grid_of(
            table, bars=bars, steps_per_bar=steps_per_bar, meter=meter, bar=bar
        )
        empty = models.Loop(str(uuid.uuid4()), checks.name(name))
        known = tempo if tempo is not None or notes is not table else _tempo(table, grid.start)
        timed = None if known is None else checks.tempo(known)
        made = dataclasses.replace(to_models.loop_of(table, empty, grid, sound), tempo=timed)
        return cls.of_model(made)  # type: ignore[attr-defined, no-any-return]


def _tempo(table: NoteTable, start: int) -> float:
    return table.timing.tempo_map.tempo_at(start)


class TabledStem:
    """A stem's notes as columns, and stems from columns of notes."""

    __slots__ = ()

    @property
    def notes(self: _StemPart) -> NoteTable:
        """Its notes as written, at the song's ticks."""
        from cellissimo.tables.of_song import notes_of  # noqa: PLC0415

        return notes_of(self.song.model, self.model.id)

    @classmethod
    def from_table(
        cls, notes: object, song: Song | None = None, *, name: str | None = None,
        sound: str | None = None, bar: float = 1,
    ) -> Stem:  # fmt: skip
        """A new stem of ``song`` (or of a new song) with the notes of a table from ``bar`` on.

        ``notes`` is what ``Loop.from_notes`` takes; every note needs a pitch. Its name and sound
        are those that the table names first, unless given.

        Raises:
            CellissimoError: a column is missing, or a value is out of range.
        """
        from cellissimo.music.song import Song  # noqa: PLC0415 - a song has stems
        from cellissimo.tables.notes import NoteTable  # noqa: PLC0415

        table = NoteTable.of(notes)
        named = name or _first(table, "stem") or "Notes"
        playing = sound or _first(table, "sound") or "synth-lead"
        written = table_notes(table)
        home = Song(named) if song is None else song
        with home.step():
            stem = home.stems.add(named, sound=playing)
            stem.add_notes(written, bar=bar)
        return stem


class _StemPart(_OfPart, Protocol):
    @property
    def model(self) -> models.Stem: ...


def _first(table: NoteTable, column: str) -> str | None:
    return next((name for name in table[column].tolist() if name), None)


def notes_given(notes: object) -> list[models.Note]:
    """Checked notes of a list of notes, or of a table of any kind.

    Raises:
        CellissimoError: one is no note, or a value is out of range.
    """
    if isinstance(notes, Mapping) or hasattr(notes, "columns") or hasattr(notes, "fetchnumpy"):
        return notes_of_list(table_notes(notes))
    return notes_of_list(notes)


def table_notes(notes: object) -> list[models.Note]:
    """The notes of a table, from where it was cut, or from tick 0."""
    from cellissimo.tables.notes import NoteTable  # noqa: PLC0415
    from cellissimo.tables.to_models import segment_notes  # noqa: PLC0415

    table = NoteTable.of(notes)
    return segment_notes(table, table.window[0] if table.window else 0)
