"""Two songs brought to the same ids, where things are the same but for them.

A song made again by code, or imported twice, has other ids. What is left without its like is
known by its name, its place or its pitch, so that only what is other is told.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from typing import TypeVar

from cellissimo.schema.models import Lock, Loop, Note, Segment, Song

T = TypeVar("T")
Renames = dict[str, str]


def aligned(old: Song, new: Song) -> Song:
    """``new`` with the ids of ``old`` wherever two things are the same."""
    new = _with_ids_of_strips(old, new)
    loops = _renames(_shared(old), _shared(new), lambda loop: loop.name)
    new = _with_loops(new, loops)
    segments = _renames(old.segments, new.segments, lambda s: (s.stem, s.kind, s.start))
    patterns = {key: to for key, to in segments.items() if key in new.loops}
    new = _with_loops(new, patterns)
    blocks = _renames(old.blocks, new.blocks, lambda b: (b.lane, b.start))
    return replace(
        new,
        blocks={blocks.get(k, k): replace(b, id=blocks.get(k, k)) for k, b in new.blocks.items()},
        segments=dict(_segment(old, segments.get(k, k), s) for k, s in new.segments.items()),
    )


def _shared(song: Song) -> dict[str, Loop]:
    """The loops that are no segment's own."""
    return {key: loop for key, loop in song.loops.items() if key not in song.segments}


def _renames(old: Mapping[str, T], new: Mapping[str, T], mark: Callable[[T], Hashable]) -> Renames:
    """Which id of ``new`` is which of ``old``: of those that only one has, by their marks."""
    free: dict[Hashable, list[str]] = {}
    for key, thing in old.items():
        if key not in new:
            free.setdefault(mark(thing), []).append(key)
    found: Renames = {}
    for key, thing in new.items():
        same = free.get(mark(thing), [])
        if key not in old and same:
            found[key] = same.pop(0)
    return found


def _with_ids_of_strips(old: Song, new: Song) -> Song:
    stems = _renames(old.stems, new.stems, lambda stem: stem.name)
    returns = _renames(old.returns, new.returns, lambda bus: bus.name)
    made = {}
    for key, stem in new.stems.items():
        sends = {returns.get(bus, bus): level for bus, level in stem.sends.items()}
        made[stems.get(key, key)] = replace(stem, id=stems.get(key, key), sends=sends)
    return replace(
        new,
        locks=_relocked(new, "stem", stems),
        stems=made,
        returns={
            returns.get(k, k): replace(bus, id=returns.get(k, k)) for k, bus in new.returns.items()
        },
        segments={k: replace(s, stem=stems.get(s.stem, s.stem)) for k, s in new.segments.items()},
    )


def _with_loops(song: Song, renames: Renames) -> Song:
    """The song with other ids of its loops, wherever they are named."""

    def named(key: str) -> str:
        return renames.get(key, key)

    return replace(
        song,
        locks=_relocked(song, "loop", renames),
        loops={named(k): replace(loop, id=named(k)) for k, loop in song.loops.items()},
        pads={pad: named(key) for pad, key in song.pads.items()},
        blocks={k: replace(block, loop=named(block.loop)) for k, block in song.blocks.items()},
        segments={
            k: replace(s, loop=None if s.loop is None else named(s.loop))
            for k, s in song.segments.items()
        },
    )


def _relocked(song: Song, kind: str, renames: Renames) -> dict[str, Lock]:
    """The locks, with other ids of what they close."""
    found = (
        replace(lock, of=renames.get(lock.of, lock.of)) if lock.kind == kind else lock
        for lock in song.locks.values()
    )
    return {lock.key: lock for lock in found}


def _segment(old: Song, key: str, segment: Segment) -> tuple[str, Segment]:
    """The segment under its id, its notes with the ids of those at the same place and pitch."""
    before = old.segments.get(key)
    found = replace(segment, id=key)
    if before is None:
        return key, found
    notes = _renames(before.notes, segment.notes, _place)
    return key, replace(found, notes={notes.get(k, k): n for k, n in segment.notes.items()})


def _place(note: Note) -> Hashable:
    return note.start, note.pitch
