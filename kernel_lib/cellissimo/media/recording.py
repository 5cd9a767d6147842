"""Recordings: sound of which any stretch can be read, and the outline of its wave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from cellissimo.media.wav import SAMPLE_RATE

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

    Shape: ``(n, 2)`` int8; the last bucket may be short. A sample that is not silent shows.

    Cost: O(frames); an hour in memory takes about half a second.
    """
    count = -(-recording.frames // bucket)
    found = np.empty((count, 2), np.float32)
    step = max(AT_ONCE // bucket, 1)
    for first in range(0, count, step):
        samples = recording.read(first * bucket, min((first + step) * bucket, recording.frames))
        starts = np.arange(0, samples.shape[1], bucket)
        stretch = found[first : first + starts.size]
        stretch[:, 0] = np.minimum.reduceat(samples, starts, axis=1).min(axis=0)
        stretch[:, 1] = np.maximum.reduceat(samples, starts, axis=1).max(axis=0)
    outward = np.where(found < 0, np.floor(found * 127), np.ceil(found * 127))
    return np.clip(outward, -127, 127).astype(np.int8)


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
