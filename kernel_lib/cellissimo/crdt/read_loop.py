"""One loop of the document as an immutable value; also when only some of its steps changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from operator import itemgetter
from typing import Any

from cellissimo.crdt import layout, repair
from cellissimo.schema import limits
from cellissimo.schema.models import Loop, Step, StepKey, Value

Stored = Mapping[str, Any]


def read_loop(loop_id: str, stored: Stored) -> Loop:
    """One loop from its stored map."""
    bars, steps_per_bar = _grid(stored)
    return _loop(loop_id, stored, _steps(inner(stored, layout.STEPS), bars * steps_per_bar))


def read_loop_again(before: Loop, stored: Stored, keys: Collection[str]) -> Loop:
    """What ``read_loop`` gives, when of the steps only those of ``keys`` may have changed."""
    bars, steps_per_bar = _grid(stored)
    written = inner(stored, layout.STEPS)
    is_full = max(len(written), len(before.steps) + 1) > limits.STEPS_PER_LOOP
    if is_full or bars * steps_per_bar != before.cells:
        return read_loop(before.id, stored)
    return _loop(before.id, stored, _steps_again(before, written, keys))


def _grid(stored: Stored) -> tuple[int, int]:
    """Bars, and cells in a bar."""
    steps_per_bar = repair.whole(stored.get("stepsPerBar"), *limits.STEPS_PER_BAR, 16)
    return repair.bars(stored.get("bars")), steps_per_bar


def _loop(loop_id: str, stored: Stored, steps: Mapping[StepKey, Step]) -> Loop:
    bars, steps_per_bar = _grid(stored)
    tempo = stored.get("tempo")
    source = stored.get("source")
    return Loop(
        id=loop_id,
        name=repair.text(stored.get("name"), "Loop"),
        bars=bars,
        steps_per_bar=steps_per_bar,
        key=repair.key(stored.get("key")),
        tempo=None if tempo is None else repair.clamped(tempo, *limits.TEMPO_RANGE, 120.0),
        meter=repair.meter(stored.get("meter")),
        color=repair.color(stored.get("color")),
        source=repair.text(source, "") or None,
        chords=_chords(inner(stored, layout.CHORDS), bars * steps_per_bar),
        steps=steps,
        settings=_settings(inner(stored, layout.SETTINGS)),
    )


def inner(stored: Stored, name: str) -> dict[str, Any]:
    """The map that stands under ``name``, empty where none does."""
    found = stored.get(name)
    return found if isinstance(found, dict) else {}


def _chords(stored: Stored, cells: int) -> dict[int, str]:
    found = ((repair.cell(key, cells), repair.symbol(text)) for key, text in stored.items())
    return dict(sorted((c, text) for c, text in found if c is not None and text is not None))


def _steps(stored: Stored, cells: int) -> dict[StepKey, Step]:
    found = ((repair.step_key(key, cells), repair.step(value)) for key, value in stored.items())
    valid = sorted((k, s) for k, s in found if k is not None and s is not None)
    return dict(valid[: limits.STEPS_PER_LOOP])


def _steps_again(before: Loop, stored: Stored, keys: Collection[str]) -> Mapping[StepKey, Step]:
    """The steps of ``before`` with those of ``keys`` read anew, in order."""
    if not keys:
        return before.steps
    steps = dict(before.steps)
    for key in keys:
        place = repair.step_key(key, before.cells)
        step = repair.step(stored.get(key))
        if place is not None and step is not None:
            steps[place] = step
        elif place is not None:
            steps.pop(place, None)
    has_new = not steps.keys() <= before.steps.keys()
    return dict(sorted(steps.items(), key=itemgetter(0))) if has_new else steps


def _settings(stored: Stored) -> dict[str, Value]:
    found = ((key, repair.setting(key, value)) for key, value in stored.items())
    return dict(sorted((key, value) for key, value in found if value is not None))
