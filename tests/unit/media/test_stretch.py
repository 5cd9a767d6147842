"""Stretching changes the length and nothing else: pitch, level and the places of attacks stay."""

import numpy as np
import pytest

from cellissimo.media.decode import AudioError
from cellissimo.media.stretch import stretched

RATE = 48_000
RATIOS = [0.25, 0.5, 0.75, 0.9375, 1.1, 4 / 3, 1.5, 2.0, 3.0, 4.0]


def sine(hertz, seconds=2.0):
    """Sound a tone of half of full scale, mono."""
    time = np.arange(round(seconds * RATE)) / RATE
    return (0.5 * np.sin(2 * np.pi * hertz * time)).astype(np.float32)[None]


def cents_from(hertz, samples):
    """Say how far the strongest partial of the middle of some sound is from a pitch."""
    middle = samples[0, samples.shape[1] // 4 : -samples.shape[1] // 4]
    size = 1 << 20
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle)), size))
    return 1200 * np.log2(spectrum.argmax() * RATE / size / hertz)


def knocks(places, seconds=2.0):
    """Sound a short low drum at each of the places, in frames."""
    samples = np.zeros((1, round(seconds * RATE)), np.float32)
    time = np.arange(7200)
    knock = np.exp(-time / 1500) * np.sin(2 * np.pi * 60 * time / RATE + 0.5)
    for place in places:
        samples[0, place : place + 7200] += knock[: samples.shape[1] - place]
    return samples


@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize("frames", [RATE, RATE + 1, 31_337])
def test_the_length_is_the_ratio_times_the_old(ratio, frames):
    """To the frame, so that bars stay bars."""
    samples = np.random.default_rng(0).uniform(-0.1, 0.1, (2, frames)).astype(np.float32)
    assert stretched(samples, ratio).shape == (2, round(frames * ratio))


@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize("hertz", [110.0, 440.0, 2500.0])
def test_the_pitch_stays_within_two_cents_and_the_level_within_half_a_db(ratio, hertz):
    """A tone is the same tone, longer or shorter."""
    found = stretched(sine(hertz), ratio)
    assert abs(cents_from(hertz, found)) < 2
    middle = found[0, found.shape[1] // 4 : -found.shape[1] // 4]
    assert 20 * np.log10(np.sqrt((middle**2).mean()) / 0.5**1.5) == pytest.approx(0, abs=0.5)


@pytest.mark.parametrize("ratio", [0.5, 0.75, 0.9, 1.1, 1.5, 2.0])
def test_attacks_stay_on_their_beats_and_stay_attacks(ratio):
    """Within 5 ms of its stretched place each drum rises to at least 60 % of its height."""
    places = [0, 24_000, 48_000, 72_000]
    found = np.abs(stretched(knocks(places), ratio)[0])
    for place in places:
        beat = round(place * ratio)
        before = found[max(beat - 4800, 0) : max(beat - 480, 0)]
        risen = found[max(beat - 240, 0) : beat + 1200].max()
        assert risen > 0.6
        assert before.max(initial=0) < 0.5 * risen


def test_a_sound_at_the_very_beginning_and_end_is_whole():
    """The first attack is not faded in."""
    found = np.abs(stretched(knocks([0]), 1.25)[0])
    assert found[:1200].max() > 0.7
    steady = stretched(sine(440), 1.25)
    for edge in (steady[0, :4800], steady[0, -4800:]):
        assert np.sqrt((edge**2).mean()) > 0.8 * 0.5**1.5


@pytest.mark.parametrize("ratio", [0.5, 1.3, 4.0])
def test_the_same_audio_and_ratio_give_the_same_samples(ratio):
    """No chance is in it: a song that stretches audio is the same song tomorrow."""
    samples = np.random.default_rng(5).uniform(-0.5, 0.5, (2, RATE)).astype(np.float32)
    assert np.array_equal(stretched(samples, ratio), stretched(samples, ratio))


def test_the_sides_stay_apart():
    """What was on the left only is on the left only."""
    samples = np.concatenate((sine(440), np.zeros((1, 2 * RATE), np.float32)))
    found = stretched(samples, 1.5)
    assert np.abs(found[1]).max() < 1e-4 < np.abs(found[0]).max()


@pytest.mark.parametrize("ratio", [0.0, 0.2, 4.5, -1.0, float("nan"), float("inf")])
def test_ratios_out_of_range_are_refused(ratio):
    """The error says the range."""
    with pytest.raises(AudioError, match=r"a stretch by .*; give 0\.25 … 4\.0 times the length"):
        stretched(sine(440, 0.1), ratio)


def test_a_stretch_to_nothing_is_refused():
    """One frame cannot become a quarter of one."""
    with pytest.raises(AudioError, match="0 frames when stretched"):
        stretched(np.zeros((1, 1), np.float32), 0.25)


def test_without_the_extra_it_is_said_how_to_install_it(monkeypatch):
    """The error is a command to type."""
    monkeypatch.setitem(__import__("sys").modules, "python_stretch.Signalsmith", None)
    with pytest.raises(AudioError, match=r"pip install 'cellissimo\[audio\]'"):
        stretched(sine(440, 0.1), 1.5)
