"""An open DuckDB database: one connection for the process, and a cursor for whoever works."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from cellissimo_server.store.duck_session import translated

_SETTINGS = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "enable_external_access": "false",
    "python_enable_replacements": "false",
}


class DuckFile:
    """A database that is open until ``close``; ``path`` None keeps it in memory."""

    def __init__(self, path: Path | None, memory_limit: str, threads: int) -> None:
        """Open the file, or make it."""
        self.path = path
        self._settings = {
            **_SETTINGS, "memory_limit": memory_limit, "threads": str(threads)
        }  # fmt: skip
        self._changed = threading.Condition()
        self._lent = 0
        self._is_shut = False
        self._free: list[duckdb.DuckDBPyConnection] = []
        self._connection = self._connect()

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor that nobody else uses meanwhile."""
        held = self._borrow()
        try:
            yield held
        finally:
            self._give_back(held)

    def reopen(self) -> None:
        """Open the file anew, once nobody works with it: DuckDB lets go of a failed write so."""
        if self.path is not None:
            with self._shut_meanwhile():
                pass

    def copy_to(self, copy: Path) -> None:
        """Copy the file, and its log where one is left, while it is closed."""
        if self.path is not None:
            with self._shut_meanwhile():
                shutil.copy2(self.path, copy)
                log = _log_of(self.path)
                if log.exists():
                    shutil.copy2(log, _log_of(copy))

    @contextmanager
    def _shut_meanwhile(self) -> Iterator[None]:
        self._shut()
        try:
            yield
        finally:
            self._connection = self._connect()
            self._open()

    def close(self) -> None:
        """Let go of the file, once nobody works with it."""
        self._shut()

    def _connect(self) -> duckdb.DuckDBPyConnection:
        try:
            connection = duckdb.connect(str(self.path or ":memory:"), config={**self._settings})
            connection.execute("SET lock_configuration = true")
        except duckdb.Error as error:
            raise translated(error) from error
        return connection

    def _borrow(self) -> duckdb.DuckDBPyConnection:
        with self._changed:
            self._changed.wait_for(lambda: not self._is_shut)
            self._lent += 1
            return self._free.pop() if self._free else self._connection.cursor()

    def _give_back(self, cursor: duckdb.DuckDBPyConnection) -> None:
        with self._changed:
            self._lent -= 1
            self._free.append(cursor)
            self._changed.notify_all()

    def _shut(self) -> None:
        with self._changed:
            self._is_shut = True
            self._changed.wait_for(lambda: self._lent == 0)
            for cursor in self._free:
                cursor.close()
            self._free.clear()
            self._connection.close()

    def _open(self) -> None:
        with self._changed:
            self._is_shut = False
            self._changed.notify_all()


def _log_of(path: Path) -> Path:
    return path.with_name(path.name + ".wal")
