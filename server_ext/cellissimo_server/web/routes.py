"""Every route of the server, from the lists that the handlers' modules declare."""

from __future__ import annotations

import importlib
import pkgutil
import re
from dataclasses import dataclass
from typing import Any

from cellissimo_server import web as package
from cellissimo_server.web import unknown

ROOT = "cellissimo"
API = r"cellissimo/api(?:/v1)?"
"""Both ``/cellissimo/api/v1/…`` and, for older clients, ``/cellissimo/api/…``."""

NOUNS = ("projects", "loops", "songs")
"""What pieces are called in addresses; songs are projects, seen as a timeline of loops."""


@dataclass(frozen=True, slots=True)
class Route:
    """A path below ``/cellissimo/api/v1`` (or, with ``is_page``, below ``/cellissimo``).

    ``{name}`` in it is a parameter: anything but a slash. ``aliases`` are other paths of the same.
    """

    path: str
    handler: type[Any]
    aliases: tuple[str, ...] = ()
    is_page: bool = False


def of_every_piece(path: str, handler: type[Any], *aliases: str) -> list[Route]:
    """The same below every noun under which a piece is known; ``aliases`` are other last words."""
    return [
        Route(
            f"{noun}/{{piece_id}}/{path}",
            handler,
            tuple(f"{noun}/{{piece_id}}/{alias}" for alias in aliases),
        )
        for noun in NOUNS
    ]


def all_routes() -> list[Route]:
    """The routes of every module of this folder that has ``ROUTES``, in the order of names."""
    found: list[Route] = []
    for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda m: m.name):
        loaded = importlib.import_module(f"{package.__name__}.{module.name}")
        found += getattr(loaded, "ROUTES", [])
    return found


def tornado_handlers() -> list[tuple[str, type[Any], dict[str, str]]]:
    """The routes as tornado takes them, below the server's base URL; the last answers the rest."""
    found = []
    for route in all_routes():
        for path in (route.path, *route.aliases):
            root = ROOT if route.is_page else API
            found.append((f"/{root}/{_pattern(path)}/?", route.handler, _named(route)))
    return [*found, (rf"/{API}(?:/.*)?", unknown.UnknownHandler, {"route": "unknown"})]


def _named(route: Route) -> dict[str, str]:
    """A handler of ours is told its route."""
    return {"route": route.path} if hasattr(route.handler, "route") else {}


def _pattern(path: str) -> str:
    return re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)
