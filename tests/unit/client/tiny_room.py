"""A room in memory that speaks WIRE with sans-IO sessions: frames wait until they are delivered."""

from __future__ import annotations

import random
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from cellissimo.client.room_session import Coming, RoomSession
from cellissimo.client.room_values import Arrived, Event, Reopened, Submission
from cellissimo.crdt import wire
from cellissimo.crdt.document import Document
from cellissimo.crdt.shadow import NOTHING, Shadow
from cellissimo.crdt.wire import Kind
from cellissimo.schema.models import Song

EPOCH = "first"
MAY = ("piece.read", "music.edit", "stem.add", "stem.delete", "room.lead")


@dataclass
class Line:
    """One websocket: what waits in either direction, and how it was closed."""

    number: int
    to_room: deque[bytes] = field(default_factory=deque)
    to_peer: deque[bytes] = field(default_factory=deque)
    speaks: bool = False
    closing: int | None = None


class TinyRoom:
    """Keeps edits in their order; ``refuse`` says of an update why it is not taken."""

    def __init__(self, song: Song) -> None:
        """A room of a song."""
        self.epoch = EPOCH
        self.shadow = Shadow(Document(song, epoch=EPOCH).encode())
        self.seq = 1
        self.lines: list[Line] = []
        self.refuse: Any = lambda _update: None
        self.may = MAY
        self.hellos: list[dict[str, Any]] = []
        self.commands: list[dict[str, Any]] = []
        self._count = 0

    def open(self) -> Line:
        """A new line; the room speaks first."""
        self._count += 1
        line = Line(self._count)
        self.lines.append(line)
        line.to_peer.append(wire.Sync(wire.STATE, self.shadow.state).pack())
        return line

    def hear(self, line: Line) -> None:
        """Take the oldest frame that waits in a line."""
        frame = wire.read_client(line.to_room.popleft())
        if line.closing is not None:
            return
        match frame:
            case wire.Said(kind=Kind.HELLO, said=said):
                self._greet(line, dict(said))
            case wire.Sync(step=wire.STATE, content=state):
                line.to_peer.append(wire.Sync(wire.ANSWER, self.shadow.encode(state)).pack())
            case wire.Edit(number=number, update=update):
                self._take(line, number, update)
            case wire.Said(kind=Kind.COMMAND, said=said):
                self.commands.append(dict(said))
                answer = {"id": said["id"], "seq": self.seq, "value": said["body"]}
                line.to_peer.append(wire.Said(Kind.COMMAND, answer).pack())
            case wire.Probe(number=number):
                line.to_peer.append(wire.Time(number, 5_000.0).pack())

    def _greet(self, line: Line, said: dict[str, Any]) -> None:
        self.hellos.append(said)
        if said["epoch"] not in ("", self.epoch):
            line.closing = 4409
            return
        line.speaks = True
        me = {"id": "u1", "name": "Ada", "color": "#123456", "kind": "user"}
        told = {
            "protocol": 1, "session": line.number, "epoch": self.epoch, "seq": self.seq,
            "time": 0, "person": me, "role": "owner", "may": list(self.may), "transport": {},
        }  # fmt: skip
        line.to_peer.append(wire.Said(Kind.HELLO, told).pack())

    def _take(self, line: Line, number: int, update: bytes) -> None:
        error = self.refuse(update)
        if error is not None:
            line.to_peer.append(wire.Refused(number, error).pack())
            line.closing = 4403
            return
        self.take(update, line)
        line.to_peer.append(wire.Kept(number, self.seq, 0.0).pack())

    def take(self, update: bytes, author: Line | None = None) -> None:
        """An edit is kept, and the others hear of it."""
        self.shadow.apply(update)
        self.seq += 1
        for other in self.lines:
            if other is not author and other.speaks and other.closing is None:
                other.to_peer.append(wire.Changes(self.seq, 0.0, (update,)).pack())

    @property
    def song(self) -> Song:
        """What the room's document says."""
        return Document(update=self.shadow.encode(NOTHING)).revision


class TinyPeer:
    """A session and its document, in one thread; frames go when ``step`` says so."""

    def __init__(self, room: TinyRoom, seed: int = 0) -> None:
        """Before it comes in: it has the document as it is now."""
        content = room.shadow.encode()
        self.room = room
        self.document = Document(update=content)
        coming = Coming(content, room.epoch, room.seq)
        self.session = RoomSession(coming, random.Random(seed))
        self.line: Line | None = None
        self.now = 0.0
        self.number = self.generation = 0
        self.reopened: list[Reopened] = []
        self.document.observe(self._edited)

    def _edited(self, update: bytes) -> None:
        if self.document.origin == "room":
            return
        self.number += 1
        edit = Submission(self.number, self.generation, update, self.document.gesture, self.now)
        self.session.submit(edit)
        self._send()

    def connect(self) -> None:
        """A new line."""
        self.line = self.room.open()
        self.session.opened(self.now)
        self._send()

    def cut(self, code: int = 1006) -> None:
        """The line is cut; what was on its way is lost."""
        if self.line is not None:
            self.room.lines.remove(self.line)
            self.line = None
            self.session.closed(code, "", self.now)

    def _send(self) -> None:
        frames = self.session.outgoing() if self.line is not None else []
        if self.line is not None:
            self.line.to_room.extend(frames)

    def step_out(self) -> bool:
        """Let the room take one frame of this peer."""
        if self.line is None or not self.line.to_room:
            return False
        self.room.hear(self.line)
        return True

    def step_in(self) -> bool:
        """Take one frame of the room, or the end of the line."""
        if self.line is None:
            return False
        if self.line.to_peer:
            self.session.received(self.line.to_peer.popleft(), self.now)
            self._take_in(self.session.events())
            self._send()
            return True
        if self.line.closing is not None:
            self.cut(self.line.closing)
            return True
        return False

    def _take_in(self, events: list[Event]) -> None:
        for event in events:
            match event:
                case Arrived(updates=updates):
                    self.document.apply_all(updates, origin="room")
                case Reopened(content=content):
                    self.reopened.append(event)
                    self.generation += 1
                    self.document.reopen(content)

    @property
    def state(self) -> str:
        """The state of the link."""
        return self.session.view.state


def settle(*peers: TinyPeer) -> None:
    """Deliver all that waits, until nothing does."""
    moved = True
    while moved:
        moved = any(peer.step_out() or peer.step_in() for peer in peers)
