"""What the locks of a song close, as a value: no edit without the right to lock changes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from cellissimo.crdt import in_force
from cellissimo.schema.models import Block, Lanes, Lock, Section, Segment, Song

T = TypeVar("T", Block, Section, Segment)

Content = tuple[Any, ...]


def broken_between(old: Song, new: Song) -> Lock | None:
    """A lock of ``old`` whose content is other in ``new``; one that came or went; None for none.

    *Cost*: O(locks × things), and the notes of segments that are other.
    """
    changed = old.locks.keys() ^ new.locks.keys()
    if changed:
        return {**old.locks, **new.locks}[min(changed)]
    if not old.locks:
        return None
    old, new = _lean(old, new), _lean(new, old)
    locks = old.locks.values()
    return next((lock for lock in locks if locked(old, lock) != locked(new, lock)), None)


def _lean(song: Song, other: Song) -> Song:
    """The song without the notes of segments that are the same in another."""
    segments = {
        key: replace(one, notes={}) if one.notes and other.segments.get(key) is one else one
        for key, one in song.segments.items()
    }
    return replace(song, segments=segments)


def locked(song: Song, lock: Lock) -> Content:
    """Everything of a song that a lock closes."""
    match lock.kind:
        case "stem":
            held = {key: one for key, one in song.segments.items() if one.stem == lock.of}
            return (song.stems.get(lock.of), held, _loops(song, held))
        case "loop":
            return (song.loops.get(lock.of),)
    return _within(song, lock)


def _within(song: Song, bars: Lock) -> Content:
    """What begins in a stretch of the song, or reaches into it; of notes, what sounds there."""
    segments, blocks = _over(song.segments, bars), _over(song.blocks, bars)
    markers = {key: m for key, m in song.markers.items() if bars.start <= m.tick < bars.end}
    lanes = {key: stem.lanes for key, stem in song.stems.items()}
    lanes |= {key: bus.lanes for key, bus in song.returns.items()}
    return (
        {key: _sounding(segment, bars) for key, segment in segments.items()},
        _loops(song, segments),
        blocks,
        {block.loop: song.loops.get(block.loop) for block in blocks.values()},
        _over(song.sections, bars),
        markers,
        in_force.tempo(song.tempos, bars),
        in_force.meter(song.meters, bars),
        _points(song.lanes, bars),
        {key: found for key, held in lanes.items() if (found := _points(held, bars))},
    )


def _over(things: Mapping[str, T], bars: Lock) -> dict[str, T]:
    return {
        key: one for key, one in things.items() if one.start < bars.end and bars.start < one.end
    }


def _loops(song: Song, segments: dict[str, Segment]) -> dict[str, Any]:
    """The loops that segments play."""
    played = {key if one.kind == "pattern" else one.loop or "" for key, one in segments.items()}
    return {key: song.loops.get(key) for key in played}


def _sounding(segment: Segment, bars: Lock) -> Segment:
    """A segment with those of its notes that sound in the bars."""
    shift = segment.start - segment.offset
    low, high = max(segment.start, bars.start), min(segment.end, bars.end)
    notes = {
        key: note
        for key, note in segment.notes.items()
        if note.start + shift < high and note.start + note.duration + shift > low
    }
    return replace(segment, notes=notes)


def _points(lanes: Lanes, bars: Lock) -> list[tuple[str, int, Any]]:
    return [
        (key, tick, point)
        for key, points in sorted(lanes.items())
        for tick, point in points.items()
        if bars.start <= tick < bars.end
    ]
