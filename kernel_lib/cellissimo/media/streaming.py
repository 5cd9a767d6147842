"""Sound in pieces that a browser plays as they come: FLAC in fragmented MP4.

Source: ISO/IEC 14496-12 (the boxes), RFC 9639 (FLAC), "Encapsulation of FLAC in ISO Base Media
File Format" 0.0.4. A browser takes the head once and then pieces in any order; nothing is lost.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from cellissimo.media.wav import FULL_SCALE

if TYPE_CHECKING:
    Samples = np.ndarray[Any, np.dtype[np.float32]]

BLOCK = 4096
"""Samples of a FLAC frame as libsndfile writes it."""

PIECE_FRAMES = 64 * BLOCK
"""Frames of a piece: 5.5 s at 48 000 Hz."""

CODEC = 'audio/mp4; codecs="flac"'
"""What to ask a browser for."""

BITS = 24
TRACK = 1

_STREAMINFO = slice(8, 42)


@dataclass(frozen=True, slots=True)
class _Flac:
    """A FLAC stream taken apart: its STREAMINFO and its frames."""

    info: bytes
    frames: tuple[bytes, ...]


def head(channels: int, rate: int) -> bytes:
    """What a browser needs before any piece: the tracks, their channels and their rate."""
    silence = np.zeros((channels, BLOCK), np.float32)
    info = _flac(silence, rate).info
    # Frame sizes, length and digest are those of the whole, which nobody knows yet: 0 says so.
    info = info[:4] + bytes(6) + info[10:13] + bytes([info[13] & 0xF0]) + bytes(20)
    return _box(b"ftyp", b"iso5", bytes(4), b"iso5", b"mp41") + _moov(channels, rate, info)


def piece(samples: Samples, rate: int, start: int) -> bytes:
    """The piece that sounds ``samples`` from frame ``start`` of the whole on.

    Shape: ``(channels, n)`` float32, -1.0 … 1.0; 24 bits of each are kept. ``n`` is a multiple of
    ``BLOCK``, but for the last piece.
    """
    frames = _flac(samples, rate).frames
    lengths = [BLOCK] * (len(frames) - 1) + [samples.shape[1] - BLOCK * (len(frames) - 1)]
    return _fragment(start, frames, lengths)


def _flac(samples: Samples, rate: int) -> _Flac:
    import soundfile  # noqa: PLC0415 - heavy

    memory = io.BytesIO()
    soundfile.write(memory, _integers(samples), rate, format="FLAC", subtype=f"PCM_{BITS}")
    stream = memory.getvalue()
    count = -(-samples.shape[1] // BLOCK)
    starts = [*_frame_starts(stream, _behind_metadata(stream), count), len(stream)]
    frames = (stream[at:end] for at, end in pairwise(starts))
    return _Flac(stream[_STREAMINFO], tuple(frames))


def _integers(samples: Samples) -> np.ndarray[Any, np.dtype[np.int32]]:
    """The 24 bits of each sample at the top of 32, ``(n, channels)``; libsndfile keeps them."""
    scaled = np.clip(np.rint(samples.T * float(FULL_SCALE)), -FULL_SCALE, FULL_SCALE - 1)
    return np.ascontiguousarray(scaled.astype(np.int32) << 8)


def _behind_metadata(stream: bytes) -> int:
    at, last = 4, False
    while not last:
        last = bool(stream[at] & 0x80)
        at += 4 + int.from_bytes(stream[at + 1 : at + 4], "big")
    return at


def _frame_starts(stream: bytes, at: int, count: int) -> Iterator[int]:
    """Where the frames begin: a header with the number that is next, and its right checksum."""
    first = stream[at + 2]
    for number in range(count):
        while not _is_header(stream, at, number, None if number == count - 1 else first):
            at = stream.index(b"\xff\xf8", at + 1)
        yield at
        at += 2


def _is_header(stream: bytes, at: int, number: int, sizes: int | None) -> bool:
    """Whether a frame begins there. ``sizes`` is its third byte, None for any."""
    coded = chr(number).encode()
    if stream[at + 4 : at + 4 + len(coded)] != coded:
        return False
    if sizes is not None and stream[at + 2] != sizes:
        return False
    size, rate = divmod(stream[at + 2], 16)
    end = at + 4 + len(coded) + {6: 1, 7: 2}.get(size, 0) + {12: 1, 13: 2, 14: 2}.get(rate, 0)
    return end < len(stream) and _crc8(stream[at:end]) == stream[end]


def _crc8(data: bytes) -> int:
    """The checksum of a frame header: polynomial x^8 + x^2 + x + 1."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc << 1 ^ (0x107 if crc & 0x80 else 0)) & 0x1FF
    return crc


# -- boxes -------------------------------------------------------------------------------------


def _box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", len(body) + 8) + kind + body


def _full(kind: bytes, version: int, flags: int, *parts: bytes) -> bytes:
    return _box(kind, struct.pack(">I", version << 24 | flags), *parts)


_UNITY = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


def _moov(channels: int, rate: int, info: bytes) -> bytes:
    movie = struct.pack(">5IH10x", 0, 0, rate, 0, 0x10000, 0x100)
    mvhd = _full(b"mvhd", 0, 0, movie, _UNITY, bytes(24), struct.pack(">I", TRACK + 1))
    track = struct.pack(">5I8x2hHxx", 0, 0, TRACK, 0, 0, 0, 0, 0x100)
    tkhd = _full(b"tkhd", 0, 3, track, _UNITY, bytes(8))
    mdia = _box(b"mdia", _mdhd(rate), _hdlr(), _minf(channels, rate, info))
    extends = _full(b"trex", 0, 0, struct.pack(">5I", TRACK, 1, 0, 0, 0))
    return _box(b"moov", mvhd, _box(b"trak", tkhd, mdia), _box(b"mvex", extends))


def _mdhd(rate: int) -> bytes:
    return _full(b"mdhd", 0, 0, struct.pack(">4IHH", 0, 0, rate, 0, 0x55C4, 0))


def _hdlr() -> bytes:
    return _full(b"hdlr", 0, 0, bytes(4), b"soun", bytes(12), b"\0")


def _minf(channels: int, rate: int, info: bytes) -> bytes:
    here = _full(b"url ", 0, 1)
    dinf = _box(b"dinf", _full(b"dref", 0, 0, struct.pack(">I", 1), here))
    return _box(b"minf", _full(b"smhd", 0, 0, bytes(4)), dinf, _stbl(channels, rate, info))


def _stbl(channels: int, rate: int, info: bytes) -> bytes:
    block = b"\x80" + len(info).to_bytes(3, "big") + info
    entry = struct.pack(">6xH8xHH4xI", 1, channels, BITS, rate << 16)
    stsd = _full(
        b"stsd", 0, 0, struct.pack(">I", 1), _box(b"fLaC", entry, _full(b"dfLa", 0, 0, block))
    )
    none = bytes(4)
    tables = (_full(kind, 0, 0, none) for kind in (b"stts", b"stsc", b"stco"))
    return _box(b"stbl", stsd, *tables, _full(b"stsz", 0, 0, none, none))


def _fragment(start: int, frames: tuple[bytes, ...], lengths: list[int]) -> bytes:
    moof = _moof(start, frames, lengths, 0)
    moof = _moof(start, frames, lengths, len(moof) + 8)
    return moof + _box(b"mdat", *frames)


def _moof(start: int, frames: tuple[bytes, ...], lengths: list[int], offset: int) -> bytes:
    mfhd = _full(b"mfhd", 0, 0, struct.pack(">I", start // PIECE_FRAMES + 1))
    tfhd = _full(b"tfhd", 0, 0x20000, struct.pack(">I", TRACK))
    tfdt = _full(b"tfdt", 1, 0, struct.pack(">Q", start))
    sizes = b"".join(
        struct.pack(">II", length, len(frame))
        for length, frame in zip(lengths, frames, strict=True)
    )
    trun = _full(b"trun", 0, 0x301, struct.pack(">Ii", len(frames), offset), sizes)
    return _box(b"moof", mfhd, _box(b"traf", tfhd, tfdt, trun))
