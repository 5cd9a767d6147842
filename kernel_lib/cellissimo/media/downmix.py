"""Channels: up to eight become one or two."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from cellissimo.media.decode import AudioError

if TYPE_CHECKING:
    Numbers = np.ndarray[Any, np.dtype[np.float64]]

MOST_CHANNELS = 8

_HALF = math.sqrt(0.5)

_LAYOUTS = {
    3: "L R C",
    4: "L R l r",
    5: "L R C l r",
    6: "L R C . l r",
    7: "L R C . B l r",
    8: "L R C . l r l r",
}
"""Speakers in the order of WAV and FLAC: front left and right, centre, low frequencies (left out,
as the standard says), back centre, back and side left and right."""

_WEIGHTS = {
    "L": (1.0, 0.0),
    "R": (0.0, 1.0),
    "C": (_HALF, _HALF),
    "l": (_HALF, 0.0),
    "r": (0.0, _HALF),
    "B": (0.5, 0.5),
    ".": (0.0, 0.0),
}


def mixing(channels: int) -> Numbers:
    """The gains from so many channels to one or two, ``(channels, 1 or 2)``.

    One and two stay as they are. Of more, centre and surrounds go to the sides at -3 dB, and the
    sum is made quieter until it cannot clip.

    Raises:
        AudioError: there are none, or more than eight.

    Source: ITU-R BS.775-3, annex 4.
    """
    if not 1 <= channels <= MOST_CHANNELS:
        raise AudioError(
            f"{channels} channels; give 1 to {MOST_CHANNELS}, mix or split the others first"
        )
    if channels <= 2:
        return np.eye(channels)
    gains: Numbers = np.array([_WEIGHTS[speaker] for speaker in _LAYOUTS[channels].split()])
    gains /= gains.sum(axis=0).max()
    return gains
