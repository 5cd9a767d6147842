"""Freezing a stem: its sound before the fader becomes a blob.

A blob holds nothing above full scale, so it is kept eight times lower than it is played
(`FROZEN_GAIN`).
"""

from __future__ import annotations

import numpy as np

from cellissimo.engine.render import BEFORE_FADER, Performance
from cellissimo.engine.song_image import song_image, song_length, stem_alone
from cellissimo.media.wav import quantised, wav_bytes
from cellissimo.music.session import SESSION
from cellissimo.native.host import Samples
from cellissimo.schema import models
from cellissimo.schema.checks import LimitError

_LOUDEST = 8
"""The highest sample that a blob of a frozen stem can hold."""


def frozen_sound(song: models.Song, stem_id: str) -> tuple[str, int]:
    """The blob of a stem's sound before its fader, from the song's start, and its frames.

    Raises:
        LimitError: it is louder than a blob can hold.
    """
    samples = _before_fader(song, stem_id)
    sounding = np.flatnonzero(np.abs(samples).max(axis=0) >= _LOUDEST * 2**-24)
    frames = int(sounding[-1]) + 1 if sounding.size else 1
    content = wav_bytes([quantised(samples[:, :frames].T / _LOUDEST)], 2)
    return SESSION.blobs.put(content), frames


def _before_fader(song: models.Song, stem_id: str) -> Samples:
    """What the stem plays while the song lasts: what rings on follows the song's tempo."""
    strip = f"stem:{stem_id}"
    score = song_image(stem_alone(song, stem_id), song_length(song))
    blocks = Performance(score, SESSION.page).blocks(taps=[strip], stage=BEFORE_FADER)
    samples = np.concatenate([block.taps[strip] for block in blocks], axis=1)
    peak = float(np.abs(samples).max(initial=0))
    if peak > _LOUDEST:
        message = f"the stem peaks {20 * np.log10(peak):.1f} dB over full scale; freeze it below 18"
        raise LimitError(message)
    return samples
