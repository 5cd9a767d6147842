"""What a score plays: its samples, block by block or whole, their hash, and its events."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from cellissimo.engine.score import ScoreImage
from cellissimo.native.host import Engine, Samples

SAMPLE_RATE = 48_000
"""Frames a second, everywhere."""

TAIL_SECONDS = 30
"""The longest tail a render keeps."""

SILENCE = 10 ** (-90 / 20)
"""Where a tail ends: -90 dBFS."""

SETTLING_PASSES = 64
"""Passes after which a seamless render is taken, should its tails not have settled before."""

BEHIND_FADER, BEFORE_FADER = 1, 2
"""Where a strip is tapped: with its level and pan, or before them and behind its effects."""

_ONCE, _SAME = 0, 2

Pages = Callable[[str, int], Samples]
"""Gives a page of a blob: 65 536 frames as ``(2, 65536)`` float32."""


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a render: the mix, and what was tapped by the name of its strip."""

    mix: Samples
    taps: Mapping[str, Samples] = field(default_factory=dict)


class Performance:
    """One pass of a score, or of a stretch of it, on an engine of its own."""

    def __init__(
        self, score: ScoreImage, pages: Pages | None = None, span: tuple[int, int] | None = None
    ) -> None:
        """Prepare ``score``; ``pages`` gives its audio, ``span`` the ticks from and to."""
        self._score = score
        self._engine = Engine(_numbered(score, pages))
        self._engine.load(score.words)
        if span is not None:
            self._engine.region(*span)
            self._engine.seek(span[0])

    @property
    def frames(self) -> int:
        """Frames of the pass, without its tail."""
        return self._engine.pass_frames()

    def blocks(
        self, *, tail: bool = True, taps: Sequence[str] = (), stage: int = BEHIND_FADER
    ) -> Iterator[Block]:
        """The pass from its first frame on, in blocks of a few thousand frames.

        With ``tail`` it rings out to -90 dBFS, at most 30 s longer; else it is cut at its end.
        ``taps`` names strips whose own sound is given beside the mix, in time with it; "" is the
        master before its limiter.
        """
        places = {name: self._score.strips.index(name) + 1 if name else 0 for name in taps}
        for place in places.values():
            self._engine.tap(place, stage)
        self._engine.play(_ONCE)
        left = self.frames
        while left > 0:
            count = min(left, self._engine.max_frames)
            yield self._block(count, places)
            left -= count
        if tail:
            yield from self._tail(places)

    def _block(self, frames: int, places: Mapping[str, int]) -> Block:
        mix = self._engine.render(frames)
        return Block(mix, {n: self._engine.tapped(p, frames) for n, p in places.items()})

    def _tail(self, places: Mapping[str, int]) -> Iterator[Block]:
        """What rings after the pass, to its last sample of -90 dBFS: no block comes too much."""
        held: list[Block] = []
        left = TAIL_SECONDS * SAMPLE_RATE
        while not self._engine.is_quiet() and left > 0:
            count = min(left, self._engine.max_frames)
            block = self._block(count, places)
            left -= count
            loud = np.flatnonzero(np.abs(block.mix).max(axis=0) >= SILENCE)
            if loud.size:
                yield from held
                held = [_cut(block, loud[-1] + 1, None)]
                yield _cut(block, 0, loud[-1] + 1)
            else:
                held.append(block)

    def seamless(self) -> Samples:
        """Exactly one pass that follows on from itself: the tails of those before sound in it."""
        self._engine.play(_SAME)
        before = self._engine.render(self.frames)
        for _ in range(SETTLING_PASSES):
            now = self._engine.render(self.frames)
            if np.abs(now - before).max() < SILENCE:
                return now
            before = now
        return before


def _numbered(score: ScoreImage, pages: Pages | None) -> Callable[[int, int], Samples] | None:
    if pages is None:
        return None
    return lambda audio, page: pages(score.audio[audio], page)


def _cut(block: Block, start: int, end: int | None) -> Block:
    return Block(block.mix[:, start:end], {n: s[:, start:end] for n, s in block.taps.items()})


def render(
    score: ScoreImage,
    pages: Pages | None = None,
    *,
    span: tuple[int, int] | None = None,
    seamless: bool = False,
    tail: bool = True,
) -> Samples:
    """The samples of one pass, ``(2, frames)`` float32 at 48 000 Hz.

    With ``tail`` the pass rings out to -90 dBFS, at most 30 s longer; without, it is cut at its
    end. ``seamless`` gives exactly one pass that follows on from itself. ``span`` renders the
    stretch between two ticks.
    """
    performance = Performance(score, pages, span)
    if seamless:
        return performance.seamless()
    parts = [block.mix for block in performance.blocks(tail=tail)]
    return np.concatenate([np.empty((2, 0), np.float32), *parts], axis=1)


def hash_of(samples: Samples) -> str:
    """The sha256 of the samples as little-endian, C-contiguous float32."""
    return hashlib.sha256(np.ascontiguousarray(samples, "<f4").tobytes()).hexdigest()


def events(
    score: ScoreImage, span: tuple[int, int] | None = None
) -> dict[str, np.ndarray[Any, Any]]:
    """What the first pass plays, as columns of equal length, in the order in which it sounds.

    ``frame`` and ``tick`` count from the start of the pass, or of ``span``, the ticks from and to;
    ``strip`` is the strip's name, ``pitch`` a MIDI number, ``velocity`` 0.0 … 1.0, ``duration``
    in ticks. Muted strips play nothing.
    """
    engine = Engine()
    engine.load(score.words)
    found = engine.collect(0)
    frame, tick = found["frame"].astype(np.int64), found["tick"].astype(np.int64)
    if span is not None:
        inside = (tick >= span[0]) & (tick < span[1])
        found, frame, tick = found[inside], frame[inside], tick[inside]
        engine.region(0, span[0])
        start = engine.pass_frames() if span[0] else 0
        frame, tick = frame - start, tick - span[0]
    names = np.array(["", *score.strips], dtype=np.str_)
    return {
        "frame": frame,
        "tick": tick,
        "strip": names[found["strip"]],
        "pitch": found["pitch"].astype(np.float64),
        "velocity": found["velocity"].astype(np.float64),
        "duration": found["duration"].astype(np.int64),
    }
