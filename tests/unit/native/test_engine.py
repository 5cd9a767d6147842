from dataclasses import replace

import numpy as np
import pytest

from cellissimo.native.host import Engine
from tests.unit.native.playing import BEATS, HELD, HOLD, jumps, loaded
from tests.unit.native.score import Chord, Score, Step, choice


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


def test_chance_in_a_pass_that_is_begun_with_falls_as_in_that_pass():
    """[ENG-8] Who comes in the fourth pass hears what was left out and played there by chance."""
    drum = {**HOLD, "env.decay": 0.03, "env.sustain": 0.0, "click.level": 1.0}
    steps = tuple(Step(1, cell, probability=0.5) for cell in range(16))
    score = replace(BEATS.with_strip(1, **drum), steps=steps)
    through, late, first = loaded(score), Engine(), loaded(score)
    through.render(3 * through.pass_frames())
    late.load(score.image())
    late.pass_from(3)
    late.play()
    assert 3 == late.passes()
    frames = late.pass_frames() // 2
    expected, got = through.render(frames), late.render(frames)
    np.testing.assert_allclose(expected[:, 4_000:], got[:, 4_000:], atol=1e-6)
    assert np.abs(expected - first.render(frames)).max() > 1e-3


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
    two = Score(
        ({}, HOLD, {**HOLD, "play.pitch": 60.0}),
        (Step(1, 0, duration=60_000), Step(2, 0, duration=60_000)),
        identities=(0, 11, 22),
    )
    engine = loaded(two)
    before = engine.render(20_000)
    one = replace(
        two,
        strips=(two.strips[0], two.strips[2]),
        identities=(0, 22),
        steps=(Step(1, 0, duration=60_000),),
    )
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


def test_128_voices_sound_and_the_rest_steal():
    """[ENG-9] 32 rows of six-note chords: never more than 128 voices, the same every time."""
    pad = {
        **HOLD,
        "play.follow": choice("play.follow", "voicing"),
        "play.voices": 6.0,
        "play.level": 0.02,
        "play.low": 40.0,
    }
    steps = tuple(Step(1 + i, i % 16, duration=60_000) for i in range(32))
    score = Score(({}, *[pad] * 32), steps, (Chord(0, 2, 2, 0b10010010010010010001),))
    first, again = loaded(score), loaded(score)
    one = first.render(90_000)
    assert first.voices() == 128
    assert np.array_equal(one, again.render(90_000))
    assert jumps(one)[2_000:].max() < 0.05


def test_the_same_pitch_again_takes_the_place_of_the_first():
    """[ENG-13] Held notes of one pitch on one strip do not pile up."""
    engine = loaded(Score(({}, HOLD), tuple(Step(1, c, duration=60_000) for c in range(16))))
    samples = engine.render(90_000)
    assert engine.voices() == 1
    assert np.abs(samples).max() < 1.3 * np.abs(samples[:, :5_000]).max()


def test_sounds_of_one_choke_group_silence_each_other():
    """[ENG-13] A closed hat ends an open one."""
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
