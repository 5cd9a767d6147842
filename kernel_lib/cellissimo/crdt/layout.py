"""Where things are in the Y document (schema/SPEC.md, "Layout"), and the stored form of values."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from cellissimo.schema.models import (
    Block,
    Frozen,
    Lanes,
    Marker,
    Note,
    Point,
    Return,
    Section,
    Segment,
    Stem,
    Step,
    Tempo,
)

META, SONG, TEMPO, METER, PADS, LOOPS = "meta", "song", "tempo", "meter", "pads", "loops"
BLOCKS, STEMS, RETURNS, SEGMENTS = "blocks", "stems", "returns", "segments"
SECTIONS, MARKERS, MASTER, LOCKS = "sections", "markers", "master", "locks"
CHORDS, STEPS, SETTINGS, SENDS, LANES, NOTES = (
    "chords",
    "steps",
    "settings",
    "sends",
    "lanes",
    "notes",
)

MUSIC = (
    SONG,
    TEMPO,
    METER,
    PADS,
    LOOPS,
    BLOCKS,
    STEMS,
    RETURNS,
    SEGMENTS,
    SECTIONS,
    MARKERS,
    MASTER,
    LANES,
    LOCKS,
)
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

Entity = Block | Stem | Return | Segment | Section | Marker

ROOTS: Mapping[type[Entity], str] = {
    Block: BLOCKS,
    Stem: STEMS,
    Return: RETURNS,
    Segment: SEGMENTS,
    Section: SECTIONS,
    Marker: MARKERS,
}
"""The root map of each kind of entity."""

INNER: Mapping[str, tuple[str, ...]] = {
    LOOPS: (CHORDS, STEPS, SETTINGS),
    BLOCKS: (),
    STEMS: (SETTINGS, SENDS, LANES),
    RETURNS: (SETTINGS, LANES),
    SEGMENTS: (NOTES,),
    SECTIONS: (),
    MARKERS: (),
}
"""The maps within the entities of a root map."""

_CAMEL = {
    "fade_in": "fadeIn",
    "fade_out": "fadeOut",
    "fade_in_curve": "fadeInCurve",
    "fade_out_curve": "fadeOutCurve",
}


def stored_key(field: str) -> str:
    """The stored key of a plain field of an entity."""
    return _CAMEL.get(field, field)


def plain_fields(entity: Entity) -> dict[str, Any]:
    """The plain fields of an entity by stored key; None where one has its default."""
    inner = INNER[ROOTS[type(entity)]]
    return {
        stored_key(f.name): stored_field(type(entity), f.name, getattr(entity, f.name))
        for f in dataclasses.fields(entity)
        if f.name != "id" and f.name not in inner
    }


def stored_field(kind: type[Entity], field: str, value: object) -> Any:  # noqa: ANN401 - any plain
    """A field's value as it is stored: None where it is left out, as it has its default."""
    if isinstance(value, Frozen):
        return [value.blob, value.frames, value.fingerprint]
    kept = field in _KEPT or value != _DEFAULTS[kind].get(field, dataclasses.MISSING)
    return value if kept else None


_KEPT = frozenset(("color", "order"))
"""Fields that are stored also where they have their default."""

_DEFAULTS = {kind: {f.name: f.default for f in dataclasses.fields(kind)} for kind in ROOTS}


def inner_maps(entity: Entity) -> dict[str, dict[str, Any]]:
    """The maps within an entity as they are stored."""
    found: dict[str, dict[str, Any]] = {}
    if isinstance(entity, Stem | Return):
        found |= {SETTINGS: dict(entity.settings), LANES: stored_lanes(entity.lanes)}
    if isinstance(entity, Stem):
        found[SENDS] = dict(entity.sends)
    if isinstance(entity, Segment):
        found[NOTES] = {key: stored_note(note) for key, note in entity.notes.items()}
    return found


StoredStep = list[int | float | None]

_STEP_DEFAULTS: StoredStep = [None, None, 1.0, 0]


def stored_step(step: Step) -> StoredStep:
    """The step as ``[velocity, pitch, duration, probability, offset]`` [DOC-3]."""
    values: StoredStep = [step.pitch, step.duration, step.probability, step.offset]
    while values and values[-1] == _STEP_DEFAULTS[len(values) - 1]:
        values.pop()
    return [step.velocity, *values]


def step_key(row: str, cell: int) -> str:
    """The key of a step in the map of steps."""
    return f"{row}/{cell}"


def stored_note(note: Note) -> list[int | float]:
    """The note as ``[start, duration, pitch, velocity]``."""
    return [note.start, note.duration, note.pitch, note.velocity]


def stored_tempo(tempo: Tempo) -> float | list[float | str]:
    """The tempo as a number, or as ``[number, "ramp"]``."""
    return [tempo.bpm, "ramp"] if tempo.ramp else tempo.bpm


def point_key(key: str, tick: int) -> str:
    """The key of an automation point in its map."""
    return f"{key}/{tick}"


def stored_point(point: Point) -> list[float | str]:
    """The point as ``[value, curve]``; a straight line is not named."""
    return [point.value] if point.curve == "linear" else [point.value, point.curve]


def stored_lanes(lanes: Lanes) -> dict[str, Any]:
    """All points of all lanes by their keys."""
    return {
        point_key(key, tick): stored_point(point)
        for key, points in lanes.items()
        for tick, point in points.items()
    }
