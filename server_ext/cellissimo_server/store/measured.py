"""A database that knows how long its oldest unfinished write has been waiting."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from cellissimo_server.store.database import Connection, Database

T = TypeVar("T")


class Measured:
    """Another database, with a watch beside it."""

    def __init__(self, database: Database, watch: Callable[[], float]) -> None:
        """``watch`` gives seconds that only grow."""
        self._database = database
        self._watch = watch
        self._waiting: dict[object, float] = {}

    @property
    def lag_s(self) -> float:
        """Age in seconds of the oldest write that is not yet on disk; 0 where none waits."""
        oldest = min(self._waiting.values(), default=None)
        return 0.0 if oldest is None else self._watch() - oldest

    async def read(self, work: Callable[[Connection], T]) -> T:
        """What ``work`` gives, from one consistent state."""
        return await self._database.read(work)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """What ``work`` gives, once all it changed is on disk."""
        ticket = object()
        self._waiting[ticket] = self._watch()
        try:
            return await self._database.write(work)
        finally:
            del self._waiting[ticket]

    async def close(self) -> None:
        """Finish what was begun and let go of the files."""
        await self._database.close()
