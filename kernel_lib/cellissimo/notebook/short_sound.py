"""The short sound of a display: at most 8 s as MP3, small and always the same bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from cellissimo.engine.render import SAMPLE_RATE, render
from cellissimo.engine.score import ScoreImage
from cellissimo.media.write import mp3_bytes
from cellissimo.music.session import SESSION

if TYPE_CHECKING:
    Samples = np.ndarray[Any, np.dtype[np.float32]]

SECONDS = 8.0
FRAMES = round(SECONDS * SAMPLE_RATE)
FADE_SECONDS = 0.08
QUALITY = 0.65
"""About 90 kbit/s: ten loops stay under 2 MB in a notebook."""

KEPT = 64
"""Sounds that are kept for a cell that runs again."""

_kept: dict[str, bytes] = {}


def sound_of_score(score: ScoreImage, span: tuple[int, int] | None = None) -> bytes:
    """The first 8 s of what the engine plays, or of a span of its ticks."""
    key = _key(score.words, *score.audio, span)
    return _once(key, lambda: render(score, SESSION.page, span=span))


def sound_of_samples(samples: Samples) -> bytes:
    """The first 8 s of samples, ``(1 or 2, n)`` float32."""
    first = samples[:, : FRAMES + 1]
    return _once(_key(first.tobytes(), first.shape), lambda: first)


def _once(key: str, make: Callable[[], Samples]) -> bytes:
    if key not in _kept:
        if len(_kept) >= KEPT:
            _kept.pop(next(iter(_kept)))
        _kept[key] = mp3_bytes(faded(make()), QUALITY)
    return _kept[key]


def _key(*parts: object) -> str:
    found = hashlib.sha256()
    for part in parts:
        found.update(part if isinstance(part, bytes) else repr(part).encode())
    return found.hexdigest()


def faded(samples: Samples) -> Samples:
    """The first 8 s, faded out where they cut the sound off."""
    if samples.shape[1] <= FRAMES:
        return samples
    cut = samples[:, :FRAMES].copy()
    fade = round(FADE_SECONDS * SAMPLE_RATE)
    cut[:, -fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
    return cut
