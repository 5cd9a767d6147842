"""What may be written into a document: each check returns the value to store, or says the cure."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable
from typing import SupportsFloat

from cellissimo.domain.errors import CellissimoError
from cellissimo.domain.ticks import note_value_ticks
from cellissimo.schema import limits
from cellissimo.schema.models import Step, Value
from cellissimo.schema.parameter import Kind, Parameter, Scope
from cellissimo.schema.parameters import SETTINGS

_SETTINGS = {p.key: p for p in SETTINGS}
_ROW_NAME = re.compile(limits.ROW_NAME_PATTERN)


class LimitError(CellissimoError):
    """A value that the document does not accept; the message names it, the range and the cure."""


def nearest(word: str, known: Iterable[str]) -> str:
    """A question, "; did you mean …?", where a known word is near, else the empty text."""
    found = difflib.get_close_matches(word, list(known), 1)
    return f"; did you mean {found[0]!r}?" if found else ""


def number(value: object, low: float, high: float, what: str) -> float:
    """``value`` as a finite number from ``low`` to ``high``."""
    if isinstance(value, bool | str) or not isinstance(value, SupportsFloat):
        message = f"{what} is {value!r}; give a number from {low:g} to {high:g}"
        raise LimitError(message)
    plain = value if isinstance(value, int) else float(value)  # NumPy's scalars too
    if not (math.isfinite(plain) and low <= plain <= high):
        message = f"{what} is {plain!r}; it can be from {low:g} to {high:g}"
        raise LimitError(message)
    return plain


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
    """A name of a song or a loop."""
    if not isinstance(value, str) or not 1 <= len(value.strip()) <= limits.NAME_LENGTH:
        message = f"{what} is {value!r}; give a text of 1 to {limits.NAME_LENGTH} characters"
        raise LimitError(message)
    return value.strip()


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
    """A step whose every field is in range."""
    number(value.velocity, *limits.VELOCITY_RANGE, "velocity")
    number(value.probability, 0, 1, "probability")
    if value.pitch is not None:
        number(value.pitch, *limits.PITCH_RANGE, "pitch (MIDI number)")
    if value.duration is not None and value.duration < 1:
        message = f"duration is {value.duration!r} ticks; give 1 or more"
        raise LimitError(message)
    return value


def setting(target: str, key: str, value: object) -> Value:
    """The value to store for ``section.parameter`` of a row or of the master."""
    parameter = _SETTINGS[known_setting(key)]
    _check_target(target, parameter)
    return _of_kind(parameter, value)


def known_setting(key: str) -> str:
    """``key``, where it names a setting."""
    if key not in _SETTINGS:
        message = f"there is no setting {key!r}{nearest(key, _SETTINGS)}"
        raise LimitError(message)
    return key


def _check_target(target: str, parameter: Parameter) -> None:
    on_master = target == limits.MASTER
    refused = {Scope.ROW: on_master, Scope.MASTER: not on_master}.get(parameter.scope, False)
    if refused:
        place = "a row" if on_master else "the master"
        message = f"{parameter.key!r} is a setting of {place}, not of {target!r}"
        raise LimitError(message)


def _of_kind(parameter: Parameter, value: object) -> Value:
    match parameter.kind:
        case Kind.SWITCH:
            return bool(value)
        case Kind.CHOICE:
            return _choice(parameter, value)
        case Kind.TIME if isinstance(value, str):
            return _note_value(parameter, value)
        case Kind.SOUND:
            return str(value)
        case _:
            unit = f" ({parameter.unit})" if parameter.unit else ""
            return number(value, parameter.low, parameter.high, parameter.key + unit)


def _choice(parameter: Parameter, value: object) -> str:
    word = str(value)
    if word not in parameter.choices:
        message = f"{parameter.key} is {value!r}; choose one of {', '.join(parameter.choices)}"
        raise LimitError(message)
    return word


def _note_value(parameter: Parameter, value: str) -> str:
    try:
        note_value_ticks(value)
    except CellissimoError as error:
        message = (
            f"{parameter.key} is {value!r}; give seconds from {parameter.low:g} to "
            f"{parameter.high:g}, or a note value such as '8n' or '8n.'"
        )
        raise LimitError(message) from error
    return value
