from dataclasses import replace

import numpy as np
import pytest
from scipy.signal import resample_poly

from tests.unit.native.playing import BEATS, HELD, HOLD, loaded
from tests.unit.native.score import Score, Step, choice


@pytest.mark.parametrize("ceiling", [-1.0, -12.0])
@pytest.mark.parametrize("wave", ["saw", "square", "sine"])
def test_no_true_peak_passes_the_ceiling(wave, ceiling):
    """[ENG-6] Chords and noise 30 dB too loud, oversampled four times, stay below."""
    loud = {
        "osc.wave": choice("osc.wave", wave),
        "osc.unison": 5.0,
        "play.level": 16.0,
        "noise.level": 1.0,
        "amp.gain": 3.0,
        "env.attack": 0.0,
        "play.pitch": 81.0,
    }
    score = Score(({"limiter.ceiling": ceiling}, loud), BEATS.steps)
    samples = loaded(score).render(96_000)
    peak = np.abs(resample_poly(samples.astype(np.float64), 4, 1, axis=1)).max()
    assert ceiling - 1 < 20 * np.log10(peak) <= ceiling


def test_below_the_ceiling_the_limiter_changes_nothing():
    """[ENG-6] At a twentieth of the level the samples are a twentieth."""
    quiet = BEATS.with_strip(1, play__level=0.5)
    halved = BEATS.with_strip(1, play__level=0.25)
    assert np.array_equal(loaded(quiet).render(9_000), 2 * loaded(halved).render(9_000))


def test_a_peak_is_limited_without_a_click():
    """[ENG-6] The gain is down before a loud step arrives and comes back after it."""
    steps = (Step(1, 0, duration=60_000, velocity=10), Step(1, 4, pitch=69.0, duration=60))
    score = Score(({}, {**HOLD, "play.level": 12.0, "play.velocity": 1.0}), steps)
    samples = loaded(score).render(48_000)
    assert np.abs(samples).max() <= 10 ** (-1 / 20)
    held = np.abs(samples[:, 12_000:20_000]).max()
    assert np.abs(samples[:, 40_000:48_000]).max() == pytest.approx(held, rel=0.02)


def test_meters_read_peak_and_rms_of_each_strip():
    """A sine's RMS is 3 dB under its peak; a strip that plays nothing reads 0."""
    score = Score(({}, HOLD, HOLD), HELD.steps)
    engine = loaded(score)
    engine.render(20_000)
    engine.reset_meters()
    samples = engine.render(20_000)
    master, strip, still = engine.meters()[:3]
    assert master[0] == pytest.approx(np.abs(samples).max(), rel=1e-3)
    assert strip[1] == pytest.approx(strip[0] / np.sqrt(2), rel=0.01)
    assert still.tolist() == [0, 0]


def test_pan_is_of_equal_power():
    """Power stays as a sound moves from the left to the right."""

    def power(pan: float) -> float:
        return float((loaded(HELD.with_strip(1, pan__pan=pan)).render(9_000) ** 2).sum())

    assert power(0) == pytest.approx(power(-1), rel=1e-4)
    assert power(0) == pytest.approx(power(0.4), rel=1e-4)
    assert np.abs(loaded(HELD.with_strip(1, pan__pan=-1.0)).render(9_000)[1]).max() < 1e-6


def test_an_echo_comes_at_its_time_and_decays_by_its_feedback():
    """A knock echoes left, right, left, each after the delay's time, each quieter."""
    knock = {
        **HOLD,
        "env.decay": 0.004,
        "env.sustain": 0.0,
        "delay.mix": 0.5,
        "delay.time": 0.1,
        "delay.feedback": 0.5,
    }
    samples = loaded(Score(({}, knock), (Step(1, 0),)), 0).render(24_000)
    peaks = [np.abs(samples[:, t : t + 2_000]).max(axis=1) for t in (4_800, 9_600, 14_400)]
    assert [int(np.argmax(peak)) for peak in peaks] == [0, 1, 0]
    assert np.abs(samples[:, 4_000:4_790]).max() < 1e-4
    assert 0.3 < peaks[1].max() / peaks[0].max() < 0.55


def test_a_note_value_of_delay_follows_the_tempo():
    """A dotted eighth at 90 is half a second."""
    knock = {**HOLD, "env.decay": 0.004, "env.sustain": 0.0, "delay.mix": 0.5, "delay.time": -720.0}
    samples = loaded(replace(Score(({}, knock), (Step(1, 0),)), tempo=90.0), 0).render(30_000)
    assert np.abs(samples[:, 20_000:23_990]).max() < 1e-4
    assert np.abs(samples[:, 24_000:25_000]).max() > 0.05


@pytest.mark.parametrize("decay", [0.5, 2.0, 6.0])
def test_a_room_decays_in_its_time(decay):
    """The room falls by 60 dB in about the time that was asked, undamped."""
    knock = {
        **HOLD,
        "env.decay": 0.01,
        "env.sustain": 0.0,
        "noise.level": 1.0,
        "reverb.mix": 1.0,
        "reverb.decay": decay,
        "reverb.damp": 0.0,
    }
    samples = loaded(Score(({}, knock), (Step(1, 0, duration=60),)), 0)
    samples = samples.render(int(48_000 * decay))
    first = int(0.1 * decay * 48_000) + 4_000
    windows = samples[:, first : first + int(0.7 * decay * 48_000)].astype(np.float64)
    levels = 10 * np.log10([(w**2).mean() for w in np.array_split(windows, 40, axis=1)])
    slope = np.polyfit(np.arange(40) * 0.7 * decay / 40, levels, 1)[0]
    assert -60 / slope == pytest.approx(decay, rel=0.15)


SIDES = [("lowpass", 110, 8_000), ("highpass", 8_000, 110)]


@pytest.mark.parametrize(("kind", "passes", "stops"), SIDES)
def test_a_strips_filter_passes_and_stops(kind, passes, stops):
    """12 dB an octave from the cut-off on, nothing lost on the other side."""

    def level(hz: float, values: dict[str, float]) -> float:
        pitch = 69 + 12 * np.log2(hz / 440)
        score = HELD.with_strip(1, **{"play.pitch": pitch, **values})
        return float(np.sqrt((loaded(score).render(30_000)[:, 20_000:] ** 2).mean()))

    filtered = {"filter.type": choice("filter.type", kind), "filter.freq": 1_000.0}
    assert level(passes, filtered) == pytest.approx(level(passes, {}), rel=0.05)
    assert level(stops, filtered) < 0.03 * level(stops, {})


@pytest.mark.parametrize("wave", ["saw", "square", "triangle"])
@pytest.mark.parametrize("pitch", [60.3, 84.7, 96.2, 108.6])
def test_waves_do_not_alias(wave, pitch):
    """Everything between the harmonics lies 60 dB and more below the fundamental."""
    score = HELD.with_strip(1, **{"osc.wave": choice("osc.wave", wave), "play.pitch": pitch})
    samples = loaded(score).render(70_000)[0, 4_000:69_536].astype(np.float64)
    spectrum = np.abs(np.fft.rfft(samples * np.blackman(len(samples))))
    hz = 440 * 2 ** ((pitch - 69) / 12)
    bins = np.arange(len(spectrum)) * 48_000 / len(samples)
    between = np.abs(bins / hz - np.round(bins / hz)) * hz > 12
    assert spectrum[between].max() < 1e-3 * spectrum.max()


def test_pitch_is_exact():
    """A4 is 440 Hz to a hundredth of a cent's worth of phase over a second."""
    samples = loaded(HELD.with_strip(1, play__pitch=69.0)).render(96_000)[0, 24_000:72_000]
    turns = np.exp(-2j * np.pi * 440 * np.arange(24_000) / 48_000)
    halves = samples[:24_000], samples[24_000:]
    first, second = (np.angle((half * turns).sum()) for half in halves)
    assert first == pytest.approx(second, abs=1e-3)
