"""What the steps of a loop sound: the engine itself says which pitches follow the chords."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from cellissimo.domain.ticks import parse_meter
from cellissimo.engine.image import score_image
from cellissimo.native.host import Engine
from cellissimo.notation.rows import row_sound, rows_of
from cellissimo.schema.limits import MASTER
from cellissimo.schema.models import Loop, Song, Step
from cellissimo.tables.column import Column

_SILENCING = ("amp.mute", "amp.solo", "groove.type")


@dataclass(frozen=True, slots=True)
class Sounding:
    """One pitch of one step: where it stands, and what it sounds."""

    row: str
    cell: int
    sound: str
    pitch: float
    velocity: int
    duration: int | None
    offset: int


def sounding_steps(loop: Loop, song: Song) -> list[Sounding]:
    """The pitches of all steps of a loop that are not silent, by row and cell.

    Grooves, chance and mutes are left aside. A step whose sound has nothing to follow has none.
    """
    image = score_image(_plain(loop), song)
    engine = Engine()
    engine.load(image.words)
    cell_ticks = parse_meter(loop.meter or song.meter).ticks_per_bar / loop.steps_per_bar
    events = engine.collect(0)
    found = [
        _sounding(loop, image.strips[event["strip"] - 1], round(event["tick"] / cell_ticks), event)
        for event in events
    ]
    return sorted(found, key=lambda one: (one.row, one.cell, one.pitch))


def _plain(loop: Loop) -> Loop:
    """The loop on its grid, without what moves steps or leaves them out."""
    plain = {place: Step(step.velocity, step.pitch) for place, step in loop.steps.items()}
    return replace(loop, steps=plain, settings=dict(_plain_settings(loop)))


def _plain_settings(loop: Loop) -> Iterator[tuple[str, float | str | bool]]:
    for key, value in loop.settings.items():
        if key.partition(".")[2] not in _SILENCING:
            yield key, value
    for target in (MASTER, *rows_of(loop)):
        yield f"{target}.groove.type", "straight"


def _sounding(loop: Loop, row: str, cell: int, event: Column) -> Sounding:
    step = loop.steps[row, cell]
    sound = row_sound(loop, row)
    name = sound.id if sound else row
    pitch = float(event["pitch"])
    return Sounding(row, cell, name, pitch, step.velocity, step.duration, step.offset)
