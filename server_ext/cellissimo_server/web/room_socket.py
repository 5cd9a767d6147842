"""The websocket of a room: from tornado's socket to the room's frames and back (crdt/WIRE.md)."""

from __future__ import annotations

import asyncio
import time

from tornado.iostream import StreamClosedError

from cellissimo.crdt import wire
from cellissimo.crdt.lib0 import WireError
from cellissimo.crdt.wire import Kind
from cellissimo_server.access.bursts import Bursts
from cellissimo_server.errors import RefusalError, TooManyError, UnauthenticatedError
from cellissimo_server.rooms.refusals import reason_of
from cellissimo_server.rooms.registry import Seated
from cellissimo_server.services import Services
from cellissimo_server.web.handler import SETTINGS_KEY
from cellissimo_server.web.routes import Route
from cellissimo_server.web.socket import Socket, message, shortened, written

_BURST_S = 10
_READERS_PART = 8
"""Whoever may edit nothing sends so many times less: looking at bytes takes time of everybody's."""


class RoomSocket(Socket):
    """One session of a room; a ticket lets it in."""

    seated: Seated | None = None
    _has_greeted = False

    @property
    def services(self) -> Services:
        """What the server works with."""
        found: Services = self.settings[SETTINGS_KEY]
        return found

    async def open(self, piece_id: str) -> None:
        """Come in with the ticket, or be told why not."""
        self.set_nodelay(True)
        self.show_pace()
        settings = self.services.settings
        self._bursts = Bursts(settings.room_frames_per_s, settings.room_bytes_per_s, _BURST_S)
        try:
            ticket = await self.services.tickets.redeem(
                self.get_query_argument("ticket", ""), piece_id
            )
            self.seated = await self.services.rooms.join(ticket.asked, SocketLine(self), ticket.via)
            self.seated.place.pay = self._pays
        except RefusalError as error:
            self.close(_code(error), shortened(reason_of(error)))

    def on_message(self, message: str | bytes) -> asyncio.Future[None] | None:
        """Hand a frame to the room; nothing more is read until there is room for it."""
        if self.seated is None:
            return None
        room, place = self.seated.room, self.seated.place
        if place.is_over:
            return None
        size = len(message) * (1 if place.may_edit else _READERS_PART)
        if not self._bursts.spend(size, time.monotonic()):
            room.refuse(place, 4429, "too many frames")
            return None
        try:
            word = self._read(message)
        except WireError as error:
            room.refuse(place, error.close, str(error))
            return None
        if isinstance(word, wire.Probe):
            place.seat.send(wire.Time(word.number, self.services.rooms.clock()).pack())
            return None
        return room.receive(place, word, len(message))

    def _pays(self, size: int) -> bool:
        """Whether so many bytes more may be answered."""
        return self._bursts.spend(size, time.monotonic())

    def _read(self, message: str | bytes) -> wire.FromClient:
        """The frame of a message; what a plain client cannot say needs a HELLO before [WIRE-3]."""
        if isinstance(message, str):
            raise WireError("a frame is binary")
        word = wire.read_client(message)
        if word.kind is Kind.HELLO:
            self._has_greeted = True
        elif word.kind > Kind.HELLO and not self._has_greeted:
            raise WireError(f"a frame of kind {word.kind} came before HELLO")
        return word

    def on_close(self) -> None:
        """The line is gone."""
        if self.seated is not None:
            self.seated.room.leave(self.seated.place)
            self.seated = None


class SocketLine:
    """A websocket as an outbox writes to it."""

    def __init__(self, socket: RoomSocket) -> None:
        """``socket`` is open."""
        self._socket = socket

    def write(self, frame: bytes) -> asyncio.Future[None] | None:
        """Begin to send a frame: one is told to hundreds, so each costs one call of the socket."""
        connection = self._socket.ws_connection
        if connection is None or connection.stream is None or connection.is_closing():
            return None
        try:
            return written(connection.stream, message(frame))
        except StreamClosedError:
            return None

    def taken(self) -> int:
        """Bytes that the stream has handed on, of what waited in it."""
        connection = self._socket.ws_connection
        stream = connection.stream if connection is not None else None
        return 0 if stream is None else stream._total_write_done_index  # noqa: SLF001

    def close(self, code: int, reason: str) -> None:
        """Say goodbye."""
        self._socket.close(code, shortened(reason))

    def cut(self) -> None:
        """Hang up."""
        connection = self._socket.ws_connection
        if connection is not None:
            connection._abort()  # noqa: SLF001 - as when a ping fails


def _code(error: RefusalError) -> int:
    if isinstance(error, UnauthenticatedError):
        return 4401
    if isinstance(error, TooManyError):
        return 4429
    return {404: 4404, 503: 1012}.get(error.status, 4500)


ROUTES = [Route("rooms/{piece_id}", RoomSocket, is_page=True)]
