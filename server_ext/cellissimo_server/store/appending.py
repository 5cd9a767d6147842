"""Appending to the journal: the first at once, and whatever comes meanwhile together."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from cellissimo_server.errors import ConflictError
from cellissimo_server.store import journal_rows
from cellissimo_server.store.database import Database
from cellissimo_server.store.errors import ClosedError, ExistsError
from cellissimo_server.store.journal_rows import Entry

_MOST_REMEMBERED = 4096
"""Documents whose end is known without asking the database."""


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
            ConflictError: they do not follow the newest revision.
        """
        if self._is_closed:
            raise ClosedError
        if doc not in self._ends or entries[0].seq != self._ends[doc] + 1:
            self._remember(doc, await self._database.read(partial(journal_rows.last_seq, doc=doc)))
        self._check_follows(doc, entries)
        waiting = _Waiting(doc, entries, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        self._remember(doc, entries[-1].seq)
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

    def _remember(self, doc: str, end: int) -> None:
        self._ends[doc] = end
        self._ends.move_to_end(doc)
        while len(self._ends) > _MOST_REMEMBERED:
            self._ends.popitem(last=False)

    def _check_follows(self, doc: str, entries: Sequence[Entry]) -> None:
        end = self._ends[doc]
        if [entry.seq for entry in entries] != list(range(end + 1, end + 1 + len(entries))):
            raise _conflict(doc, entries[0].seq, end)

    async def _work_off(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                await self._write(batch)
        finally:
            self._task = None

    async def _write(self, batch: list[_Waiting]) -> None:
        by_doc: dict[str, list[Entry]] = {}
        for waiting in batch:
            by_doc.setdefault(waiting.doc, []).extend(waiting.entries)
        try:
            await self._database.write(partial(journal_rows.append_all, by_doc=by_doc))
        except ExistsError as error:
            await self._find_conflict(batch, by_doc, error)
        except BaseException as error:
            self._fail(batch, error)
            if isinstance(error, asyncio.CancelledError):
                raise
        else:
            _succeed(batch)

    async def _find_conflict(
        self, batch: list[_Waiting], by_doc: dict[str, list[Entry]], error: ExistsError
    ) -> None:
        """Another server wrote to one of these documents: the others go on."""
        if len(by_doc) == 1:
            first = batch[0]
            self._fail(batch, _conflict(first.doc, first.entries[0].seq, None, error))
            return
        for doc in by_doc:
            await self._write([waiting for waiting in batch if waiting.doc == doc])

    def _fail(self, batch: list[_Waiting], error: BaseException) -> None:
        for waiting in batch:
            self.forget(waiting.doc)
            if not waiting.done.done():
                waiting.done.set_exception(error)


def _succeed(batch: list[_Waiting]) -> None:
    for waiting in batch:
        if not waiting.done.done():
            waiting.done.set_result(None)


def _conflict(
    doc: str, seq: int, end: int | None, cause: ExistsError | None = None
) -> ConflictError:
    newest = "of another server" if end is None else str(end)
    error = ConflictError(
        f"Revision {seq} of the document {doc} does not follow the newest one, {newest}.",
        field="seq",
        value=seq,
        cure="Load the document anew, then make the change again.",
    )
    error.__cause__ = cause
    return error
