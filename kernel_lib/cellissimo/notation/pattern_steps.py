"""Steps as letters and as lines: "X..o" and "step lead 4: velocity=0.8", read and printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from cellissimo.domain.errors import TimeValueError
from cellissimo.domain.ticks import Meter, note_value_ticks
from cellissimo.notation.pattern_line import Word
from cellissimo.notation.pattern_problem import did_you_mean, quoted
from cellissimo.notation.pattern_value import (
    pitch_text,
    plain,
    read_integer,
    read_number,
    read_pitch,
    ticks_text,
)
from cellissimo.schema.limits import MOST_TICKS, VELOCITY_RANGE
from cellissimo.schema.models import Loop, Step

LETTERS = {"X": 127, "x": 100, "o": 50}
"""What the letters of a seq line sound with, 0 … 127."""

RESTS = ".-"
_FIELDS = ("velocity", "note", "duration", "probability", "offset")


def read_letters(word: Word) -> str:
    """The letters of a seq line, one a cell, without spaces and bar lines.

    Raises: LineFault at the first character that is none, and for a line without any.
    """
    for place, letter in enumerate(word.text):
        if letter not in LETTERS and letter not in RESTS and not letter.isspace() | (letter == "|"):
            raise word.fault(f"{quoted(letter)} is not a step", _letter_cure(letter), place)
    letters = "".join(letter for letter in word.text if letter in LETTERS or letter in RESTS)
    if not letters:
        raise word.fault("the row has no steps", "Write letters, such as x...x...x...x...")
    return letters


def letter_steps(letters: str, cells: int) -> Iterator[tuple[int, Step]]:
    """The steps that letters mean, by cell; letters shorter than the loop begin again."""
    for cell in range(cells):
        letter = letters[cell % len(letters)]
        if letter in LETTERS:
            yield cell, Step(LETTERS[letter])


def changed_step(step: Step, words: tuple[Word, ...], meter: Meter) -> Step:
    """The step with what the words of a step line say about it; ``meter`` is its loop's.

    Raises: LineFault for an unknown field and for a value out of range.
    """
    seen: set[str] = set()
    for word in words:
        name, equals, text = word.text.partition("=")
        field = name.lower()
        if not equals or field not in _FIELDS:
            cure = did_you_mean(name, _FIELDS, f"A step has {', '.join(_FIELDS)}: velocity=0.8.")
            raise word.fault(f"{quoted(word.text)} says nothing about a step", cure)
        if field in seen:
            raise word.fault(f"{field} stands twice in one line", "Leave one of them out.")
        seen.add(field)
        value = Word(text, word.line, word.column + len(name) + 1)
        is_duration = field == "duration"
        step = _read_duration(step, value, meter) if is_duration else _READERS[field](step, value)
    return step


def letters_text(loop: Loop, row: str) -> str:
    """The letters of a row over the whole loop, bars apart: "x...x... | x...x..."."""
    letters = "".join(
        nearest_letter(loop.steps[row, cell]) if (row, cell) in loop.steps else "."
        for cell in range(loop.cells)
    )
    width = loop.steps_per_bar
    return " | ".join(letters[at : at + width] for at in range(0, len(letters), width))


def nearest_letter(step: Step) -> str:
    """The letter whose velocity is nearest to that of a step."""
    return min(LETTERS, key=lambda letter: abs(LETTERS[letter] - step.velocity))


def changes_text(step: Step) -> str:
    """What a step line says about a step beyond its letter; "" where the letter says it all."""
    said = []
    if step.velocity != LETTERS[nearest_letter(step)]:
        said.append(f"velocity={velocity_text(step.velocity)}")
    if step.pitch is not None:
        said.append(f"note={pitch_text(step.pitch)}")
    if step.duration is not None:
        said.append(f"duration={ticks_text(step.duration)}")
    if step.probability != 1:
        said.append(f"probability={plain(step.probability)}")
    if step.offset:
        said.append(f"offset={step.offset}")
    return " ".join(said)


def velocity_text(velocity: int) -> str:
    """The shortest decimal 0 … 1 that reads back to a velocity: 100 is "0.79"."""
    most = VELOCITY_RANGE[1]
    shares = (round(velocity / most, digits) for digits in range(1, 6))
    return plain(next(share for share in shares if round(share * most) == velocity))


def _letter_cure(letter: str) -> str:
    if letter == "O":
        return "Write a small o for a ghost note."
    return "Write X accent, x normal, o ghost, . or - rest; spaces and | are free."


def _read_velocity(step: Step, word: Word) -> Step:
    most = VELOCITY_RANGE[1]
    if word.text.isascii() and word.text.isdecimal() and 1 < int(word.text[:9]) <= most:
        raise word.fault(
            f"velocity is {quoted(word.text)}, outside 0 … 1",
            f"Write {velocity_text(int(word.text))} for MIDI velocity {word.text}.",
        )
    share = read_number(word, "velocity", 0, 1)
    return replace(step, velocity=round(share * most))


def _read_note(step: Step, word: Word) -> Step:
    return replace(step, pitch=read_pitch(word))


def _read_duration(step: Step, word: Word, meter: Meter) -> Step:
    cure = "Write a note value such as 8n, bars such as 1m, or ticks, 960 a quarter."
    try:
        ticks = note_value_ticks(word.text.lower(), meter)
    except TimeValueError:
        ticks = read_integer(word, "duration", 1, MOST_TICKS, cure)
    if ticks > MOST_TICKS:
        raise word.fault(f"duration is {quoted(word.text)}, more than {MOST_TICKS} ticks", cure)
    return replace(step, duration=ticks)


def _read_probability(step: Step, word: Word) -> Step:
    return replace(step, probability=read_number(word, "probability", 0, 1))


def _read_offset(step: Step, word: Word) -> Step:
    cure = "Write ticks, 960 a quarter; a positive number is later."
    return replace(step, offset=read_integer(word, "offset", -MOST_TICKS, MOST_TICKS, cure))


_READERS: dict[str, Callable[[Step, Word], Step]] = {
    "velocity": _read_velocity,
    "note": _read_note,
    "probability": _read_probability,
    "offset": _read_offset,
}
