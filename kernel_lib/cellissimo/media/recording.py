"""Recordings: sound of which any stretch can be read, and the outline of its wave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from cellissimo.media.blobs import Blobs
from cellissimo.media.pages import blob_samples, blob_shape
from cellissimo.media.wav import HEADER_BYTES, SAMPLE_RATE

if TYPE_CHECKING:
    Samples = np.ndarray[Any, np.dtype[np.float32]]
    Peaks = np.ndarray[Any, np.dtype[np.int8]]

AT_ONCE = 1 << 20
"""Frames read at once for peaks."""


class Recording(Protocol):
    """Sound of a known length, at 48 000 Hz, of which any stretch can be read."""

    @property
    def channels(self) -> int:
        """1 or 2."""
        ...

    @property
    def frames(self) -> int:
        """Its length."""
        ...

    def read(self, start: int, stop: int) -> Samples:
        """The frames from ``start`` to before ``stop``, ``(channels, n)`` float32."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class ArrayRecording:
    """Samples in memory, ``(channels, frames)`` float32, as a recording."""

    samples: Samples

    @property
    def channels(self) -> int:
        """1 or 2."""
        return int(self.samples.shape[0])

    @property
    def frames(self) -> int:
        """Its length."""
        return int(self.samples.shape[1])

    def read(self, start: int, stop: int) -> Samples:
        """The frames from ``start`` to before ``stop``."""
        return self.samples[:, start:stop]


@dataclass(frozen=True, slots=True)
class BlobRecording:
    """A blob as a recording."""

    blobs: Blobs
    name: str

    @property
    def channels(self) -> int:
        """1 or 2."""
        return blob_shape(self.blobs, self.name).channels

    @property
    def frames(self) -> int:
        """Its length."""
        return blob_shape(self.blobs, self.name).frames

    def read(self, start: int, stop: int) -> Samples:
        """The frames from ``start`` to before ``stop``."""
        return blob_samples(self.blobs, self.name, start, stop - start)

    def highest_bytes(self, start: int, stop: int) -> Peaks:
        """The highest of the three bytes of each sample, ``(channels, n)``: its 128ths."""
        shape = blob_shape(self.blobs, self.name)
        width = 3 * shape.channels
        packed = self.blobs.read(self.name, HEADER_BYTES + start * width, (stop - start) * width)
        return np.ascontiguousarray(np.frombuffer(packed, np.int8).reshape(-1, width)[:, 2::3].T)


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Recordings on channels of their own: two for each, in order, so that they stay in step.

    What is shorter is followed by silence; what is mono is on both of its channels.
    """

    parts: tuple[Recording, ...]

    @property
    def channels(self) -> int:
        """Two for each part."""
        return 2 * len(self.parts)

    @property
    def frames(self) -> int:
        """The length of the longest."""
        return max(part.frames for part in self.parts)

    def read(self, start: int, stop: int) -> Samples:
        """The frames from ``start`` to before ``stop``, the channels of all parts."""
        mixed = np.zeros((self.channels, min(stop, self.frames) - start), np.float32)
        for at, part in enumerate(self.parts):
            found = part.read(start, min(stop, part.frames))
            mixed[2 * at : 2 * at + 2, : found.shape[1]] = found
        return mixed


def peaks(recording: Recording, bucket: int) -> Peaks:
    """Lowest and highest sample of each ``bucket`` frames over all channels, in 127ths.

    Shape: ``(n, 2)`` int8; the last bucket may be short.

    Cost: O(frames); an hour in stereo takes about a third of a second.
    """
    count, frames = -(-recording.frames // bucket), recording.frames
    found = np.empty((count, 2), np.int8)
    step = max(AT_ONCE // bucket, 1)
    for first in range(0, count, step):
        levels = _levels(recording, first * bucket, min((first + step) * bucket, frames))
        starts = np.arange(0, levels.shape[1], bucket)
        stretch = found[first : first + starts.size]
        stretch[:, 0] = _as_byte(np.minimum.reduceat(levels, starts, axis=1).min(axis=0), np.floor)
        stretch[:, 1] = _as_byte(np.maximum.reduceat(levels, starts, axis=1).max(axis=0), np.ceil)
    return found


def _levels(recording: Recording, start: int, stop: int) -> np.ndarray[Any, Any]:
    """Samples to take peaks of: floats, or 128ths where these are at hand."""
    if isinstance(recording, BlobRecording):
        return recording.highest_bytes(start, stop)
    return recording.read(start, stop)


def _as_byte(levels: np.ndarray[Any, Any], outward: np.ufunc) -> Peaks:
    scaled = levels if levels.dtype == np.int8 else outward(levels * 127)
    held: Peaks = np.clip(scaled, -127, 127).astype(np.int8)
    return held


def coarser(fine: Peaks, count: int) -> Peaks:
    """The outline in ``count`` columns, or as it is where it has no more."""
    if len(fine) <= count:
        return fine
    starts = np.arange(count) * len(fine) // count
    low = np.minimum.reduceat(fine[:, 0], starts)
    high = np.maximum.reduceat(fine[:, 1], starts)
    return np.stack([low, high], axis=1)


def seconds_of(recording: Recording) -> float:
    """Its length."""
    return recording.frames / SAMPLE_RATE
