"""A song as Python code makes the song again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import cellissimo as cm
from cellissimo.schema.models import Block, Lock, Loop, Song, Stem, Step
from tests.strategies import songs


def _made(code: str) -> cm.Song:
    names: dict[str, object] = {}
    exec(compile(code, "code", "exec"), names)
    song = names["song"]
    assert isinstance(song, cm.Song)
    return song


@settings(deadline=None, max_examples=60)
@given(songs())
def test_code_makes_the_song_again(model: Song) -> None:
    """Whatever a song says but its audio comes back, to the last note and point."""
    kept = {key: s for key, s in model.segments.items() if s.kind != "audio"}
    song = cm.Song.of_model(replace(model, kind="song", segments=kept))
    made = _made(song.code())
    assert made == song
    assert made.code() == song.code()


def test_what_differs_in_one_thing_alone_keeps_its_order() -> None:
    """Loops alike but for a lock, and blocks alike but for their length: no id decides."""
    for first, second in (("a", "b"), ("b", "a")):
        loops = {key: Loop(key, "Same") for key in (first, second)}
        locked = [Lock("loop", first)] + [Lock("stem", key) for key in loops]
        locks = {lock.key: lock for lock in locked}
        stems = {key: Stem(key, key, order=str(at)) for at, key in enumerate(loops)}
        blocks = {key: Block(key, 0, first, 960 * (2 - (key == second)), 0) for key in loops}
        song = cm.Song.of_model(
            Song("s", "S", loops=loops, locks=locks, blocks=blocks, stems=stems)
        )
        made = _made(song.code())
        assert made == song
        assert made.code() == song.code()


def test_audio_comes_back_by_its_blob() -> None:
    """Audio segments are made of the blobs that they name."""
    song = cm.Song("Evening")
    tone = cm.Audio(np.sin(np.arange(48_000) / 40).astype(np.float32), 48_000)
    segment = song.stems.add("Voice").add_audio(tone, bar=2)
    segment.gain, segment.fade_in, segment.fade_in_curve = -3, 20, "s-curve"
    made = _made(song.code())
    assert made == song
    assert made.hash() == song.hash()


ROWS = ("keys", "epiano", "impact", "kick", "drum-kick")
playing = st.dictionaries(
    st.sampled_from(ROWS),
    st.none() | st.sampled_from(("synth-keys", "fx-impact", "drum-kick", "synth-lead")),
)


@given(playing)
def test_rows_that_play_what_the_names_of_others_mean_keep_their_names(sounds) -> None:
    """A name means itself, and a sound only where no row has it."""
    steps = {(row, place): Step() for place, row in enumerate(sounds)}
    chosen = {f"{row}.sample.sound": sound for row, sound in sounds.items() if sound}
    loop = Loop("loop", "A", steps=steps, settings=chosen)
    song = cm.Song.of_model(Song("s", "S", loops={"loop": loop}))
    assert _made(song.code()) == song


def test_stems_and_returns_of_one_name_come_back_with_it() -> None:
    """`add` refuses a name that is taken; the code finds its way."""
    song = cm.Song("Twice")
    for number in (2, 3):
        song.stems.add(f"stem {number}").name = "Bass"
        song.returns.add(f"return {number}").name = "Room"
    song.stems.add("stem 2")
    assert _made(song.code()) == song
