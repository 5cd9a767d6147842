"""Pieces of lines of the song file: texts, values, and things under the headers of their bars."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from cellissimo.notation.pattern_value import plain
from cellissimo.schema.models import Lanes, Value

BARS_KEPT = 32
"""Bar headers come in so many: two people who go on behind the end write under others."""

MOST_EMPTY_BARS = 512
"""Past so many bars only those have a header that hold something."""

Placed = tuple[int, tuple[object, ...], tuple[str, ...]]
"""Lines that begin in a bar, counted from 1, and what they are sorted by within it."""


def quote(text: str) -> str:
    """A text as a JSON string on one line; what cannot be seen is escaped."""
    return json.dumps(text, ensure_ascii=not text.isprintable())


def value_word(value: Value) -> str:
    """A setting's value as one word."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return quote(value) if isinstance(value, str) else plain(value)


def setting_lines(settings: Mapping[str, Value], begin: str = "") -> Iterator[str]:
    """The settings whose keys begin so, one a line."""
    for key in sorted(key for key in settings if key.startswith(begin)):
        yield f"setting {key.removeprefix(begin)} {value_word(settings[key])}"


def under_bars(placed: Iterable[Placed], bars: int, whose: str) -> Iterator[str]:
    """The lines of ``placed`` in order, under the headers of ``bars`` bars and of their own."""
    found: dict[int, list[Placed]] = {bar: [] for bar in range(1, min(bars, MOST_EMPTY_BARS) + 1)}
    for thing in placed:
        found.setdefault(thing[0], []).append(thing)
    for bar, things in sorted(found.items()):
        yield f"bar {bar} of {whose}"
        for _, _, lines in sorted(things, key=lambda thing: thing[1]):
            yield from lines


def lane_points(lanes: Lanes) -> Iterator[tuple[int, tuple[object, ...], str]]:
    """Tick, order and line of each point of automation."""
    for key, points in lanes.items():
        for tick, point in points.items():
            curve = "" if point.curve == "linear" else f" {point.curve}"
            yield tick, (key,), f"automation {key} {tick} {plain(point.value)}{curve}"
