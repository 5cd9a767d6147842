"""The document as plain nested dicts, kept up to date by its events, with the change of each."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import takewhile
from typing import Any, Final

import pycrdt

from cellissimo.crdt import layout
from cellissimo.crdt.listening import listen

Path = tuple[str, ...]
Plain = dict[str, Any]


class _Gone(Enum):
    """No value at all: what a key holds before it is set and after it is removed."""

    GONE = "gone"


GONE: Final = _Gone.GONE


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to one key of one map: plain values, or GONE."""

    path: Path
    key: str
    before: Any
    after: Any

    def reversed(self) -> Change:
        """The change that takes this one back."""
        return Change(self.path, self.key, self.after, self.before)


class Mirror:
    """A plain copy of the document's maps. Reading it never touches the shared document."""

    def __init__(self, doc: pycrdt.Doc[Any]) -> None:
        """Copy ``doc`` and listen to it."""
        self._doc = doc
        names = (layout.META, *layout.MUSIC)
        self._maps = {name: doc.get(name, type=pycrdt.Map) for name in names}
        self.content: Plain = {name: stored.to_py() or {} for name, stored in self._maps.items()}
        self._touched: dict[tuple[Path, str], None] = {}
        for name, stored in self._maps.items():
            listen(stored, self._note, name)

    def _note(self, root: str, events: list[Any]) -> None:
        """Remember where a transaction wrote; values can be read when it is closed."""
        for event in events:
            path = (root, *takewhile(lambda part: isinstance(part, str), event.path))
            of_map = isinstance(event, pycrdt.MapEvent)
            if of_map and len(path) > len(event.path):
                self._touched.update({(path, key): None for key in event.keys})
            elif len(path) > 1:  # inside an array or text, of which there should be none [DOC-1]
                self._touched[path[:-1], path[-1]] = None

    @property
    def touched(self) -> tuple[tuple[Path, str], ...]:
        """The keys that were written since the copy last caught up, by the path of their map."""
        return tuple(self._touched)

    def catch_up(self) -> list[Change]:
        """Copy what the closed transactions wrote; gives what changed, outer maps first."""
        touched, self._touched = sorted(self._touched, key=lambda at: len(at[0])), {}
        if not touched:
            return []
        with self._doc.transaction():  # one for all that is read
            return self._copied(touched)

    def _copied(self, touched: Iterable[tuple[Path, str]]) -> list[Change]:
        changes = []
        for path, key in touched:
            held = self._at(path)
            stored = self._stored(path)
            if held is None or stored is None:
                continue
            before, after = held.get(key, GONE), _plain(stored, key)
            if not same(before, after):
                changes.append(Change(path, key, before, after))
                _put(held, key, after)
        return changes

    def value(self, path: Path, key: str) -> Any:  # noqa: ANN401 - plain values of any kind
        """The value of a key, GONE where there is none."""
        held = self._at(path)
        return GONE if held is None else held.get(key, GONE)

    def _at(self, path: Path) -> Plain | None:
        found: Any = self.content
        for part in path:
            found = found.get(part) if isinstance(found, dict) else None
        return found if isinstance(found, dict) else None

    def _stored(self, path: Path) -> pycrdt.Map[Any] | None:
        found: Any = self._maps[path[0]]
        for part in path[1:]:
            found = found.get(part) if isinstance(found, pycrdt.Map) else None
        return found if isinstance(found, pycrdt.Map) else None

    def adopt(self, change: Change) -> bool:
        """Write what a change leads to, where what it began with still stands; says whether."""
        held = self._at(change.path)
        if held is None or not same(held.get(change.key, GONE), change.before):
            return False
        self.write(change.path, change.key, change.after)
        return True

    def write(self, path: Path, key: str, value: Any) -> None:  # noqa: ANN401 - see above
        """Write a plain value into the document and the copy, inside the caller's transaction."""
        stored = self._stored(path)
        if stored is None:
            return
        if value is GONE:
            if key in stored:
                del stored[key]
        else:
            stored[key] = _shared(value)
        held = self._at(path)
        if held is not None:
            _put(held, key, copy.deepcopy(value))


def same(one: object, other: object) -> bool:
    """Whether two plain values are equal, true and 1 told apart."""
    return one == other and isinstance(one, bool) is isinstance(other, bool)


def _plain(stored: pycrdt.Map[Any], key: str) -> Any:  # noqa: ANN401 - see above
    if key not in stored:
        return GONE
    value = stored[key]
    return value.to_py() if isinstance(value, pycrdt.Map | pycrdt.Array | pycrdt.Text) else value


def _put(held: Plain, key: str, value: object) -> None:
    if value is GONE:
        held.pop(key, None)
    else:
        held[key] = value


def _shared(value: Any) -> Any:  # noqa: ANN401 - see above
    """Plain dicts as shared maps, everything else as it is."""
    if isinstance(value, Mapping):
        return pycrdt.Map({key: _shared(inner) for key, inner in value.items()})
    return value
