"""The JSON of the REST interface and the policy as TypeScript, for generated files.

Every module of ``schema/rest`` is found by itself: a model is public as soon as it stands there.
An answer's fields are all there; a request's field with a default may be left out.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
from collections.abc import Iterator, Mapping
from enum import StrEnum
from itertools import chain
from typing import Any

from cellissimo.schema import policy, rest
from cellissimo.schema.rest.shape import Request, Shape
from cellissimo.schema.typescript import NOTICE, constant

Schema = Mapping[str, Any]

_BASES = frozenset({Shape, Request})
_PLAIN = {
    "string": "string",
    "number": "number",
    "integer": "number",
    "boolean": "boolean",
    "null": "null",
}


def rest_ts() -> str:
    """Every model of the REST interface as an interface, by name.

    Raises ``ValueError`` if two modules use one name.
    """
    found: dict[str, type[Shape]] = {}
    for model in chain.from_iterable(map(_models_of, _modules())):
        if found.setdefault(_name(model.__name__), model) is not model:
            message = f"two REST models are called {model.__name__}: give one another name"
            raise ValueError(message)
    return "\n".join((NOTICE, *(_interface(found[name]) for name in sorted(found))))


def policy_ts() -> str:
    """The policy's words and its table."""
    words = (policy.Role, policy.Flag, policy.Right, policy.Action)
    return "\n".join(
        (
            NOTICE,
            *(_words(kind) for kind in words),
            "/** From least to most. */",
            constant("ROLES", [*policy.Role], "readonly Role[]"),
            constant("FLAGS", [*policy.Flag], "readonly Flag[]"),
            constant("RIGHTS", [*policy.Right], "readonly Right[]"),
            "/** Allowed from a role on, with the flag where one is named, or by the right. */",
            (
                "export interface Rule {\n  readonly role: Role;\n  readonly flag: Flag | null;\n"
                "  readonly right: Right | null;\n}\n"
            ),
            _table("POLICY", "Action", {a: _rule(rule) for a, rule in policy.POLICY.items()}),
            "/** The flags of a member for whom nothing else was said. */",
            _table("USUAL_FLAGS", "Role", {r: _flags(f) for r, f in policy.USUAL_FLAGS.items()}),
            "/** What everybody may do with a public piece. */",
            constant("PUBLIC_RIGHTS", _rights(policy.PUBLIC_RIGHTS), "readonly Right[]"),
            "/** What whoever knows its address may do with an unlisted piece. */",
            constant("UNLISTED_RIGHTS", _rights(policy.UNLISTED_RIGHTS), "readonly Right[]"),
        )
    )


def _modules() -> list[str]:
    return sorted(f"{rest.__name__}.{found.name}" for found in pkgutil.iter_modules(rest.__path__))


def _models_of(module: str) -> Iterator[type[Shape]]:
    for value in vars(importlib.import_module(module)).values():
        if isinstance(value, type) and issubclass(value, Shape) and value not in _BASES:
            generic = value.__pydantic_generic_metadata__["parameters"]
            if value.__module__ == module and not generic:
                yield value


def _interface(model: type[Shape]) -> str:
    asked = issubclass(model, Request)
    schema = model.model_json_schema(mode="validation" if asked else "serialization")
    properties = _spelt(schema.get("properties", {}), schema.get("$defs", {}))
    needed = set(schema.get("required", ())) if asked else set(properties)
    fields = "".join(
        f"  readonly {name}{'' if name in needed else '?'}: {_type(field)};\n"
        for name, field in properties.items()
    )
    doc = (model.__doc__ or "").strip().splitlines()[0]
    return f"/** {doc} */\nexport interface {_name(model.__name__)} {{\n{fields}}}\n"


def _spelt(value: Any, definitions: Mapping[str, Schema]) -> Any:  # noqa: ANN401 - any JSON
    """A schema with the words of its enums in place of their names."""
    if isinstance(value, list):
        return [_spelt(item, definitions) for item in value]
    if not isinstance(value, dict):
        return value
    named = definitions.get(_referred(value), {})
    if "enum" in named:
        return {"enum": named["enum"]}
    return {key: _spelt(item, definitions) for key, item in value.items()}


def _referred(schema: Schema) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]


def _name(title: str) -> str:
    """A model's name as TypeScript has it: ``Page[Loop]`` is ``Page_Loop_``, as in the schema."""
    return "".join(letter if letter.isalnum() else "_" for letter in title)


def _type(schema: Schema) -> str:
    """The TypeScript type of a JSON Schema; what says nothing is ``unknown``."""
    if "$ref" in schema:
        return _referred(schema)
    if "const" in schema:
        return _literal(schema["const"])
    if "enum" in schema:
        return " | ".join(map(_literal, schema["enum"]))
    for union in ("anyOf", "oneOf"):
        if union in schema:
            return " | ".join(dict.fromkeys(map(_type, schema[union])))
    return _of_kind(schema)


def _of_kind(schema: Schema) -> str:
    kind = schema.get("type")
    if kind == "array":
        return _array(schema)
    if kind == "object":
        inside = schema.get("additionalProperties", {})
        return f"Readonly<Record<string, {_type(inside if isinstance(inside, dict) else {})}>>"
    return _PLAIN.get(str(kind), "unknown")


def _array(schema: Schema) -> str:
    if "prefixItems" in schema:
        return f"readonly [{', '.join(map(_type, schema['prefixItems']))}]"
    return f"ReadonlyArray<{_type(schema.get('items', {}))}>"


def _literal(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _words(kind: type[StrEnum]) -> str:
    lines = "".join(f"\n  | {_literal(word)}" for word in kind)
    return f"export type {kind.__name__} ={lines};\n"


def _rule(rule: policy.Rule) -> dict[str, str | None]:
    return {"role": rule.role, "flag": rule.flag, "right": rule.right}


def _flags(flags: frozenset[policy.Flag]) -> list[str]:
    return [flag for flag in policy.Flag if flag in flags]


def _rights(rights: frozenset[policy.Right]) -> list[str]:
    return [right for right in policy.Right if right in rights]


def _table(name: str, key: str, rows: Mapping[Any, object]) -> str:
    """A record with one row a line."""
    value = "Rule" if key == "Action" else "readonly Flag[]"
    lines = "".join(f"  {_literal(k)}: {_literal(row)},\n" for k, row in rows.items())
    return f"export const {name}: Readonly<Record<{key}, {value}>> = {{\n{lines}}};\n"
