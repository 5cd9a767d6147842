"""Peaks for drawing audio, as audiowaveform defines them, in its two file formats.

audiowaveform reads a blob as 16 bits, which takes the upper 16 of its 24; so do we, and both say
the same of one blob. Of a 16-bit file at 48 000 Hz they say the same as of its blob.

Source: bbc/audiowaveform, doc/DataFormat.md (version 2).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cellissimo.domain.errors import CellissimoError
from cellissimo.media.blobs import Blobs
from cellissimo.media.pages import blob_shape
from cellissimo.media.wav import HEADER_BYTES, SAMPLE_RATE, integers_of, quantised

if TYPE_CHECKING:
    Shorts = np.ndarray[Any, np.dtype[np.int16]]
    Integers = np.ndarray[Any, np.dtype[np.int32]]
    Samples = np.ndarray[Any, np.dtype[np.float32]]

LEAST_ZOOM = 2
"""Frames of one point, at least, as in audiowaveform."""

_CHUNK = 1 << 18
_EIGHT_BIT = 1


class PeaksError(CellissimoError):
    """Peaks that cannot be made or written as asked."""


@dataclass(frozen=True, slots=True)
class Peaks:
    """The lowest and the highest sample of each ``zoom`` frames, in 16 bits.

    ``points`` is ``(length, channels, 2)`` int16, lowest then highest; the last point may stand
    for fewer frames.
    """

    zoom: int
    points: Shorts

    @property
    def length(self) -> int:
        """Points a channel."""
        return int(self.points.shape[0])

    @property
    def channels(self) -> int:
        """1, or 2 where they were kept apart."""
        return int(self.points.shape[1])

    def coarser(self, times: int) -> Peaks:
        """The peaks of ``times`` as many frames a point, equal to those made from the audio.

        Raises:
            PeaksError: ``times`` is below 1.
        """
        if times < 1:
            raise PeaksError(f"{times} times as coarse; give 1 or more")
        starts = np.arange(0, self.length, times)
        lowest = np.minimum.reduceat(self.points[..., 0], starts, axis=0)
        highest = np.maximum.reduceat(self.points[..., 1], starts, axis=0)
        return Peaks(self.zoom * times, np.stack((lowest, highest), axis=-1))

    def values(self, bits: int = 8) -> Shorts:
        """All numbers in the order of the files, 8 or 16 bits; 8 are the upper ones, cut off.

        Raises:
            PeaksError: ``bits`` is neither.
        """
        if bits not in (8, 16):
            raise PeaksError(f"{bits} bits; give 8 or 16")
        flat = self.points.reshape(-1)
        return flat if bits == 16 else _halved(flat.astype(np.int32), 8).astype(np.int16)

    def json(self, bits: int = 8) -> str:
        """A JSON file as audiowaveform writes it.

        Raises:
            PeaksError: ``bits`` is neither 8 nor 16.
        """
        data = ",".join(map(str, self.values(bits).tolist()))
        return (
            f'{{"version":2,"channels":{self.channels},"sample_rate":{SAMPLE_RATE},'
            f'"samples_per_pixel":{self.zoom},"bits":{bits},"length":{self.length},'
            f'"data":[{data}]}}\n'
        )

    def dat(self, bits: int = 8) -> bytes:
        """A .dat file as audiowaveform writes it.

        Raises:
            PeaksError: ``bits`` is neither 8 nor 16.
        """
        flags = _EIGHT_BIT if bits == 8 else 0
        values = self.values(bits).astype("<i1" if bits == 8 else "<i2")
        head = (2, flags, SAMPLE_RATE, self.zoom, self.length, self.channels)
        return struct.pack("<iIiiIi", *head) + values.tobytes()


def blob_peaks(blobs: Blobs, name: str, zoom: int, *, split: bool = False) -> Peaks:
    """The peaks of a blob, ``zoom`` frames a point; with ``split``, of each channel.

    Otherwise of the mean of its channels. Cost: reads the blob once, 5 MB of memory at a time.

    Raises:
        BlobError: the blob is not here.
        PeaksError: ``zoom`` is below 2.
    """
    shape = blob_shape(blobs, name)
    width = 3 * shape.channels
    step = _step(zoom)

    def chunks() -> Iterator[Integers]:
        for start in range(0, shape.frames, step):
            size = min(step, shape.frames - start) * width
            yield integers_of(blobs.read(name, HEADER_BYTES + start * width, size), shape.channels)

    return _peaks(chunks(), zoom, split=split)


def sample_peaks(samples: Samples, zoom: int, *, split: bool = False) -> Peaks:
    """The peaks of samples, ``(channels, frames)`` float32: those of the blob they would make.

    Raises:
        PeaksError: ``zoom`` is below 2.
    """
    step = _step(zoom)
    starts = range(0, samples.shape[1], step)
    blocks = (samples[:, start : start + step].T for start in starts)
    return _peaks(
        (integers_of(quantised(block), samples.shape[0]) for block in blocks), zoom, split=split
    )


def _step(zoom: int) -> int:
    """Frames that are looked at together: whole points."""
    if zoom < LEAST_ZOOM:
        raise PeaksError(f"{zoom} frames a point; give {LEAST_ZOOM} or more")
    return max(_CHUNK // zoom, 1) * zoom


def _peaks(chunks: Iterable[Integers], zoom: int, *, split: bool) -> Peaks:
    points = [np.empty((0, 1, 2), np.int16)]
    for chunk in chunks:
        shorts = chunk >> 8
        shown = shorts if split else _mean(shorts)
        starts = np.arange(0, len(shown), zoom)
        lowest = np.minimum.reduceat(shown, starts, axis=0)
        highest = np.maximum.reduceat(shown, starts, axis=0)
        points.append(np.stack((lowest, highest), axis=-1).astype(np.int16))
    return Peaks(zoom, np.concatenate(points[1:] or points))


def _mean(shorts: Integers) -> Integers:
    """One channel of one or two: their sum, halved as C does, towards zero."""
    if shorts.shape[1] == 1:
        return shorts
    return _halved(shorts.sum(axis=1, keepdims=True, dtype=np.int32), 1)


def _halved(numbers: Integers, times: int) -> Integers:
    """Integers halved so often, towards zero."""
    below = (1 << times) - 1
    return np.where(numbers < 0, numbers + below, numbers) >> times
