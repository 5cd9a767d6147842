"""What a comment stands on, and where that is now: anchors that go along with the music.

The browser reads anchors alike (``extension/src/core/anchors.ts``; ``tests/parity/anchors.json``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from cellissimo.domain.errors import CellissimoError
from cellissimo.domain.tempo_map import MeterMap
from cellissimo.notation.digest_places import loop_ticks
from cellissimo.schema.models import Block, Loop, Section, Segment, Song

KINDS = (
    "song", "bar", "tick", "stem", "segment", "note", "loop", "step", "row", "block", "section",
    "cell",
)  # fmt: skip
"""What a comment may stand on; "row" is a line of a loop's text, "cell" one of a notebook."""

MOST_WITNESSES = 8
"""Things that a place of the timeline is remembered by."""

_NOTES = 4
"""Notes among them."""


class AnchorError(CellissimoError):
    """Something that a comment cannot stand on: it is not in the song."""


@dataclass(frozen=True, slots=True)
class Witness:
    """Something that stood near a place: the place was ``offset`` ticks behind its beginning.

    ``kind`` is note, block, segment or section; ``within`` is the segment of a note.
    """

    kind: str
    id: str
    offset: int
    within: str = ""


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a comment stands on.

    ``id`` names the stem, segment, note, loop, block or section, or the notebook's cell; ``within``
    a note's segment, or the notebook; ``row`` and ``cell`` a place in a loop, ``cell`` also a line
    of a cell. ``tick`` is where it was seen last, None where that was nowhere.
    """

    kind: str
    id: str = ""
    within: str = ""
    row: str = ""
    cell: int = 0
    tick: int | None = None
    witnesses: tuple[Witness, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where an anchor is: its tick, None for nowhere; where it was last, if it ``is_gone``."""

    tick: int | None
    is_gone: bool = False


def anchored(song: Song, wanted: Anchor) -> Anchor:
    """The anchor with its tick and its witnesses, as the song is now.

    Raises:
        AnchorError: what it is to stand on is not in the song.
    """
    if wanted.kind not in KINDS:
        raise AnchorError(f"A comment stands on no {wanted.kind!r}. Use {', '.join(KINDS)}.")
    if wanted.kind in {"bar", "tick"} and wanted.tick is None:
        raise AnchorError(f"A comment on a {wanted.kind} needs its tick.")
    place = place_of(song, wanted)
    if place.is_gone:
        raise AnchorError(f"There is no such {wanted.kind} in this song.")
    if place.tick is None or wanted.kind not in {"bar", "tick", "stem"}:
        return replace(wanted, tick=place.tick, witnesses=())
    stem = wanted.id if wanted.kind == "stem" else None
    return replace(wanted, tick=place.tick, witnesses=tuple(_witnesses(song, place.tick, stem)))


def place_of(song: Song, anchor: Anchor) -> Place:
    """Where an anchor is in a song now, or that what it stood on is gone.

    A bar or tick goes where most of what stood there went; where nothing stood, it stays.
    *Cost*: O(blocks and segments).
    """
    if anchor.kind == "note":
        return _place(anchor, _note_tick(song, anchor.id, anchor.within))
    if anchor.kind in {"loop", "step", "row"}:
        return _loop_place(song, anchor)
    if anchor.kind in {"segment", "block", "section"}:
        return _place(anchor, _start_of(song, anchor.kind, anchor.id))
    if anchor.kind == "stem" and anchor.id not in song.stems:
        return Place(anchor.tick, is_gone=True)
    if anchor.kind in {"bar", "tick", "stem"}:
        return _timeline_place(song, anchor)
    return Place(anchor.tick)


def _place(anchor: Anchor, tick: int | None) -> Place:
    return Place(anchor.tick, is_gone=True) if tick is None else Place(tick)


def _timeline_place(song: Song, anchor: Anchor) -> Place:
    votes = [tick for one in anchor.witnesses if (tick := _says(song, one)) is not None]
    if anchor.witnesses and not votes and anchor.kind != "stem":
        return Place(anchor.tick, is_gone=True)
    if not votes or anchor.tick is None:
        return Place(anchor.tick)
    tick = max(Counter(votes).most_common()[0][0], 0)  # the first of several that are as many
    return Place(_bar_line(song, tick) if anchor.kind == "bar" else tick)


def _says(song: Song, one: Witness) -> int | None:
    """Where a place is by something that stood there; None where that is gone."""
    if one.kind == "note":
        start = _note_tick(song, one.id, one.within)
    else:
        start = _start_of(song, one.kind, one.id)
    return None if start is None else start + one.offset


def _bar_line(song: Song, tick: int) -> int:
    """The nearest beginning of a bar; of two as near, the earlier."""
    grid = MeterMap(song.meters)
    bar, past = grid.bar_at(tick)
    start = tick - int(past)
    after = grid.tick_of(bar + 1)
    return start if tick - start <= after - tick else after


def _start_of(song: Song, kind: str, key: str) -> int | None:
    found: Segment | Block | Section | None
    if kind == "segment":
        found = song.segments.get(key)
    else:
        found = song.blocks.get(key) if kind == "block" else song.sections.get(key)
    return None if found is None else found.start


def _note_tick(song: Song, key: str, within: str) -> int | None:
    """Where a note is, also where its segment was cut and it went along with the other half.

    Copies of a segment have notes of the same ids: of several, none is the one that is meant.
    """
    home = song.segments.get(within)
    if home and key in home.notes:
        return _sounds_at(home, home.notes[key].start)
    others = [segment for segment in song.segments.values() if key in segment.notes]
    return _sounds_at(others[0], others[0].notes[key].start) if len(others) == 1 else None


def _sounds_at(segment: Segment, start: int) -> int:
    return segment.start + start - segment.offset


def _loop_place(song: Song, anchor: Anchor) -> Place:
    loop = song.loops.get(anchor.id)
    if loop is None or not _is_in(loop, anchor):
        return Place(anchor.tick, is_gone=True)
    places = [block.start for block in song.blocks.values() if block.loop == loop.id]
    places += [
        segment.start
        for segment in song.segments.values()
        if (segment.id if segment.kind == "pattern" else segment.loop) == loop.id
    ]
    if not places:
        return Place(None)
    start = min(places)
    if anchor.kind != "step":
        return Place(start)
    return Place(start + anchor.cell * loop_ticks(song, loop, start) // loop.cells)


def _is_in(loop: Loop, anchor: Anchor) -> bool:
    if anchor.kind == "step":
        return (anchor.row, anchor.cell) in loop.steps
    if anchor.kind == "row":
        has_step = any(row == anchor.row for row, _ in loop.steps)
        return has_step or any(key.split(".")[0] == anchor.row for key in loop.settings)
    return True


def _witnesses(song: Song, tick: int, stem: str | None) -> Iterator[Witness]:
    """What stands at a tick: the first notes from there on within a bar, then what goes over it."""
    end = tick + MeterMap(song.meters).meter_at(tick).ticks_per_bar
    notes = sorted(
        (at, note.pitch, key, segment.id)
        for segment in song.segments.values()
        if stem in {None, segment.stem} and segment.start < end and segment.end > tick
        for key, note in segment.notes.items()
        if tick <= (at := _sounds_at(segment, note.start)) < end
    )[:_NOTES]
    yield from (Witness("note", key, tick - at, within) for at, _, key, within in notes)
    held: list[tuple[str, Segment | Block | Section]] = [
        ("segment", one) for one in song.segments.values() if stem in {None, one.stem}
    ]
    if stem is None:
        held += [("block", one) for one in song.blocks.values()]
        held += [("section", one) for one in song.sections.values()]
    over = sorted((-one.start, one.id, kind) for kind, one in held if one.start <= tick < one.end)
    for start, key, kind in over[: MOST_WITNESSES - len(notes)]:
        yield Witness(kind, key, tick + start)
