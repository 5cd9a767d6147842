"""What the transformations of notes do to their columns."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from cellissimo.domain.errors import CellissimoError
from cellissimo.domain.key import parse_key
from cellissimo.domain.ticks import note_value_ticks
from cellissimo.schema import checks
from cellissimo.tables.column import Column, TableError

LONGEST_GRID = 15_360
"""Ticks of the widest grid: four bars of 4/4."""

FACTORS = (Fraction(1, 64), Fraction(64))
"""How much shorter and longer times can be made at once."""


def pitches(pitch: Column, what: str) -> Column:
    """The pitches, where all of them are MIDI numbers; missing ones (NaN) stay.

    Raises:
        TableError: some lie outside 0 … 127.
    """
    wrong = np.flatnonzero((pitch < 0) | (pitch > 127))
    if wrong.size:
        moved = f"{pitch[wrong[0]]:g}"
        message = (
            f"{what} brings {wrong.size} of {pitch.size} notes outside 0 … 127, the first to "
            f"{moved}; choose a smaller step, or leave these notes out with where()"
        )
        raise TableError(message)
    return pitch


def in_key(pitch: Column, steps: int, key: str) -> Column:
    """The pitches moved by degrees of a key; what lies between degrees keeps its distance."""
    parsed = parse_key(checks.text(key, "key", "C major"))
    scale = np.array(sorted(parsed.scale), np.int64)
    known = ~np.isnan(pitch)
    octave, within = np.divmod(pitch[known], 12)
    degree = np.searchsorted(scale, within, "right") - 1  # -1: below the lowest, so the last of
    # the octave beneath
    alteration = within - (scale[degree] - 12 * (degree < 0))
    octaves, degrees = np.divmod(degree + steps, len(scale))
    moved = np.copy(pitch)
    moved[known] = 12 * (octave + octaves) + scale[degrees] + alteration
    return moved


def grid_ticks(grid: object) -> int:
    """A grid in ticks, from ticks or a note value such as "16n".

    Raises:
        CellissimoError: it is neither, or wider than four bars.
    """
    ticks = note_value_ticks(grid) if isinstance(grid, str) else grid
    return checks.whole(ticks, 1, LONGEST_GRID, "grid (ticks, or a note value such as '16n')")


def quantised(
    start: Column, bar: Column, length: Column, grid: int, strength: float, swing: float
) -> Column:
    """The starts moved by ``strength`` of the way to the nearest place of a grid.

    ``bar`` and ``length`` are where the bar of each begins, and how long it is. Every second
    place of a bar is later by ``swing`` thirds of the grid, where its pair ends within the bar.
    """
    inside = start - bar
    before = _place(inside // grid, length, grid, swing)
    after = _place(inside // grid + 1, length, grid, swing)
    target = np.where(after - inside <= inside - before, after, before)
    moved: Column = bar + inside + _half_up((target - inside) * strength)
    return moved


def _place(number: Column, length: Column, grid: int, swing: float) -> Column:
    swung = (number % 2 == 1) & ((number + 1) * grid <= length)
    place: Column = np.minimum(number * grid + _half_up(swung * swing * grid / 3), length)
    return place


def _half_up(values: Column) -> Column:
    whole: Column = np.floor(values + 0.5).astype(np.int64)
    return whole


def scaled(ticks: Column, factor: Fraction) -> Column:
    """The ticks times a factor, halves rounded up."""
    doubled: Column = 2 * ticks * factor.numerator + factor.denominator
    return doubled // (2 * factor.denominator)


def factor_of(value: object) -> Fraction:
    """A factor as a fraction: 2, 1.5, "2/3".

    Raises:
        CellissimoError: it is no number from 1/64 to 64.
    """
    try:
        factor = Fraction(str(value)).limit_denominator(1000)
    except (ValueError, ZeroDivisionError):
        factor = Fraction(0)
    if not FACTORS[0] <= factor <= FACTORS[1]:
        raise CellissimoError(f'factor is {value!r}; give a number from 1/64 to 64, or "3/2"')
    return factor


def even(chance: np.random.PCG64, most: int, count: int) -> Column:
    """Whole numbers from ``-most`` to ``most``, all alike.

    Taken from the raw bits, which NumPy promises to be the same in every version.
    """
    bits: Column = chance.random_raw(count) % np.uint64(2 * most + 1)
    return bits.astype(np.int64) - most


def voices(start: Column, duration: Column, pitch: Column) -> Column:
    """A voice for each note, counted from 1, so that no voice sounds two notes at once.

    Notes are taken by start, the highest first; each goes to the first voice that is free.
    *Cost*: O(notes * voices).
    """
    free: list[int] = []
    voice = np.zeros(len(start), np.int64)
    for note in np.lexsort((-np.nan_to_num(pitch), start)).tolist():
        begin = int(start[note])
        at = next((place for place, end in enumerate(free) if end <= begin), len(free))
        free[at : at + 1] = [begin + int(duration[note])]
        voice[note] = at + 1
    return voice
