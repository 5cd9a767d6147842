"""Products of tall matrices, row block by row block."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    Matrix = np.ndarray[Any, np.dtype[np.float64]]

_ROWS = 32
"""Rows at once: so little that BLAS stays on this thread.

Spread over all cores, products of this shape wait for each other; on a busy machine they take
three times as long.
"""


def product(rows: Matrix, matrix: Matrix) -> Matrix:
    """``rows @ matrix``, ``(n, a)`` and ``(a, b)`` to ``(n, b)`` float64."""
    made = np.empty((len(rows), matrix.shape[1]))
    whole = len(rows) // _ROWS * _ROWS
    blocks = rows[:whole].reshape(-1, _ROWS, rows.shape[1])
    np.matmul(blocks, matrix, out=made[:whole].reshape(-1, _ROWS, matrix.shape[1]))
    np.matmul(rows[whole:], matrix, out=made[whole:])
    return made
