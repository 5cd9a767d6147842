"""Places of a song by path, read and changed: "tempo", "stems.Bass.volume", "pattern.steps.kick".

docs/rooms.md lists the paths. Those of ASCII sequencers are understood as well:
"pattern.instruments.kick.steps", "transport.tempo", "effects.master.reverb.wet".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cellissimo.domain.errors import CellissimoError
from cellissimo.notation.path_node import Json, Node, PathError, listed
from cellissimo.notation.path_song import song_node
from cellissimo.schema import checks
from cellissimo.schema.models import Song

__all__ = ["OPERATIONS", "TYPES", "PathError", "changed", "value_at"]

OPERATIONS = ("set", "add", "remove", "update")
"""What can be done at a path."""

TYPES: Mapping[str, str] = {
    "pattern": "pattern",
    "transport": "transport",
    "effect": "effects",
    "instrument": "instruments",
}
"""What a change may say it is about, and the first word of paths of that kind."""

LONGEST = 500
"""Characters of a path."""

Fresh = Callable[[], str]
"""Gives an id that is free."""


def value_at(song: Song, path: str) -> Json:
    """What stands at a path, as plain JSON.

    Raises:
        PathError: there is no such path; it says which words there are.
    """
    return _node(song, path).value()


def changed(
    song: Song, path: str, operation: str, value: Json = None, *, fresh: Fresh, about: str = ""
) -> Song:
    """The song after one change.

    ``operation``: "set" puts a value there, "add" one more thing, "remove" takes it away (or that
    which ``value`` names), "update" sets the fields that ``value`` has. ``about`` is one of
    ``TYPES``: its word may then be left out of the path. ``fresh`` gives ids for what is added.

    Raises:
        PathError: the path, the operation or the value is not accepted; it says what is.
    """
    if operation not in OPERATIONS:
        raise PathError(
            f"there is no operation {operation!r}{checks.nearest(operation, OPERATIONS)}",
            path=path,
            accepted=", ".join(OPERATIONS),
            cure="Use one of them.",
            field="operation",
        )
    full = _with_type(path, about)
    try:
        return _done(song, full, operation, value, fresh)
    except PathError:
        raise
    except CellissimoError as error:  # the domain's own words: they have range and cure
        raise PathError(
            str(error), path=full, accepted="", cure="Change the value and send it again."
        ) from error


def _done(song: Song, path: str, operation: str, value: Json, fresh: Fresh) -> Song:
    node = _node(song, path, may_be_new=operation == "set")
    if operation == "add":
        return node.needs("add", node.add, path)(value, fresh)
    if operation == "remove":
        if value is not None and node.child is not None:
            return _done(song, f"{path}.{value}", operation, None, fresh)
        return node.needs("remove", node.remove, path)()
    if operation == "update" and isinstance(value, Mapping):
        for name, inner in value.items():
            song = _done(song, f"{path}.{name}", "set", inner, fresh)
        return song
    return node.needs("set", node.put, path)(value)


def _with_type(path: str, about: str) -> str:
    if not about:
        return path
    if about not in TYPES:
        raise PathError(
            f"there is no type {about!r}",
            path=path,
            accepted=", ".join(TYPES),
            cure="Use one of them, or leave it out.",
            field="type",
        )
    first = TYPES[about]
    return path if path.split(".", maxsplit=1)[0] == first else f"{first}.{path}"


def _node(song: Song, path: str, *, may_be_new: bool = False) -> Node:
    if not path or len(path) > LONGEST:
        raise PathError(
            f"the path has {len(path)} characters",
            path=path[:LONGEST],
            accepted=f"1 to {LONGEST} characters",
            cure="Write a path such as 'tempo' or 'stems.Bass.volume'.",
        )
    node, names = song_node(song), path.replace("/", ".").split(".")
    for place, name in enumerate(names):
        found = node.child(name) if node.child else None
        is_last = place + 1 == len(names)
        if found is None or not (found.is_there or (is_last and may_be_new)):
            raise _unknown(node, names[:place], name, path)
        node = found
    return node


def _unknown(node: Node, before: list[str], name: str, path: str) -> PathError:
    known: list[Any] = list(node.names())
    where = ".".join(before) or "the song"
    cure = checks.nearest(name, known).strip("; ").capitalize()
    return PathError(
        f"{where} has no {name!r}",
        path=path,
        accepted=listed(known),
        cure=cure or "Use one of the words that are accepted.",
    )
