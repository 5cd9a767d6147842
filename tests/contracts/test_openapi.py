"""The interface's document: committed, served, complete, and what the server really does."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import Phase, assume, given, settings
from schemathesis import GenerationMode
from schemathesis import checks as known
from tornado.routing import PathMatches
from tornado.web import RequestHandler

from cellissimo_server.generate import DOCS, documentation
from cellissimo_server.web import openapi
from cellissimo_server.web.operation import operations_of
from cellissimo_server.web.room_socket import RoomSocket
from cellissimo_server.web.routes import all_routes
from tests.server.running import Running, running

LONG = os.environ.get("CELLISSIMO_LONG") == "1"

EXAMPLES = 25 if LONG else 2
"""Requests of each kind to each operation; ``CELLISSIMO_LONG=1`` for more."""

DOCUMENT = openapi.document(all_routes())
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)

CHECKS = [
    known.not_a_server_error,
    known.status_code_conformance,
    known.content_type_conformance,
    known.response_headers_conformance,
    known.response_schema_conformance,
    known.unsupported_method,
]

LONGEST = 50_000
"""Characters of a request; tornado hangs up on addresses and headers that are longer."""

ENDLESS = re.compile(r"/(events|admin/collect)$")
"""Not called with invented values: streams that never end, and what deletes what is there."""


@schemathesis.serializer("audio/wav")
def as_it_is(_: object, value: object) -> dict[str, bytes]:
    """The bytes that were made up, as they are."""
    return {"data": value if isinstance(value, bytes) else str(value).encode()}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server without hourly limits, whose administrator asks."""
    folder = tmp_path_factory.mktemp("openapi")
    with running(folder, many=False) as found:
        yield found


def test_the_committed_document_is_the_servers() -> None:
    """`make gen` writes docs/openapi.json; it is never edited."""
    assert openapi.text(all_routes()) == (DOCS / "openapi.json").read_text("utf-8")


def test_the_committed_settings_are_the_servers() -> None:
    """`make gen` writes the table of settings."""
    page = (DOCS / "server.md").read_text("utf-8")
    assert documentation(page) == page


def test_the_served_document_is_the_committed_one(server: Running) -> None:
    """Whoever asks a server learns what that server does."""
    served = server.client().get("openapi.json")
    assert served.headers["Content-Type"].startswith("application/json")
    assert DOCUMENT == served.json()


def test_it_is_openapi_3_1() -> None:
    """Every operation has an id of its own, and every reference leads somewhere."""
    assert DOCUMENT["openapi"] == "3.1.0"
    operations = [one for path in DOCUMENT["paths"].values() for one in path.values()]
    ids = [one["operationId"] for one in operations]
    assert sorted(set(ids)) == sorted(ids)
    references = set(re.findall(r"#/components/schemas/([^\"]+)", json.dumps(DOCUMENT)))
    assert references <= set(DOCUMENT["components"]["schemas"])
    assert all(one["summary"] for one in operations)


def test_no_route_is_missing(server: Running) -> None:
    """Whatever tornado answers under /cellissimo is in the document, method by method."""
    documented = {
        (path.removeprefix("/cellissimo/").removeprefix("api/v1/"), method)
        for path, operations in DOCUMENT["paths"].items()
        for method in operations
    }
    found = set()
    for handler, path in answered(server):
        for method in ("get", "head", "post", "put", "patch", "delete"):
            if getattr(handler, method) is not getattr(RequestHandler, method):
                assert method in operations_of(handler), f"{handler} {method} declares nothing"
                found.add((path, method))
    assert found == documented


def answered(server: Running) -> Iterator[tuple[type, str]]:
    """The handlers below /cellissimo, with their route; the one for unknown addresses has none.

    What is said over a room's websocket stands in crdt/WIRE.md.
    """
    for rule in server.app.web_app.wildcard_router.rules + server.app.web_app.default_router.rules:
        for one in getattr(rule.target, "rules", [rule]):
            is_ours = isinstance(one.matcher, PathMatches) and "cellissimo" in str(
                one.matcher.regex.pattern
            )
            route = one.target_kwargs.get("route") if is_ours else None
            if is_ours and route != "unknown" and one.target is not RoomSocket:
                assert route, f"{one} has no route"
                yield one.target, route


def operation_names() -> list[str]:
    """Every operation that may be called with invented values."""
    return [
        f"{method.upper()} {path}"
        for path, operations in DOCUMENT["paths"].items()
        for method in operations
        if not ENDLESS.search(path)
    ]


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=str)
@pytest.mark.parametrize("name", operation_names())
def test_the_server_does_what_the_document_says(
    server: Running, name: str, mode: GenerationMode
) -> None:
    """Values that fit and values that do not: never a fault, always an answer of the document."""
    method, path = name.split(" ")
    operation = SCHEMA[path][method]
    if mode is GenerationMode.NEGATIVE and not (operation.body or operation.query):
        return

    @settings(max_examples=EXAMPLES, derandomize=not LONG, database=None, phases=[Phase.generate])
    @given(case=operation.as_strategy(mode))
    def ask(case: schemathesis.Case) -> None:
        if case.query:
            case.query.pop("fields", None)  # it trims the answer, which then lacks what is required
        assume(len(str(case.as_transport_kwargs(base_url=server.url))) < LONGEST)
        case.call_and_validate(
            base_url=server.url.rstrip("/"),
            headers={"Authorization": "token plain"},
            checks=CHECKS,
            timeout=60,
        )

    ask()
