"""Loudness by ITU-R BS.1770-4 and EBU R 128: momentary, short-term, integrated, range, peaks.

One meter takes audio block by block in whatever sizes; the result depends on the samples alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cellissimo.media.k_weighting import KWeighting
from cellissimo.media.true_peak import TruePeak
from cellissimo.media.wav import SAMPLE_RATE

if TYPE_CHECKING:
    Samples = np.ndarray[Any, np.dtype[np.float32]]
    Levels = np.ndarray[Any, np.dtype[np.float64]]

HOP = SAMPLE_RATE // 100
"""Frames between two readings: 10 ms, so that the loudest moment is found wherever it is."""

MOMENTARY, SHORT_TERM = 40, 300
"""Windows of 400 ms and 3 s, in hops."""

_GATING_STEP = 10
"""Hops between two blocks of the integrated loudness and the range: 100 ms."""

_SILENCE = -70.0
"""LUFS below which a block never counts."""


@dataclass(frozen=True, slots=True)
class Loudness:
    """How loud audio is.

    ``integrated``, ``momentary`` and ``short_term`` (the loudest of each) in LUFS, ``range`` in
    LU, ``true_peak`` in dBTP, ``sample_peak`` in dBFS. What is silent or too short to be measured
    (400 ms, or 3 s for short-term and range) has -inf, and a range of 0.
    """

    integrated: float
    range: float
    momentary: float
    short_term: float
    true_peak: float
    sample_peak: float

    def __repr__(self) -> str:
        """One line, as an engineer says it."""
        return (
            f"{self.integrated:.1f} LUFS, range {self.range:.1f} LU, "
            f"true peak {self.true_peak:.1f} dBTP"
        )


class LoudnessMeter:
    """Measures audio at 48 000 Hz that comes in blocks of ``(1 or 2, n)`` float32.

    Mono is measured as it is heard here, on both sides.
    """

    def __init__(self) -> None:
        """A meter that has heard nothing."""
        self._weighting = KWeighting()
        self._true_peak = TruePeak()
        self._peak = 0.0
        self._rest = np.empty(0)
        self._hops: list[Levels] = []

    def add(self, samples: Samples) -> None:
        """Hear the next block."""
        if not samples.size:
            return
        both = np.broadcast_to(samples, (2, samples.shape[1])).astype(np.float64)
        self._peak = max(self._peak, float(np.abs(both).max()))
        self._true_peak.add(both)
        weighted = self._weighting.next(both)
        power = np.concatenate((self._rest, (weighted**2).sum(axis=0)))
        whole = len(power) // HOP * HOP
        self._hops.append(power[:whole].reshape(-1, HOP).sum(axis=1))
        self._rest = power[whole:]

    def result(self) -> Loudness:
        """What was heard up to now."""
        momentary, short_term = self.momentary(), self.short_term()
        return Loudness(
            integrated=_integrated(momentary[::_GATING_STEP]),
            range=_range(short_term[::_GATING_STEP]),
            momentary=float(momentary.max(initial=-np.inf)),
            short_term=float(short_term.max(initial=-np.inf)),
            true_peak=decibels(max(self._true_peak.highest(), self._peak)),
            sample_peak=decibels(self._peak),
        )

    def momentary(self) -> Levels:
        """Loudness of each 400 ms, every 10 ms, in LUFS."""
        return _levels(self._windows(MOMENTARY))

    def short_term(self) -> Levels:
        """Loudness of each 3 s, every 10 ms, in LUFS."""
        return _levels(self._windows(SHORT_TERM))

    def _windows(self, hops: int) -> Levels:
        """The mean power of each window of so many hops."""
        each = np.concatenate((np.empty(0), *self._hops))
        if len(each) < hops:
            return np.empty(0)
        sums = np.lib.stride_tricks.sliding_window_view(each, hops).sum(axis=1)
        return np.asarray(sums / (hops * HOP))


def loudness_of(samples: Samples) -> Loudness:
    """How loud samples are: ``(1 or 2, n)`` float32 at 48 000 Hz."""
    meter = LoudnessMeter()
    for start in range(0, samples.shape[1], SAMPLE_RATE):
        meter.add(samples[:, start : start + SAMPLE_RATE])
    return meter.result()


def decibels(amplitude: float) -> float:
    """An amplitude in dB of full scale, -inf for silence."""
    return float(20 * np.log10(amplitude)) if amplitude > 0 else -np.inf


def _levels(power: Levels) -> Levels:
    with np.errstate(divide="ignore"):
        return np.asarray(-0.691 + 10 * np.log10(power))


def _powers(levels: Levels) -> Levels:
    return np.asarray(10 ** ((levels + 0.691) / 10))


def _integrated(levels: Levels) -> float:
    """The level of the blocks within 10 LU below that of all that are not silent [BS.1770-4]."""
    heard = _powers(levels[levels > _SILENCE])
    if not heard.size:
        return -np.inf
    loud = heard[heard > heard.mean() / 10]
    return float(_levels(loud.mean(keepdims=True))[0])


def _range(levels: Levels) -> float:
    """From the 10th to the 95th of 100 of the blocks within 20 LU of the mean [EBU Tech 3342]."""
    heard = levels[levels > _SILENCE]
    if not heard.size:
        return 0.0
    gate = float(_levels(_powers(heard).mean(keepdims=True))[0]) - 20
    ordered = np.sort(heard[heard > gate])
    last = len(ordered) - 1
    return float(ordered[round(0.95 * last)] - ordered[round(0.10 * last)])
