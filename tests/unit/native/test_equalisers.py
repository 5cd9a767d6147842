"""Equaliser, parametric bands and filter against their formulas."""

import numpy as np
import pytest
from scipy.signal import freqz

from tests.unit.native.effects import RATE, bins, decibels, impulse, spectrum, through

HZ = bins()


def shelf(a: float, cosine: float, alpha: float) -> tuple[list[float], list[float]]:
    """Bristow-Johnson's low shelf; a high shelf is one of the mirrored frequency."""
    root = 2 * np.sqrt(a) * alpha
    up, down = a + 1, a - 1
    b = [
        a * (up - down * cosine + root),
        2 * a * (down - up * cosine),
        a * (up - down * cosine - root),
    ]
    return b, [up + down * cosine + root, -2 * (down + up * cosine), up + down * cosine - root]


def cookbook(kind: str, hz: float, gain: float, q: float) -> np.ndarray:
    """The magnitude of a band of the Audio EQ Cookbook at the frequencies of `HZ`."""
    turn = 2 * np.pi * hz / RATE
    c, alpha, a = np.cos(turn), np.sin(turn) / (2 * q), 10 ** (gain / 40)
    low, high = shelf(a, c, alpha), shelf(a, -c, alpha)
    mirrored = tuple([x[0], -x[1], x[2]] for x in high)
    around = [1 + alpha, -2 * c, 1 - alpha]
    b, d = {
        "peak": (
            [1 + alpha * a, -2 * c, 1 - alpha * a],
            [1 + alpha / a, -2 * c, 1 - alpha / a],
        ),
        "lowshelf": low,
        "highshelf": mirrored,
        "lowpass": ([(1 - c) / 2, 1 - c, (1 - c) / 2], around),
        "highpass": ([(1 + c) / 2, -1 - c, (1 + c) / 2], around),
        "bandpass": ([alpha, 0, -alpha], around),
        "notch": ([1, -2 * c, 1], around),
    }[kind]
    return np.abs(freqz(b, d, 2 * np.pi * HZ / RATE)[1])


def assert_response(settings, expected, tolerance=0.1):
    heard = (HZ > 15) & (expected > 1e-3)
    away = decibels(spectrum(settings)[heard]) - decibels(expected[heard])
    assert np.abs(away).max() < tolerance


@pytest.mark.parametrize("kind", ["peak", "lowshelf", "highshelf", "lowpass", "highpass", "notch"])
@pytest.mark.parametrize(("hz", "gain", "q"), [(60, 12, 0.707), (1000, -18, 3), (9000, 6, 1.5)])
def test_a_band_has_the_cookbooks_response(kind, hz, gain, q):
    """[ENG-28] Every shape of a parametric band, low and high: within 0.1 dB of its formula."""
    settings = {"band2.type": kind, "band2.freq": hz, "band2.gain": gain, "band2.q": q}
    assert_response(settings, cookbook(kind, hz, gain, q))


def test_four_bands_add_in_decibels():
    """All four at once have the product of their responses."""
    wanted = (
        ("lowshelf", 100, 6, 0.7),
        ("peak", 400, -9, 2),
        ("peak", 2500, 9, 4),
        ("highshelf", 6400, -6, 0.7),
    )
    settings, product = {}, np.ones_like(HZ)
    for i, (kind, hz, gain, q) in enumerate(wanted, start=1):
        section = {"type": kind, "freq": hz, "gain": gain, "q": q}
        settings |= {f"band{i}.{name}": value for name, value in section.items()}
        product *= cookbook(kind, hz, gain, q)
    assert_response(settings, product)


@pytest.mark.parametrize(("low", "mid", "high"), [(2, -1, 3), (-3, 0, 0), (0, 3, 0), (1, 1, -3)])
def test_the_three_band_equaliser_moves_in_steps_of_3_db(low, mid, high):
    """Shelves of Q 0.707 at the corners, a bell from corner to corner between them."""
    middle = np.sqrt(300 * 4000)
    expected = cookbook("lowshelf", 300, 3 * low, np.sqrt(0.5))
    expected *= cookbook("peak", middle, 3 * mid, middle / 3700)
    expected *= cookbook("highshelf", 4000, 3 * high, np.sqrt(0.5))
    settings = {"eq.low": low, "eq.mid": mid, "eq.high": high}
    assert_response({**settings, "eq.lowfreq": 300, "eq.highfreq": 4000}, expected)


@pytest.mark.parametrize("kind", ["lowpass", "highpass", "bandpass", "notch"])
@pytest.mark.parametrize(("hz", "q"), [(80, 0.707), (1000, 6), (12_000, 1)])
def test_the_filter_has_the_cookbooks_response(kind, hz, q):
    """Within 0.1 dB, the band pass with 0 dB at its centre."""
    settings = {"filter.type": kind, "filter.freq": hz, "filter.q": q}
    assert_response(settings, cookbook(kind, hz, 0, q))


@pytest.mark.parametrize(
    "settings",
    [
        {"eq.lowfreq": 100},
        {"band1.type": "peak", "band1.gain": 0},
        {"band3.freq": 50, "band3.q": 9},
        {"filter.freq": 50},
    ],
)
def test_what_is_flat_is_not_there(settings):
    """Bit by bit: bands without gain and filters that are off leave the sound as it is."""
    wave = np.random.default_rng(1).normal(0, 0.1, 4096).astype(np.float32)
    assert np.array_equal(wave, through(wave, settings)[0])


def test_equalisers_keep_the_sides_apart():
    """What is on the left alone stays there."""
    one = np.stack([impulse(4096), np.zeros(4096)])
    settings = {"eq.low": 3, "band1.type": "peak", "band1.gain": 12, "filter.type": "lowpass"}
    left, right = through(one, settings)
    assert np.abs(left).max() > 0.01
    assert not right.any()
