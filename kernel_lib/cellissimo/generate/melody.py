"""A rhythm and pitches as the columns of notes."""

from __future__ import annotations

from collections.abc import Iterable

from cellissimo.domain.errors import CellissimoError
from cellissimo.domain.pitch import midi_and_cents
from cellissimo.domain.ticks import note_value_ticks
from cellissimo.generate.rhythm import Steps
from cellissimo.schema import checks


def notes(
    rhythm: str, pitches: Iterable[float | str], grid: str = "16n", *, legato: bool = False
) -> dict[str, list[float]]:
    """Notes as columns: the cells of a rhythm, with pitches in turn, which repeat.

    ``grid`` is how long a cell is. A note lasts one cell, or with ``legato`` until the next one.
    ``Loop.from_notes``, ``Stem.from_table`` and ``pandas.DataFrame`` take the columns.

    >>> notes("x.x.", ["C4", "E4"])["pitch"]
    [60, 64]

    Raises:
        CellissimoError: a letter, pitch or grid does not read, or there are no pitches.
    """
    steps = Steps(checks.text(rhythm, "rhythm", "x..x..x."))
    tones = [_pitch(pitch) for pitch in pitches]
    cell = note_value_ticks(checks.text(grid, "grid", "16n"))
    if not tones and steps.cells:
        raise CellissimoError('there are no pitches; give some, such as ["C4", "E4"]')
    cells = steps.cells
    ends = [*cells[1:], len(steps)] if legato else [place + 1 for place in cells]
    return {
        "start": [place * cell for place in cells],
        "duration": [(end - place) * cell for place, end in zip(cells, ends, strict=True)],
        "pitch": [tones[number % len(tones)] for number in range(len(cells))],
        "velocity": list(steps.velocities),
    }


def _pitch(value: float | str) -> float:
    if isinstance(value, str):
        midi, cents = midi_and_cents(value)
        return midi + cents / 100 if cents else midi
    return checks.number(value, 0, 127, "pitch (MIDI number)")
