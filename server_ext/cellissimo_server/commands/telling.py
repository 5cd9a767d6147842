"""Telling those in a room what is done there: as soon as somebody pauses, and not edit by edit.

Edits themselves are heard at once; this is for those who want to read who did what [ROOM-54].
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cellissimo.crdt.activity import events_of
from cellissimo.crdt.mirror import Change
from cellissimo_server.commands.activity import happening, people_of
from cellissimo_server.commands.announcing import announce
from cellissimo_server.rooms.activity import Deed
from cellissimo_server.rooms.opened import Opened
from cellissimo_server.rooms.taking import Made
from cellissimo_server.store.errors import StoreError

if TYPE_CHECKING:
    from cellissimo_server.services import Services

PAUSE_S = 2.0
"""Somebody who does nothing for so long has paused, in seconds."""

LONGEST_S = 10.0
"""At the latest after so long it is told what somebody does, in seconds."""

MOST_CHANGES = 20_000
"""Changes that are summed up; who does more at once is told of sooner."""

_LOG = logging.getLogger("cellissimo.commands")


@dataclass(slots=True)
class _Doing:
    """What somebody is doing in a document; times by the loop's clock."""

    held: Opened
    began: float
    at: float = 0.0
    first: int = 0
    last: int = 0
    made_at: int = 0
    changes: list[Change] = field(default_factory=list)

    def is_due(self, now: float) -> bool:
        is_much = len(self.changes) > MOST_CHANGES
        return is_much or now - self.at >= PAUSE_S or now - self.began >= LONGEST_S


class Telling:
    """A task that tells rooms of what was done in them."""

    def __init__(self, services: Services) -> None:
        """Nothing runs yet; from now on edits are heard of."""
        self._services = services
        self._doing: dict[tuple[str, str], _Doing] = {}
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        services.documents.watch(self._heard)

    def start(self) -> None:
        """Begin."""
        self._task = asyncio.create_task(self._run(), name="cellissimo-telling")

    async def stop(self) -> None:
        """End; what was not told yet stands in the journal."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def _heard(self, held: Opened, made: Sequence[Made]) -> None:
        if self._services.rooms.of(held.doc) is None:
            return
        now = asyncio.get_running_loop().time()
        for one in made:
            if one.changes:
                key = (held.doc, one.entry.author)
                doing = self._doing.setdefault(key, _Doing(held, now, first=one.entry.seq))
                doing.held, doing.at = held, now
                doing.last, doing.made_at = one.entry.seq, one.entry.at
                doing.changes.extend(one.changes)
        self._woken.set()

    async def _run(self) -> None:
        while True:
            await self._woken.wait()
            while self._doing:
                await asyncio.sleep(PAUSE_S / 4)
                try:
                    await self._tell_due(asyncio.get_running_loop().time())
                except StoreError as error:
                    _LOG.error("who did something could not be looked up: %s", error)
            self._woken.clear()

    async def _tell_due(self, now: float) -> None:
        due = [key for key, doing in self._doing.items() if doing.is_due(now)]
        told = {key: self._doing.pop(key) for key in due}
        people = await people_of(self._services, {author for _, author in told}) if told else {}
        for (doc, author), doing in told.items():
            events = events_of(doing.changes, doing.held.document.revision)
            times = (doing.made_at, doing.made_at)
            deed = Deed(doing.first, doing.last, author, "", *times, tuple(events))
            news = happening(deed, people).to_json()
            if events:
                announce(self._services, doc, {"kind": "activity", **news})
