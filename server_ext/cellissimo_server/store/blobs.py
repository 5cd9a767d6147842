"""The port to blobs: immutable bytes, named by their sha256, kept in a folder or in S3.

Stores hold bytes and nothing else; which blobs there are, who uses them and when one may go is
said by rows (``blob_uses``).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import BinaryIO, Protocol

from cellissimo.schema.limits import BLOB_PATTERN
from cellissimo_server.errors import InvalidError, NotFoundError
from cellissimo_server.store.errors import DamagedError, StoreError

CHUNK = 1 << 18
"""Bytes that are read or written at once."""


class Blobs(Protocol):
    """Immutable bytes by name. A blob appears whole or not at all; nothing waits on the loop."""

    async def put(self, source: Path | bytes, name: str = "") -> str:
        """Keep the bytes of a file, or these; gives their name. Again, it changes nothing.

        Raises:
            DamagedError: they are not what ``name`` says; nothing was kept.
            StoreError: they cannot be kept now, such as on a full disk.
        """
        ...

    async def read(self, name: str, start: int = 0, size: int | None = None) -> bytes:
        """A stretch of a blob, shorter where it ends; without ``size``, to its end.

        Raises:
            NotFoundError: it is not here.
        """
        ...

    def stream(self, name: str, start: int = 0, size: int | None = None) -> AsyncIterator[bytes]:
        """The same in pieces of at most `CHUNK` bytes."""
        ...

    async def size(self, name: str) -> int:
        """The number of its bytes.

        Raises:
            NotFoundError: it is not here.
        """
        ...

    async def has(self, name: str) -> bool:
        """Whether it is here."""
        ...

    async def copy(self, name: str, path: Path) -> None:
        """Put a blob's bytes at ``path`` for somebody who reads files, and must not change it.

        Raises:
            NotFoundError: it is not here.
        """
        ...

    async def delete(self, name: str) -> None:
        """Forget the bytes; it is no error when they are gone already."""
        ...

    def names(self) -> AsyncIterator[str]:
        """The names of all blobs here, in no order."""
        ...

    async def close(self) -> None:
        """Finish what was begun."""
        ...


def checked_name(name: str) -> str:
    """The name itself, when it is one: 64 hexadecimal digits, so never a path.

    Raises:
        InvalidError: it is not.
    """
    if re.fullmatch(BLOB_PATTERN, name):
        return name
    raise InvalidError(
        "This names no blob.",
        field="sha256",
        value=name[:100],
        accepted="64 digits 0-9 a-f",
        cure="Name it by the sha256 of its bytes, in lower case.",
    )


def checked_content(found: str, name: str) -> str:
    """What was found when the bytes were added up, where ``name`` says the same or nothing.

    Raises:
        DamagedError: it says something else.
    """
    if name in ("", found):
        return found
    raise DamagedError(
        f"The bytes are not those of {checked_name(name)[:12]}…, but of {found[:12]}….",
        cure="Send them again, or name them by their own sha256.",
    )


def missing(name: str) -> NotFoundError:
    """The error for a blob that is not here."""
    return NotFoundError(
        f"The audio {name[:12]}… is not here.",
        cure="Upload it again: PUT its bytes to the project's blobs.",
    )


def full_disk(error: OSError) -> StoreError:
    """What to tell when bytes could not be written."""
    said = error.strerror or type(error).__name__
    return StoreError(
        f"The bytes could not be kept: {said}.",
        cure="Try again later; the server's administrator should look at the disk of the blobs.",
    )


def hash_of(source: Path | bytes) -> str:
    """The sha256 of a file or of bytes, in hexadecimal. Cost: 1 s for about a gigabyte."""
    if isinstance(source, bytes):
        return hashlib.sha256(source).hexdigest()
    with source.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def copied(source: BinaryIO, target: BinaryIO) -> str:
    """Copy from here to the end; gives the sha256 of what was copied."""
    found = hashlib.sha256()
    while chunk := source.read(1 << 20):
        found.update(chunk)
        target.write(chunk)
    return found.hexdigest()
