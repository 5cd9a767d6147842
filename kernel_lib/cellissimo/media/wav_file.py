"""WAV files out: the same samples give the same bytes.

libsndfile writes the time of day into WAV files of floats; these hold music only.
"""

from __future__ import annotations

import struct
from typing import BinaryIO

from cellissimo.domain.errors import CellissimoError
from cellissimo.media.wav import SAMPLE_RATE

_MOST_BYTES = 0xFFFFFFFF
_INTEGER, _FLOAT = 1, 3


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

    def close(self, title: str, tempo: float | None) -> None:
        """Write what stands behind the samples, and their number at the front."""
        rest = (
            bytes(self._size % 2) + _title_chunks(title) + (_tempo_chunk(tempo) if tempo else b"")
        )
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


def _title_chunks(title: str) -> bytes:
    """A LIST chunk with the title, none where there is none."""
    if not title:
        return b""
    return _chunk(b"LIST", b"INFO" + _chunk(b"INAM", title.encode() + b"\0"))


def _tempo_chunk(tempo: float) -> bytes:
    """The chunk in which samplers look for the tempo, in quarter notes a minute."""
    return _chunk(b"acid", struct.pack("<IHHfIHHf", 0, 60, 0x8000, 0.0, 0, 4, 4, tempo))
