"""Values of a pattern line, read from words and printed as words: numbers, pitches, times."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from cellissimo.domain.errors import PitchError, TimeValueError
from cellissimo.domain.pitch import midi_and_cents, pitch_name
from cellissimo.domain.ticks import note_value_ticks
from cellissimo.notation.pattern_line import Word
from cellissimo.notation.pattern_problem import did_you_mean, nearest, quoted
from cellissimo.schema.limits import PITCH_RANGE
from cellissimo.schema.models import Value
from cellissimo.schema.parameter import Kind, Parameter
from cellissimo.schema.parameters import EFFECTS
from cellissimo.schema.sounds import SOUNDS, find_sound

_SMALLEST_WRITTEN_OUT = 1e-6

_NUMBER = re.compile(
    r"([+-]?(?:\d{1,300}(?:\.\d{0,300})?|\.\d{1,300})(?:e[+-]?\d{1,4})?)"
    r"\s*([a-z%]*)",
    re.ASCII | re.IGNORECASE,
)
_HERTZ = re.compile(r"(\d{1,9}(?:\.\d{1,20})?)hz", re.ASCII | re.IGNORECASE)
_LIKE_NOTE_VALUE = re.compile(r"(?:n\.?|t|m)$", re.IGNORECASE)
_INTEGER = re.compile(r"[+-]?\d{1,9}", re.ASCII)

_SCALED = {("ms", "s"): 0.001, ("khz", "hz"): 1000.0, ("%", ""): 0.01}
_ON = {
    "on": True,
    "yes": True,
    "true": True,
    "1": True,
    "off": False,
    "no": False,
    "false": False,
    "0": False,
}


def plain(number: float) -> str:
    """The shortest decimal that reads back to the same number: 1.0 is "1", 0.5 is "0.5"."""
    if number == int(number):
        return str(int(number))
    shortest = repr(number)
    return format(Decimal(shortest), "f") if abs(number) >= _SMALLEST_WRITTEN_OUT else shortest


_NAME_OF_TICKS = {
    note_value_ticks(f"{part}{form}"): f"{part}{form}"
    for form in ("t", "n.", "n")
    for part in (1, 2, 4, 8, 16, 32, 64)
}


def ticks_text(ticks: int) -> str:
    """The note value of that many ticks, or their number: 480 is "8n", 481 is "481"."""
    return _NAME_OF_TICKS.get(ticks, str(ticks))


def read_integer(word: Word, what: str, low: int, high: int, cure: str) -> int:
    """The whole number that a word writes, from ``low`` to ``high``.

    Raises: LineFault naming the value and the range.
    """
    if not _INTEGER.fullmatch(word.text) or not low <= int(word.text) <= high:
        message = f"{what} is {quoted(word.text)}, not a whole number {low} … {high}"
        raise word.fault(message, cure)
    return int(word.text)


def read_number(word: Word, what: str, low: float, high: float, unit: str = "") -> float:
    """The number that a word writes, in ``unit``, from ``low`` to ``high``, both inclusive.

    "ms", "khz" and "%" are brought to s, Hz and 1. Raises: LineFault naming value and range.
    """
    match = _NUMBER.fullmatch(word.text)
    written = match[2].lower() if match else ""
    scale = 1.0 if written in {"", unit.lower()} else _SCALED.get((written, unit.lower()))
    span = f"{plain(low)} … {plain(high)}{' ' + unit if unit else ''}"
    if match is None or scale is None:
        message = f"{what} is {quoted(word.text)}, not a number {span}"
        raise word.fault(message, "Write digits with a point, such as 0.5.")
    number = float(match[1]) if scale == 1.0 else float(Decimal(match[1]) * Decimal(str(scale)))
    if not low <= number <= high:
        raise word.fault(
            f"{what} is {quoted(word.text)}, outside {span}",
            f"Write {plain(low)} or more." if number < low else f"Write {plain(high)} or less.",
        )
    return number + 0.0


def read_pitch(word: Word) -> float:
    """MIDI number of "36", "69.5", "C2" or "440hz"; the fraction of a frequency is kept.

    Raises: LineFault for anything else and outside 0 … 127.
    """
    low, high = PITCH_RANGE
    if _NUMBER.fullmatch(word.text) and word.text[-1] in "0123456789.":
        return read_number(word, "the pitch", low, high)
    if match := _HERTZ.fullmatch(word.text):
        return _from_hertz(word, float(match[1]))
    try:
        return float(midi_and_cents(word.text[:16])[0])
    except (PitchError, ValueError):
        message = f"{quoted(word.text)} is not a pitch of MIDI 0 … 127"
        raise word.fault(message, "Write 36, C2, F#2 or 440hz.") from None


def pitch_text(midi: float) -> str:
    """A MIDI number as a musician reads it: 36 is "C2", 69.5 stays "69.5"."""
    return (
        pitch_name(int(midi))
        if midi == int(midi) and PITCH_RANGE[0] <= midi <= PITCH_RANGE[1]
        else plain(midi)
    )


def read_value(parameter: Parameter, word: Word) -> Value:
    """What a setting of this parameter holds when text says ``word``.

    Raises: LineFault naming the value, what is accepted and the cure.
    """
    match parameter.kind:
        case Kind.NUMBER:
            return _read_amount(parameter, word)
        case Kind.PITCH:
            return -1.0 if word.text == "-1" else read_pitch(word)
        case Kind.SOUND:
            return read_sound(word)
        case _:
            return _READERS[parameter.kind](parameter, word)


def _read_amount(parameter: Parameter, word: Word) -> float:
    return read_number(word, parameter.key, parameter.low, parameter.high, parameter.unit)


def read_sound(word: Word) -> str:
    """The id of the sound that a word names, by id or alias.

    Raises: LineFault that suggests the nearest.
    """
    sound = find_sound(word.text) or find_sound(word.text.lower())
    if sound is None:
        cure = did_you_mean(word.text, sound_names(), "Write one such as kick, snare, hat or lead.")
        raise word.fault(f"there is no sound {quoted(word.text)}", cure)
    return sound.id


def sound_names() -> tuple[str, ...]:
    """Every name that a sound answers to: the ids, then the aliases."""
    return (*SOUNDS, *(alias for sound in SOUNDS.values() for alias in sound.aliases))


def value_text(parameter: Parameter, value: Value) -> str:
    """A setting's value as canonical text: the inverse of ``read_value``."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, str):
        return value
    if parameter.kind is Kind.PITCH:
        return pitch_text(value)
    return plain(value)


def _read_time(parameter: Parameter, word: Word) -> Value:
    if not _LIKE_NOTE_VALUE.search(word.text):
        return _read_amount(parameter, word)
    try:
        note_value_ticks(word.text.lower())
    except TimeValueError:
        raise word.fault(
            f"{quoted(word.text)} is not a note value",
            "Write 1, 2, 4, 8, 16, 32 or 64, then n, n. or t, such as 8n, or bars, 1m.",
        ) from None
    return word.text.lower()


def _read_choice(parameter: Parameter, word: Word) -> str:
    if word.text.lower() in parameter.choices:
        return word.text.lower()
    listed = ", ".join(parameter.choices)
    close = nearest(word.text, parameter.choices)
    cure = f'Did you mean "{close}"?' if close else f'Write one of them, such as "{listed[0]}".'
    raise word.fault(f"{parameter.key} is {quoted(word.text)}, not one of {listed}", cure)


def _read_chain(_: Parameter, word: Word) -> str:
    """Names of effects in their order, as "eq>comp>reverb"."""
    names, at = word.text.lower().split(">"), 0
    for place, name in enumerate(names):
        if name not in EFFECTS:
            cure = did_you_mean(name, EFFECTS, f"The effects are {', '.join(EFFECTS)}.")
            raise word.fault(f"there is no effect {quoted(name)}", cure, at)
        if name in names[:place]:
            raise word.fault(f"{name} stands twice in the chain", "Name each effect once.", at)
        at += len(name) + 1
    return ">".join(names)


def _read_switch(parameter: Parameter, word: Word) -> bool:
    if word.text.lower() not in _ON:
        raise word.fault(
            f"{parameter.key} is {quoted(word.text)}, neither on nor off",
            f"Write {parameter.name}=on or {parameter.name}=off.",
        )
    return _ON[word.text.lower()]


def _from_hertz(word: Word, hertz: float) -> float:
    midi = 69.0 + 12.0 * math.log2(hertz / 440.0) if hertz > 0 else -1.0
    if not PITCH_RANGE[0] <= midi <= PITCH_RANGE[1]:
        raise word.fault(
            f"{quoted(word.text)} is outside 8.18 … 12543.8 Hz", "Write a pitch such as 440hz."
        )
    return midi


_READERS: Mapping[Kind, Callable[[Parameter, Word], Value]] = {
    Kind.CHOICE: _read_choice,
    Kind.SWITCH: _read_switch,
    Kind.TIME: _read_time,
    Kind.CHAIN: _read_chain,
}
