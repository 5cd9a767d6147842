"""Changes of the document: the verbs of one transaction.

They store what they are given; ``schema.checks`` and ``schema.song_checks`` have said before
whether it may be stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pycrdt

from cellissimo.crdt import layout
from cellissimo.crdt.layout import Entity
from cellissimo.domain.errors import CellissimoError
from cellissimo.schema.models import (
    SCHEMA_VERSION,
    Lock,
    Loop,
    Note,
    Point,
    Segment,
    Song,
    Stem,
    Step,
    Tempo,
    Value,
)

Channel = tuple[str, str] | None
"""Whose strip is meant: ``("stems" or "returns", its id)``, or None for the master."""


class RemovedError(CellissimoError):
    """Something that its document does not have any more."""


class Writer:
    """The verbs of one transaction on a document."""

    def __init__(self, doc: pycrdt.Doc[Any]) -> None:
        """Write to ``doc``, inside a transaction that the caller has opened."""
        self._doc = doc

    def found(self, song: Song, epoch: str | None = None) -> None:
        """Fill an empty document with a song; ``epoch`` names this founding."""
        meta = {"schema": SCHEMA_VERSION, "id": song.id, "kind": song.kind}
        _update(self._root(layout.META), meta | ({"epoch": epoch} if epoch else {}))
        self.set_song(song)

    def rewrite(self, stored: Mapping[str, Mapping[str, Any]]) -> None:
        """Make every root map equal to its plain form, as a migration leaves it."""
        for name, content in stored.items():
            _rewrite(self._root(name), content)

    def set_song(self, song: Song) -> None:
        """Make the document say what ``song`` says, by a minimal difference."""
        fields = {"name": song.name, "key": song.key} | ({"seed": song.seed} if song.seed else {})
        _update(self._root(layout.SONG), fields)
        tempos = {str(t): layout.stored_tempo(v) for t, v in song.tempos.items()}
        _update(self._root(layout.TEMPO), tempos)
        _update(self._root(layout.METER), {str(t): v for t, v in song.meters.items()})
        self._set_loops(song.loops)
        _update(self._root(layout.PADS), {str(pad): loop for pad, loop in song.pads.items()})
        entities: tuple[tuple[str, Mapping[str, Entity]], ...] = (
            (layout.BLOCKS, song.blocks),
            (layout.STEMS, song.stems),
            (layout.RETURNS, song.returns),
            (layout.SEGMENTS, song.segments),
            (layout.SECTIONS, song.sections),
            (layout.MARKERS, song.markers),
        )
        for root, wanted in entities:
            self._set_entities(root, wanted)
        _update(self._root(layout.MASTER), song.master)
        _update(self._root(layout.LANES), layout.stored_lanes(song.lanes))
        _update(self._root(layout.LOCKS), dict.fromkeys(song.locks, True))

    def _set_loops(self, loops: Mapping[str, Loop]) -> None:
        for gone in [held for held in _keys(self._root(layout.LOOPS)) if held not in loops]:
            self.remove_loop(gone)
        for loop in loops.values():
            self.set_loop(loop)

    def _set_entities(self, root: str, wanted: Mapping[str, Entity]) -> None:
        stored = self._root(root)
        for gone in [held for held in _keys(stored) if held not in wanted]:
            del stored[gone]
        for entity in wanted.values():
            self.put(entity)

    def set_song_field(self, field: str, value: str | int) -> None:
        """Set the song's name, key or seed."""
        self._root(layout.SONG)[field] = value

    def set_tempo(self, tick: int, tempo: Tempo | None) -> None:
        """Set or remove the tempo that is valid from ``tick`` on."""
        _put(self._root(layout.TEMPO), str(tick), tempo and layout.stored_tempo(tempo))

    def set_meter(self, tick: int, meter: str | None) -> None:
        """Set or remove the meter that is valid from ``tick`` on."""
        _put(self._root(layout.METER), str(tick), meter)

    def set_pad(self, pad: int, loop_id: str | None) -> None:
        """Put a loop on a pad, or clear the pad."""
        _put(self._root(layout.PADS), str(pad), loop_id)

    def set_lock(self, lock: Lock, *, closed: bool) -> None:
        """Close what a lock closes, or open it."""
        _put(self._root(layout.LOCKS), lock.key, closed or None)

    # -- loops ---------------------------------------------------------------------------------

    def set_loop(self, loop: Loop) -> None:
        """Add the loop, or make the one of its id equal to it by a minimal difference."""
        stored = self._entity(layout.LOOPS, loop.id)
        for field, key in layout.LOOP_FIELDS.items():
            _put(stored, key, getattr(loop, field))
        self._set_content(loop)

    def _set_content(self, loop: Loop) -> None:
        _update(self._inner(loop.id, layout.CHORDS), {str(c): s for c, s in loop.chords.items()})
        steps = {layout.step_key(*k): layout.stored_step(s) for k, s in loop.steps.items()}
        _update(self._inner(loop.id, layout.STEPS), steps)
        _update(self._inner(loop.id, layout.SETTINGS), loop.settings)

    def remove_loop(self, loop_id: str) -> None:
        """Remove a loop, clear the pads that hold it, and remove the blocks and segments of it."""
        self._root(layout.LOOPS).pop(loop_id, None)
        self.set_lock(Lock("loop", loop_id), closed=False)
        pads = self._root(layout.PADS)
        for pad in [pad for pad, held in pads.items() if held == loop_id]:
            del pads[pad]
        for root in (layout.BLOCKS, layout.SEGMENTS):
            for gone in self._where(root, "loop", loop_id):
                self.remove(root, gone)

    def set_loop_field(self, loop_id: str, field: str, value: float | str | None) -> None:
        """Set one plain field of a loop; None removes it."""
        _put(self._held(layout.LOOPS, loop_id), layout.LOOP_FIELDS[field], value)

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
        """Set or remove a setting ``target.section.parameter`` of a loop."""
        _put(self._inner(loop_id, layout.SETTINGS), key, value)

    # -- entities of the song ------------------------------------------------------------------

    def put(self, entity: Entity) -> None:
        """Add an entity, or make the one of its id equal to it by a minimal difference."""
        root = layout.ROOTS[type(entity)]
        stored = self._entity(root, entity.id)
        for key, value in layout.plain_fields(entity).items():
            _put(stored, key, value)
        for name, wanted in layout.inner_maps(entity).items():
            _update(stored[name], wanted)

    def set_field(self, kind: type[Entity], entity_id: str, field: str, value: object) -> None:
        """Set one plain field of an entity."""
        stored = self._held(layout.ROOTS[kind], entity_id)
        _put(stored, layout.stored_key(field), layout.stored_field(kind, field, value))

    def remove(self, root: str, entity_id: str) -> None:
        """Remove an entity; a stem goes with its segments, a segment with its own loop."""
        self._root(root).pop(entity_id, None)
        if root == layout.ROOTS[Stem]:
            self.set_lock(Lock("stem", entity_id), closed=False)
            for segment in self._where(layout.SEGMENTS, "stem", entity_id):
                self.remove(layout.SEGMENTS, segment)
        if root == layout.ROOTS[Segment]:
            self._root(layout.LOOPS).pop(entity_id, None)

    def _where(self, root: str, field: str, value: str) -> list[str]:
        entities = self._root(root).items()
        return [
            key
            for key, held in entities
            if isinstance(held, pycrdt.Map) and held.get(field) == value
        ]

    def set_channel_setting(self, channel: Channel, key: str, value: Value | None) -> None:
        """Set or remove a setting ``section.parameter`` of a stem, a return or the master."""
        _put(self._of_channel(channel, layout.MASTER, layout.SETTINGS), key, value)

    def set_point(self, channel: Channel, key: str, tick: int, point: Point | None) -> None:
        """Set or remove an automation point of a stem, a return or the master."""
        stored = None if point is None else layout.stored_point(point)
        lanes = self._of_channel(channel, layout.LANES, layout.LANES)
        _put(lanes, layout.point_key(key, tick), stored)

    def _of_channel(self, channel: Channel, root: str, inner: str) -> pycrdt.Map[Any]:
        if channel is None:
            return self._root(root)
        found: pycrdt.Map[Any] = self._held(*channel)[inner]
        return found

    def set_send(self, stem_id: str, return_id: str, level: float | None) -> None:
        """Set or remove what a stem sends to a return."""
        _put(self._held(layout.STEMS, stem_id)[layout.SENDS], return_id, level)

    def set_note(self, segment_id: str, note_id: str, note: Note | None) -> None:
        """Set or remove a note of a midi segment."""
        stored = None if note is None else layout.stored_note(note)
        _put(self._held(layout.SEGMENTS, segment_id)[layout.NOTES], note_id, stored)

    def set_notes(self, segment_id: str, notes: Mapping[str, Note]) -> None:
        """Make the notes of a midi segment equal to ``notes``, by a minimal difference."""
        wanted = {key: layout.stored_note(note) for key, note in notes.items()}
        _update(self._held(layout.SEGMENTS, segment_id)[layout.NOTES], wanted)

    def _root(self, name: str) -> pycrdt.Map[Any]:
        found: pycrdt.Map[Any] = self._doc.get(name, type=pycrdt.Map)
        return found

    def _entity(self, root: str, entity_id: str) -> pycrdt.Map[Any]:
        """The stored map of an entity, made with its inner maps where it is not there [DOC-2]."""
        entities = self._root(root)
        if entity_id not in entities:
            made: dict[str, pycrdt.Map[Any]] = {n: pycrdt.Map({}) for n in layout.INNER[root]}
            entities[entity_id] = pycrdt.Map(made)
        found: pycrdt.Map[Any] = entities[entity_id]
        return found

    def _inner(self, loop_id: str, name: str) -> pycrdt.Map[Any]:
        found: pycrdt.Map[Any] = self._held(layout.LOOPS, loop_id)[name]
        return found

    def _held(self, root: str, entity_id: str) -> pycrdt.Map[Any]:
        found = self._root(root).get(entity_id)
        if not isinstance(found, pycrdt.Map):
            message = f"this {root[:-1]} was removed from its song; song.undo() may bring it back"
            raise RemovedError(message)
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
