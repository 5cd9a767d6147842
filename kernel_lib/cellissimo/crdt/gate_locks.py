"""Which lock a set of changes breaks [GATE-15 … GATE-19].

What counts is where a thing stands before the changes and where it stands after them: nothing
goes out of what is locked, and nothing comes in.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from cellissimo.crdt import in_force, layout, read, repair
from cellissimo.crdt.mirror import GONE, Change
from cellissimo.crdt.read_entity import READERS
from cellissimo.crdt.read_loop import inner
from cellissimo.schema import limits
from cellissimo.schema.models import Block, Lock, Marker, Section, Segment

Stored = Mapping[str, Any]
Fields = Mapping[str, Any]

_PLACED = (layout.BLOCKS, layout.SECTIONS, layout.MARKERS)
"""What stands on the timeline and has no stem."""


def broken_lock(changes: Sequence[Change], stored: Stored) -> tuple[Change, Lock] | None:
    """The first change that needs the right to lock, with the lock it breaks; None for none.

    ``stored`` is the document before the changes, as plain maps. *Cost*: O(changes log locks);
    where loops, stems or returns are touched while something is locked, O(blocks + segments) too.
    """
    for change in changes:
        lock = repair.lock(change.key) if change.path == (layout.LOCKS,) else None
        if lock is not None:
            return change, lock
    if not inner(stored, layout.LOCKS):
        return None
    closed = _Closed(changes, stored)
    for change in changes:
        lock = closed.lock_of(change)
        if lock is not None:
            return change, lock
    return None


class _Closed:
    """What the locks of a document close to a set of changes."""

    def __init__(self, changes: Sequence[Change], stored: Stored) -> None:
        self._stored = stored
        self._read: dict[str, Segment] = {}
        locks = [repair.lock(key) for key in inner(stored, layout.LOCKS)]
        found = [lock for lock in locks if lock is not None]
        self._stems = {lock.of: lock for lock in found if lock.kind == "stem"}
        self._loops = {lock.of: lock for lock in found if lock.kind == "loop"}
        self._bars = [lock for lock in found if lock.kind == "bars"]
        self._stretches = _joined(self._bars)
        self._begin = [stretch.start for stretch in self._stretches]
        self._by_path: dict[tuple[str, ...], list[Change]] = {}
        for change in changes:
            self._by_path.setdefault(change.path, []).append(change)
        self._rules: Mapping[str, Callable[[Change], Lock | None]] = {
            layout.STEMS: self._stem,
            layout.RETURNS: self._return,
            layout.SEGMENTS: self._segment,
            layout.LOOPS: self._loop,
            layout.TEMPO: lambda _: self._tempo_lock,
            layout.METER: lambda _: self._meter_lock,
            layout.LANES: lambda change: self._points([change.key]),
        } | dict.fromkeys(_PLACED, self._placed)

    def lock_of(self, change: Change) -> Lock | None:
        """The lock that a change breaks."""
        rule = self._rules.get(change.path[0])
        return rule(change) if rule else None

    # -- strips ----------------------------------------------------------------------------------

    def _stem(self, change: Change) -> Lock | None:
        stem = change.path[1] if len(change.path) > 1 else change.key
        if stem in self._stems:
            return self._stems[stem]
        if len(change.path) > 1:
            return self._point(change)
        return self._points_of(change) or _first(self._left_by(stem))

    def _left_by(self, stem: str) -> Iterator[Lock | None]:
        """What is heard, or is not, once a stem is there or gone [DOC-13]."""
        for key, held in inner(self._stored, layout.SEGMENTS).items():
            if isinstance(held, dict) and held.get("stem") == stem:
                yield self._over(_segment(key, held)) or self._played.get(key)

    def _return(self, change: Change) -> Lock | None:
        if len(change.path) > 1:
            return self._point(change)
        stems = inner(self._stored, layout.STEMS)
        for stem, lock in self._stems.items():
            if change.key in inner(inner(stems, stem), layout.SENDS):
                return lock
        return self._points_of(change)

    def _point(self, change: Change) -> Lock | None:
        return self._points([change.key]) if change.path[-1] == layout.LANES else None

    def _points_of(self, change: Change) -> Lock | None:
        """What a strip that comes or goes moves in locked bars."""
        both = (side for side in (change.before, change.after) if isinstance(side, dict))
        return self._points(key for side in both for key in inner(side, layout.LANES))

    def _points(self, keys: Iterable[str]) -> Lock | None:
        if not self._bars:
            return None
        ticks = (repair.cell(key.rpartition("/")[2], limits.LAST_TICK) for key in keys)
        return _first(self._at(tick, tick + 1) for tick in ticks if tick is not None)

    # -- segments and loops ----------------------------------------------------------------------

    def _segment(self, change: Change) -> Lock | None:
        key = change.path[1] if len(change.path) > 1 else change.key
        if change.path[2:] == (layout.NOTES,):
            return self._note(change, self._whole(key))
        before, after = self._both(change)
        sides = [_segment(key, side) for side in (before, after) if side is not None]
        found = _first(self._stems.get(side.stem) or self._over(side) for side in sides)
        return found or self._takes_loop(key)

    def _whole(self, key: str) -> Segment:
        """A segment as it was, of which notes change; read once."""
        if key not in self._read:
            self._read[key] = _segment(key, inner(inner(self._stored, layout.SEGMENTS), key))
        return self._read[key]

    def _takes_loop(self, key: str) -> Lock | None:
        """A segment may make a loop its pattern, which no block plays any more [DOC-13]."""
        return self._loop_lock(key) if key in inner(self._stored, layout.LOOPS) else None

    def _note(self, change: Change, segment: Segment) -> Lock | None:
        """A note belongs to the bars in which it sounds."""
        if segment.stem in self._stems:
            return self._stems[segment.stem]
        shift = segment.start - segment.offset
        for value in (change.before, change.after):
            note = None if value is GONE else repair.note(value)
            if note is not None:
                start = max(note.start + shift, segment.start)
                found = self._at(start, min(note.start + shift + note.duration, segment.end))
                if found is not None:
                    return found
        return None

    def _loop(self, change: Change) -> Lock | None:
        return self._loop_lock(change.path[1] if len(change.path) > 1 else change.key)

    def _loop_lock(self, loop: str) -> Lock | None:
        return self._loops.get(loop) or self._played.get(loop)

    @cached_property
    def _played(self) -> Mapping[str, Lock]:
        """The loops that sound in locked stems and bars."""
        found: dict[str, Lock] = {}
        for key, held in inner(self._stored, layout.SEGMENTS).items():
            if isinstance(held, dict) and held.get("kind") in {"loop", "pattern"}:
                segment = _segment(key, held)
                lock = self._stems.get(segment.stem) or self._over(segment)
                loop = key if segment.kind == "pattern" else segment.loop or ""
                found |= {loop: lock} if lock else {}
        for key, held in inner(self._stored, layout.BLOCKS).items() if self._bars else ():
            if isinstance(held, dict):
                block: Block = READERS[layout.BLOCKS](key, held)
                lock = self._over(block)
                found |= {block.loop: lock} if lock else {}
        return found

    # -- the timeline ----------------------------------------------------------------------------

    def _placed(self, change: Change) -> Lock | None:
        root = change.path[0]
        key = change.path[1] if len(change.path) > 1 else change.key
        sides = (READERS[root](key, side) for side in self._both(change) if side is not None)
        return _first(self._over(side) for side in sides)

    @cached_property
    def _tempo_lock(self) -> Lock | None:
        before, after = (read.tempos(side) for side in self._both_maps(layout.TEMPO))
        return self._moved(lambda bars: in_force.tempo(before, bars) != in_force.tempo(after, bars))

    @cached_property
    def _meter_lock(self) -> Lock | None:
        before, after = (read.meters(side) for side in self._both_maps(layout.METER))
        return self._moved(lambda bars: in_force.meter(before, bars) != in_force.meter(after, bars))

    def _moved(self, moves: Callable[[Lock], bool]) -> Lock | None:
        return next((bars for bars in self._bars if moves(bars)), None)

    # -- before and after ------------------------------------------------------------------------

    def _both(self, change: Change) -> tuple[Fields | None, Fields | None]:
        """The fields of an entity before the changes and after them; None where it is not there."""
        root = change.path[0]
        if len(change.path) == 1:
            sides = (change.before, change.after)
            before, after = (side if isinstance(side, dict) else None for side in sides)
            return before, after
        key = change.path[1]
        held = inner(inner(self._stored, root), key)
        return held, self._with_changes(held, (root, key))

    def _both_maps(self, root: str) -> tuple[Fields, Fields]:
        held = inner(self._stored, root)
        return held, self._with_changes(held, (root,))

    def _with_changes(self, held: Fields, path: tuple[str, ...]) -> dict[str, Any]:
        found = dict(held)
        for change in self._by_path.get(path, ()):
            found[change.key] = change.after
        return {key: value for key, value in found.items() if value is not GONE}

    def _over(self, thing: Segment | Block | Section | Marker) -> Lock | None:
        if isinstance(thing, Marker):
            return self._at(thing.tick, thing.tick + 1)
        return self._at(thing.start, thing.end)

    def _at(self, start: int, end: int) -> Lock | None:
        """The lock of bars into which a stretch reaches."""
        at = bisect_left(self._begin, end) - 1
        return self._stretches[at] if at >= 0 and self._stretches[at].end > start else None


def _joined(bars: Iterable[Lock]) -> list[Lock]:
    """Locked stretches in order, those that touch or overlap as one."""
    found: list[Lock] = []
    for lock in sorted(bars, key=lambda one: one.start):
        if found and lock.start <= found[-1].end:
            found[-1] = replace(found[-1], end=max(found[-1].end, lock.end))
        else:
            found.append(lock)
    return found


def _first(locks: Iterable[Lock | None]) -> Lock | None:
    """The first lock there is."""
    return next((lock for lock in locks if lock is not None), None)


def _segment(key: str, fields: Fields | None) -> Segment:
    """A segment without its notes."""
    plain = {name: value for name, value in (fields or {}).items() if name != layout.NOTES}
    found: Segment = READERS[layout.SEGMENTS](key, plain)
    return found
