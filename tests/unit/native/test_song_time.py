"""When songs sound: tempo maps, placements, spans, regions, seeking."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cellissimo.domain.tempo_map import TempoMap
from cellissimo.native.host import Engine
from tests.unit.native.songs import BAR, Song

TICKS = st.integers(1, 200_000)
TEMPOS = st.dictionaries(
    TICKS, st.tuples(st.floats(20, 400, width=32), st.booleans()), max_size=6
).map(lambda tempos: {0: (120.0, True), **tempos})


def song_of(tempos: dict[int, tuple[float, bool]], ticks: list[int]) -> Song:
    """A song with these tempos and a note at each tick."""
    song = Song(bars=60)
    song.records["tempos"] = []
    for tick, (bpm, ramp) in sorted(tempos.items()):
        song.tempo(tick, bpm, int(ramp))
    strip, span = song.strip(), song.span()
    for tick in ticks:
        song.note(strip, span, tick, 960)
    return song


@settings(deadline=None, max_examples=80)
@given(TEMPOS, st.lists(st.integers(0, 60 * BAR - 1), min_size=1, max_size=8, unique=True))
def test_frames_follow_the_tempo_map_with_its_ramps(tempos, ticks):
    """[ENG-3] Every event's frame is the tempo map's, to the frame; so is its length."""
    map_of = TempoMap(tempos)
    for frame, tick, *_, duration, frames in song_of(tempos, ticks).events():
        first = map_of.seconds_at(tick) * 48_000
        assert frame == pytest.approx(first, abs=1)
        last = map_of.seconds_at(tick + duration) * 48_000
        assert frames == pytest.approx(last - first, abs=2)


@settings(deadline=None, max_examples=40)
@given(TEMPOS, st.integers(0, 50 * BAR), st.integers(1, 20_000))
def test_the_position_follows_the_tempo_map(tempos, tick, frames):
    """[ENG-3] From ticks to frames and back: after some frames it is where the map says."""
    engine = Engine()
    engine.load(song_of(tempos, [0]).image())
    engine.seek(tick)
    engine.play(0)
    assert engine.position() == pytest.approx(tick, abs=0.2)
    engine.render(frames)
    map_of = TempoMap(tempos)
    expected = map_of.tick_at(map_of.seconds_at(tick) + frames / 48_000)
    assert engine.position() == pytest.approx(expected, abs=1)


def test_a_placement_repeats_its_loop_and_ends_with_its_span():
    """[DOC-27] Two and a half turns; the last step is cut off, none begins outside."""
    song = Song()
    strip = song.strip()
    loop = song.loop()
    for cell in (0, 8, 15):
        song.step(loop, strip, cell, duration=1920)
    song.place(loop, song.span(BAR, BAR * 5 // 2))
    found = [(event[1] - BAR, event[5]) for event in song.events()]
    first = [(0, 1920), (1920, 1920), (3600, 1920)]
    turns = [(tick + turn * BAR, ticks) for turn in (0, 1) for tick, ticks in first]
    assert found == [*turns, (2 * BAR, 1920)]


def test_a_placement_begins_at_its_offset():
    """Half a bar in, the loop begins at its ninth cell."""
    song = Song()
    strip, loop = song.strip(), song.loop()
    for cell in (0, 8):
        song.step(loop, strip, cell, pitch=60 + cell)
    song.place(loop, song.span(0, BAR), 1920)
    assert [(0, 68.0), (1920, 60.0)] == [(event[1], event[3]) for event in song.events()]


def test_what_an_offset_brings_past_a_turn_stays_in_it():
    """[ENG-11] Early and late steps stay within the turn of their loop and within its span."""
    song = Song()
    strip, loop = song.strip(), song.loop()
    song.step(loop, strip, 0, offset=-100)
    song.step(loop, strip, 15, offset=5000)
    song.place(loop, song.span(BAR, 2 * BAR))
    assert [BAR, 2 * BAR - 1, 2 * BAR, 3 * BAR - 1] == song.ticks()


def test_a_loop_alone_and_the_same_loop_placed_play_alike():
    """The events of a turn in the song are those of the loop's own pass, shifted."""
    song = Song(bars=3)
    strip = song.strip(play__follow=4.0, play__low=60, play__voices=4, groove__type=1)
    loop = song.loop()
    song._add("chords", loop, 0, 0, 0, 0x91)
    song._add("chords", loop, 8, 5, 5, 0x91)
    for cell in range(16):
        song.step(loop, strip, cell, pitch=-1.0, offset=cell)
    song.place(loop, song.span())
    alone = [(e[1], e[3]) for e in song.events()][:16]
    assert [(t + BAR, p) for t, p in alone] == [(e[1], e[3]) for e in song.events()][16:32]


def test_a_note_takes_the_level_its_span_has_where_it_begins():
    """6 dB of gain and half of a fade are heard, and the velocity stays as written."""
    song = Song(tempo=120)
    strip = song.strip()
    gained = song.span(0, BAR, gain=6.0)
    fading = song.span(BAR, BAR, fade_in=2000.0)
    song.note(strip, gained, 0, 240, 60)
    song.note(strip, fading, BAR + 1920, 240, 60)
    engine = song.engine()
    samples = engine.render(4 * 48_000)
    plain = 0.1
    assert np.abs(samples[:, :6_000]).max() == pytest.approx(plain * 10 ** (6 / 20), rel=0.01)
    late = samples[:, 144_000:150_000]
    assert np.abs(late).max() == pytest.approx(plain / 2, rel=0.01)
    assert {round(100 / 127, 6)} == {round(event[4], 6) for event in song.events()}


def test_a_region_plays_between_its_ticks_and_loops():
    """Passes of one bar and a beat: events recur, frame by frame, at whole passes."""
    song = Song(tempo=113)
    strip, span = song.strip(play__oneshot=1, env__sustain=0, env__decay=0.02), song.span()
    for beat in range(16):
        song.note(strip, span, 960 * beat, 100, 60 + beat)
    engine = Engine()
    engine.load(song.image())
    engine.region(BAR, 2 * BAR + 960)
    engine.seek(BAR)
    engine.play(1)
    exact = 5 * 60 * 48_000 / 113
    assert engine.pass_frames() == round(exact)
    samples = engine.render(8 * engine.pass_frames())
    starts = [round(60 * 48_000 / 113 * beat) for beat in range(40)]
    for start in starts:
        assert np.abs(samples[:, start + 3 : start + 50]).max() > 0.01
        assert np.abs(samples[:, max(start - 400, 0) : max(start - 2, 0)]).max(initial=0) < 1e-3
    assert engine.passes() == 8
    assert BAR <= engine.position() < 2 * BAR + 960


def test_a_region_played_once_ends_at_its_end():
    """Mode 0 plays from the region's start, wherever the position was, and stops at its end."""
    song = Song()
    song.note(song.strip(), song.span(), BAR, 960)
    engine = Engine()
    engine.load(song.image())
    engine.region(BAR, 2 * BAR)
    engine.play(0)
    assert engine.position() == pytest.approx(BAR, abs=1)
    assert np.abs(engine.render(1_000)).max() > 0.01
    engine.render(96_000)
    assert engine.position() == -1


def test_what_is_held_where_playing_begins_is_heard():
    """[ENG-24] A note and a step from before sound to their ends; a one-shot does not."""
    song = Song()
    note, step, drum = song.strip(), song.strip(), song.strip(play__oneshot=1)
    song.note(note, song.span(), 0, 2 * BAR, 50.0)
    song.note(drum, 0, 0, 2 * BAR, 55.0)
    loop = song.loop(bars=4)
    song.step(loop, step, 8, duration=BAR, pitch=60.0)
    song.place(loop, 0)
    engine = Engine()
    engine.load(song.image())
    engine.tap(-1)
    engine.seek(BAR)
    engine.play(0)
    sounding = []
    for _ in range(3):
        engine.render(4_000)
        strips = [engine.tapped(strip, 4_000)[:, 2_000:] for strip in (note, step, drum)]
        sounding.append([bool(np.abs(samples).max() > 0.01) for samples in strips])
        for _ in range(12):
            engine.render(3_667)
    assert sounding == [[True, True, False], [True, False, False], [False, False, False]]


def test_each_turn_of_a_region_begins_with_what_is_held():
    """[ENG-24] The second turn is as the first, chord by chord."""
    song = Song()
    song.note(song.strip(env__attack=0.01), song.span(), 0, 4 * BAR)
    engine = Engine()
    engine.load(song.image())
    engine.region(BAR, 2 * BAR)
    engine.play(2)
    first, second = engine.render(96_000), engine.render(96_000)
    assert np.array_equal(first[:, 1_000:], second[:, 1_000:])
    assert np.abs(first[:, 90_000:]).max() > 0.09


def test_a_live_change_does_not_begin_held_notes_anew():
    """[ENG-5, ENG-24] What plays on from its place is not held again."""
    song = Song()
    song.note(song.strip(), song.span(), 0, 4 * BAR)
    engine, plain = song.engine(), song.engine()
    engine.render(50_000), plain.render(50_000)
    engine.load(song.image(), live=True)
    assert np.array_equal(plain.render(50_000), engine.render(50_000))


def test_notes_end_with_the_region():
    """A note of four bars is released where a region of one bar ends, and begins anew in a turn."""
    song = Song()
    song.note(song.strip(), song.span(), 960, 3 * BAR)
    engine = Engine()
    engine.load(song.image())
    engine.region(0, BAR)
    engine.play(1)
    samples = np.abs(engine.render(2 * 96_000)).max(axis=0)
    assert samples[90_000:96_000].max() > 0.09
    assert samples[97_000:119_990].max() == 0
    assert samples[120_000:190_000].max() > 0.09


def test_a_region_set_while_playing_moves_only_a_position_outside():
    """Inside, the sound goes on as if nothing had happened; outside, it jumps to the start."""
    song = Song()
    song.note(song.strip(), song.span(), 0, 4 * BAR)
    plain, moved = song.engine(1), song.engine(1)
    plain.render(10_000), moved.render(10_000)
    moved.region(0, 2 * BAR)
    assert np.array_equal(plain.render(50_000), moved.render(50_000))
    moved.region(3 * BAR, 4 * BAR)
    assert moved.position() == pytest.approx(3 * BAR, abs=20)


def test_an_empty_region_is_the_whole():
    """`end` at or below `start` plays everything."""
    song = Song(bars=2)
    engine = Engine()
    engine.load(song.image())
    engine.region(BAR, BAR)
    assert engine.pass_frames() == 192_000


def test_seeking_plays_what_comes_there():
    """Each beat has its own pitch: after seeking the beat's own is heard, and from its frame."""
    song = Song()
    strip, span = song.strip(), song.span()
    for beat in range(16):
        song.note(strip, span, 960 * beat, 960, 48 + beat)
    engine = song.engine()
    engine.render(1_000)
    engine.seek(9 * 960)
    samples = engine.render(20_000)[0, 4_000:]
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    hz = np.argmax(spectrum) * 48_000 / len(samples)
    assert hz == pytest.approx(440 * 2 ** ((57 - 69) / 12), abs=3)


def test_meters_give_notes_their_bars():
    """[ENG-19] A swing of the song's bars begins anew where a bar of 7/8 does."""
    song = Song(bars=4)
    song.meter(BAR, 3360)
    strip, span = song.strip(groove__type=1, groove__amount=1), song.span()
    for tick in (480, BAR + 480, BAR + 2880, BAR + 3360 + 480):
        song.note(strip, span, tick, 100)
    assert [640, BAR + 640, BAR + 2880, BAR + 3360 + 640] == song.ticks()


def test_the_nearest_groove_up_the_tree_counts():
    """[ENG-19] A row's own, else its bus's, else its stem's, else the master's."""
    swing = {"groove__type": 1, "groove__amount": 1}
    late = {}
    for place in ("row", "bus", "stem", "master"):
        song = Song(**(swing if place == "master" else {}))
        stem = song.strip(**(swing if place == "stem" else {}))
        bus = song.group(stem, **(swing if place == "bus" else {}))
        row = song.strip(bus, **(swing if place == "row" else {}))
        song.note(row, song.span(), 480, 100)
        late[place] = song.ticks()
    assert [[640]] * 4 == list(late.values())


def test_chance_falls_by_the_strips_own_word_song_tick_and_pass():
    """[ENG-8, ENG-19] Not by the place of a strip: another strip before it changes nothing."""

    def heard(strips_before: int) -> list[int]:
        song = Song(bars=4, seed=7)
        for _ in range(strips_before):
            song.strip()
        strip = song.strip()
        song.records["strips"][strip][1] = 4242
        loop = song.loop()
        for cell in range(16):
            song.step(loop, strip, cell, chance=0.5)
        song.place(loop, song.span())
        return song.ticks()

    assert heard(0) == heard(3)
    turns = {tuple(t % BAR for t in heard(0) if t // BAR == bar) for bar in range(4)}
    assert len(turns) > 2
