"""One open transaction of PostgreSQL, as the port has it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, TypeVar

import psycopg
from psycopg import sql as composed

from cellissimo_server.store.database import Plain
from cellissimo_server.store.errors import DiskError, ExistsError, ReadOnlyError, UnsureError
from cellissimo_server.store.plain import storable

R = TypeVar("R")

Types = dict[str, dict[str, str]]
"""The type of each column by table, as PostgreSQL names it."""


_PLACE = re.compile(
    r""" at "[^"]*"(?: \([^)]*\))?, port \d+| on socket "[^"]*"|(?<=host) '[^']*'"""
)
"""Where a server is, as psycopg's errors have it: who asks from afar need not know the machine."""


def translated(error: psycopg.Error) -> Exception:
    """The error of the store that says the same; an error in SQL stays what it is."""
    said = _said(error)
    if isinstance(error, psycopg.errors.UniqueViolation):
        return ExistsError(
            f"The database refused a row: {said}.", cure="Choose another name or id."
        )
    if isinstance(error, psycopg.errors.ReadOnlySqlTransaction):
        return ReadOnlyError(said)
    if isinstance(error, psycopg.OperationalError) and not _is_retryable(error):
        return DiskError(
            f"The database could not be reached or written: {said}.",
            cure="Look at PostgreSQL's log and disk, then try again.",
        )
    return error


def _said(error: psycopg.Error) -> str:
    """The first line of an error, without the place of the server."""
    return _PLACE.sub("", str(error).splitlines()[0]) if str(error) else type(error).__name__


def _is_retryable(error: psycopg.Error) -> bool:
    met = (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected)
    return isinstance(error, met)


@contextmanager
def translating() -> Iterator[None]:
    """Errors of psycopg come out as errors of the store."""
    try:
        yield
    except psycopg.Error as error:
        told = translated(error)
        if told is error:
            raise
        raise told from error


def commit(connection: psycopg.Connection[Any]) -> None:
    """Make a transaction durable.

    Raises:
        UnsureError: the connection was lost before the answer came.
    """
    try:
        connection.commit()
    except psycopg.OperationalError as error:
        if _is_retryable(error):
            raise
        raise UnsureError(
            f"The database went away while it committed: {_said(error)}.",
            cure="Look whether the change is there before you make it again.",
        ) from error


@lru_cache(maxsize=4096)
def _dialect(sql: str) -> composed.SQL:
    """A statement as PostgreSQL and psycopg write it."""
    return composed.SQL(re.sub(r"\bBLOB\b", "BYTEA", sql).replace("?", "%s"))


class PostgresSession:
    """What work sees of a connection in a transaction."""

    def __init__(self, connection: psycopg.Connection[Any], types: Types) -> None:
        """``types`` is filled as tables are met."""
        self._cursor = connection.cursor()
        self._types = types

    def rows(self, kind: Callable[..., R], sql: str, *values: Plain) -> list[R]:
        """Each row as ``kind(*columns)``, in the order of the SELECT."""
        self._execute(sql, values)
        return [kind(*row) for row in self._cursor.fetchall()]

    def row(self, kind: Callable[..., R], sql: str, *values: Plain) -> R | None:
        """The first row, or None."""
        self._execute(sql, values)
        found = self._cursor.fetchone()
        return None if found is None else kind(*found)

    def run(self, sql: str, *values: Plain) -> int:
        """Run a statement; gives the number of rows it changed, 0 where it made or dropped."""
        self._execute(sql, values)
        return max(0, self._cursor.rowcount)

    def insert_many(
        self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Plain]]
    ) -> None:
        """Insert all rows with one statement."""
        if rows:
            types = self._types_of(table)
            lists = ", ".join(f"?::{types[column]}[]" for column in columns)
            into = f"INSERT INTO {table} ({', '.join(columns)})"
            values = [list(column) for column in zip(*rows, strict=True)]
            self._execute(f"{into} SELECT * FROM UNNEST({lists})", values)  # noqa: S608

    def _execute(self, sql: str, values: Sequence[Any]) -> None:
        storable(values)
        with translating():
            self._cursor.execute(_dialect(sql), values or None)

    def _types_of(self, table: str) -> dict[str, str]:
        if table not in self._types:
            sql = (
                "SELECT attname, FORMAT_TYPE(atttypid, atttypmod) FROM pg_attribute "
                "WHERE attrelid = CAST(? AS regclass) AND attnum > 0 AND NOT attisdropped"
            )
            pair: Callable[..., tuple[str, str]] = lambda name, kind: (name, kind)  # noqa: E731
            self._types[table] = dict(self.rows(pair, sql, table))
        return self._types[table]
