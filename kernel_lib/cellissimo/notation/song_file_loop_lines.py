"""The lines of a song file that speak of a loop."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cellissimo.notation.pattern_problem import quoted
from cellissimo.notation.song_file_draft import Draft
from cellissimo.notation.song_file_song_lines import Reader, read_color, read_key, read_meter
from cellissimo.notation.song_file_words import (
    FileFault,
    exactly,
    put_once,
    read_integer,
    read_number,
    read_text,
    read_value,
)
from cellissimo.schema import checks, limits
from cellissimo.schema.models import Step

_STEP_FIELDS = ("pitch", "duration", "probability", "offset")


def _bars(draft: Draft, words: list[str]) -> None:
    bars = read_integer(exactly(words, "bars 4")[0], "bars", 1, max(limits.BAR_COUNTS))
    put_once(draft.loop.fields, "bars", checks.bars(bars), "bars")


def _grid(draft: Draft, words: list[str]) -> None:
    grid = read_integer(exactly(words, "grid 16")[0], "grid", *limits.STEPS_PER_BAR)
    put_once(draft.loop.fields, "steps_per_bar", grid, "grid")


def _key(draft: Draft, words: list[str]) -> None:
    put_once(draft.loop.fields, "key", read_key(words), "the loop's key")


def _tempo(draft: Draft, words: list[str]) -> None:
    tempo = checks.tempo(read_number(exactly(words, "tempo 120")[0], "the tempo"))
    put_once(draft.loop.fields, "tempo", tempo, "the loop's tempo")


def _meter(draft: Draft, words: list[str]) -> None:
    meter = read_meter(exactly(words, 'meter "4/4"')[0])
    put_once(draft.loop.fields, "meter", meter, "the loop's meter")


def _color(draft: Draft, words: list[str]) -> None:
    color = read_color(exactly(words, 'color "#5b8def"')[0])
    put_once(draft.loop.fields, "color", color, "the color")


def _source(draft: Draft, words: list[str]) -> None:
    source = read_text(exactly(words, 'source "…"')[0], "the source")
    put_once(draft.loop.fields, "source", source, "the source")


def _sound(draft: Draft, words: list[str]) -> None:
    """A landmark for git; the rows below it say their sounds themselves."""
    _of_loop(draft, exactly(words, 'sound drum-kick of "ID"'), "sound")
    draft.loop.target = None


def _row(draft: Draft, words: list[str]) -> None:
    target = _of_loop(draft, exactly(words, 'row NAME of "ID"'), "row")
    draft.loop.target = target if target == limits.MASTER else checks.row_name(target)


def _of_loop(draft: Draft, words: list[str], what: str) -> str:
    """What a header line names, which must be in the loop that is being read."""
    name, of, word = words
    named, held = read_text(word, "the loop's id"), draft.loop.fields["id"]
    if of != "of" or named != held:
        raise FileFault(
            f"this {what} is of {quoted(named)}, but stands in loop {quoted(held)}",
            "Move the lines below the loop they name.",
        )
    return name


def _setting(draft: Draft, words: list[str]) -> None:
    name, value = exactly(words, "setting SECTION.NAME VALUE")
    target = draft.loop.target
    if target is None:
        raise FileFault("a setting stands before any row", 'Put a line row NAME of "ID" above it.')
    held = checks.setting(target, name, read_value(value))
    put_once(draft.loop.settings, f"{target}.{name}", held, f"{target}.{name}")
    draft.loop.add_row(target)


def _chord(draft: Draft, words: list[str]) -> None:
    cell, symbol = exactly(words, 'chord CELL "Am7"')
    at = read_integer(cell, "the cell", 0, draft.loop.cells - 1)
    put_once(draft.loop.chords, at, read_text(symbol, "the chord"), f"the chord of cell {at}")


def _step(draft: Draft, words: list[str]) -> None:
    places = exactly(words[:3], "step ROW CELL VELOCITY")
    loop = draft.loop
    row = checks.row_name(places[0])
    at = read_integer(places[1], "the cell", 0, loop.cells - 1)
    velocity = read_integer(places[2], "the velocity", *limits.VELOCITY_RANGE)
    step = checks.step(Step(velocity, **_step_fields(words[3:])))
    put_once(loop.steps, (row, at), step, f"the step of {row} on cell {at}")
    loop.add_row(row)
    if len(loop.steps) > limits.STEPS_PER_LOOP:
        raise FileFault(f"the loop has more than {limits.STEPS_PER_LOOP} steps", "Make two loops.")


def _step_fields(words: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for word in words:
        name, _, text = word.partition("=")
        if name not in _STEP_FIELDS:
            raise FileFault(f"a step has no {quoted(name)}", f"It has {', '.join(_STEP_FIELDS)}.")
        most = limits.MOST_TICKS
        is_whole = name in {"duration", "offset"}
        value = read_integer(text, name, -most, most) if is_whole else read_number(text, name)
        put_once(found, name, value, name)
    return found


IN_LOOP: Mapping[str, Reader] = {
    "bars": _bars,
    "grid": _grid,
    "key": _key,
    "tempo": _tempo,
    "meter": _meter,
    "color": _color,
    "source": _source,
    "sound": _sound,
    "row": _row,
    "setting": _setting,
    "chord": _chord,
    "step": _step,
}
"""The lines of a loop."""
