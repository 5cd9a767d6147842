"""What lanes move, and when."""

import numpy as np
import pytest

from cellissimo.schema.parameters import EFFECTS
from tests.unit.native.playing import jumps
from tests.unit.native.score import choice
from tests.unit.native.songs import BAR, Song

BAR_FRAMES = 96_000


def held(**values) -> tuple[Song, int]:
    """A song of four bars whose one strip holds a note, and that strip."""
    song = Song(bars=4)
    strip = song.strip(**values)
    song.note(strip, song.span(), 0, 4 * BAR, 60.0)
    return song, strip


def level_at(samples: np.ndarray, bar: float) -> float:
    """The level about a place in bars, in the note's own."""
    middle = int(bar * BAR_FRAMES)
    return float(np.abs(samples[0, max(middle - 400, 0) : middle + 400]).max() / 0.1)


def test_a_level_lane_is_heard_as_it_is_drawn():
    """[ENG-17] The base before the first point, then held, even, exponential, then the last."""
    song, strip = held(amp__level=0.9)
    song.point(strip, "amp.level", BAR, 0.2, "hold")
    song.point(strip, "amp.level", 2 * BAR, 0.4, "linear")
    song.point(strip, "amp.level", 3 * BAR, 0.8, "exponential")
    song.point(strip, "amp.level", 3 * BAR + 1920, 0.2, "linear")
    samples = song.engine().render(4 * BAR_FRAMES)
    places = {0.5: 0.9, 0.98: 0.9, 1.1: 0.2, 1.9: 0.2, 2.5: 0.6, 2.25: 0.5, 3.25: 0.4, 3.8: 0.2}
    found = {bar: level_at(samples, bar) for bar in places}
    assert found == pytest.approx(places, rel=0.01)


def test_an_even_ramp_of_level_is_even_sample_by_sample():
    """[ENG-17] Between the places where values are read, the level moves in a straight line.

    Only the first 128 frames, which wake the strip, have the value of their end.
    """
    song, strip = held()
    song.point(strip, "amp.level", 0, 0.0, "linear")
    song.point(strip, "amp.level", 2 * BAR, 1.0, "linear")
    plain, _ = held()
    ramped = song.engine().render(BAR_FRAMES)[0].astype(np.float64)
    still = plain.engine().render(BAR_FRAMES)[0].astype(np.float64)
    frames = np.arange(BAR_FRAMES)
    expected = still * frames / (2 * BAR_FRAMES)
    assert ramped[128:] == pytest.approx(expected[128:], abs=2e-6)
    assert np.abs(ramped[:128]).max() < 1e-4


def test_a_pan_lane_moves_the_sound():
    """Left in the first bar, right in the last."""
    song, strip = held()
    song.point(strip, "pan.pan", 0, -1.0, "linear")
    song.point(strip, "pan.pan", 4 * BAR, 1.0, "linear")
    samples = np.abs(song.engine().render(4 * BAR_FRAMES))
    first, last = samples[:, 4_000:9_000].max(axis=1), samples[:, -9_000:].max(axis=1)
    assert first[0] > 10 * first[1]
    assert last[1] > 10 * last[0]


def test_a_filter_lane_opens_the_filter():
    """A cut-off that rises exponentially lets a note through where it passes its pitch."""
    chain = (EFFECTS.index("filter") + 1,)
    song, strip = held(chain=chain, filter__type=choice("filter.type", "lowpass"))
    song.point(strip, "filter.freq", 0, 20.0, "exponential")
    song.point(strip, "filter.freq", 4 * BAR, 20_000.0, "exponential")
    samples = song.engine().render(4 * BAR_FRAMES)
    assert level_at(samples, 0.3) < 0.05
    assert level_at(samples, 3.0) == pytest.approx(1, rel=0.03)


def test_a_mute_lane_silences_and_its_events_are_left_out():
    """[ENG-17, ENG-18] Muted in the second bar only; so are the events of that bar."""
    song = Song()
    strip, span = song.strip(), song.span()
    for bar in range(4):
        song.note(strip, span, bar * BAR, BAR)
    song.point(strip, "amp.mute", BAR, 1.0, "hold")
    song.point(strip, "amp.mute", 2 * BAR, 0.0, "hold")
    samples = song.engine().render(4 * BAR_FRAMES)
    found = {bar: level_at(samples, bar + 0.5) for bar in range(4)}
    assert found == pytest.approx({0: 1, 1: 0, 2: 1, 3: 1}, abs=0.01)
    assert [0, 2 * BAR, 3 * BAR] == song.ticks()


def test_a_solo_lane_silences_the_neighbours():
    """[ENG-18] While it is soloed."""
    song = Song()
    strips = [song.strip(), song.strip()]
    for strip in strips:
        song.note(strip, song.span(), 0, 4 * BAR, 50.0 + strip)
    song.point(2, "amp.solo", BAR, 1.0, "hold")
    song.point(2, "amp.solo", 2 * BAR, 0.0, "hold")
    engine = song.engine(taps=1)
    heard = []
    for _ in range(3):
        engine.render(BAR_FRAMES // 2)
        engine.render(4_000)
        heard.append([bool(np.abs(engine.tapped(s, 4_000)).max() > 0.01) for s in strips])
        engine.render(BAR_FRAMES // 2 - 4_000)
    assert heard == [[True, True], [False, True], [True, True]]


VOICE = {
    "pitch of a row": ("note.pitch", 72.0),
    "wave": ("osc.wave", choice("osc.wave", "saw")),
    "attack": ("env.attack", 0.5),
    "level of the sound": ("play.level", 0.02),
}


@pytest.mark.parametrize(("key", "value"), VOICE.values(), ids=VOICE.keys())
def test_what_a_voice_reads_it_reads_where_it_starts(key, value):
    """[ENG-17] A step before the point sounds as without it, a step behind it as if set so."""

    def song_of(lane: bool, **values) -> np.ndarray:
        song = Song(bars=2)
        strip, loop = song.strip(**values), song.loop(bars=2)
        for cell in (0, 16):
            song.step(loop, strip, cell, pitch=-1.0, duration=960)
        song.place(loop, song.span())
        if lane:
            song.point(strip, key, BAR, value, "hold")
        return song.engine().render(2 * BAR_FRAMES)

    lane, before = song_of(True), song_of(False)
    after = song_of(False, **{key.replace(".", "__"): value})
    assert np.array_equal(before[:, :BAR_FRAMES], lane[:, :BAR_FRAMES])
    assert np.array_equal(after[:, BAR_FRAMES:], lane[:, BAR_FRAMES:])
    assert not np.array_equal(before[:, BAR_FRAMES:], lane[:, BAR_FRAMES:])


def test_a_groove_lane_swings_from_its_point_on():
    """[ENG-17] The amount of swing at a note is that of its tick."""
    song = Song()
    strip, span = song.strip(groove__type=1, groove__amount=0), song.span()
    for bar in range(2):
        song.note(strip, span, bar * BAR + 480, 100)
    song.point(strip, "groove.amount", BAR, 1.0, "hold")
    assert [480, BAR + 640] == song.ticks()


def test_the_ceiling_follows_its_lane():
    """[ENG-6, ENG-17] A loud note under a ceiling that falls by 12 dB, without a click."""
    song = Song(bars=4)
    strip = song.strip(play__level=8.0)
    song.note(strip, song.span(), 0, 4 * BAR, 60.0)
    song.point(0, "limiter.ceiling", 0, -1.0, "linear")
    song.point(0, "limiter.ceiling", 4 * BAR, -13.0)
    samples = song.engine().render(4 * BAR_FRAMES)
    for bar in range(4):
        part = samples[:, bar * BAR_FRAMES + 500 : (bar + 1) * BAR_FRAMES]
        peak = 20 * np.log10(np.abs(part[:, :2_000]).max())
        assert -1.5 < peak + 1 + 3 * bar < 0.05
    assert jumps(samples)[2_000:].max() < 0.01


def test_automation_jumps_without_a_click():
    """[ENG-5] A held sine whose level and pan jump keeps its slope nearly even."""
    song, strip = held()
    for beat in range(1, 16):
        song.point(strip, "amp.level", beat * 960, 0.3 + 0.7 * (beat % 2), "hold")
    samples = song.engine().render(2 * BAR_FRAMES)
    assert jumps(samples)[2_000:].max() < 6 * jumps(samples)[2_000:20_000].max()


def test_the_order_of_points_does_not_matter():
    """[ENG-2] Points in any order, and those of other strips between them."""
    song, strip = held()
    for tick, level in ((0, 0.1), (BAR, 0.9), (2 * BAR, 0.2)):
        song.point(strip, "amp.level", tick, level)
        song.point(0, "pan.pan", tick, level - 0.5)
    one = song.engine().render(BAR_FRAMES)
    song.records["points"].reverse()
    assert np.array_equal(one, song.engine().render(BAR_FRAMES))


def test_seeking_takes_the_values_of_the_new_place():
    """[ENG-17] After a jump, and before `play`, the lane's value at the position holds."""
    song, strip = held()
    song.point(strip, "amp.level", 0, 1.0, "hold")
    song.point(strip, "amp.level", 2 * BAR, 0.25, "hold")
    song.note(strip, 0, 3 * BAR, BAR)
    engine = song.engine()
    engine.render(1_000)
    engine.seek(3 * BAR)
    assert np.abs(engine.render(20_000)[:, 5_000:]).max() == pytest.approx(0.025, rel=0.01)
