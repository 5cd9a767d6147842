"""Signals sent through the effects of one strip, for the tests of each effect."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cellissimo.native.host import Engine
from cellissimo.schema.parameter import Kind
from cellissimo.schema.parameters import EFFECTS, ENGINE
from tests.unit.native.score import INDEX
from tests.unit.native.songs import BAR, Song, paged

RATE = 48_000
BEHIND, BEFORE = 1, 2
"""Where a strip is tapped: behind its fader, or before it and behind its effects."""

Settings = dict[str, float | str]


def numbers(settings: Settings) -> dict[str, float]:
    """The settings as the engine reads them: a choice by its word."""
    return {key.replace(".", "__"): _number(key, value) for key, value in settings.items()}


def _number(key: str, value: float | str) -> float:
    parameter = ENGINE[INDEX[key]]
    if parameter.kind is Kind.CHOICE:
        return float(parameter.choices.index(str(value)))
    return float(value)


def slots(chain: Sequence[str]) -> tuple[int, ...]:
    """The words of a chain of effects."""
    return tuple(EFFECTS.index(name) + 1 for name in chain)


class Strip:
    """One strip that plays a signal, and its engine."""

    def __init__(self, signal: np.ndarray, settings: Settings, chain=EFFECTS) -> None:
        self.signal = np.atleast_2d(np.asarray(signal, np.float32))
        self.frames = self.signal.shape[1]
        self.settings = settings
        self.chain = chain
        self.engine = Engine(paged(self.signal))
        self.stage = BEFORE

    def song(self) -> Song:
        """The song that plays the signal."""
        bars = max(4, -(-self.frames // 96_000))
        song = Song(bars=bars)
        strip = song.strip(chain=slots(self.chain), **numbers(self.settings))
        song.clip(strip, song.span(0, bars * BAR), 0, self.frames)
        return song

    def start(self, stage: int = BEFORE, tick: int = 0) -> Strip:
        """Play from a tick, tapped."""
        self.engine.load(self.song().image())
        self.engine.tap(1, stage)
        self.engine.seek(tick)
        self.engine.play(0)
        return self

    def change(self, settings: Settings | None = None, chain=None) -> None:
        """Other values or another chain, while it plays."""
        self.settings = {**self.settings, **(settings or {})}
        self.chain = self.chain if chain is None else chain
        self.engine.load(self.song().image(), live=True)

    def render(self, frames: int) -> np.ndarray:
        """The next frames of the strip, ``(2, frames)`` in double precision."""
        parts = []
        for start in range(0, frames, self.engine.max_frames):
            count = min(self.engine.max_frames, frames - start)
            self.engine.render(count)
            parts.append(self.engine.tapped(1, count).astype(np.float64))
        return np.concatenate(parts, axis=1)


def through(signal, settings: Settings, chain=EFFECTS, stage: int = BEFORE) -> np.ndarray:
    """The signal, mono or stereo, behind the effects of a strip."""
    strip = Strip(signal, settings, chain).start(stage)
    return strip.render(strip.frames)


def impulse(frames: int = 32_768, level: float = 0.5) -> np.ndarray:
    """One frame at a level, then silence."""
    wave = np.zeros(frames)
    wave[0] = level
    return wave


def sine(hz: float, frames: int = RATE, level: float = 0.5) -> np.ndarray:
    """A sine from phase 0."""
    return level * np.sin(2 * np.pi * hz * np.arange(frames) / RATE)


def spectrum(settings: Settings, frames: int = 32_768) -> np.ndarray:
    """The complex response of the effects at the frequencies of `bins`."""
    return np.fft.rfft(through(impulse(frames), settings)[0]) / 0.5


def bins(frames: int = 32_768) -> np.ndarray:
    """The frequencies of a spectrum of so many frames, in Hz."""
    return np.fft.rfftfreq(frames, 1 / RATE)


def decibels(x) -> np.ndarray:
    """20 log10 of the magnitude, -200 dB at the least."""
    return 20 * np.log10(np.maximum(np.abs(x), 1e-10))
