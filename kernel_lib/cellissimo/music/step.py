"""A step at the musician's face, where velocities are 0.0 … 1.0."""

from __future__ import annotations

from dataclasses import dataclass

from cellissimo.domain.pitch import midi_and_cents
from cellissimo.domain.ticks import note_value_ticks, parse_meter
from cellissimo.schema import checks, models
from cellissimo.schema.limits import VELOCITY_RANGE

_MOST = VELOCITY_RANGE[1]


@dataclass(frozen=True, slots=True)
class Step:
    """One sound on one cell, as it is read: ``loop["lead"].steps[4].velocity``.

    ``velocity`` 0.0 … 1.0 in two decimals. ``note`` a MIDI number or None: the chord's.
    ``duration`` in ticks (960 a quarter) or None: one cell. ``probability`` 0.0 … 1.0.
    ``offset`` in ticks, later when positive.
    """

    velocity: float
    note: float | None = None
    duration: int | None = None
    probability: float = 1.0
    offset: int = 0


def shown(step: models.Step) -> Step:
    """The face of a stored step."""
    return Step(
        round(step.velocity / _MOST, 2), step.pitch, step.duration, step.probability, step.offset
    )


def pitch(value: float | str | None) -> float | None:
    """A pitch as a MIDI number: from a number, "E4" or "440hz"; None stays None."""
    if not isinstance(value, str):
        return value
    midi, cents = midi_and_cents(value)
    return midi + cents / 100 if cents else midi


def stored(
    velocity: float,
    note: float | str | None,
    duration: int | str | None,
    probability: float,
    offset: int,
    meter: str,
) -> models.Step:
    """The step to store; note and duration also as "E4", "440hz", "8n" and "1m" in ``meter``.

    Raises:
        CellissimoError: a value is out of range or does not read.
    """
    loud = checks.number(velocity, 0, 1, "velocity")
    if isinstance(duration, str):
        duration = note_value_ticks(duration, parse_meter(meter))
    return checks.step(
        models.Step(
            round(loud * _MOST),
            pitch(note),
            duration,
            probability,
            offset,
        )
    )
