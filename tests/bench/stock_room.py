"""The room of pycrdt-websocket as it comes, over the websockets package.

``python -m tests.bench.stock_room`` prints its address and serves until its input is closed.
"""

from __future__ import annotations

import asyncio
import sys

import websockets
from pycrdt.websocket import WebsocketServer
from websockets.asyncio.server import ServerConnection, serve


class Line:
    """One client's line, as pycrdt speaks over one."""

    def __init__(self, connection: ServerConnection) -> None:
        """Speak over ``connection``."""
        self._connection = connection
        self.path = connection.request.path.split("?")[0]

    async def send(self, message: bytes) -> None:
        """Send one frame."""
        await self._connection.send(message)

    async def recv(self) -> bytes:
        """The next frame."""
        return await self._connection.recv()

    def __aiter__(self) -> Line:
        """All frames there are."""
        return self

    async def __anext__(self) -> bytes:
        """The next frame, until the line is closed."""
        try:
            return await self.recv()
        except websockets.ConnectionClosed:
            raise StopAsyncIteration from None


async def main() -> None:
    """Serve until standard input is closed."""
    async with WebsocketServer() as rooms:
        await rooms.get_room("/room")  # two who open it in one tick would wait for ever

        async def come(connection: ServerConnection) -> None:
            await rooms.serve(Line(connection))

        async with serve(come, "127.0.0.1", 0, compression=None) as server:
            port = server.sockets[0].getsockname()[1]
            sys.stdout.write(f"ws://127.0.0.1:{port}/\n")
            sys.stdout.flush()
            await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
