"""The canonical song file: a song as text that is the same whenever the song is.

One chord, step or setting a line, in a fixed order, under header lines that name their row or
bar and loop. The headers keep edits of different bars apart, so that git merges them; cells
count through the whole loop, so that no two lines of a loop are alike. ::

    cellissimo song 1
    kind song
    id "6f1c"
    name "First beat"
    key "C major"
    tempo 0 120
    meter 0 "4/4"
    pad 0 "a7"

    loop "a7" "Verse"
    bars 1
    grid 16
    key "C major"
    color "#5b8def"
    row kick of "a7"
    setting amp.level 0.5
    bar 1 of "a7"
    chord 0 "C"
    step kick 0 127
    step lead 4 102 pitch=64 duration=480 probability=0.5 offset=10

    end
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from cellissimo.notation.pattern_value import plain
from cellissimo.notation.rows import row_place, rows_of
from cellissimo.schema.limits import MASTER
from cellissimo.schema.models import SCHEMA_VERSION, Loop, Song, Step, Value

FIRST_WORDS = "cellissimo song"
"""What every song file begins with, before the version of its schema."""

LAST_WORD = "end"
"""What every song file ends with: without it, the file was cut off."""


def print_song(song: Song) -> str:
    """The canonical text of a song, also of one of kind "loop": equal songs, equal bytes.

    It ends with a newline. *Cost*: O(steps log steps).
    """
    lines = [*_head(song)]
    for _, loop in sorted(song.loops.items()):
        lines += ["", *_loop_lines(loop)]
    return "\n".join([*lines, "", LAST_WORD]) + "\n"


def _head(song: Song) -> Iterator[str]:
    yield f"{FIRST_WORDS} {SCHEMA_VERSION}"
    yield f"kind {song.kind}"
    yield f"id {quote(song.id)}"
    yield f"name {quote(song.name)}"
    yield f"key {quote(song.key)}"
    yield from (f"tempo {tick} {plain(tempo)}" for tick, tempo in sorted(song.tempos.items()))
    yield from (f"meter {tick} {quote(meter)}" for tick, meter in sorted(song.meters.items()))
    yield from (f"pad {pad} {quote(loop)}" for pad, loop in sorted(song.pads.items()))


def _loop_lines(loop: Loop) -> Iterator[str]:
    yield f"loop {quote(loop.id)} {quote(loop.name)}"
    yield f"bars {loop.bars}"
    yield f"grid {loop.steps_per_bar}"
    yield f"key {quote(loop.key)}"
    if loop.tempo is not None:
        yield f"tempo {plain(loop.tempo)}"
    if loop.meter is not None:
        yield f"meter {quote(loop.meter)}"
    yield f"color {quote(loop.color)}"
    if loop.source is not None:
        yield f"source {quote(loop.source)}"
    yield from _setting_lines(loop)
    yield from _bar_lines(loop)


def _setting_lines(loop: Loop) -> Iterator[str]:
    for target in (*rows_of(loop), MASTER):
        begin = f"{target}."
        keys = sorted(key for key in loop.settings if key.startswith(begin))
        if keys:
            yield f"row {target} of {quote(loop.id)}"
        for key in keys:
            yield f"setting {key.removeprefix(begin)} {_value(loop.settings[key])}"


def _bar_lines(loop: Loop) -> Iterator[str]:
    place = {row: row_place(loop, row) for row, _ in loop.steps}
    said = [
        (cell, 0, (0, ""), f"chord {cell} {quote(symbol)}") for cell, symbol in loop.chords.items()
    ]
    said += [
        (cell, 1, place[row], f"step {row} {cell} {_step(step)}")
        for (row, cell), step in loop.steps.items()
    ]
    said.sort()
    place_in_said = 0
    for bar in range(loop.bars):
        yield f"bar {bar + 1} of {quote(loop.id)}"
        end = (bar + 1) * loop.steps_per_bar
        while place_in_said < len(said) and said[place_in_said][0] < end:
            yield said[place_in_said][-1]
            place_in_said += 1


def _step(step: Step) -> str:
    words = [str(step.velocity)]
    if step.pitch is not None:
        words.append(f"pitch={plain(step.pitch)}")
    if step.duration is not None:
        words.append(f"duration={step.duration}")
    if step.probability != 1:
        words.append(f"probability={plain(step.probability)}")
    if step.offset:
        words.append(f"offset={step.offset}")
    return " ".join(words)


def _value(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return quote(value) if isinstance(value, str) else plain(value)


def quote(text: str) -> str:
    """A text as a JSON string on one line; what cannot be seen is escaped."""
    return json.dumps(text, ensure_ascii=not text.isprintable())
