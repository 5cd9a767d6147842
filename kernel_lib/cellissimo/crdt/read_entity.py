"""Stems, segments, blocks and their like as immutable values: a pure reading of stored maps."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from cellissimo.crdt import layout, repair
from cellissimo.crdt.read_loop import Stored, inner
from cellissimo.schema import limits
from cellissimo.schema.models import (
    Block,
    Frozen,
    Lanes,
    Marker,
    Note,
    Point,
    Return,
    Section,
    Segment,
    Stem,
    Value,
)

_LAST = limits.LAST_TICK


def read_block(block_id: str, stored: Stored) -> Block:
    """A block of the timeline."""
    return Block(
        id=block_id,
        loop=repair.name_of(stored.get("loop")) or "",
        start=repair.whole(stored.get("start"), 0, _LAST, 0),
        length=repair.whole(stored.get("length"), 1, _LAST, 3840),
        lane=repair.whole(stored.get("lane"), 0, limits.LANES - 1, 0),
    )


def read_section(section_id: str, stored: Stored) -> Section:
    """A section."""
    return Section(
        id=section_id,
        name=repair.text(stored.get("name"), "Section"),
        start=repair.whole(stored.get("start"), 0, _LAST, 0),
        length=repair.whole(stored.get("length"), 1, _LAST, 3840),
        color=repair.color(stored.get("color")),
    )


def read_marker(marker_id: str, stored: Stored) -> Marker:
    """A marker."""
    name = repair.text(stored.get("name"), "Marker")
    return Marker(marker_id, name, repair.whole(stored.get("tick"), 0, _LAST, 0))


def read_stem(stem_id: str, stored: Stored) -> Stem:
    """A stem; sends to returns that are not there are still in it."""
    channel = stored.get("channel")
    return Stem(
        id=stem_id,
        name=repair.text(stored.get("name"), "Stem"),
        color=repair.color(stored.get("color")),
        order=repair.order(stored.get("order")),
        channel=None if channel is None else repair.whole(channel, 1, 16, 1),
        frozen=_frozen(stored.get("frozen")),
        settings=channel_settings(inner(stored, layout.SETTINGS)),
        sends=_sends(inner(stored, layout.SENDS)),
        lanes=read_lanes(inner(stored, layout.LANES)),
    )


def read_return(return_id: str, stored: Stored) -> Return:
    """A return bus."""
    return Return(
        id=return_id,
        name=repair.text(stored.get("name"), "Return"),
        color=repair.color(stored.get("color")),
        order=repair.order(stored.get("order")),
        settings=channel_settings(inner(stored, layout.SETTINGS)),
        lanes=read_lanes(inner(stored, layout.LANES)),
    )


def _frozen(value: object) -> Frozen | None:
    match value:
        case [str(blob), int() | float() as frames, str(fingerprint)] if repair.blob(blob):
            return Frozen(blob, repair.whole(frames, 0, limits.MOST_FRAMES, 0), fingerprint)
    return None


def _sends(stored: Stored) -> dict[str, float]:
    found = ((to, repair.clamped(level, 0, 1, 0.0)) for to, level in sorted(stored.items()))
    return {to: level for to, level in found if level > 0}


def channel_settings(stored: Stored, *, of_master: bool = False) -> dict[str, Value]:
    """The settings of a stem, a return or the master."""
    target = limits.MASTER if of_master else "stem"
    found = ((key, repair.setting(f"{target}.{key}", value)) for key, value in stored.items())
    return dict(sorted((key, value) for key, value in found if value is not None))


def read_lanes(stored: Stored) -> Lanes:
    """Automation by parameter and tick; a lane past its limit of points loses its last."""
    lanes: dict[str, dict[int, Point]] = {}
    for key, value in sorted(stored.items()):
        place, point = repair.point_key(key), repair.point(value)
        if place is not None and point is not None:
            lanes.setdefault(place[0], {})[place[1]] = repair.in_range(place[0], point)
    most = limits.POINTS_PER_LANE
    return {key: dict(sorted(points.items())[:most]) for key, points in sorted(lanes.items())}


def read_segment(segment_id: str, stored: Stored) -> Segment:
    """A segment."""
    return _segment(segment_id, stored, _notes(inner(stored, layout.NOTES)))


def read_segment_again(before: Segment, stored: Stored, keys: Collection[str]) -> Segment:
    """What ``read_segment`` gives, when of the notes only those of ``keys`` may have changed."""
    written = inner(stored, layout.NOTES)
    if max(len(written), len(before.notes) + 1) > limits.NOTES_PER_SEGMENT:
        return read_segment(before.id, stored)
    notes = dict(before.notes) if keys else before.notes
    for key in keys:
        note = repair.note(written.get(key))
        notes = {**notes, key: note} if note else {k: n for k, n in notes.items() if k != key}
    has_new = not notes.keys() <= before.notes.keys()
    return _segment(before.id, stored, dict(sorted(notes.items())) if has_new else notes)


def _notes(stored: Stored) -> dict[str, Note]:
    found = ((key, repair.note(value)) for key, value in sorted(stored.items()))
    valid = [(key, note) for key, note in found if note is not None]
    return dict(valid[: limits.NOTES_PER_SEGMENT])


def _segment(segment_id: str, stored: Stored, notes: Mapping[str, Note]) -> Segment:
    kind = repair.one_of(stored.get("kind"), limits.SEGMENT_KINDS, "midi")
    farthest = limits.MOST_FRAMES if kind == "audio" else _LAST
    return Segment(
        id=segment_id,
        stem=repair.name_of(stored.get("stem")) or "",
        kind=kind,
        start=repair.whole(stored.get("start"), 0, _LAST, 0),
        length=repair.whole(stored.get("length"), 1, _LAST, 3840),
        name=repair.text(stored.get("name"), ""),
        offset=repair.whole(stored.get("offset"), 0, farthest, 0),
        gain=repair.clamped(stored.get("gain"), *limits.GAIN_RANGE, 0.0),
        fade_in=repair.clamped(stored.get("fadeIn"), *limits.FADE_RANGE, 0.0),
        fade_out=repair.clamped(stored.get("fadeOut"), *limits.FADE_RANGE, 0.0),
        fade_in_curve=repair.one_of(stored.get("fadeInCurve"), limits.FADE_CURVES, "linear"),
        fade_out_curve=repair.one_of(stored.get("fadeOutCurve"), limits.FADE_CURVES, "linear"),
        loop=repair.name_of(stored.get("loop")),
        blob=repair.blob(stored.get("blob")),
        frames=repair.whole(stored.get("frames"), 0, limits.MOST_FRAMES, 0),
        notes=notes,
    )


READERS: Mapping[str, Callable[[str, Stored], Any]] = {
    layout.BLOCKS: read_block,
    layout.STEMS: read_stem,
    layout.RETURNS: read_return,
    layout.SEGMENTS: read_segment,
    layout.SECTIONS: read_section,
    layout.MARKERS: read_marker,
}
"""How the entities of each root map are read."""

PLACES: Mapping[str, Callable[[Any], tuple[Any, ...]]] = {
    layout.BLOCKS: lambda block: (block.start, block.lane, block.id),
    layout.STEMS: lambda stem: (stem.order, stem.id),
    layout.RETURNS: lambda bus: (bus.order, bus.id),
    layout.SEGMENTS: lambda segment: (segment.start, segment.id),
    layout.SECTIONS: lambda section: (section.start, section.id),
    layout.MARKERS: lambda marker: (marker.tick, marker.id),
}
"""What the entities of each root map are sorted by."""

MOST: Mapping[str, int] = {
    layout.BLOCKS: limits.BLOCKS_PER_SONG,
    layout.STEMS: limits.STEMS_PER_SONG,
    layout.RETURNS: limits.RETURNS_PER_SONG,
    layout.SEGMENTS: limits.SEGMENTS_PER_SONG,
    layout.SECTIONS: limits.SECTIONS_PER_SONG,
    layout.MARKERS: limits.SECTIONS_PER_SONG,
}
"""How many entities of each root map are read, in their order."""
