"""What stands at a path of a song: how it is read, put, removed and added to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from cellissimo.domain.errors import CellissimoError
from cellissimo.schema.models import Song

Json = Any
"""Plain JSON."""

T = TypeVar("T")

_SHOWN = 24
_DONE = {"set": "set", "add": "added", "remove": "removed"}


class PathError(CellissimoError):
    """A path, an operation or a value that is not accepted: ``field`` says which of them."""

    def __init__(
        self, message: str, *, path: str, accepted: str, cure: str, field: str = "path"
    ) -> None:
        """Keep the parts apart, so that a form can show them beside its field."""
        said = f"{message}; use {accepted}" if accepted else message
        super().__init__(f"{path}: {said}" if path else said)
        self.path = path
        self.accepted = accepted
        self.cure = cure
        self.field = field


def listed(names: Iterable[object]) -> str:
    """Words as a sentence shows them: not more than a few lines of them."""
    words = [str(name) for name in names]
    more = len(words) - _SHOWN
    return ", ".join(words[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


@dataclass(frozen=True, slots=True)
class Node:
    """A place of a song. What is None cannot be done there.

    Each change gives the song as it is afterwards; ``names`` are the words that may come next.
    Where nothing ``is_there``, something can be put all the same.
    """

    value: Callable[[], Json]
    put: Callable[[Json], Song] | None = None
    remove: Callable[[], Song] | None = None
    add: Callable[[Json, Callable[[], str]], Song] | None = None
    child: Callable[[str], Node | None] | None = None
    names: Callable[[], Iterable[str]] = tuple
    is_there: bool = True

    def needs(self, what: str, found: T | None, path: str) -> T:
        """What does something here.

        Raises:
            PathError: that cannot be done here.
        """
        if found is None:
            can = {"set": self.put, "add": self.add, "remove": self.remove, "update": self.child}
            raise PathError(
                f"nothing can be {_DONE[what]} here",
                path=path,
                accepted=", ".join(word for word, way in can.items() if way is not None)
                or "reading",
                cure="Use one of the operations that are accepted, or a longer path.",
                field="operation",
            )
        return found


def branch(children: Mapping[str, Callable[[], Node]], **other: Any) -> Node:  # noqa: ANN401
    """A place with fixed words behind it."""

    def child(name: str) -> Node | None:
        found = children.get(name)
        return found() if found else None

    def value() -> Json:
        return {name: make().value() for name, make in children.items()}

    return Node(**{"value": value, "child": child, "names": lambda: children, **other})


def leaf(value: Json, put: Callable[[Json], Song] | None = None, **other: Any) -> Node:  # noqa: ANN401
    """A plain value."""
    return Node(lambda: value, put, **other)


def snake(name: str) -> str:
    """A field's own name: "stepsPerBar" is ``steps_per_bar``."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def camel(name: str) -> str:
    """A field's name as JSON has it."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def fields_of(value: Json, what: str) -> dict[str, Json]:
    """The fields of a JSON object.

    Raises:
        PathError: it is none.
    """
    if not isinstance(value, Mapping):
        shown = f"{value!r}"[:60]
        raise PathError(
            f"{what} is {shown}",
            path="",
            accepted="an object of its fields",
            cure="Send a JSON object.",
            field="value",
        )
    return {str(name): inner for name, inner in value.items()}
