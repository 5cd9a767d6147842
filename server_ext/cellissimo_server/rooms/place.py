"""One session in a room: its seat, what waits to be sent to it, and what it has sent."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from cellissimo.crdt.wire import FromClient
from cellissimo.schema.policy import Action
from cellissimo_server.access.asking import REFUSED, Asked, Granted
from cellissimo_server.access.person import Person
from cellissimo_server.rooms.bounds import Share
from cellissimo_server.rooms.outbox import Outbox
from cellissimo_server.rooms.seat import Seat

MOST_FRAMES = 128
"""Frames of one session that wait for their turn; then no more are read."""

READERS_FRAMES = 16
"""The same of a session that may edit nothing: edits of others stand behind these."""

MOST_BYTES = 8_200_000
"""Bytes of them; two of the largest frames."""

_EDITS = frozenset({Action.EDIT_MUSIC, Action.ADD_STEM, Action.DELETE_STEM, Action.LOCK})


@dataclass(frozen=True, slots=True)
class Leave:
    """The session is gone: what stands before this came from it still."""


@dataclass(frozen=True, slots=True)
class CatchUp:
    """The session has read what waited for it, and needs all that it missed."""


Word: TypeAlias = FromClient | Leave | CatchUp


@dataclass(slots=True, eq=False)
class Place:
    """A session; equal to itself alone.

    ``number`` is that of its last edit that was looked at. ``is_busy``: something that it asked
    for is under way, and what it sent after that waits in ``held``. ``is_over``: the room has
    closed it, and takes nothing more.
    """

    seat: Seat
    outbox: Outbox
    asked: Asked
    asker: Person
    granted: Granted = REFUSED
    may: frozenset[Action] = frozenset()
    may_edit: bool = False
    number: int = 0
    received: int = 0
    is_busy: bool = False
    is_over: bool = False
    held: deque[Arrived] = field(default_factory=deque)
    share: Share | None = None
    """What of it waits for its turn counts here, for the sum of all sessions."""
    pay: Callable[[int], bool] = lambda _: True
    """Takes bytes that it asked for out of what its line may move; False where that is used up."""
    has_loaded: bool = False
    _frames: int = 0
    _bytes: int = 0
    _room: asyncio.Future[None] | None = None

    def grant(self, granted: Granted) -> None:
        """From now on they may do this; ``may_edit``: anything of the music is theirs to change."""
        self.granted = granted
        self.seat.standing = granted.standing
        self.may = granted.may
        self.may_edit = not _EDITS.isdisjoint(self.may)

    def came_again(self, now: int) -> None:
        """It is ``now`` (ms UTC) that they ask by their link, and not when they came."""
        link = self.asker.link
        if link is not None:
            self.asker = replace(self.asker, link=replace(link, at=now))

    # -- what waits for its turn -----------------------------------------------------------------

    def came(self, size: int) -> asyncio.Future[None] | None:
        """A frame waits for its turn; gives what is done when there is room for another."""
        self.received += size
        self._frames += 1
        self._bytes += size
        if self.share is not None:
            self.share.add(size)
        if self.is_over or not self._is_full:
            return None
        if self._room is None:
            self._room = asyncio.get_running_loop().create_future()
        return self._room

    def taken(self, size: int) -> None:
        """A frame has had its turn."""
        self._frames -= 1
        self._bytes -= size
        if self.share is not None:
            self.share.add(-size)
        if not self._is_full:
            self._let_read()

    def end(self) -> None:
        """Nothing waits for its turn any more, whatever has come: its line is read to the end."""
        if self.share is not None:
            self.share.end()
        self._let_read()

    def _let_read(self) -> None:
        if self._room is not None and not self._room.done():
            self._room.set_result(None)
        self._room = None

    @property
    def _is_full(self) -> bool:
        most = MOST_FRAMES if self.may_edit else READERS_FRAMES
        return self._frames >= most or self._bytes >= MOST_BYTES


@dataclass(frozen=True, slots=True)
class Arrived:
    """A word of a session, its bytes on the wire, and when it came by the room's clock."""

    place: Place
    word: Word
    size: int
    at: float
