"""What a loop plays: its samples, their hash, and its events."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np

from cellissimo.engine.image import score_image
from cellissimo.native.host import Engine, Samples
from cellissimo.notation.rows import row_sound
from cellissimo.schema.models import Loop, Song

SAMPLE_RATE = 48_000
"""Frames a second, everywhere."""

TAIL_SECONDS = 30
"""The longest tail a render keeps."""

SILENCE = 10 ** (-90 / 20)
"""Where a tail ends: -90 dBFS."""

SETTLING_PASSES = 64
"""Passes after which a seamless render is taken, should its tails not have settled before."""

_ONCE, _SAME = 0, 2


def render(loop: Loop, song: Song, *, seamless: bool = False, tail: bool = True) -> Samples:
    """The samples of one pass, ``(2, frames)`` float32 at 48 000 Hz.

    With ``tail`` the pass rings out to -90 dBFS, at most 30 s longer; without, it is cut at its
    end. ``seamless`` gives exactly one pass that follows on from itself: the tails of the pass
    before sound in it.
    """
    engine = Engine()
    engine.load(score_image(loop, song).words)
    if seamless:
        return _settled_pass(engine)
    engine.play(_ONCE)
    samples = engine.render(engine.pass_frames())
    return np.concatenate((samples, _tail(engine)), axis=1) if tail else samples


def _tail(engine: Engine) -> Samples:
    """What rings after the pass, to its last sample of -90 dBFS."""
    blocks: list[Samples] = [np.empty((2, 0), np.float32)]
    frames = 0
    while not engine.is_quiet() and frames < TAIL_SECONDS * SAMPLE_RATE:
        blocks.append(engine.render(engine.max_frames))
        frames += engine.max_frames
    ring = np.concatenate(blocks, axis=1)[:, : TAIL_SECONDS * SAMPLE_RATE]
    loud = np.flatnonzero(np.abs(ring).max(axis=0) >= SILENCE)
    return ring[:, : loud[-1] + 1 if loud.size else 0]


def _settled_pass(engine: Engine) -> Samples:
    """The first pass that differs from the one before by less than -90 dBFS."""
    engine.play(_SAME)
    before = engine.render(engine.pass_frames())
    for _ in range(SETTLING_PASSES):
        now = engine.render(engine.pass_frames())
        if np.abs(now - before).max() < SILENCE:
            return now
        before = now
    return before


def hash_of(samples: Samples) -> str:
    """The sha256 of the samples as little-endian, C-contiguous float32."""
    return hashlib.sha256(np.ascontiguousarray(samples, "<f4").tobytes()).hexdigest()


def events(loop: Loop, song: Song) -> dict[str, np.ndarray[Any, Any]]:
    """What the first pass plays, as columns of equal length, in the order in which it sounds.

    ``frame`` and ``tick`` count from the start of the pass, ``sound`` is the id of the row's
    sound (the row's name where it has none), ``pitch`` a MIDI number, ``velocity`` 0.0 … 1.0,
    ``duration`` in ticks. Muted rows play nothing.
    """
    score = score_image(loop, song)
    engine = Engine()
    engine.load(score.words)
    found = engine.collect(0)
    sounds = np.array([_sound_name(loop, row) for row in score.rows], dtype=np.str_)
    return {
        "frame": found["frame"].astype(np.int64),
        "tick": found["tick"].astype(np.int64),
        "sound": sounds[found["strip"] - 1] if len(found) else np.array([], np.str_),
        "pitch": found["pitch"].astype(np.float64),
        "velocity": found["velocity"].astype(np.float64),
        "duration": found["duration"].astype(np.int64),
    }


def _sound_name(loop: Loop, row: str) -> str:
    sound = row_sound(loop, row)
    return sound.id if sound else row
