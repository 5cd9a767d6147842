"""What a peer says to a room and makes of what it hears: without a socket, a clock or a thread.

Time comes in as seconds of a clock that never steps. Source: crdt/WIRE.md.
"""

from __future__ import annotations

import random
from collections import deque
from dataclasses import dataclass, replace
from typing import Any

from cellissimo.client.room_clock import RoomClock
from cellissimo.client.room_closing import Closing, closing_of, sentence
from cellissimo.client.room_edits import Edits
from cellissimo.client.room_people import People, Presence, write_pointer
from cellissimo.client.room_values import (
    Arrived,
    Event,
    Heard,
    LinkState,
    Member,
    Person,
    Pointer,
    Reopened,
    RoomView,
    Submission,
    Told,
    TransportState,
)
from cellissimo.crdt import wire
from cellissimo.crdt.shadow import NOTHING, Shadow
from cellissimo.crdt.wire import Kind
from cellissimo.schema.policy import Action

SLOW_S = 2.0
"""From so long a wait on an edit is late."""

PRESENCE_S = 15.0
"""How often one says that one is still there: other clients forget who is silent for 30 seconds."""

GOOD_S = 10.0
"""After so long in a room the way to it counts as a good one: the next pause is a short one."""

PROBE_S, FIRST_PROBES = 10.0, 5
"""How often the room's clock is asked for, after so many probes at once."""

_EDITS = frozenset({Action.EDIT_MUSIC.value, Action.ADD_STEM.value, Action.DELETE_STEM.value})


@dataclass(frozen=True, slots=True)
class Coming:
    """What one comes into a room with: the document, its history's name, and what was seen."""

    content: bytes
    epoch: str = ""
    seq: int = 0
    via: str = "kernel"


class RoomSession:
    """One peer of one room, across all cuts of its line."""

    def __init__(self, coming: Coming, rng: random.Random) -> None:
        """Before the first line."""
        self._coming = coming
        self._rng = rng
        self._shadow: Shadow | None = Shadow(coming.content)
        self._edits = Edits()
        self._people = People()
        self._presence = Presence()
        self._clock = RoomClock()
        self._out: deque[bytes] = deque()
        self._events: list[Event] = []
        self._answers: list[tuple[str, Told]] = []
        self._commands: dict[str, tuple[str, Told]] = {}
        self._generation = 0
        self._error: Told = {}
        self._is_open = self._is_greeted = self._is_in_step = False
        self._was_live = False
        self._attempts = self._seq_there = 0
        self._opened_at = 0.0
        self._was_good = False
        self._next_presence = self._next_probe = 0.0
        self._closing: Closing | None = None
        self.there: set[str] = set()
        """Recordings that the server has for sure."""
        self.view = RoomView(epoch=coming.epoch, seq=coming.seq)

    # -- from the thread that has the document ---------------------------------------------------

    def submit(self, edit: Submission) -> None:
        """Send an edit, now or when the room is reached again.

        One that was made in a document which is no more is passed over: its draft has it.
        """
        if self._shadow is not None and edit.generation == self._generation:
            self._shadow.apply(edit.update)
            self._edits.add(edit)
        elif self._shadow is None:
            self._edits.add(edit)  # it goes with all that waits when the document is there
        else:
            self._edits.settled = max(edit.number, self._edits.settled)

    def say(self, **changed: str) -> None:
        """Say something else of oneself: ``place``, ``activity``."""
        if self._presence.say(**changed) and self._is_greeted:
            self._out.append(wire.Presence(self._presence.update()).pack())

    def point(self, pointer: Pointer | None) -> None:
        """Say where one points."""
        if self._is_greeted:
            self._out.append(wire.Cursor(write_pointer(pointer)).pack())

    def order(self, order: Told) -> None:
        """Say what the transport is to do."""
        if self._is_greeted:
            self._out.append(wire.Said(Kind.TRANSPORT, order).pack())

    def command(self, key: str, name: str, body: Told) -> None:
        """Have a command done, once, however often the line is cut."""
        self._commands[key] = (name, body)
        if self._is_greeted:
            self._send_command(key)

    # -- the line --------------------------------------------------------------------------------

    def opened(self, now: float) -> None:
        """A line is open: HELLO, and what is missing here."""
        self._is_open, self._is_greeted, self._is_in_step = True, False, False
        self._opened_at, self._was_good = now, False
        self._out.clear()
        self._clock.forget()
        self._people = People()
        hello: dict[str, Any] = {"protocol": wire.PROTOCOL, "via": self._coming.via}
        hello["epoch"] = "" if self._shadow is None else self.view.epoch
        if self.view.seq:
            hello["seen"] = self.view.seq
        state = NOTHING if self._shadow is None else self._shadow.state
        self._out.append(wire.Said(Kind.HELLO, hello).pack())
        self._out.append(wire.Sync(wire.STATE, state).pack())
        self._next_presence = self._next_probe = now
        self._look(now)

    def received(self, data: bytes, now: float) -> None:
        """Take in a frame.

        Raises:
            WireError: it is none of a room's.
            DocumentError: it holds an update that is none.
        """
        match wire.read_room(data):
            case wire.Sync(step=step, content=content):
                self._synced(step, content)
            case wire.Changes(seq=seq, updates=updates):
                self._changed(updates, seq)
            case wire.Kept(number=number, seq=seq):
                self._edits.kept(number)
                self._was_good = True
                self.view = replace(self.view, seq=max(seq, self.view.seq))
            case wire.Refused(error=error):
                self._error = error
            case wire.Presence(content=content):
                self._people.receive(content)
            case wire.Cursors(pointed=pointed):
                self._people.point(pointed)
            case wire.Time(number=number, time=time):
                self._clock.answered(number, time, now * 1000)
            case wire.Said(kind=kind, said=said):
                self._told(kind, said)
        self._look(now)

    def closed(self, code: int, reason: str, now: float) -> None:
        """The line is cut; ``pause`` tells how long to wait before the next."""
        is_held = self._is_in_step and now - self._opened_at >= GOOD_S
        self._attempts = 1 if is_held or self._was_good else self._attempts + 1
        self._is_open = self._is_greeted = self._is_in_step = self._was_good = False
        self._edits.cut()
        found = closing_of(code, reason, self._attempts)
        if (found.reloads or self._error) and self._shadow is not None:
            self._shadow = None
            self._generation += 1
            self._attempts = 1
            self._error = self._error or found.error
        self._closing = found
        self._look(now)

    @property
    def pause(self) -> float | None:
        """Seconds to wait before the next line is opened; None: never again."""
        if self._closing is None:
            return 0.0
        return self._closing.pause(self._attempts, self._rng)

    def left(self, reason: str, now: float) -> None:
        """There will be no further line."""
        self._is_open = self._is_greeted = self._is_in_step = False
        self._edits.cut()
        self._closing = Closing(reason, for_ever=True)
        self._look(now)

    def lost(self, reason: str, now: float) -> None:
        """No line could be opened; it is tried again."""
        self._is_open = self._is_greeted = self._is_in_step = False
        self._attempts += 1
        self._closing = Closing(reason, soon=True)
        self._look(now)

    def rest(self, now: float) -> None:
        """One is away by one's own wish."""
        self._was_live = True
        self._attempts = 0
        self._closing = Closing("you are away by your own wish")
        self._look(now)

    def tick(self, now: float) -> None:
        """Time has passed."""
        if self._is_greeted and now >= self._next_presence:
            self._next_presence = now + PRESENCE_S
            self._out.append(wire.Presence(self._presence.update()).pack())
        if self._is_greeted and now >= self._next_probe:
            self._next_probe = now if self._clock.probes < FIRST_PROBES else now + PROBE_S
            self._out.append(wire.Probe(self._clock.probe(now * 1000)).pack())
        self._look(now)

    @property
    def unsaved(self) -> int:
        """How many edits are not on the server's disk yet."""
        return len(self._edits)

    @property
    def needed(self) -> frozenset[str]:
        """Recordings to be put on the server before the next edit can be sent."""
        return self._edits.needed(self.there) if self._is_in_step else frozenset()

    def outgoing(self) -> list[bytes]:
        """The frames to be sent now."""
        found = list(self._out)
        self._out.clear()
        while self._is_in_step and (edit := self._edits.next(self.there)) is not None:
            found.append(wire.Edit(*edit).pack())
        return found

    def events(self) -> list[Event]:
        """What came since this was last asked, for whoever has the document."""
        found, self._events = self._events, []
        return found

    def answers(self) -> list[tuple[str, Told]]:
        """What commands were answered since this was last asked, by their ids."""
        found, self._answers = self._answers, []
        return found

    # -- what came -------------------------------------------------------------------------------

    def _told(self, kind: Kind, said: Told) -> None:
        match kind:
            case Kind.HELLO:
                self._greeted(said)
            case Kind.TRANSPORT:
                transport = TransportState.of_told(said)
                self.view = replace(self.view, transport=transport)
            case Kind.NEWS:
                self._heard(said)
            case Kind.COMMAND:
                self._answered(said)

    def _greeted(self, said: Told) -> None:
        self._is_greeted = True
        self.view = replace(
            self.view,
            session=int(said["session"]),
            me=Person.of(said.get("person")),
            role=said.get("role"),
            may=frozenset(said.get("may", ())),
            epoch=str(said.get("epoch", "")),
            transport=TransportState.of_told(said.get("transport") or {}),
        )
        first = self._presence.begin(self._rng.getrandbits(32))
        self._out.append(wire.Presence(first).pack())
        for key in self._commands:
            self._send_command(key)
        self._seq_there = int(said.get("seq", 0))
        if self._shadow is None:  # whatever was seen was of another document
            self.view = replace(self.view, seq=self._seq_there)

    def _synced(self, step: int, content: bytes) -> None:
        if step == wire.STATE:
            return  # what the room lacks are the edits that wait here, in their order
        if step == wire.UPDATE:
            self._changed((content,), self.view.seq)
            return
        self.view = replace(self.view, seq=max(self.view.seq, self._seq_there))
        if self._shadow is None:
            self._reopen(content)
        else:
            self._shadow.apply(content)
            self._events.append(Arrived((content,), self.view.seq, away=self._was_live))
        self._is_in_step = self._was_live = True
        self._closing = None

    def _reopen(self, content: bytes) -> None:
        self._shadow = Shadow(content)
        kept = self._edits.settled
        number = self._edits.drop()
        self._events.append(Reopened(content, self.view.seq, self._error, kept, number))
        self._error = {}

    def _changed(self, updates: tuple[bytes, ...], seq: int) -> None:
        self.view = replace(self.view, seq=max(seq, self.view.seq))
        if self._shadow is None:
            return  # the document that is being loaded has them
        for update in updates:
            self._shadow.apply(update)
        self._events.append(Arrived(updates, self.view.seq))

    def _heard(self, news: Told) -> None:
        if news.get("kind") == "standing":
            may = frozenset(news.get("may", ()))
            self.view = replace(self.view, role=news.get("role"), may=may)
        self._events.append(Heard(news))

    def _answered(self, said: Told) -> None:
        key = str(said.get("id", ""))
        if self._commands.pop(key, None) is not None:
            self._answers.append((key, said))

    def _send_command(self, key: str) -> None:
        name, body = self._commands[key]
        said = {"id": key, "name": name, "body": body}
        self._out.append(wire.Said(Kind.COMMAND, said).pack())

    # -- what is known ---------------------------------------------------------------------------

    def _look(self, now: float) -> None:
        """Make the view say what is so now."""
        state = self._state(now)
        self.view = replace(
            self.view,
            state=state,
            reason=sentence(state, self._closing, len(self._edits)),
            settled=self._edits.settled,
            unsaved=len(self._edits),
            members=self._members(),
            offset=self._clock.offset,
            round_trip=self._clock.round_trip,
        )

    def _members(self) -> tuple[Member, ...]:
        view = self.view
        if not self._is_greeted or view.session is None or view.me is None:
            return ()
        said = self._presence.said
        me = Member(
            view.session, view.me, view.role, self._coming.via, said["activity"], said["place"]
        )
        return self._people.members(me)

    def _state(self, now: float) -> LinkState:
        if self._closing is not None and self._closing.for_ever:
            return "closed"
        if self._shadow is None:
            return "refused"
        if not self._is_in_step or not self._is_greeted:
            return "offline" if self._was_live or self._attempts else "joining"
        if not _EDITS & self.view.may:
            return "read-only"
        oldest = self._edits.oldest
        return "slow" if oldest is not None and now - oldest > SLOW_S else "live"
