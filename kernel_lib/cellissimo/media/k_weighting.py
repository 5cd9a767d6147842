"""The K-weighting of ITU-R BS.1770-4 at 48 000 Hz, without a loop over samples.

A recursive filter over a block of 64 samples is one matrix product: what the samples give, plus
what the state before the block still gives. The states between blocks are found by doubling.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from cellissimo.media.products import product

if TYPE_CHECKING:
    Matrix = np.ndarray[Any, np.dtype[np.float64]]

BLOCK = 64

_NOTHING = 1e-18

_SHELF = ((1.53512485958697, -2.69169618940638, 1.19839281085285),
          (-1.69065929318241, 0.73248077421585))  # fmt: skip
_HIGH_PASS = ((1.0, -2.0, 1.0), (-1.99004745483398, 0.99007225036621))
"""Feed-forward and feed-back factors of the two stages [BS.1770-4, tables 1 and 2]."""


class KWeighting:
    """The filter of two channels, which remembers where it is between blocks."""

    def __init__(self) -> None:
        """A filter at rest."""
        self._state = np.zeros((2, 4))

    def next(self, samples: Matrix) -> Matrix:
        """The next samples weighted: ``(2, n)`` float64 of the same."""
        whole = samples.shape[1] // BLOCK * BLOCK
        blocks = self._filtered(samples[:, :whole].reshape(2, -1, BLOCK))
        rest = self._filtered(samples[:, whole:, None].transpose(0, 2, 1))
        return np.concatenate((blocks, rest), axis=1)

    def _filtered(self, blocks: Matrix) -> Matrix:
        """Blocks of one size, ``(2, count, size)``, as ``(2, count * size)``."""
        _, count, size = blocks.shape
        if not count * size:
            return np.empty((2, 0))
        carry, given, seen, direct = _block(size)
        states = np.empty((2, count + 1, 4))
        states[:, 0] = self._state
        rows = blocks.reshape(-1, size)
        states[:, 1:] = product(rows, given.T).reshape(2, count, 4)
        _accumulate(states, carry)
        self._state = states[:, -1].copy()
        before = states[:, :-1].reshape(-1, 4)
        return (product(rows, direct.T) + product(before, seen.T)).reshape(2, -1)


def _accumulate(states: Matrix, carry: Matrix) -> None:
    """Add to each state what the one before becomes in a block, in place, by doubling.

    What is left of a state after some 100 blocks is below the last bit of a sum.
    """
    step, power = 1, carry
    while step < states.shape[1] and np.abs(power).max() > _NOTHING:
        states[:, step:] += states[:, :-step].copy() @ power.T
        step, power = 2 * step, power @ power


@cache
def _block(size: int) -> tuple[Matrix, Matrix, Matrix, Matrix]:
    """What a block of so many samples does to the state, and what it gives, as matrices.

    State to state, samples to state, state to output, samples to output.
    """
    a, b, c, d = _series(_stage(*_SHELF), _stage(*_HIGH_PASS))
    powers = [np.eye(4)]
    for _ in range(size):
        powers.append(a @ powers[-1])
    echoes = [d.item(), *((c @ power @ b).item() for power in powers[: size - 1])]
    direct = np.array([[echoes[n - m] if n >= m else 0.0 for m in range(size)]
                       for n in range(size)])  # fmt: skip
    given = np.hstack([powers[size - 1 - m] @ b for m in range(size)])
    seen = np.vstack([c @ powers[n] for n in range(size)])
    return powers[size], given, seen, direct


System = tuple["Matrix", "Matrix", "Matrix", "Matrix"]


def _stage(forward: tuple[float, ...], back: tuple[float, ...]) -> System:
    """A second-order filter as matrices of its state, in transposed direct form II."""
    b0, b1, b2 = forward
    a1, a2 = back
    into = np.array([[b1 - a1 * b0], [b2 - a2 * b0]])
    return np.array([[-a1, 1.0], [-a2, 0.0]]), into, np.array([[1.0, 0.0]]), np.array([[b0]])


def _series(first: System, second: System) -> System:
    """Two filters, one behind the other."""
    (a1, b1, c1, d1), (a2, b2, c2, d2) = first, second
    a = np.block([[a1, np.zeros((2, 2))], [b2 @ c1, a2]])
    return a, np.vstack((b1, b2 @ d1)), np.hstack((d2 @ c1, c2)), d2 @ d1
