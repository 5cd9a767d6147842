"""What a comment stands on, in words: "bar 5", "the note C4 of Bass, bar 3"."""

from __future__ import annotations

from collections.abc import Callable

from cellissimo.notation.anchors import Anchor, Place
from cellissimo.notation.digest_places import place_word
from cellissimo.notation.pattern_value import pitch_text
from cellissimo.schema.models import Song


def anchor_words(song: Song, anchor: Anchor, place: Place) -> str:
    """What an anchor stands on, as a song calls it that has it."""
    what = _what(song, anchor)
    where = "" if place.tick is None else place_word(song, place.tick)
    if not what:
        return where or "the song"
    return f"{what}, {where}" if where else what


def _what(song: Song, anchor: Anchor) -> str:
    teller = _TELLERS.get(anchor.kind)
    return teller(song, anchor) if teller else ""


def _stem(song: Song, anchor: Anchor) -> str:
    stem = song.stems.get(anchor.id)
    return f"stem {stem.name}" if stem else "a stem"


def _segment(song: Song, anchor: Anchor) -> str:
    segment = song.segments.get(anchor.id)
    stem = song.stems.get(segment.stem) if segment else None
    if segment and segment.name:
        return f"segment {segment.name}"
    return f"segment of {stem.name}" if stem else "a segment"


def _note(song: Song, anchor: Anchor) -> str:
    for segment in song.segments.values():
        if anchor.id in segment.notes:
            stem = song.stems.get(segment.stem)
            pitch = pitch_text(segment.notes[anchor.id].pitch)
            return f"note {pitch} of {stem.name}" if stem else f"note {pitch}"
    return "a note"


def _loop(song: Song, anchor: Anchor) -> str:
    loop = song.loops.get(anchor.id)
    name = loop.name if loop else "a loop"
    if anchor.kind == "step":
        return f"{anchor.row} on cell {anchor.cell} of {name}"
    return f"{anchor.row} of {name}" if anchor.kind == "row" else f"loop {name}"


def _block(song: Song, anchor: Anchor) -> str:
    block = song.blocks.get(anchor.id)
    loop = song.loops.get(block.loop) if block else None
    return f"loop {loop.name}" if loop else "a block"


def _section(song: Song, anchor: Anchor) -> str:
    section = song.sections.get(anchor.id)
    return f"section {section.name}" if section else "a section"


def _cell(song: Song, anchor: Anchor) -> str:
    del song
    return f"a cell of {anchor.within}{f', line {anchor.cell}' if anchor.cell else ''}"


_TELLERS: dict[str, Callable[[Song, Anchor], str]] = {
    "stem": _stem,
    "segment": _segment,
    "note": _note,
    "loop": _loop,
    "step": _loop,
    "row": _loop,
    "block": _block,
    "section": _section,
    "cell": _cell,
}
