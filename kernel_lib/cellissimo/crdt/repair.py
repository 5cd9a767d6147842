"""The reading edge: stored values of unknown origin become valid ones, or None [DOC-8].

Every function here is pure and total, so that all peers read one document alike.
"""

from __future__ import annotations

import math
import re
from typing import Any

from cellissimo.domain.errors import CellissimoError
from cellissimo.domain.key import parse_key
from cellissimo.notation.rows import SOUND_KEY
from cellissimo.schema import checks, limits
from cellissimo.schema.models import (
    DEFAULT_COLOR,
    DEFAULT_KEY,
    Lock,
    Note,
    Point,
    Step,
    Tempo,
    Value,
)
from cellissimo.schema.parameter import Kind
from cellissimo.schema.parameters import BY_KEY

_STEP_KEY = re.compile(rf"({limits.ROW_NAME_PATTERN})/(0|[1-9][0-9]{{0,5}})")
_METER = re.compile(limits.METER_PATTERN)
_COLOR = re.compile(limits.COLOR_PATTERN)
_BLOB = re.compile(limits.BLOB_PATTERN)
_ORDER = re.compile(limits.ORDER_PATTERN)
_LOCK = re.compile(limits.LOCK_PATTERN)
_TARGETS = re.compile(limits.ROW_NAME_PATTERN)
_DIGITS = re.compile(r"[0-9]{1,4000}")
"""What Python reads as a number; a longer one names no place either."""


def clamped(value: object, low: float, high: float, otherwise: float) -> float:
    """A finite number from ``low`` to ``high``; ``otherwise`` where there is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return otherwise
    return min(max(value, low), high)


def whole(value: object, low: int, high: int, otherwise: int) -> int:
    """A whole number from ``low`` to ``high``; integers come back from storage as floats."""
    return round(clamped(value, low, high, otherwise))


def text(value: object, otherwise: str) -> str:
    """A text of at most the length of a name."""
    return value[: limits.NAME_LENGTH] if isinstance(value, str) and value else otherwise


def meter(value: object) -> str | None:
    """A meter such as "4/4", or None."""
    return value if isinstance(value, str) and _METER.fullmatch(value) else None


def key(value: object) -> str:
    """A key as it is spelled canonically, C major where the text names none."""
    try:
        return str(parse_key(value)) if isinstance(value, str) else DEFAULT_KEY
    except CellissimoError:
        return DEFAULT_KEY


def color(value: object) -> str:
    """A colour as "#rrggbb"."""
    valid = isinstance(value, str) and _COLOR.fullmatch(value)
    return str(value) if valid else DEFAULT_COLOR


def symbol(value: object) -> str | None:
    """A chord symbol of a sensible length, or None; whether it reads is said where it sounds."""
    valid = isinstance(value, str) and 0 < len(value) <= limits.SYMBOL_LENGTH
    return str(value) if valid else None


def bars(value: object) -> int:
    """The nearest number of bars that a loop may have."""
    wanted = clamped(value, limits.BAR_COUNTS[0], limits.BAR_COUNTS[-1], 4)
    return min(limits.BAR_COUNTS, key=lambda count: (abs(count - wanted), count))


def cell(key: object, cells: int) -> int | None:
    """The cell a key names, or None where it names none of the first ``cells``."""
    if not isinstance(key, str) or not _DIGITS.fullmatch(key):
        return None
    place = int(key)
    return place if place < cells else None


def step_key(key: str, cells: int) -> tuple[str, int] | None:
    """Row and cell of a step's key, or None where it is malformed or past the loop [DOC-9]."""
    found = _STEP_KEY.fullmatch(key)
    if found is None or int(found[2]) >= cells or found[1] == limits.MASTER:
        return None
    return found[1], int(found[2])


def step(value: object) -> Step | None:
    """The step that a stored list means, or None where it is no list of numbers."""
    if not isinstance(value, list) or not 1 <= len(value) <= 5:
        return None
    velocity, pitch, duration, probability, offset = [*value, None, None, None, None][:5]
    return Step(
        velocity=whole(velocity, *limits.VELOCITY_RANGE, 100),
        pitch=None if pitch is None else _plain(clamped(pitch, *limits.PITCH_RANGE, 60)),
        duration=None if duration is None else whole(duration, 1, limits.MOST_TICKS, 240),
        probability=clamped(probability, 0, 1, 1.0),
        offset=whole(offset, -limits.MOST_TICKS, limits.MOST_TICKS, 0),
    )


def _plain(value: float) -> float:
    """Whole numbers as int, so that a pitch reads back as it was written."""
    return int(value) if float(value).is_integer() else value


def setting(key: str, value: Any) -> Value | None:  # noqa: ANN401 - whatever storage holds
    """The setting as it may be read, or None where its key or value means nothing."""
    target, _, parameter = key.partition(".")
    if not _TARGETS.fullmatch(target) or (parameter == SOUND_KEY and not isinstance(value, str)):
        return None
    try:
        found = checks.setting(target, parameter, value)
    except CellissimoError:
        return None
    return _plain(found) if isinstance(found, float) else found


def tempo(value: object) -> Tempo:
    """A tempo, stored as a number or as ``[number, "ramp"]``."""
    match value:
        case [bpm, "ramp"]:
            return Tempo(float(clamped(bpm, *limits.TEMPO_RANGE, 120.0)), ramp=True)
    return Tempo(float(clamped(value, *limits.TEMPO_RANGE, 120.0)))


def name_of(value: object) -> str | None:
    """The id of another entity, or None."""
    return value if isinstance(value, str) and value else None


def one_of(value: object, known: tuple[str, ...], otherwise: str) -> str:
    """A word of a fixed set."""
    return value if isinstance(value, str) and value in known else otherwise


def blob(value: object) -> str | None:
    """A blob's name, or None."""
    return value if isinstance(value, str) and _BLOB.fullmatch(value) else None


def order(value: object) -> str:
    """A fractional key, in the middle where there is none."""
    return value if isinstance(value, str) and _ORDER.fullmatch(value) else "V"


def note(value: object) -> Note | None:
    """The note that a stored list means, or None where it is no list of four numbers."""
    if not isinstance(value, list) or len(value) != 4:
        return None
    start, duration, pitch, velocity = value
    if not all(isinstance(v, int | float) and not isinstance(v, bool) for v in value):
        return None
    return Note(
        start=whole(start, 0, limits.LAST_TICK, 0),
        duration=whole(duration, 1, limits.LAST_TICK, 240),
        pitch=_plain(clamped(pitch, *limits.PITCH_RANGE, 60)),
        velocity=whole(velocity, *limits.VELOCITY_RANGE, 100),
    )


def lock(key: str) -> Lock | None:
    """The lock of a key, or None where the key is of none [DOC-17]."""
    if not _LOCK.fullmatch(key):
        return None
    kind, _, closed = key.partition("/")
    if kind != "bars":
        return Lock(kind, closed)
    start, end = map(int, closed.split("/"))
    return Lock(kind, "", start, end) if start < end <= limits.LAST_TICK else None


def point_key(key: str) -> tuple[str, int] | None:
    """Parameter and tick of an automation point's key, or None where it names no such."""
    parameter, _, tick = key.partition("/")
    at = cell(tick, limits.LAST_TICK)
    known = parameter in BY_KEY and BY_KEY[parameter].kind in _AUTOMATED
    return (parameter, at) if known and at is not None else None


_AUTOMATED = (Kind.NUMBER, Kind.SWITCH, Kind.TIME, Kind.PITCH, Kind.CHOICE)
"""The kinds of parameters that can move."""


def point(value: object) -> Point | None:
    """The automation point that a stored list means, or None where it is none."""
    match value:
        case [int() | float() as height, *curve] if len(curve) < 2 and _is_number(height):
            return Point(_plain(height), one_of(curve[0] if curve else "", limits.CURVES, "linear"))
    return None


def _is_number(value: float) -> bool:
    return not isinstance(value, bool) and math.isfinite(value)


def in_range(key: str, value: Point) -> Point:
    """The point with its value inside the range of its parameter; nothing is between choices."""
    parameter = BY_KEY[key]
    if parameter.kind is Kind.CHOICE:
        return Point(int(clamped(value.value, parameter.low, parameter.high, 0)), "hold")
    return Point(_plain(clamped(value.value, parameter.low, parameter.high, 0.0)), value.curve)
