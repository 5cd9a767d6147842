"""Appending to the journal: the first at once, and whatever comes meanwhile together."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from cellissimo_server.errors import ConflictError
from cellissimo_server.store import journal_rows
from cellissimo_server.store.database import Connection, Database
from cellissimo_server.store.errors import ClosedError, ExistsError
from cellissimo_server.store.journal_rows import Entry

_MOST_REMEMBERED = 4096
"""Documents whose end is known without asking the database."""

ByDoc = dict[str, list[Entry]]


@dataclass(frozen=True, slots=True)
class _Waiting:
    doc: str
    entries: Sequence[Entry]
    done: asyncio.Future[None]


class Appender:
    """Collects entries of all documents while a commit runs; the next one takes them all."""

    def __init__(self, database: Database) -> None:
        """Nothing waits at first."""
        self._database = database
        self._waiting: list[_Waiting] = []
        self._ends: OrderedDict[str, int] = OrderedDict()
        self._task: asyncio.Task[None] | None = None
        self._is_closed = False

    async def append(self, doc: str, entries: Sequence[Entry]) -> None:
        """Come back when the entries are on disk.

        Raises:
            ConflictError: they do not follow the newest revision, or wait behind such.
        """
        if self._is_closed:
            raise ClosedError
        waiting = _Waiting(doc, entries, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if self._task is None:
            self._task = asyncio.create_task(self._work_off())
        await waiting.done

    def forget(self, doc: str) -> None:
        """Ask the database for a document's end the next time."""
        self._ends.pop(doc, None)

    async def close(self) -> None:
        """Wait until everything that waits is written."""
        self._is_closed = True
        if self._task is not None:
            await self._task

    async def _work_off(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                await self._write(batch)
        finally:
            self._task = None

    async def _write(self, batch: list[_Waiting]) -> None:
        by_doc: ByDoc = {}
        for waiting in batch:
            by_doc.setdefault(waiting.doc, []).extend(waiting.entries)
        ends = {doc: self._ends[doc] for doc in by_doc if doc in self._ends}
        try:
            await self._database.write(partial(_append, by_doc=by_doc, ends=ends))
        except (ConflictError, ExistsError) as error:
            await self._find_conflict(batch, by_doc, error)
        except BaseException as error:
            self._fail(batch, error)
            if isinstance(error, asyncio.CancelledError):
                raise
        else:
            self._succeed(batch, by_doc)

    async def _find_conflict(
        self, batch: list[_Waiting], by_doc: ByDoc, error: ConflictError
    ) -> None:
        """Another server wrote to one of these documents: the others go on."""
        if len(by_doc) > 1:
            for doc in by_doc:
                await self._write([waiting for waiting in batch if waiting.doc == doc])
            return
        first = batch[0]
        taken = isinstance(error, ExistsError)
        self._fail(batch, _conflict(first.doc, first.entries[0].seq) if taken else error)

    def _succeed(self, batch: list[_Waiting], by_doc: ByDoc) -> None:
        for doc, entries in by_doc.items():
            self._ends[doc] = entries[-1].seq
            self._ends.move_to_end(doc)
        while len(self._ends) > _MOST_REMEMBERED:
            self._ends.popitem(last=False)
        for waiting in batch:
            if not waiting.done.done():
                waiting.done.set_result(None)

    def _fail(self, batch: list[_Waiting], error: BaseException) -> None:
        """What waits behind a failed entry fails with it: it would leave a gap."""
        docs = {waiting.doc for waiting in batch}
        behind = [waiting for waiting in self._waiting if waiting.doc in docs]
        self._waiting = [waiting for waiting in self._waiting if waiting.doc not in docs]
        for doc in docs:
            self.forget(doc)
        for waiting in batch + behind:
            if not waiting.done.done():
                waiting.done.set_exception(error)


def _append(db: Connection, by_doc: ByDoc, ends: Mapping[str, int]) -> None:
    for doc, entries in by_doc.items():
        first = entries[0].seq
        end = ends.get(doc)
        if end != first - 1:
            end = journal_rows.last_seq(db, doc)
        if [entry.seq for entry in entries] != list(range(end + 1, end + 1 + len(entries))):
            raise _conflict(doc, first)
    journal_rows.append_all(db, by_doc)


def _conflict(doc: str, seq: int) -> ConflictError:
    return ConflictError(
        f"Revision {seq} of the document {doc} does not follow the newest one.",
        field="seq",
        value=seq,
        cure="Load the document anew, then make the change again.",
    )
