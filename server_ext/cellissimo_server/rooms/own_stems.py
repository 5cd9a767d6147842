"""Stems that somebody has added, and nobody else has worked in since: theirs to take back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cellissimo.crdt import layout
from cellissimo.crdt.mirror import GONE, Change

Stored = Mapping[str, Any]
"""The maps of a document, as they are stored."""


class OwnStems:
    """Of one document, for as long as it is open [ROOM-49]."""

    def __init__(self) -> None:
        """Whose the stems are that were there before, nobody knows."""
        self._owners: dict[str, str] = {}

    def of(self, person: str) -> frozenset[str]:
        """The stems that are somebody's alone."""
        return frozenset(stem for stem, owner in self._owners.items() if owner == person)

    def note(self, changes: Sequence[Change], author: str, stored: Stored) -> None:
        """Remember what somebody changed; ``stored`` is what the document says after it.

        *Cost*: O(changes).
        """
        for change in changes:
            if change.path == (layout.STEMS,):
                self._came_or_went(change, author)
        if self._owners:
            for change in changes:
                for stem in _stems_of(change, stored):
                    if self._owners.get(stem, author) != author:
                        del self._owners[stem]

    def _came_or_went(self, change: Change, author: str) -> None:
        if change.before is GONE:
            self._owners[change.key] = author
        elif change.after is GONE:
            self._owners.pop(change.key, None)


def _stems_of(change: Change, stored: Stored) -> Iterator[str]:
    """The stems that a change touches, in themselves or in what lies in them."""
    root, *within = change.path
    if root == layout.STEMS:
        yield within[0] if within else change.key
    if root in (layout.SEGMENTS, layout.LOOPS):  # a pattern's loop has its segment's id
        segment = stored[layout.SEGMENTS].get(within[0] if within else change.key)
        yield from _named(segment)
    if root == layout.SEGMENTS and not within:
        yield from _named(change.before)
        yield from _named(change.after)
    if root == layout.SEGMENTS and change.key == "stem":
        yield from (one for one in (change.before, change.after) if isinstance(one, str))


def _named(segment: object) -> Iterator[str]:
    stem = segment.get("stem") if isinstance(segment, dict) else None
    if isinstance(stem, str):
        yield stem
