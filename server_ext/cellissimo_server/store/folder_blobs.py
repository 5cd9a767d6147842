"""Blobs as files of a folder: ``ab/cd/abcd….`` by the first digits of their names."""

from __future__ import annotations

import asyncio
import io
import os
import secrets
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TypeVar

from cellissimo_server.errors import InvalidError
from cellissimo_server.store.blobs import (
    CHUNK,
    checked_content,
    checked_name,
    copied,
    full_disk,
    hash_of,
    missing,
)

T = TypeVar("T")

_THREADS = 4
_UNFINISHED = "unfinished"
"""The folder of files that are being written: one that a crash left there is no blob."""


class FolderBlobs:
    """Blobs in ``folder``; a file is on disk, and what its name says, before it has its name."""

    def __init__(self, folder: Path) -> None:
        """The folder is made with its first blob; what a crash left unfinished is removed."""
        self.folder = folder.absolute()
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="cellissimo-blobs")
        shutil.rmtree(self.folder / _UNFINISHED, ignore_errors=True)

    async def put(self, source: Path | bytes, name: str = "") -> str:
        """Keep the bytes of a file, or these; gives their name."""
        return await self._off(lambda: self._put(source, name))

    async def read(self, name: str, start: int = 0, size: int | None = None) -> bytes:
        """A stretch of a blob, shorter where it ends."""
        return await self._off(lambda: self._read(name, start, size))

    async def stream(
        self, name: str, start: int = 0, size: int | None = None
    ) -> AsyncIterator[bytes]:
        """The same in pieces."""
        file = await self._off(lambda: self._open(name))
        try:
            left = os.fstat(file.fileno()).st_size if size is None else size
            file.seek(start)
            while left > 0 and (chunk := await self._off(_reading(file, min(CHUNK, left)))):
                left -= len(chunk)
                yield chunk
        finally:
            file.close()

    async def size(self, name: str) -> int:
        """The number of its bytes."""
        return await self._off(lambda: self._size(name))

    async def has(self, name: str) -> bool:
        """Whether it is here."""
        return await self._off(self.path(name).is_file)

    async def copy(self, name: str, path: Path) -> None:
        """Put a blob's bytes at ``path``: as a link to its file where that can be."""
        await self._off(lambda: self._copy(name, path))

    async def delete(self, name: str) -> None:
        """Forget the bytes."""
        await self._off(lambda: self.path(name).unlink(missing_ok=True))

    async def names(self) -> AsyncIterator[str]:
        """The names of all blobs here."""
        for name in await self._off(self._names):
            yield name

    async def close(self) -> None:
        """Finish what was begun."""
        await asyncio.to_thread(self._threads.shutdown)

    def path(self, name: str) -> Path:
        """The file that holds a blob of that name, or would.

        Raises:
            InvalidError: the name is none.
        """
        checked_name(name)
        return self.folder / name[:2] / name[2:4] / name

    async def _off(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def _put(self, source: Path | bytes, name: str) -> str:
        found = checked_content(hash_of(source), name)
        if self.path(found).is_file():
            return found
        with _opened(source) as content, self._unfinished() as (path, target):
            checked_content(copied(content, target), found)
            target.flush()
            os.fsync(target.fileno())
            self._place(path, self.path(found))
        return found

    @contextmanager
    def _unfinished(self) -> Iterator[tuple[Path, BinaryIO]]:
        """A new file to write to, which is gone afterwards unless it was moved away."""
        folder = self.folder / _UNFINISHED
        path = folder / secrets.token_hex(16)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                yield path, file
        except OSError as error:
            raise full_disk(error) from error
        finally:
            path.unlink(missing_ok=True)

    def _place(self, path: Path, target: Path) -> None:
        """Give a written file its name, so that it has it after a loss of power too."""
        path.chmod(0o440)
        above = target.parent.parent
        target.parent.mkdir(parents=True, exist_ok=True)
        path.replace(target)
        for folder in (target.parent, above, self.folder):
            _sync(folder)

    def _open(self, name: str) -> BinaryIO:
        try:
            return self.path(name).open("rb")
        except FileNotFoundError:
            raise missing(name) from None

    def _read(self, name: str, start: int, size: int | None) -> bytes:
        with self._open(name) as file:
            file.seek(start)
            return file.read(-1 if size is None else size)

    def _size(self, name: str) -> int:
        try:
            return self.path(name).stat().st_size
        except FileNotFoundError:
            raise missing(name) from None

    def _copy(self, name: str, path: Path) -> None:
        with self._open(name) as source:
            try:
                path.symlink_to(self.path(name))
            except OSError:  # a system without links
                with path.open("xb") as target:
                    shutil.copyfileobj(source, target)

    def _names(self) -> list[str]:
        found = (path.name for path in self.folder.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*"))
        return [name for name in found if _is_name(name)]


@contextmanager
def _opened(source: Path | bytes) -> Iterator[BinaryIO]:
    if isinstance(source, bytes):
        yield io.BytesIO(source)
        return
    with source.open("rb") as file:
        yield file


def _reading(file: BinaryIO, size: int) -> Callable[[], bytes]:
    return lambda: file.read(size)


def _is_name(name: str) -> bool:
    try:
        return bool(checked_name(name))
    except InvalidError:
        return False


def _sync(folder: Path) -> None:
    """Have the names in a folder on disk; Windows keeps no file for a folder."""
    if os.name == "nt":
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
