"""What is locked of a song, in words."""

from __future__ import annotations

from collections.abc import Iterable

from cellissimo.notation.digest_loop import named
from cellissimo.notation.digest_places import span_words
from cellissimo.schema.models import Lock, Song


def lock_words(song: Song, lock: Lock) -> str:
    """What a lock closes: 'the stem "Bass"', 'the loop "Verse"', "bars 1-8"."""
    if lock.kind == "bars":
        return span_words(song, lock.start, lock.end - lock.start)
    held = (song.stems if lock.kind == "stem" else song.loops).get(lock.of)
    return f"the {lock.kind} {named(held.name)}" if held else f"a {lock.kind} that is missing"


def in_order(locks: Iterable[Lock]) -> list[Lock]:
    """Locks as they are listed: bars by their place, then loops and stems."""
    return sorted(locks, key=lambda lock: (lock.kind, lock.start, lock.end, lock.of))
