"""What differs between two songs, written key by key: nothing else of the document is touched.

``Writer.set_song`` makes a document say a song and no more; here what is kept and not read stays,
such as steps behind the end of a loop that was shortened [DOC-9].
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from typing import Any, TypeVar

from cellissimo.crdt import layout
from cellissimo.crdt.layout import Entity
from cellissimo.crdt.write import Writer
from cellissimo.schema.models import Loop, Return, Segment, Song, Stem

K = TypeVar("K")


def write_difference(write: Writer, before: Song, after: Song) -> None:
    """Bring a document that says ``before`` to say ``after``, where the two differ.

    *Cost*: O(things), and O(notes, steps and settings) of those that differ.
    """
    for name in ("name", "key", "seed"):
        if getattr(before, name) != getattr(after, name):
            write.set_song_field(name, getattr(after, name))
    for tick, tempo in _other(before.tempos, after.tempos):
        write.set_tempo(tick, tempo)
    for tick, meter in _other(before.meters, after.meters):
        write.set_meter(tick, meter)
    _write_things(write, before, after)
    for pad, held in _other(before.pads, after.pads):
        write.set_pad(pad, held)
    _write_keys(before.master, after.master, lambda k, v: write.set_channel_setting(None, k, v))
    _write_lanes(write, None, before.lanes, after.lanes)


def _write_things(write: Writer, before: Song, after: Song) -> None:
    """Loops and entities: what came or changed first, so that what goes takes nothing along."""
    for key, loop in _other(before.loops, after.loops):
        if loop is not None:
            _write_loop(write, before.loops.get(key), loop)
    for kind, root in layout.ROOTS.items():
        old, new = getattr(before, root), getattr(after, root)
        for key, entity in _other(old, new):
            if entity is not None:
                _write_entity(write, kind, old.get(key), entity)
    for root in layout.ROOTS.values():
        for key in getattr(before, root).keys() - getattr(after, root).keys():
            write.remove(root, key)
            if root == layout.SEGMENTS and key in after.loops:
                write.set_loop(after.loops[key])  # it went with its segment, and is to stay
    for key in before.loops.keys() - after.loops.keys():
        write.remove_loop(key)


def _other(old: Mapping[K, Any], new: Mapping[K, Any]) -> Iterator[tuple[K, Any]]:
    """Key and new value of whatever is other; None for what is gone."""
    for key in [key for key in old if key not in new]:
        yield key, None
    for key, value in new.items():
        if key not in old or not _same(old[key], value):
            yield key, value


def _same(one: object, other: object) -> bool:
    return one is other or (one == other and isinstance(one, bool) is isinstance(other, bool))


def _write_keys(old: Mapping[K, Any], new: Mapping[K, Any], put: Callable[[K, Any], None]) -> None:
    for key, value in _other(old, new):
        put(key, value)


def _write_loop(write: Writer, old: Loop | None, new: Loop) -> None:
    if old is None:
        write.set_loop(new)
        return
    key = new.id
    for field in layout.LOOP_FIELDS:
        if getattr(old, field) != getattr(new, field):
            write.set_loop_field(key, field, getattr(new, field))
    _write_keys(old.chords, new.chords, lambda cell, held: write.set_chord(key, cell, held))
    _write_keys(old.steps, new.steps, lambda at, held: write.set_step(key, *at, held))
    _write_keys(old.settings, new.settings, lambda k, held: write.set_setting(key, k, held))


def _write_entity(write: Writer, kind: type[Entity], old: Entity | None, new: Entity) -> None:
    if old is None:
        write.put(new)
        return
    key, root = new.id, layout.ROOTS[kind]
    for field in fields(kind):
        if field.name not in layout.INNER[root] and not _same(
            getattr(old, field.name), getattr(new, field.name)
        ):
            write.set_field(kind, key, field.name, getattr(new, field.name))
    if isinstance(old, Segment) and isinstance(new, Segment):
        _write_keys(old.notes, new.notes, lambda note, held: write.set_note(key, note, held))
    if isinstance(old, Stem | Return) and isinstance(new, Stem | Return):
        channel = (root, key)
        put = write.set_channel_setting
        _write_keys(old.settings, new.settings, lambda k, held: put(channel, k, held))
        _write_lanes(write, channel, old.lanes, new.lanes)
    if isinstance(old, Stem) and isinstance(new, Stem):
        _write_keys(old.sends, new.sends, lambda to, held: write.set_send(key, to, held))


def _write_lanes(
    write: Writer, channel: tuple[str, str] | None, old: Mapping[str, Any], new: Mapping[str, Any]
) -> None:
    for lane in {*old, *new}:
        for tick, point in _other(old.get(lane, {}), new.get(lane, {})):
            write.set_point(channel, lane, tick, point)
