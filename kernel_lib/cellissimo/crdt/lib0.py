"""The numbers, bytes and texts of a frame, read strictly and written shortly.

Source: lib0 ``encoding.js``: a varuint has seven bits a byte, the low ones first.
"""

from __future__ import annotations

import struct

from cellissimo.domain.errors import CellissimoError

MOST_NUMBER = (1 << 53) - 1
"""What JavaScript counts exactly."""


class WireError(CellissimoError):
    """Bytes that are no frame of a room; ``close`` is the code that a room closes with."""

    close = 4400


class FrameSizeError(WireError):
    """A frame, or a part of one, that is larger than a room takes."""

    close = 4413


class Reader:
    """A place in the bytes of a frame."""

    __slots__ = ("at", "data")

    def __init__(self, data: bytes, at: int = 0) -> None:
        """Begin at ``at``."""
        self.data = data
        self.at = at

    @property
    def left(self) -> int:
        """How many bytes are left."""
        return len(self.data) - self.at

    def number(self) -> int:
        """A varuint of at most 8 bytes and 2⁵³ − 1, in its shortest form.

        Raises:
            WireError: it is none.
        """
        value = shift = 0
        for at in range(self.at, min(len(self.data), self.at + 8)):
            byte = self.data[at]
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                if value > MOST_NUMBER or (byte == 0 and shift):
                    break
                self.at = at + 1
                return value
            shift += 7
        raise self._wrong("a whole number of at most 8 bytes, written shortly")

    def take(self, most: int) -> bytes:
        """Bytes behind their length.

        Raises:
            FrameSizeError: there are more than ``most``.
            WireError: they are cut off.
        """
        length = self.number()
        if length > most:
            raise FrameSizeError(f"{length} bytes stand where a room takes {most} at most")
        return self._exactly(length)

    def text(self, most: int) -> str:
        """UTF-8 behind its length in bytes; raises as ``take`` does."""
        start = self.at
        try:
            return self.take(most).decode()
        except UnicodeDecodeError:
            self.at = start
            raise self._wrong("a text in UTF-8") from None

    def float(self) -> float:
        """A float64, the high byte first."""
        found: float = struct.unpack(">d", self._exactly(8))[0]
        return found

    def end(self) -> None:
        """Pass where nothing is left.

        Raises:
            WireError: something stands behind the frame.
        """
        if self.left:
            raise self._wrong("the end of the frame")

    def _exactly(self, length: int) -> bytes:
        if length > self.left:
            raise self._wrong(f"{length} bytes, and there are {self.left}")
        found = self.data[self.at : self.at + length]
        self.at += length
        return found

    def _wrong(self, wanted: str) -> WireError:
        return WireError(
            f"byte {self.at} of a frame of {len(self.data)} bytes has to begin {wanted}"
        )


def number(value: int) -> bytes:
    """A varuint.

    Raises:
        WireError: it is negative, or more than JavaScript counts.
    """
    if not 0 <= value <= MOST_NUMBER:
        raise WireError(f"a frame cannot hold the number {value}; it holds 0 … {MOST_NUMBER}")
    if value < 0x80:
        return bytes((value,))
    parts = bytearray()
    while value >= 0x80:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    parts.append(value)
    return bytes(parts)


def sized(content: bytes) -> bytes:
    """Bytes behind their length."""
    return number(len(content)) + content


def float64(value: float) -> bytes:
    """A float64, the high byte first."""
    return struct.pack(">d", value)
