"""Markov chains: what follows what, learned from a sequence."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import TypeVar

from cellissimo.domain.errors import CellissimoError
from cellissimo.generate.seeded import MOST, Seed, chosen, random_of
from cellissimo.schema import checks

Item = TypeVar("Item", bound=Hashable)

LONGEST_MEMORY = 16
"""The highest order."""


def markov(source: Iterable[Item], count: int, order: int = 1, seed: Seed = 0) -> list[Item]:
    """A sequence of ``count`` items in which each follows the ``order`` before as in ``source``.

    ``source`` is any sequence: chord symbols, pitches, pairs of pitch and duration, a column of a
    table, the letters of a pattern. Its end is followed by its beginning, so that a chain never
    runs dry. It begins somewhere in the source.

    >>> markov("C Am F G C F G G".split(), 6, seed=4)
    ['Am', 'F', 'G', 'C', 'Am', 'F']

    Raises:
        CellissimoError: the source is shorter than ``order + 1``, or a value is out of range.
    """
    items = list(source.tolist() if hasattr(source, "tolist") else source)
    memory = checks.whole(order, 1, LONGEST_MEMORY, "order")
    length = checks.whole(count, 0, MOST, "count")
    if len(items) <= memory:
        message = f"a chain of order {memory} cannot be learned from {len(items)} items; give more"
        raise CellissimoError(message)
    followers = _followers(items, memory)
    rng = random_of(seed)
    start = chosen(rng, len(items))
    made = [items[(start + place) % len(items)] for place in range(memory)]
    while len(made) < length:
        known = followers[tuple(made[-memory:])]
        made.append(known[chosen(rng, len(known))])
    return made[:length]


def _followers(items: list[Item], order: int) -> dict[tuple[Item, ...], list[Item]]:
    """What followed each run of items, as often as it did."""
    found: dict[tuple[Item, ...], list[Item]] = {}
    ring = items + items[:order]
    for place in range(len(items)):
        found.setdefault(tuple(ring[place : place + order]), []).append(ring[place + order])
    return found
