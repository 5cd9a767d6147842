"""The rooms of a second server: it hands the frames of a websocket through to the first."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, WebSocketClosedError, websocket_connect

from cellissimo_server.web.socket import Socket, shortened

if TYPE_CHECKING:
    from cellissimo_server.web.relay import First

HOLDER_KEY = "cellissimo-holder"
"""Where tornado's settings hold who has the files."""

MOST_PASSED = 64_000_000
"""Bytes of a frame from the first server: a whole document."""

_CONNECT_S = 5.0
_AGAIN = 1012


class RelaySocket(Socket):
    """One websocket of a room; its ticket is one of the first server's."""

    _beyond: WebSocketClientConnection | None = None
    _passing: asyncio.Task[None] | None = None

    async def open(self, *_: str) -> None:
        """Reach the first server, or say to come again."""
        self.set_nodelay(True)
        first: First = self.settings[HOLDER_KEY]
        base = first.holder.url.replace("http", "ws", 1)
        path = (self.request.uri or "").removeprefix(self.base_url)
        request = HTTPRequest(base + path, connect_timeout=_CONNECT_S)
        try:
            self._beyond = await websocket_connect(request, max_message_size=MOST_PASSED)
        except Exception as error:  # noqa: BLE001 - whatever it is, the client comes again
            self.log.warning("the room of the first server was not reached: %s", type(error))
            self.close(_AGAIN, "the server that holds the files does not answer")
            return
        self._passing = asyncio.create_task(self._pass_back(self._beyond), name="cellissimo-relay")

    async def _pass_back(self, beyond: WebSocketClientConnection) -> None:
        """What the room says, frame by frame: no more is read than the client takes."""
        while (frame := await beyond.read_message()) is not None:
            try:
                await self.write_message(frame, binary=isinstance(frame, bytes))
            except WebSocketClosedError:
                beyond.close()
                return
        code = beyond.close_code if beyond.close_code != 1006 else _AGAIN
        self.close(code or _AGAIN, shortened(beyond.close_reason or ""))

    async def on_message(self, message: str | bytes) -> None:
        """What the client says; the next is read when this is on its way."""
        if self._beyond is not None:
            try:
                await self._beyond.write_message(message, binary=isinstance(message, bytes))
            except WebSocketClosedError:
                self.close(_AGAIN, "the server that holds the files is gone")

    def on_close(self) -> None:
        """The client is gone."""
        if self._beyond is not None:
            self._beyond.close()
