"""Writes every file that is generated from the schema: ``python -m cellissimo.schema.generate``."""

from __future__ import annotations

import json
from pathlib import Path

from cellissimo.schema import c_grooves, c_layout, image, json_schema, limits, models, parameters
from cellissimo.schema.parameter import Parameter
from cellissimo.schema.rest_typescript import policy_ts, rest_ts
from cellissimo.schema.sounds import SOUNDS, Sound
from cellissimo.schema.typescript import NOTICE, constant, interface

PACKAGE = Path(__file__).parents[1]
REPOSITORY = PACKAGE.parents[1]
TYPESCRIPT = REPOSITORY / "extension" / "src" / "gen"


def main() -> None:
    """Write all generated files, each only where its text changed."""
    for path, text in files().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")


def files() -> dict[Path, str]:
    """The text of each generated file by its path."""
    return {
        PACKAGE / "native" / "csrc" / "layout.h": c_layout.c_header(),
        PACKAGE / "native" / "csrc" / "grooves.h": c_grooves.c_header(),
        PACKAGE / "schema" / "generated" / "document.schema.json": _json_schema(),
        TYPESCRIPT / "models.ts": models_ts(),
        TYPESCRIPT / "parameters.ts": parameters_ts(),
        TYPESCRIPT / "sounds.ts": sounds_ts(),
        TYPESCRIPT / "image.ts": image_ts(),
        TYPESCRIPT / "limits.ts": limits_ts(),
        TYPESCRIPT / "policy.ts": policy_ts(),
        TYPESCRIPT / "rest.ts": rest_ts(),
    }


def _json_schema() -> str:
    return json.dumps(json_schema.document(), indent=2, ensure_ascii=False) + "\n"


def models_ts() -> str:
    """The models as TypeScript interfaces."""
    return "\n".join(
        (
            NOTICE,
            (
                "/** What a setting holds: a number, a choice or note value, a switch. */\n"
                "export type Value = number | string | boolean;\n"
            ),
            constant("SCHEMA_VERSION", models.SCHEMA_VERSION),
            constant("DEFAULT_KEY", models.DEFAULT_KEY),
            constant("DEFAULT_COLOR", models.DEFAULT_COLOR),
            interface(models.Step, "One sound on one cell."),
            interface(models.Loop, 'A loop. `steps` are keyed "row/cell".'),
            interface(models.Tempo, "A tempo from a tick on; with `ramp` it moves to the next."),
            interface(models.Point, "A point of an automation lane."),
            interface(models.Frozen, "A stem as samples."),
            interface(models.Stem, "A lane of the song with a mixer strip."),
            interface(models.Return, "A bus that stems send to."),
            interface(models.Note, "A note of a midi segment."),
            interface(models.Segment, "A stretch of a stem."),
            interface(models.Block, "A loop on the song's timeline."),
            interface(models.Section, "A named stretch of the song."),
            interface(models.Marker, "A named place in the song."),
            interface(models.Lock, "What is closed to those who may not lock."),
            interface(models.Song, "A song, or the document of a loop that was made alone."),
        )
    )


def parameters_ts() -> str:
    """The table of parameters, and the order of the engine's floats."""
    shape = (
        "export interface Parameter {\n"
        "  readonly key: string;\n"
        '  readonly scope: "row" | "strip" | "master" | "voice";\n'
        '  readonly kind: "number" | "choice" | "switch" | "time" | "pitch" | "sound" | "chain";\n'
        "  readonly low: number;\n  readonly high: number;\n"
        "  readonly default: number | string | boolean;\n"
        "  readonly unit: string;\n  readonly choices: readonly string[];\n"
        "  readonly heard: boolean;\n  readonly doc: string;\n}\n"
    )
    table = [_parameter(p) for p in parameters.BY_KEY.values()]
    engine = [p.key for p in parameters.ENGINE]
    return "\n".join(
        (
            NOTICE,
            shape,
            constant("PARAMETERS", table, "readonly Parameter[]"),
            "/** The parameters of a strip record, in the order of its floats. */",
            constant("ENGINE_PARAMETERS", engine, "readonly string[]"),
            "/** The effects of a strip in their usual order; their numbers begin at 1. */",
            constant("EFFECTS", list(parameters.EFFECTS)),
        )
    )


def _parameter(p: Parameter) -> dict[str, object]:
    return {
        "key": p.key,
        "scope": p.scope,
        "kind": p.kind,
        "low": p.low,
        "high": p.high,
        "default": p.default,
        "unit": p.unit,
        "choices": p.choices,
        "heard": p.heard,
        "doc": p.doc,
    }


def sounds_ts() -> str:
    """The sound library in its order."""
    shape = (
        "export interface Sound {\n"
        "  readonly id: string;\n  readonly name: string;\n  readonly icon: string;\n"
        '  readonly category: "synth" | "drum" | "bass" | "fx";\n'
        "  readonly melodic: boolean;\n  readonly aliases: readonly string[];\n"
        "  readonly patch: Readonly<Record<string, number | string | boolean>>;\n}\n"
    )
    table = [_sound(sound) for sound in SOUNDS.values()]
    return "\n".join((NOTICE, shape, constant("SOUNDS", table, "readonly Sound[]")))


def _sound(sound: Sound) -> dict[str, object]:
    return {
        "id": sound.id,
        "name": sound.name,
        "icon": sound.icon,
        "category": sound.category,
        "melodic": sound.melodic,
        "aliases": list(sound.aliases),
        "patch": dict(sound.patch),
    }


def image_ts() -> str:
    """The layout of the score image: word offsets by record."""
    records = {
        "HEADER": image.HEADER,
        **{name.removesuffix("s").upper(): fields for name, fields in image.RECORDS.items()},
        "EVENT": image.EVENT,
    }
    parts = [
        "/** Words of a record by name; what they mean stands in schema/image.py. */\n"
        + constant(
            name,
            [{"name": f.name, "is_float": f.is_float} for f in fields],
            "readonly { name: string; is_float: boolean }[]",
        )
        for name, fields in records.items()
    ]
    return "\n".join(
        (
            NOTICE,
            constant("MAGIC", image.MAGIC),
            constant("VERSION", image.VERSION),
            "/** Kinds of strips. */",
            *(constant(f"KIND_{name}", getattr(image, name)) for name in _KINDS),
            constant("CHAIN_SLOTS", image.CHAIN_SLOTS),
            "/** The records of an image in their order, by the header's words that count them. */",
            constant("RECORDS", list(image.RECORDS)),
            *parts,
        )
    )


_KINDS = ("MASTER", "INSTRUMENT", "GROUP", "RETURN")


def limits_ts() -> str:
    """The limits by their names."""
    names = [name for name in vars(limits) if name.isupper()]
    return "\n".join((NOTICE, *(constant(name, getattr(limits, name)) for name in names)))


if __name__ == "__main__":
    main()
