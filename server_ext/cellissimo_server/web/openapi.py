"""The OpenAPI 3.1 document: written from what the handlers declare, so it cannot miss a route."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from cellissimo.schema.rest.shape import ErrorAnswer
from cellissimo_server.version import VERSION
from cellissimo_server.web.operation import Operation, operations_of
from cellissimo_server.web.routes import Route

_REF = "#/components/schemas/{model}"


def text(routes: Iterable[Route]) -> str:
    """The document as JSON text, the same bytes for the same routes."""
    return json.dumps(document(list(routes)), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def document(routes: list[Route]) -> dict[str, Any]:
    """The document."""
    declared = [(route, operations_of(route.handler)) for route in routes]
    inputs, outputs = _models(declared)
    _, components = models_json_schema(
        [(model, "validation") for model in inputs]
        + [(model, "serialization") for model in outputs],
        ref_template=_REF,
        by_alias=True,
    )
    schemas = dict(sorted(components.get("$defs", {}).items()))
    names = _names(inputs, outputs, schemas)
    paths: dict[str, Any] = {}
    for route, operations in declared:
        root = "/cellissimo/" if route.is_page else "/cellissimo/api/v1/"
        entry = paths.setdefault(root + route.path, {})
        for method, operation in operations.items():
            entry[method] = _operation(route, method, operation, names)
    return {
        "openapi": "3.1.0",
        "info": {"title": "cellissimo", "version": VERSION},
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "jupyter": {"type": "apiKey", "in": "header", "name": "Authorization"},
            },
        },
    }


Declared = list[tuple[Route, dict[str, Operation]]]


def _models(declared: Declared) -> tuple[list[type[BaseModel]], list[type[BaseModel]]]:
    everything = [operation for _, found in declared for operation in found.values()]
    inputs = {o.body for o in everything if o.body} | {o.query for o in everything if o.query}
    outputs = {o.answer for o in everything if o.answer} | {ErrorAnswer}
    return sorted(inputs, key=_key), sorted(outputs, key=_key)


def _key(model: type[BaseModel]) -> str:
    return f"{model.__module__}.{model.__qualname__}"


def _names(
    inputs: list[type[BaseModel]], outputs: list[type[BaseModel]], schemas: dict[str, Any]
) -> dict[tuple[type[BaseModel], str], str]:
    """What each model is called: pydantic adds -Input and -Output where the two differ."""
    found = {}
    for models, mode in ((inputs, "Input"), (outputs, "Output")):
        for model in models:
            plain = model.__name__
            found[model, mode] = plain if plain in schemas else f"{plain}-{mode}"
    return found


def _operation(
    route: Route, method: str, operation: Operation, names: dict[tuple[type[BaseModel], str], str]
) -> dict[str, Any]:
    name = re.sub(r"[^a-z0-9]+", "_", route.path.lower()).strip("_")
    said: dict[str, Any] = {
        "summary": operation.summary,
        "operationId": f"{method}_{name}",
        "x-access": operation.access,
        "parameters": [*_path_parameters(route), *_query_parameters(operation), *_match(method)],
        "responses": _responses(route, operation, names),
    }
    if operation.action is not None:
        said["x-action"] = operation.action.value
    if operation.access != "anyone":
        said["security"] = [{"token": []}, {"jupyter": []}]
    body = _body(operation, names)
    return said | ({"requestBody": body} if body else {})


def _body(
    operation: Operation, names: dict[tuple[type[BaseModel], str], str]
) -> dict[str, Any] | None:
    schema: dict[str, Any] = {"type": "string", "format": "binary"}
    if operation.body is not None:
        schema = {"$ref": _REF.format(model=names[operation.body, "Input"])}
    elif operation.body_media == "application/json":
        return None
    return {"required": True, "content": {operation.body_media: {"schema": schema}}}


def _match(method: str) -> list[dict[str, Any]]:
    """A change may say which revision it was made for."""
    if method not in {"put", "patch", "delete"}:
        return []
    schema = {"type": "string", "pattern": r"^(\*|(W/)?\"[0-9]{1,18}\")$"}
    return [{"name": "If-Match", "in": "header", "required": False, "schema": schema}]


def _path_parameters(route: Route) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"\{(\w+)\}", route.path)
    ]


def _query_parameters(operation: Operation) -> list[dict[str, Any]]:
    if operation.query is None:
        return []
    properties = operation.query.model_json_schema(by_alias=True).get("properties", {})
    return [
        {"name": name, "in": "query", "required": False, "schema": schema}
        for name, schema in properties.items()
    ]


def _responses(
    route: Route, operation: Operation, names: dict[tuple[type[BaseModel], str], str]
) -> dict[str, Any]:
    done: dict[str, Any] = {"description": "Done"}
    if operation.answer is not None:
        schema = {"$ref": _REF.format(model=names[operation.answer, "Output"])}
        done["content"] = {"application/json": {"schema": schema}}
    elif operation.media != "application/json":
        done["content"] = {operation.media: {}}
    error: dict[str, Any] = {
        "application/json": {"schema": {"$ref": _REF.format(model="ErrorAnswer")}}
    }
    if route.is_page:
        error["text/html"] = {}
    refused = {"description": "Refused; the body says why and the cure", "content": error}
    return {str(operation.status): done, "default": refused}
