"""What waits to be sent to one session: bounded, one write at a time, in its order [ROOM-17].

A session that reads too slowly is told of no more edits; once it has read what waits, it gets all
that it missed as one update. Nobody else notices.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Protocol

MOST_WAITING = 256 * 1024
"""Bytes that wait before a session is behind."""

MOST_AT_ALL = 1024 * 1024
"""Bytes of answers that wait before it is closed."""

PATIENCE_S = 30.0
"""So long a session may be behind, in seconds."""

GOODBYE_S = 5.0
"""So long the last frames of a session that ends may take."""

TOO_SLOW = 4408


class Line(Protocol):
    """A socket, as an outbox needs it."""

    def write(self, frame: bytes) -> asyncio.Future[None] | None:
        """Begin to send one frame; gives what is done when it is sent, None if it is already.

        It never fails: a line that is cut takes everything and sends nothing.
        """
        ...

    def close(self, code: int, reason: str) -> None:
        """Say goodbye."""
        ...

    def cut(self) -> None:
        """Hang up without a word."""
        ...


class Outbox:
    """The frames for one session that are not with its socket yet."""

    def __init__(self, line: Line, drained: Callable[[], None]) -> None:
        """``drained`` is called when all that waited is sent, where somebody waits for that."""
        self._line = line
        self._drained = drained
        self._queue: deque[bytes] = deque()
        self._writing: asyncio.Future[None] | None = None
        self._goodbye: tuple[int, str] | None = None
        self._is_cut = False
        self._late: asyncio.TimerHandle | None = None
        self.waiting = 0
        """Bytes that wait, without those that are being sent."""
        self.sent = 0
        """Bytes that were handed to the socket."""
        self.behind: bytes | None = None
        """Where it is behind: the state vector of all that it was told of."""
        self.is_awaited = False
        """Whether somebody waits until all is sent; whoever is told that it is ends it."""

    @property
    def is_full(self) -> bool:
        """Whether nothing more should be put in that can wait."""
        return self.waiting > MOST_WAITING

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits."""
        return self._writing is None and not self._queue

    @property
    def is_open(self) -> bool:
        """Whether anything more will be sent."""
        return self._goodbye is None and not self._is_cut

    # -- putting in ------------------------------------------------------------------------------

    def send(self, frame: bytes) -> None:
        """Put in a frame that has to arrive; who lets too many of them wait is closed."""
        if not self.is_open:
            return
        if self.waiting + len(frame) > MOST_AT_ALL and self._writing is not None:
            self.finish(TOO_SLOW, "reads too slowly")
            return
        self._put(frame)

    def tell(self, frame: bytes, state: bytes) -> bool:
        """Put in a frame of edits; False where the session is behind, and it was left out.

        ``state`` is the state vector of what was told before it.
        """
        if self.behind is not None or not self.is_open:
            return False
        if self._writing is not None and self.waiting + len(frame) > MOST_WAITING:
            self.behind = state
            loop = asyncio.get_running_loop()
            self._late = loop.call_later(PATIENCE_S, self.finish, TOO_SLOW, "reads too slowly")
            return False
        self._put(frame)
        return True

    def offer(self, frame: bytes) -> None:
        """Put in a frame that is worth nothing later: only where nothing waits."""
        if self.is_open and not self._queue and self.behind is None:
            self._put(frame)

    def catch_up(self, frame: bytes) -> None:
        """Put in all that a session missed while it was behind."""
        self.behind = None
        self._forget_late()
        if self.is_open:
            self._put(frame)

    # -- the end ---------------------------------------------------------------------------------

    def finish(self, code: int, reason: str) -> None:
        """Send what waits, say goodbye, and take nothing more."""
        if not self.is_open:
            return
        self._forget_late()
        self._goodbye = (code, reason)
        if code == TOO_SLOW:
            self._drop()
        if self.is_idle or code == TOO_SLOW:
            self._end()
        else:
            self._late = asyncio.get_running_loop().call_later(GOODBYE_S, self.cut)

    def cut(self) -> None:
        """Hang up: nothing that waits is sent any more."""
        if not self._is_cut:
            self._is_cut = True
            self._forget_late()
            self._drop()
            self._line.cut()

    def _end(self) -> None:
        self._is_cut = True
        self._forget_late()
        if self._goodbye is not None:
            self._line.close(*self._goodbye)

    def _drop(self) -> None:
        self._queue.clear()
        self.waiting = 0

    def _forget_late(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    # -- sending ---------------------------------------------------------------------------------

    def _put(self, frame: bytes) -> None:
        self._queue.append(frame)
        self.waiting += len(frame)
        if self._writing is None:
            self._write()

    def _write(self) -> None:
        while self._queue:
            frame = self._queue.popleft()
            self.waiting -= len(frame)
            self.sent += len(frame)
            writing = self._line.write(frame)
            if writing is not None:
                self._writing = writing
                writing.add_done_callback(self._written)
                return

    def _written(self, _: asyncio.Future[None]) -> None:
        self._writing = None
        if self._is_cut:
            return
        self._write()
        if self._writing is None:
            if self._goodbye is not None:
                self._end()
            elif self.behind is not None or self.is_awaited:
                self._drained()
