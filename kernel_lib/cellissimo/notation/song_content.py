"""What of a song counts when two are compared: all that it says, without its ids."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from cellissimo.notation.digest_stem import stems_in_order
from cellissimo.notation.loop_code import content
from cellissimo.notation.pattern_printer import print_pattern
from cellissimo.schema import limits, models

Content = tuple[object, ...]


def song_content(song: models.Song) -> Content:
    """The song without ids: itself bare, and everything in it in an order of its own."""
    loops = {loop_id: place for place, loop_id in enumerate(loops_in_order(song))}
    returns = {bus.id: place for place, bus in enumerate(returns_in_order(song))}
    bare = replace(
        song, id="", loops={}, pads={}, blocks={}, stems={}, returns={}, segments={}, sections={},
        markers={}, locks={},
    )  # fmt: skip
    stems = stems_in_order(song)
    places = {"loop": loops, "stem": {stem.id: place for place, stem in enumerate(stems)}}
    locks = (
        (lock.kind, lock.start, lock.end, places.get(lock.kind, {}).get(lock.of, -1))
        for lock in song.locks.values()
    )
    pads = [loops.get(song.pads.get(pad, "")) for pad in range(limits.PADS)]
    blocks = ((b.start, b.lane, b.length, loops.get(b.loop, -1)) for b in song.blocks.values())
    sections = ((s.start, s.length, s.name, s.color) for s in song.sections.values())
    markers = ((marker.tick, marker.name) for marker in song.markers.values())
    return (
        bare,
        [content(song.loops[loop_id]) for loop_id in loops],
        pads,
        sorted(blocks),
        sorted(sections),
        sorted(markers),
        [replace(bus, id="", order="") for bus in returns_in_order(song)],
        [_stem(song, stem, loops, returns) for stem in stems],
        sorted(locks),
    )


def loops_in_order(song: models.Song) -> list[str]:
    """The ids of the loops: those on pads in the order of the pads, then the others by name.

    Loops of pattern segments are not among them: they are their segments.
    """
    on_pads = [song.pads[pad] for pad in sorted(song.pads) if song.pads[pad] in song.loops]
    others = (key for key in song.loops if key not in on_pads and not is_pattern(song, key))
    return [*dict.fromkeys(on_pads), *sorted(others, key=lambda key: _rank(song, key))]


def is_pattern(song: models.Song, loop_id: str) -> bool:
    """Whether a loop is the text of a segment [DOC-13]."""
    return loop_id in song.segments and song.segments[loop_id].kind == "pattern"


def returns_in_order(song: models.Song) -> list[models.Return]:
    """The returns of a song, first to last [DOC-14]."""
    return sorted(song.returns.values(), key=lambda bus: (bus.order, bus.id))


def _rank(song: models.Song, loop_id: str) -> tuple[object, ...]:
    """What loops off the pads are sorted by: all that tells one from another."""
    loop = song.loops[loop_id]
    blocks = sorted((b.start, b.lane, b.length) for b in song.blocks.values() if b.loop == loop_id)
    segments = sorted((s.start, s.length) for s in song.segments.values() if s.loop == loop_id)
    locks = sum(("loop", loop_id) == (lock.kind, lock.of) for lock in song.locks.values())
    return loop.name, blocks, segments, print_pattern(loop), loop.color, locks


def _stem(
    song: models.Song, stem: models.Stem, loops: dict[str, int], returns: dict[str, int]
) -> Content:
    sends = {str(returns[bus]): level for bus, level in stem.sends.items() if bus in returns}
    heard = {bus: level for bus, level in sends.items() if level}
    own = (segment for segment in song.segments.values() if segment.stem == stem.id)
    bare = replace(stem, id="", order="", frozen=None, sends=heard)
    return bare, sorted(_segments(song, own, loops), key=lambda found: found[0])


def _segments(
    song: models.Song, segments: Iterable[models.Segment], loops: dict[str, int]
) -> Iterable[tuple[Content, Content]]:
    """What each segment is sorted by, and what it says."""
    for segment in segments:
        notes = sorted((n.start, n.duration, n.pitch, n.velocity) for n in segment.notes.values())
        pattern = song.loops.get(segment.id) if segment.kind == "pattern" else None
        bare = replace(segment, id="", stem="", loop=None, notes={})
        place = loops.get(segment.loop or "", -1)
        text = print_pattern(pattern) if pattern else ""
        order = (
            segment.start, segment.length, segment.kind, segment.name, segment.offset,
            segment.gain, segment.fade_in, segment.fade_out, segment.fade_in_curve,
            segment.fade_out_curve, segment.blob or "", place, notes, text,
        )  # fmt: skip
        yield order, (bare, place, notes, pattern and content(pattern))
