"""Songs that use all of the engine: the same everywhere, and never late."""

import random
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from cellissimo.native.host import Engine
from tests.unit.native.playing import jumps
from tests.unit.native.songs import BAR, Song, paged
from tests.unit.native.whole_song import audio, digest, render, whole_song

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def samples():
    return render()


def test_it_sounds(samples):
    """Everything together: within the ceiling, on both sides, and no two stretches alike."""
    assert np.isfinite(samples).all()
    assert 0.1 < np.abs(samples).max() <= 1
    assert (np.abs(samples).max(axis=1) > 0.1).all()


@pytest.mark.parametrize("blocks", [(1, 130, 4096), (128,), (999, 64, 63)])
def test_block_size_does_not_matter_to_a_song(samples, blocks):
    """[ENG-4] With effects, sends, clips, ramps and automation, bit by bit."""
    assert np.array_equal(samples[:, :200_000], render(blocks, 200_000))


def test_a_fresh_process_gives_the_same_hash(samples):
    """[ENG-1] The same program, another process: the same sha256."""
    command = [sys.executable, "-m", "tests.unit.native.whole_song"]
    run = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    assert digest(samples) == run.stdout.strip()


def test_the_order_of_records_does_not_matter_to_a_song(samples):
    """[ENG-2] All that may come in any order is shuffled."""
    song = whole_song()
    shuffle = random.Random(5).shuffle
    for kind in ("sends", "placements", "steps", "chords", "notes", "clips", "points"):
        shuffle(song.records[kind])
    shuffled = song.engine(audio=paged(audio())).render(150_000)
    assert np.array_equal(samples[:, :150_000], shuffled)


def test_the_events_of_a_pass_are_its_own():
    """[ENG-8] The same pass again has the same events; chance falls otherwise in the next."""
    song = whole_song()
    engine = Engine()
    engine.load(song.image())
    first, again = engine.collect(0), engine.collect(0)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, engine.collect(1))


def test_what_is_played_is_what_is_collected():
    """[ENG-2] Sequenced in windows while it plays, or as a whole: as many voices start."""
    song = Song(bars=4, tempo=137.3)
    strip, span = song.strip(play__oneshot=1, env__sustain=0, env__decay=0.003), song.span()
    for tick in range(0, 4 * BAR, 480):
        song.note(strip, span, tick + tick % 7, 50, 60 + tick % 11)
    frames = [event[0] for event in song.events()]
    heard = np.abs(song.engine().render(4 * 84_000)).max(axis=0) > 1e-3
    for frame in frames:
        assert heard[frame + 2 : frame + 30].any()
        assert not heard[max(frame - 200, 0) : frame].any()


def crowded(notes: int) -> Song:
    """A song of 64 bars with so many notes, and as many steps in one loop as a loop may hold."""
    song = Song(bars=64)
    strips = [song.strip(play__level=0.01) for _ in range(8)]
    span, loop = song.span(), song.loop(bars=8, cells=48)
    for i in range(notes):
        song.note(strips[i % 8], span, i * 64 * BAR // notes, 120, 30 + i % 60)
    for i in range(8192):
        song.step(loop, strips[i % 8], i % 384, 90, 40 + i % 50)
    song.place(loop, song.span())
    return song


def test_a_crowded_song_never_stalls():
    """20 000 notes and 8 192 steps: no block of 128 frames takes longer than it lasts."""
    engine = crowded(20_000).engine()
    slowest = 0.0
    for _ in range(400):
        start = time.thread_time()
        engine.render(128)
        slowest = max(slowest, time.thread_time() - start)
    best = min(_seconds(lambda: engine.render(128)) for _ in range(50))
    assert best < 128 / 48_000
    assert slowest < 0.05


def _seconds(work) -> float:
    start = time.thread_time()
    work()
    return time.thread_time() - start


def test_a_live_edit_of_ten_thousand_notes_is_taken_at_once():
    """`load` of a song with 10 000 notes and 8 192 steps while it plays, within 10 ms."""
    song = crowded(10_000)
    engine = song.engine()
    engine.render(10_000)
    words = song.image()
    random.Random(1).shuffle(song.records["notes"])
    shuffled = song.image()
    assert min(_seconds(lambda: engine.load(words, live=True)) for _ in range(5)) < 0.01
    assert min(_seconds(lambda: engine.load(shuffled, live=True)) for _ in range(5)) < 0.05


def calm(**values) -> Song:
    """Two held notes on a stem and its row, a send, a clip."""
    song = Song()
    room = song.room(**{k[5:]: v for k, v in values.items() if k.startswith("room_")})
    stem = song.strip(**values.get("stem", {}))
    row = song.strip(stem, **values.get("row", {}))
    for strip in (stem, row):
        song.note(strip, song.span(), 0, 4 * BAR, 45.0 + 7 * strip)
    song.send(stem, room, values.get("send", 0.5))
    return song


CHANGES = {
    "a stem's level": {"stem": {"amp__level": 0.2}},
    "a row's pan": {"row": {"pan__pan": 1.0}},
    "a stem muted": {"stem": {"amp__mute": 1.0}},
    "a send": {"send": 0.0},
    "a return's level": {"room_amp__level": 0.1},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_live_change_of_a_song_does_not_click(change):
    """[ENG-5] Held notes on a stem and its row while the mixer moves."""
    engine = calm().engine()
    first = engine.render(60_000)
    engine.load(calm(**change).image(), live=True)
    second = engine.render(20_000)
    both = np.concatenate((first[:, -20_000:], second), axis=1)
    assert jumps(both)[20_000:].max() < 2 * jumps(both)[:19_000].max()
    assert not np.array_equal(second, first[:, 20_000:40_000])


def test_a_stem_that_disappears_fades_with_its_rows_and_sends():
    """[ENG-5] In 30 ms, without a click, and another stem plays on as if nothing had been."""

    def two(with_first: bool) -> Song:
        song = Song()
        room = song.room()
        other = song.strip()
        song.note(other, song.span(), 0, 4 * BAR, 50.0)
        if with_first:
            stem = song.strip(amp__level=0.3)
            row = song.strip(stem)
            song.note(row, song.span(), 0, 4 * BAR, 57.0)
            song.send(stem, room, 1.0)
        return song

    engine, lone = two(True).engine(), two(False).engine()
    first = engine.render(60_000)
    lone.render(60_000)
    engine.load(two(False).image(), live=True)
    second = engine.render(20_000)
    both = np.concatenate((first[:, -20_000:], second), axis=1)
    assert jumps(both)[20_000:].max() < 5 * jumps(both)[:19_000].max()
    assert np.array_equal(lone.render(20_000)[:, 2_000:], second[:, 2_000:])


def test_a_later_tempo_changed_live_leaves_what_sounds_in_place():
    """[ENG-3, ENG-5] Before the change nothing is different, sample by sample."""
    engine = calm().engine()
    plain = calm().engine()
    engine.render(30_001), plain.render(30_001)
    changed = calm()
    changed.tempo(3 * BAR, 77.0)
    engine.load(changed.image(), live=True)
    assert np.array_equal(plain.render(100_000), engine.render(100_000))


def test_playing_again_is_the_same_again(samples):
    """[ENG-8] After a stop in the middle, silence and a seek to the start: bit by bit."""
    engine = whole_song().engine(audio=paged(audio()))
    engine.render(77_777)
    engine.stop()
    engine.render(5_000)
    engine.silence()
    engine.seek(0)
    engine.play(0)
    assert np.array_equal(samples[:, :100_000], engine.render(100_000))
