"""Audio at another tempo, its pitch kept."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from cellissimo.media.decode import AudioError
from cellissimo.media.wav import SAMPLE_RATE
from cellissimo.schema.limits import MOST_FRAMES

if TYPE_CHECKING:
    Samples = np.ndarray[Any, np.dtype[np.float32]]

RATIOS = (0.25, 4.0)
"""New length over old: from four times as fast to four times as slow."""

_LONGER, _SHORTER = 1.9, 2.0
"""The most that one pass does: from twice the length on Signalsmith Stretch draws random phases."""

_SEED = 1

_MARGIN = SAMPLE_RATE // 4
"""Frames of silence around the audio, so that its first and last attacks are whole."""


def checked_ratio(ratio: float) -> float:
    """The ratio itself, when audio can be stretched by it.

    Raises:
        AudioError: it is not within 0.25 … 4.
    """
    if not RATIOS[0] <= ratio <= RATIOS[1]:
        raise AudioError(f"a stretch by {ratio}; give {RATIOS[0]} … {RATIOS[1]} times the length")
    return float(ratio)


def stretched(samples: Samples, ratio: float) -> Samples:
    """Samples ``ratio`` times as long, at the same pitch; the same samples give the same.

    Shape: ``(1 or 2, n)`` float32 to ``(1 or 2, round(n * ratio))``. Cost: some 60 times as fast
    as real time.

    Raises:
        AudioError: the ratio is out of range, the result too long, or the extra is missing.

    Source: Signalsmith Stretch, its usual setting.
    """
    frames = round(samples.shape[1] * checked_ratio(ratio))
    if not 0 < frames <= MOST_FRAMES:
        raise AudioError(f"{frames} frames when stretched; audio has 1 … {MOST_FRAMES}")
    step = _LONGER if ratio > 1 else _SHORTER
    passes = max(math.ceil(abs(math.log(ratio, step)) - 1e-9), 1)
    wide = np.pad(samples, ((0, 0), (_MARGIN, _MARGIN)))
    for number in range(1, passes + 1):
        wanted = round((samples.shape[1] + 2 * _MARGIN) * ratio ** (number / passes))
        wide = _once(wide, wanted)
    start = round(_MARGIN * ratio)
    return np.ascontiguousarray(wide[:, start : start + frames])


def _once(samples: Samples, frames: int) -> Samples:
    """One pass to so many frames."""
    try:
        from python_stretch.Signalsmith import Stretch  # noqa: PLC0415 - an extra
    except ImportError:
        raise AudioError(
            "stretching needs python-stretch; install it with: pip install 'cellissimo[audio]'"
        ) from None
    stretch = Stretch(_SEED)
    stretch.preset(samples.shape[0], float(SAMPLE_RATE))
    stretch.setTimeFactor(samples.shape[1] / frames)
    made = np.asarray(stretch.process(np.ascontiguousarray(samples, np.float32)))[:, :frames]
    return np.pad(made, ((0, 0), (0, frames - made.shape[1])))
