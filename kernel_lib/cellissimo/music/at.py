"""Places of a song by path: ``song.at("stems.Bass.volume")`` reads, sets, adds and removes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from cellissimo.crdt.write_difference import write_difference
from cellissimo.music.part import fresh_id
from cellissimo.notation.paths import changed, value_at

if TYPE_CHECKING:
    from cellissimo.crdt.document import Document


class At:
    """One place of a song; docs/rooms.md lists the paths. Each change is one undo step."""

    __slots__ = ("_document", "path")

    def __init__(self, document: Document, path: str) -> None:
        """The place of a document that ``path`` names."""
        self._document = document
        self.path = path

    @property
    def value(self) -> Any:  # noqa: ANN401 - plain values of any kind
        """What stands there, as plain values.

        Raises:
            PathError: there is no such place; it says which words there are.
        """
        return value_at(self._document.revision, self.path)

    def set(self, value: Any) -> At:  # noqa: ANN401 - see above
        """Put a value there; gives the place, so that calls can be chained.

        Raises:
            PathError: the path or the value is not accepted, and nothing was changed.
        """
        return self._do("set", value)

    def add(self, value: Any) -> At:  # noqa: ANN401 - see above
        """Add one more thing there. Raises what ``set`` does."""
        return self._do("add", value)

    def update(self, **fields: Any) -> At:  # noqa: ANN401 - see above
        """Set several fields of what is there. Raises what ``set`` does."""
        return self._do("update", fields)

    def remove(self, name: str | int | None = None) -> At:
        """Take away what is there, or that of it which is called ``name``.

        Raises what ``set`` does.
        """
        return self._do("remove", name)

    def _do(self, operation: str, value: object) -> At:
        before = self._document.revision
        after = changed(before, self.path, operation, value, fresh=fresh_id)
        with self._document.edit() as write:
            write_difference(write, before, after)
        return self

    def __repr__(self) -> str:
        """The path, and what stands there."""
        return f"{self.path}: {self.value!r}"


class _Held(Protocol):
    @property
    def document(self) -> Document: ...


class Addressed:
    """A song whose places have paths."""

    __slots__ = ()

    def at(self: _Held, path: str) -> At:
        """The place that a path names: ``song.at("pattern.steps.kick").set("x...")``.

        The same paths change a song through the JSON door of its room.
        """
        return At(self.document, path)
