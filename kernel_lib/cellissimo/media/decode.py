"""Audio files in: blocks of samples as the file has them, and the facts of the file."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from cellissimo.domain.errors import CellissimoError

if TYPE_CHECKING:
    Numbers = np.ndarray[Any, np.dtype[np.float64]]

BLOCK = 65_536
"""Frames decoded at once."""

READABLE = "WAV, FLAC, MP3, Ogg Vorbis, Opus and AIFF"

_UNKNOWN_SIZE = (0, 0xFFFFFFFF)
"""What a stream writes for a chunk whose end it does not know yet."""


class AudioError(CellissimoError):
    """A file or an array that cannot be taken in as audio."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where audio came from: what was there before it was made 48 000 Hz and 24 bits.

    ``format`` as libsndfile calls it ("FLAC", "PCM_16"), or "array" and its type; ``rate`` in Hz;
    ``channels`` and ``frames`` at that rate.
    """

    name: str
    format: str
    encoding: str
    rate: int
    channels: int
    frames: int


@dataclass(frozen=True, slots=True)
class Opened:
    """An audio file that is open: its facts, and its samples once, ``(n, channels)`` float64."""

    source: Source
    blocks: Iterator[Numbers]


@contextmanager
def opened(path: Path, *, partial: bool = False) -> Iterator[Opened]:
    """An audio file, to be read once from its beginning.

    With ``partial``, what a file lacks at its end is no error.

    Raises:
        AudioError: this is no audio file that can be read, or it was cut off.
        FileNotFoundError: there is no such file.
        IsADirectoryError: this is a folder.
    """
    import soundfile  # noqa: PLC0415 - heavy

    if path.is_dir():
        raise IsADirectoryError(f"{str(path)!r} is a folder; give the name of a file in it")
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {str(path)!r}")
    if not partial:
        _check_end(path)
    try:
        file = soundfile.SoundFile(str(path))
    except (soundfile.LibsndfileError, TypeError):
        raise _unreadable(path) from None
    with file:
        source = Source(
            *(path.name, file.format, file.subtype, file.samplerate, file.channels, file.frames)
        )
        yield Opened(source, _blocks(file, path, partial=partial))


def _unreadable(path: Path) -> AudioError:
    return AudioError(
        f"{path.name!r} does not read as audio; give {READABLE}. "
        f"ffmpeg makes one of most others: ffmpeg -i {path.name!r} {path.stem + '.flac'!r}"
    )


def _cut_off(path: Path, what: str) -> AudioError:
    return AudioError(
        f"{path.name!r} was cut off or damaged: {what}. Fetch it again, or take what is there with "
        "cm.Audio(path, partial=True)"
    )


def _blocks(file: Any, path: Path, *, partial: bool) -> Iterator[Numbers]:  # noqa: ANN401
    """The samples of an open file; it ends where the file says, or that is an error."""
    import soundfile  # noqa: PLC0415

    done = 0
    while done < file.frames:
        try:
            block = file.read(BLOCK, dtype="float64", always_2d=True)
        except soundfile.LibsndfileError:
            block = np.empty((0, file.channels))
        if not len(block):
            break
        done += len(block)
        yield block
    if done < file.frames and not partial:
        raise _cut_off(path, f"it has {done} of the {file.frames} frames that it promises")


def _check_end(path: Path) -> None:
    """Refuse a file whose end is missing, where only its container says so."""
    with path.open("rb") as file:
        mark = file.read(4)
        if mark in (b"RIFF", b"FORM"):
            lacking = _lacking_chunk(file, path.stat().st_size, big=mark == b"FORM")
            if lacking:
                raise _cut_off(path, f"{lacking} bytes of its samples are missing")
        elif mark == b"OggS" and not _has_last_page(file):
            raise _cut_off(path, "its last page is missing")


def _lacking_chunk(file: BinaryIO, size: int, *, big: bool) -> int:
    """How many bytes of the chunk of samples are behind the file's end."""
    place = 12
    while place + 8 <= size:
        file.seek(place)
        name, length = struct.unpack(">4sI" if big else "<4sI", file.read(8))
        if name in (b"data", b"SSND"):
            return 0 if length in _UNKNOWN_SIZE else max(place + 8 + length - size, 0)
        place += 8 + length + length % 2
    return 0


def _has_last_page(file: BinaryIO) -> bool:
    """Whether the last page of an Ogg file says that it is the last [RFC 3533, 6]."""
    size = file.seek(0, 2)
    file.seek(max(size - 65_536, 0))  # a page has at most 65 307 bytes
    end = file.read()
    place = end.rfind(b"OggS")
    return place >= 0 and len(end) > place + 5 and bool(end[place + 5] & 4)
