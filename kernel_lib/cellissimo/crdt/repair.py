"""The reading edge: stored values of unknown origin become valid ones, or None [DOC-8].

Every function here is pure and total, so that all peers read one document alike.
"""

from __future__ import annotations

import math
import re
from typing import Any

from cellissimo.domain.errors import CellissimoError
from cellissimo.domain.key import parse_key
from cellissimo.schema import checks, limits
from cellissimo.schema.models import DEFAULT_COLOR, DEFAULT_KEY, Step, Value

_STEP_KEY = re.compile(rf"({limits.ROW_NAME_PATTERN})/(0|[1-9][0-9]{{0,5}})")
_METER = re.compile(limits.METER_PATTERN)
_COLOR = re.compile(limits.COLOR_PATTERN)


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
    if isinstance(key, str) and key.isascii() and key.isdigit() and int(key) < cells:
        return int(key)
    return None


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
    if not re.fullmatch(limits.ROW_NAME_PATTERN, target):
        return None
    try:
        found = checks.setting(target, parameter, value)
    except CellissimoError:
        return None
    return _plain(found) if isinstance(found, float) else found
