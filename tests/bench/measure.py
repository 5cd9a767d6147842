"""What an ear notices, in numbers: loudness, true peak, pitch, decay, brightness, crest."""

from __future__ import annotations

import numpy as np
from scipy.signal import resample_poly, sosfilt

RATE = 48_000

K_WEIGHTING = np.array(
    [
        [
            1.53512485958697,
            -2.69169618940638,
            1.19839281085285,
            1.0,
            -1.69065929318241,
            0.73248077421585,
        ],
        [1.0, -2.0, 1.0, 1.0, -1.99004745483398, 0.99007225036621],
    ]
)
"""The two stages of ITU-R BS.1770-5 at 48 kHz."""


def loudness(samples: np.ndarray) -> float:
    """Integrated loudness in LUFS by BS.1770-5: blocks of 400 ms, gates at -70 and -10."""
    weighted = sosfilt(K_WEIGHTING, samples.astype(np.float64), axis=1)
    size, hop = int(0.4 * RATE), int(0.1 * RATE)
    if weighted.shape[1] < size:
        weighted = np.pad(weighted, ((0, 0), (0, size - weighted.shape[1])))
    squares = np.cumsum(np.pad((weighted**2).sum(axis=0), (1, 0)))
    starts = np.arange(0, len(squares) - size, hop)
    power = (squares[starts + size] - squares[starts]) / size
    heard = power[power > _power(-70)]
    if not heard.size:
        return -np.inf
    return _level(heard[heard > heard.mean() / 10].mean())


def _power(level: float) -> float:
    return 10 ** ((level + 0.691) / 10)


def _level(power: float) -> float:
    return float(-0.691 + 10 * np.log10(power))


def true_peak(samples: np.ndarray) -> float:
    """The highest point between samples too, in dBTP: 4 times oversampled."""
    return decibels(np.abs(resample_poly(samples.astype(np.float64), 4, 1, axis=1)).max())


def decibels(amplitude: float) -> float:
    """An amplitude in dB of full scale."""
    return float(20 * np.log10(max(amplitude, 1e-12)))


def crest(samples: np.ndarray) -> float:
    """Peak over RMS in dB, of the part within 40 dB of the peak."""
    heard = _heard(samples)
    return decibels(np.abs(heard).max()) - decibels(float(np.sqrt((heard**2).mean())))


def centroid(samples: np.ndarray) -> float:
    """The centre of the power spectrum in Hz, of the part within 40 dB of the peak."""
    heard = _heard(samples)
    power = (np.abs(np.fft.rfft(heard, axis=1)) ** 2).sum(axis=0)
    return float((np.fft.rfftfreq(heard.shape[1], 1 / RATE) * power).sum() / power.sum())


def pitch(samples: np.ndarray, start: float, length: float) -> float:
    """The strongest partial between two times in seconds, in Hz, by parabolic interpolation."""
    piece = samples.sum(axis=0)[int(start * RATE) : int((start + length) * RATE)]
    spectrum = np.abs(np.fft.rfft(piece * np.hanning(len(piece)), 1 << 18))
    top = int(spectrum.argmax())
    a, b, c = np.log(spectrum[top - 1 : top + 2] + 1e-30)
    return float((top + 0.5 * (a - c) / (a - 2 * b + c)) * RATE / (1 << 18))


def decay(samples: np.ndarray) -> float:
    """Seconds from the peak to 60 dB below, from the slope between -5 and -35 dB."""
    levels = envelope(samples)
    top = int(levels.argmax())
    after = levels[top:] - levels[top]
    first, last = (int(np.argmax(after < level)) for level in (-5, -35))
    if last <= first:
        return float("nan")
    return 2 * (last - first) * 0.005


def envelope(samples: np.ndarray) -> np.ndarray:
    """Level in dB of windows of 20 ms, every 5 ms."""
    size, hop = int(0.02 * RATE), int(0.005 * RATE)
    padded = np.pad(samples.astype(np.float64), ((0, 0), (0, size)))
    squares = np.cumsum(np.pad((padded**2).mean(axis=0), (1, 0)))
    starts = np.arange(0, len(squares) - size, hop)
    return 10 * np.log10((squares[starts + size] - squares[starts]) / size + 1e-20)


def _heard(samples: np.ndarray) -> np.ndarray:
    levels = envelope(samples)
    inside = np.flatnonzero(levels > levels.max() - 40)
    first, last = inside[0] * 0.005, inside[-1] * 0.005 + 0.02
    return samples[:, int(first * RATE) : int(last * RATE)].astype(np.float64)
