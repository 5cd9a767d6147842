"""Taking audio in: decoded, mixed to two channels, resampled and quantised, once.

What comes out are the bytes of a blob. From there on everything is exact, everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from cellissimo.media.decode import BLOCK, AudioError, Source, opened
from cellissimo.media.downmix import MOST_CHANNELS, mixing
from cellissimo.media.wav import HEADER_BYTES, SAMPLE_RATE, Shape, quantised, wav_bytes
from cellissimo.media.wav_file import Tags, WavFile
from cellissimo.schema.limits import MOST_FRAMES

if TYPE_CHECKING:
    Numbers = np.ndarray[Any, np.dtype[np.float64]]

RATES = (1_000, 768_000)
"""Sample rates that are taken, in Hz."""

LOUDEST = 1 + 2.0**-24
"""Full scale, and half a step of 24 bits more, which is the error of a sum."""

_INTEGERS = {"int16": 1 << 15, "int32": 1 << 31}
"""What full scale is in an array of integers."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Audio that was taken in.

    ``content`` are the bytes of its blob, ``clipped`` the samples that were above full scale and
    were cut there.
    """

    content: bytes
    source: Source
    clipped: int


@dataclass(frozen=True, slots=True)
class TakenInto:
    """Audio that was written as a canonical WAV file: its shape, and where it came from."""

    shape: Shape
    source: Source
    clipped: int


def take_file(path: Path, *, partial: bool = False) -> Taken:
    """An audio file as a canonical WAV file: WAV, FLAC, MP3, Ogg Vorbis, Opus or AIFF.

    With ``partial``, a file that was cut off gives what is there.

    Raises:
        AudioError: it is no audio, was cut off, is too long, or holds what are no numbers.
        FileNotFoundError: there is no such file.
    """
    with opened(path, partial=partial) as audio:
        return _taken(audio.source, audio.blocks)


def take_file_into(path: Path, out: BinaryIO) -> TakenInto:
    """The same as `take_file`, written to ``out`` while it is read: any length in little memory.

    Raises:
        AudioError: it is no audio, was cut off, is too long, or holds what are no numbers.
        FileNotFoundError: there is no such file.
        OSError: nothing more can be written.
    """
    with opened(path) as audio:
        stream = _Stream(audio.source, audio.blocks)
        wav = WavFile(out, stream.channels, 24)
        size = sum(_written(wav, block) for block in stream.packed())
        wav.close(Tags())
    if not size:
        raise _nothing_in(audio.source)
    shape = Shape(stream.channels, size // (3 * stream.channels))
    return TakenInto(shape, audio.source, stream.clipped)


def _written(wav: WavFile, packed: bytes) -> int:
    wav.write(packed)
    return len(packed)


def take_array(samples: np.ndarray[Any, Any], rate: int, name: str) -> Taken:
    """Samples as a canonical WAV file.

    Shape: ``(channels, frames)`` or ``(frames,)``; float32 or float64 with 1.0 as full scale, or
    int16 or int32. ``rate`` 1 000 … 768 000 Hz.

    Raises:
        AudioError: shape, type, rate or length do not fit, or there are infinities or NaN in it.
    """
    scaled = _as_floats(samples)
    channels, frames = scaled.shape
    source = Source(name, "array", str(samples.dtype), rate, channels, frames)
    starts = range(0, frames, BLOCK)
    return _taken(source, (scaled[:, start : start + BLOCK].T for start in starts))


def _as_floats(samples: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The array as ``(channels, frames)`` floats of full scale 1.0."""
    kind = samples.dtype.name
    if kind not in (*_INTEGERS, "float32", "float64"):
        raise AudioError(f"an array of {kind}; give float32 or float64 (1.0 is full scale), "
                         "int16 or int32")  # fmt: skip
    if samples.ndim not in (1, 2):
        raise AudioError(f"an array of shape {samples.shape}; give (channels, frames) or (frames,)")
    shaped = np.atleast_2d(samples)
    if shaped.shape[0] > MOST_CHANNELS >= shaped.shape[1] > 0:
        raise AudioError(
            f"an array of shape {samples.shape}; give (channels, frames), so turn it: array.T"
        )
    return shaped / _INTEGERS[kind] if kind in _INTEGERS else shaped


def _taken(source: Source, blocks: Iterable[Numbers]) -> Taken:
    stream = _Stream(source, blocks)
    content = wav_bytes(stream.packed(), stream.channels)
    if len(content) == HEADER_BYTES:
        raise _nothing_in(source)
    return Taken(content, source, stream.clipped)


class _Stream:
    """Packed samples of a canonical WAV file, out of blocks of any rate and layout."""

    def __init__(self, source: Source, blocks: Iterable[Numbers]) -> None:
        _check_length(source)
        self._source = source
        self._blocks = blocks
        self._gains = mixing(source.channels)
        self.channels = self._gains.shape[1]
        self.clipped = 0

    def packed(self) -> Iterator[bytes]:
        mixed = (_finite(block, self._source.name) @ self._gains for block in self._blocks)
        for block in resampled(mixed, self._source.rate, self.channels):
            self.clipped += int(np.count_nonzero(np.abs(block) > LOUDEST))
            yield quantised(block)


def _nothing_in(source: Source) -> AudioError:
    return AudioError(f"{source.name!r} holds no samples; give audio of some length")


def _check_length(source: Source) -> None:
    if not RATES[0] <= source.rate <= RATES[1]:
        raise AudioError(f"a sample rate of {source.rate} Hz; give {RATES[0]} … {RATES[1]}")
    frames = source.frames * SAMPLE_RATE / source.rate
    if not source.frames:
        raise _nothing_in(source)
    if frames > MOST_FRAMES:
        hours = frames / SAMPLE_RATE / 3600
        raise AudioError(
            f"{source.name!r} lasts {hours:.1f} hours; a piece of audio has at most "
            f"{MOST_FRAMES // SAMPLE_RATE // 3600}: split it first"
        )


def _finite(block: Numbers, name: str) -> Numbers:
    if not np.isfinite(block).all():
        raise AudioError(f"{name!r} holds samples that are no numbers (NaN or infinite); "
                         "replace them first: numpy.nan_to_num(array)")  # fmt: skip
    return block


def resampled(blocks: Iterable[Numbers], rate: int, channels: int) -> Iterator[Numbers]:
    """Blocks at 48 000 Hz of blocks at ``rate``, ``(n, channels)`` float64, in step with them.

    In all there are ``frames * 48000 / rate``, rounded to nearest.

    Source: libsoxr at its "very high quality" (linear phase, stop band below 24 bits).
    """
    if rate == SAMPLE_RATE:
        yield from blocks
        return
    import soxr  # noqa: PLC0415 - only for other rates

    stream = soxr.ResampleStream(rate, SAMPLE_RATE, channels, dtype="float64", quality="VHQ")
    for block in blocks:
        yield stream.resample_chunk(np.ascontiguousarray(block, np.float64))
    yield stream.resample_chunk(np.empty((0, channels)), last=True)
