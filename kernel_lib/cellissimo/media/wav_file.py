"""WAV files out: the same samples give the same bytes.

libsndfile writes the time of day into WAV files of floats; these hold music only.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import BinaryIO

from cellissimo.domain.errors import CellissimoError
from cellissimo.media.wav import SAMPLE_RATE

_MOST_BYTES = 0xFFFFFFFF
_INTEGER, _FLOAT = 1, 3
_ONE_SHOT, _STRETCHES = 1, 4


@dataclass(frozen=True, slots=True)
class Tags:
    """What is said in a file beside its samples, where its format has a place for it.

    ``tempo`` in quarter notes a minute, None where it changes; ``meter`` beats and their note
    value. ``is_loop`` is what repeats without a seam, so that samplers take it as a loop.
    """

    title: str = ""
    tempo: float | None = None
    meter: tuple[int, int] = (4, 4)
    is_loop: bool = False


class TooLongError(CellissimoError):
    """More samples than a file of this format can hold."""


class WavFile:
    """A WAV file that grows: header, samples, and at its end title and tempo.

    Of 24 bits without title and tempo it is a canonical WAV file.
    """

    def __init__(self, file: BinaryIO, channels: int, bits: int) -> None:
        """A file of 16 or 24 bits, or of floats of 32, at 48 000 Hz."""
        self._file = file
        self._channels = channels
        self._bits = bits
        self._size = 0
        file.write(self._header(0))

    def write(self, packed: bytes) -> None:
        """Append samples as they stand in the file, frame by frame.

        Raises:
            TooLongError: the file would have more than 4 GB.
        """
        self._size += len(packed)
        if self._size > _MOST_BYTES - 1024:
            raise TooLongError("a WAV file ends at 4 GB; export as .flac, or with fewer bits")
        self._file.write(packed)

    def close(self, tags: Tags) -> None:
        """Write what stands behind the samples, and their number at the front."""
        seconds = self._size / (self._channels * self._bits // 8) / SAMPLE_RATE
        rest = bytes(self._size % 2) + _title_chunk(tags) + _tempo_chunk(tags, seconds)
        self._file.write(rest)
        self._file.seek(0)
        self._file.write(self._header(len(rest)))

    def _header(self, rest: int) -> bytes:
        width = self._channels * self._bits // 8
        kind = _FLOAT if self._bits == 32 else _INTEGER
        form = struct.pack(
            "<HHIIHH", kind, self._channels, SAMPLE_RATE, width * SAMPLE_RATE, width, self._bits
        )
        chunks = _chunk(b"fmt ", form)
        if kind == _FLOAT:
            chunks += _chunk(b"fact", struct.pack("<I", self._size // width))
        chunks += struct.pack("<4sI", b"data", self._size)
        return struct.pack("<4sI4s", b"RIFF", 4 + len(chunks) + self._size + rest, b"WAVE") + chunks


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack("<4sI", name, len(content)) + content + bytes(len(content) % 2)


def _title_chunk(tags: Tags) -> bytes:
    """A LIST chunk with the title; nothing where there is none."""
    if not tags.title:
        return b""
    return _chunk(b"LIST", b"INFO" + _chunk(b"INAM", tags.title.encode() + b"\0"))


def _tempo_chunk(tags: Tags, seconds: float) -> bytes:
    """The chunk in which samplers look for tempo, meter and beats, and whether it is a loop."""
    if tags.tempo is None:
        return b""
    beats, unit = tags.meter
    count = round(seconds * tags.tempo / 60 * unit / 4)
    kind = _STRETCHES if tags.is_loop else _ONE_SHOT
    return _chunk(
        b"acid", struct.pack("<IHHfIHHf", kind, 60, 0x8000, 0.0, count, unit, beats, tags.tempo)
    )
