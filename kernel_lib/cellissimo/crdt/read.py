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
from cellissimo.schema.models import Block, Loop, Segment, Song, Stem, Tempo

Touched = dict[str, dict[str, set[str]]]
"""What changed since it was read: by root map, entity, and the keys of its steps or notes."""

_DETAILS = {layout.LOOPS: layout.STEPS, layout.SEGMENTS: layout.NOTES}
"""The inner maps that are large, and so read again key by key."""


class Reader:
    """Reads the document again only where it changed: the rest is shared with the value before."""

    def __init__(self, content: Stored) -> None:
        """Read ``content``, the document's maps as plain dicts, whenever it is asked for."""
        self._content = content
        self._song: Song | None = None
        self._read: dict[str, dict[str, Any]] = {root: {} for root in (layout.LOOPS, *READERS)}
        self._stale: Touched = {}
        self._replaced: set[tuple[str, str]] = set()

    def forget(self, touched: Iterable[tuple[tuple[str, ...], str]]) -> None:
        """Read anew, when next asked, what stands under these keys of the maps at these paths."""
        for path, key in touched:
            self._song = None
            match path:
                case (root,) if root in self._read:
                    self._replaced.add((root, key))
                case (root, entity, *within) if root in self._read:
                    keys = self._stale.setdefault(root, {}).setdefault(entity, set())
                    keys.update({key} if within == [_DETAILS.get(root)] else ())

    def song(self) -> Song:
        """What the document says; the same object until something is forgotten."""
        if self._song is None:
            for root in self._read:
                self._read[root] = self._read_root(root)
            self._stale, self._replaced = {}, set()
            self._song = self._put_together()
        return self._song

    def _read_root(self, root: str) -> dict[str, Any]:
        stored = sorted(inner(self._content, root).items())
        return {key: self._entity(root, key, at) for key, at in stored if isinstance(at, dict)}

    def _entity(self, root: str, entity: str, stored: Stored) -> Any:  # noqa: ANN401 - any kind
        before = None if (root, entity) in self._replaced else self._read[root].get(entity)
        keys = self._stale.get(root, {}).get(entity)
        if before is not None and keys is None:
            return before
        if root == layout.LOOPS:
            return _loop(entity, before, stored, keys or ())
        if before is not None and root == layout.SEGMENTS:
            return read_segment_again(before, stored, keys or ())
        return READERS[root](entity, stored)

    def _put_together(self) -> Song:
        content, loops = self._content, self._read[layout.LOOPS]
        meta, song = inner(content, layout.META), inner(content, layout.SONG)
        returns = self._in_order(layout.RETURNS)
        stems = self._in_order(layout.STEMS)
        segments = _playable(self._in_order(layout.SEGMENTS), stems, loops)
        own = {key for key, segment in segments.items() if segment.kind == "pattern"}
        free = {key: loop for key, loop in loops.items() if key not in own}
        return Song(
            id=repair.text(meta.get("id"), "unknown"),
            name=repair.text(song.get("name"), "Untitled"),
            kind="loop" if meta.get("kind") == "loop" else "song",
            key=repair.key(song.get("key")),
            seed=repair.whole(song.get("seed"), *limits.SEED_RANGE, 0),
            tempos=_tempos(inner(content, layout.TEMPO)),
            meters=_meters(inner(content, layout.METER)),
            loops=loops,
            pads=_pads(inner(content, layout.PADS), free),
            blocks=_of_loops(self._in_order(layout.BLOCKS), free),
            stems={key: _with_sends(stem, returns) for key, stem in stems.items()},
            returns=returns,
            segments=segments,
            sections=self._in_order(layout.SECTIONS),
            markers=self._in_order(layout.MARKERS),
            master=channel_settings(inner(content, layout.MASTER), of_master=True),
            lanes=read_lanes(inner(content, layout.LANES)),
        )

    def _in_order(self, root: str) -> dict[str, Any]:
        listed = sorted(self._read[root].values(), key=PLACES[root])
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


def _tempos(stored: Stored) -> dict[int, Tempo]:
    return {0: Tempo()} | {tick: repair.tempo(value) for tick, value in _points(stored)}


def _meters(stored: Stored) -> dict[int, str]:
    found = {tick: repair.meter(value) for tick, value in _points(stored)}
    return {0: "4/4"} | {tick: value for tick, value in found.items() if value}


def _pads(stored: Stored, loops: Mapping[str, Loop]) -> dict[int, str]:
    return {
        pad: loop_id
        for pad, loop_id in _points(stored)
        if pad < limits.PADS and isinstance(loop_id, str) and loop_id in loops
    }
