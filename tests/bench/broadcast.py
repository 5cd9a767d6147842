"""A room that does nothing but pass frames on: the least that any room can cost.

``python -m tests.bench.broadcast`` prints its address and serves until its input is closed.
"""

from __future__ import annotations

import asyncio
import sys
from collections import defaultdict
from typing import ClassVar

from tornado import httpserver, netutil, web, websocket


class Passing(websocket.WebSocketHandler):
    """Passes each frame on to all others of its room."""

    rooms: ClassVar[dict[str, set[Passing]]] = defaultdict(set)

    def open(self, room: str) -> None:
        """Come in."""
        self.set_nodelay(True)
        self.room = room
        self.rooms[room].add(self)

    def on_message(self, message: str | bytes) -> None:
        """Pass it on."""
        for other in self.rooms[self.room]:
            if other is not self:
                other.write_message(message, binary=True)

    def on_close(self) -> None:
        """Go."""
        self.rooms[self.room].discard(self)


async def main() -> None:
    """Serve until standard input is closed."""
    server = httpserver.HTTPServer(web.Application([(r"/(.*)", Passing)]))
    sockets = netutil.bind_sockets(0, "127.0.0.1")
    server.add_sockets(sockets)
    sys.stdout.write(f"ws://127.0.0.1:{sockets[0].getsockname()[1]}/\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
