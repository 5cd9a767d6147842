"""Freezing a stem: its sound before the fader becomes a blob.

A blob holds nothing above full scale, so it is kept eight times lower than it is played
(`FROZEN_GAIN`).
"""

from __future__ import annotations

import numpy as np

from cellissimo.engine.render import BEFORE_FADER, Performance
from cellissimo.engine.song_image import song_image, stem_alone
from cellissimo.media.wav import quantised, wav_bytes
from cellissimo.music.session import SESSION
from cellissimo.schema import models


def frozen_sound(song: models.Song, stem_id: str) -> tuple[str, int]:
    """The blob of a stem's sound before its fader, from the song's start, and its frames."""
    strip = f"stem:{stem_id}"
    performance = Performance(song_image(stem_alone(song, stem_id)), SESSION.page)
    blocks = performance.blocks(taps=[strip], stage=BEFORE_FADER)
    samples = np.concatenate([block.taps[strip] for block in blocks], axis=1)
    content = wav_bytes([quantised(samples.T / 8)], 2)
    return SESSION.blobs.put(content), samples.shape[1]
