"""Seeds, and the checks of what generators are given."""

from __future__ import annotations

from random import Random

from cellissimo.schema import checks, limits

Seed = int | Random
"""A whole number from 0 up, or a generator of Python's, which goes on from where it is."""

MOST = 10_000
"""The longest sequence a generator makes."""


def random_of(seed: Seed) -> Random:
    """A generator of random numbers for a seed; of it, only ``random()`` is used.

    Python promises that ``Random(seed).random()`` gives the same numbers in every version.

    Raises:
        CellissimoError: the seed is none.
    """
    if isinstance(seed, Random):
        return seed
    return Random(checks.whole(seed, *limits.SEED_RANGE, "seed"))  # noqa: S311 - music, no secret


def chosen(rng: Random, count: int) -> int:
    """A number from 0 to ``count - 1``, all alike."""
    return int(rng.random() * count)
