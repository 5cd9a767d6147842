"""What is said on other servers of the same database, told in the rooms of this one [ROOM-56]."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING

from cellissimo_server.commands.chat import announce_line, announce_removed, line_shown
from cellissimo_server.commands.comments import announce_thread
from cellissimo_server.commands.room_people import room_people
from cellissimo_server.commands.shown_comments import threads_shown
from cellissimo_server.errors import RefusalError
from cellissimo_server.store import comments, messages
from cellissimo_server.store.comments import Comment
from cellissimo_server.store.database import Connection
from cellissimo_server.store.messages import Message
from cellissimo_server.store.opening import is_server

if TYPE_CHECKING:
    from cellissimo.schema.rest.said import ChatLine
    from cellissimo_server.services import Services

LOOK_EVERY_S = 1.0
"""How often it is looked for, in seconds, while somebody is in a room."""

MARGIN_MS = 10_000
"""So far the clocks of servers may be apart, and a write may be under way."""

_LOG = logging.getLogger("cellissimo.commands")


class Overhearing:
    """A task that looks for lines and comments that other servers took."""

    def __init__(self, services: Services) -> None:
        """Nothing runs yet; where this is the only server, nothing ever does."""
        self._services = services
        self._is_alone = not is_server(services.settings.database_url)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin."""
        if not self._is_alone:
            self._task = asyncio.create_task(self._run(), name="cellissimo-overhearing")

    async def stop(self) -> None:
        """End."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            try:
                await self.look()
            except RefusalError as error:
                _LOG.error("what other servers' people say was not read: %s", error)

    async def look(self) -> None:
        """Tell the rooms of this server what was said elsewhere since the last look."""
        rooms = [room.piece for room in self._services.rooms]
        if not rooms:
            return
        since = self._services.clock() - MARGIN_MS
        lines, threads = await self._services.database.read(
            lambda db: (_lines(db, rooms, since), comments.touched_since(db, rooms, since))
        )
        for row, line in lines:
            if row.removed_at is None:
                announce_line(self._services, row.piece_id, line, again=False)
            else:
                announce_removed(self._services, row.piece_id, row.id, again=False)
        for thread in threads:
            await self._tell_thread(thread)

    async def _tell_thread(self, first: Comment) -> None:
        services = self._services
        song = (await services.documents.revision(first.piece_id)).value
        (thread,) = await services.database.read(lambda db: threads_shown(db, song, [first]))
        announce_thread(services, first.piece_id, thread, again=False)


def _lines(db: Connection, rooms: list[str], since: int) -> list[tuple[Message, ChatLine]]:
    rows = messages.touched_since(db, rooms, since)
    people = room_people(db, (row.author_id for row in rows))
    return [(row, line_shown(row, people)) for row in rows]
