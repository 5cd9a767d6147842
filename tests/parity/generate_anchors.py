"""Writes anchors, and where Python finds them in songs that have changed since.

`make gen` runs it.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from cellissimo.notation.anchors import Anchor, anchored, place_of
from cellissimo.schema.models import Segment, Song
from tests.parity.generate_images import song_json
from tests.parity.songs import BAR, FULL

TARGET = Path(__file__).parent / "anchors.json"

WANTED = (
    Anchor("song"),
    Anchor("bar", tick=0),
    Anchor("bar", tick=BAR),
    Anchor("bar", tick=2 * BAR + 2880),
    Anchor("bar", tick=40 * BAR),
    Anchor("tick", tick=480),
    Anchor("tick", tick=2 * BAR + 17),
    Anchor("stem", id="s1"),
    Anchor("stem", id="s1", tick=2 * BAR),
    Anchor("stem", id="s0", tick=BAR),
    Anchor("segment", id="m1"),
    Anchor("note", id="n1", within="m2"),
    Anchor("note", id="n4", within="m1"),
    Anchor("loop", id="chords"),
    Anchor("loop", id="waltz"),
    Anchor("step", id="beat", row="snare", cell=12),
    Anchor("step", id="own", row="kick", cell=4),
    Anchor("row", id="waltz", row="hihat"),
    Anchor("block", id="later"),
    Anchor("section", id="v"),
    Anchor("cell", id="a1", within="one.ipynb", cell=3),
)


def moved(song: Song, by: int) -> Song:
    """The song with bars put in at its beginning, or taken out there."""

    def later(held: dict[str, object]) -> dict[str, object]:
        return {key: replace(one, start=max(one.start + by, 0)) for key, one in held.items()}

    fields = {name: later(getattr(song, name)) for name in ("blocks", "segments", "sections")}
    return replace(song, **fields)


def without(song: Song, *keys: str) -> Song:
    """The song without some of its blocks, segments, stems, loops and sections."""
    names = ("blocks", "segments", "stems", "loops", "sections")
    kept = {n: {k: v for k, v in getattr(song, n).items() if k not in keys} for n in names}
    return replace(song, **kept)


def cut(song: Song) -> Song:
    """The song with a segment in two halves; the notes of the second went along."""
    first = song.segments["m1"]
    gone = {key: note for key, note in first.notes.items() if note.start >= 480}
    kept = {key: note for key, note in first.notes.items() if key not in gone}
    half = Segment("m1b", "s1", "midi", 480, first.length - 480, offset=480, notes=gone)
    segments = song.segments | {"m1": replace(first, length=480, notes=kept), "m1b": half}
    return replace(song, segments=segments)


def thinned(song: Song) -> Song:
    """The song without the notes and steps that some comments stand on."""
    segments = {
        key: replace(one, notes={k: n for k, n in one.notes.items() if k != "n1"})
        for key, one in song.segments.items()
    }
    beat = song.loops["beat"]
    steps = {key: step for key, step in beat.steps.items() if key[0] != "snare"}
    loops = song.loops | {"beat": replace(beat, steps=steps)}
    return replace(song, segments=segments, loops=loops)


CHANGES: tuple[Callable[[Song], Song], ...] = (
    lambda song: song,
    lambda song: moved(song, 2 * BAR),
    lambda song: moved(song, -100),
    lambda song: moved(song, 500),
    lambda song: without(song, "m1", "first", "above", "lost"),
    lambda song: without(song, "s1", "m2", "beat", "v", "later"),
    lambda song: replace(song, blocks={}, segments={}, sections={}),
    lambda song: replace(song, meters={0: "3/4", 2880: "5/4"}),
    cut,
    thinned,
)


def fixtures() -> str:
    """The anchors, and for each song where they are: `[tick, is gone]`."""
    anchors = [anchored(FULL, one) for one in WANTED]
    songs = [change(FULL) for change in CHANGES]
    places = [[_row(song, one) for one in anchors] for song in songs]
    rows = [
        {"song": song_json(song), "places": found}
        for song, found in zip(songs, places, strict=True)
    ]
    said = (_lines([dataclasses.asdict(one) for one in anchors]), _lines(rows))
    return '{{"anchors": [\n{}\n],\n"songs": [\n{}\n]}}\n'.format(*said)


def _lines(rows: list[dict[str, object]]) -> str:
    return ",\n".join(map(json.dumps, rows))


def _row(song: Song, anchor: Anchor) -> list[int | bool | None]:
    place = place_of(song, anchor)
    return [place.tick, place.is_gone]


if __name__ == "__main__":
    TARGET.write_text(fixtures(), encoding="utf-8")
