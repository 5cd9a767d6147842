"""An open DuckDB database: one connection for the process, and a cursor for whoever works."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from cellissimo_server.store.duck_session import translated
from cellissimo_server.store.errors import ClosedError, DiskError

_SETTINGS = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "enable_external_access": "false",
    "python_enable_replacements": "false",
}


class DuckFile:
    """A database that is open until ``close``; ``path`` None keeps it in memory.

    After an error of the disk DuckDB serves nothing more from what it has open: the file is
    opened anew for whoever comes next, once those who work with it are done.
    """

    def __init__(self, path: Path | None, memory_limit: str, threads: int) -> None:
        """Open the file, or make it."""
        self.path = path
        self._settings = {
            **_SETTINGS, "memory_limit": memory_limit, "threads": str(threads)
        }  # fmt: skip
        self._changed = threading.Condition()
        self._lent = 0
        self._is_shut = self._is_spoiled = self._is_closed = False
        self._free: list[duckdb.DuckDBPyConnection] = []
        if path is not None and not path.exists():
            _make(path)
        self._connection: duckdb.DuckDBPyConnection | None = self._connect()

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor that nobody else uses meanwhile.

        Raises:
            DiskError: the file cannot be opened.
        """
        held = self._borrow()
        try:
            yield held
        except DiskError:
            self._is_spoiled = self.path is not None
            raise
        finally:
            self._give_back(held)

    def copy_to(self, copy: Path) -> None:
        """Copy the file while it is closed: whole or not at all.

        Raises:
            DiskError: there is no room for it.
        """
        if self.path is not None:
            with self._shut():
                _copy(self.path, copy)

    def close(self) -> None:
        """Let go of the file, once nobody works with it."""
        with self._shut():
            self._is_closed = True

    def _connect(self) -> duckdb.DuckDBPyConnection:
        try:
            if self.path is not None and not self.path.exists():
                raise duckdb.IOException(f"{self.path} is gone")
            connection = duckdb.connect(str(self.path or ":memory:"), config={**self._settings})
            connection.execute("SET lock_configuration = true")
        except duckdb.Error as error:
            raise translated(error) from error
        return connection

    def _borrow(self) -> duckdb.DuckDBPyConnection:
        with self._changed:
            self._changed.wait_for(self._may_lend)
            if self._is_closed:
                raise ClosedError
            if self._is_spoiled:
                self._let_go()
            if self._connection is None:
                self._connection = self._connect()
            self._lent += 1
            return self._free.pop() if self._free else self._connection.cursor()

    def _may_lend(self) -> bool:
        return not self._is_shut and not (self._is_spoiled and self._lent)

    def _give_back(self, cursor: duckdb.DuckDBPyConnection) -> None:
        with self._changed:
            self._lent -= 1
            self._free.append(cursor)
            self._changed.notify_all()

    @contextmanager
    def _shut(self) -> Iterator[None]:
        """Nobody has the file open meanwhile."""
        with self._changed:
            self._changed.wait_for(lambda: not self._is_shut)
            self._is_shut = True
            self._changed.wait_for(lambda: self._lent == 0)
            self._let_go()
        try:
            yield
        finally:
            with self._changed:
                self._is_shut = False
                self._changed.notify_all()

    def _let_go(self) -> None:
        for cursor in self._free:
            cursor.close()
        self._free.clear()
        if self._connection is not None:
            self._connection.close()
        self._connection = None
        self._is_spoiled = False


def _make(path: Path) -> None:
    """A database without tables: whole or not at all, for half a file would not open again."""
    fresh = path.with_name(path.name + ".new")
    try:
        fresh.unlink(missing_ok=True)
        duckdb.connect(str(fresh)).close()
        fresh.replace(path)
        _sync_folder(path.parent)
    except duckdb.Error as error:
        raise translated(error) from error
    except OSError as error:
        raise DiskError(
            f"The database {path} could not be made ({error.strerror}).",
            cure="Look whether the folder may be written and its disk has room.",
        ) from error


def _sync_folder(folder: Path) -> None:
    """Make a new name durable; Windows does so by itself."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _copy(path: Path, copy: Path) -> None:
    """The file, and its log where closing has left one."""
    try:
        for source, target in ((path, copy), (_log_of(path), _log_of(copy))):
            if source.exists():
                _copy_whole(source, target)
    except OSError as error:
        raise DiskError(
            f"No copy could be made as {copy} ({error.strerror}).",
            cure="Make room on that disk, then start again; nothing was changed.",
        ) from error


def _copy_whole(source: Path, target: Path) -> None:
    fresh = target.with_name(target.name + ".part")
    try:
        shutil.copy2(source, fresh)
        with fresh.open("rb+") as file:
            os.fsync(file.fileno())
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)


def _log_of(path: Path) -> Path:
    return path.with_name(path.name + ".wal")
