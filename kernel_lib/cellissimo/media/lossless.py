"""Blobs as FLAC and back, bit for bit: FLAC of 24 bits is smaller, and any player plays it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import BinaryIO

import numpy as np

from cellissimo.media.blobs import Blobs, FolderBlobs
from cellissimo.media.pages import blob_shape
from cellissimo.media.wav import (
    HEADER_BYTES,
    SAMPLE_RATE,
    BlobError,
    Shape,
    header,
    integers_of,
)
from cellissimo.media.whole_file import whole_file

_BLOCK = 65_536
"""Frames that are in memory at once."""


def write_flac(blobs: Blobs, name: str, file: BinaryIO) -> Shape:
    """Write a blob as FLAC into an open file; gives its shape. The same blob, the same bytes.

    Raises:
        BlobError: it is not here, or no canonical WAV file.
    """
    import soundfile  # noqa: PLC0415 - heavy

    shape = blob_shape(blobs, name)
    width = 3 * shape.channels
    with soundfile.SoundFile(
        file, "w", SAMPLE_RATE, shape.channels, "PCM_24", format="FLAC"
    ) as flac:
        for start in range(0, shape.frames, _BLOCK):
            frames = min(_BLOCK, shape.frames - start)
            packed = blobs.read(name, HEADER_BYTES + start * width, frames * width)
            flac.write(np.ascontiguousarray(integers_of(packed, shape.channels) << 8))
    return shape


def restore_blob(flac: Path, name: str, folder: FolderBlobs, most_frames: int) -> Shape:
    """Make the blob ``name`` again from its FLAC, in a folder; gives its shape.

    Raises:
        BlobError: it is no FLAC, is longer than ``most_frames``, or is other audio than the name
            says; nothing is left of it.
    """
    import soundfile  # noqa: PLC0415 - heavy

    target = folder.path(name)
    folder.folder.mkdir(parents=True, exist_ok=True)
    try:
        with soundfile.SoundFile(flac) as audio:
            shape = _checked_shape(audio, flac.name, most_frames)
            with whole_file(target) as unfinished:
                if _restored(audio, shape, unfinished) != name:
                    message = f"{flac.name!r} is not the audio that the song names; use a copy"
                    raise BlobError(message)
    except soundfile.LibsndfileError as error:
        message = f"{flac.name!r} is no FLAC that can be read; use a copy of the bundle"
        raise BlobError(message) from error
    return shape


def _checked_shape(audio: object, name: str, most_frames: int) -> Shape:
    found = (getattr(audio, "format", ""), getattr(audio, "samplerate", 0))
    shape = Shape(int(getattr(audio, "channels", 0)), int(getattr(audio, "frames", 0)))
    if found != ("FLAC", SAMPLE_RATE) or shape.channels not in (1, 2):
        message = f"{name!r} is no FLAC of 48 000 Hz and 1 or 2 channels; use a copy of the bundle"
        raise BlobError(message)
    if shape.frames > most_frames:
        message = f"{name!r} holds {shape.frames} frames; at most {most_frames} are taken"
        raise BlobError(message)
    return shape


def _restored(audio: object, shape: Shape, path: Path) -> str:
    """Write the canonical WAV file; gives the sha256 of what was written."""
    found = hashlib.sha256()
    with path.open("wb") as file:

        def put(block: bytes) -> None:
            found.update(block)
            file.write(block)

        put(header(shape))
        read, size = audio.read, 0  # type: ignore[attr-defined]  # soundfile has no types
        while len(block := read(_BLOCK, dtype="int32", always_2d=True)):
            packed = (block >> 8).astype("<i4")[..., None].view(np.uint8)[..., :3].tobytes()
            size += len(packed)
            put(packed)
        put(bytes(size % 2))
    return found.hexdigest()
