"""LFOs against their waves: what they move, how far, how fast, and where in the song they are."""

import numpy as np
import pytest
from scipy.ndimage import maximum_filter1d, minimum_filter1d

from cellissimo.schema.parameters import LFO_TARGETS
from tests.unit.native.effects import BEHIND, RATE, Strip, decibels, sine, through

STEADY = np.full(2 * RATE, 0.5)
WAVES = {
    "sine": lambda turn: np.sin(2 * np.pi * turn),
    "triangle": lambda turn: 1 - 4 * np.abs((turn + 0.25) % 1 - 0.5),
    "square": lambda turn: np.where(turn % 1 < 0.5, 1, -1),
    "saw": lambda turn: 2 * (turn % 1) - 1,
}
TURNS = np.arange(2 * RATE) / RATE


@pytest.mark.parametrize("wave", list(WAVES))
@pytest.mark.parametrize("rate", [0.7, 5.0])
def test_a_tremolo_follows_its_wave_down_to_one_minus_depth(wave, rate):
    """[ENG-16] From the full level down to a share of 1 - depth, within 3 ms of each place."""
    settings = {"lfo-amp.depth": 0.6, "lfo-amp.rate": rate, "lfo-amp.wave": wave}
    heard = through(STEADY, settings, stage=BEHIND)[0] / 0.5
    expected = 1 - 0.3 * (1 - WAVES[wave](rate * TURNS))
    assert (heard > minimum_filter1d(expected, 289) - 1e-3)[200:].all()
    assert (heard < maximum_filter1d(expected, 289) + 1e-3)[200:].all()
    smooth = wave in {"sine", "triangle"}
    assert not smooth or np.abs(heard - expected)[200:].max() < 0.01


def test_depth_1_of_a_tremolo_reaches_silence():
    """And the crest is the level without it."""
    heard = through(STEADY, {"lfo-amp.depth": 1, "lfo-amp.rate": 2}, stage=BEHIND)[0]
    assert np.abs(heard).min() < 1e-3
    assert np.abs(heard).max() == pytest.approx(0.5, rel=1e-3)


def test_a_pan_moves_by_its_depth_to_both_sides():
    """Equal power at every place; depth 1 from the middle reaches both ears."""
    left, right = through(STEADY, {"lfo-pan.depth": 1, "lfo-pan.rate": 1}, stage=BEHIND) / 0.5
    place = np.sin(2 * np.pi * TURNS)
    angle = (place + 1) * np.pi / 4
    assert np.abs(left - np.sqrt(2) * np.cos(angle))[200:].max() < 0.02
    assert np.abs(right - np.sqrt(2) * np.sin(angle))[200:].max() < 0.02


@pytest.mark.parametrize(("depth", "octaves"), [(0.25, 1), (0.5, 2)])
def test_a_filter_moves_by_four_octaves_times_depth(depth, octaves):
    """A square wave holds the low pass an octave or two away: measured where it rests."""
    settings = {"filter.type": "lowpass", "filter.freq": 1000, "lfo-filter.wave": "square"}
    settings |= {"lfo-filter.depth": depth, "lfo-filter.rate": 1}
    heard = through(sine(1000, RATE), settings)[0]
    for half, sign in ((0, 1), (1, -1)):
        part = heard[half * RATE // 2 + 8000 : half * RATE // 2 + 22_000]
        hz = 1000 * 2.0 ** (sign * octaves)
        fixed = through(sine(1000, RATE), {"filter.type": "lowpass", "filter.freq": hz})[0]
        level = np.abs(fixed[RATE // 2 :]).max()
        assert decibels(np.abs(part).max() / level) == pytest.approx(0, abs=0.1)


def test_a_filters_resonance_moves_by_two_octaves_times_depth():
    """At the cut-off a low pass has the level Q."""
    settings = {"filter.type": "lowpass", "filter.freq": 1000, "filter.q": 1}
    settings |= {"lfo-filterq.depth": 0.5, "lfo-filterq.rate": 1, "lfo-filterq.wave": "square"}
    heard = through(sine(1000, RATE, 0.1), settings)[0]
    assert np.abs(heard[15_000:23_000]).max() == pytest.approx(0.2, rel=0.02)
    assert np.abs(heard[40_000:47_000]).max() == pytest.approx(0.05, rel=0.02)


def test_the_time_of_echoes_sways_by_half_at_depth_1():
    """Slowly, like a tape: an echo at 0.2 s of a turn that has lengthened it comes later."""
    wave = np.zeros(2 * RATE)
    wave[0] = wave[RATE // 2] = 0.5
    settings = {"delay.mix": 1, "delay.time": 0.2, "delay.feedback": 0, "lfo-delay.rate": 0.5}
    heard = np.abs(through(wave, {**settings, "lfo-delay.depth": 0.5})[0])
    for struck in (0, RATE // 2):
        echo = struck + 2000 + int(np.argmax(heard[struck + 2000 : struck + 20_000]))
        expected = 0.2 * (1 + 0.25 * np.sin(2 * np.pi * 0.5 * echo / RATE))
        assert (echo - struck) / RATE == pytest.approx(expected, abs=0.002)


def test_feedback_moves_by_half_its_depth():
    """A square wave holds the level of each echo after the last up by 0.2, then down."""

    def ratio(start: int, feedback: float, depth: float) -> float:
        wave = np.zeros(2 * RATE)
        wave[start : start + 960] = sine(1000, 960, 0.5) * np.hanning(960)
        settings = {"delay.mix": 1, "delay.time": 0.1, "delay.feedback": feedback}
        settings |= {"lfo-feedback.depth": depth, "lfo-feedback.rate": 0.5}
        heard = np.abs(through(wave, {**settings, "lfo-feedback.wave": "square"}))
        first = heard[0, start + 4800 : start + 6000].max()
        return float(heard[1, start + 9600 : start + 10_800].max() / first)

    assert ratio(1000, 0.4, 0.4) == pytest.approx(ratio(1000, 0.6, 0), rel=1e-3)
    assert ratio(RATE + 1000, 0.4, 0.4) == pytest.approx(ratio(RATE + 1000, 0.2, 0), rel=1e-3)


@pytest.mark.parametrize("bar", [1, 2])
def test_lfos_are_where_the_song_is(bar):
    """[ENG-26] Played from a bar on, each wave is where it is there in the whole song."""
    wave = sine(300, 8 * RATE, 0.3)
    settings = {"lfo-amp.depth": 0.5, "lfo-amp.rate": 0.37, "chorus.mix": 0.7, "phaser.mix": 0.5}
    settings |= {"lfo-pan.depth": 0.5, "lfo-pan.wave": "triangle", "lfo-pan.rate": 1.3}
    whole = Strip(wave, settings).start(BEHIND).render(8 * RATE)
    later = Strip(wave, settings).start(BEHIND, tick=bar * 3840).render(RATE)
    place = bar * 2 * RATE + 4800
    assert np.abs(whole[:, place : place + 40_000] - later[:, 4800:44_800]).max() < 2e-3


def test_a_rate_that_changes_goes_on_from_where_the_wave_is():
    """[ENG-26] No jump: the level keeps within what two quanta of the faster wave may move."""
    strip = Strip(np.full(4 * RATE, 0.5), {"lfo-amp.depth": 1, "lfo-amp.rate": 0.9})
    strip.start(BEHIND)
    first = strip.render(RATE)
    strip.change({"lfo-amp.rate": 3.1})
    heard = np.concatenate([first, strip.render(RATE)], axis=1)[0]
    assert np.abs(np.diff(heard)).max() < 2 * np.pi * 3.1 / RATE * 0.25 * 1.1


def test_an_lfo_without_depth_is_not_there():
    """Bit by bit, whatever its rate and wave."""
    wave = sine(440, 9000).astype(np.float32)
    idle = {f"lfo-{target}.rate": 7 for target in LFO_TARGETS}
    assert np.array_equal(wave, through(wave, {**idle, "lfo-amp.wave": "saw"})[0])
