"""A database that sleeps until somebody reads or writes, so that an idle server holds none."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextvars import Context, ContextVar
from typing import TypeVar

from cellissimo_server.store.database import Connection, Database
from cellissimo_server.store.errors import ClosedError

T = TypeVar("T")
Deed = Callable[[], Awaitable[object]]

_IS_WAKING: ContextVar[bool] = ContextVar("is_waking", default=False)
"""Whether the running task is one that is done while a database wakes."""


class Sleeping:
    """Another database, opened by whoever comes first; they wait, and those who come meanwhile.

    What fails is said to all of them, and tried again for the next one.
    """

    def __init__(self, opening: Callable[[], Awaitable[Database]]) -> None:
        """``opening`` gives the database, ready for use."""
        self._opening = opening
        self._database: Database | None = None
        self._deeds: deque[Deed] = deque()
        self._waking: asyncio.Task[None] | None = None
        self._is_closed = False

    @property
    def is_open(self) -> bool:
        """Whether it was opened, whatever is still to be done before others use it."""
        return self._database is not None

    @property
    def is_awake(self) -> bool:
        """Whether it is open, and all is done that waited for that."""
        return self._database is not None and not self._deeds

    def at_waking(self, deed: Deed) -> None:
        """Have something done once it is open, after what was said before, and before any use."""
        self._deeds.append(deed)

    async def open(self) -> None:
        """Open it, and leave the rest to the first who uses it; also in another loop.

        Raises:
            StoreError: it cannot be used; the message says what to do.
        """
        if self._database is None:
            self._database = await self._opening()

    async def wake(self) -> Database:
        """The database, once it is open and all is done that waited for that."""
        if self._is_closed:
            raise ClosedError
        while self._database is None or (self._deeds and not _IS_WAKING.get()):
            if self._waking is None:
                waking = self._wake()
                self._waking = asyncio.create_task(
                    waking, name="cellissimo-waking", context=Context()
                )
            await asyncio.shield(self._waking)
        return self._database

    async def _wake(self) -> None:
        _IS_WAKING.set(True)
        try:
            await self.open()
            while self._deeds:
                await self._deeds[0]()
                self._deeds.popleft()
        finally:
            self._waking = None

    async def read(self, work: Callable[[Connection], T]) -> T:
        """What ``work`` gives, from one consistent state."""
        return await (await self.wake()).read(work)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """What ``work`` gives, once all it changed is on disk."""
        return await (await self.wake()).write(work)

    async def rest(self) -> None:
        """Wait until it either sleeps or is awake; one that sleeps is woken no more."""
        while self._waking is not None:
            await asyncio.wait({self._waking})
        self._is_closed = self._is_closed or not self.is_awake

    async def close(self) -> None:
        """Finish what was begun and let go of the files; one that sleeps is not woken for it."""
        await self.rest()
        self._is_closed = True
        if self._database is not None:
            await self._database.close()
