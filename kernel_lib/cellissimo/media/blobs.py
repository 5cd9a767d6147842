"""Where blobs are kept: immutable bytes named by their sha256, in memory and in folders."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Protocol

from cellissimo.media.wav import BlobError
from cellissimo.media.whole_file import whole_file
from cellissimo.schema.limits import BLOB_PATTERN

_CHUNK = 1 << 20


class Blobs(Protocol):
    """Immutable bytes by name; a blob's name is the sha256 of its bytes, in hexadecimal."""

    def put(self, content: bytes) -> str:
        """Keep the bytes; gives their name. The same bytes again change nothing."""
        ...

    def get(self, name: str) -> bytes:
        """All bytes of a blob.

        Raises:
            BlobError: it is not here, or is not what its name says.
        """
        ...

    def read(self, name: str, start: int, size: int) -> bytes:
        """A stretch of a blob, shorter where it ends.

        Raises:
            BlobError: it is not here, or is not what its name says.
        """
        ...

    def size(self, name: str) -> int:
        """The number of its bytes.

        Raises:
            BlobError: it is not here.
        """
        ...

    def has(self, name: str) -> bool:
        """Whether a blob of that name is here."""
        ...


def name_of(content: bytes) -> str:
    """The name of these bytes: their sha256."""
    return hashlib.sha256(content).hexdigest()


class MemoryBlobs:
    """Blobs that live as long as this process."""

    def __init__(self) -> None:
        """Nothing at first."""
        self._contents: dict[str, bytes] = {}

    def put(self, content: bytes) -> str:
        """Keep the bytes; gives their name."""
        name = name_of(content)
        self._contents.setdefault(name, content)
        return name

    def get(self, name: str) -> bytes:
        """All bytes of a blob."""
        try:
            return self._contents[name]
        except KeyError:
            raise missing(name) from None

    def read(self, name: str, start: int, size: int) -> bytes:
        """A stretch of a blob, shorter where it ends."""
        return self.get(name)[start : start + size]

    def size(self, name: str) -> int:
        """The number of its bytes."""
        return len(self.get(name))

    def has(self, name: str) -> bool:
        """Whether a blob of that name is here."""
        return name in self._contents


class FolderBlobs:
    """Blobs as files ``<name>.wav`` of a folder, so that any player plays them.

    Files appear whole or not at all. A file is compared with its name when it is first read, and
    again whenever it was written to since.
    """

    def __init__(self, folder: Path) -> None:
        """The blobs in ``folder``, which is made when the first is put there."""
        self.folder = folder
        self._checked: dict[str, tuple[int, int]] = {}

    def path(self, name: str) -> Path:
        """The file that holds a blob of that name, or would."""
        return self.folder / f"{checked_name(name)}.wav"

    def put(self, content: bytes) -> str:
        """Keep the bytes; gives their name. A file that is there and whole is left alone."""
        name = name_of(content)
        self.folder.mkdir(parents=True, exist_ok=True)
        if not self._is_whole(name):
            with whole_file(self.path(name)) as unfinished:
                unfinished.write_bytes(content)
        return name

    def _is_whole(self, name: str) -> bool:
        try:
            self._check(name)
        except BlobError:
            return False
        return True

    def get(self, name: str) -> bytes:
        """All bytes of a blob."""
        return self._check(name).read_bytes()

    def read(self, name: str, start: int, size: int) -> bytes:
        """A stretch of a blob, shorter where it ends."""
        with self._check(name).open("rb") as file:
            file.seek(start)
            return file.read(size)

    def size(self, name: str) -> int:
        """The number of its bytes."""
        return self._check(name).stat().st_size

    def has(self, name: str) -> bool:
        """Whether a file of that name is here."""
        return self.path(name).is_file()

    def _check(self, name: str) -> Path:
        """The file of a blob, once its bytes are what its name says."""
        path = self.path(name)
        try:
            now = path.stat()
        except FileNotFoundError:
            raise missing(name) from None
        state = (now.st_mtime_ns, now.st_size)
        if self._checked.get(name) != state:
            if _hash_of(path) != name:
                message = f"{str(path)!r} is not what its name says; restore it from a copy"
                raise BlobError(message)
            self._checked[name] = state
        return path


class Shelves:
    """Blobs of one session: those made in it, and the folders of the songs it has opened."""

    def __init__(self) -> None:
        """An empty memory and no folder."""
        self.made = MemoryBlobs()
        self.folders: list[FolderBlobs] = []
        self.stretched: dict[tuple[str, str], str] = {}

    def open(self, folder: Path) -> None:
        """Look for blobs in ``folder`` too, before those opened earlier."""
        here = folder.absolute()
        kept = [one for one in self.folders if one.folder != here]
        self.folders = [FolderBlobs(here), *kept]

    def put(self, content: bytes) -> str:
        """Keep the bytes in memory; gives their name."""
        return self.made.put(content)

    def get(self, name: str) -> bytes:
        """All bytes of a blob, wherever it is."""
        return self._place(name).get(name)

    def read(self, name: str, start: int, size: int) -> bytes:
        """A stretch of a blob, shorter where it ends."""
        return self._place(name).read(name, start, size)

    def size(self, name: str) -> int:
        """The number of its bytes."""
        return self._place(name).size(name)

    def has(self, name: str) -> bool:
        """Whether a blob of that name is anywhere here."""
        return any(place.has(name) for place in self._all())

    def _all(self) -> list[Blobs]:
        return [self.made, *self.folders]

    def _place(self, name: str) -> Blobs:
        """Where the blob is; a damaged copy is passed over where there is a whole one."""
        places = [place for place in self._all() if place.has(name)]
        if not places:
            raise missing(name)
        for place in places[:-1]:
            try:
                place.size(name)
            except BlobError:
                continue
            return place
        return places[-1]


def checked_name(name: str) -> str:
    """The name itself, when it is one: 64 hexadecimal digits, so never a path.

    Raises:
        BlobError: it is not.
    """
    if not re.fullmatch(BLOB_PATTERN, name):
        message = f"{name!r} names no blob; a name is the sha256 of its bytes, 64 digits 0-9a-f"
        raise BlobError(message)
    return name


def missing(name: str) -> BlobError:
    """The error for a blob that is nowhere."""
    return BlobError(
        f"the audio {checked_name(name)[:12]}… is not here; put its file {name}.wav into the "
        "folder '<song file>.blobs' beside the song, or take the audio in again with "
        "cm.Audio(path)"
    )


def _hash_of(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            found.update(chunk)
    return found.hexdigest()
