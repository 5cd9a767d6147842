"""What happens to somebody, told while they listen: notifications, and how their jobs go.

Notifications are rows; whoever listens is told of new ones. Within a server a change nudges, so
that they are told at once; what another server wrote on the same database is found by looking
every few seconds.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from cellissimo_server.commands.notifications import shown
from cellissimo_server.store import notifications
from cellissimo_server.store.database import Connection, Database
from cellissimo_server.store.errors import StoreError

LOOK_EVERY_S = 3.0
"""How often it is looked for what other servers wrote, in seconds, while somebody listens."""

_RECENT = 50
"""Notifications that are looked at for each listener, and told of at most at a time."""

_KEPT = 100
"""Events that wait for a slow listener; then the oldest are dropped."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event: its kind, its id where it has one, and its JSON."""

    kind: str
    id: str | None
    json: dict[str, object]


@dataclass(slots=True, eq=False)
class Listener:
    """Somebody who listens."""

    user_id: str
    seen: set[str]
    queue: asyncio.Queue[Event | None] = field(default_factory=lambda: asyncio.Queue(_KEPT))

    def tell(self, event: Event | None) -> None:
        """Let them have an event, or None: it is over."""
        if self.queue.full():
            self.queue.get_nowait()
        self.queue.put_nowait(event)


class Events:
    """Everybody who listens, and the one task that looks for news while anybody does."""

    def __init__(self, database: Database) -> None:
        """Nobody listens at first."""
        self._database = database
        self._listeners: set[Listener] = set()
        self._nudged = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None
        self._is_closed = False

    @property
    def listeners(self) -> int:
        """How many listen."""
        return len(self._listeners)

    def nudge(self) -> None:
        """Something changed that somebody may have been told of."""
        self._nudged.set()

    def tell(self, user_id: str, event: Event) -> None:
        """Let somebody have an event at once, wherever they listen to this server."""
        for listener in self._listeners:
            if listener.user_id == user_id:
                listener.tell(event)

    @contextlib.asynccontextmanager
    async def listening(self, user_id: str, after: str | None = None) -> AsyncIterator[Listener]:
        """A listener for what happens to somebody from now on, or after the event ``after``."""
        listener = Listener(user_id, await self._seen_before(user_id, after))
        self._listeners.add(listener)
        if self._is_closed:
            listener.tell(None)
        elif self._looking is None:
            self._looking = asyncio.create_task(self._look(), name="cellissimo-events")
        self.nudge()
        try:
            yield listener
        finally:
            self._listeners.discard(listener)
            self.nudge()

    async def close(self) -> None:
        """Tell everybody that it is over, and stop looking."""
        self._is_closed = True
        for listener in self._listeners:
            listener.tell(None)
        if self._looking is not None:
            self._looking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._looking
            self._looking = None

    async def _seen_before(self, user_id: str, after: str | None) -> set[str]:
        newest = await self._database.read(lambda db: notifications.newest(db, user_id, _RECENT))
        ids = [one.id for one in newest]
        return set(ids[ids.index(after) :] if after in ids else ids)

    async def _look(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY_S):
                    await self._nudged.wait()
            self._nudged.clear()
            if self._listeners:
                await self._tell_or_end(list(self._listeners))
            else:
                await self._nudged.wait()

    async def _tell_or_end(self, listeners: list[Listener]) -> None:
        try:
            await self._tell_all(listeners)
        except StoreError:
            for listener in listeners:
                listener.tell(None)  # they come again when there is something to look at

    async def _tell_all(self, listeners: list[Listener]) -> None:
        work = _news({one.user_id for one in listeners})
        found = await self._database.read(work)
        for listener in listeners:
            for event in found.get(listener.user_id, ()):
                if event.id is not None and event.id not in listener.seen:
                    listener.seen.add(event.id)
                    listener.tell(event)


def _news(user_ids: set[str]) -> Callable[[Connection], dict[str, list[Event]]]:
    def work(db: Connection) -> dict[str, list[Event]]:
        return {user_id: _of_user(db, user_id) for user_id in user_ids}

    return work


def _of_user(db: Connection, user_id: str) -> list[Event]:
    newest = notifications.newest(db, user_id, _RECENT)
    told = shown(db, newest[::-1])
    return [Event("notification", one.id, one.to_json()) for one in told]
