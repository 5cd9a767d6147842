"""What waits to be sent to one session: bounded, one write at a time, in its order [ROOM-17].

A session that reads too slowly is told of no more edits; once it has read what waits, it gets all
that it missed as one update. Nobody else notices.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Protocol

from cellissimo_server.rooms.bounds import Bound

MOST_WAITING = 256 * 1024
"""Bytes that wait before a session is behind."""

MOST_AT_ALL = 1024 * 1024
"""Bytes of what has to arrive that wait before it is closed, beside documents it has asked for."""

PATIENCE_S = 30.0
"""So long a session may be behind without reading, in seconds."""

LEAST_READ = 64 * 1024
"""Bytes that a session reads meanwhile which reads slowly; with less it does not read."""

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

    def taken(self) -> int:
        """How many bytes the other end has taken, of those that could not be sent at once."""
        ...

    def close(self, code: int, reason: str) -> None:
        """Say goodbye."""
        ...

    def cut(self) -> None:
        """Hang up without a word."""
        ...


class Outbox:
    """The frames for one session that are not with its socket yet."""

    def __init__(self, line: Line, drained: Callable[[], None], bound: Bound) -> None:
        """``drained`` is called when all that waited is sent, where somebody waits for that.

        ``bound``: of what waits for all sessions together.
        """
        self._line = line
        self._drained = drained
        self._share = bound.share(self._too_slow)
        self._queue: deque[bytes] = deque()
        self._answers: deque[bytes] = deque()
        self._writing: asyncio.Future[None] | None = None
        self._sending = 0
        self._taken = 0
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
    def total(self) -> int:
        """Bytes that were put in, and not dropped."""
        return self.sent + self.waiting

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
        answers = sum(map(len, self._answers))
        if self.waiting - answers + len(frame) > MOST_AT_ALL and self._writing is not None:
            self._too_slow()
            return
        self._put(frame)

    def answer(self, frame: bytes) -> None:
        """Put in a document that was asked for; whoever reads slowly reads it slowly."""
        if self.is_open:
            self._answers.append(frame)
            self._put(frame)

    def tell(self, frame: bytes, state: bytes) -> bool:
        """Put in a frame of edits; False where the session is behind, and it was left out.

        ``state`` is the state vector of what was told before it.
        """
        if self.behind is not None or not self.is_open:
            return False
        if self._writing is not None and self.waiting + len(frame) > MOST_WAITING:
            self.behind = state
            self._wait_for_it()
            return False
        self._put(frame)
        return True

    def _wait_for_it(self) -> None:
        """Be patient with who is behind, for as long as they read."""
        self._taken = self._line.taken()
        self._late = asyncio.get_running_loop().call_later(PATIENCE_S, self._look_again)

    def _look_again(self) -> None:
        if self._line.taken() - self._taken >= LEAST_READ:
            self._wait_for_it()
        else:
            self._too_slow()

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

    def _too_slow(self) -> None:
        self.finish(TOO_SLOW, "reads too slowly")

    def cut(self) -> None:
        """Hang up: nothing that waits is sent any more."""
        if not self._is_cut:
            self._is_cut = True
            self._forget_late()
            self._drop()
            self._share.end()
            self._line.cut()

    def _end(self) -> None:
        self._is_cut = True
        self._share.end()
        self._forget_late()
        if self._goodbye is not None:
            self._line.close(*self._goodbye)

    def _drop(self) -> None:
        self._queue.clear()
        self._answers.clear()
        self.waiting = 0

    def _forget_late(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    # -- sending ---------------------------------------------------------------------------------

    def _put(self, frame: bytes) -> None:
        if self._writing is None:  # nothing waits: so it is with nearly all
            self._begin(frame)
            if self._writing is None:
                return
        else:
            self._queue.append(frame)
            self.waiting += len(frame)
        self._count()

    def _count(self) -> None:
        """Say how much waits here, to who bounds the sum."""
        self._share.add(self.waiting + self._sending - self._share.size)

    def _write(self) -> None:
        while self._queue and self._writing is None:
            frame = self._queue.popleft()
            self.waiting -= len(frame)
            self._begin(frame)

    def _begin(self, frame: bytes) -> None:
        if self._answers and frame is self._answers[0]:
            self._answers.popleft()
        self.sent += len(frame)
        writing = self._line.write(frame)
        if writing is not None:
            self._writing, self._sending = writing, len(frame)
            writing.add_done_callback(self._written)

    def _written(self, _: asyncio.Future[None]) -> None:
        self._writing, self._sending = None, 0
        if self._is_cut:
            if self.is_awaited:  # whoever waits for that would wait for ever
                self._drained()
            return
        self._write()
        self._count()
        if self._writing is None:
            if self._goodbye is not None:
                self._end()
            elif self.behind is not None or self.is_awaited:
                self._drained()
