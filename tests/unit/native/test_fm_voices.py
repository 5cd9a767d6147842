"""FM voices against Chowning's formula: spectra by Bessel functions."""

import numpy as np
import pytest
from scipy.signal import find_peaks
from scipy.special import jv

from tests.unit.native.songs import Song

RATE = 48_000
HZ = 400.0
PITCH = 69 + 12 * np.log2(HZ / 440)


def voice(frames: int = RATE + 4800, velocity: int = 127, **patch) -> np.ndarray:
    """A held FM voice of 400 Hz, at full scale."""
    song = Song()
    strip = song.strip(**{"play.level": 0.5, **patch})
    song.note(strip, song.span(), 0, 3840 * 2, PITCH, velocity)
    engine = song.engine(taps=2)
    parts = []
    for start in range(0, frames, 4096):
        count = min(4096, frames - start)
        engine.render(count)
        parts.append(engine.tapped(strip, count)[0].astype(np.float64))
    return np.concatenate(parts) / 0.5


def partials(wave: np.ndarray) -> np.ndarray:
    """The levels of 0, 1, 2 … times 100 Hz in a second."""
    return np.abs(np.fft.rfft(wave[4800 : 4800 + RATE]))[::100] / (RATE / 2)


def sidebands(index: float, ratio: float, count: int = 240) -> np.ndarray:
    """The levels at 100 Hz, 200 Hz … of a carrier of 400 Hz bent by a sine (Chowning 1973)."""
    levels = np.zeros(count + 1)
    for order in range(-40, 41):
        place = round(4 * (1 + order * ratio))
        if abs(place) <= count:
            levels[abs(place)] += np.sign(place) * jv(order, index)
    return np.abs(levels)


@pytest.mark.parametrize(("index", "ratio"), [(0.5, 1.0), (2.0, 3.5), (5.0, 0.25), (1.5, 14.0)])
@pytest.mark.parametrize("section", ["fm", "fm2"])
def test_a_modulator_makes_the_sidebands_of_its_index(section, index, ratio):
    """[ENG-29] Each partial within -54 dB of the carrier's Bessel function, for both modulators."""
    heard = partials(voice(**{f"{section}.amount": index, f"{section}.ratio": ratio}))
    assert np.abs(heard - sidebands(index, ratio)[: len(heard)]).max() < 2e-3


def test_the_bend_falls_by_60_db_in_its_decay_and_rests_on_its_sustain():
    """[ENG-29] From clang to nearly pure: the sidebands fade, the carrier stays."""
    wave = voice(**{"fm.amount": 1, "fm.ratio": 5, "fm.decay": 0.3, "fm.sustain": 0.1})
    late = np.abs(np.fft.rfft(wave[RATE // 2 : RATE]))[[200, 1200]] / (RATE / 4)
    assert late == pytest.approx([jv(0, 0.1), jv(1, 0.1)], abs=2e-3)
    falling = voice(**{"fm.amount": 0.2, "fm.ratio": 5, "fm.decay": 0.6})
    levels = []
    for start in (4800, 4800 + 9600):
        part = falling[start : start + 1200] * np.hanning(1200)
        levels.append(np.abs(np.fft.rfft(part))[60])
    assert 20 * np.log10(levels[1] / levels[0]) == pytest.approx(-20, abs=0.5)


def test_the_bend_grows_in_its_attack():
    """[ENG-29] Pure at first, full after the time."""
    wave = voice(**{"fm.amount": 1, "fm.ratio": 5, "fm.attack": 0.5})
    first = np.abs(np.fft.rfft(wave[:1200] * np.hanning(1200)))
    assert first[60] < 0.03 * first[10]
    late = np.abs(np.fft.rfft(wave[RATE // 2 + 1200 : RATE // 2 + 2400]))[[10, 60]] / 600
    assert late == pytest.approx([jv(0, 1), jv(1, 1)], abs=5e-3)


def test_feedback_fills_the_spectrum_towards_a_saw():
    """[ENG-29] A modulator that bends itself has far more harmonics, the higher the weaker."""
    plain = partials(voice(**{"fm.amount": 1, "fm.ratio": 1}))
    fed = partials(voice(**{"fm.amount": 1, "fm.ratio": 1, "fm.feedback": 1}))
    assert fed[24:60:4].min() > 4 * plain[24:60:4].max()
    assert fed[4] > fed[20] > fed[40] > fed[60] > fed[100]
    assert len(find_peaks(fed, height=1e-4)[0]) > len(find_peaks(plain, height=1e-4)[0])


def test_a_soft_step_bends_less():
    """[ENG-29] At fm.velocity 1 the index follows the velocity."""
    soft = partials(voice(velocity=64, **{"fm.amount": 2, "fm.ratio": 3.5, "fm.velocity": 1}))
    soft *= 1 / np.sqrt((soft**2).sum())
    expected = sidebands(2 * 64 / 127, 3.5)[: len(soft)]
    assert np.abs(soft - expected).max() < 2e-3
