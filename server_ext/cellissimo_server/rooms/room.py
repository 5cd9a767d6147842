"""A room: who is in one piece, and the one task through which all that they send passes.

rooms/SPEC.md states the rules [ROOM-13 … ROOM-26].
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from cellissimo.crdt import wire
from cellissimo.crdt.lib0 import WireError
from cellissimo.crdt.update_parser import UpdateError, state_of
from cellissimo.crdt.wire import Kind
from cellissimo.schema.policy import Action
from cellissimo_server.access.asking import Asked, Granted
from cellissimo_server.access.person import Person
from cellissimo_server.errors import RefusalError
from cellissimo_server.rooms.asides import Asides, Commanding
from cellissimo_server.rooms.bounds import Bounds
from cellissimo_server.rooms.documents import Documents
from cellissimo_server.rooms.editing import Editing
from cellissimo_server.rooms.ensemble import Ensemble
from cellissimo_server.rooms.figures import Figures, Meter, Unmetered
from cellissimo_server.rooms.opened import Opened
from cellissimo_server.rooms.outbox import Line, Outbox
from cellissimo_server.rooms.place import Arrived, CatchUp, Leave, Place
from cellissimo_server.rooms.refusals import reason_of
from cellissimo_server.rooms.seat import RoomPerson, Seat
from cellissimo_server.rooms.spreading import Kept, Spreading
from cellissimo_server.rooms.taking import Made

EMPTY_S = 10.0
"""After so long without anybody, a room leaves memory, in seconds."""

MOST_AT_ONCE = 256
"""Words of all sessions that are taken together."""

_LOG = logging.getLogger("cellissimo.rooms")
_VIAS = frozenset({"page", "jam", "kernel"})


class State(StrEnum):
    """What a room is doing [ROOM-13]."""

    LOADING = "loading"
    READY = "ready"
    DRAINING = "draining"
    CLOSED = "closed"


class Room:
    """The live session of one piece."""

    def __init__(
        self,
        piece: str,
        documents: Documents,
        clock: Callable[[], float],
        commanding: Commanding,
        first_clock: int = 0,
        meter: Meter | None = None,
        bounds: Bounds | None = None,
    ) -> None:
        """``clock`` is in ms, as ``first_clock`` of the first presence; ``bounds`` of all rooms."""
        self.piece = piece
        self.state = State.LOADING
        self.figures = Figures(meter or Unmetered())
        self.seq = 0
        self.epoch = ""
        self.places: dict[int, Place] = {}
        self._documents = documents
        self._clock = clock
        self._held: Opened
        song, tell_edits = lambda: self._held.document.revision, lambda: self._spreading.flush()  # noqa: PLW0108 - it comes later
        self.ensemble = Ensemble(self.places.values, clock, song, tell_edits, first_clock)
        self._inbox: deque[Arrived] = deque()
        self._editing = Editing(self, documents, clock)
        self._woken = asyncio.Event()
        self._asides = Asides(self, commanding, self._go_on, self._woken.set)
        self._sessions = 0
        self._bounds = bounds or Bounds()

    # -- coming and going ------------------------------------------------------------------------

    def join(self, person: RoomPerson, asked: Asked, asker: Person, line: Line) -> Place:
        """A new session, which is told where the document stands [WIRE-2]."""
        self._sessions += 1
        outbox = Outbox(line, lambda: self._drained(place), self._bounds.sent_out)
        seat = Seat(self._sessions, person, outbox.send, joined=self._clock())
        place = Place(seat, outbox, asked, asker)
        place.share = self._bounds.sent_in.share(lambda: self._flooded(place))
        self.places[seat.session] = place
        self.figures.peak = max(self.figures.peak, len(self.places))
        outbox.send(wire.Sync(wire.STATE, self._spreading.state).pack())
        self.ensemble.join(place)
        return place

    def grant(self, place: Place, granted: Granted) -> None:
        """What somebody may do here is this from now on; without the right to read, nothing."""
        if granted == place.granted:
            return
        place.grant(granted)
        if Action.READ not in place.may:
            self.expel(place, 4404, "the right to be here is gone")
            return
        if place.seat.speaks:
            place.seat.send(self._news({"kind": "standing", **_rights(place)}))
        self.ensemble.changed(place)

    def receive(
        self, place: Place, word: wire.FromClient, size: int
    ) -> asyncio.Future[None] | None:
        """Somebody has sent a frame; gives what to wait for before the next one is read."""
        self.figures.received += size
        if place.is_over or self.state is not State.READY:
            return None
        waiting = place.came(size)
        self._arrive(Arrived(place, word, size, self._clock()))
        return waiting

    def leave(self, place: Place) -> None:
        """The line of a session is gone; what it has sent before still counts."""
        place.outbox.cut()
        self._say(place, Leave())
        if place.outbox.is_awaited:  # nothing will ever be read there
            self._drained(place)

    def expel(self, place: Place, code: int, reason: str) -> None:
        """Close a session, with what waits for it, and take nothing more from it."""
        place.is_over = True
        place.outbox.finish(code, reason)
        self.ensemble.leave(place)

    def refuse(self, place: Place, code: int, reason: str) -> None:
        """Close a session for what it has sent."""
        self.figures.refused(code)
        self.expel(place, code, reason)

    def _flooded(self, place: Place) -> None:
        """More waits here than a server has room for, and most of it is this session's."""
        self.refuse(place, 4429, "too much waits for its turn")
        self._inbox = deque(filter(_is_still_due_of(place), self._inbox))
        place.held = deque(filter(_is_still_due_of(place), place.held))
        place.end()

    def news(self, news: Mapping[str, Any], action: Action = Action.READ) -> None:
        """Tell everybody who may do ``action`` here [WIRE-17]."""
        frame = self._news(news)
        for place in self.places.values():
            if place.seat.speaks and action in place.may:
                place.seat.send(frame)

    def _news(self, news: Mapping[str, Any]) -> bytes:
        return wire.Said(Kind.NEWS, news).pack()

    def _say(self, place: Place, word: Leave | CatchUp) -> None:
        """Something is to be done about a session, behind all that it has sent."""
        place.came(0)
        self._arrive(Arrived(place, word, 0, self._clock()))

    def _arrive(self, arrived: Arrived) -> None:
        self._inbox.append(arrived)
        self._woken.set()

    def _drained(self, place: Place) -> None:
        was_awaited, place.outbox.is_awaited = place.outbox.is_awaited, False
        if place.outbox.behind is not None:
            self._say(place, CatchUp())
        if was_awaited:
            self._go_on(place)

    # -- the one task ----------------------------------------------------------------------------

    async def load(self) -> None:
        """Have the document in memory, and hear of all its edits from now on."""
        held = await self._documents.listen(self.piece, self._heard)
        self._held, self.seq, self.epoch = held, held.seq, held.document.epoch
        self._spreading = Spreading(
            self.places.values, self._clock, self.figures, held.document.state
        )
        if self.state is State.LOADING:
            self.state = State.READY

    async def serve(self) -> None:
        """Take what comes, until nobody has been here for a while or the room is drained."""
        while self._inbox or self._asides.is_busy or self.state is State.READY:
            if self._inbox:
                await self._turn()
            elif not await self._waited() and not self._inbox:
                break
        self.state = State.DRAINING
        self._spreading.flush()

    async def _waited(self) -> bool:
        """Wait until something comes; False where nobody is here and nothing came for long."""
        self._woken.clear()
        try:
            async with asyncio.timeout(None if self.places or self._asides.is_busy else EMPTY_S):
                await self._woken.wait()
        except TimeoutError:
            return bool(self.places)  # somebody may have come, and not said anything yet
        return True

    def drain(self) -> None:
        """Take nothing more than what has come already [ROOM-23]."""
        if self.state is not State.CLOSED:
            self.state = State.DRAINING
        self._woken.set()

    async def close(self, code: int, reason: str) -> None:
        """Say goodbye to everybody, and let the document leave memory."""
        self.state = State.DRAINING
        self.ensemble.close()
        try:
            for place in self.places.values():
                self.expel(place, code, reason)
                place.end()
            await self._documents.let_go(self.piece)
        finally:
            self.state = State.CLOSED
            self.__dict__.pop("_held", None)  # garbage is collected where nobody can free it

    async def _turn(self) -> None:
        """Take what waits: edits together, and whatever else in between, each one's in order."""
        edits: list[Arrived] = []
        authors: set[Place] = set()
        for _ in range(MOST_AT_ONCE):
            if not self._inbox:
                break
            arrived = self._inbox[0]
            if arrived.place.is_busy:
                arrived.place.held.append(self._inbox.popleft())
            elif self._editing.takes(arrived):
                edits.append(self._inbox.popleft())
                authors.add(arrived.place)
            elif arrived.place in authors:
                break  # nobody is answered before what they sent earlier [WIRE-8]
            else:
                self._inbox.popleft()
                arrived.place.taken(arrived.size)
                await self._hear(arrived)
        if edits:
            await self._editing.take(edits)

    async def _hear(self, arrived: Arrived) -> None:
        """Do what somebody says that is no edit."""
        place, word = arrived.place, arrived.word
        if isinstance(word, Leave):
            self._left(place)
        elif not place.is_over:
            try:
                await self._answer(place, word)
            except WireError as error:
                self.refuse(place, error.close, str(error))
            except RefusalError as error:
                _LOG.error("a frame could not be answered: %s", error)
                self.expel(place, 4500, reason_of(error))
            except Exception:  # noqa: BLE001 - its sender is told, and nobody else has to leave
                _LOG.exception("a frame could not be answered")
                self.expel(place, 4500, "the frame could not be answered")

    async def _answer(self, place: Place, word: wire.FromClient | CatchUp) -> None:
        match word:
            case CatchUp():
                await self._catch_up(place)
            case wire.Sync(step=wire.STATE):
                await self._tell_state(place, word)
            case wire.Sync() | wire.Edit():
                self._editing.refuse_unread(place, word)
            case wire.Said(kind=Kind.HELLO):
                self._greet(place, word.said)
            case wire.AskPresence():
                before = place.outbox.total
                self.ensemble.hear(place, word)
                self._charge(place, place.outbox.total - before)
            case wire.Said(kind=Kind.COMMAND):
                self._asides.command(place, word.said)
                self.ensemble.hear(place, word)
            case _:
                self.ensemble.hear(place, word)

    def _left(self, place: Place) -> None:
        place.is_over = True
        self.places.pop(place.seat.session, None)
        place.end()
        self.ensemble.leave(place)

    # -- edits that are durable ------------------------------------------------------------------

    def _heard(self, held: Opened, made: Sequence[Made]) -> None:
        """Edits are durable, whoever made them: everybody else hears of them now."""
        stamp = self._clock()
        self._held, self.seq = held, made[-1].entry.seq
        self.figures.edited(stamp, len(made))
        came = self._editing.came
        self._spreading.add([Kept(one, stamp, came) for one in made], held.document.state)
        self.ensemble.heard(made)

    # -- what a session asks for -----------------------------------------------------------------

    async def _tell_state(self, place: Place, word: wire.Sync) -> None:
        """Send what a replica lacks; who does not read the answers waits for theirs."""
        if not place.outbox.is_open:
            return
        if place.outbox.is_full:
            self._hold(place, word)
            place.outbox.is_awaited = True
            return
        try:
            state_of(word.content)
        except UpdateError as error:
            raise WireError(str(error)) from error

        def tell(held: Opened) -> None:
            self._spreading.flush()  # so that nobody is told of an edit twice
            update = held.document.encode(word.content)
            if place.has_loaded:
                self._charge(place, len(update))
            if not place.is_over:
                place.has_loaded = True
                place.outbox.answer(wire.Sync(wire.ANSWER, update).pack())

        await self._documents.look(self.piece, tell)

    def _charge(self, place: Place, size: int) -> None:
        """Count what a session is answered as if it had sent it [ROOM-18]."""
        if not place.pay(size):
            self.refuse(place, 4429, "asks for too much")

    async def _catch_up(self, place: Place) -> None:
        """All that a session has missed while it was behind, as one update [ROOM-17]."""

        def tell(held: Opened) -> None:
            self._spreading.flush()
            if place.outbox.behind is not None:
                update = held.document.encode(place.outbox.behind)
                self._spreading.missed(update, place, held.seq, self._clock())

        await self._documents.look(self.piece, tell)

    def _greet(self, place: Place, said: Mapping[str, Any]) -> None:
        """Answer HELLO [WIRE-3] [WIRE-4]."""
        if place.seat.speaks or said.get("protocol") != wire.PROTOCOL:
            raise WireError(f"HELLO is said once, for protocol {wire.PROTOCOL}")
        epoch = said.get("epoch")
        if epoch and epoch != self.epoch:
            self.expel(place, 4409, "the document is of another history")
            return
        via = said.get("via")
        place.seat.via = via if isinstance(via, str) and via in _VIAS else place.seat.via
        self._spreading.flush()
        transport = self.ensemble.greet(place)
        place.seat.speaks = True
        welcome = {**self._welcome(place), "transport": transport}
        place.seat.send(wire.Said(Kind.HELLO, welcome).pack())
        self.ensemble.greeted(place)
        self._asides.recall(place, said.get("seen"))

    def _welcome(self, place: Place) -> Mapping[str, Any]:
        return {
            "protocol": wire.PROTOCOL,
            "session": place.seat.session,
            "name": self._held.document.revision.title,
            "epoch": self.epoch,
            "seq": self.seq,
            "time": self._clock(),
            "person": place.seat.person.told(),
            **_rights(place),
        }

    # -- waiting for an answer -------------------------------------------------------------------

    def _hold(self, place: Place, word: wire.FromClient) -> None:
        place.is_busy = True
        place.came(0)
        place.held.append(Arrived(place, word, 0, self._clock()))

    def _go_on(self, place: Place) -> None:
        """What waited for a session's own answer is next, in its order."""
        place.is_busy = False
        self._inbox.extendleft(reversed(place.held))
        place.held.clear()
        self._woken.set()


def _is_still_due_of(place: Place) -> Callable[[Arrived], bool]:
    """What is done of what has arrived, once nothing of a session counts but that it leaves."""
    return lambda one: one.place is not place or isinstance(one.word, Leave)


def _rights(place: Place) -> dict[str, Any]:
    role = place.granted.standing.role
    may = [action.value for action in Action if action in place.may]
    return {"role": role.value if role else None, "may": may}
