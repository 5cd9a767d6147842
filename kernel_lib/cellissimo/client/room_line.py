"""The websocket of a kernel to a room: held for as long as anything comes, however slowly."""

from __future__ import annotations

import asyncio

from websockets.asyncio.client import ClientConnection

SILENT_S = 45.0
"""So long a line may be silent before it is given up; rooms ask every 20 seconds who is there."""

LOOK_S = 5.0
"""How often it is looked at, in seconds."""


class RoomLine(ClientConnection):
    """A connection that is alive while bytes come.

    Asking and waiting for the answer would not do: behind a large document on a slow line it comes
    too late, and the document would never arrive.
    """

    _heard = 0.0
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The line is there."""
        super().connection_made(transport)
        self._heard = self.loop.time()
        self._look()

    def data_received(self, data: bytes) -> None:
        """Some bytes have come."""
        self._heard = self.loop.time()
        super().data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """The line is gone."""
        if self._timer is not None:
            self._timer.cancel()
        super().connection_lost(exc)

    def _look(self) -> None:
        if self.loop.time() - self._heard > SILENT_S:
            self.transport.abort()
        else:
            self._timer = self.loop.call_later(LOOK_S, self._look)
