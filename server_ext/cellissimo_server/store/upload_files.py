"""The bytes of uploads that are on their way: a file each, until they are blobs."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from cellissimo_server.errors import RefusalError
from cellissimo_server.store.blobs import full_disk

_FLUSH = 1 << 20

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class UploadFiles:
    """Files of uploads by their ids, which the server has made; names of people never get here."""

    def __init__(self, folder: Path) -> None:
        """The folder is made with its first file."""
        self.folder = folder
        self._busy: set[str] = set()

    def path(self, upload_id: str) -> Path:
        """The file of an upload.

        Raises:
            ValueError: the id is none that we make.
        """
        if not _ID.fullmatch(upload_id):
            raise ValueError(f"{upload_id!r} is no id of an upload")
        return self.folder / upload_id

    def is_busy(self, upload_id: str) -> bool:
        """Whether somebody holds an upload: its bytes are coming in, or are being kept."""
        return upload_id in self._busy

    async def receive(
        self, upload_id: str, offset: int, most: int, error: RefusalError
    ) -> Receiver:
        """Take bytes from ``offset`` on; of more than ``most`` the last ones raise ``error``."""
        self._busy.add(upload_id)
        try:
            file = await asyncio.to_thread(self._open, upload_id, offset)
        except OSError as reason:
            self._busy.discard(upload_id)
            raise full_disk(reason) from reason
        return Receiver(self, upload_id, file, offset, most, error)

    def release(self, upload_id: str) -> None:
        """Nobody holds it any more: the next piece may come, and without a row it is stray."""
        self._busy.discard(upload_id)

    async def delete(self, upload_id: str) -> None:
        """Forget the bytes of an upload."""
        await asyncio.to_thread(self.path(upload_id).unlink, missing_ok=True)
        self.release(upload_id)

    def ids(self) -> list[str]:
        """The ids of all that have a file."""
        if not self.folder.is_dir():
            return []
        return sorted(path.name for path in self.folder.iterdir() if _ID.fullmatch(path.name))

    def _open(self, upload_id: str, offset: int) -> BinaryIO:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self.path(upload_id)
        if not offset:
            path.touch(mode=0o600)
        file = path.open("r+b")
        file.seek(offset)
        file.truncate()  # what came before it was cut off does not count
        return file


class Receiver:
    """Bytes on their way into a file; nothing of it waits on the event loop."""

    def __init__(
        self,
        files: UploadFiles,
        upload_id: str,
        file: BinaryIO,
        offset: int,
        most: int,
        error: RefusalError,
    ) -> None:
        """``file`` stands at ``offset``."""
        self.upload_id = upload_id
        self.received = 0
        self._files = files
        self._file = file
        self.offset = offset
        self._most = most
        self._error = error
        self._waiting = bytearray()
        self._hash = hashlib.sha256()

    async def write(self, chunk: bytes) -> None:
        """Take the next bytes.

        Raises:
            RefusalError: these are too many.
            StoreError: they cannot be written, such as on a full disk.
        """
        if self.received + len(chunk) > self._most:
            raise self._error
        self.received += len(chunk)
        self._waiting += chunk
        if len(self._waiting) >= _FLUSH:
            await self._off(self._flush)

    async def finish(self) -> str:
        """Have all of it on disk; gives the sha256 of what came.

        Until `UploadFiles.release` or `delete`, the file is not tidied away.
        """
        await self._off(self._sync)
        return self._hash.hexdigest()

    def abandon(self) -> None:
        """Forget what came: a file that began with it goes, another is as long as before."""
        self._cut()
        self._files.release(self.upload_id)

    async def _off(self, work: Callable[[], None]) -> None:
        try:
            await asyncio.to_thread(work)
        except OSError as reason:
            raise full_disk(reason) from reason

    def _flush(self) -> None:
        content, self._waiting = self._waiting, bytearray()
        self._hash.update(content)
        self._file.write(content)

    def _sync(self) -> None:
        with self._file:
            self._flush()
            self._file.flush()
            os.fsync(self._file.fileno())

    def _cut(self) -> None:
        try:
            if not self._file.closed:
                self._file.close()
            if self.offset:
                os.truncate(self._files.path(self.upload_id), self.offset)
            else:
                self._files.path(self.upload_id).unlink(missing_ok=True)
        except OSError:
            return  # a full disk: the next piece begins by cutting again
