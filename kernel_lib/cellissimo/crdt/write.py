"""Changes of the document: the verbs of one transaction.

They store what they are given; ``schema.checks`` has said before whether it may be stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pycrdt

from cellissimo.crdt import layout
from cellissimo.schema.models import SCHEMA_VERSION, Loop, Song, Step, Value


class Writer:
    """The verbs of one transaction on a document."""

    def __init__(self, doc: pycrdt.Doc[Any]) -> None:
        """Write to ``doc``, inside a transaction that the caller has opened."""
        self._doc = doc

    def found(self, song: Song) -> None:
        """Fill an empty document with a song."""
        _update(
            self._root(layout.META), {"schema": SCHEMA_VERSION, "id": song.id, "kind": song.kind}
        )
        self.set_song(song)

    def rewrite(self, stored: Mapping[str, Mapping[str, Any]]) -> None:
        """Make every root map equal to its plain form, as a migration leaves it."""
        for name, content in stored.items():
            _rewrite(self._root(name), content)

    def set_song(self, song: Song) -> None:
        """Make the document say what ``song`` says, by a minimal difference."""
        _update(self._root(layout.SONG), {"name": song.name, "key": song.key})
        _update(self._root(layout.TEMPO), {str(t): v for t, v in song.tempos.items()})
        _update(self._root(layout.METER), {str(t): v for t, v in song.meters.items()})
        for gone in [held for held in _keys(self._root(layout.LOOPS)) if held not in song.loops]:
            self.remove_loop(gone)
        for loop in song.loops.values():
            self.set_loop(loop)
        _update(self._root(layout.PADS), {str(pad): loop for pad, loop in song.pads.items()})

    def set_song_field(self, field: str, value: str) -> None:
        """Set the song's name or key."""
        self._root(layout.SONG)[field] = value

    def set_tempo(self, tick: int, tempo: float) -> None:
        """Set the tempo that is valid from ``tick`` on."""
        self._root(layout.TEMPO)[str(tick)] = tempo

    def set_meter(self, tick: int, meter: str) -> None:
        """Set the meter that is valid from ``tick`` on."""
        self._root(layout.METER)[str(tick)] = meter

    def set_pad(self, pad: int, loop_id: str | None) -> None:
        """Put a loop on a pad, or clear the pad."""
        _put(self._root(layout.PADS), str(pad), loop_id)

    def set_loop(self, loop: Loop) -> None:
        """Add the loop, or make the one of its id equal to it by a minimal difference."""
        loops = self._root(layout.LOOPS)
        if loop.id not in loops:
            loops[loop.id] = pycrdt.Map({name: pycrdt.Map({}) for name in layout.INNER})  # [DOC-2]
        stored = loops[loop.id]
        for field, key in layout.LOOP_FIELDS.items():
            _put(stored, key, getattr(loop, field))
        self._set_content(loop)

    def _set_content(self, loop: Loop) -> None:
        _update(self._inner(loop.id, layout.CHORDS), {str(c): s for c, s in loop.chords.items()})
        steps = {layout.step_key(*k): layout.stored_step(s) for k, s in loop.steps.items()}
        _update(self._inner(loop.id, layout.STEPS), steps)
        _update(self._inner(loop.id, layout.SETTINGS), loop.settings)

    def remove_loop(self, loop_id: str) -> None:
        """Remove a loop, and clear the pads that hold it."""
        self._root(layout.LOOPS).pop(loop_id, None)
        pads = self._root(layout.PADS)
        for pad, held in list(pads.items()):
            if held == loop_id:
                del pads[pad]

    def set_loop_field(self, loop_id: str, field: str, value: float | str | None) -> None:
        """Set one plain field of a loop; None removes it."""
        _put(self._root(layout.LOOPS)[loop_id], layout.LOOP_FIELDS[field], value)

    def set_step(self, loop_id: str, row: str, cell: int, step: Step | None) -> None:
        """Set or remove the step of a row on a cell."""
        stored = None if step is None else layout.stored_step(step)
        _put(self._inner(loop_id, layout.STEPS), layout.step_key(row, cell), stored)

    def set_row(self, loop_id: str, row: str, steps: Mapping[int, Step], cells: int) -> None:
        """Make the first ``cells`` cells of a row say what ``steps`` say."""
        stored = self._inner(loop_id, layout.STEPS)
        for cell in range(cells):
            step = steps.get(cell)
            wanted = None if step is None else layout.stored_step(step)
            _put(stored, layout.step_key(row, cell), wanted)

    def set_chord(self, loop_id: str, cell: int, symbol: str | None) -> None:
        """Set or remove the chord on a cell."""
        _put(self._inner(loop_id, layout.CHORDS), str(cell), symbol)

    def set_chords(self, loop_id: str, chords: Mapping[int, str], cells: int) -> None:
        """Make the first ``cells`` cells of the chord lane say what ``chords`` say."""
        stored = self._inner(loop_id, layout.CHORDS)
        for cell in range(cells):
            _put(stored, str(cell), chords.get(cell))

    def set_setting(self, loop_id: str, key: str, value: Value | None) -> None:
        """Set or remove a setting ``target.section.parameter``."""
        _put(self._inner(loop_id, layout.SETTINGS), key, value)

    def _root(self, name: str) -> pycrdt.Map[Any]:
        found: pycrdt.Map[Any] = self._doc.get(name, type=pycrdt.Map)
        return found

    def _inner(self, loop_id: str, name: str) -> pycrdt.Map[Any]:
        found: pycrdt.Map[Any] = self._root(layout.LOOPS)[loop_id][name]
        return found


def _keys(stored: pycrdt.Map[Any]) -> list[str]:
    return list(stored.keys())


def _put(stored: pycrdt.Map[Any], key: str, value: object) -> None:
    """Write only what differs, so that an edit carries no more than the change."""
    held = stored.get(key)
    if value is None:
        if key in stored:
            del stored[key]
    elif held != value or isinstance(held, bool) is not isinstance(value, bool):
        stored[key] = value


def _update(stored: pycrdt.Map[Any], wanted: Mapping[str, object]) -> None:
    """Make a map of plain values equal to ``wanted``, touching only what differs."""
    for key in [key for key in _keys(stored) if key not in wanted]:
        del stored[key]
    for key, value in wanted.items():
        _put(stored, key, value)


def _rewrite(stored: pycrdt.Map[Any], wanted: Mapping[str, Any]) -> None:
    """Like ``_update``, for maps within maps; an inner map that is there is never replaced."""
    inner = {key: value for key, value in wanted.items() if isinstance(value, Mapping)}
    for key in [key for key in _keys(stored) if key not in wanted]:
        del stored[key]
    for key, value in inner.items():
        if not isinstance(stored.get(key), pycrdt.Map):
            stored[key] = pycrdt.Map()
        _rewrite(stored[key], value)
    for key, value in wanted.items():
        if key not in inner:
            _put(stored, key, value)
