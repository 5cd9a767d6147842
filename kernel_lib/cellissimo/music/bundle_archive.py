"""The files of a bundle: written in a fixed order with a fixed time, read within limits.

A bundle that comes from elsewhere may lie about its sizes, name files outside of itself, or be
small and unfold without end. Nothing is ever unpacked under a name that it gives.
"""

from __future__ import annotations

import shutil
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol

from cellissimo.domain.errors import CellissimoError

MOST_FILES = 10_000
MOST_BYTES = 2 << 30
"""Bytes of all files together, unpacked."""

MOST_RATIO = 200
"""How much smaller than its content a packed file may be, from a megabyte on."""

_RATIO_FROM = 1 << 20
_TIME = (1980, 1, 1, 0, 0, 0)
"""The first time a zip can tell: the bytes of a bundle do not say when it was made."""

_CHUNK = 1 << 20
_DAMAGE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)
"""What zipfile raises where a zip is damaged."""


class BundleError(CellissimoError):
    """A file that is no bundle, or one that is not taken; it says why, and what to do."""


class Bundle(Protocol):
    """The files of a bundle by name, such as "song.song"."""

    def has(self, name: str) -> bool:
        """Whether there is such a file."""
        ...

    def read(self, name: str, most: int) -> bytes:
        """The bytes of a file of at most ``most`` bytes. Raises: BundleError."""
        ...

    def copy(self, name: str, target: Path) -> None:
        """Write the bytes of a file to a file of ours. Raises: BundleError."""
        ...


class BundleWriter:
    """A bundle that is written: plain files in a zip, none of them packed.

    Audio is packed already; what is left is small, and unpacked bytes are the same everywhere.
    """

    def __init__(self, file: zipfile.ZipFile) -> None:
        """Write into an open zip."""
        self._zip = file

    def add(self, name: str, content: bytes) -> None:
        """Add a file."""
        self._zip.writestr(_entry(name), content)

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        """A file of the bundle, to be written."""
        with self._zip.open(_entry(name), "w", force_zip64=True) as file:
            yield file  # type: ignore[misc]  # zipfile calls it an IO[bytes]


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _TIME)
    entry.create_system = 3
    entry.external_attr = (stat.S_IFREG | 0o644) << 16
    return entry


@contextmanager
def opened(path: Path) -> Iterator[Bundle]:
    """The bundle in a zip, or in the folder that it was unpacked into.

    Raises:
        BundleError: it is neither, or not taken; the message says why.
        FileNotFoundError: there is no such file.
    """
    if path.is_dir():
        yield FolderBundle(path)
        return
    with path.open("rb") as file:
        try:
            zipped = zipfile.ZipFile(file)
        except _DAMAGE as error:
            message = f"{path.name!r} is no whole zip ({error}); use a copy of it"
            raise BundleError(message) from error
        with zipped:
            yield ZipBundle(zipped)


class ZipBundle:
    """A bundle in a zip."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        """Look over what the zip says of itself.

        Raises:
            BundleError: it has too many files, is too big, or names files outside of itself.
        """
        self._zip = file
        self._entries: dict[str, zipfile.ZipInfo] = {}
        listed = file.infolist()
        if len(listed) > MOST_FILES:
            message = f"a bundle of {len(listed)} files; at most {MOST_FILES} are taken"
            raise BundleError(message)
        total = sum(entry.file_size for entry in listed)
        if total > MOST_BYTES:
            message = f"a bundle of {total} bytes; at most {MOST_BYTES} are taken"
            raise BundleError(message)
        for entry in listed:
            self._take(entry)

    def _take(self, entry: zipfile.ZipInfo) -> None:
        name = checked_name(entry.filename)
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            message = f"{name!r} in the bundle is a link or a device; a bundle has plain files"
            raise BundleError(message)
        if entry.flag_bits & 1:
            message = f"{name!r} in the bundle is encrypted; pack it without a password"
            raise BundleError(message)
        if name in self._entries:
            message = f"{name!r} is twice in the bundle; pack it anew"
            raise BundleError(message)
        too_dense = entry.file_size > MOST_RATIO * max(entry.compress_size, 1)
        if entry.file_size > _RATIO_FROM and too_dense:
            message = (
                f"{name!r} in the bundle unfolds from {entry.compress_size} to {entry.file_size} "
                f"bytes; at most {MOST_RATIO} times is taken"
            )
            raise BundleError(message)
        self._entries[name] = entry

    def has(self, name: str) -> bool:
        """Whether there is such a file."""
        return name in self._entries

    def read(self, name: str, most: int) -> bytes:
        """The bytes of a file of at most ``most`` bytes."""
        entry = self._entry(name)
        if entry.file_size > most:
            raise _too_big(name, entry.file_size, most)
        return b"".join(self._chunks(name))

    def copy(self, name: str, target: Path) -> None:
        """Write the bytes of a file to a file of ours; zipfile gives no more than it declared."""
        with target.open("wb") as file:
            for chunk in self._chunks(name):
                file.write(chunk)

    def _chunks(self, name: str) -> Iterator[bytes]:
        entry = self._entry(name)
        try:
            with self._zip.open(entry) as file:
                while chunk := file.read(_CHUNK):
                    yield chunk
        except _DAMAGE as error:
            message = f"{name!r} in the bundle is damaged ({error}); use a copy of it"
            raise BundleError(message) from error

    def _entry(self, name: str) -> zipfile.ZipInfo:
        try:
            return self._entries[name]
        except KeyError:
            raise _missing(name) from None


class FolderBundle:
    """A bundle that was unpacked into a folder."""

    def __init__(self, folder: Path) -> None:
        """The files in ``folder``."""
        self._folder = folder

    def has(self, name: str) -> bool:
        """Whether there is such a file."""
        return self._path(name).is_file()

    def read(self, name: str, most: int) -> bytes:
        """The bytes of a file of at most ``most`` bytes."""
        path = self._file(name)
        size = path.stat().st_size
        if size > most:
            raise _too_big(name, size, most)
        return path.read_bytes()

    def copy(self, name: str, target: Path) -> None:
        """Write the bytes of a file to a file of ours."""
        path = self._file(name)
        if path.stat().st_size > MOST_BYTES:
            raise _too_big(name, path.stat().st_size, MOST_BYTES)
        shutil.copyfile(path, target)

    def _file(self, name: str) -> Path:
        path = self._path(name)
        if not path.is_file():
            raise _missing(name)
        return path

    def _path(self, name: str) -> Path:
        """The file of that name, where it really lies in the folder."""
        path = self._folder / checked_name(name)
        if not path.resolve().is_relative_to(self._folder.resolve()):
            message = f"{name!r} in the bundle is a link to elsewhere; a bundle has plain files"
            raise BundleError(message)
        return path


def checked_name(name: str) -> str:
    """The name of a file inside a bundle.

    Raises:
        BundleError: it lies outside, or is no name that every system takes.
    """
    parts = PurePosixPath(name).parts
    outside = name.startswith(("/", "~")) or ".." in parts or not parts
    if outside or any(sign in name for sign in ("\\", ":", "\0")) or len(name) > 500:
        message = f"{name[:80]!r} is no name of a file in a bundle; pack it with cellissimo export"
        raise BundleError(message)
    return name


def _missing(name: str) -> BundleError:
    return BundleError(f"there is no {name!r} in the bundle; cellissimo export makes whole ones")


def _too_big(name: str, size: int, most: int) -> BundleError:
    return BundleError(f"{name!r} in the bundle has {size} bytes; at most {most} are taken")
