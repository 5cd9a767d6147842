"""Audio in songs: sample by sample, in its span, from pages."""

import numpy as np
import pytest

from cellissimo.native.host import PAGE_FRAMES, Engine, EngineError
from tests.unit.native.playing import jumps
from tests.unit.native.songs import BAR, Song, paged

BAR_FRAMES = 96_000
SOFT = 96
"""Frames in which a cut ends: 2 ms."""


def ramp(frames: int, channels: int = 2) -> np.ndarray:
    """Every sample another, as of 24 bits: a rising side and a falling one."""
    rising = (np.arange(frames) % 30_000 + 1).astype(np.float32) / 2**16
    return np.stack([rising, -rising])[:channels]


def wave(frames: int, hz: float = 220.0) -> np.ndarray:
    return (0.3 * np.sin(2 * np.pi * hz / 48_000 * np.arange(frames))).astype(np.float32)[None]


def one_clip(frames: int, offset: int = 0, **span) -> Song:
    """A song of four bars with a clip on a strip that changes nothing."""
    song = Song()
    song.clip(song.strip(), song.span(**span), 0, frames, offset)
    return song


def test_a_clip_reads_back_bit_by_bit():
    """[ENG-20] At unity gain, in the middle, without effects: over page borders, to its end."""
    frames = 2 * PAGE_FRAMES + 1_234
    audio = ramp(frames)
    samples = one_clip(frames).engine(audio=paged(audio)).render(frames + 500)
    assert np.array_equal(audio, samples[:, :frames])
    assert not samples[:, frames:].any()


def test_mono_is_on_both_sides():
    """[ENG-20] One channel is heard on the left and on the right."""
    audio = ramp(5_000, channels=1)
    samples = one_clip(5_000).engine(audio=paged(audio)).render(5_000)
    assert np.array_equal(np.repeat(audio, 2, axis=0), samples)


@pytest.mark.parametrize("tempo", [120.0, 97.3])
def test_a_clip_begins_on_its_frame_at_its_offset(tempo):
    """[ENG-20] At the span's frame comes the offset's sample; before it nothing."""
    audio = ramp(40_000)
    song = Song(tempo=tempo)
    song.clip(song.strip(), song.span(1000), 0, 40_000, 7_000)
    start = int(60 * 48_000 / tempo / 960 * 1000 + 0.5)
    samples = song.engine(audio=paged(audio)).render(start + 33_000)
    assert not samples[:, :start].any()
    assert np.array_equal(audio[:, 7_000:], samples[:, start:])


def test_a_cut_clip_ends_in_two_milliseconds():
    """[ENG-20] Cut off by its span before its own end, its last 96 frames fade in a line."""
    audio = ramp(2 * BAR_FRAMES)
    song = one_clip(2 * BAR_FRAMES, length=BAR)
    samples = song.engine(audio=paged(audio)).render(BAR_FRAMES + 500)
    whole = BAR_FRAMES - SOFT
    assert np.array_equal(audio[:, :whole], samples[:, :whole])
    fade = np.arange(SOFT, 0, -1) / SOFT
    assert samples[:, whole:BAR_FRAMES] == pytest.approx(
        audio[:, whole:BAR_FRAMES] * fade, abs=1e-6
    )
    assert not samples[:, BAR_FRAMES:].any()


def test_two_halves_of_a_split_clip_sound_as_the_whole():
    """[ENG-20] Nothing fades where the next clip takes up what the first leaves."""
    audio = ramp(BAR_FRAMES)
    song = Song()
    strip = song.strip()
    song.clip(strip, song.span(0, 1000), 0, BAR_FRAMES)
    song.clip(strip, song.span(1000, 2840), 0, BAR_FRAMES, 25_000)
    samples = song.engine(audio=paged(audio)).render(BAR_FRAMES)
    assert np.array_equal(audio, samples)


SHAPES = {
    "linear": lambda u: u,
    "equal-power": lambda u: np.sin(u * np.pi / 2),
    "s-curve": lambda u: 3 * u**2 - 2 * u**3,
}


@pytest.mark.parametrize("curve", SHAPES)
def test_fades_follow_their_curve_sample_by_sample(curve):
    """[ENG-20] 100 ms in, 50 ms out, 6 dB down: every sample is the curve's."""
    audio = np.full((2, BAR_FRAMES), 0.5, np.float32)
    song = one_clip(BAR_FRAMES, length=BAR, gain=-6.0, fade_in=100.0, fade_out=50.0, curve=curve)
    samples = song.engine(audio=paged(audio)).render(BAR_FRAMES)
    frames = np.arange(BAR_FRAMES)
    shape = SHAPES[curve]
    level = shape(np.minimum(frames / 4_800, 1)) * shape(
        np.minimum((BAR_FRAMES - frames) / 2_400, 1)
    )
    expected = 0.5 * 10 ** (-6 / 20) * level
    assert samples[0] == pytest.approx(expected, abs=1e-6)


def test_equal_power_crossfades_keep_their_power():
    """Two clips that overlap by their fades: the sum of their squared levels is one."""
    audio = np.full((1, BAR_FRAMES), 0.5, np.float32)
    song = Song()
    strip = song.strip()
    length = {"fade_in": 1000.0, "fade_out": 1000.0, "curve": "equal-power"}
    song.clip(strip, song.span(0, BAR, **length), 0, BAR_FRAMES)
    song.clip(strip, song.span(1920, BAR, **length), 1, BAR_FRAMES)
    silent = np.zeros_like(audio)
    parts = [
        song.engine(audio=paged(*audios)).render(144_000)[0].astype(np.float64)
        for audios in ((audio, silent), (silent, audio))
    ]
    power = (parts[0] ** 2 + parts[1] ** 2)[48_000:96_000]
    assert power == pytest.approx(np.full_like(power, 0.25), rel=1e-5)


def test_starting_in_the_middle_of_a_clip_plays_from_there():
    """[ENG-20] After a seek the audio of that place comes, in 2 ms, and no click."""
    audio = wave(4 * BAR_FRAMES)
    engine = Engine(paged(audio))
    engine.load(one_clip(4 * BAR_FRAMES).image())
    engine.seek(BAR)
    engine.play(0)
    samples = engine.render(20_000)
    expected = audio[0, BAR_FRAMES : BAR_FRAMES + 20_000]
    assert np.array_equal(expected[SOFT:], samples[0, SOFT:])
    assert samples[0, :SOFT] == pytest.approx(expected[:SOFT] * np.arange(SOFT) / SOFT, abs=1e-6)


def test_a_jump_changes_over_without_a_click():
    """What sounded ends in 2 ms while the new place begins."""
    engine = one_clip(4 * BAR_FRAMES).engine(audio=paged(wave(4 * BAR_FRAMES)))
    first = engine.render(20_000)
    engine.seek(2 * BAR + 77)
    both = np.concatenate((first, engine.render(20_000)), axis=1)
    assert jumps(both).max() < 0.01
    engine.stop()
    assert jumps(engine.render(4_000)).max() < 0.01
    assert not engine.render(4_000).any()
    assert engine.is_quiet()


def test_a_region_loops_a_clip_on_its_frames():
    """Each turn of the region holds the same frames of the audio."""
    audio = wave(4 * BAR_FRAMES)
    engine = Engine(paged(audio))
    engine.load(one_clip(4 * BAR_FRAMES).image())
    engine.region(BAR, 2 * BAR)
    engine.play(1)
    samples = engine.render(3 * BAR_FRAMES)
    turn = audio[0, BAR_FRAMES : 2 * BAR_FRAMES]
    for start in range(0, 3 * BAR_FRAMES, BAR_FRAMES):
        found = samples[0, start : start + BAR_FRAMES]
        assert np.array_equal(turn[SOFT:], found[SOFT:])
    assert jumps(samples).max() < 0.01


def test_what_reaches_past_the_end_of_the_song_rings_on():
    """A clip whose span is longer than the song keeps its tail, as a frozen stem needs."""
    frames = 5 * BAR_FRAMES
    audio = wave(frames)
    samples = one_clip(frames, length=8 * BAR).engine(audio=paged(audio)).render(frames + 1_000)
    assert np.array_equal(audio[0], samples[0, :frames])


LIVE = {
    "gain": {"gain": -12.0},
    "a fade": {"fade_out": 3000.0},
    "the offset": {"offset": 5_000},
    "the start": {"start": 960},
}


@pytest.mark.parametrize("change", LIVE.values(), ids=LIVE.keys())
def test_a_live_change_of_a_clip_does_not_click(change):
    """[ENG-5] The old one ends while the new one begins, in 2 ms."""
    audio = wave(4 * BAR_FRAMES, 110.0)
    engine = one_clip(4 * BAR_FRAMES).engine(audio=paged(audio))
    first = engine.render(60_001)
    offset = change.get("offset", 0)
    span = {key: value for key, value in change.items() if key != "offset"}
    engine.load(one_clip(4 * BAR_FRAMES, offset, **span).image(), live=True)
    both = np.concatenate((first, engine.render(20_000)), axis=1)
    assert jumps(both).max() < 0.01


def test_a_live_change_elsewhere_leaves_a_clip_alone():
    """[ENG-5] Another strip's note comes; the clip goes on bit by bit."""
    audio = ramp(4 * BAR_FRAMES)
    engine = one_clip(4 * BAR_FRAMES).engine(audio=paged(audio))
    engine.render(50_000)
    song = one_clip(4 * BAR_FRAMES)
    song.note(song.strip(), song.span(), 3 * BAR, 960)
    engine.load(song.image(), live=True)
    assert np.array_equal(audio[:, 50_000:90_000], engine.render(40_000))


def test_pages_make_room_for_what_is_needed_sooner():
    """300 pages, half an hour apart in time, pass through a pool of 128 and none is missed."""
    song = Song(bars=8)
    strip = song.strip()
    for i in range(150):
        song.clip(strip, song.span(i * 200, 200), 0, 300 * PAGE_FRAMES, i * 2 * PAGE_FRAMES)
    asked: list[int] = []

    def page(_audio: int, number: int) -> np.ndarray:
        asked.append(number)
        return np.full((1, PAGE_FRAMES), number / 1000, np.float32)

    engine = song.engine(1, page)
    samples = engine.render(8 * BAR_FRAMES)
    for i in range(150):
        middle = int((i * 200 + 100) * 25)
        assert samples[0, middle] == np.float32(2 * i / 1000)
    assert sorted(set(asked)) == [2 * i for i in range(150)]
    assert len(asked) == 150
    engine.render(BAR_FRAMES)
    assert engine.missed() == 0


def test_wanted_names_what_the_next_second_needs_soonest_first():
    """Two pages of the first clip, then the second clip's; nothing twice, nothing that is there."""
    song = Song()
    strip = song.strip()
    song.clip(strip, song.span(0, BAR), 0, 4 * PAGE_FRAMES, PAGE_FRAMES - 10)
    song.clip(strip, song.span(960, BAR), 5, PAGE_FRAMES)
    engine = Engine()
    engine.load(song.image())
    assert engine.wanted() == [(0, 0), (0, 1), (5, 0)]
    engine.put_page(0, 0, np.zeros((1, PAGE_FRAMES), np.float32))
    assert engine.wanted() == [(0, 1), (5, 0)]
    engine.play(0)
    assert engine.wanted() == [(0, 1), (5, 0)]


def test_missing_pages_are_told():
    """Without a source of audio a render says so; the count is of the silent frames."""
    engine = one_clip(10_000).engine()
    with pytest.raises(EngineError, match="give Engine a source"):
        engine.render(5_000)
    assert 5_000 <= engine.missed() <= 5_000 + engine.latency() + 128
    engine.load(one_clip(10_000).image(), live=True)
    assert engine.missed() == 0
