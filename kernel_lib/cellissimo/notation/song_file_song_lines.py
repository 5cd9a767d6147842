"""The lines of a song file that speak of the song: its head, its timeline, and what begins."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sized
from typing import TypeVar

from cellissimo.domain.key import parse_key
from cellissimo.domain.ticks import parse_meter
from cellissimo.notation.pattern_problem import quoted
from cellissimo.notation.song_file_draft import Draft, LoopDraft, SegmentDraft, StripDraft
from cellissimo.notation.song_file_lines import quote
from cellissimo.notation.song_file_words import (
    FileFault,
    exactly,
    put_once,
    read_integer,
    read_number,
    read_text,
)
from cellissimo.schema import checks, limits
from cellissimo.schema.models import Block, Lock, Marker, Section, Tempo

Reader = Callable[[Draft, list[str]], None]
T = TypeVar("T")

_KINDS = ("song", "loop")


def read_tick(word: str, what: str = "the tick") -> int:
    """A place in the song."""
    return read_integer(word, what, 0, limits.LAST_TICK)


def read_length(word: str) -> int:
    """A length in the song."""
    return read_integer(word, "the length", 1, limits.LAST_TICK)


def read_name(word: str) -> str:
    """A name."""
    return read_text(word, "the name", limits.NAME_LENGTH)


def read_color(word: str) -> str:
    """A colour."""
    return checks.color(read_text(word, "the color"))


def read_key(words: list[str]) -> str:
    """A key as it is written."""
    text = read_text(exactly(words, 'key "C major"')[0], "the key")
    parse_key(text)
    return text


def read_meter(word: str) -> str:
    """A meter as it is written."""
    text = read_text(word, "the meter")
    parse_meter(text)
    return text


def _kind(draft: Draft, words: list[str]) -> None:
    kind = exactly(words, "kind song")[0]
    if kind not in _KINDS:
        raise FileFault(f"kind is {quoted(kind)}", "Write kind song or kind loop.")
    put_once(draft.fields, "kind", kind, "kind")


def _id(draft: Draft, words: list[str]) -> None:
    put_once(draft.fields, "id", read_text(exactly(words, 'id "…"')[0], "the id"), "the id")


def _name(draft: Draft, words: list[str]) -> None:
    put_once(draft.fields, "name", read_name(exactly(words, 'name "…"')[0]), "the name")


def _key(draft: Draft, words: list[str]) -> None:
    put_once(draft.fields, "key", read_key(words), "the key")


def _seed(draft: Draft, words: list[str]) -> None:
    seed = read_integer(exactly(words, "seed 1")[0], "the seed", *limits.SEED_RANGE)
    put_once(draft.fields, "seed", seed, "the seed")


def _tempo(draft: Draft, words: list[str]) -> None:
    ramps = words[2:] == ["ramp"]
    tick, tempo = exactly(words[:2] if ramps else words, "tempo TICK 120")
    at = read_tick(tick)
    value = Tempo(checks.tempo(read_number(tempo, "the tempo")), ramps)
    put_once(draft.tempos, at, value, f"the tempo of tick {at}")
    _check_room(draft.tempos, limits.MAP_POINTS, "changes of tempo")


def _meter(draft: Draft, words: list[str]) -> None:
    tick, meter = exactly(words, 'meter TICK "4/4"')
    at = read_tick(tick)
    put_once(draft.meters, at, read_meter(meter), f"the meter of tick {at}")
    _check_room(draft.meters, limits.MAP_POINTS, "changes of meter")


def _pad(draft: Draft, words: list[str]) -> None:
    pad, loop = exactly(words, 'pad 0 "…"')
    at = read_integer(pad, "the pad", 0, limits.PADS - 1)
    put_once(draft.pads, at, read_text(loop, "the loop's id"), f"pad {at}")


def _lock(draft: Draft, words: list[str]) -> None:
    if words[:1] == ["bars"]:
        _, start, end = exactly(words, "lock bars 0 3840")
        lock = Lock("bars", "", read_tick(start), read_tick(end, "the end"))
        if lock.start >= lock.end:
            raise FileFault(f"the locked bars end at tick {end}", "Write where they begin first.")
    else:
        kind, key = exactly(words, 'lock stem "ID"')
        if kind not in {"stem", "loop"}:
            raise FileFault(f"{quoted(kind)} is locked", "Write lock stem, lock loop or lock bars.")
        lock = Lock(kind, read_text(key, f"the {kind}'s id", 100))
    put_once(draft.locks, lock.key, lock, f"lock {' '.join(words)}")
    _check_room(draft.locks, limits.LOCKS_PER_SONG, "locks")


def _section(draft: Draft, words: list[str]) -> None:
    start, length, key, name, color = exactly(words, 'section 0 3840 "ID" "NAME" "#5b8def"')
    section_id = read_text(key, "the section's id")
    section = Section(
        section_id, read_name(name), read_tick(start), read_length(length), read_color(color)
    )
    put_once(draft.sections, section_id, section, f"section {quoted(section_id)}")
    _check_room(draft.sections, limits.SECTIONS_PER_SONG, "sections")


def _marker(draft: Draft, words: list[str]) -> None:
    tick, key, name = exactly(words, 'marker 0 "ID" "NAME"')
    marker_id = read_text(key, "the marker's id")
    marker = Marker(marker_id, read_name(name), read_tick(tick))
    put_once(draft.markers, marker_id, marker, f"marker {quoted(marker_id)}")
    _check_room(draft.markers, limits.SECTIONS_PER_SONG, "markers")


def _block(draft: Draft, words: list[str]) -> None:
    lane, start, length, key, loop = exactly(words, 'block 0 0 3840 "ID" "LOOP"')
    block_id = read_text(key, "the block's id")
    block = Block(
        block_id,
        read_text(loop, "the loop's id"),
        read_tick(start),
        read_length(length),
        read_integer(lane, "the lane", 0, limits.LANES - 1),
    )
    put_once(draft.blocks, block_id, block, f"block {quoted(block_id)}")
    _check_room(draft.blocks, limits.BLOCKS_PER_SONG, "blocks")


def _begin_timeline(draft: Draft, words: list[str]) -> None:
    exactly(words, "timeline")
    draft.place = "timeline"


def _begin_master(draft: Draft, words: list[str]) -> None:
    exactly(words, "master")
    draft.place, draft.strip = "strip", draft.master


def _begin_loop(draft: Draft, words: list[str]) -> None:
    fields = _named(words, "loop")
    draft.place, draft.loop = "loop", LoopDraft(fields)
    _begun(draft.loops, fields["id"], draft.loop, "loop", limits.LOOPS_PER_SONG)


def _begin_return(draft: Draft, words: list[str]) -> None:
    fields = _named(words, "return")
    draft.place, draft.strip = "strip", StripDraft("return", fields)
    _begun(draft.returns, fields["id"], draft.strip, "return", limits.RETURNS_PER_SONG)


def _begin_stem(draft: Draft, words: list[str]) -> None:
    fields = _named(words, "stem")
    draft.place, draft.strip = "strip", StripDraft("stem", fields)
    _begun(draft.stems, fields["id"], draft.strip, "stem", limits.STEMS_PER_SONG)


def _begin_segment(draft: Draft, words: list[str]) -> None:
    key, kind, start, length = exactly(words, 'segment "ID" midi 0 3840')
    if draft.place not in {"strip", "segment"} or draft.strip.what != "stem":
        raise FileFault("a segment stands outside of a stem", "Move it below its stem.")
    if kind not in limits.SEGMENT_KINDS:
        listed = ", ".join(limits.SEGMENT_KINDS)
        raise FileFault(f"the segment's kind is {quoted(kind)}", f"Write one of {listed}.")
    fields = {
        "id": read_text(key, "the segment's id"),
        "stem": draft.strip.fields["id"],
        "kind": kind,
        "start": read_tick(start, "the start"),
        "length": read_length(length),
    }
    draft.place, draft.segment = "segment", SegmentDraft(fields)
    _begun(draft.segments, fields["id"], draft.segment, "segment", limits.SEGMENTS_PER_SONG)


def _bar(draft: Draft, words: list[str]) -> None:
    """A header of a bar: a landmark for git, and the way back from a segment to its stem."""
    if len(words) < 3 or words[1] != "of":
        raise FileFault("the line names no bar of anything", 'Write bar 1 of stem "ID".')
    read_integer(words[0], "the bar", 1, limits.LAST_TICK)
    named, places = " ".join(words[2:]), _places(draft)
    if named not in places:
        here = next(iter(places), "the head of the file")
        raise FileFault(
            f"this bar is of {quoted(named)}, but stands in {quoted(here)}",
            "Move the lines below what they name.",
        )
    draft.place = places[named]


def _places(draft: Draft) -> dict[str, str]:
    """Whose bars may begin here, as headers name them, each with the place of its lines."""
    match draft.place:
        case "timeline":
            return {"timeline": "timeline"}
        case "loop":
            return {quote(draft.loop.fields["id"]): "loop"}
        case "strip" if draft.strip.what == "master":
            return {"master": "strip"}
        case "strip":
            return {f"{draft.strip.what} {quote(draft.strip.fields['id'])}": "strip"}
        case "segment":
            stem = f"stem {quote(draft.strip.fields['id'])}"
            return {f"segment {quote(draft.segment.fields['id'])}": "segment", stem: "strip"}
        case _:
            return {}


def _named(words: list[str], what: str) -> dict[str, str]:
    key, name = exactly(words, f'{what} "ID" "NAME"')
    return {"id": read_text(key, f"the {what}'s id"), "name": read_name(name)}


def _begun(into: dict[str, T], key: str, draft: T, what: str, most: int) -> None:
    put_once(into, key, draft, f"{what} {quoted(key)}")
    _check_room(into, most, f"{what}s")


def _check_room(things: Sized, most: int, what: str) -> None:
    if len(things) > most:
        raise FileFault(f"the song has more than {most} {what}", "Make two songs.")


IN_HEAD: Mapping[str, Reader] = {
    "kind": _kind,
    "id": _id,
    "name": _name,
    "key": _key,
    "seed": _seed,
    "tempo": _tempo,
    "meter": _meter,
    "pad": _pad,
    "lock": _lock,
}
"""The lines of the head. In version 1 all changes of tempo and meter stand there."""

ON_TIMELINE: Mapping[str, Reader] = {
    "tempo": _tempo,
    "meter": _meter,
    "section": _section,
    "marker": _marker,
    "block": _block,
}
"""The lines of the timeline."""

BEGIN: Mapping[str, Reader] = {
    "bar": _bar,
    "timeline": _begin_timeline,
    "master": _begin_master,
    "loop": _begin_loop,
    "return": _begin_return,
    "stem": _begin_stem,
    "segment": _begin_segment,
}
"""The lines that begin something, wherever they stand."""
