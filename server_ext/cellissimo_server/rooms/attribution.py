"""Who wrote what of a document last, and how much each has done [ROOM-8]."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from cellissimo.crdt import layout
from cellissimo.crdt.mirror import GONE, Change
from cellissimo.schema.models import Song
from cellissimo_server.store.journal import Entry

Thing = tuple[str, str]
"""A root map of the document, or "notes", and an id; the song itself is ("song", "").

Steps and chords are ("steps" or "chords", a loop's id, a blank, and their key in it).
"""

SONG: Thing = (layout.SONG, "")

_ENTITIES = frozenset(layout.INNER)
_INNER = {
    layout.SEGMENTS: (layout.NOTES,),
    layout.LOOPS: (layout.STEPS, layout.CHORDS),
}


@dataclass(frozen=True, slots=True)
class Touch:
    """The last change of a thing: its revision, who made it, and when (ms UTC)."""

    seq: int
    author: str
    at: int


@dataclass(frozen=True, slots=True)
class Removed:
    """A stem that was deleted: what it was called, and the deletion."""

    id: str
    name: str
    color: str
    touch: Touch


class Attribution:
    """The last change of every thing, everybody's number of edits, and the stems that are gone.

    Of what was not changed since ``begins`` nothing is known: that was before the history.
    """

    def __init__(self, begins: int) -> None:
        """Nothing is known yet; ``begins`` is the revision that all of it is counted from."""
        self.begins = begins
        self.last: dict[Thing, Touch] = {}
        self.edits: Counter[str] = Counter()
        self.removed_stems: dict[str, Removed] = {}

    def found(self, song: Song, entry: Entry) -> None:
        """Everything that is there was written by one entry."""
        touch = self._count(entry)
        self.last[SONG] = touch
        for thing in (*things_of(song), *cells_of(song)):
            self.last[thing] = touch

    def note(self, changes: Iterable[Change], entry: Entry) -> None:
        """Remember what an entry changed. *Cost*: O(changes)."""
        touch = self._count(entry)
        for change in changes:
            self._touch(change, touch)

    def seq_of(self, thing: Thing) -> int:
        """The revision of a thing's last change; where the history begins, if it is older."""
        found = self.last.get(thing)
        return found.seq if found else self.begins

    def _count(self, entry: Entry) -> Touch:
        self.edits[entry.author] += 1
        return Touch(entry.seq, entry.author, entry.at)

    def _touch(self, change: Change, touch: Touch) -> None:
        root, *within = change.path
        if root not in _ENTITIES:
            self.last[SONG] = touch
            return
        thing = (root, within[0] if within else change.key)
        if root == layout.STEMS and not within:
            self._touch_stem(change, touch)
        if not within and change.after is GONE:
            self.last.pop(thing, None)
        else:
            self.last[thing] = touch
        self._touch_inner(change, touch)

    def _touch_stem(self, change: Change, touch: Touch) -> None:
        """A stem that came, or went."""
        self.removed_stems.pop(change.key, None)
        if change.after is GONE and isinstance(change.before, dict):
            name, color = (str(change.before.get(field, "")) for field in ("name", "color"))
            self.removed_stems[change.key] = Removed(change.key, name, color, touch)

    def _touch_inner(self, change: Change, touch: Touch) -> None:
        """Notes, steps and chords one by one; a pattern's loop is its segment's."""
        root, *within = change.path
        for inner in _INNER.get(root, ()):
            if within[1:] == [inner]:
                self._set(inner_thing(inner, within[0], change.key), change.after, touch)
            elif not within:
                held = change.before if change.after is GONE else change.after
                for key in held.get(inner) or {} if isinstance(held, dict) else ():
                    self._set(inner_thing(inner, change.key, key), change.after, touch)
        if root == layout.LOOPS and within and (layout.SEGMENTS, within[0]) in self.last:
            self.last[layout.SEGMENTS, within[0]] = touch

    def _set(self, thing: Thing, after: object, touch: Touch) -> None:
        if after is GONE:
            self.last.pop(thing, None)
        else:
            self.last[thing] = touch


def inner_thing(inner: str, within: str, key: str) -> Thing:
    """A note, or a step or chord of a loop."""
    return inner, key if inner == layout.NOTES else f"{within} {key}"


def cells_of(song: Song) -> list[Thing]:
    """The steps and chords of all loops of a song."""
    found = []
    for loop in song.loops.values():
        found += [inner_thing(layout.STEPS, loop.id, layout.step_key(*key)) for key in loop.steps]
        found += [inner_thing(layout.CHORDS, loop.id, str(cell)) for cell in loop.chords]
    return found


def things_of(song: Song) -> list[Thing]:
    """Everything with an id in a song."""
    entities = (
        (layout.LOOPS, song.loops),
        (layout.BLOCKS, song.blocks),
        (layout.STEMS, song.stems),
        (layout.RETURNS, song.returns),
        (layout.SEGMENTS, song.segments),
        (layout.SECTIONS, song.sections),
        (layout.MARKERS, song.markers),
    )
    found = [(root, key) for root, held in entities for key in held]
    return found + [
        (layout.NOTES, key) for segment in song.segments.values() for key in segment.notes
    ]
