"""Steps of the playground's JSON: ``{step, soundId, velocity, note?}``, ``step`` being a cell.

Velocities travel as 0.00 … 1.00 with two decimals and are kept as 0 … 127, so that every one of
the 101 comes back as it went in. What the playground has no word for is told beside it, where it
differs from what is usual: ``row`` (the name of the row), ``duration`` and ``offset`` (ticks) and
``probability``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from cellissimo.domain.pitch import parse_pitch
from cellissimo.notation.playground_values import (
    Json,
    PlaygroundError,
    checked,
    fields,
    items,
    number,
    required,
    whole,
    within,
)
from cellissimo.notation.rows import SOUND_KEY, row_place, row_sound
from cellissimo.schema import checks, limits
from cellissimo.schema.models import Loop, Step, StepKey, Value
from cellissimo.schema.sounds import SOUNDS, find_sound, known_sound

_USUAL = Step()


def velocity_of(hundredths: float) -> int:
    """The velocity 0 … 127 of one that is written 0.00 … 1.00."""
    return round(hundredths * 127)


def hundredths_of(velocity: int) -> float:
    """A velocity 0 … 127 as 0.00 … 1.00, to two decimals."""
    return round(velocity / 127, 2)


# -- a loop's steps as JSON ----------------------------------------------------------------------


def steps_as_json(loop: Loop) -> list[dict[str, Any]]:
    """The steps as the playground has them: by cell, and in one cell by row."""
    by_cell: dict[int, list[str]] = defaultdict(list)
    for row, cell in loop.steps:
        by_cell[cell].append(row)
    return [
        told
        for cell in sorted(by_cell)
        for told in _cell_as_json(loop, cell, sorted(by_cell[cell], key=_ranked(loop)))
    ]


def _ranked(loop: Loop) -> Any:  # noqa: ANN401 - a key to sort by
    return lambda row: row_place(loop, row)


def _cell_as_json(loop: Loop, cell: int, rows: list[str]) -> Iterator[dict[str, Any]]:
    given: dict[str, int] = defaultdict(int)
    for row in rows:
        sound = row_sound(loop, row)
        sound_id = sound.id if sound else row
        usual = sound is not None and row == row_name(sound_id, given[sound_id])
        given[sound_id] += usual
        told = _step_as_json(cell, sound_id, loop.steps[row, cell])
        yield told if usual else told | {"row": row}


def row_name(sound_id: str, place: int) -> str:
    """The row of a sound's first or a further step on one cell: "synth-lead", "synth-lead-2"."""
    return sound_id if place == 0 else f"{sound_id}-{place + 1}"


def _step_as_json(cell: int, sound_id: str, step: Step) -> dict[str, Any]:
    told: dict[str, Any] = {
        "step": cell,
        "soundId": sound_id,
        "velocity": hundredths_of(step.velocity),
    }
    if step.pitch is not None:
        told["note"] = step.pitch
    for name in ("duration", "probability", "offset"):
        if getattr(step, name) != getattr(_USUAL, name):
            told[name] = getattr(step, name)
    return told


# -- and back ------------------------------------------------------------------------------------


@dataclass(slots=True)
class Sequence:
    """What an icon sequence makes: steps by row and cell, and the sounds of its rows."""

    before: Loop | None
    steps: dict[StepKey, Step] = field(default_factory=dict)
    settings: dict[str, Value] = field(default_factory=dict)

    def add(self, row: str, sound_id: str, cell: int, step: Step, path: str) -> None:
        """Put a step on a row that plays the sound; a velocity that reads the same is kept."""
        was = None if self.before is None else self.before.steps.get((row, cell))
        if was is not None and hundredths_of(was.velocity) == hundredths_of(step.velocity):
            step = _with_velocity(step, was.velocity)
        self.steps[row, cell] = step
        if self.sound_of(row) != sound_id and sound_id in SOUNDS:
            self._name_sound(row, sound_id, path)

    def sound_of(self, row: str) -> str | None:
        """What a row played before, or what its name means."""
        held = {} if self.before is None else self.before.settings
        means = find_sound(str(held.get(f"{row}.{SOUND_KEY}", row)))
        return None if means is None else means.id

    def free_row(self, sound_id: str, cell: int) -> str:
        """The first row of a sound on which the cell is free, and that played no other sound."""
        place = 0
        while self._is_taken(row_name(sound_id, place), sound_id, cell):
            place += 1
        return row_name(sound_id, place)

    def _is_taken(self, row: str, sound_id: str, cell: int) -> bool:
        return (row, cell) in self.steps or self.sound_of(row) not in (None, sound_id)

    def _name_sound(self, row: str, sound_id: str, path: str) -> None:
        key = f"{row}.{SOUND_KEY}"
        if self.settings.setdefault(key, sound_id) != sound_id:
            cure = f"The row {row!r} plays {self.settings[key]!r} already; name another row."
            raise PlaygroundError(within(path, "row"), row, "one sound a row", cure)


def _with_velocity(step: Step, velocity: int) -> Step:
    return Step(velocity, step.pitch, step.duration, step.probability, step.offset)


def sequence_of(
    given: object, cells: int, before: Loop | None = None, path: str = "iconSequence"
) -> Sequence:
    """The steps of an icon sequence on a grid of ``cells``.

    Several steps of one sound on one cell, such as the notes of a chord, stand on rows of their
    own. ``before`` is the loop that they replace the steps of.

    Raises:
        PlaygroundError: a field is missing or out of range; it names the path and the cure.
    """
    made = Sequence(before)
    listed = [
        (f"{path}[{index}]", fields(item, f"{path}[{index}]"))
        for index, item in enumerate(items(given, path, limits.STEPS_PER_LOOP))
    ]
    for is_named in (True, False):  # rows that are named are not given to others
        for at, item in listed:
            if (item.get("row") is not None) == is_named:
                _add(made, item, at, cells)
    rows = {row for row, _ in made.steps}
    if len(rows) > limits.ROWS_PER_LOOP:
        accepted = f"at most {limits.ROWS_PER_LOOP} rows"
        raise PlaygroundError(path, f"{len(rows)} rows", accepted, "Use fewer sounds at once.")
    return made


def _add(made: Sequence, item: Json, path: str, cells: int) -> None:
    cell = whole(item.get("step"), 0, cells - 1, within(path, "step"))
    step = _step(item, path)
    row = item.get("row")
    sound_id = _sound_id(item, path, made.before)
    if row is not None:
        accepted = "a letter, then up to 31 letters, digits, - or _"
        row = checked(within(path, "row"), row, accepted, lambda: checks.row_name(row))
        if (row, cell) in made.steps:
            cure = f"Cell {cell} of {row!r} has a step already; send one of them."
            raise PlaygroundError(within(path, "row"), row, "each cell of a row once", cure)
    else:
        row = made.free_row(sound_id, cell)
    made.add(row, sound_id, cell, step, path)


def _sound_id(item: Json, path: str, before: Loop | None) -> str:
    given = required(item, "soundId", path)
    is_row = before is not None and given == item.get("row") and find_sound(str(given)) is None
    if is_row and any(row == given for row, _ in before.steps):  # type: ignore[union-attr]
        return str(given)  # a row that has no sound here keeps its steps
    accepted = "the id or another name of a sound of the library"
    return checked(within(path, "soundId"), given, accepted, lambda: known_sound(given)).id


def _step(item: Json, path: str) -> Step:
    velocity, note = item.get("velocity"), item.get("note")
    made = Step(
        velocity=_USUAL.velocity
        if velocity is None
        else velocity_of(number(velocity, 0, 1, within(path, "velocity"))),
        pitch=None if note is None else _pitch(note, within(path, "note")),
        duration=item.get("duration"),
        probability=_or_usual(item.get("probability"), _USUAL.probability),
        offset=_or_usual(item.get("offset"), _USUAL.offset),
    )
    accepted = "duration and offset in ticks, probability from 0 to 1"
    return checked(path, dict(item), accepted, lambda: checks.step(made))


def _or_usual(given: Any, usual: Any) -> Any:  # noqa: ANN401 - checked behind
    return usual if given is None else given


def _pitch(note: object, path: str) -> float:
    """A MIDI number, whole or not, or the number of a name such as "C4"."""
    accepted = 'a MIDI number from 0 to 127, or a name such as "C4"'
    if isinstance(note, str):
        return checked(path, note, accepted, lambda: parse_pitch(note))
    return number(note, *limits.PITCH_RANGE, path)
