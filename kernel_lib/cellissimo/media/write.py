"""Samples that are there already, as a file or as bytes."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cellissimo.media.encode import Form, encoder, form_of
from cellissimo.media.whole_file import whole_file

if TYPE_CHECKING:
    Samples = np.ndarray[Any, np.dtype[np.float32]]


def write_audio(path: Path, samples: Samples, bits: int = 24) -> Path:
    """Write ``samples`` to ``path`` in the format of its ending; gives the path.

    Shape: ``(channels, n)`` float32, -1.0 … 1.0. The file appears when it is whole: nobody reads
    half of it, and a failure leaves what was there before.

    Raises:
        FormatError: the ending is not .wav, .flac, .mp3 or .ogg, or it has not so many bits.
        OSError: nothing can be written there.
    """
    form = form_of(path, bits)
    with (
        whole_file(path) as unfinished,
        unfinished.open("wb") as file,
        encoder(file, form, samples.shape[0]) as out,
    ):
        out.write(samples)
    return path


def mp3_bytes(samples: Samples, quality: float) -> bytes:
    """An MP3 of ``samples``, ``(channels, n)`` float32; the same samples give the same bytes.

    ``quality`` 0 is the best and 1 the smallest.
    """
    memory = io.BytesIO()
    with encoder(memory, Form("MP3", quality=quality), samples.shape[0]) as out:
        out.write(samples)
    return memory.getvalue()
