"""True peak: the highest point of the wave between samples too, 4 times oversampled."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from cellissimo.media.products import product

if TYPE_CHECKING:
    Matrix = np.ndarray[Any, np.dtype[np.float64]]

TAPS = 48
"""Samples that each point between two is made of; 24 on either side."""

_BLOCK = 32
_OVERLAP = TAPS - 1


class TruePeak:
    """The highest true peak of two channels that come in blocks.

    Only stretches that could hold a higher peak than the one known are looked at: between samples
    no point is more than a fixed number of times as high as the samples around it.

    Source: ITU-R BS.1770-4, annex 2, with a longer filter than it suggests.
    """

    def __init__(self) -> None:
        """Silence before the first block."""
        self._waiting = np.zeros((2, _OVERLAP))
        self._highest = 0.0

    def add(self, samples: Matrix) -> None:
        """Hear the next block, ``(2, n)`` float64."""
        heard = np.concatenate((self._waiting, samples), axis=1)
        whole = (heard.shape[1] - _OVERLAP) // _BLOCK * _BLOCK
        self._highest = _highest(heard[:, : whole + _OVERLAP], self._highest)
        self._waiting = heard[:, whole:]

    def highest(self) -> float:
        """The highest point up to now, as an amplitude, as if silence followed."""
        end = np.concatenate((self._waiting, np.zeros((2, 2 * _BLOCK + _OVERLAP))), axis=1)
        whole = (end.shape[1] - _OVERLAP) // _BLOCK * _BLOCK
        return _highest(end[:, : whole + _OVERLAP], self._highest)


def _highest(heard: Matrix, known: float) -> float:
    """The highest point of whole blocks and what overlaps them, if it is above the known one."""
    if heard.shape[1] <= _OVERLAP:
        return known
    between, reach = _interpolator()
    view = np.lib.stride_tricks.sliding_window_view(heard, _BLOCK + _OVERLAP, axis=1)
    windows = view[:, ::_BLOCK].reshape(-1, _BLOCK + _OVERLAP)
    known = max(known, float(np.abs(heard).max()))
    loud = windows[np.abs(windows).max(axis=1) * reach > known]
    return max(known, float(np.abs(product(loud, between)).max(initial=0.0)))


@cache
def _interpolator() -> tuple[Matrix, float]:
    """From a window of samples to the three points behind each sample; and how far it can reach.

    A sinc under a Hann window, each of the three phases with a sum of 1.
    """
    at = np.arange(TAPS) - (TAPS // 2 - 1)
    phases = []
    for quarter in (1, 2, 3):
        distance = at - quarter / 4
        phase = np.sinc(distance) * np.cos(np.pi * distance / (TAPS + 1)) ** 2
        phases.append(phase / phase.sum())
    between = np.zeros((_BLOCK + _OVERLAP, _BLOCK, 3))
    for place in range(_BLOCK):
        between[place : place + TAPS, place] = np.stack(phases, axis=1)
    reach = max(float(np.abs(phase).sum()) for phase in phases)
    return between.reshape(_BLOCK + _OVERLAP, -1), reach
