"""A peer of a room on a thread of its own: edits and what comes pass through queues.

A document belongs to its thread, and the thread of a kernel is often busy. So this thread has the
websocket and a replica of its own; the two exchange bytes, and neither waits for the other unless
asked to. Needs websockets: ``pip install 'cellissimo[client]'``.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import random
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from cellissimo.client.errors import NoServerError, ServerError, TooManyError, UnavailableError
from cellissimo.client.room_door import Door
from cellissimo.client.room_session import Coming, RoomSession
from cellissimo.client.room_values import Event, Pointer, RoomView, Submission, Told
from cellissimo.crdt import wire
from cellissimo.crdt.document import DocumentError
from cellissimo.crdt.wire import MOST_ROOM, WireError

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection

TICK_S = 0.5
"""How often a peer looks at the clock."""

HELD_UP_S = 1.0
"""After so long a recording is sent again that a disk or the server did not give or take."""

END_S = 5.0
"""How long the end of a process waits for edits that are on their way."""

_UNSENT = 4500
"""With which code a line ends here that cannot be spoken on."""

_PEERS: WeakSet[RoomPeer] = WeakSet()


class RoomPeer:
    """A peer that comes in, stays, and comes back after every cut until it is told to leave.

    ``told`` is called, in the peer's thread, when something has come or changed.
    """

    def __init__(self, door: Door, coming: Coming, told: Callable[[], None]) -> None:
        """Start on the way in.

        Raises:
            DocumentError: what one would come in with is no document.
        """
        self._door = door
        self._told = told
        self._coming = coming
        self.view = RoomView(epoch=coming.epoch, seq=coming.seq)
        self.error: ServerError | None = None
        """Why there is no ticket for this person, where that is so."""
        self.events: deque[Event] = deque()
        """What came and is not taken in yet."""
        self._answers: dict[str, Told] = {}
        self._changed = threading.Condition()
        self._begun = threading.Event()
        self._failure: BaseException | None = None
        self._unsent: Exception | None = None
        self._is_ending = self._is_leaving = self._is_resting = self._is_in_haste = False
        self._thread = threading.Thread(target=self._run, name="cellissimo room", daemon=True)
        self._thread.start()
        self._begun.wait()
        self._check_begun()
        _PEERS.add(self)

    def _check_begun(self) -> None:
        if self._failure is not None and not hasattr(self, "_wake"):
            self._thread.join()
            raise self._failure

    # -- for any other thread --------------------------------------------------------------------

    def submit(self, edit: Submission) -> None:
        """Send an edit; it is kept here until the room has it."""
        self._do(lambda: self._session.submit(edit))

    def say(self, **changed: str) -> None:
        """Say something else of oneself: ``place``, ``activity``."""
        self._do(lambda: self._session.say(**changed))

    def point(self, pointer: Pointer | None) -> None:
        """Say where one points."""
        self._do(lambda: self._session.point(pointer))

    def order(self, **order: Any) -> None:  # noqa: ANN401 - any JSON
        """Say what the transport is to do."""
        wire.Said(wire.Kind.TRANSPORT, order).pack()  # what cannot be said is raised here
        self._do(lambda: self._session.order(order))

    def command(self, name: str, body: Told, timeout_s: float) -> Told | None:
        """What the room answers to a command; None where it does not in time."""
        key = str(uuid.uuid4())
        wire.Said(wire.Kind.COMMAND, {"body": body}).pack()  # what cannot be said is raised here
        self._do(lambda: self._session.command(key, name, body))
        self.wait(lambda: key in self._answers or self.view.state == "closed", timeout_s)
        return self._answers.pop(key, None)

    def wait(self, until: Callable[[], bool], timeout_s: float) -> bool:
        """Wait until something is so; False where it is not in time."""
        with self._changed:
            return self._changed.wait_for(until, timeout_s)

    def rest(self) -> None:
        """Cut the line, and come back when told to."""
        self._is_resting = True
        self._do(lambda: None)

    def retry(self) -> None:
        """Try to come in again now, without a pause."""
        self._is_resting = False
        self._is_in_haste = True
        self._do(lambda: None)

    def leave(self, timeout_s: float = END_S) -> None:
        """Go, once edits that are on their way have arrived, and wait until that is done.

        Nothing where one has left already; edits that do not arrive in time are not waited for.
        """
        if not self._is_ending:
            self._until = time.monotonic() + min(timeout_s or END_S, END_S)
        self._is_ending = True
        self._do(self._go)  # behind all edits
        if timeout_s and self._thread is not threading.current_thread():
            self._thread.join(timeout_s + 1)

    def _go(self) -> None:
        self._is_leaving = True

    def _do(self, act: Callable[[], object]) -> None:
        def acted() -> None:
            act()
            self._wake.set()

        with contextlib.suppress(RuntimeError):  # the thread has ended: nothing goes out any more
            self._loop.call_soon_threadsafe(acted)

    # -- the thread ------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            asyncio.run(self._live())
        except BaseException as error:
            self._failure = error
            if not self._begun.is_set():
                return  # whoever has started this thread waits, and raises it
            with self._changed:  # whoever waits is told, and nobody takes it for a room
                reason = f"this kernel's line to the room broke down ({error})"
                self.view = replace(self.view, state="closed", reason=reason)
                self._changed.notify_all()
            is_over = isinstance(error, RuntimeError) and self._is_ending
            if not is_over:  # else the process is ending, and takes no new work
                raise
        finally:
            self._begun.set()

    async def _live(self) -> None:
        rng = random.Random()  # noqa: S311 - for pauses, and for the id of a presence
        self._session = RoomSession(self._coming, rng)  # its replica belongs to this thread
        self._loop, self._wake = asyncio.get_running_loop(), asyncio.Event()
        self._begun.set()
        async with contextlib.aclosing(self._door):
            while not self._is_leaving:
                if self._is_resting:
                    await self._asleep()
                    continue
                await self._one_line()
                pause = self._session.pause
                if pause is None:
                    break
                await self._paused(pause)
        reason = "this kernel has left the room" if self._is_leaving else self.view.reason
        self._session.left(reason, time.monotonic())
        self._publish()

    async def _asleep(self) -> None:
        """Wait until one is told to come back, or to leave."""
        while self._is_resting and not self._is_leaving:
            self._session.rest(time.monotonic())
            self._publish()
            await self._wake.wait()
            self._wake.clear()

    async def _paused(self, seconds: float) -> None:
        """Wait; edits that are made meanwhile do not shorten it."""
        self._is_in_haste = False
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            await self._woken(left)
            self._session.tick(time.monotonic())
            self._publish()
            if self._is_leaving or self._is_resting or self._is_in_haste:
                return

    async def _woken(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        self._wake.clear()

    async def _one_line(self) -> None:
        from websockets.exceptions import WebSocketException  # noqa: PLC0415 - an extra

        try:
            async with await self._door.line(MOST_ROOM) as self._line:
                await self._talk(self._line)
        except (NoServerError, UnavailableError, TooManyError) as error:
            self._session.lost(str(error), time.monotonic())
        except ServerError as error:
            self.error = error
            self._session.left(str(error), time.monotonic())
        except (OSError, WebSocketException, TimeoutError) as error:
            why = f"the server does not answer ({type(error).__name__})"
            self._session.lost(why, time.monotonic())
        self._publish()

    async def _talk(self, line: ClientConnection) -> None:
        from websockets.exceptions import ConnectionClosed  # noqa: PLC0415 - an extra

        self._session.opened(time.monotonic())
        speaking = asyncio.create_task(self._speak_on(line))
        code, reason = 1006, ""
        try:
            async for data in line:
                self._session.received(data, time.monotonic())  # type: ignore[arg-type]
                self._publish()
                self._wake.set()
        except ConnectionClosed:
            pass
        except (WireError, DocumentError, TypeError) as error:
            reason = str(error)
        finally:
            speaking.cancel()
            await asyncio.gather(speaking, return_exceptions=True)
        code, reason = line.close_code or code, line.close_reason or reason
        if self._unsent is not None:
            code, reason = _UNSENT, f"this kernel could not send what waits ({self._unsent!r})"
        self._session.closed(code, reason, time.monotonic())

    async def _speak_on(self, line: ClientConnection) -> None:
        """Speak; where that fails the line is cut, so that one comes back, and says why."""
        from websockets.exceptions import ConnectionClosed  # noqa: PLC0415 - an extra

        self._unsent = None
        try:
            await self._speak(line)
        except ConnectionClosed:
            pass
        except Exception as error:  # noqa: BLE001 - it is told in the view, and tried again
            self._unsent = error
            await line.close()

    async def _speak(self, line: ClientConnection) -> None:
        """Send what there is to be sent, as it comes, and say goodbye at the end."""
        while True:
            self._session.tick(time.monotonic())
            self._publish()
            needed = self._session.needed
            if needed and not await self._delivered(needed):
                await line.close()
                return
            for frame in self._session.outgoing():
                await line.send(frame)
            if self._is_resting or self._may_go():
                await line.close()
                return
            if not self._session.needed:
                await self._woken(TICK_S)

    def _may_go(self) -> bool:
        if not self._is_leaving:
            return False
        return not self._session.unsaved or time.monotonic() > self._until

    async def _delivered(self, names: frozenset[str]) -> bool:
        """Put recordings there, now or at the next try; False where there is no server."""
        try:
            self._session.there |= await self._door.deliver(names)
        except NoServerError:
            return False
        except (OSError, UnavailableError, TooManyError):
            await asyncio.sleep(HELD_UP_S)
        return True

    def _publish(self) -> None:
        """Let the other threads see what is so now."""
        view, events, answers = self._session.view, self._session.events(), self._session.answers()
        if view == self.view and not events and not answers:
            return
        with self._changed:
            self.events.extend(events)
            self._answers.update(answers)
            self.view = view
            self._changed.notify_all()
        self._told()


@atexit.register
def leave_all() -> None:
    """Leave all rooms at the end of the process: at once, but for edits on their way."""
    peers = list(_PEERS)
    for peer in peers:
        peer.leave(0)
    for peer in peers:
        peer.leave()
