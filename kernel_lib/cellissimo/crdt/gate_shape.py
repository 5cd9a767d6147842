"""Whether changes leave the document in the layout's shape [GATE-12] [GATE-13]."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cellissimo.crdt import layout, repair
from cellissimo.crdt.mirror import GONE, Change
from cellissimo.domain.errors import CellissimoError
from cellissimo.domain.key import parse_key
from cellissimo.schema import limits

_ID = re.compile(r"[^\x00-\x1f\x7f]{1,100}")
_PLACE = re.compile(r"0|[1-9][0-9]{0,9}")

Check = Callable[[Any], bool]


def _number(low: float, high: float) -> Check:
    def check(value: object) -> bool:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return is_number and low <= value <= high  # type: ignore[operator] # a number by now

    return check


def _whole(low: int, high: int) -> Check:
    in_range = _number(low, high)
    return lambda value: in_range(value) and float(value).is_integer()


def _like(pattern: str) -> Check:
    form = re.compile(pattern)
    return lambda value: isinstance(value, str) and form.fullmatch(value) is not None


def _one_of(*known: str) -> Check:
    return lambda value: isinstance(value, str) and value in known


def _name(value: object) -> bool:
    return isinstance(value, str) and 1 <= len(value) <= limits.NAME_LENGTH


def _id(value: object) -> bool:
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def _key(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(parse_key(value))
    except CellissimoError:
        return False


def _frozen(value: object) -> bool:
    match value:
        case [str(blob), int() | float() as frames, str(mark)]:
            return bool(repair.blob(blob)) and 0 <= frames <= limits.MOST_FRAMES and len(mark) <= 64
    return False


def _tempo(value: object) -> bool:
    bpm = value[0] if isinstance(value, list) and value[1:] == ["ramp"] else value
    return _number(*limits.TEMPO_RANGE)(bpm)


_TICK, _TICKS = _whole(0, limits.LAST_TICK), _whole(1, limits.LAST_TICK)
_COLOR, _ORDER = _like(limits.COLOR_PATTERN), _like(limits.ORDER_PATTERN)
_METER = _like(limits.METER_PATTERN)

_FIELDS: Mapping[str, Mapping[str, Check]] = {
    layout.LOOPS: {
        "name": _name,
        "bars": lambda value: value in limits.BAR_COUNTS,
        "stepsPerBar": _whole(*limits.STEPS_PER_BAR),
        "key": _key,
        "tempo": _number(*limits.TEMPO_RANGE),
        "meter": _METER,
        "color": _COLOR,
        "source": _name,
    },
    layout.BLOCKS: {
        "loop": _id,
        "start": _TICK,
        "length": _TICKS,
        "lane": _whole(0, limits.LANES - 1),
    },
    layout.STEMS: {
        "name": _name,
        "color": _COLOR,
        "order": _ORDER,
        "channel": _whole(1, 16),
        "frozen": _frozen,
    },
    layout.RETURNS: {"name": _name, "color": _COLOR, "order": _ORDER},
    layout.SEGMENTS: {
        "stem": _id,
        "kind": _one_of(*limits.SEGMENT_KINDS),
        "start": _TICK,
        "length": _TICKS,
        "name": _name,
        "offset": _whole(0, limits.MOST_FRAMES),
        "gain": _number(*limits.GAIN_RANGE),
        "fadeIn": _number(*limits.FADE_RANGE),
        "fadeOut": _number(*limits.FADE_RANGE),
        "fadeInCurve": _one_of(*limits.FADE_CURVES),
        "fadeOutCurve": _one_of(*limits.FADE_CURVES),
        "loop": _id,
        "blob": _like(limits.BLOB_PATTERN),
        "frames": _whole(0, limits.MOST_FRAMES),
    },
    layout.SECTIONS: {"name": _name, "start": _TICK, "length": _TICKS, "color": _COLOR},
    layout.MARKERS: {"name": _name, "tick": _TICK},
}

Entry = Callable[[str, Any], bool]
"""Whether a key may hold a value."""


def _point(key: str, value: object) -> bool:
    return repair.point_key(key) is not None and repair.point(value) is not None


def _setting(target: str) -> Entry:
    return lambda key, value: repair.setting(f"{target}.{key}", value) is not None


def _step(key: str, value: object) -> bool:
    return repair.step_key(key, 1 << 20) is not None and _is_step(value)


def _is_step(value: object) -> bool:
    plain = isinstance(value, list) and all(
        one is None or (isinstance(one, int | float) and not isinstance(one, bool)) for one in value
    )
    return plain and repair.step(value) is not None


_INNER: Mapping[tuple[str, str], Entry] = {
    (layout.LOOPS, layout.CHORDS): lambda key, value: (
        _PLACE.fullmatch(key) is not None and repair.symbol(value) is not None
    ),
    (layout.LOOPS, layout.STEPS): _step,
    (layout.LOOPS, layout.SETTINGS): lambda key, value: repair.setting(key, value) is not None,
    (layout.STEMS, layout.SETTINGS): _setting("stem"),
    (layout.STEMS, layout.SENDS): lambda key, value: _id(key) and _number(0, 1)(value),
    (layout.STEMS, layout.LANES): _point,
    (layout.RETURNS, layout.SETTINGS): _setting("stem"),
    (layout.RETURNS, layout.LANES): _point,
    (layout.SEGMENTS, layout.NOTES): lambda key, value: _id(key) and repair.note(value) is not None,
}

_SONG: Mapping[str, Check] = {"name": _name, "key": _key, "seed": _whole(*limits.SEED_RANGE)}

_PADS = frozenset(map(str, range(limits.PADS)))

_ROOTS: Mapping[str, Entry] = {
    layout.SONG: lambda key, value: key in _SONG and _SONG[key](value),
    layout.TEMPO: lambda key, value: _PLACE.fullmatch(key) is not None and _tempo(value),
    layout.METER: lambda key, value: _PLACE.fullmatch(key) is not None and _METER(value),
    layout.PADS: lambda key, value: key in _PADS and _id(value),
    layout.MASTER: _setting(limits.MASTER),
    layout.LANES: _point,
    layout.LOCKS: lambda key, value: value is True and repair.lock(key) is not None,
}
_MOST: Mapping[str, int] = {
    layout.TEMPO: limits.MAP_POINTS,
    layout.METER: limits.MAP_POINTS,
    layout.LOOPS: limits.LOOPS_PER_SONG + limits.SEGMENTS_PER_SONG,
    layout.BLOCKS: limits.BLOCKS_PER_SONG,
    layout.STEMS: limits.STEMS_PER_SONG,
    layout.RETURNS: limits.RETURNS_PER_SONG,
    layout.SEGMENTS: limits.SEGMENTS_PER_SONG,
    layout.SECTIONS: limits.SECTIONS_PER_SONG,
    layout.MARKERS: limits.SECTIONS_PER_SONG,
    layout.LOCKS: limits.LOCKS_PER_SONG,
}
"""Entities of a root map; every pattern of a stem has a loop of its own."""

_MOST_INNER: Mapping[str, int] = {
    layout.STEPS: limits.STEPS_PER_LOOP,
    layout.CHORDS: limits.STEPS_PER_LOOP,
    layout.NOTES: limits.NOTES_PER_SEGMENT,
    layout.LANES: limits.POINTS_PER_LANE * 16,
    layout.SETTINGS: 4000,
    layout.SENDS: limits.RETURNS_PER_SONG * 4,
}


class ShapeError(CellissimoError):
    """A change after which the document would not be one of ours; it names the place."""


def check(changes: Sequence[Change], stored: Mapping[str, Any]) -> None:
    """Pass where every change keeps the layout, and the document its limits.

    ``stored`` is what was there before. *Cost*: O(changes).

    Raises:
        ShapeError: one does not.
    """
    added: dict[tuple[str, ...], int] = {}
    for change in changes:
        if not _is_fitting(change):
            place = "/".join((*change.path, change.key))
            raise ShapeError(f"{place} cannot hold {_shown(change.after)}")
        grows = (change.before is GONE) - (change.after is GONE)
        added[change.path] = added.get(change.path, 0) + grows
    for path, count in added.items():
        most = _MOST_INNER.get(path[-1]) if len(path) == 3 else _MOST.get(path[0])
        if most is not None and len(path) != 2 and count > 0:
            _check_count(path, len(_held(stored, path)) + count, most)


def _check_count(path: tuple[str, ...], count: int, most: int) -> None:
    if count > most:
        raise ShapeError(f"{'/'.join(path)} would hold {count} things; it can hold {most}")


def _held(stored: Mapping[str, Any], path: tuple[str, ...]) -> Mapping[str, Any]:
    found: Any = stored
    for part in path:
        found = found.get(part) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _is_fitting(change: Change) -> bool:
    root, *within = change.path
    if root == layout.META:
        return False
    match within:
        case []:
            return _fits_root(root, change.key, change.after)
        case [_] if root in _FIELDS:
            field = _FIELDS[root].get(change.key)
            return field is not None and (change.after is GONE or field(change.after))
        case [_, inner]:
            entry = _INNER.get((root, inner))
            return entry is not None and (change.after is GONE or entry(change.key, change.after))
    return False


def _fits_root(root: str, key: str, after: Any) -> bool:  # noqa: ANN401 - whatever was written
    if root in _ROOTS:
        return _removed(root, key) if after is GONE else _ROOTS[root](key, after)
    return _id(key) and (after is GONE or _is_entity(root, after))


def _removed(root: str, key: str) -> bool:
    """What every song has cannot be taken away."""
    return (root, key) not in {
        (layout.TEMPO, "0"), (layout.METER, "0"), (layout.SONG, "name"), (layout.SONG, "key"),
    }  # fmt: skip


def _is_entity(root: str, value: object) -> bool:
    """Whether a new entity has every inner map, and only fields of its kind [DOC-2]."""
    if not isinstance(value, dict) or not value.keys() >= set(layout.INNER[root]):
        return False
    return all(
        _is_inner(root, key, held) if key in layout.INNER[root] else _is_field(root, key, held)
        for key, held in value.items()
    )


def _is_field(root: str, key: str, value: object) -> bool:
    field = _FIELDS[root].get(key)
    return field is not None and field(value)


def _is_inner(root: str, name: str, value: object) -> bool:
    if not isinstance(value, dict) or len(value) > _MOST_INNER[name]:
        return False
    return all(_INNER[root, name](key, held) for key, held in value.items())


def _shown(value: object) -> str:
    if isinstance(value, float) and math.isfinite(value):
        return f"{value:g}"
    if value is GONE:
        return "nothing"
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:60]}…"
