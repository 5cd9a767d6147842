"""What of a song touches some of its bars."""

from __future__ import annotations

from dataclasses import replace

from cellissimo.domain.tempo_map import MeterMap
from cellissimo.schema.models import Block, Loop, Section, Segment, Song


def within_bars(song: Song, first: int, last: int) -> Song:
    """The song with only what touches these bars; of a loop alone, its steps and chords there."""
    if song.kind == "loop":
        loops = {key: _loop_within(loop, first, last) for key, loop in song.loops.items()}
        return replace(song, loops=loops)
    grid = MeterMap(song.meters)
    start, end = grid.tick_of(first), grid.tick_of(last + 1)

    def touches(thing: Block | Segment | Section) -> bool:
        return thing.start < end and thing.end > start

    return replace(
        song,
        blocks={key: block for key, block in song.blocks.items() if touches(block)},
        segments={key: segment for key, segment in song.segments.items() if touches(segment)},
        sections={key: section for key, section in song.sections.items() if touches(section)},
        markers={key: m for key, m in song.markers.items() if start <= m.tick < end},
    )


def _loop_within(loop: Loop, first: int, last: int) -> Loop:
    cells = range((first - 1) * loop.steps_per_bar, last * loop.steps_per_bar)
    return replace(
        loop,
        steps={key: step for key, step in loop.steps.items() if key[1] in cells},
        chords={cell: symbol for cell, symbol in loop.chords.items() if cell in cells},
    )
