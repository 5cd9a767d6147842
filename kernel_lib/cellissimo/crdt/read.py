"""The document as one immutable value: a pure reading of its plain maps."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from operator import itemgetter
from typing import Any

from cellissimo.crdt import layout, repair
from cellissimo.schema import limits
from cellissimo.schema.models import Loop, Song, Step, StepKey, Value

Stored = Mapping[str, Any]


class Reader:
    """Reads the document again only where it changed: the rest is shared with the value before."""

    def __init__(self, content: Stored) -> None:
        """Read ``content``, the document's maps as plain dicts, whenever it is asked for."""
        self._content = content
        self._song: Song | None = None
        self._loops: dict[str, Loop] = {}
        self._stale: dict[str, set[str]] = {}
        """The loops that changed since they were read, each with the keys of its steps that did."""

    def forget(self, touched: Iterable[tuple[tuple[str, ...], str]]) -> None:
        """Read anew, when next asked, what stands under these keys of the maps at these paths."""
        for path, key in touched:
            self._song = None
            match path:
                case (layout.LOOPS,):
                    self._loops.pop(key, None)
                case (layout.LOOPS, loop_id, *inner):
                    keys = self._stale.setdefault(loop_id, set())
                    keys.update({key} if inner == [layout.STEPS] else ())

    def song(self) -> Song:
        """What the document says; the same object until something is forgotten."""
        if self._song is None:
            stored = sorted(_inner(self._content, layout.LOOPS).items())
            self._loops = {
                key: self._loop(key, value) for key, value in stored if isinstance(value, dict)
            }
            self._stale = {}
            self._song = _song(self._content, self._loops)
        return self._song

    def _loop(self, loop_id: str, stored: Stored) -> Loop:
        before = self._loops.get(loop_id)
        if before is None:
            return read_loop(loop_id, stored)
        if loop_id not in self._stale:
            return before
        return _read_again(before, stored, self._stale[loop_id])


def _song(content: Stored, loops: Mapping[str, Loop]) -> Song:
    meta, song = _inner(content, layout.META), _inner(content, layout.SONG)
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
    bars, steps_per_bar = _grid(stored)
    return _loop(loop_id, stored, _steps(_inner(stored, layout.STEPS), bars * steps_per_bar))


def _read_again(before: Loop, stored: Stored, keys: Collection[str]) -> Loop:
    """What ``read_loop`` gives, when of the steps only those of ``keys`` may have changed."""
    bars, steps_per_bar = _grid(stored)
    written = _inner(stored, layout.STEPS)
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
        chords=_chords(_inner(stored, layout.CHORDS), bars * steps_per_bar),
        steps=steps,
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
