"""Chorus, phaser, width, delay and room against their definitions."""

import numpy as np
import pytest
from scipy.signal import find_peaks

from tests.unit.native.effects import RATE, bins, impulse, sine, spectrum, through

HZ = bins()


def test_a_chorus_has_two_voices_on_each_side_that_wander():
    """10 ms behind, 4 ms back and forth at depth 1, opposite, the right a quarter turn later."""
    wave = np.zeros(2 * RATE)
    wave[::1200] = 0.5
    heard = through(wave, {"chorus.mix": 1, "chorus.depth": 1, "chorus.rate": 2})
    for start in range(0, 2 * RATE - 1200, 1200):
        for side, ahead in ((0, 0), (1, 0.25)):
            echo = np.abs(heard[side, start + 100 : start + 1100])
            places = find_peaks(echo, height=0.1, distance=8)[0] + 100
            for place in places:
                turn = 2 * (start + place) / RATE + ahead
                away = 192 * np.sin(2 * np.pi * turn)
                assert min(abs(place - 480 - away), abs(place - 480 + away)) < 1.5


def test_a_chorus_lies_beside_the_dry_sound_at_its_level():
    """Still voices: the dry sound as it is, and both voices, 0.7 of the mix each, at 10 ms."""
    heard = through(impulse(4096), {"chorus.mix": 0.5, "chorus.depth": 0})[0] / 0.5
    assert np.flatnonzero(np.abs(heard) > 1e-6).tolist() == [0, 480]
    assert heard[480] == pytest.approx(np.sqrt(0.5), rel=1e-4)


@pytest.mark.parametrize("stages", [2, 4, 8, 12])
@pytest.mark.parametrize("feedback", [0.0, 0.3, 0.8])
def test_a_phaser_is_a_row_of_all_passes(stages, feedback):
    """At rest: the response of first-order all-passes with feedback over one frame, to -70 dB."""
    settings = {"phaser.mix": 0.5, "phaser.depth": 0, "phaser.freq": 1000}
    settings |= {"phaser.stages": str(stages), "phaser.feedback": feedback}
    g = np.tan(np.pi * 1000 / RATE)
    corner, z = (g - 1) / (g + 1), np.exp(-2j * np.pi * HZ / RATE)
    passed = ((corner + z) / (1 + corner * z)) ** stages
    expected = 0.5 + 0.5 * passed / (1 - feedback * z * passed)
    assert np.abs(spectrum(settings) - expected).max() < 3e-4


@pytest.mark.parametrize("stages", [2, 4, 8, 12])
def test_two_stages_make_one_notch(stages):
    """Without feedback: as many notches as pairs, each deeper than 30 dB."""
    settings = {"phaser.mix": 0.5, "phaser.depth": 0, "phaser.feedback": 0}
    response = np.abs(spectrum({**settings, "phaser.stages": str(stages)}, 262_144))
    assert len(find_peaks(-response, height=-0.03)[0]) == stages // 2


def test_a_phasers_notch_wanders_by_its_depth():
    """Two octaves up and down at depth 1, at its rate: a sine in the way comes and goes."""
    settings = {"phaser.mix": 0.5, "phaser.depth": 1, "phaser.rate": 1, "phaser.feedback": 0}
    settings |= {"phaser.stages": "2", "phaser.freq": 800}
    for hz in (800 * 2**1.7, 800 / 2**1.7):
        heard = np.abs(through(sine(hz, 2 * RATE), settings)[0]).reshape(-1, 480).max(1)
        dips = find_peaks(-heard, height=-0.1, distance=3)[0] / 100
        turns = np.arcsin(np.log2(hz / 800) / 2) / (2 * np.pi) % 1
        expected = sorted({turns, (0.5 - turns) % 1, 1 + turns, 1 + (0.5 - turns) % 1})
        assert dips == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize("width", [0.0, 0.4, 1.0, 2.0])
def test_width_scales_the_side_against_the_middle(width):
    """0 is mono, 1 the sound as it is, 2 twice the difference."""
    wave = np.random.default_rng(2).normal(0, 0.1, (2, 4096)).astype(np.float32)
    middle, side = wave.sum(0) / 2, (wave[0] - wave[1]) / 2
    expected = np.stack([middle + width * side, middle - width * side])
    assert np.abs(through(wave, {"width.width": width}) - expected).max() < 1e-6


@pytest.mark.parametrize(("seconds", "feedback"), [(0.1, 0.5), (0.0213, 0.8), (1.5, 0.3)])
def test_echoes_come_at_their_times_and_levels(seconds, feedback):
    """At the first: the mix. Those after it lose at 1 kHz by the feedback, side by side."""
    frames = int(seconds * 4 * RATE) + 4000
    burst = sine(1000, 960, 0.5) * np.hanning(960)
    wave = np.concatenate([burst, np.zeros(frames - 960)])
    settings = {"delay.mix": 0.5, "delay.time": seconds, "delay.feedback": feedback}
    heard = through(wave, settings) - wave
    length = round(seconds * RATE)
    levels = []
    for echo in range(1, 4):
        part = heard[:, echo * length : echo * length + 1000]
        side = (echo - 1) % 2
        levels.append(np.abs(part[side]).max())
        assert np.abs(part[1 - side]).max() == pytest.approx(0.25 * levels[-1], rel=0.3)
    assert levels[0] == pytest.approx(0.25, rel=0.01)
    assert levels[1] / levels[0] == pytest.approx(feedback, rel=0.08)
    assert levels[2] / levels[1] == pytest.approx(feedback, rel=0.08)


@pytest.mark.parametrize("decay", [0.4, 1.8, 6.0])
@pytest.mark.parametrize("size", [0.1, 0.9])
def test_a_room_falls_by_60_db_in_its_decay(decay, size):
    """By Schroeder's integral from -5 to -35 dB, within 15 %, small and large, undamped."""
    frames = int((0.8 * decay + 0.2) * RATE)
    settings = {"reverb.mix": 1, "reverb.size": size, "reverb.decay": decay, "reverb.damp": 0}
    heard = through(impulse(frames, 0.9), settings)
    heard[:, 0] = 0
    energy = np.cumsum((heard**2).sum(0)[::-1])[::-1]
    levels = 10 * np.log10(energy / energy[0])
    five, thirty_five = np.argmax(levels < -5), np.argmax(levels < -35)
    assert 2 * (thirty_five - five) / RATE == pytest.approx(decay, rel=0.15)


def test_damping_makes_the_highs_die_first():
    """A damped room is dark at its end; an undamped one keeps its colour."""

    def brightness(damp: float) -> float:
        heard = through(impulse(RATE), {"reverb.mix": 1, "reverb.damp": damp})[0, RATE // 2 :]
        bands = np.abs(np.fft.rfft(heard)) ** 2
        return float((bands[4000:].sum()) / bands.sum())

    assert brightness(0.9) < 0.1 * brightness(0)
