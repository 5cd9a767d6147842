"""The playground's JSON: loops as values and back.

``{id, name, length, chordProgression, iconSequence, color}`` is a loop of ``length`` bars. The
``bar`` of a chord and the ``step`` of a sound are cells of one grid across the whole loop, with
four cells a bar unless ``stepsPerBar`` says another number: chords on cells 0, 4, 8 and 12 are
one a bar of a loop of four. Songs are in ``playground_song``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cellissimo.domain.ticks import cell_ticks, parse_meter
from cellissimo.notation.playground_chords import (
    chord_parts,
    chords_as_json,
    key_of,
    symbol_of,
    written_chords,
)
from cellissimo.notation.playground_song import playground_of_song, song_of_playground
from cellissimo.notation.playground_steps import sequence_of, steps_as_json
from cellissimo.notation.playground_values import (
    Json,
    PlaygroundError,
    checked,
    fields,
    required,
    whole,
)
from cellissimo.schema import checks, limits
from cellissimo.schema.models import DEFAULT_COLOR, DEFAULT_KEY, Loop

__all__ = [
    "PlaygroundError",
    "chord_parts",
    "loop_of_playground",
    "playground_of_loop",
    "playground_of_song",
    "song_of_playground",
]

STEPS_PER_BAR = 4
"""Cells of a bar where nothing else is said."""


def playground_of_loop(loop: Loop) -> dict[str, Any]:
    """The loop as JSON: what the playground names, and its key, tempo, meter and grid.

    ``tempo`` and ``timeSignature`` are None where the loop follows its song.
    """
    return {
        "id": loop.id,
        "name": loop.name,
        "length": loop.bars,
        "chordProgression": list(chords_as_json(loop.chords, loop.key)),
        "iconSequence": steps_as_json(loop),
        "color": loop.color,
        "stepsPerBar": loop.steps_per_bar,
        "key": loop.key,
        "tempo": loop.tempo,
        "timeSignature": loop.meter,
    }


def loop_of_playground(json: object, loop_id: str, before: Loop | None = None) -> Loop:
    """The loop that JSON describes, under the id ``loop_id``.

    Fields that are no part of a loop's music, such as ``isPublic``, are passed over. ``before``
    is the loop that the JSON changes: what is not sent stays, and so does what the JSON cannot
    say of what was sent unchanged. Without it, ``name`` and ``length`` have to be there, and the
    key is the one in which the roman numerals are right.

    Raises:
        PlaygroundError: a field is missing or out of range; it names the path and the cure.
    """
    given = fields(json, "the loop")
    made = _frame(given, loop_id, before)
    _refuse_old_grid(given, made, before)
    made = _with_chords(given, made, before)
    return _with_steps(given, made, before)


def _frame(given: Json, loop_id: str, before: Loop | None) -> Loop:
    """The loop's own fields, with the chords and steps that it had."""
    was = before or Loop(loop_id, "", steps_per_bar=STEPS_PER_BAR)
    if before is None:
        required(given, "name", "")
        required(given, "length", "")
    made = replace(
        was,
        id=loop_id,
        name=_name(given, was),
        bars=_bars(given, was),
        color=_color(given, was),
        tempo=_tempo(given, was),
        meter=_meter(given, was),
    )
    most = limits.STEPS_PER_BAR
    cells = given.get("stepsPerBar")
    if cells is not None:
        made = replace(made, steps_per_bar=whole(cells, *most, "stepsPerBar"))
    return _within_grid(made)


def _name(given: Json, was: Loop) -> str:
    value = given.get("name")
    if value is None:
        return was.name
    accepted = f"a text of 1 to {limits.NAME_LENGTH} characters"
    return checked("name", value, accepted, lambda: checks.name(value))


def _bars(given: Json, was: Loop) -> int:
    value = given.get("length")
    if value is None:
        return was.bars
    return checked("length", value, "1, 2, 4 or 8 bars", lambda: checks.bars(value))


def _color(given: Json, was: Loop) -> str:
    value = given.get("color")
    if value is None:
        return was.color or DEFAULT_COLOR
    return checked("color", value, "#RRGGBB", lambda: checks.color(value))


def _tempo(given: Json, was: Loop) -> float | None:
    value = given.get("tempo", was.tempo)
    if value is None:
        return None
    return checked("tempo", value, "20 to 400 quarter notes a minute", lambda: checks.tempo(value))


def _meter(given: Json, was: Loop) -> str | None:
    value = given.get("timeSignature", was.meter)
    if value is None:
        return None
    accepted = 'a meter such as "4/4" or "3/4"'
    return checked("timeSignature", value, accepted, lambda: checks.meter(value))


def _within_grid(loop: Loop) -> Loop:
    """The loop without what lies past its end; its grid divides its bars."""
    meter = parse_meter(loop.meter or "4/4")
    accepted = "a number that divides a bar"
    per_bar = loop.steps_per_bar
    checked("stepsPerBar", per_bar, accepted, lambda: cell_ticks(meter, per_bar))
    return replace(
        loop,
        chords={cell: chord for cell, chord in loop.chords.items() if cell < loop.cells},
        steps={key: step for key, step in loop.steps.items() if key[1] < loop.cells},
    )


def _refuse_old_grid(given: Json, made: Loop, before: Loop | None) -> None:
    """Cells of one grid mean nothing in another."""
    if before is None or before.steps_per_bar == made.steps_per_bar:
        return
    for name in ("chordProgression", "iconSequence"):
        if given.get(name) is None:
            cure = f"Send {name} in cells of the new grid too."
            accepted = str(before.steps_per_bar)
            raise PlaygroundError("stepsPerBar", made.steps_per_bar, accepted, cure)


def _with_chords(given: Json, made: Loop, before: Loop | None) -> Loop:
    sent = given.get("chordProgression")
    chords = None if sent is None else written_chords(sent, made.cells)
    key = _key(given)
    if key is None:
        key = before.key if before else key_of(chords) if chords else DEFAULT_KEY
    made = replace(made, key=key)
    if chords is None:
        return made
    symbols = {chord.cell: symbol_of(chord, key) for chord in chords}
    kept = {c: _as_it_was(symbol, before, c, key) for c, symbol in sorted(symbols.items())}
    return replace(made, chords=kept)


def _key(given: Json) -> str | None:
    value = given.get("key")
    if value is None:
        return None
    return checked("key", value, 'a key such as "C major"', lambda: checks.key(value))


def _as_it_was(symbol: str, before: Loop | None, cell: int, key: str) -> str:
    """The symbol, as a roman numeral where the loop had the same chord as one."""
    was = None if before is None else before.chords.get(cell)
    if was is None:
        return symbol
    try:
        return was if chord_parts(was, key)[0] == symbol else symbol
    except ValueError:
        return symbol


def _with_steps(given: Json, made: Loop, before: Loop | None) -> Loop:
    sent = given.get("iconSequence")
    if sent is None:
        return made
    sequence = sequence_of(sent, made.cells, before)
    settings = {**made.settings, **sequence.settings}
    return replace(made, steps=dict(sorted(sequence.steps.items())), settings=settings)
