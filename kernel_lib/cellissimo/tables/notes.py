"""Notes as a table: what a song or a loop plays, as written, in columns."""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan
from typing import ClassVar

import numpy as np

from cellissimo.schema import checks, limits
from cellissimo.schema.models import DEFAULT_KEY
from cellissimo.tables import transform
from cellissimo.tables.column import Column, TableError, read_columns, text_column
from cellissimo.tables.note_columns import NUMBERS, TEXTS, WRITTEN, written_columns
from cellissimo.tables.table import Table
from cellissimo.tables.timing import Timing


class NoteTable(Table):
    """Notes, one a row, in the order in which they begin.

    ``start`` and ``duration`` in ticks, 960 a quarter; ``pitch`` a MIDI number, or NaN: the
    chord's, or the sound's own; ``velocity`` 0 … 127; ``bar`` counted from 1; ``start_time`` and
    ``end_time`` in milliseconds; then the names of ``stem``, ``segment`` (or loop), ``row`` and
    ``sound``, each empty where there is none.

    >>> high = song.notes.bars(1, 4).transpose(12)
    """

    NOUN: ClassVar[str] = "note"
    ORDER: ClassVar[tuple[str, ...]] = ("start", "pitch", "duration", "velocity", *TEXTS)

    @classmethod
    def made(
        cls,
        written: Mapping[str, Column],
        timing: Timing | None = None,
        window: tuple[int, int] | None = None,
    ) -> NoteTable:
        """A table of columns that are right already; bars and times are added."""
        time = timing or Timing()
        start, end = written["start"], written["start"] + written["duration"]
        derived = {
            "bar": time.bars(start)[0],
            "start_time": time.milliseconds(start),
            "end_time": time.milliseconds(end),
        }
        numbered = {name: written[name] for name in NUMBERS}
        return cls(numbered | derived | {n: written[n] for n in TEXTS}, time, window)

    @classmethod
    def of(cls, source: object, timing: Timing | None = None) -> NoteTable:
        """Notes read from a table of any kind.

        ``start`` is needed (or ``tick``, or ``start_time`` in milliseconds). ``duration`` is a
        sixteenth where there is none (or is read from ``end_time``), ``velocity`` 100; one of
        decimals up to 1.0 is 0.0 … 1.0. ``pitch`` may be missing, or also be called ``note``.

        Raises:
            TableError: a column is missing, or a value is out of range.
        """
        if isinstance(source, NoteTable):
            return source
        time = timing or Timing()
        return cls.made(written_columns(read_columns(source), time), time)

    def changed(self, **columns: Column) -> NoteTable:
        """The notes with other columns."""
        written = {name: columns.get(name, self[name]) for name in WRITTEN}
        return NoteTable.made(written, self.timing, self.window)

    # -- slices --------------------------------------------------------------------------------

    def stems(self, *names: str) -> NoteTable:
        """The notes of stems. Raises: TableError for a name that no stem has."""
        return self.named("stem", names)

    def sounds(self, *names: str) -> NoteTable:
        """The notes of sounds. Raises: TableError for a name that stands nowhere."""
        return self.named("sound", names)

    # -- pitch ---------------------------------------------------------------------------------

    def transpose(self, semitones: float) -> NoteTable:
        """The notes moved up by semitones, down when negative; ``-semitones`` moves them back.

        Raises:
            CellissimoError: a note would leave 0 … 127.
        """
        step = checks.number(semitones, -127, 127, "semitones")
        return self.changed(pitch=transform.pitches(self["pitch"] + step, f"transpose({step:g})"))

    def transpose_in_key(self, degrees: int, key: str = DEFAULT_KEY) -> NoteTable:
        """The notes moved by degrees of a key: 2 is a third up, whatever third the key has there.

        Notes of the key come back with ``-degrees``; others keep their distance from the degree
        below them.

        Raises:
            CellissimoError: a note would leave 0 … 127, or the key does not read.
        """
        steps = checks.whole(degrees, -70, 70, "degrees")
        moved = transform.in_key(self["pitch"], steps, key)
        return self.changed(pitch=transform.pitches(moved, f"transpose_in_key({steps})"))

    def invert(self, axis: float | None = None) -> NoteTable:
        """The notes mirrored about a pitch, so that what rose falls; the same again undoes it.

        ``axis`` is a MIDI number, also between two; without it, the middle of the range.

        Raises:
            CellissimoError: a note would leave 0 … 127.
        """
        if axis is None:
            axis = self._middle()
        centre = checks.number(axis, 0, 127, "axis (MIDI number)")
        mirrored = 2 * centre - self["pitch"]
        return self.changed(pitch=transform.pitches(mirrored, f"invert({centre:g})"))

    def _middle(self) -> float:
        known = self["pitch"][~np.isnan(self["pitch"])]
        return float(known.min() + known.max()) / 2 if known.size else 60.0

    # -- time ----------------------------------------------------------------------------------

    def quantise(
        self, grid: int | str = "16n", strength: float = 1.0, swing: float = 0.0
    ) -> NoteTable:
        """The notes moved to, or by ``strength`` of the way to, the nearest place of a grid.

        ``grid`` in ticks or as "16n"; places are counted from each bar. ``swing`` 0 … 1 makes
        every second place late by up to a third of the grid. Durations stay.

        Raises:
            CellissimoError: a value is out of range.
        """
        ticks = transform.grid_ticks(grid)
        share = checks.number(strength, 0, 1, "strength")
        late = checks.number(swing, 0, 1, "swing")
        bar = self.timing.bars(self["start"])[1]
        length = self.timing.bar_lengths(bar)
        return self.changed(
            start=transform.quantised(self["start"], bar, length, ticks, share, late)
        )

    def humanise(self, timing: int = 12, velocity: int = 8, seed: int = 0) -> NoteTable:
        """The notes made less even: the same ``seed`` gives the same notes.

        ``timing`` is how many ticks early or late a note may be, ``velocity`` how much softer or
        louder; both fall evenly. Nothing begins before tick 0, and silent notes stay silent.

        Raises:
            CellissimoError: a value is out of range.
        """
        ticks = checks.whole(timing, 0, 960, "timing (ticks)")
        louder = checks.whole(velocity, 0, 127, "velocity")
        chance = np.random.PCG64(checks.whole(seed, *limits.SEED_RANGE, "seed"))
        moved = self["start"] + transform.even(chance, ticks, self.count)
        varied = self["velocity"] + transform.even(chance, louder, self.count)
        silent = self["velocity"] == 0
        return self.changed(
            start=np.maximum(moved, 0), velocity=np.where(silent, 0, np.clip(varied, 1, 127))
        )

    def retrograde(self) -> NoteTable:
        """The notes from the last to the first, in the same stretch; the same again undoes it."""
        if not self.count:
            return self
        ends = self["start"] + self["duration"]
        return self.changed(start=self["start"].min() + ends.max() - ends)

    def augment(self, factor: float | str = 2, origin: int | None = None) -> NoteTable:
        """The notes slower by a factor, which may be a text such as "3/2".

        ``origin`` is the tick that stays where it is; without it, the first note's.

        Raises:
            CellissimoError: the factor is no number from 1/64 to 64.
        """
        wanted = transform.factor_of(factor)
        if not self.count:
            return self
        fixed = int(self["start"].min())
        if origin is not None:
            fixed = checks.whole(origin, 0, limits.LAST_TICK, "origin (ticks)")
        moved = fixed + transform.scaled(self["start"] - fixed, wanted)
        longer = np.maximum(transform.scaled(self["duration"], wanted), 1)
        return self.changed(start=np.maximum(moved, 0), duration=longer)

    def diminish(self, factor: float | str = 2, origin: int | None = None) -> NoteTable:
        """The notes faster by a factor: ``augment`` by one over it.

        Raises:
            CellissimoError: the factor is no number from 1/64 to 64.
        """
        return self.augment(str(1 / transform.factor_of(factor)), origin)

    # -- together and apart --------------------------------------------------------------------

    def merge(self, *others: object) -> NoteTable:
        """The notes of this table and of others, together.

        Raises:
            TableError: one of them is no table of notes.
        """
        tables = [self, *(NoteTable.of(other, self.timing) for other in others)]
        joined = {name: np.concatenate([table[name] for table in tables]) for name in WRITTEN}
        return NoteTable.made(joined, self.timing, self.window)

    def split(self, by: str = "pitch", at: float | None = None) -> dict[object, NoteTable]:
        """The notes apart: ``merge`` puts them together again.

        ``by`` "pitch" gives a table a pitch, or with ``at`` "low" and "high" (from ``at`` on);
        "beat" one for each beat of the bar, counted from 1; "voice" as few as it takes for no
        two notes of one to sound together, the highest first; or the name of a text column.

        Raises:
            TableError: there is no such way to split.
        """
        keys = self._keys(by, at).tolist()
        order = sorted(set(keys), key=lambda key: (key is None, key))
        number = {key: place for place, key in enumerate(order)}
        place = np.array([number[key] for key in keys], np.int64)
        return {key: self.where(place == number[key]) for key in order}

    def _keys(self, by: str, at: float | None) -> Column:
        if by == "pitch":
            return self._pitch_keys(at)
        if by == "beat":
            return self._beats()
        if by == "voice":
            return transform.voices(self["start"], self["duration"], self["pitch"])
        if by in TEXTS:
            return self[by]
        known = ", ".join(("pitch", "beat", "voice", *TEXTS))
        raise TableError(f"notes cannot be split by {by!r}; choose one of {known}")

    def _pitch_keys(self, at: float | None) -> Column:
        pitches = self["pitch"].tolist()
        if at is None:
            return np.array([None if isnan(pitch) else pitch for pitch in pitches], object)
        border = checks.number(at, 0, 127, "at (MIDI number)")
        return text_column("high" if pitch >= border else "low" for pitch in pitches)

    def _beats(self) -> Column:
        inside = self["start"] - self.timing.bars(self["start"])[1]
        meters = [self.timing.meter_map.meter_at(tick) for tick in self["start"].tolist()]
        lengths = np.array([meter.ticks_per_beat for meter in meters], np.int64)
        return inside // lengths + 1
