"""Rhythms as letters: spread evenly by Euclid, or left to chance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from cellissimo.domain.errors import CellissimoError
from cellissimo.generate.seeded import MOST, Seed, random_of
from cellissimo.schema import checks

VELOCITIES = {"X": 127, "x": 100, "o": 50}
"""What letters sound with, 0 … 127, as in the pattern language."""

REST = "."


class Steps(str):
    """A row of steps as its letters: X accent, x normal, o ghost, a dot for a rest.

    It is a text, so that ``loop["hat"] = steps`` and ``f"seq hat: {steps}"`` take it as it is.

    >>> Steps("x..x..x.").cells
    (0, 3, 6)
    """

    __slots__ = ()

    def __new__(cls, letters: str) -> Self:
        """The steps of letters; spaces and bars are left out, "-" is a rest.

        Raises:
            CellissimoError: a letter is no step.
        """
        plain = "".join(letters.split()).replace("|", "").replace("-", REST)
        wrong = [letter for letter in plain if letter not in VELOCITIES and letter != REST]
        if wrong:
            message = f"{wrong[0]!r} in {letters!r} is no step; write X, x, o, or a dot for a rest"
            raise CellissimoError(message)
        return super().__new__(cls, plain)

    @property
    def cells(self) -> tuple[int, ...]:
        """The cells that sound, from 0."""
        return tuple(cell for cell, letter in enumerate(self) if letter != REST)

    @property
    def velocities(self) -> tuple[int, ...]:
        """The velocities of the cells that sound, 0 … 127."""
        return tuple(VELOCITIES[letter] for letter in self if letter != REST)

    def rotate(self, steps: int) -> Steps:
        """The rhythm later by some steps, earlier when negative; what falls off comes in again."""
        turn = checks.whole(steps, -MOST, MOST, "steps") % max(len(self), 1)
        return Steps(self[len(self) - turn :] + self[: len(self) - turn])

    def complement(self) -> Steps:
        """Steps where this rhythm rests, and rests where it sounds."""
        return Steps("".join("x" if letter == REST else REST for letter in self))

    def accent(self, other: str) -> Steps:
        """The rhythm with an accent wherever ``other``, repeated, sounds too."""
        pulse = Steps(other)
        loud = (pulse[cell % len(pulse)] != REST if pulse else False for cell in range(len(self)))
        pairs = zip(self, loud, strict=True)
        return Steps("".join("X" if hit and one != REST else one for one, hit in pairs))

    def __repr__(self) -> str:
        """The letters."""
        return f"Steps {self}"


def euclid(pulses: int, steps: int, rotation: int = 0) -> Steps:
    """So many pulses spread over steps as evenly as can be.

    ``rotation`` moves the rhythm later by so many steps.

    >>> euclid(5, 8)
    Steps x.xx.xx.
    >>> euclid(5, 8, rotation=1)
    Steps .x.xx.xx

    Raises:
        CellissimoError: there are more pulses than steps, or a value is out of range.
    Source: E. Bjorklund's algorithm as in G. Toussaint, "The Euclidean Algorithm Generates
        Traditional Musical Rhythms" (2005).
    """
    length = checks.whole(steps, 1, MOST, "steps")
    count = checks.whole(pulses, 0, length, "pulses")
    heads, tails = ["x"] * count, [REST] * (length - count)
    is_first = True
    while len(tails) > 1 or (is_first and tails and heads):
        is_first = False
        pairs = min(len(heads), len(tails))
        if not pairs:
            break
        left = heads[pairs:] or tails[pairs:]
        heads, tails = [heads[i] + tails[i] for i in range(pairs)], left
    return Steps("".join(heads + tails)).rotate(rotation)


def chance(
    steps: int = 16,
    density: float | Sequence[float] = 0.5,
    seed: Seed = 0,
    *,
    accents: float = 0.0,
    ghosts: float = 0.0,
) -> Steps:
    """Steps that chance chooses, each with the probability ``density``, 0.0 … 1.0.

    ``density`` may be a sequence, which repeats: ``(0.9, 0.2)`` favours the beats. Of the steps
    that sound, the share ``accents`` is loud and the share ``ghosts`` soft.

    >>> chance(8, 0.5, seed=1)
    Steps x.x.x..x

    Raises:
        CellissimoError: a value is out of range.
    """
    length = checks.whole(steps, 1, MOST, "steps")
    given = density if isinstance(density, Sequence) else (density,)
    shares = [checks.number(share, 0, 1, "density") for share in given] or [0.0]
    loud = checks.number(accents, 0, 1, "accents")
    soft = checks.number(ghosts, 0, 1 - loud, "ghosts")
    rng = random_of(seed)
    letters = []
    for cell in range(length):
        sounds, kind = rng.random() < shares[cell % len(shares)], rng.random()
        letter = "X" if kind < loud else "o" if kind < loud + soft else "x"
        letters.append(letter if sounds else REST)
    return Steps("".join(letters))
