"""The document as one immutable value: a pure reading of its plain maps."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from cellissimo.crdt import layout, repair
from cellissimo.crdt.read_entity import (
    MOST,
    PLACES,
    READERS,
    channel_settings,
    read_lanes,
    read_segment_again,
)
from cellissimo.crdt.read_loop import Stored, inner, read_loop, read_loop_again
from cellissimo.schema import limits
from cellissimo.schema.models import Block, Lock, Loop, Segment, Song, Stem, Tempo

Touched = dict[str, dict[str, set[str]]]
"""What changed since it was read: by root map, entity, and the keys of its steps or notes."""

_ROOTS = (layout.LOOPS, *READERS)
"""The root maps that hold entities."""

_DETAILS = {layout.LOOPS: layout.STEPS, layout.SEGMENTS: layout.NOTES}
"""The inner maps that are large, and so read again key by key."""


class Reader:
    """Reads the document again only where it changed: the rest is shared with the value before."""

    def __init__(self, content: Stored) -> None:
        """Read ``content``, the document's maps as plain dicts, whenever it is asked for."""
        self._content = content
        self._song: Song | None = None
        self._read: dict[str, dict[str, Any]] = {}
        """The entities of each root map by id, in the order of their ids."""
        self._listed: dict[str, dict[str, Any]] = {}
        """Those that are read, in the order that musicians see."""
        self._stale: Touched = {}
        self._replaced: dict[str, set[str]] = {}

    def forget(self, touched: Iterable[tuple[tuple[str, ...], str]]) -> None:
        """Read anew, when next asked, what stands under these keys of the maps at these paths."""
        for path, key in touched:
            self._song = None
            match path:
                case (root,) if root in _ROOTS:
                    self._replaced.setdefault(root, set()).add(key)
                case (root, entity) if root in _DETAILS and key == _DETAILS[root]:
                    self._replaced.setdefault(root, set()).add(entity)
                case (root, entity, *within) if root in _ROOTS:
                    keys = self._stale.setdefault(root, {}).setdefault(entity, set())
                    keys.update({key} if within == [_DETAILS.get(root)] else ())

    def song(self) -> Song:
        """What the document says; the same object until something is forgotten."""
        if self._song is None:
            for root in _ROOTS:
                self._read_root(root)
            self._stale, self._replaced = {}, {}
            self._song = self._put_together()
        return self._song

    def _read_root(self, root: str) -> None:
        """Read the entities that changed, all of them the first time. *Cost*: O(changed)."""
        stored, before = inner(self._content, root), self._read.get(root)
        replaced = stored.keys() if before is None else self._replaced.get(root, set())
        changed = {*replaced, *self._stale.get(root, ())}
        if before is not None and not changed:
            return
        found = dict(before or {})
        for key in changed:
            at = stored.get(key)
            if isinstance(at, dict):
                known = None if key in replaced else found.get(key)
                found[key] = self._entity(root, key, at, known)
            else:
                found.pop(key, None)
        has_new = before is None or not found.keys() <= before.keys()
        self._read[root] = dict(sorted(found.items())) if has_new else found
        if root != layout.LOOPS:
            self._listed[root] = _in_order(root, self._read[root])

    def _entity(self, root: str, key: str, stored: Stored, before: Any) -> Any:  # noqa: ANN401 - any kind
        keys = self._stale.get(root, {}).get(key, ())
        if root == layout.LOOPS:
            return _loop(key, before, stored, keys)
        if before is not None and root == layout.SEGMENTS:
            return read_segment_again(before, stored, keys)
        return READERS[root](key, stored)

    def _put_together(self) -> Song:
        content, loops = self._content, self._read[layout.LOOPS]
        meta, song = inner(content, layout.META), inner(content, layout.SONG)
        returns = self._listed[layout.RETURNS]
        stems = self._listed[layout.STEMS]
        segments = _playable(self._listed[layout.SEGMENTS], stems, loops)
        own = {key for key, segment in segments.items() if segment.kind == "pattern"}
        free = {key: loop for key, loop in loops.items() if key not in own}
        return Song(
            id=repair.text(meta.get("id"), "unknown"),
            name=repair.text(song.get("name"), "Untitled"),
            kind="loop" if meta.get("kind") == "loop" else "song",
            key=repair.key(song.get("key")),
            seed=repair.whole(song.get("seed"), *limits.SEED_RANGE, 0),
            tempos=tempos(inner(content, layout.TEMPO)),
            meters=meters(inner(content, layout.METER)),
            loops=loops,
            pads=_pads(inner(content, layout.PADS), free),
            blocks=_of_loops(self._listed[layout.BLOCKS], free),
            stems={key: _with_sends(stem, returns) for key, stem in stems.items()},
            returns=returns,
            segments=segments,
            sections=self._listed[layout.SECTIONS],
            markers=self._listed[layout.MARKERS],
            master=channel_settings(inner(content, layout.MASTER), of_master=True),
            lanes=read_lanes(inner(content, layout.LANES)),
            locks=_locks(inner(content, layout.LOCKS), stems, loops),
        )


def _in_order(root: str, entities: Mapping[str, Any]) -> dict[str, Any]:
    listed = sorted(entities.values(), key=PLACES[root])
    return {entity.id: entity for entity in listed[: MOST[root]]}


def _loop(loop_id: str, before: Loop | None, stored: Stored, keys: Collection[str]) -> Loop:
    return read_loop(loop_id, stored) if before is None else read_loop_again(before, stored, keys)


def _playable(
    segments: Mapping[str, Segment], stems: Mapping[str, Stem], loops: Mapping[str, Loop]
) -> dict[str, Segment]:
    """The segments whose stem is there, and the loop they play [DOC-13]."""
    needs = {key: _loop_needed(segment) for key, segment in segments.items()}
    return {
        key: segment
        for key, segment in segments.items()
        if segment.stem in stems and (needs[key] is None or needs[key] in loops)
    }


def _loop_needed(segment: Segment) -> str | None:
    if segment.kind == "pattern":
        return segment.id
    return (segment.loop or "") if segment.kind == "loop" else None


def _of_loops(blocks: Mapping[str, Block], loops: Mapping[str, Loop]) -> dict[str, Block]:
    return {key: block for key, block in blocks.items() if block.loop in loops}


def _with_sends(stem: Stem, returns: Mapping[str, Any]) -> Stem:
    """The stem without sends to returns that are not there [DOC-13]."""
    if stem.sends.keys() <= returns.keys():
        return stem
    there = {to: level for to, level in stem.sends.items() if to in returns}
    return dataclasses.replace(stem, sends=there)


def _points(stored: Stored) -> list[tuple[int, Any]]:
    ticks = ((repair.cell(key, limits.LAST_TICK), key) for key in stored)
    found = sorted((tick, key) for tick, key in ticks if tick is not None)
    return [(tick, stored[key]) for tick, key in found[: limits.MAP_POINTS]]


def tempos(stored: Stored) -> dict[int, Tempo]:
    """The tempos of a song by tick, one at 0."""
    return {0: Tempo()} | {tick: repair.tempo(value) for tick, value in _points(stored)}


def meters(stored: Stored) -> dict[int, str]:
    """The meters of a song by tick, one at 0."""
    found = {tick: repair.meter(value) for tick, value in _points(stored)}
    return {0: "4/4"} | {tick: value for tick, value in found.items() if value}


def _locks(stored: Stored, stems: Mapping[str, Stem], loops: Mapping[str, Loop]) -> dict[str, Lock]:
    """The locks of what is there [DOC-13] [DOC-17]."""
    there: Mapping[str, Collection[str]] = {"stem": stems, "loop": loops, "bars": ("",)}
    found = ((key, repair.lock(key)) for key, value in sorted(stored.items()) if value is True)
    valid = [(key, lock) for key, lock in found if lock and lock.of in there[lock.kind]]
    return dict(valid[: limits.LOCKS_PER_SONG])


def _pads(stored: Stored, loops: Mapping[str, Loop]) -> dict[int, str]:
    return {
        pad: loop_id
        for pad, loop_id in _points(stored)
        if pad < limits.PADS and isinstance(loop_id, str) and loop_id in loops
    }
