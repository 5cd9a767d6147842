"""Two versions of music to be heard one against the other: the changed bars, equally loud."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cellissimo.domain.tempo_map import MeterMap
from cellissimo.engine.render import SAMPLE_RATE, render
from cellissimo.media.loudness import loudness_of
from cellissimo.media.write import write_audio
from cellissimo.music.loop import Loop
from cellissimo.music.session import SESSION
from cellissimo.native.host import Samples

if TYPE_CHECKING:
    from cellissimo.music.song import Song

PAUSE = SAMPLE_RATE // 2
"""Frames of silence between two versions in one file."""

FADE = 240
"""Frames in which each version comes and goes, so that its edges do not click."""

Run = tuple[int, int]
"""First and last of some bars."""


def write_versions(
    old: Loop | Song, new: Loop | Song, runs: Sequence[Run], folder: Path
) -> list[Path]:
    """Files of the changed bars in ``folder``: A and B of each run, and all in turn.

    "bars 3-4 A.wav", "bars 3-4 B.wav" …, and "A then B.wav" with half a second between them.
    Both versions of a run have the loudness of the quieter one.

    Raises:
        OSError: nothing can be written there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths: list[Path] = []
    in_turn: list[Samples] = []
    for run in runs:
        pair = equally_loud(bars_of(old, run), bars_of(new, run))
        for letter, samples in zip("AB", pair, strict=True):
            paths.append(write_audio(folder / f"{run_name(run)} {letter}.wav", samples))
            in_turn += [samples, np.zeros((2, PAUSE), np.float32)]
    if in_turn:
        everything = np.concatenate(in_turn[:-1], axis=1)
        paths.append(write_audio(folder / "A then B.wav", everything))
    return paths


def in_step(
    old: Loop | Song, new: Loop | Song, runs: Sequence[Run]
) -> tuple[Samples, Samples, list[float]]:
    """The runs of both versions one behind the other, and the second at which each begins.

    A run begins at the same frame in both, and both versions of it have the loudness of the
    quieter one. *Shape*: ``(2, frames)`` each.
    """
    sides: tuple[list[Samples], list[Samples]] = ([], [])
    starts, end = [], 0
    for run in runs:
        pair = equally_loud(bars_of(old, run), bars_of(new, run))
        frames = max(samples.shape[1] for samples in pair)
        for side, samples in zip(sides, pair, strict=True):
            side.append(np.pad(samples, ((0, 0), (0, frames - samples.shape[1]))))
        starts.append(end / SAMPLE_RATE)
        end += frames
    one, other = (np.concatenate(side, axis=1) for side in sides)
    return one, other, starts


def run_name(run: Run) -> str:
    """What a run is called: "bar 3", "bars 3-4"."""
    first, last = run
    return f"bar {first}" if first == last else f"bars {first}-{last}"


def bars_of(thing: Loop | Song, run: Run) -> Samples:
    """Some bars of a thing, ``(2, frames)``, without their tail; empty past its end."""
    start, end = _ticks(thing, run)
    if end <= start:
        return np.zeros((2, 0), np.float32)
    samples = render(thing.score, SESSION.page, span=(start, end), tail=False)
    return _faded(samples)


def equally_loud(one: Samples, other: Samples) -> tuple[Samples, Samples]:
    """Two versions at the loudness of the quieter, where both can be measured."""
    levels = [_level(samples) for samples in (one, other)]
    if not all(np.isfinite(level) for level in levels):
        return one, other
    goal = min(levels)
    gains = (np.float32(10 ** ((goal - level) / 20)) for level in levels)
    first, second = (samples * gain for samples, gain in zip((one, other), gains, strict=True))
    return first, second


def _level(samples: Samples) -> float:
    """Loudness in LUFS; of what is too short for it, its power in dB."""
    if samples.shape[1] == 0:
        return -np.inf
    integrated = loudness_of(samples).integrated
    if np.isfinite(integrated):
        return integrated
    power = float(np.mean(samples.astype(np.float64) ** 2))
    return 10 * np.log10(power) if power > 0 else -np.inf


def _ticks(thing: Loop | Song, run: Run) -> tuple[int, int]:
    first, last = run
    if isinstance(thing, Loop):
        grid = MeterMap({0: thing.meter})
        return grid.tick_of(first), grid.tick_of(min(last, thing.bars) + 1)
    grid = MeterMap(thing.model.meters)
    return grid.tick_of(first), min(grid.tick_of(last + 1), thing.length)


def _faded(samples: Samples) -> Samples:
    ramp = np.linspace(0, 1, min(FADE, samples.shape[1] // 2), dtype=np.float32)
    faded = samples.copy()
    faded[:, : ramp.size] *= ramp
    faded[:, samples.shape[1] - ramp.size :] *= ramp[::-1]
    return faded
