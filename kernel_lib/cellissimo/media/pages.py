"""Blobs by pages of 65 536 frames, as the engine and the players of pages ask for them."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from cellissimo.media.blobs import Blobs
from cellissimo.media.wav import HEADER_BYTES, BlobError, Shape, samples_of, shape_of

if TYPE_CHECKING:
    Samples = np.ndarray[Any, np.dtype[np.float32]]

PAGE_FRAMES = 65_536

KEPT_PAGES = 64
"""Decoded pages that are kept: 32 MB."""


def blob_shape(blobs: Blobs, name: str) -> Shape:
    """Channels and frames of a blob.

    Raises:
        BlobError: it is not here, or no canonical WAV file.
    """
    return shape_of(blobs.read(name, 0, HEADER_BYTES), blobs.size(name))


def blob_samples(blobs: Blobs, name: str, start: int = 0, frames: int | None = None) -> Samples:
    """Samples of a blob from a frame on, ``(channels, n)`` float32; shorter where it ends.

    Raises:
        BlobError: it is not here, or no canonical WAV file.
    """
    shape = blob_shape(blobs, name)
    stop = shape.frames if frames is None else min(start + frames, shape.frames)
    width = 3 * shape.channels
    packed = blobs.read(name, HEADER_BYTES + start * width, max(stop - start, 0) * width)
    return samples_of(packed, shape.channels)


class Pages:
    """The pages of blobs, decoded when they are asked for; the last 64 are kept.

    Several threads may ask.
    """

    def __init__(self, blobs: Blobs, keep: int = KEPT_PAGES) -> None:
        """The pages of ``blobs``, of which ``keep`` stay decoded."""
        self._blobs = blobs
        self._keep = keep
        self._kept: OrderedDict[tuple[str, int], Samples] = OrderedDict()
        self._lock = Lock()

    def page(self, blob: str, number: int) -> Samples:
        """Page ``number``, 0 the first: ``(2, 65536)`` float32, read-only.

        Mono is on both sides. Behind the end of the audio is silence.

        Raises:
            BlobError: the blob is not here, no canonical WAV file, or ``number`` is negative.
        """
        if number < 0:
            raise BlobError(f"page {number}; pages count from 0")
        key = (blob, number)
        with self._lock:
            if key not in self._kept:
                self._kept[key] = self._decoded(blob, number)
            self._kept.move_to_end(key)
            while len(self._kept) > self._keep:
                self._kept.popitem(last=False)
            return self._kept[key]

    def _decoded(self, blob: str, number: int) -> Samples:
        found = blob_samples(self._blobs, blob, number * PAGE_FRAMES, PAGE_FRAMES)
        page = np.zeros((2, PAGE_FRAMES), np.float32)
        page[:, : found.shape[1]] = found
        page.flags.writeable = False
        return page
