"""The embedded database: a DuckDB file, or DuckDB without a file as the store in memory."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from cellissimo_server.store.database import Connection
from cellissimo_server.store.duck_file import DuckFile
from cellissimo_server.store.duck_session import RetryError, checkpoint, transaction
from cellissimo_server.store.errors import ClosedError
from cellissimo_server.store.group_commit import Writer

T = TypeVar("T")

MEMORY_LIMIT = "1GB"
_READERS = 4
_THREADS = 2


class DuckDatabase:
    """A database in one file that belongs to this process; None keeps it in memory alone.

    Writes go through one thread that commits together what waits together; reads run beside it
    on a few threads. Nothing waits on the event loop.
    """

    def __init__(self, path: Path | None, *, memory_limit: str = MEMORY_LIMIT) -> None:
        """Open the file, or make it.

        Raises:
            StoreError: the file cannot be opened.
        """
        self.path = path
        self._file = DuckFile(path, memory_limit, _THREADS)
        self._writer = Writer(self._file)
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="cellissimo-reader")
        self._is_closed = False

    @classmethod
    def in_memory(cls) -> DuckDatabase:
        """The store in memory: the same adapter without a file, so it behaves alike."""
        return cls(None)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """What ``work`` gives, from one consistent state."""
        if self._is_closed:
            raise ClosedError
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, self._read, work)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """What ``work`` gives, once all it changed is on disk. An error takes all of it back."""
        return await asyncio.wrap_future(self._writer.submit(work))

    async def lay_out(self, work: Callable[[Connection], T]) -> T:
        """What ``work`` gives, once it is in the file itself and not only in its log."""
        result = await self.write(work)
        await self.checkpoint()
        return result

    async def checkpoint(self) -> None:
        """Move everything from the log into the file."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._readers, self._checkpoint)

    async def back_up(self, note: str) -> Path | None:
        """A copy of the file beside it, as it is between two writes; None in memory.

        Reads and writes wait meanwhile: DuckDB's lock would not outlive a copy of an open file.
        """
        if self.path is None:
            return None
        copy = _free_name(self.path, note)
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._readers, self._file.copy_to, copy)
        return copy

    async def close(self) -> None:
        """Finish what was begun and let go of the file."""
        self._is_closed = True
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(None, self._writer.close)
        await loop.run_in_executor(None, functools.partial(self._readers.shutdown, wait=True))
        await loop.run_in_executor(None, self._file.close)

    def _read(self, work: Callable[[Connection], T]) -> T:
        with (
            self._file.cursor() as cursor,
            transaction(cursor, "BEGIN TRANSACTION READ ONLY") as session,
        ):
            return work(session)

    def _checkpoint(self) -> None:
        with self._file.cursor() as cursor, contextlib.suppress(RetryError):
            checkpoint(cursor)  # beside another write it waits for the next occasion


def _free_name(path: Path, note: str) -> Path:
    """The first of ``name.note.duckdb``, ``name.note-2.duckdb`` … that is free."""
    endings = itertools.chain([""], (f"-{number}" for number in itertools.count(2)))
    names = (path.with_name(f"{path.stem}.{note}{ending}{path.suffix}") for ending in endings)
    return next(name for name in names if not name.exists())
