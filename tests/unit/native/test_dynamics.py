"""The compressor against its curve and times, the distortion against its curves."""

import numpy as np
import pytest

from tests.unit.native.effects import RATE, decibels, sine, through


def reduction(level: float, threshold: float, ratio: float, knee: float) -> float:
    """The textbook's gain in dB at a level in dB (Giannoulis, Massberg and Reiss 2012)."""
    over, slope = level - threshold, 1 / ratio - 1
    if 2 * over < -knee:
        return 0.0
    if 2 * abs(over) <= knee:
        return slope * (over + knee / 2) ** 2 / (2 * max(knee, 1e-9))
    return slope * over


@pytest.mark.parametrize(
    ("threshold", "ratio", "knee"), [(-24, 4, 0), (-30, 10, 12), (-20, 2, 30), (-40, 20, 6)]
)
def test_the_compressor_keeps_its_static_curve(threshold, ratio, knee):
    """[ENG-27] Held sines from -57 to 0 dB leave at the curve's level, within 0.2 dB."""
    settings = {"comp.threshold": threshold, "comp.ratio": ratio, "comp.knee": knee}
    settings |= {"comp.attack": 0.005, "comp.release": 0.1}
    for level in range(-57, 1, 6):
        heard = through(sine(997, RATE // 2, 10 ** (level / 20)), settings)[0, RATE // 4 :]
        gain = decibels(np.abs(heard).max()) - level
        assert gain == pytest.approx(reduction(level, threshold, ratio, knee), abs=0.2)


def test_a_bass_is_not_bent_by_its_own_turns():
    """A sine of 110 Hz keeps its shape: the gain is held from crest to crest."""
    settings = {"comp.threshold": -30, "comp.ratio": 8, "comp.attack": 0, "comp.release": 0.02}
    heard = through(sine(110, RATE, 0.8), settings)[0, RATE // 2 :]
    bands = np.abs(np.fft.rfft(heard * np.blackman(len(heard))))
    assert bands[165:].max() < 1e-2 * bands[55]


def gains(settings, steps) -> np.ndarray:
    """The gain in dB, millisecond by millisecond, of a sine of 1 kHz at levels for a second."""
    wave = np.concatenate([sine(1000, RATE, level) for level in steps])
    heard = through(wave, {"comp.threshold": -20, "comp.knee": 0, **settings})[0]
    return decibels(np.abs(heard).reshape(-1, 48).max(1) / np.abs(wave).reshape(-1, 48).max(1))


@pytest.mark.parametrize(("attack", "release"), [(0.01, 0.25), (0.1, 0.5), (0.002, 0.05)])
def test_attack_and_release_reach_nine_tenths_in_their_time(attack, release):
    """[ENG-27] 15 dB of reduction come and go in time; peaks are held up to 10 ms."""
    settings = {"comp.ratio": 4, "comp.attack": attack, "comp.release": release}
    gain = gains(settings, (0.01, 1.0, 0.01))
    came = np.argmax(gain[1000:] < -13.5)
    went = np.argmax(gain[2000:] > -1.5)
    assert came == pytest.approx(1000 * attack, abs=1 + 50 * attack)
    assert 1000 * release - 1 <= went <= 1000 * release * 1.02 + 11


def test_makeup_is_gain_and_both_sides_move_as_one():
    """6 dB of makeup on top of the curve; a loud left turns the right down by as much."""
    wave = np.stack([sine(1000, RATE, 0.5), sine(700, RATE, 0.01)])
    settings = {"comp.threshold": -26, "comp.ratio": 4, "comp.knee": 0, "comp.makeup": 6}
    left, right = through(wave, settings)[:, RATE // 2 :]
    expected = 6 + reduction(decibels(0.5), -26, 4, 0)
    assert decibels(np.abs(left).max() / 0.5) == pytest.approx(expected, abs=0.2)
    assert decibels(np.abs(right).max() / 0.01) == pytest.approx(expected, abs=0.2)


def test_a_ratio_of_1_is_not_there():
    """Bit by bit."""
    wave = sine(440, 9000).astype(np.float32)
    assert np.array_equal(wave, through(wave, {"comp.threshold": -60})[0])


# ------------------------------------------------------------------------------- distortion

LATE = 23.25
"""Frames by which distortion is late: its filters and half a frame at twice the rate."""

CURVES = {
    "soft": lambda x: np.where(np.abs(x) < 1.5, x - 4 / 27 * x**3, np.sign(x)),
    "hard": lambda x: np.clip(x, -1, 1),
    "fold": lambda x: np.abs((x - 1) % 4 - 2) - 1,
}
DRIVES = {"soft": 36, "hard": 36, "fold": 24}


@pytest.mark.parametrize("kind", list(CURVES))
@pytest.mark.parametrize("amount", [0.2, 0.6, 1.0])
def test_distortion_bends_by_its_curve(kind, amount):
    """[ENG-28] A slow sine comes out as the curve of itself, driven by 36 or 24 dB x amount."""
    wave = sine(20, RATE, 0.25)
    drive = 10 ** (DRIVES[kind] * amount / 20)
    when = (np.arange(RATE) - LATE) / RATE
    bent = CURVES[kind](drive * 0.25 * np.sin(2 * np.pi * 20 * when))
    bent *= 0.25 / np.sqrt(2) / np.sqrt(np.mean(bent**2))
    heard = through(wave, {"distort.type": kind, "distort.amount": amount})[0]
    assert np.abs(heard - bent)[4800:43_200].max() < 0.01 * np.abs(bent).max()


@pytest.mark.parametrize("kind", list(CURVES))
@pytest.mark.parametrize("amount", [0.1, 0.5, 1.0])
def test_distortion_keeps_the_level_of_a_usual_sine(kind, amount):
    """At -12 dBFS, within 0.1 dB."""
    heard = through(sine(200, RATE, 0.25), {"distort.type": kind, "distort.amount": amount})[0]
    level = np.sqrt((heard[RATE // 2 :] ** 2).mean()) * np.sqrt(2)
    assert decibels(level / 0.25) == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize(
    ("kind", "hz", "floor"),
    [
        ("soft", 997.3, -95),
        ("hard", 997.3, -75),
        ("fold", 997.3, -70),
        ("soft", 5003.7, -65),
        ("hard", 5003.7, -53),
        ("fold", 5003.7, -52),
    ],
)
def test_distortion_hardly_aliases(kind, hz, floor):
    """Driven by 18 dB (fold 12) at -6 dBFS: what is no harmonic, below 16 kHz, by kind in dB."""
    wave = sine(hz, 65_536 + 8192, 0.5)
    heard = through(wave, {"distort.type": kind, "distort.amount": 0.5})[0, 8192:]
    bands = np.abs(np.fft.rfft(heard * np.blackman(len(heard))))
    hertz = np.arange(len(bands)) * RATE / 65_536
    between = (np.abs(hertz / hz - np.round(hertz / hz)) * hz > 15) & (hertz > 20)
    between &= hertz < 16_000
    assert decibels(bands[between].max() / bands.max()) < floor


def test_distortion_mixed_with_the_clean_sound_is_in_time_with_it():
    """A quiet sine at half mix is the sine, a fixed time late: no notch anywhere below 10 kHz."""
    for hz in (500, 3000, 9000):
        heard = through(sine(hz, RATE, 1e-3), {"distort.amount": 0.01, "distort.mix": 0.5})[0]
        level = np.abs(heard[RATE // 2 :]).max() / 1e-3
        assert decibels(level) == pytest.approx(0, abs=1.0)
