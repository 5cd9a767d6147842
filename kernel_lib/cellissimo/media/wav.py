"""The canonical WAV file: a 44-byte header and PCM of 24 bits at 48 000 Hz, 1 or 2 channels.

The bytes of such a file are a blob; its name is their sha256. `quantised` is where samples become
the integers that everything downstream plays.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cellissimo.domain.errors import CellissimoError
from cellissimo.schema.limits import MOST_FRAMES

if TYPE_CHECKING:
    import numpy as np

    Samples = np.ndarray[Any, np.dtype[np.float32]]
    Numbers = np.ndarray[Any, np.dtype[Any]]

SAMPLE_RATE = 48_000
HEADER_BYTES = 44
FULL_SCALE = 1 << 23
"""What 1.0 is in 24 bits; the highest sample is one less."""

_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")


class BlobError(CellissimoError):
    """Bytes that are no canonical WAV file, or a blob that is not there or was changed."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What the header of a canonical WAV file says: channels, 1 or 2, and frames."""

    channels: int
    frames: int

    @property
    def seconds(self) -> float:
        """Its length."""
        return self.frames / SAMPLE_RATE


def header(shape: Shape) -> bytes:
    """The 44 bytes in front of the samples."""
    size = 3 * shape.channels * shape.frames
    return _HEADER.pack(
        *(b"RIFF", 36 + size + size % 2, b"WAVE", b"fmt ", 16, 1, shape.channels, SAMPLE_RATE),
        *(3 * shape.channels * SAMPLE_RATE, 3 * shape.channels, 24, b"data", size),
    )


def shape_of(start: bytes, length: int) -> Shape:
    """What a blob of ``length`` bytes holds, by its first 44.

    Raises:
        BlobError: these bytes do not begin a canonical WAV file of that length.
    """
    if len(start) >= HEADER_BYTES:
        words = _HEADER.unpack_from(start)
        channels, size = words[6], words[12]
        if channels in (1, 2) and size % (3 * channels) == 0:
            shape = Shape(channels, size // (3 * channels))
            whole = length == HEADER_BYTES + size + size % 2 and shape.frames <= MOST_FRAMES
            if whole and header(shape) == start[:HEADER_BYTES]:
                return shape
    message = (
        f"{length} bytes that are no canonical WAV file (24 bit, 48 000 Hz, 1 or 2 channels); "
        "cm.Audio(path) makes one of any audio file"
    )
    raise BlobError(message)


def wav_bytes(blocks: Iterable[bytes], channels: int) -> bytes:
    """A canonical WAV file of blocks of packed samples, as `quantised` gives them."""
    made = bytearray(HEADER_BYTES)
    for block in blocks:
        made += block
    shape = Shape(channels, (len(made) - HEADER_BYTES) // (3 * channels))
    made[:HEADER_BYTES] = header(shape)
    made += bytes(len(made) % 2)
    return bytes(made)


def quantised(samples: Numbers) -> bytes:
    """Samples as packed integers of 24 bits, rounded to nearest, no dither.

    Shape: ``(frames, channels)``, 1.0 is full scale; what is louder is cut there. At 24 bits the
    rounding is 144 dB below full scale, so dither would only make the bytes differ.
    """
    import numpy as np  # noqa: PLC0415 - `import cellissimo` stays light

    scaled = np.rint(np.asarray(samples, np.float64) * FULL_SCALE)
    integers = np.clip(scaled, -FULL_SCALE, FULL_SCALE - 1).astype("<i4")
    return np.ascontiguousarray(integers)[..., None].view(np.uint8)[..., :3].tobytes()


def integers_of(packed: bytes, channels: int) -> Numbers:
    """Packed samples as integers, ``(frames, channels)`` int32, -8 388 608 … 8 388 607."""
    import numpy as np  # noqa: PLC0415

    triples = np.frombuffer(packed, np.uint8).reshape(-1, channels, 3)
    words = np.zeros((*triples.shape[:2], 4), np.uint8)
    words[..., 1:] = triples
    return words.view("<i4")[..., 0] >> 8


def samples_of(packed: bytes, channels: int) -> Samples:
    """Packed samples as floats, ``(channels, frames)`` float32; exact, as 24 bits fit in one."""
    import numpy as np  # noqa: PLC0415

    scaled = integers_of(packed, channels).T.astype(np.float32)
    return np.ascontiguousarray(scaled / np.float32(FULL_SCALE))
