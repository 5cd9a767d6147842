"""What may be written into a document: each check returns the value to store, or says the cure."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from typing import SupportsFloat

from cellissimo.domain.errors import CellissimoError
from cellissimo.domain.key import parse_key
from cellissimo.domain.ticks import note_value_ticks, parse_meter
from cellissimo.schema import limits
from cellissimo.schema.models import Step, Value
from cellissimo.schema.parameter import Kind, Parameter, Scope
from cellissimo.schema.parameters import BY_KEY, EFFECTS

_ROW_NAME = re.compile(limits.ROW_NAME_PATTERN)


class LimitError(CellissimoError):
    """A value that the document does not accept; the message names it, the range and the cure."""


def nearest(word: str, known: Iterable[str]) -> str:
    """A question, "; did you mean …?", where a known word is near, else the empty text."""
    found = difflib.get_close_matches(word, list(known), 1)
    return f"; did you mean {found[0]!r}?" if found else ""


def number(value: object, low: float, high: float, what: str) -> float:
    """``value`` as a finite number from ``low`` to ``high``."""
    plain = _plain(value)
    if plain is None:
        message = f"{what} is {value!r}; give a number from {low:g} to {high:g}"
        raise LimitError(message)
    if not low <= plain <= high:  # nor NaN
        message = f"{what} is {plain!r}; it can be from {low:g} to {high:g}"
        raise LimitError(message)
    return plain


def _plain(value: object) -> float | None:
    """A number of any kind, NumPy's too, as Python's own; None for what is no single number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value if abs(value) < _HUGE else float("inf")  # Python prints no longer ones
    if isinstance(value, bool | str) or not isinstance(value, SupportsFloat):
        return None
    try:
        return float(value)
    except (TypeError, ValueError):  # an array of several
        return None


_HUGE = 1 << 64


def whole(value: object, low: int, high: int, what: str) -> int:
    """``value`` as a whole number from ``low`` to ``high``, also where it is written 4.0."""
    found = number(value, low, high, what)
    if found != int(found):
        message = f"{what} is {found!r}; give a whole number from {low} to {high}"
        raise LimitError(message)
    return int(found)


def bars(value: object) -> int:
    """A number of bars a loop may have."""
    for count in limits.BAR_COUNTS:
        if value == count and not isinstance(value, bool):
            return count
    message = f"bars is {value!r}; a loop has 1, 2, 4 or 8 bars"
    raise LimitError(message)


def tempo(value: object) -> float:
    """A tempo in quarter notes a minute."""
    return number(value, *limits.TEMPO_RANGE, "tempo (quarter notes a minute)")


def name(value: object, what: str = "name") -> str:
    """A name of a song or a loop: one line of text."""
    if not isinstance(value, str) or not 1 <= len(value.strip()) <= limits.NAME_LENGTH:
        shown = f"{value[:40]}…" if isinstance(value, str) and len(value) > 40 else value
        message = f"{what} is {shown!r}; give a text of 1 to {limits.NAME_LENGTH} characters"
        raise LimitError(message)
    unwritten = [letter for letter in value.strip() if unicodedata.category(letter) in _UNWRITTEN]
    if unwritten:
        message = f"{what} is {value!r}; take {unwritten[0]!r} out, it is no letter, digit or sign"
        raise LimitError(message)
    return value.strip()


_UNWRITTEN = ("Cc", "Cs", "Zl", "Zp")
"""Unicode's categories of control characters, halves of characters, and ends of lines."""


def text(value: object, what: str, example: str) -> str:
    """``value``, where it is a text at all."""
    if not isinstance(value, str):
        message = f"{what} is {value!r}; give a text such as {example!r}"
        raise LimitError(message)
    return value


def key(value: object) -> str:
    """A key as it is spelled canonically, "C major"."""
    return str(parse_key(text(value, "key", "C major")))


def meter(value: object) -> str:
    """A meter, "3/4"."""
    return str(parse_meter(text(value, "meter", "3/4")))


def row_name(value: object) -> str:
    """A row's name."""
    if not isinstance(value, str) or not _ROW_NAME.fullmatch(value) or value == limits.MASTER:
        message = (
            f"a row cannot be called {value!r}; use a letter and then up to 31 letters, digits, "
            f"- or _, and not {limits.MASTER!r}"
        )
        raise LimitError(message)
    return value


def color(value: object) -> str:
    """A colour as "#rrggbb"."""
    if not isinstance(value, str) or not re.fullmatch(limits.COLOR_PATTERN, value.lower()):
        message = f"color is {value!r}; write it as '#rrggbb', such as '#5b8def'"
        raise LimitError(message)
    return value.lower()


def step(value: Step) -> Step:
    """A step whose every field is in range, in plain numbers."""
    pitch, duration = value.pitch, value.duration
    return replace(
        value,
        velocity=whole(value.velocity, *limits.VELOCITY_RANGE, "velocity"),
        pitch=None if pitch is None else number(pitch, *limits.PITCH_RANGE, "pitch (MIDI number)"),
        duration=None if duration is None else whole(duration, 1, limits.MOST_TICKS, _DURATION),
        probability=number(value.probability, 0, 1, "probability"),
        offset=whole(value.offset, -limits.MOST_TICKS, limits.MOST_TICKS, "offset (ticks)"),
    )


_DURATION = "duration (ticks, 960 a quarter)"


def setting(target: str, key: str, value: object) -> Value:
    """The value to store for ``section.parameter`` of a row or of the master."""
    return _of_kind(setting_of(target, key), value)


def setting_of(target: str, key: str) -> Parameter:
    """The parameter ``section.parameter``, where a target has it."""
    parameter = BY_KEY[known_setting(key)]
    _check_target(target, parameter)
    return parameter


def known_setting(key: object) -> str:
    """``key``, where it names a setting."""
    if not isinstance(key, str) or key not in BY_KEY:
        message = f"there is no setting {key!r}{nearest(str(key), BY_KEY)}"
        raise LimitError(message)
    return key


def _check_target(target: str, parameter: Parameter) -> None:
    on_master = target == limits.MASTER
    of_master = parameter.scope is Scope.MASTER
    of_row = parameter.scope in {Scope.ROW, Scope.VOICE}
    if (on_master and of_row) or (of_master and not on_master):
        place = "a row or stem" if on_master else "the master"
        message = f"{parameter.key!r} is a setting of {place}, not of {target!r}"
        raise LimitError(message)


def _of_kind(parameter: Parameter, value: object) -> Value:
    match parameter.kind:
        case Kind.SWITCH:
            return _switch(parameter, value)
        case Kind.CHOICE:
            return _choice(parameter, value)
        case Kind.TIME if isinstance(value, str):
            return _note_value(parameter, value)
        case Kind.SOUND:
            return str(value)
        case Kind.CHAIN:
            return chain(value)
        case _:
            unit = f" ({parameter.unit})" if parameter.unit else ""
            return number(value, parameter.low, parameter.high, parameter.key + unit)


def _switch(parameter: Parameter, value: object) -> bool:
    if isinstance(value, str) or value not in (True, False):
        message = f"{parameter.key} is {value!r}; give True or False"
        raise LimitError(message)
    return bool(value)


def _choice(parameter: Parameter, value: object) -> str:
    word = str(value)
    if word not in parameter.choices:
        message = f"{parameter.key} is {value!r}; choose one of {', '.join(parameter.choices)}"
        raise LimitError(message)
    return word


def _note_value(parameter: Parameter, value: str) -> str:
    canonical = value.strip().lower()
    try:
        note_value_ticks(canonical)
    except CellissimoError as error:
        message = (
            f"{parameter.key} is {value!r}; give seconds from {parameter.low:g} to "
            f"{parameter.high:g}, or a note value such as '8n' or '8n.'"
        )
        raise LimitError(message) from error
    return canonical


def chain(value: object) -> str:
    """An order of effects, "eq>comp>reverb", from such a text or from a list of their names."""
    given = re.split(r"[>,\s]+", value.strip()) if isinstance(value, str) else value
    names = list(given) if isinstance(given, Iterable) else [given]
    for name in names:
        if name not in EFFECTS:
            message = (
                f"there is no effect {name!r}{nearest(str(name), EFFECTS)}; "
                f"the effects are {', '.join(EFFECTS)}"
            )
            raise LimitError(message)
    if len(set(names)) < len(names):
        message = f"chain.order is {value!r}; name each effect once"
        raise LimitError(message)
    return ">".join(map(str, names))
