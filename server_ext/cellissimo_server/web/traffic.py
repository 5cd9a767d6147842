"""Requests that are under way, so that a stopping server finishes them before it lets go."""

from __future__ import annotations

import asyncio

from cellissimo_server.errors import UnavailableError

RETRY_AFTER_S = 5
"""When to come again to a server that is stopping, in seconds."""


class Stopping(UnavailableError):  # noqa: N818 - what the server is doing, not a fault
    """The server takes no new requests any more."""

    retry_after_s = RETRY_AFTER_S

    def __init__(self) -> None:
        """There is nothing to say but that."""
        super().__init__("The server is stopping.", cure=f"Try again in {RETRY_AFTER_S} s.")


class Traffic:
    """Counts requests in and out, and lets nobody in once it drains."""

    def __init__(self) -> None:
        """Open, with nobody inside."""
        self._inside = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self.is_draining = False

    @property
    def inside(self) -> int:
        """How many requests are under way."""
        return self._inside

    def enter(self) -> None:
        """One request more.

        Raises:
            Stopping: the server drains.
        """
        if self.is_draining:
            raise Stopping
        self._inside += 1
        self._idle.clear()

    def leave(self) -> None:
        """That request is answered."""
        self._inside -= 1
        if self._inside == 0:
            self._idle.set()

    def close(self) -> None:
        """Let nobody in any more."""
        self.is_draining = True

    async def drained(self, timeout_s: float) -> bool:
        """Wait until nobody is inside; False where that takes longer than ``timeout_s``."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._idle.wait()
        except TimeoutError:
            return False
        return True
