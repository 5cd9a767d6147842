"""The journal: every document's updates in their order, durable before anybody is told of them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Protocol

from cellissimo_server.store import checkpoints, journal_rows
from cellissimo_server.store.appending import Appender
from cellissimo_server.store.checkpoints import Checkpoint
from cellissimo_server.store.database import Connection, Database
from cellissimo_server.store.errors import DamagedError, gone
from cellissimo_server.store.journal_rows import Entry, Reading

__all__ = ["Checkpoint", "DatabaseJournal", "Entry", "Journal"]

_LOG = logging.getLogger("cellissimo.store")


class Journal(Protocol):
    """The updates of every document, numbered from 1 without a gap."""

    async def append(self, doc: str, entries: Sequence[Entry]) -> None:
        """Come back when the entries are on disk.

        Cancelled, they may be written all the same.

        Raises:
            ConflictError: another server has written a revision of that number.
            StoreError: they are not written.
        """
        ...

    async def since(self, doc: str, seq: int) -> list[Entry]:
        """Everything after revision ``seq``.

        Raises:
            GoneError: some of it is kept in a checkpoint alone.
            DamagedError: a row in the middle does not read; the message says what to do.
        """
        ...

    async def last_seq(self, doc: str) -> int:
        """The newest revision, 0 where there is no such document."""
        ...

    async def history(self, doc: str, before: int | None, limit: int) -> list[Entry]:
        """At most ``limit`` entries before revision ``before``, the newest first."""
        ...

    async def checkpoint(self, doc: str, seq: int, content: bytes, at: int) -> None:
        """Keep the whole document as it is at ``seq``, once it was read back and compared.

        Raises:
            DamagedError: what came back says something else; nothing is kept.
        """
        ...

    async def latest_checkpoint(self, doc: str, before: int | None = None) -> Checkpoint | None:
        """The newest checkpoint, or the newest at or before revision ``before``."""
        ...

    async def retain(self, doc: str, keep_ms: int, now: int) -> int:
        """Let old entries go that a checkpoint covers; gives how many went.

        What is younger than ``keep_ms`` stays, and what a named version needs.
        """
        ...


class DatabaseJournal:
    """The journal in a database's tables."""

    def __init__(self, database: Database, clock: Callable[[], int]) -> None:
        """``clock`` gives milliseconds since 1970 UTC; it dates rows that are put aside."""
        self._database = database
        self._clock = clock
        self._appender = Appender(database)
        self._checker = ThreadPoolExecutor(1, thread_name_prefix="cellissimo-checker")
        """One thread, for what a thread has freed is kept by the C library for that thread."""

    async def append(self, doc: str, entries: Sequence[Entry]) -> None:
        """Come back when the entries are on disk, committed with whatever else waits."""
        if entries:
            await self._appender.append(doc, entries)

    async def since(self, doc: str, seq: int) -> list[Entry]:
        """Everything after revision ``seq``; a damaged end is put aside, and said loudly."""
        reading = await self._database.read(partial(_since, doc=doc, seq=seq))
        if reading.damaged:
            await self._put_aside(doc, reading)
        return reading.entries

    async def last_seq(self, doc: str) -> int:
        """The newest revision, 0 where there is no such document."""
        return await self._database.read(partial(journal_rows.last_seq, doc=doc))

    async def history(self, doc: str, before: int | None, limit: int) -> list[Entry]:
        """At most ``limit`` entries before revision ``before``, the newest first."""
        work = partial(journal_rows.newest, doc=doc, before=before, limit=limit)
        return await self._database.read(work)

    async def checkpoint(self, doc: str, seq: int, content: bytes, at: int) -> None:
        """Keep the whole document as it is at ``seq``, once it was read back and compared."""
        fresh = Checkpoint(doc, seq, at, content)
        if not await self._database.write(partial(checkpoints.insert, checkpoint=fresh)):
            return
        there = await self._database.read(partial(checkpoints.read_back, doc=doc, seq=seq))
        loop = asyncio.get_running_loop()
        fault = await loop.run_in_executor(self._checker, there.found_fault)
        if fault:
            await self._database.write(partial(checkpoints.delete, doc=doc, seq=seq))
            raise DamagedError(
                f"The checkpoint of {doc} at revision {seq} was not kept: {fault}.",
                cure="Nothing is lost, the journal has it all; tell the makers of cellissimo.",
            )
        await self._database.write(partial(checkpoints.verify, doc=doc, seq=seq))

    async def latest_checkpoint(self, doc: str, before: int | None = None) -> Checkpoint | None:
        """The newest checkpoint that reads, or the newest at or before revision ``before``."""
        found, faults = await self._database.read(
            partial(checkpoints.latest, doc=doc, before=before)
        )
        for fault in faults:
            _LOG.error("checkpoint of %s %s; an older one is used", doc, fault)
        return found

    async def retain(self, doc: str, keep_ms: int, now: int) -> int:
        """Let old entries go that a checkpoint covers; gives how many went."""
        return await self._database.write(
            partial(checkpoints.retain, doc=doc, cutoff=now - keep_ms)
        )

    async def close(self) -> None:
        """Wait for what is being written."""
        await self._appender.close()
        self._checker.shutdown(wait=False)

    async def _put_aside(self, doc: str, reading: Reading) -> None:
        first = reading.damaged[0]
        work = partial(journal_rows.put_aside, doc=doc, first=first, now=self._clock())
        count = await self._database.write(work)
        self._appender.forget(doc)
        _LOG.error(
            "the last %d entries of the journal of %s, from revision %d on, did not read; "
            "they were put aside in the table 'damaged', and the document ends before them",
            count, doc, first,
        )  # fmt: skip


def _since(db: Connection, doc: str, seq: int) -> Reading:
    reading = journal_rows.read(db, doc, seq)
    if reading.starts_at != seq + 1:
        covering, _ = checkpoints.latest(db, doc)
        if covering is not None and covering.seq > seq:
            raise gone(doc, seq + 1, covering.seq)
        if reading.starts_at is not None:
            raise journal_rows.damaged(doc, seq + 1, "it is missing")
    return reading
