"""Samples into files: WAV, FLAC, MP3 and Ogg Vorbis, block by block."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

import numpy as np

from cellissimo.domain.errors import CellissimoError
from cellissimo.media.wav import FULL_SCALE, SAMPLE_RATE, quantised
from cellissimo.media.wav_file import Tags, WavFile

if TYPE_CHECKING:
    Samples = np.ndarray[Any, np.dtype[np.float32]]
    Numbers = np.ndarray[Any, np.dtype[Any]]

BLOCK = 16_384
"""Frames in one call: libsndfile has crashed on longer ones with some codecs."""

DITHER_SEED = 0

MP3_QUALITY = 0.2
"""0 is the best and 1 the smallest; 0.2 is about 190 kbit/s for music."""

OGG_QUALITY = 0.4
"""The same for Vorbis: its quality 6, about 190 kbit/s."""

ENDINGS = {
    ".wav": ("WAV", (16, 24, 32), 0.0),
    ".flac": ("FLAC", (16, 24), 0.0),
    ".mp3": ("MP3", (), MP3_QUALITY),
    ".ogg": ("OGG", (), OGG_QUALITY),
}
"""Format, its bits and its usual quality by the ending of a file's name."""


class FormatError(CellissimoError):
    """A file name whose ending says no format that can be written, or bits it does not have."""


@dataclass(frozen=True, slots=True)
class Form:
    """How samples are written.

    ``bits`` 16 (with dither), 24, or 32 for floats; formats that compress by ear have none.
    ``quality`` 0 is the best and 1 the smallest, for formats that compress by ear.
    """

    name: str
    bits: int = 24
    tags: Tags = Tags()  # noqa: RUF009 - frozen
    quality: float = 0.0

    @property
    def cuts(self) -> bool:
        """Whether samples above full scale are cut there."""
        return self.bits != 32


def form_of(path: Path, bits: int = 24, tags: Tags = Tags()) -> Form:  # noqa: B008 - frozen
    """The form that a file of this name has.

    Raises:
        FormatError: the ending is not .wav, .flac, .mp3 or .ogg, or it has not so many bits.
    """
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise FormatError(
            f"cannot write {path.name!r}; name the file .wav, .flac, .mp3 or .ogg, by its format"
        )
    name, choices, quality = ENDINGS[ending]
    if choices and bits not in choices:
        known = ", ".join(map(str, choices[:-1]))
        raise FormatError(f"{ending} with {bits!r} bits; give {known} or {choices[-1]}")
    return Form(name, bits, tags, quality)


class Encoder(Protocol):
    """A file that takes samples."""

    def write(self, samples: Samples) -> None:
        """Take the next block, ``(channels, n)`` float32."""
        ...


@contextmanager
def encoder(file: BinaryIO, form: Form, channels: int = 2) -> Iterator[Encoder]:
    """A file to write samples to; it is complete when the block is left."""
    if form.name == "WAV":
        wav = WavFile(file, channels, form.bits)
        yield _WavEncoder(wav, _Rounding(form.bits))
        wav.close(form.tags)
        return
    watched = _Watched(file)
    try:
        with _soundfile(watched, form, channels) as out:
            yield _SoundFileEncoder(out, watched, form)
    finally:
        watched.check()


class _Watched:
    """A file for libsndfile, to which no error can be told: it is kept, and raised at the end."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._error: OSError | None = None
        self.seek, self.tell, self.read = file.seek, file.tell, file.read

    def write(self, content: bytes) -> int:
        try:
            return self._file.write(content)
        except OSError as error:
            self._error = self._error or error
            return 0

    def check(self) -> None:
        if self._error:
            raise self._error


class _Rounding:
    """Samples to integers, ``(n, channels)``: 24 bits to nearest, 16 with dither.

    The dither is triangular, two steps wide, from a seeded generator: what is left is noise
    that does not follow the music, and the same samples give the same bytes.
    """

    def __init__(self, bits: int) -> None:
        self._random = np.random.default_rng(DITHER_SEED)
        self._bits = bits

    def integers(self, samples: Samples) -> Numbers:
        if self._bits == 24:
            return _nearest(samples.T.astype(np.float64) * FULL_SCALE, FULL_SCALE) << 8
        scaled = samples.T.astype(np.float64) * (1 << 15)
        noise = self._random.random((*scaled.shape, 2))
        scaled += noise[..., 0] - noise[..., 1]
        return _nearest(scaled, 1 << 15).astype("<i2")

    def packed(self, samples: Samples) -> bytes:
        if self._bits == 32:
            return samples.T.astype("<f4").tobytes()
        return quantised(samples.T) if self._bits == 24 else self.integers(samples).tobytes()


def _nearest(scaled: Numbers, full: int) -> Numbers:
    return np.clip(np.rint(scaled), -full, full - 1).astype(np.int32)


class _WavEncoder:
    def __init__(self, wav: WavFile, rounding: _Rounding) -> None:
        self._wav = wav
        self._rounding = rounding

    def write(self, samples: Samples) -> None:
        self._wav.write(self._rounding.packed(samples))


class _SoundFileEncoder:
    def __init__(self, out: Any, file: _Watched, form: Form) -> None:  # noqa: ANN401 - untyped
        self._out = out
        self._file = file
        self._rounding = _Rounding(form.bits) if form.name == "FLAC" else None

    def write(self, samples: Samples) -> None:
        for start in range(0, samples.shape[1], BLOCK):
            block = samples[:, start : start + BLOCK]
            exact = self._rounding.integers(block) if self._rounding else block.T
            self._out.write(np.ascontiguousarray(exact))
            self._file.check()


def _soundfile(file: _Watched, form: Form, channels: int) -> Any:  # noqa: ANN401 - untyped
    import soundfile  # noqa: PLC0415 - heavy

    encodings = {"FLAC": f"PCM_{form.bits}", "MP3": "MPEG_LAYER_III", "OGG": "VORBIS"}
    level = None if form.name == "FLAC" else form.quality
    out = soundfile.SoundFile(
        *(file, "w", SAMPLE_RATE, channels, encodings[form.name]),
        format=form.name,
        compression_level=level,
        bitrate_mode="VARIABLE" if form.name == "MP3" else None,
    )
    if form.tags.title:
        out.title = form.tags.title
    if form.tags.tempo:
        out.comment = f"{form.tags.tempo:g} BPM"
    return out
