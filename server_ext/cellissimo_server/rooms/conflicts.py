"""Two people who set one field within a few seconds: what each of them set, and which stands.

The document decides by itself which of two values it holds, also where nobody saw the other's
coming; then the one whose value is lost has to be told [WIRE-18] [ROOM-44].
"""

from __future__ import annotations

import uuid
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cellissimo.crdt.mirror import GONE, Change, Path, same
from cellissimo.crdt.update import Id, Struct, Update
from cellissimo.crdt.update_parser import parse_update, value_of
from cellissimo.notation.field_words import field_words
from cellissimo.schema.models import Song

WINDOW_MS = 5_000.0
"""Within so long, two are at one thing."""

AGAIN_MS = 1_000.0
"""A notice is told anew once a second at most."""

MOST_FIELDS = 2_000
"""Fields that are remembered."""

MOST_CHANGES = 200
"""An edit of more changes is an import or a restore: nobody turns a knob there."""

_MOST_BYTES = 64_000
_MOST_ANCHORS = 64

Field = tuple[Path, str]
Anchor = Id | tuple[str | Id, str]
"""What a write of a field follows: the operation before it, or the map and the key."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What one person is told."""

    to: str
    told: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Set:
    """A value that somebody set."""

    by: Mapping[str, str]
    value: Any
    seq: int
    at: float


@dataclass(slots=True)
class _Field:
    """A field that was set lately: by whom to what, and whose value stands."""

    before: Any
    stands: str = ""
    at: float = 0.0
    sets: dict[str, _Set] = field(default_factory=dict)
    anchors: deque[Anchor] = field(default_factory=deque)


@dataclass(slots=True)
class _Open:
    """A conflict of two people about a field, that both were told of."""

    id: str
    pair: frozenset[str]
    sent: float = float("-inf")


@dataclass(frozen=True, slots=True)
class _Edit:
    """An edit, as far as it matters here."""

    by: Mapping[str, str]
    seq: int
    now: float


class Conflicts:
    """The conflicts of one room. Times are the room's clock in ms."""

    def __init__(self, fresh_id: Callable[[], str] = lambda: str(uuid.uuid4())) -> None:
        """Nobody has set anything."""
        self._fresh_id = fresh_id
        self._fields: OrderedDict[Field, _Field] = OrderedDict()
        self._anchors: dict[Anchor, Field] = {}
        self._open: dict[tuple[Field, frozenset[str]], _Open] = {}
        self._waiting: set[tuple[Field, frozenset[str]]] = set()

    def note(
        self,
        by: Mapping[str, str],
        kept: bytes,
        changes: Sequence[Change],
        seq: int,
        now: float,
        sent: Update | None = None,
    ) -> None:
        """Remember an edit: ``by`` a person as HELLO shows one, ``changes`` what it changed.

        ``kept`` is the update of the journal, ``sent`` the one that came: the journal has no
        values that were lost to others.

        *Cost*: O(bytes + changes).
        """
        self._forget(now)
        if len(changes) > MOST_CHANGES or len(kept) > _MOST_BYTES:
            return
        edit, fresh = _Edit(by, seq, now), parse_update(kept, most=None)
        written = list(_written(sent or fresh, fresh))
        self._note_lost(edit, written, changes)
        for change in changes:
            if _is_field(change):
                self._note_set(edit, change, written)
            elif change.after is GONE:
                self._note_gone((*change.path, change.key))

    # -- values that are seen --------------------------------------------------------------------

    def _note_set(self, edit: _Edit, change: Change, written: Sequence[_Write]) -> None:
        at = (change.path, change.key)
        held = self._fields.setdefault(at, _Field(change.before))
        mine = [one for one in written if one.is_of(change)]
        if len(mine) == 1:
            self._anchor(at, held, mine[0].anchors)
        self._set(edit, at, held, change.after, stands=True)

    def _anchor(self, at: Field, held: _Field, anchors: Sequence[Anchor]) -> None:
        """Know the field again by what was written; somebody may turn it for hours."""
        for anchor in anchors:
            if anchor not in self._anchors:
                held.anchors.append(anchor)
                self._anchors[anchor] = at
        while len(held.anchors) > _MOST_ANCHORS:
            self._anchors.pop(held.anchors.popleft(), None)

    def _set(self, edit: _Edit, at: Field, held: _Field, value: Any, *, stands: bool) -> None:  # noqa: ANN401
        who = edit.by["id"]
        late_ones = (key for key, one in held.sets.items() if edit.now - one.at >= WINDOW_MS)
        for late in [key for key in late_ones if key != who]:
            del held.sets[late]
            self._close(lambda key: key[0] == at and late in key[1])  # noqa: B023 - called at once
        held.sets[who] = _Set(edit.by, value, edit.seq, edit.now)
        held.at = edit.now
        held.stands = who if stands else held.stands
        self._fields.move_to_end(at)
        for other in held.sets.keys() - {who}:
            key = (at, frozenset((who, other)))
            if key in self._open or not same(held.sets[other].value, value):
                self._open.setdefault(key, _Open(self._fresh_id(), key[1]))
                self._waiting.add(key)

    # -- values that are not ---------------------------------------------------------------------

    def _note_lost(self, edit: _Edit, written: Sequence[_Write], changes: Sequence[Change]) -> None:
        """Writes beside those of others, whose values the document holds instead."""
        touched = {(one.path, one.key) for one in changes}
        for write in written:
            at = next((self._anchors[one] for one in write.anchors if one in self._anchors), None)
            if at is not None and at not in touched:
                touched.add(at)
                self._set(edit, at, self._fields[at], write.value, stands=False)

    # -- what people are told --------------------------------------------------------------------

    def due(self, now: float, song: Song) -> list[Notice]:
        """What is to be told now; two notices of each conflict."""
        found: list[Notice] = []
        for key in [key for key in self._waiting if self._open[key].sent + AGAIN_MS <= now]:
            self._waiting.discard(key)
            self._open[key].sent = now
            notices = list(self._notices(key[0], self._open[key], song))
            found += notices
            if not notices or notices[0].told["settled"]:
                self._close(lambda one: one == key)  # noqa: B023 - called at once
        return found

    @property
    def next_due(self) -> float | None:
        """When there is something to tell; None where nothing is."""
        return min((self._open[key].sent + AGAIN_MS for key in self._waiting), default=None)

    def _notices(self, at: Field, conflict: _Open, song: Song) -> Iterator[Notice]:
        held = self._fields[at]
        one, other = sorted(conflict.pair)
        if held.stands not in conflict.pair:
            return  # a third one was quicker than both
        for me, them in ((one, other), (other, one)):
            mine, theirs = held.sets[me], held.sets[them]
            told = {
                "kind": "conflict",
                "id": conflict.id,
                "path": list(at[0]),
                "key": at[1],
                "words": field_words(song, *at),
                "mine": _value(mine.value),
                "theirs": _value(theirs.value),
                "before": _value(held.before),
                "stands": "mine" if held.stands == me else "theirs",
                "by": dict(theirs.by),
                "seq": max(mine.seq, theirs.seq),
                "settled": same(mine.value, theirs.value),
            }
            yield Notice(me, told)

    # -- forgetting ------------------------------------------------------------------------------

    def _note_gone(self, path: Path) -> None:
        """What a field was in has been removed: there is nothing left to choose."""
        for at, held in self._fields.items():
            if at[0][: len(path)] == path:
                held.sets = {who: _gone(one) for who, one in held.sets.items()}
                self._waiting |= {key for key in self._open if key[0] == at}

    def _forget(self, now: float) -> None:
        """Let go of what was set too long ago, the oldest first."""
        while self._fields:
            at, held = next(iter(self._fields.items()))
            if now - held.at < WINDOW_MS and len(self._fields) <= MOST_FIELDS:
                return
            del self._fields[at]
            for anchor in held.anchors:
                self._anchors.pop(anchor, None)
            self._close(lambda key: key[0] == at)  # noqa: B023 - called at once

    def _close(self, is_it: Callable[[tuple[Field, frozenset[str]]], bool]) -> None:
        for key in [key for key in self._open if is_it(key)]:
            del self._open[key]
            self._waiting.discard(key)


@dataclass(frozen=True, slots=True)
class _Write:
    """One value that an update writes, and what it stands beside."""

    key: str | None
    value: Any
    anchors: tuple[Anchor, ...]

    def is_of(self, change: Change) -> bool:
        """Whether it is this change that it made."""
        return self.key in (None, change.key) and same(self.value, change.after)


def _written(sent: Update, fresh: Update) -> Iterator[_Write]:
    """The values that an update writes, without those that were there before."""
    for structs in sent.structs.values():
        for one in structs:
            if one.kind == "value" and fresh.at(_last(one)) is not None:
                yield _Write(one.key, value_of(one.values[-1]), (_anchor(one), _last(one)))


def _anchor(one: Struct) -> Anchor:
    return one.origin or (one.parent or "", one.key or "")


def _last(one: Struct) -> Id:
    return one.client, one.end - 1


def _is_field(change: Change) -> bool:
    return not isinstance(change.before, dict) and not isinstance(change.after, dict)


def _gone(one: _Set) -> _Set:
    return _Set(one.by, GONE, one.seq, one.at)


def _value(value: Any) -> dict[str, Any]:  # noqa: ANN401 - a plain value
    return {} if value is GONE else {"value": value}
