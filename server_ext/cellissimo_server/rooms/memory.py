"""The documents in memory: each is loaded once, one at a time is at it, and idle ones leave."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from cellissimo.schema.models import Song
from cellissimo_server.errors import GoneError, NotFoundError
from cellissimo_server.rooms.keeping import Keeper
from cellissimo_server.rooms.opened import Opened
from cellissimo_server.rooms.taking import Made
from cellissimo_server.store.database import Connection, Database
from cellissimo_server.store.errors import ClosedError, DamagedError, StoreError
from cellissimo_server.store.journal import Journal

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Said:
    """What a document says at a revision, whose last author wrote ``at`` ms UTC.

    ``former`` is what it said before: only what the author has added may be lent by them.
    """

    doc: str
    former: Song
    song: Song
    seq: int
    author: str
    at: int


Prepare = Callable[[Sequence[Said]], Callable[[Connection], frozenset[str]]]
"""From what documents say, what writes their rows; that gives those that are gone for good."""

Heard = Callable[[Opened, Sequence[Made]], None]
"""Told of the entries of a document in their order, each once, when they are durable; the document
says what they lead to, and nothing that is not durable."""

MOST_OPEN = 64
"""Documents that stay in memory when nobody uses them."""

IDLE_MS = 10 * 60_000
"""After so long without use, a document leaves memory."""

INDEX_S = 1.0
"""So long the rows may say less than a document that is played in, in seconds [ROOM-3]."""

INDEX_SLICE = 8
"""Documents whose rows are written together: edits that come meanwhile wait for that."""

INDEX_RESTS = 3.0
"""Between two slices, the store is left to edits for so many times as long as one took."""

_LOG = logging.getLogger("cellissimo.rooms")


@dataclass(slots=True)
class _Door:
    """The lock of a document outlives its being open, so that two never load it at once."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0


@dataclass(slots=True)
class _Listener:
    """A room: it has been told of everything up to revision ``told``."""

    heard: Heard
    told: int


class Memory:
    """Which documents are in memory, who is at them, and who hears of their edits."""

    def __init__(
        self,
        database: Database,
        journal: Journal,
        clock: Callable[[], int],
        prepare: Prepare,
        changed: Callable[[], None],
        *,
        is_shared: bool,
    ) -> None:
        """Nothing is open at first."""
        self._database = database
        self._clock = clock
        self._prepare = prepare
        self._changed = changed
        self._is_shared = is_shared
        self._keeper = Keeper(database, journal, clock)
        self._open: OrderedDict[str, Opened] = OrderedDict()
        self._doors: dict[str, _Door] = {}
        self._listeners: dict[str, _Listener] = {}
        self._watchers: list[Heard] = []
        self._due: dict[str, float] = {}
        self._lost: dict[str, int] = {}
        self._is_indexing = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = asyncio.Event()

    # -- coming to a document --------------------------------------------------------------------

    async def _inside(
        self, doc: str, run: Callable[[Opened], Coroutine[Any, Any, T]], *, compare: bool = True
    ) -> T:
        """Run something while nobody else has the document.

        ``compare``: with what other servers wrote, first; who writes finds it out in any case.
        """
        async with self._door(doc):
            return await run(await self._opened(doc, compare=compare))

    @contextlib.asynccontextmanager
    async def _door(self, doc: str) -> Any:  # noqa: ANN401 - a context
        door = self._doors.setdefault(doc, _Door())
        door.users += 1
        try:
            async with door.lock:
                yield
        finally:
            door.users -= 1
            if not door.users:
                self._doors.pop(doc, None)
            self._forget_idle()

    async def _opened(self, doc: str, *, compare: bool) -> Opened:
        if self._closing.is_set():
            raise ClosedError
        held = self._open.get(doc)
        if held is None or (compare and self._is_shared and await self._keeper.is_overtaken(held)):
            held = await self._caught_up(doc, held)
        self._open[doc] = held
        self._open.move_to_end(doc)
        held.used_at = self._clock()
        return held

    async def _caught_up(self, doc: str, held: Opened | None) -> Opened:
        """The document as the journal has it; who listens is told of what they have not heard."""
        if held is not None:
            try:
                self._tell(held, await self._keeper.caught_up(held))
            except GoneError:
                held = None
        if held is None:
            self._open.pop(doc, None)
            held = await self._keeper.opened(doc)
            held.indexed = min(held.indexed, self._lost.pop(doc, held.indexed))
            listener = self._listeners.get(doc)
            if listener is not None and listener.told < held.seq:
                missed = await self._keeper.since(doc, listener.told)
                self._tell(held, list(map(Made, missed)))
        return held

    # -- who hears of edits ----------------------------------------------------------------------

    async def listen(self, doc: str, heard: Heard) -> Opened:
        """The open document; from now on ``heard`` is told of every edit, and it stays in memory.

        Raises:
            NotFoundError: there is no such document.
        """

        async def begin(held: Opened) -> Opened:
            self._listeners[doc] = _Listener(heard, held.seq)
            return held

        return await self._inside(doc, begin)

    async def let_go(self, doc: str) -> None:
        """Nobody listens any more: keep what was worked on, and let it leave memory."""
        self._listeners.pop(doc, None)
        async with self._door(doc):
            held = self._open.pop(doc, None)
            if held is not None:
                await self._left(held)

    def watch(self, heard: Heard) -> None:
        """Tell ``heard`` of the edits of all documents, beside whoever listens to one."""
        self._watchers.append(heard)

    def is_listened_to(self, doc: str) -> bool:
        """Whether somebody hears of the edits of a document."""
        return doc in self._listeners

    def _tell(self, held: Opened, made: Sequence[Made]) -> None:
        listener = self._listeners.get(held.doc)
        if listener is not None and made:
            listener.told = made[-1].entry.seq
            listener.heard(held, made)
        for watcher in self._watchers if made else ():
            watcher(held, made)

    async def look_around(self) -> None:
        """Tell who listens of what other servers wrote on the same database."""
        if not self._is_shared or not self._listeners:
            return
        for doc, seq in (await self._keeper.last_seqs(list(self._listeners))).items():
            listener = self._listeners.get(doc)
            if listener is not None and listener.told < seq:
                await self._inside(doc, _nothing)

    # -- leaving memory --------------------------------------------------------------------------

    def _forget_idle(self) -> None:
        """Let go of what nobody uses: beyond the most that are kept, and unused for long."""
        old = self._clock() - IDLE_MS
        spare = len(self._open) - len(self._listeners) - MOST_OPEN
        for doc in list(self._open):
            held = self._open[doc]
            if spare <= 0 and held.used_at >= old:
                break  # the rest was used later
            if doc not in self._doors and doc not in self._listeners:
                self._begin(self._left(self._open.pop(doc)))
                spare -= 1

    async def _left(self, held: Opened) -> None:
        """Keep what is to be kept of a document that leaves memory."""
        await self._write_index([(held, _said(held))])
        await (self._keeper.after_work(held) or _done())

    def _begin(self, work: Coroutine[Any, Any, None] | None) -> None:
        if work is not None:
            task = asyncio.get_running_loop().create_task(work)
            self._tasks.add(task)
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _LOG.error("a checkpoint, version or index was not written: %s", error)

    def forget(self, doc: str) -> None:
        """Let go of a document that was deleted for good; nothing more is kept of it."""
        self._open.pop(doc, None)
        self._lost.pop(doc, None)

    def lose(self, held: Opened) -> None:
        """Let go of a document that says what may not be durable; it is loaded anew.

        Its rows follow what turns out to be kept of it [ROOM-15].
        """
        self._open.pop(held.doc, None)
        self._lost[held.doc] = held.indexed
        self._index_soon(held)

    # -- the index -------------------------------------------------------------------------------

    def _index_soon(self, held: Opened) -> None:
        """Write the rows of a document a little later, once for all edits until then."""
        self._due.setdefault(held.doc, asyncio.get_running_loop().time() + INDEX_S)
        if not self._is_indexing:
            self._is_indexing = True
            self._begin(self._index_due())

    async def _index_due(self) -> None:
        """Write the rows of a few documents at a time, and leave the store to edits between."""
        loop = asyncio.get_running_loop()
        try:
            while self._due:
                await self._rest(next(iter(self._due.values())) - loop.time())
                began, is_last = loop.time(), self._closing.is_set()
                docs = [doc for doc, at in self._due.items() if at <= began or is_last]
                await self._index_slice(docs[:INDEX_SLICE])
                await self._rest((loop.time() - began) * INDEX_RESTS)
        finally:
            self._is_indexing = False

    async def _index_slice(self, docs: Sequence[str]) -> None:
        """Write the rows of these; where one of them fails, each by itself."""
        try:
            await self._index_now(docs)
        except StoreError as error:
            _LOG.error("the rows of a document stay behind for now: %s", error)
        except Exception:  # noqa: BLE001 - it keeps no other document's rows back
            if len(docs) > 1:
                for doc in docs:
                    await self._index_slice([doc])
                return
            _LOG.exception("the rows of a document stay behind until it is edited again")
            self._due.pop(docs[0], None)
            return
        for doc in docs:
            self._due.pop(doc, None)
            self._due_again(doc)

    def _due_again(self, doc: str) -> None:
        held = self._open.get(doc)
        is_behind = doc in self._lost or (held is not None and held.indexed < held.seq)
        if is_behind and not self._closing.is_set():
            self._due[doc] = asyncio.get_running_loop().time() + INDEX_S

    async def _rest(self, seconds: float) -> None:
        """Wait, unless everything closes."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(0.0, seconds)):
                await self._closing.wait()

    async def _index_now(self, docs: Sequence[str]) -> None:
        behind = []
        for doc in docs:
            async with self._door(doc):
                held = await self._found_again(doc)
                if held is not None:  # of the others they were written when they left
                    behind.append((held, _said(held)))
        await self._write_index(behind)

    async def _found_again(self, doc: str) -> Opened | None:
        """The document where it is open, or was lost; None where it is gone or torn, or closed."""
        if doc in self._lost and not self._closing.is_set():
            try:
                return await self._opened(doc, compare=False)
            except NotFoundError:
                self._lost.pop(doc)
            except DamagedError as error:  # whoever opens it is told, too
                _LOG.error("the rows of a document stay behind: %s %s", error, error.cure)
                self._lost.pop(doc)
        return self._open.get(doc)

    async def _write_index(self, documents: Sequence[tuple[Opened, Said]]) -> None:
        behind = [(held, said) for held, said in documents if held.indexed < said.seq]
        if not behind:
            return
        write = await asyncio.to_thread(self._prepare, [said for _, said in behind])
        gone = await self._database.write(write)
        for held, said in behind:
            if held.doc not in gone:
                held.indexed = max(held.indexed, said.seq)
        self._changed()

    # -- the end ---------------------------------------------------------------------------------

    async def settled(self) -> None:
        """Come back when checkpoints, versions and rows that were begun are written."""
        while self._tasks:
            await asyncio.wait(list(self._tasks))

    async def close(self) -> None:
        """Let every edit that was begun end, then keep a checkpoint of what was worked on."""
        self._closing.set()
        for door in list(self._doors.values()):
            async with door.lock:
                pass
        await self.settled()
        for doc in list(self._open):
            self._begin(self._left(self._open.pop(doc)))
        await self.settled()

    @property
    def open_count(self) -> int:
        """How many documents are in memory."""
        return len(self._open)


def _said(held: Opened) -> Said:
    song = held.document.revision
    return Said(held.doc, song, song, held.seq, held.last_author, held.last_at)


async def _nothing(_: Opened) -> None:
    """Coming in was all."""


async def _done() -> None:
    """There was nothing to keep."""
