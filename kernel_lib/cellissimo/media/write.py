"""Audio files out: WAV, FLAC and MP3 from samples at 48 000 Hz."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from cellissimo.domain.errors import CellissimoError
from cellissimo.media.whole_file import whole_file

if TYPE_CHECKING:
    Samples = np.ndarray[Any, np.dtype[np.float32]]

SAMPLE_RATE = 48_000
BLOCK = 16_384
"""Frames in one call: libsndfile has crashed on longer ones with some codecs."""

FORMATS = {
    ".wav": ("WAV", "PCM_24"),
    ".flac": ("FLAC", "PCM_24"),
    ".mp3": ("MP3", "MPEG_LAYER_III"),
}
"""Container and encoding by the ending of the file's name."""

MP3_QUALITY = 0.2
"""0 is the best and 1 the smallest; 0.2 is about 190 kbit/s for music."""


class FormatError(CellissimoError):
    """A file name whose ending says no format that can be written."""


def write_audio(path: Path, samples: Samples) -> Path:
    """Write ``samples`` to ``path`` in the format of its ending; gives the path.

    Shape: ``(2, n)`` float32, -1.0 … 1.0. WAV and FLAC have 24 bits. The file appears when it is
    whole: nobody reads half of it, and a failure leaves what was there before.

    Raises:
        FormatError: the ending is not .wav, .flac or .mp3.
        OSError: nothing can be written there.
    """
    if path.suffix.lower() not in FORMATS:
        message = f"cannot write {path.name!r}; name the file .wav, .flac or .mp3"
        raise FormatError(message)
    with whole_file(path) as unfinished, unfinished.open("wb") as file:
        _encode(file, samples, *FORMATS[path.suffix.lower()], MP3_QUALITY)
    return path


def mp3_bytes(samples: Samples, quality: float) -> bytes:
    """An MP3 of ``samples``, ``(2, n)`` float32; the same samples give the same bytes.

    ``quality`` 0 is the best and 1 the smallest.
    """
    memory = io.BytesIO()
    _encode(memory, samples, *FORMATS[".mp3"], quality)
    return memory.getvalue()


def _encode(file: BinaryIO, samples: Samples, form: str, encoding: str, quality: float) -> None:
    import soundfile  # noqa: PLC0415 - heavy

    level = {"compression_level": quality, "bitrate_mode": "VARIABLE"} if form == "MP3" else {}
    frames = np.ascontiguousarray(samples.T)
    with soundfile.SoundFile(
        file, "w", SAMPLE_RATE, frames.shape[1], encoding, format=form, **level
    ) as out:
        for start in range(0, len(frames), BLOCK):
            out.write(frames[start : start + BLOCK])
