"""What a room does beside its turns, as it takes longer: commands, and telling what one missed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from cellissimo.crdt import wire
from cellissimo.crdt.lib0 import WireError
from cellissimo.crdt.wire import Kind
from cellissimo_server.errors import NotFoundError
from cellissimo_server.rooms.place import Place
from cellissimo_server.store.errors import StoreError

if TYPE_CHECKING:
    from cellissimo_server.rooms.room import Room

_LOG = logging.getLogger("cellissimo.rooms")


class Commanding(Protocol):
    """Does what sessions ask for besides edits."""

    async def command(self, room: Room, place: Place, said: Mapping[str, Any]) -> Mapping[str, Any]:
        """The JSON of the answer to a command, refusals among them [WIRE-16].

        Raises:
            WireError: it is none that could be answered.
        """
        ...

    async def recall(self, room: Room, place: Place, seen: int) -> Mapping[str, Any] | None:
        """The NEWS of what others did since a revision; None where there is none [WIRE-20]."""
        ...


class NoCommands:
    """No commands are known, and nothing is recalled."""

    async def command(self, _: Room, __: Place, said: Mapping[str, Any]) -> Mapping[str, Any]:
        """The answer to a command that the server does not know."""
        error = NotFoundError(
            f"There is no command {said.get('name')!r:.80}.",
            field="name",
            cure="Send one of those that crdt/WIRE.md lists.",
        )
        return {"id": said.get("id"), "error": error.detail}

    async def recall(self, _: Room, __: Place, ___: int) -> None:
        """Nothing."""


class Asides:
    """The tasks that run beside the turns of one room."""

    def __init__(
        self,
        room: Room,
        commanding: Commanding,
        go_on: Callable[[Place], None],
        ended: Callable[[], None],
    ) -> None:
        """``go_on``: what a session has sent behind its command is next; ``ended``: a task is."""
        self._room = room
        self._commanding = commanding
        self._go_on = go_on
        self._ended = ended
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def is_busy(self) -> bool:
        """Whether anything is under way."""
        return bool(self._tasks)

    def command(self, place: Place, said: Mapping[str, Any]) -> None:
        """Do a command; what its sender says next waits for its answer [ROOM-26]."""
        place.is_busy = True
        self._begin(self._command(place, said))

    def recall(self, place: Place, seen: object) -> None:
        """Tell somebody who comes back what others did since the revision that they have seen."""
        if isinstance(seen, int | float) and 0 < seen < self._room.seq:
            self._begin(self._recall(place, int(seen)))

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._ended()

    async def _command(self, place: Place, said: Mapping[str, Any]) -> None:
        try:
            answer = await self._commanding.command(self._room, place, said)
            place.seat.send(wire.Said(Kind.COMMAND, answer).pack())
        except WireError as error:
            self._room.refuse(place, error.close, str(error))
        except Exception:  # noqa: BLE001 - its sender is told, and closed
            _LOG.exception("a command failed")
            self._room.expel(place, 4500, "the command failed")
        finally:
            self._go_on(place)

    async def _recall(self, place: Place, seen: int) -> None:
        try:
            news = await self._commanding.recall(self._room, place, seen)
        except StoreError as error:
            _LOG.error("what somebody missed could not be looked up: %s", error)
            return
        if news is not None:
            place.seat.send(wire.Said(Kind.NEWS, news).pack())
