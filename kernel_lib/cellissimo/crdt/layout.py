"""Where things are in the Y document (schema/SPEC.md, "Layout"), and the stored form of a step."""

from __future__ import annotations

from cellissimo.schema.models import Step

META, SONG, TEMPO, METER, PADS, LOOPS = "meta", "song", "tempo", "meter", "pads", "loops"
CHORDS, STEPS, SETTINGS = "chords", "steps", "settings"

INNER = (CHORDS, STEPS, SETTINGS)
"""The maps within a loop."""

MUSIC = (SONG, TEMPO, METER, PADS, LOOPS)
"""The root maps that undo reaches."""

LOOP_FIELDS = {
    "name": "name",
    "bars": "bars",
    "steps_per_bar": "stepsPerBar",
    "key": "key",
    "tempo": "tempo",
    "meter": "meter",
    "color": "color",
    "source": "source",
}
"""The stored key of each field of a loop that is one plain value."""

StoredStep = list[int | float | None]

_DEFAULTS: StoredStep = [None, None, 1.0, 0]


def stored_step(step: Step) -> StoredStep:
    """The step as ``[velocity, pitch, duration, probability, offset]`` [DOC-3]."""
    values: StoredStep = [step.pitch, step.duration, step.probability, step.offset]
    while values and values[-1] == _DEFAULTS[len(values) - 1]:
        values.pop()
    return [step.velocity, *values]


def step_key(row: str, cell: int) -> str:
    """The key of a step in the map of steps."""
    return f"{row}/{cell}"
