"""The document as one immutable value: a pure reading of its plain maps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cellissimo.crdt import layout, repair
from cellissimo.schema import limits
from cellissimo.schema.models import Loop, Song, Step, StepKey, Value

Stored = Mapping[str, Any]


def read_song(content: Stored) -> Song:
    """What the document says, from its maps as plain dicts. Cost: O(content)."""
    meta, song = _inner(content, layout.META), _inner(content, layout.SONG)
    loops = {
        key: read_loop(key, value)
        for key, value in sorted(_inner(content, layout.LOOPS).items())
        if isinstance(value, dict)
    }
    return Song(
        id=repair.text(meta.get("id"), "unknown"),
        name=repair.text(song.get("name"), "Untitled"),
        kind="loop" if meta.get("kind") == "loop" else "song",
        key=repair.key(song.get("key")),
        tempos=_tempos(_inner(content, layout.TEMPO)),
        meters=_meters(_inner(content, layout.METER)),
        loops=loops,
        pads=_pads(_inner(content, layout.PADS), loops),
    )


def _points(stored: Stored) -> list[tuple[int, Any]]:
    ticks = ((repair.cell(key, 2**31), value) for key, value in stored.items())
    return sorted((tick, value) for tick, value in ticks if tick is not None)


def _tempos(stored: Stored) -> dict[int, float]:
    found = {t: repair.clamped(v, *limits.TEMPO_RANGE, 120.0) for t, v in _points(stored)}
    return {0: 120.0} | found


def _meters(stored: Stored) -> dict[int, str]:
    found = {tick: repair.meter(value) for tick, value in _points(stored)}
    return {0: "4/4"} | {tick: value for tick, value in found.items() if value}


def _pads(stored: Stored, loops: Mapping[str, Loop]) -> dict[int, str]:
    return {
        pad: loop_id
        for pad, loop_id in _points(stored)
        if pad < limits.PADS and isinstance(loop_id, str) and loop_id in loops
    }


def read_loop(loop_id: str, stored: Stored) -> Loop:
    """One loop from its stored map."""
    bars = repair.bars(stored.get("bars"))
    steps_per_bar = repair.whole(stored.get("stepsPerBar"), *limits.STEPS_PER_BAR, 16)
    cells = bars * steps_per_bar
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
        chords=_chords(_inner(stored, layout.CHORDS), cells),
        steps=_steps(_inner(stored, layout.STEPS), cells),
        settings=_settings(_inner(stored, layout.SETTINGS)),
    )


def _inner(stored: Stored, name: str) -> dict[str, Any]:
    found = stored.get(name)
    return found if isinstance(found, dict) else {}


def _chords(stored: Stored, cells: int) -> dict[int, str]:
    found = ((repair.cell(key, cells), repair.symbol(text)) for key, text in stored.items())
    return dict(sorted((c, text) for c, text in found if c is not None and text is not None))


def _steps(stored: Stored, cells: int) -> dict[StepKey, Step]:
    found = ((repair.step_key(key, cells), repair.step(value)) for key, value in stored.items())
    valid = sorted((k, s) for k, s in found if k is not None and s is not None)
    return dict(valid[: limits.STEPS_PER_LOOP])


def _settings(stored: Stored) -> dict[str, Value]:
    found = ((key, repair.setting(key, value)) for key, value in stored.items())
    return dict(sorted((key, value) for key, value in found if value is not None))
