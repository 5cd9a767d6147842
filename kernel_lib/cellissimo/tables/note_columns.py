"""The columns of notes, read from a table that somebody gives: what is missing, what is wrong."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from cellissimo.domain.pitch import midi_and_cents
from cellissimo.domain.ticks import TICKS_PER_QUARTER
from cellissimo.schema import limits
from cellissimo.schema.models import Step
from cellissimo.tables.column import Column, TableError, numbers, text_column, whole, within, words
from cellissimo.tables.timing import Timing

NUMBERS = ("start", "duration", "pitch", "velocity")
TEXTS = ("stem", "segment", "row", "sound")
WRITTEN = (*NUMBERS, *TEXTS)
"""The columns that are given; bar, start_time and end_time follow from them."""

SIXTEENTH = TICKS_PER_QUARTER // 4
LONGEST_MS = 4 * 60 * 60 * 1000

Columns = Mapping[str, Column]


def written_columns(found: Columns, timing: Timing) -> dict[str, Column]:
    """The columns `WRITTEN` from whatever columns were found.

    Raises:
        TableError: a column is missing, or a value is out of range.
    """
    start = _starts(found, timing)
    empty = text_column([""] * len(start))
    return {
        "start": start,
        "duration": _durations(found, start, timing),
        "pitch": _pitches(found, len(start)),
        "velocity": _velocities(found, len(start)),
        **{name: words(found[name]) if name in found else empty for name in TEXTS},
    }


def _starts(found: Columns, timing: Timing) -> Column:
    for name in ("start", "tick"):
        if name in found:
            return whole(found[name], 0, limits.LAST_TICK, f"{name} (ticks, 960 a quarter)")
    if "start_time" in found:
        return timing.ticks(within(found["start_time"], 0, LONGEST_MS, "start_time (ms)"))
    if not found:
        return np.empty(0, np.int64)
    raise TableError(
        f'the table has no column "start"; its columns are {", ".join(found)}. Add "start" in '
        'ticks (960 a quarter), or "start_time" in milliseconds'
    )


def _durations(found: Columns, start: Column, timing: Timing) -> Column:
    if "duration" in found:
        what = "duration (ticks, 960 a quarter)"
        return whole(found["duration"], 1, limits.LAST_TICK, what)
    if "end_time" in found:
        end = timing.ticks(within(found["end_time"], 0, LONGEST_MS, "end_time (ms)"))
        lasting: Column = np.maximum(end - start, 1)
        return lasting
    return np.full(len(start), SIXTEENTH, np.int64)


def _pitches(found: Columns, count: int) -> Column:
    column = found.get("pitch", found.get("note"))
    if column is None:
        return np.full(count, np.nan)
    values = numbers(_numbered(column), "pitch")
    known = ~np.isnan(values)
    if known.any():
        within(values[known], *limits.PITCH_RANGE, "pitch (MIDI number)")
    return values


def _numbered(column: Column) -> Column:
    """The column with names such as "C4" as numbers."""
    if column.dtype.kind in "iuf":
        return column
    listed = [_number(value) if isinstance(value, str) else value for value in column.tolist()]
    return np.array(listed, object)


def _number(name: str) -> float:
    midi, cents = midi_and_cents(name)
    return midi + cents / 100


def _velocities(found: Columns, count: int) -> Column:
    if "velocity" not in found:
        return np.full(count, Step().velocity, np.int64)
    column = found["velocity"]
    values = numbers(column, "velocity")
    if column.dtype.kind == "f" and values.size and values.max() <= 1:
        return whole(values * 127, *limits.VELOCITY_RANGE, "velocity, of 127")
    return whole(column, *limits.VELOCITY_RANGE, "velocity")
