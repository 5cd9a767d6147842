"""A websocket of ours: who comes in is asked by what it does, its frames are small and many."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import Any

from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.base.websocket import WebSocketMixin
from tornado.iostream import IOStream
from tornado.websocket import WebSocketHandler, WebSocketProtocol, WebSocketProtocol13

MOST_READ = 8_000_000
"""Bytes of a frame that are read at all; what is larger than the wire allows is told so."""

PING_S = 20.0
"""How often a silent line is asked whether it is still there, in seconds."""

_LONGEST_REASON = 120

_LOCAL = getattr(socket, "AF_UNIX", None)

_BINARY = 0x82
"""One binary message that ends with this frame."""

_AT_ONCE = 1 << 17
"""Bytes for one call of a socket: Windows takes no more."""


LEAST_TAKEN = 64 * 1024
"""Bytes that a line takes between two questions which is there, however slow it is."""


_UNSENT = 1 << 17
"""Bytes that the system holds of a line beside those on their way; more would hide how slow it is,
and whatever is behind them, a question or a goodbye, would wait for seconds."""


class PatientProtocol(WebSocketProtocol13):
    """Asks nothing of a line that is busy with a large frame: the answer would come too late."""

    _taken = 0

    def write_ping(self, data: bytes) -> None:
        """Ask whether the line is still there, unless it shows that it is."""
        stream = self.stream
        taken, self._taken = self._taken, stream._total_write_done_index  # noqa: SLF001
        if stream.writing() and self._taken - taken >= LEAST_TAKEN:
            self._received_pong = True
        else:
            super().write_ping(data)


class Socket(WebSocketMixin, WebSocketHandler, JupyterHandler):
    """A websocket below the server's own address; pages of other sites are kept out."""

    @property
    def max_message_size(self) -> int:
        """Bytes of a frame that are read."""
        return MOST_READ

    @property
    def ping_interval(self) -> float:
        """Seconds between two questions whether the line is still there."""
        return PING_S

    @property
    def ping_timeout(self) -> float:
        """Seconds until a line that does not answer is cut."""
        return PING_S

    def show_pace(self) -> None:
        """Let the system take no more than the line does, where it can."""
        stream = self.ws_connection.stream if self.ws_connection is not None else None
        option = getattr(socket, "TCP_NOTSENT_LOWAT", None)
        if stream is None or stream.closed() or option is None:
            return
        if stream.socket.family != _LOCAL:
            stream.socket.setsockopt(socket.IPPROTO_TCP, option, _UNSENT)

    def get_websocket_protocol(self) -> WebSocketProtocol | None:
        """How frames travel; None where a client speaks another version."""
        found = super().get_websocket_protocol()
        if isinstance(found, WebSocketProtocol13):
            return PatientProtocol(self, mask_outgoing=False, params=found.params)
        return found

    def get_compression_options(self) -> None:
        """Frames are small: nothing is compressed."""

    @allow_unauthenticated  # a ticket says who it is
    async def get(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - tornado's
        """Open the websocket."""
        await super().get(*args, **kwargs)


def shortened(reason: str) -> str:
    """As much of a reason as a closing frame holds."""
    return reason.encode()[:_LONGEST_REASON].decode(errors="ignore")


def message(content: bytes) -> bytes:
    """A binary message as a server sends it. Source: RFC 6455, 5.2."""
    size = len(content)
    if size < 126:
        return bytes((_BINARY, size)) + content
    if size < 1 << 16:
        return struct.pack("!BBH", _BINARY, 126, size) + content
    return struct.pack("!BBQ", _BINARY, 127, size) + content


def written(stream: IOStream, data: bytes) -> asyncio.Future[None] | None:
    """What is done when all bytes are sent; None if they are already.

    Where nothing waits before them they go straight to the socket: tornado's own way costs twice
    as much, for the future that it makes of each.

    Raises:
        StreamClosedError: the line is gone.
    """
    if not stream.writing():
        try:
            sent = stream.write_to_fd(memoryview(data)[:_AT_ONCE])
        except OSError:  # it is full, or broken: the stream finds out which
            sent = 0
        if sent == len(data):
            return None
        data = data[sent:]
    waiting: asyncio.Future[None] = stream.write(data)
    return None if waiting.done() else waiting
