"""Every route of the server with its methods, as the walks of the contracts take them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cellissimo_server.web.operation import Operation, operations_of
from cellissimo_server.web.routes import Route, all_routes


@dataclass(frozen=True)
class Endpoint:
    """One method of one route."""

    method: str
    route: Route
    operation: Operation

    def __str__(self) -> str:
        return f"{self.method} {self.route.path}"

    def address(self, base: str, **values: str) -> str:
        """Its address below a server's ``base``; what is not given is ``missing``."""
        root = "cellissimo/" if self.route.is_page else "cellissimo/api/v1/"
        path = re.sub(r"\{(\w+)\}", lambda m: values.get(m[1], "missing"), self.route.path)
        return base + root + path


def endpoints() -> Iterator[Endpoint]:
    """All of them."""
    for route in all_routes():
        for method, operation in operations_of(route.handler).items():
            yield Endpoint(method.upper(), route, operation)
