"""One open transaction of DuckDB, as the port has it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import duckdb

from cellissimo_server.store.database import Plain
from cellissimo_server.store.errors import DiskError, ExistsError, ReadOnlyError, UnsureError
from cellissimo_server.store.plain import storable

R = TypeVar("R")

_FILE = re.compile(r'"([^"]*[/\\][^"]*)"')
"""A path, as DuckDB's errors have it."""


class RetryError(Exception):
    """Two transactions met on one row; this one may be run again."""


def translated(error: duckdb.Error) -> Exception:
    """The error of the store that says the same; an error in SQL stays what it is."""
    said = str(error).splitlines()[0]
    if "Duplicate key" in said:
        return ExistsError(f"The database refused a row: {said}", cure="Choose another name or id.")
    if isinstance(error, duckdb.TransactionException):
        return _transaction_error(said) or error
    if isinstance(error, duckdb.IOException | duckdb.FatalException | duckdb.OutOfMemoryException):
        return _disk_error(said)
    return error


def _transaction_error(said: str) -> Exception | None:
    if "read-only mode" in said:
        return ReadOnlyError(said)
    if "onflict" in said or "Cannot CHECKPOINT" in said:
        return RetryError(said)
    # with no conflict, a commit fails by the disk
    return _disk_error(said) if "Failed to commit" in said else None


def _disk_error(said: str) -> DiskError:
    """Files are named without their folder: who asks from afar need not know the machine."""
    named = _FILE.sub(lambda found: f'"{Path(found[1]).name}"', said)
    return DiskError(
        f"The database could not be read or written: {named}",
        cure="Look whether its disk is full or was taken away, then try again.",
    )


@contextmanager
def _translating() -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        raise translated(error) from error


class DuckSession:
    """What work sees of a cursor in a transaction."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """The cursor is lent for one transaction."""
        self._cursor = cursor

    def rows(self, kind: Callable[..., R], sql: str, *values: Plain) -> list[R]:
        """Each row as ``kind(*columns)``, in the order of the SELECT."""
        storable(values)
        with _translating():
            found = self._cursor.execute(sql, values).fetchall()
        return [kind(*row) for row in found]

    def row(self, kind: Callable[..., R], sql: str, *values: Plain) -> R | None:
        """The first row, or None."""
        storable(values)
        with _translating():
            found = self._cursor.execute(sql, values).fetchone()
        return None if found is None else kind(*found)

    def run(self, sql: str, *values: Plain) -> int:
        """Run a statement; gives the number of rows it changed, 0 where it made or dropped."""
        storable(values)
        with _translating():
            found = self._cursor.execute(sql, values or None).fetchone()
        return int(found[0]) if found else 0

    def insert_many(
        self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Plain]]
    ) -> None:
        """Insert all rows with one statement."""
        head = f"INSERT INTO {table} ({', '.join(columns)})"
        if len(rows) == 1:  # four times quicker than lists of one
            self.run(f"{head} VALUES ({', '.join('?' * len(columns))})", *rows[0])
        elif rows:
            lists = [list(column) for column in zip(*rows, strict=True)]
            places = ", ".join(["unnest(?)"] * len(lists))
            storable(lists)
            with _translating():
                self._cursor.execute(f"{head} SELECT {places}", lists)


@contextmanager
def transaction(
    cursor: duckdb.DuckDBPyConnection, begin: str = "BEGIN TRANSACTION"
) -> Iterator[DuckSession]:
    """A transaction that is committed at the end, and taken back by an error.

    Raises:
        UnsureError: the disk failed while it was committed.
    """
    with _translating():
        cursor.execute(begin)
    try:
        yield DuckSession(cursor)
    except BaseException:
        _roll_back(cursor)
        raise
    try:
        with _translating():
            cursor.execute("COMMIT")
    except DiskError as error:
        raise UnsureError(str(error), cure=error.cure) from error


def checkpoint(cursor: duckdb.DuckDBPyConnection) -> None:
    """Move everything from the log into the file.

    Raises:
        RetryError: somebody else is writing.
    """
    with _translating():
        cursor.execute("CHECKPOINT")


def _roll_back(cursor: duckdb.DuckDBPyConnection) -> None:
    try:
        cursor.execute("ROLLBACK")
    except duckdb.Error:
        return  # after an error of the disk there is nothing to take back
