"""The rooms of a server: each is opened when somebody comes, and left when nobody is there.

Rights are looked up anew for everybody who is in a room, together, whenever somebody may have
changed them, and once a second [ROOM-21].
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from cellissimo.schema.policy import Action
from cellissimo_server.access.asking import Asked, granted, let_in
from cellissimo_server.access.person import Person
from cellissimo_server.errors import RefusalError, TooManyError, UnavailableError, not_found
from cellissimo_server.rooms.asides import Commanding, NoCommands
from cellissimo_server.rooms.bounds import Bounds
from cellissimo_server.rooms.clock import RoomClock
from cellissimo_server.rooms.documents import Documents
from cellissimo_server.rooms.figures import Meter, Unmetered
from cellissimo_server.rooms.outbox import Line
from cellissimo_server.rooms.place import Place
from cellissimo_server.rooms.refusals import reason_of
from cellissimo_server.rooms.room import Room, State
from cellissimo_server.rooms.seat import RoomPerson, color_of
from cellissimo_server.store.database import Database
from cellissimo_server.store.errors import StoreError

LOOK_EVERY_S = 1.0
"""How often rights are looked up while somebody is in a room, in seconds."""

SPACING_S = 0.25
"""Between two looks, where many things change."""

_PRESENCE_MS = 100
"""A room tells less often of one session: its clocks never reach those after a restart."""

_LOG = logging.getLogger("cellissimo.rooms")


@dataclass(frozen=True, slots=True)
class Seated:
    """A session, and the room that it is in."""

    room: Room
    place: Place


@dataclass(slots=True)
class _Held:
    """A room, whether it is loaded, and the task that drives it."""

    room: Room
    loaded: asyncio.Future[None]
    driving: asyncio.Task[None]


class Rooms:
    """Every room of the server."""

    def __init__(
        self,
        documents: Documents,
        database: Database,
        now: Callable[[], int],
        *,
        most_sessions: int,
    ) -> None:
        """Nobody is anywhere. ``now`` gives ms UTC."""
        self.clock = RoomClock()
        self._documents = documents
        self._database = database
        self._now = now
        self._began = now()
        self.commanding: Commanding = NoCommands()
        """Does what sessions command."""
        self.meter: Meter = Unmetered()
        """Counts for all rooms together."""
        self._most = most_sessions
        self._bounds = Bounds()
        self._rooms: dict[str, _Held] = {}
        self._nudged = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None
        self._is_closed = False

    # -- coming in -------------------------------------------------------------------------------

    async def join(self, asked: Asked, line: Line, via: str = "other") -> Seated:
        """Let somebody into the room of a piece, which is opened if nobody is there yet.

        Raises:
            NotFoundError: there is no such piece, or the right to be there is gone.
            TooManyError: as many are there as a room holds.
            StoreError: its document could not be loaded.
            UnavailableError: the server stops.
        """
        rights, person = await self._database.read(partial(let_in, asked=asked, now=self._now()))
        if person is None or Action.READ not in rights.may:
            raise not_found("room")
        room = await self._ready(asked.piece_id)
        if len(room.places) >= self._most:
            raise TooManyError(
                f"{self._most} sessions are in this room.",
                cure="Come again when somebody has left.",
                retry_after_s=10,
            )
        place = room.join(_shown(person), asked, person, line)
        place.seat.via = via
        room.grant(place, rights)
        self._look_after()
        self.recheck()  # it may have changed while the document was loaded
        return Seated(room, place)

    async def _ready(self, piece: str) -> Room:
        """The room of a piece; two who come in one tick come into one room [ROOM-13]."""
        while True:
            if self._is_closed:
                raise UnavailableError("The server is stopping.", cure="Come again in a moment.")
            held = self._rooms.get(piece) or self._open(piece)
            await asyncio.shield(held.loaded)
            if held.room.state is State.READY:
                return held.room
            await asyncio.wait([held.driving])

    def _open(self, piece: str) -> _Held:
        loop = asyncio.get_running_loop()
        first_clock = (self._began + int(self.clock())) // _PRESENCE_MS  # it never goes back
        room = Room(
            piece,
            self._documents,
            self.clock,
            self.commanding,
            first_clock,
            self.meter,
            self._bounds,
        )
        loaded: asyncio.Future[None] = loop.create_future()
        loaded.add_done_callback(lambda done: done.cancelled() or done.exception())
        driving = loop.create_task(self._drive(room, loaded), name="cellissimo-room")
        held = self._rooms[piece] = _Held(room, loaded, driving)
        return held

    async def _drive(self, room: Room, loaded: asyncio.Future[None]) -> None:
        """The life of one room, from its loading to its end."""
        code, reason = 4500, "the room failed"
        try:
            try:
                await room.load()
            except BaseException as error:
                loaded.set_exception(error)
                raise
            loaded.set_result(None)
            await room.serve()
            code, reason = 1012, "the room closes"
        except RefusalError as error:
            reason = reason_of(error)
            _LOG.error("a room was closed: %s", error)
        except Exception:  # noqa: BLE001 - everybody in the room is told
            _LOG.exception("a room failed")
        finally:
            await self._end(room, code, reason)

    async def _end(self, room: Room, code: int, reason: str) -> None:
        try:
            await room.close(code, reason)
        except StoreError as error:
            _LOG.error("a room was left without a version: %s", error)
        finally:
            self._rooms.pop(room.piece, None)

    # -- what rooms are told from outside --------------------------------------------------------

    def news(self, piece: str, news: Mapping[str, Any], action: Action = Action.READ) -> None:
        """Tell those in the room of a piece who may do ``action`` there, where there is a room."""
        room = self.of(piece)
        if room is not None:
            room.news(news, action)

    def of(self, piece: str) -> Room | None:
        """The room of a piece, where it is open."""
        held = self._rooms.get(piece)
        return held.room if held is not None and held.room.state is State.READY else None

    async def left(self, piece: str) -> None:
        """Come back when nobody is in the room of a piece any more, and all of it is kept."""
        held = self._rooms.get(piece)
        if held is not None:
            await asyncio.wait([held.driving])

    def __iter__(self) -> Iterator[Room]:
        """The rooms that are open."""
        return iter([held.room for held in self._rooms.values()])

    # -- rights ----------------------------------------------------------------------------------

    def recheck(self) -> None:
        """Somebody may have gained or lost a right: look it up for all who are here."""
        self._nudged.set()

    def _look_after(self) -> None:
        if self._looking is None or self._looking.done():
            loop = asyncio.get_running_loop()
            self._looking = loop.create_task(self._look(), name="cellissimo-rights")

    async def _look(self) -> None:
        """Look up rights, and what other servers wrote, while anybody is in a room."""
        while any(room.places for room in self) and not self._is_closed:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY_S):
                    await self._nudged.wait()
            self._nudged.clear()
            try:
                await self._look_up()
                await self._documents.look_around()
            except StoreError as error:
                _LOG.error("rights in rooms could not be looked up: %s", error)
            except Exception:  # noqa: BLE001 - it has to be tried again: rights end
                _LOG.exception("rights in rooms could not be looked up")
            await asyncio.sleep(SPACING_S)

    async def _look_up(self) -> None:
        everybody = [(room, place) for room in self for place in room.places.values()]
        asked = [place.asked for _, place in everybody]
        now = self._now()
        rights = await self._database.read(partial(granted, asked=asked, now=now))
        for (room, place), found in zip(everybody, rights, strict=True):
            if not place.is_over:
                room.grant(place, found)
                place.came_again(now)

    # -- the end ---------------------------------------------------------------------------------

    async def close(self) -> None:
        """Take nothing more, keep all that has come, and say goodbye to everybody [ROOM-23]."""
        self._is_closed = True
        self._nudged.set()
        tasks = [held.driving for held in self._rooms.values()]
        if self._looking is not None:
            tasks.append(self._looking)
        for room in self:
            room.drain()
        if tasks:
            await asyncio.wait(tasks)


def _shown(person: Person) -> RoomPerson:
    kind = "guest" if person.kind == "guest" else "user"
    return RoomPerson(person.id, person.display_name, color_of(person.id), kind)
