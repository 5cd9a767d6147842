"""Notes of a table as steps of a loop, or as notes of a segment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
from math import isnan
from typing import Any

from cellissimo.domain.ticks import Meter, cell_ticks, cells_per_bar, parse_meter
from cellissimo.notation.rows import SOUND_KEY
from cellissimo.schema import checks, limits
from cellissimo.schema.models import Loop, Note, Step, StepKey, Value
from cellissimo.schema.parameters import BY_KEY
from cellissimo.schema.sounds import Sound, find_sound, known_sound
from cellissimo.tables.column import TableError
from cellissimo.tables.notes import NoteTable

DEFAULT_SOUND = "synth-lead"
"""What notes with a pitch sound with, where no column and no argument says."""


def segment_notes(table: NoteTable, start: int = 0) -> list[Note]:
    """The notes of a table from tick ``start`` on, as those of a segment that begins there.

    Raises:
        TableError: a note has no pitch, or begins before ``start``.
    """
    return [_segment_note(row, start) for row in table.records()]


def _segment_note(row: dict[str, Any], start: int) -> Note:
    if isnan(row["pitch"]):
        raise TableError(
            f"the note at tick {row['start']} has no pitch; a stem's notes need one: fill the "
            'column "pitch" with MIDI numbers or names such as "C4"'
        )
    if row["start"] < start:
        message = f"the note at tick {row['start']} begins before tick {start}; begin earlier"
        raise TableError(message)
    return Note(row["start"] - start, row["duration"], row["pitch"], row["velocity"])


@dataclass(frozen=True, slots=True)
class Grid:
    """The loop that notes go into: its length, cells and meter, and where it begins."""

    bars: int
    steps_per_bar: int
    meter: Meter
    start: int

    @property
    def cells(self) -> int:
        """Cells of the whole loop."""
        return self.bars * self.steps_per_bar

    @property
    def step_ticks(self) -> int:
        """Ticks of one cell."""
        return cell_ticks(self.meter, self.steps_per_bar)


def grid_of(
    table: NoteTable,
    *,
    bars: int | None = None,
    steps_per_bar: int | None = None,
    meter: str | None = None,
    bar: int | None = None,
) -> Grid:
    """The grid that a table's notes fit on.

    It begins at ``bar`` (from 1), or where a slice was cut, or at tick 0, and has as many bars
    as are needed. ``meter`` is the table's own there, and the cells are sixteenths, unless told.

    Raises:
        CellissimoError: a value is out of range, or the notes need more than 8 bars.
    """
    start = table.window[0] if table.window else 0
    if bar is not None:
        start = table.timing.window(bar, bar)[0]
    found = parse_meter(meter) if meter else table.timing.meter_map.meter_at(start)
    cells = limits.STEPS_PER_BAR
    steps = checks.whole(steps_per_bar or cells_per_bar(found), *cells, "steps_per_bar")
    cell_ticks(found, steps)
    wanted = _bars_needed(table, start, found) if bars is None else checks.bars(bars)
    return Grid(wanted, steps, found, start)


def _bars_needed(table: NoteTable, start: int, meter: Meter) -> int:
    last = max(table["start"].tolist(), default=start) - start + 1
    if table.window and table.window[0] == start:
        last = max(last, table.window[1] - start)
    needed = -(-last // meter.ticks_per_bar)
    for bars in limits.BAR_COUNTS:
        if needed <= bars:
            return bars
    raise TableError(
        f"the notes fill {needed} bars and a loop has at most {limits.BAR_COUNTS[-1]}; take a "
        "part of them with bars(first, last), or tell where to begin with bar="
    )


def loop_content(
    table: NoteTable, grid: Grid, sound: str | None = None
) -> tuple[dict[StepKey, Step], dict[str, Value]]:
    """The steps, and the settings that name the sounds of rows, for the notes of a table.

    Each note becomes a step on the nearest cell with the rest as its offset. A row is called as
    the column ``row`` says, or else as its sound (column ``sound``, or the argument). Notes on one
    cell, and other sounds, go to rows of their own, such as "pad", "pad-2", "pad-3".

    Raises:
        TableError: a note lies outside the loop, or nothing tells what it sounds with.
    """
    steps: dict[StepKey, Step] = {}
    sounds: dict[str, Sound] = {}
    for note in table.records():
        name, playing = _row_of(note, sound)
        cell, step = _step_of(note, grid, playing)
        free = (n for n in _numbered(name) if (n, cell) not in steps)
        row = next(n for n in free if sounds.get(n, playing) is playing)
        steps[row, cell], sounds[row] = step, playing
    if len(sounds) > limits.ROWS_PER_LOOP:
        most = limits.ROWS_PER_LOOP
        raise TableError(f"the notes need {len(sounds)} rows, and a loop has {most} at most")
    unsaid = {row: sound for row, sound in sounds.items() if find_sound(row) is not sound}
    return steps, {f"{row}.{SOUND_KEY}": sound.id for row, sound in unsaid.items()}


def _row_of(note: dict[str, Any], given: str | None) -> tuple[str, Sound]:
    """The name of a note's row, and its sound."""
    named = given or note["sound"] or note["row"]
    if not named and isnan(note["pitch"]):
        raise TableError(
            f"nothing says what the note at tick {note['start']} sounds with; add a column "
            '"sound" such as "drum-kick", or give sound="drum-kick"'
        )
    sound = find_sound(named) if named else None
    if sound is None:
        sound = known_sound(named or DEFAULT_SOUND)
    row = note["row"] if note["row"] and not given else sound.aliases[0]
    return checks.row_name(row), sound


def _numbered(name: str) -> Iterator[str]:
    yield name
    for number in count(2):
        yield checks.row_name(f"{name}-{number}")


def _step_of(note: dict[str, Any], grid: Grid, sound: Sound) -> tuple[int, Step]:
    inside = note["start"] - grid.start
    end = grid.cells * grid.step_ticks
    if not 0 <= inside < end:
        raise TableError(
            f"the note at tick {note['start']} lies outside the loop, which has ticks "
            f"{grid.start} to {grid.start + end - 1}; give more bars, or slice with bars()"
        )
    cell = min((inside + grid.step_ticks // 2) // grid.step_ticks, grid.cells - 1)
    pitch = note["pitch"]
    own = isnan(pitch) or (not sound.melodic and pitch == _own_pitch(sound))
    duration = None if note["duration"] == grid.step_ticks else note["duration"]
    step = Step(note["velocity"], None if own else pitch, duration)
    return cell, replace(step, offset=inside - cell * grid.step_ticks)


def _own_pitch(sound: Sound) -> float:
    return float(sound.patch.get("play.pitch", BY_KEY["play.pitch"].default))


def loop_of(table: NoteTable, loop: Loop, grid: Grid, sound: str | None = None) -> Loop:
    """The loop with the steps of a table on a grid, in place of its own."""
    steps, settings = loop_content(table, grid, sound)
    return replace(
        loop,
        bars=grid.bars,
        steps_per_bar=grid.steps_per_bar,
        meter=None if grid.meter == Meter() else str(grid.meter),
        steps=steps,
        settings={**loop.settings, **settings},
    )
