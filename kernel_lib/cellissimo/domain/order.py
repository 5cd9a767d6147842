"""Fractional keys: texts that order things, with room for another between any two.

Two people can move things at the same time without renumbering the rest.
Source: David Greenspan, "Implementing fractional indexing" (the idea; the digits are our own).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from cellissimo.domain.errors import CellissimoError

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
"""The digits of a key, in their order."""


def key_between(low: str | None, high: str | None) -> str:
    """A key above ``low`` and below ``high``; None is no limit on that side.

    It never ends in "0", below which there would be no room.

    Raises: CellissimoError where ``low`` is not below ``high``.
    """
    below, above = low or "", high
    if above is not None and below >= above:
        message = f"there is no key between {low!r} and {high!r}; give the lower one first"
        raise CellissimoError(message)
    key = ""
    while True:
        place = len(key)
        floor = DIGITS.index(below[place]) if place < len(below) else 0
        roof = DIGITS.index(above[place]) if above is not None and place < len(above) else 62
        if roof - floor > 1:
            return key + DIGITS[(floor + roof) // 2]
        key += DIGITS[floor]
        if roof > floor:
            above = None


def keys_after(low: str | None, count: int) -> list[str]:
    """``count`` keys above ``low``, rising."""
    keys: list[str] = []
    for _ in range(count):
        keys.append(key_between(keys[-1] if keys else low, None))
    return keys


def in_order(keys: Iterable[str]) -> bool:
    """Whether ``keys`` rise."""
    return all(one < other for one, other in itertools.pairwise(keys))
