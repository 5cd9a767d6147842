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
    setting = rf"{_ROW}\.[a-z-]+\.[a-z]+"
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


def document() -> Schema:
    """The whole document as stored, by its root maps."""
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
                "song": _record({"name": _NAME, "key": {"type": "string"}}, "name key"),
                "tempo": {**_keyed(_CELL, _TEMPO), "required": ["0"]},
                "meter": {**_keyed(_CELL, _METER), "required": ["0"]},
                "pads": _keyed("([0-9]|1[0-5])", {"type": "string"}),
                "loops": {
                    "type": "object",
                    "additionalProperties": loop(),
                    "maxProperties": limits.LOOPS_PER_SONG,
                },
            },
            "meta song tempo meter pads loops",
        ),
    }
