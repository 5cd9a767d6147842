import subprocess
import sys

import numpy as np
import pytest

from cellissimo.engine import render as engine_render
from cellissimo.engine.image import score_image
from cellissimo.engine.render import SILENCE, hash_of
from cellissimo.schema.models import Loop, Song, Step
from cellissimo.schema.sounds import SOUNDS

SONG = Song("song", "song")
ROOTS = {0: "C", 16: "G", 32: "Am", 48: "F"}


def loop(steps, **changes) -> Loop:
    return Loop("loop", "loop", steps=steps, **{"chords": ROOTS, **changes})


BUSY = loop(
    {
        **{("drum-kick", cell): Step() for cell in range(0, 64, 4)},
        **{("synth-pad", cell): Step(duration=3840) for cell in range(0, 64, 16)},
        **{("synth-lead", cell): Step(90, probability=0.7) for cell in range(0, 64, 3)},
        **{("fx-vocal", cell): Step(80) for cell in range(8, 64, 16)},
        **{("drum-clap", cell): Step() for cell in range(4, 64, 8)},
    }
)


def render(made: Loop, song: Song, **options):
    return engine_render.render(score_image(made, song), **options)


def events(made: Loop, song: Song):
    return engine_render.events(score_image(made, song))


FRESH = """
from tests.unit.engine.test_render import BUSY, SONG, render
from cellissimo.engine.render import hash_of
print(hash_of(render(BUSY, SONG)))
"""


def test_events_are_columns_of_numpy():
    """Names, types and values of the first step of each bar of a lead."""
    found = events(loop({("synth-lead", cell): Step(127) for cell in ROOTS}), SONG)
    assert list(found) == ["frame", "tick", "strip", "pitch", "velocity", "duration"]
    assert found["frame"].tolist() == [0, 96_000, 192_000, 288_000]
    assert found["tick"].tolist() == [0, 3840, 7680, 11_520]
    assert found["strip"].tolist() == ["synth-lead"] * 4
    assert found["pitch"].tolist() == [60, 67, 69, 65]
    assert found["velocity"].tolist() == [1.0] * 4
    assert found["duration"].tolist() == [240] * 4
    kinds = [str(column.dtype) for name, column in found.items() if name != "strip"]
    assert kinds == ["int64", "int64", "float64", "float64", "int64"]


def test_the_playgrounds_grid_plays_its_chords():
    """Four cells a bar, chords on cells 0, 4, 8 and 12: C4, G4, A4, F4."""
    made = Loop(
        "loop",
        "loop",
        steps_per_bar=4,
        chords={0: "C", 4: "G", 8: "Am", 12: "F"},
        steps={("synth-lead", cell): Step() for cell in (0, 4, 8, 12)},
    )
    assert events(made, SONG)["pitch"].tolist() == [60, 67, 69, 65]


def test_an_empty_loop_has_no_events_and_is_silent():
    """Columns without rows; a pass of zeros."""
    assert [len(column) for column in events(loop({}), SONG).values()] == [0] * 6
    samples = render(loop({}), SONG)
    assert samples.shape == (2, 384_000)
    assert not samples.any()


def test_a_render_is_the_same_in_a_fresh_process():
    """Two new interpreters and this one, one hash."""
    runs = [
        subprocess.run(
            [sys.executable, "-c", FRESH], check=True, capture_output=True, text=True
        ).stdout.strip()
        for _ in range(2)
    ]
    assert [hash_of(render(BUSY, SONG))] * 2 == runs


def test_a_render_rings_out_to_90_db():
    """The pass itself, then the tail up to its last sample of -90 dBFS."""
    samples = render(BUSY, SONG)
    cut = render(BUSY, SONG, tail=False)
    assert cut.shape == (2, 384_000)
    assert np.array_equal(cut, samples[:, :384_000])
    assert np.abs(samples[:, -1]).max() >= SILENCE
    assert 400_000 < samples.shape[1] < 384_000 + 10 * 48_000


def test_a_tail_that_does_not_end_is_cut_after_30_seconds():
    """A room of 20 s of decay under echoes."""
    long = {
        "fx-noise.reverb.mix": 1.0,
        "fx-noise.reverb.decay": 20.0,
        "fx-noise.delay.mix": 0.9,
        "fx-noise.delay.feedback": 0.95,
        "fx-noise.amp.gain": 3.0,
    }
    samples = render(loop({("fx-noise", 60): Step(127)}, settings=long), SONG)
    assert 384_000 + 15 * 48_000 < samples.shape[1] <= 384_000 + 30 * 48_000


def test_a_seamless_render_is_one_pass_that_repeats():
    """Exactly the loop's length, with the tails of the pass before at its beginning."""
    samples = render(BUSY, SONG, seamless=True)
    assert samples.shape == (2, 384_000)
    assert hash_of(samples) == hash_of(render(BUSY, SONG, seamless=True))


def test_a_seamless_render_is_the_pass_and_the_tails_before_it():
    """Where nothing is limited the repeating pass is one pass plus its own tail, folded back."""
    steps = {("fx-vocal", 63): Step(80), ("drum-clap", 63): Step(), ("synth-pluck", 3): Step()}
    quiet = loop(steps, settings={"master.amp.level": 0.2})
    once = render(quiet, SONG)
    folded = once[:, :384_000].copy()
    tail = once[:, 384_000:]
    folded[:, : tail.shape[1]] += tail
    assert np.abs(tail).max() > 1e-2
    assert np.allclose(folded, render(quiet, SONG, seamless=True), atol=1e-4)


def test_the_seam_of_a_held_pad_does_not_click():
    """Where the end meets the beginning the slope breaks no more than anywhere else."""
    pad = loop(
        {("synth-pad", cell): Step(duration=3900) for cell in ROOTS},
        chords={0: "C"},
        settings={"synth-pad.delay.mix": 0.3},
    )
    twice = np.tile(render(pad, SONG, seamless=True), 2)
    jumps = np.abs(np.diff(twice, 2, axis=1)).max(axis=0)
    assert jumps[384_000 - 20 : 384_000 + 20].max() <= jumps[1_000:383_000].max()


@pytest.mark.parametrize("tempo", [97.3, 133.7])
def test_a_seamless_render_at_an_odd_tempo_has_whole_frames(tempo):
    """The length is the pass rounded to nearest, and chance falls as in the first pass."""
    odd = loop(BUSY.steps, tempo=tempo, settings={"master.limiter.ceiling": 0.0})
    samples = render(odd, SONG, seamless=True)
    assert samples.shape[1] == int(384_000 * 120 / tempo + 0.5)
    assert hash_of(samples) == hash_of(render(odd, SONG, seamless=True))


def test_muted_rows_are_neither_played_nor_listed():
    """What is not heard is no event."""
    muted = loop(
        BUSY.steps,
        settings={
            f"{row}.amp.mute": True
            for row in ("drum-kick", "synth-pad", "synth-lead", "fx-vocal", "drum-clap")
        },
    )
    assert len(events(muted, SONG)["frame"]) == 0
    assert not render(muted, SONG).any()


@pytest.mark.parametrize("sound", SOUNDS)
def test_every_sound_sounds_and_stays_below_full_scale(sound):
    """One loud step of each: heard, finite, below the ceiling, without an offset."""
    samples = render(loop({(sound, 0): Step(127, duration=3840)}), SONG)
    assert 0.02 < np.abs(samples).max() <= 10 ** (-1 / 20)
    assert np.abs(samples[:, :96_000].mean(axis=1)).max() < 2e-3
    assert np.isfinite(samples).all()
