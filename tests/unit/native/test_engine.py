import struct
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import resample_poly

from cellissimo.native.host import Engine, EngineError
from tests.unit.native.score import INDEX, Chord, Score, Step, choice, pack

HOLD = {"env.attack": 0.0, "env.sustain": 1.0, "env.release": 0.01,
        "osc.wave": choice("osc.wave", "sine"), "play.pitch": 57.0}
"""A plain sine that begins at once and holds."""

BEATS = Score(({}, HOLD), tuple(Step(1, cell) for cell in (0, 4, 8, 12)))
HELD = Score(({}, HOLD), (Step(1, 0, duration=3840 * 16),))


def loaded(score: Score, mode: int = 1) -> Engine:
    engine = Engine()
    engine.load(score.image())
    engine.play(mode)
    return engine


def jumps(samples: np.ndarray) -> np.ndarray:
    """How far the slope changes from frame to frame: a click is a large one."""
    return np.abs(np.diff(samples, 2, axis=1)).max(axis=0)


@pytest.mark.parametrize("tempo", [60.0, 120.0, 123.0, 187.5])
def test_sounds_begin_on_the_frame_of_their_event(tempo):
    """[ENG-3] Silence up to the event's frame, sound within three frames of it."""
    drum = {**HOLD, "env.decay": 0.03, "env.sustain": 0.0, "click.level": 1.0}
    score = replace(BEATS.with_strip(1, **drum), tempo=tempo)
    engine = loaded(score, 0)
    frames = [int(event["frame"]) for event in engine.collect()]
    samples = engine.render(engine.pass_frames())
    for frame in frames:
        assert np.abs(samples[:, max(frame - 50, 0) : frame]).max(initial=0) < 1e-6
        assert np.abs(samples[:, frame : frame + 3]).max() > 1e-3


def test_the_look_ahead_is_taken_off():
    """The first frame out is the first frame of the pass, though the limiter looks ahead."""
    engine = loaded(BEATS)
    assert engine.latency() > 0
    assert engine.position() == 0
    engine.render(12_000)
    assert engine.position() == pytest.approx(480)


def test_passes_are_counted_and_positions_turn():
    """A second pass begins where the first ended."""
    engine = loaded(BEATS)
    engine.render(engine.pass_frames() + 24_000)
    assert engine.passes() == 1
    assert engine.position() == pytest.approx(960)


def test_one_pass_ends_by_itself():
    """play(0) stops after one pass; nothing sounds in a second."""
    engine = loaded(BEATS, 0)
    engine.render(engine.pass_frames())
    assert np.abs(engine.render(96_000)[:, 4_000:]).max() == 0
    assert engine.position() == -1
    assert engine.is_quiet()


@pytest.mark.parametrize("blocks", [(1, 7, 128, 3000), (128,), (64, 4096)])
def test_block_size_does_not_matter(blocks):
    """[ENG-4] Also when the score changes between blocks."""
    changed = BEATS.with_strip(1, amp__level=0.3, delay__mix=0.5, filter__type=1.0)

    def run(sizes) -> bytes:
        engine, out = loaded(BEATS), []
        for length, score in ((30_000, changed), (40_001, BEATS), (10_000, BEATS)):
            done = 0
            while done < length:
                count = min(sizes[len(out) % len(sizes)], length - done)
                out.append(engine.render(count))
                done += count
            engine.load(score.image(), live=True)
        return np.concatenate(out, axis=1).tobytes()

    assert run((4096,)) == run(blocks)


LIVE = {
    "level": {"amp.level": 0.05},
    "pan": {"pan.pan": 1.0},
    "mute": {"amp.mute": 1.0},
    "filter": {"filter.type": choice("filter.type", "lowpass"), "filter.freq": 100.0},
    "delay time": {"delay.time": 0.05},
    "delay off": {"delay.mix": 0.0},
    "room size": {"reverb.size": 0.05},
    "room off": {"reverb.mix": 0.0},
}


@pytest.mark.parametrize("change", LIVE.values(), ids=LIVE.keys())
def test_a_live_change_does_not_click(change):
    """[ENG-5] A held sine with echoes and a room: no slope breaks when a knob is turned."""
    before = HELD.with_strip(1, **{"delay.mix": 0.4, "delay.time": 0.1, "reverb.mix": 0.3})
    before = replace(before.with_strip(1, **{"env.attack": 0.5}), bars=1)
    engine = loaded(before)
    first = engine.render(60_000)
    engine.load(before.with_strip(1, **change).image(), live=True)
    both = np.concatenate((first[:, -20_000:], engine.render(20_000)), axis=1)
    assert jumps(both)[20_000:].max() < 3 * jumps(both)[:19_000].max()


def test_a_live_change_is_heard():
    """[ENG-5] After 25 ms the new level is there, and nothing else has changed."""
    engine = loaded(HELD)
    before = np.abs(engine.render(20_000)[:, -4_000:]).max()
    engine.load(HELD.with_strip(1, amp__level=0.4).image(), live=True)
    after = np.abs(engine.render(6_000)[:, 1_500:]).max()
    assert after == pytest.approx(before / 2, rel=1e-3)


def test_a_step_switched_on_is_heard_in_the_same_pass():
    """[ENG-5] A step that lies ahead sounds as soon as its position comes."""
    engine = loaded(replace(BEATS, steps=BEATS.steps[:1]).with_strip(1, **{"env.release": 0.003}))
    engine.render(20_000)
    engine.load(BEATS.image(), live=True)
    samples = engine.render(30_000)
    assert np.abs(samples[:, :3_900]).max() == 0
    assert np.abs(samples[:, 4_000:4_500]).max() > 0.1


def test_a_strip_that_disappears_fades_out():
    """[ENG-5] Its voices end within 30 ms, without a click, and other strips play on."""
    two = Score(({}, HOLD, {**HOLD, "play.pitch": 60.0}),
                (Step(1, 0, duration=60_000), Step(2, 0, duration=60_000)), identities=(0, 11, 22))
    engine = loaded(two)
    before = engine.render(20_000)
    one = replace(two, strips=(two.strips[0], two.strips[2]), identities=(0, 22),
                  steps=(Step(1, 0, duration=60_000),))
    engine.load(one.image(), live=True)
    after = engine.render(10_000)
    both = np.concatenate((before[:, -5_000:], after), axis=1)
    assert jumps(both)[5_000:].max() < 2 * jumps(both)[:4_900].max()
    assert engine.voices() == 1
    assert np.abs(after[:, 4_000:]).max() < 0.6 * np.abs(before).max()


def test_a_change_of_tempo_keeps_the_tick():
    """[ENG-3] Twice the tempo goes on from the same position, twice as fast."""
    engine = loaded(BEATS)
    engine.render(24_000)
    engine.load(replace(BEATS, tempo=240.0).image(), live=True)
    assert engine.position() == pytest.approx(960, abs=30)
    engine.render(12_000)
    assert engine.position() == pytest.approx(1920, abs=30)


def test_a_shorter_loop_wraps_the_position():
    """A position past the end of the new loop counts on from its beginning."""
    engine = loaded(replace(BEATS, bars=2))
    engine.render(96_000 + 24_000)
    engine.load(BEATS.image(), live=True)
    assert 0 <= engine.position() < 3840
    engine.render(96_000)
    assert engine.passes() >= 1


@pytest.mark.parametrize("ceiling", [-1.0, -12.0])
@pytest.mark.parametrize("wave", ["saw", "square", "sine"])
def test_no_true_peak_passes_the_ceiling(wave, ceiling):
    """[ENG-6] Chords and noise 30 dB too loud, oversampled four times, stay below."""
    loud = {"osc.wave": choice("osc.wave", wave), "osc.unison": 5.0, "play.level": 16.0,
            "noise.level": 1.0, "amp.gain": 3.0, "env.attack": 0.0, "play.pitch": 81.0}
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


def test_64_voices_sound_and_the_rest_steal():
    """[ENG-9] 32 rows of six-note chords: never more than 64 voices, the same every time."""
    pad = {**HOLD, "play.follow": choice("play.follow", "voicing"), "play.voices": 6.0,
           "play.level": 0.02, "play.low": 40.0}
    steps = tuple(Step(1 + i, i % 16, duration=60_000) for i in range(32))
    score = Score(({}, *[pad] * 32), steps, (Chord(0, 2, 2, 0b10010010010010010001),))
    first, again = loaded(score), loaded(score)
    one = first.render(90_000)
    assert first.voices() == 64
    assert np.array_equal(one, again.render(90_000))
    assert jumps(one)[2_000:].max() < 0.05


def test_the_same_pitch_again_takes_the_place_of_the_first():
    """Held notes of one pitch on one strip do not pile up."""
    engine = loaded(Score(({}, HOLD), tuple(Step(1, c, duration=60_000) for c in range(16))))
    samples = engine.render(90_000)
    assert engine.voices() == 1
    assert np.abs(samples).max() < 1.3 * np.abs(samples[:, :5_000]).max()


def test_sounds_of_one_choke_group_silence_each_other():
    """A closed hat ends an open one."""
    hat = {**HOLD, "play.choke": 1.0, "play.oneshot": 1.0, "env.decay": 5.0}
    closed = {**hat, "play.pitch": 70.0, "play.level": 0.0}
    score = Score(({}, hat, closed), (Step(1, 0), Step(2, 4)))
    samples = loaded(score).render(48_000)
    assert np.abs(samples[:, 23_000:24_000]).max() > 0.1
    assert np.abs(samples[:, 24_600:]).max() == 0


def test_stop_lets_tails_ring_and_silence_does_not():
    """Stop releases the voices; silence ends everything at once."""
    roomy = HELD.with_strip(1, reverb__mix=0.5)
    engine = loaded(roomy)
    engine.render(20_000)
    engine.stop()
    assert np.abs(engine.render(9_000)[:, -1_000:]).max() > 1e-3
    engine.silence()
    assert np.abs(engine.render(4_000)).max() == 0
    assert engine.is_quiet()


def test_seek_moves_the_position():
    """The next sound is that of the new position."""
    engine = loaded(BEATS)
    engine.render(100)
    engine.seek(3 * 960 - 20)
    engine.render(100)
    assert engine.position() == pytest.approx(2860 + 4, abs=16)


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
    knock = {**HOLD, "env.decay": 0.004, "env.sustain": 0.0, "delay.mix": 0.5,
             "delay.time": 0.1, "delay.feedback": 0.5}
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
    knock = {**HOLD, "env.decay": 0.01, "env.sustain": 0.0, "noise.level": 1.0, "reverb.mix": 1.0,
             "reverb.decay": decay, "reverb.damp": 0.0}
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


GOOD = BEATS.words()
FAULTY = {
    "no mark": (0, 7), "another version": (1, 2), "too long": (2, 10**6), "negative": (2, -1),
    "no strips": (3, 0), "too many strips": (3, 34), "negative steps": (4, -1),
    "too many chords": (5, 10**9), "other parameters": (6, 3), "no length": (7, 0),
    "half a bar": (7, 3840 + 5), "no cells": (8, 0), "no bar": (9, 0), "too slow": (10, 1.0),
    "tempo not a number": (10, float("nan")), "parameter not a number": (14, float("nan")),
    "infinite parameter": (14, float("inf")),
    "parameter out of range": (13 + INDEX["pan.pan"], 2.0),
    "step of no strip": (-7, 0), "step past the strips": (-7, 2), "step past the end": (-6, 16),
    "negative cell": (-6, -1), "too loud": (-5, 128), "pitch too high": (-4, 128.0),
    "pitch not a number": (-4, float("nan")), "negative duration": (-3, -1),
    "never surer than 1": (-2, 1.5), "far too late": (-1, 1 << 30),
}


@pytest.mark.parametrize("fault", FAULTY.values(), ids=FAULTY.keys())
def test_a_malformed_image_is_refused_and_changes_nothing(fault):
    """[ENG-7] The error says what is wrong; the old score plays on, sample by sample."""
    engine, other = loaded(BEATS), loaded(BEATS)
    words = list(GOOD)
    words[fault[0]] = fault[1]
    engine.render(5_000), other.render(5_000)
    with pytest.raises(EngineError, match="refused"):
        engine.load(pack(words), live=True)
    assert np.array_equal(other.render(30_000), engine.render(30_000))


def test_an_image_that_does_not_fit_is_refused():
    """[ENG-7] Odd bytes and more words than the buffer holds."""
    with pytest.raises(EngineError, match="whole words"):
        Engine().load(b"123")
    with pytest.raises(EngineError, match="at most"):
        Engine().load(b"0000" * 200_000)


def test_nothing_plays_before_an_image():
    """The error says the cure."""
    with pytest.raises(EngineError, match="call load first"):
        Engine().play()


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_any_damaged_image_is_refused_or_played_within_the_ceiling(data):
    """[ENG-7] Words changed at random: a clear refusal, or finite samples below the ceiling."""
    words = [struct.pack("<f" if isinstance(w, float) else "<i", w) for w in GOOD]
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(words) - 1))
        words[place] = data.draw(st.one_of(
            st.binary(min_size=4, max_size=4), st.floats(-20, 20, width=32).map(
                lambda x: struct.pack("<f", x))))
    engine = Engine()
    try:
        engine.load(b"".join(words))
    except EngineError:
        return
    engine.play()
    samples = engine.render(3_000)
    assert np.isfinite(samples).all()
    assert np.abs(samples).max() <= 1
