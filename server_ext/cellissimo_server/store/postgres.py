"""PostgreSQL: for more than one server, or for many people at once."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import psycopg

from cellissimo_server.store.database import Connection
from cellissimo_server.store.errors import ClosedError, DiskError, StoreError, UnsureError
from cellissimo_server.store.postgres_session import PostgresSession, Types, commit, translating

T = TypeVar("T")
_Line = psycopg.Connection[Any]

CONNECTIONS = 10
"""Connections of one server to the database, at the most."""

PATIENCE_S = 10.0
"""How long work waits for a server that does not answer, in seconds."""

_MOST_TRIES = 12
_FIRST_WAIT_S = 0.002
_LAYOUT_LOCK = 0x63656C6C
_LOG = logging.getLogger("cellissimo.store")


class PostgresDatabase:
    """A database of a PostgreSQL server, which several of our servers may share.

    Writes are serialisable; two that met are run again. Nothing waits on the event loop.
    """

    def __init__(
        self, url: str, *, connections: int = CONNECTIONS, patience_s: float = PATIENCE_S
    ) -> None:
        """Connect to ``postgresql://user:password@host:port/name``.

        Work waits ``patience_s`` seconds for a server that does not answer.

        Raises:
            StoreError: it is not there, has too few connections, or does not keep UTF-8.
        """
        self._url = url
        self._patience_s = patience_s
        self._types: Types = {}
        _check_server(url, connections)
        self._idle: deque[_Line] = deque()
        self._threads = ThreadPoolExecutor(connections, thread_name_prefix="cellissimo-postgres")
        self._random = random.SystemRandom()

    async def read(self, work: Callable[[Connection], T]) -> T:
        """What ``work`` gives, from one consistent state."""
        return await self._away(self._read, work)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """What ``work`` gives, once all it changed is on disk. An error takes all of it back."""
        return await self._away(self._write, work)

    async def lay_out(self, work: Callable[[Connection], T]) -> T:
        """What ``work`` gives, run by one server at a time."""
        self._types.clear()
        return await self._away(self._lay_out, work)

    async def back_up(self, note: str) -> Path | None:
        """None: a PostgreSQL server's backup is its administrator's."""
        _LOG.warning("no copy %s was made: back PostgreSQL up with pg_dump", note)
        return None

    async def close(self) -> None:
        """Finish what was begun and let go of the connections."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(None, self._threads.shutdown)
        self._hang_up()

    async def _away(
        self, run: Callable[[Callable[[Connection], T]], T], work: Callable[[Connection], T]
    ) -> T:
        loop = asyncio.get_running_loop()
        try:
            running = loop.run_in_executor(self._threads, run, work)
        except RuntimeError as error:
            raise ClosedError from error
        return await running

    def _read(self, work: Callable[[Connection], T]) -> T:
        return self._again_if_lost(work, psycopg.IsolationLevel.REPEATABLE_READ, read_only=True)

    def _write(self, work: Callable[[Connection], T]) -> T:
        level = psycopg.IsolationLevel.SERIALIZABLE
        for attempt in range(_MOST_TRIES):
            try:
                return self._again_if_lost(work, level, read_only=False)
            except (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected):
                # Each waits another while, so that the same two do not meet again.
                time.sleep(self._random.uniform(0, _FIRST_WAIT_S * 2 ** min(attempt, 6)))
        raise StoreError(
            f"The database was too busy: {_MOST_TRIES} times another change came between.",
            cure="Try again in a moment.",
        )

    def _again_if_lost(
        self, work: Callable[[Connection], T], level: psycopg.IsolationLevel, *, read_only: bool
    ) -> T:
        """A connection that was lost before the commit took its transaction with it."""
        try:
            return self._once(work, level, read_only=read_only)
        except DiskError as error:
            if isinstance(error, UnsureError) and not read_only:
                raise
            self._hang_up()  # the server may have been started anew: the others are lost too
            return self._once(work, level, read_only=read_only)

    def _once(
        self, work: Callable[[Connection], T], level: psycopg.IsolationLevel, *, read_only: bool
    ) -> T:
        with translating(), self._line() as line:
            line.isolation_level = level
            line.read_only = read_only
            result = work(PostgresSession(line, self._types))
            commit(line)
            return result

    @contextmanager
    def _line(self) -> Iterator[_Line]:
        """A connection that nobody else uses meanwhile; what it did not commit is taken back."""
        try:
            line = self._idle.pop()
        except IndexError:
            line = psycopg.connect(self._url, connect_timeout=max(2, int(self._patience_s)))
        try:
            yield line
        finally:
            with contextlib.suppress(psycopg.OperationalError):
                line.rollback()
            if not line.closed:
                self._idle.append(line)

    def _hang_up(self) -> None:
        while self._idle:
            with contextlib.suppress(IndexError):
                self._idle.pop().close()

    def _lay_out(self, work: Callable[[Connection], T]) -> T:
        with translating(), psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute("SELECT pg_advisory_lock(%s)", [_LAYOUT_LOCK])
            with connection.transaction():
                return work(PostgresSession(connection, self._types))


def _check_server(url: str, connections: int) -> None:
    with translating(), psycopg.connect(url, connect_timeout=int(PATIENCE_S)) as connection:
        allowed = _number(connection, "max_connections")
        allowed -= _number(connection, "superuser_reserved_connections")
        encoding = _setting(connection, "server_encoding")
    if connections > allowed:
        raise StoreError(
            f"PostgreSQL allows {allowed} connections; this server would take {connections}.",
            cure="Raise max_connections in postgresql.conf, and restart PostgreSQL.",
        )
    if encoding != "UTF8":
        raise StoreError(
            f"The database keeps text as {encoding}.",
            cure="Make one with: createdb --encoding=UTF8 --template=template0 cellissimo",
        )


def _number(connection: psycopg.Connection[Any], name: str) -> int:
    return int(_setting(connection, name))


def _setting(connection: psycopg.Connection[Any], name: str) -> str:
    row = connection.execute("SELECT CURRENT_SETTING(%s)", [name]).fetchone()
    return str(row[0]) if row else ""
