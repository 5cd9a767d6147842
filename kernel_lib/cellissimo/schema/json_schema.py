"""The JSON Schema of the document, from the dataclasses of models.py and the limits."""

from __future__ import annotations

from cellissimo.schema import limits
from cellissimo.schema.models import SCHEMA_VERSION

Schema = dict[str, object]

_NAME: Schema = {"type": "string", "minLength": 1, "maxLength": limits.NAME_LENGTH}
_TEMPO: Schema = {
    "type": "number",
    "minimum": limits.TEMPO_RANGE[0],
    "maximum": limits.TEMPO_RANGE[1],
}
_METER: Schema = {"type": "string", "pattern": f"^{limits.METER_PATTERN}$"}
_ROW = limits.ROW_NAME_PATTERN
_CELL = r"(0|[1-9][0-9]*)"


def _keyed(pattern: str, value: Schema) -> Schema:
    return {
        "type": "object",
        "patternProperties": {f"^{pattern}$": value},
        "additionalProperties": False,
    }


def _record(properties: dict[str, Schema], required: str) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": required.split(),
        "additionalProperties": False,
    }


def _entities(properties: dict[str, Schema], required: str, most: int) -> Schema:
    record = _record(properties, required)
    return {"type": "object", "additionalProperties": record, "maxProperties": most}


def _whole(low: int, high: int) -> Schema:
    return {"type": "integer", "minimum": low, "maximum": high}


def _number(low: float, high: float) -> Schema:
    return {"type": "number", "minimum": low, "maximum": high}


def _nullable(kind: str, low: float, high: float) -> Schema:
    return {"type": [kind, "null"], "minimum": low, "maximum": high}


def step() -> Schema:
    """A step as stored: ``[velocity, pitch, duration, probability, offset]``, defaults left off."""
    return {
        "type": "array",
        "minItems": 1,
        "maxItems": 5,
        "items": False,
        "prefixItems": [
            {"type": "integer", "minimum": 0, "maximum": limits.VELOCITY_RANGE[1]},
            _nullable("number", *limits.PITCH_RANGE),
            {"type": ["integer", "null"], "minimum": 1},
            {"type": "number", "minimum": 0, "maximum": 1},
            {"type": "integer"},
        ],
    }


def loop() -> Schema:
    """A loop as stored."""
    setting = rf"{_ROW}\.{_PARAMETER}"
    return _record(
        {
            "name": _NAME,
            "bars": {"enum": list(limits.BAR_COUNTS)},
            "stepsPerBar": {
                "type": "integer",
                "minimum": limits.STEPS_PER_BAR[0],
                "maximum": limits.STEPS_PER_BAR[1],
            },
            "key": {"type": "string"},
            "tempo": _TEMPO,
            "meter": _METER,
            "color": {"type": "string", "pattern": f"^{limits.COLOR_PATTERN}$"},
            "source": {"type": "string"},
            "chords": _keyed(_CELL, {"type": "string", "maxLength": limits.SYMBOL_LENGTH}),
            "steps": _keyed(f"{_ROW}/{_CELL}", step()),
            "settings": _keyed(setting, {"type": ["number", "string", "boolean"]}),
        },
        "name bars stepsPerBar key chords steps settings",
    )


_ID: Schema = {"type": "string", "minLength": 1}
_COLOR: Schema = {"type": "string", "pattern": f"^{limits.COLOR_PATTERN}$"}
_ORDER: Schema = {"type": "string", "pattern": f"^{limits.ORDER_PATTERN}$"}
_TICK = _whole(0, limits.LAST_TICK)
_TICKS = _whole(1, limits.LAST_TICK)
_PARAMETER = r"[a-z0-9-]+\.[a-z]+"
_SETTINGS = _keyed(_PARAMETER, {"type": ["number", "string", "boolean"]})
_FADE = _number(*limits.FADE_RANGE)
_FADE_CURVE: Schema = {"enum": list(limits.FADE_CURVES)}


def _list(*items: Schema, least: int | None = None) -> Schema:
    return {
        "type": "array",
        "prefixItems": list(items),
        "items": False,
        "minItems": len(items) if least is None else least,
    }


def _lanes() -> Schema:
    """Automation points as stored: ``[value]`` or ``[value, curve]``."""
    point = _list({"type": "number"}, {"enum": list(limits.CURVES)}, least=1)
    return _keyed(f"{_PARAMETER}/{_CELL}", point)


def _strip() -> dict[str, Schema]:
    return {
        "name": _NAME,
        "color": _COLOR,
        "order": _ORDER,
        "settings": _SETTINGS,
        "lanes": _lanes(),
    }


def _stem() -> dict[str, Schema]:
    blob: Schema = {"type": "string", "pattern": f"^{limits.BLOB_PATTERN}$"}
    frozen = _list(blob, _whole(0, limits.MOST_FRAMES), {"type": "string"})
    sends: Schema = {"type": "object", "additionalProperties": _number(0, 1)}
    return _strip() | {"channel": _whole(1, 16), "frozen": frozen, "sends": sends}


def _segment() -> dict[str, Schema]:
    pitch, velocity = _number(*limits.PITCH_RANGE), _whole(*limits.VELOCITY_RANGE)
    note = _list(_TICK, _TICKS, pitch, velocity)
    return {
        "stem": _ID,
        "kind": {"enum": list(limits.SEGMENT_KINDS)},
        "start": _TICK,
        "length": _TICKS,
        "name": {"type": "string", "maxLength": limits.NAME_LENGTH},
        "offset": _whole(0, limits.MOST_FRAMES),
        "gain": _number(*limits.GAIN_RANGE),
        "fadeIn": _FADE,
        "fadeOut": _FADE,
        "fadeInCurve": _FADE_CURVE,
        "fadeOutCurve": _FADE_CURVE,
        "loop": _ID,
        "blob": {"type": "string", "pattern": f"^{limits.BLOB_PATTERN}$"},
        "frames": _whole(0, limits.MOST_FRAMES),
        "notes": {
            "type": "object",
            "additionalProperties": note,
            "maxProperties": limits.NOTES_PER_SEGMENT,
        },
    }


def _arrangement() -> dict[str, Schema]:
    """The root maps of what a song has beyond its loops."""
    block = {"loop": _ID, "start": _TICK, "length": _TICKS, "lane": _whole(0, limits.LANES - 1)}
    section = {"name": _NAME, "start": _TICK, "length": _TICKS, "color": _COLOR}
    most = limits.SECTIONS_PER_SONG
    strip = "name color order settings lanes"
    return {
        "blocks": _entities(block, "loop start length", limits.BLOCKS_PER_SONG),
        "stems": _entities(_stem(), f"{strip} sends", limits.STEMS_PER_SONG),
        "returns": _entities(_strip(), strip, limits.RETURNS_PER_SONG),
        "segments": _entities(_segment(), "stem kind start length notes", limits.SEGMENTS_PER_SONG),
        "sections": _entities(section, "name start length color", most),
        "markers": _entities({"name": _NAME, "tick": _TICK}, "name tick", most),
        "master": _SETTINGS,
        "lanes": _lanes(),
        "locks": _keyed(f"({limits.LOCK_PATTERN})", {"const": True}),
    }


def document() -> Schema:
    """The whole document as stored, by its root maps."""
    tempo: Schema = {"anyOf": [_TEMPO, _list(_TEMPO, {"const": "ramp"})]}
    song = _record(
        {"name": _NAME, "key": {"type": "string"}, "seed": _whole(*limits.SEED_RANGE)}, "name key"
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "cellissimo document",
        **_record(
            {
                "meta": _record(
                    {
                        "schema": {"const": SCHEMA_VERSION},
                        "id": {"type": "string"},
                        "kind": {"enum": ["song", "loop"]},
                    },
                    "schema id kind",
                ),
                "song": song,
                "tempo": {**_keyed(_CELL, tempo), "required": ["0"]},
                "meter": {**_keyed(_CELL, _METER), "required": ["0"]},
                "pads": _keyed("([0-9]|1[0-5])", {"type": "string"}),
                "loops": {
                    "type": "object",
                    "additionalProperties": loop(),
                    "maxProperties": limits.LOOPS_PER_SONG,
                },
                **_arrangement(),
            },
            "meta song tempo meter pads loops",
        ),
    }
