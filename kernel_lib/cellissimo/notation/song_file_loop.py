"""The lines of a loop in the song file."""

from __future__ import annotations

from collections.abc import Iterator

from cellissimo.notation.pattern_value import plain
from cellissimo.notation.rows import row_place, row_sound, rows_of
from cellissimo.notation.song_file_lines import Placed, quote, setting_lines, under_bars
from cellissimo.schema.limits import MASTER
from cellissimo.schema.models import Loop, Step
from cellissimo.schema.sounds import SOUNDS

OTHER = "other"
"""The landmark of rows that no sound of the library plays."""


def loop_lines(loop: Loop) -> Iterator[str]:
    """A loop: what it is, its settings by row, its chords and steps under their bars."""
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
    yield from _settings(loop)
    yield from under_bars(_placed(loop), loop.bars, quote(loop.id))


def _settings(loop: Loop) -> Iterator[str]:
    """The settings by row under the sounds of the library, all of them: landmarks for git."""
    whose = quote(loop.id)
    under: dict[str, list[str]] = {sound: [] for sound in (*SOUNDS, OTHER)}
    for row in rows_of(loop):
        sound = row_sound(loop, row)
        lines = list(setting_lines(loop.settings, f"{row}."))
        under[sound.id if sound else OTHER] += [f"row {row} of {whose}", *lines] if lines else []
    for sound_id, lines in under.items():
        yield from (f"sound {sound_id} of {whose}", *lines)
    yield f"row {MASTER} of {whose}"
    yield from setting_lines(loop.settings, f"{MASTER}.")


def _placed(loop: Loop) -> Iterator[Placed]:
    place = {row: row_place(loop, row) for row, _ in loop.steps}
    for cell, symbol in loop.chords.items():
        bar = cell // loop.steps_per_bar + 1
        yield bar, (cell, 0, (0, "")), (f"chord {cell} {quote(symbol)}",)
    for (row, cell), step in loop.steps.items():
        bar = cell // loop.steps_per_bar + 1
        yield bar, (cell, 1, place[row]), (f"step {row} {cell} {_step(step)}",)


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
