"""A copy of a document that updates are tried on before they reach it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import Any

import pycrdt

from cellissimo.crdt import layout
from cellissimo.crdt.listening import listen
from cellissimo.crdt.mirror import GONE, Change, Path, Plain, same

_ROOTS = (layout.META, *layout.MUSIC)


@dataclass(frozen=True, slots=True)
class Tried:
    """What an update did: its changes, outer maps first, and places that are no maps.

    ``taken`` is what was not there before, as an update: where it is what was sent, nothing of
    that waits for anything.
    """

    changes: list[Change]
    strange: tuple[str, ...]
    taken: bytes


class Twin:
    """A second replica of a document, without a mirror of its own."""

    def __init__(self, content: bytes) -> None:
        """A replica that has seen ``content``, a whole document as one update."""
        self._doc: pycrdt.Doc[Any] = pycrdt.Doc()
        self._doc.apply_update(content)
        self._maps = {name: self._doc.get(name, type=pycrdt.Map) for name in _ROOTS}
        self._touched: dict[tuple[Path, str], None] = {}
        self._strange: list[str] = []
        self._taken = b""
        for name, stored in self._maps.items():
            listen(stored, self._note, name)
        listen(self._doc, self._take)

    def _take(self, event: pycrdt.TransactionEvent) -> None:
        self._taken = event.update

    def _note(self, root: str, events: list[Any]) -> None:
        for event in events:
            path = (root, *takewhile(lambda part: isinstance(part, str), event.path))
            of_map = isinstance(event, pycrdt.MapEvent)
            if of_map and len(path) > len(event.path):
                self._touched.update({(path, key): None for key in event.keys})
            else:
                self._strange.append("/".join(map(str, path)))

    @property
    def state(self) -> bytes:
        """What this replica has seen."""
        return self._doc.get_state()

    def follow(self, update: bytes) -> None:
        """Take in what the document has taken in."""
        self._doc.apply_update(update)
        self._touched, self._strange, self._taken = {}, [], b""

    def try_out(self, update: bytes, before: Plain) -> Tried:
        """What an update does to ``before``. *Cost*: O(update), and O(replicas) in the library."""
        self._touched, self._strange, self._taken = {}, [], b""
        self._doc.apply_update(update)
        with self._doc.transaction():  # one for all that is read
            changes = self._changes(before)
        taken, self._taken = self._taken, b""
        return Tried(changes, tuple(self._strange), taken)

    def _changes(self, before: Plain) -> list[Change]:
        changes = []
        for path, key in sorted(self._touched, key=lambda at: len(at[0])):
            held = _at(before, path)
            if held is None:
                continue  # it came as part of what is around it
            was, now = held.get(key, GONE), self._value(path, key)
            if not same(was, now):
                changes.append(Change(path, key, was, now))
        return changes

    def _value(self, path: Path, key: str) -> Any:  # noqa: ANN401 - plain values of any kind
        stored: Any = self._maps[path[0]]
        for part in path[1:]:
            stored = stored.get(part) if isinstance(stored, pycrdt.Map) else None
        if not isinstance(stored, pycrdt.Map) or key not in stored:
            return GONE
        value = stored[key]
        return value.to_py() if isinstance(value, pycrdt.Map) else value


def _at(content: Plain, path: Path) -> Plain | None:
    found: Any = content
    for part in path:
        found = found.get(part) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else None
