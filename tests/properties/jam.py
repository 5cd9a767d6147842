"""A room without sockets: its real documents and rules, and peers whose lines are lists.

Everything happens in one event loop, when the test says so: a line is cut between any two frames,
a server begins anew, somebody's role changes.
"""

from __future__ import annotations

import asyncio
import base64
import json
import random
import subprocess
from pathlib import Path

from cellissimo.client.room_session import Coming, RoomSession
from cellissimo.client.room_values import Arrived, Reopened, Submission
from cellissimo.crdt import wire
from cellissimo.crdt.document import Document
from cellissimo.schema import models
from cellissimo_server.access.asking import Asked
from cellissimo_server.commands.index_piece import prepared
from cellissimo_server.rooms.documents import Documents
from cellissimo_server.rooms.registry import Rooms
from cellissimo_server.store import journal_rows, members, migrations, pieces, users
from cellissimo_server.store.journal import DatabaseJournal, Entry
from cellissimo_server.store.opening import open_database
from tests.contracts.stores import NOW, member, piece, user

PIECE = "id-jam"
PEOPLE = ("anna", "ben", "cleo")
LOOPS = {key: models.Loop(key, key.title(), bars=1) for key in ("a", "b")}
SONG = models.Song(
    PIECE, "Jam", loops=LOOPS, stems={"bass": models.Stem("bass", "Bass")},
    segments={"g": models.Segment("g", "bass", "midi", 0, 3840)},
)  # fmt: skip
REFUSALS = frozenset({4403, 4409, 4413})


class Wire:
    """The room's side of a line: what it wrote, until the peer takes it."""

    def __init__(self) -> None:
        """Open, and empty."""
        self.frames: list[bytes] = []
        self.closing: tuple[int, str] | None = None

    def write(self, frame: bytes) -> None:
        """Hold a frame for the peer."""
        if self.closing is None:
            self.frames.append(frame)

    def close(self, code: int, reason: str) -> None:
        """Say goodbye."""
        self.closing = self.closing or (code, reason)

    def cut(self) -> None:
        """Hang up."""
        self.close(1006, "")


class Stage:
    """The server: a store that lasts, and rooms that may begin anew at any time."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """An open store with one piece and its people."""
        self.loop = loop
        self.database = open_database("memory:")
        self.content = Document(SONG, epoch="first").encode()
        self.do(migrations.upgrade(self.database, NOW))
        self.do(self.database.write(self._found))
        self.begin()

    def do(self, work):
        """What a coroutine gives."""
        return self.loop.run_until_complete(work)

    def _found(self, db) -> None:
        for name in PEOPLE:
            users.insert(db, user(name))
        pieces.insert(db, piece("jam", seq=0))
        for name in PEOPLE[1:]:
            members.insert(db, member(PIECE, f"id-{name}"))
        journal_rows.append(db, PIECE, [Entry(1, "id-anna", "", NOW, self.content)])

    def begin(self) -> None:
        """Start the rooms on what is in the store."""
        journal = DatabaseJournal(self.database, lambda: NOW)
        self.documents = Documents(self.database, journal, lambda: NOW, prepared)
        self.rooms = Rooms(self.documents, self.database, lambda: NOW, most_sessions=50)

    def end(self) -> None:
        """Stop the rooms, with what has come to them."""
        self.do(self.rooms.close())
        self.do(self.documents.close())

    def close(self) -> None:
        """Stop everything."""
        self.end()
        self.do(self.database.close())

    def set_role(self, name: str, *, may_edit: bool) -> None:
        """From now on somebody may edit, or only look; rooms know it when this is over."""
        self.do(
            self.database.write(
                lambda db: members.change(
                    db, PIECE, f"id-{name}", None, can_edit=may_edit, can_add_stems=may_edit
                )
            )
        )
        self.do(self.rooms._look_up())

    def join(self, name: str, line: Wire):
        """A new session of somebody."""
        return self.do(self.rooms.join(Asked(PIECE, f"id-{name}"), line))

    @property
    def is_busy(self) -> bool:
        """Whether the rooms have begun something that is not done or not told yet."""
        waiting = any(room._inbox or room._spreading._waiting for room in self.rooms)
        return waiting or bool(self.documents._doors)

    def rest(self) -> None:
        """Let the room do what it has begun, and tell what it waits to tell."""
        self.do(asyncio.sleep(0.004))


class Peer:
    """Somebody with a replica and, now and then, a line."""

    def __init__(self, stage: Stage, name: str) -> None:
        """Not in the room yet."""
        self.stage = stage
        self.name = name
        self.seated = None
        self.line = Wire()
        self.refusals = 0

    @property
    def is_here(self) -> bool:
        """Whether there is a line."""
        return self.seated is not None

    def come(self) -> None:
        """Open a line."""
        self.line = Wire()
        self.seated = self.stage.join(self.name, self.line)
        self.opened()

    def cut(self, code: int = 1006, reason: str = "") -> None:
        """Lose the line, with what was on it."""
        seated, self.seated = self.seated, None
        if seated is not None:
            seated.room.leave(seated.place)
            self.closed(code, reason)

    def say(self, *frames: bytes) -> None:
        """Send frames."""
        for frame in frames:
            if self.seated is not None:
                self.seated.room.receive(self.seated.place, wire.read_client(frame), len(frame))

    def hear(self, most: int = 1000) -> bool:
        """Take some of the frames that have come; whether there were any."""
        frames, self.line.frames = self.line.frames[:most], self.line.frames[most:]
        for frame in frames:
            self.take(frame)
        if self.is_here and self.line.closing and not self.line.frames:
            self.cut(*self.line.closing)
            return True
        return bool(frames)


class Kernel(Peer):
    """A peer as a kernel is one: its own document, and a session with a shadow of it."""

    def __init__(self, stage: Stage, name: str, seed: int) -> None:
        """With the document as it was founded."""
        super().__init__(stage, name)
        self.document = Document(update=stage.content)
        self.session = RoomSession(Coming(stage.content, "first", 1), random.Random(seed))
        self._number = self._generation = 0
        self.now = 0.0
        self._follow()

    def _follow(self) -> None:
        self.document.observe(self._made)
        self._is_taking = False

    def _made(self, update: bytes) -> None:
        if not self._is_taking:
            self._number += 1
            self.session.submit(
                Submission(self._number, self._generation, update, self._number, self.now)
            )

    def edit(self, loop: str, keys: dict[str, int | None]) -> None:
        """Set steps and remove them."""
        with self.document.edit() as write:
            for key, value in keys.items():
                row, cell = key.split("/")
                step = None if value is None else models.Step(value)
                write.set_step(loop, row, int(cell), step)
        self.flush()

    def add_stem(self, stem: str) -> None:
        """Add a stem, or remove it where it is there."""
        is_there = stem in self.document.revision.stems
        with self.document.edit() as write:
            if is_there:
                write.remove("stems", stem)
            else:
                write.put(models.Stem(stem, stem.title()))
        self.flush()

    def undo(self) -> None:
        """Take back the last edit of this peer."""
        self.document.undo()
        self.flush()

    def opened(self) -> None:
        """Say hello."""
        self.session.opened(self.now)
        self.flush()

    def closed(self, code: int, reason: str) -> None:
        """The line is gone."""
        self.session.closed(code, reason, self.now)
        self._events()

    def take(self, frame: bytes) -> None:
        """Take in a frame."""
        self.session.received(frame, self.now)
        self._events()
        self.flush()

    def flush(self) -> None:
        """Send what there is to be sent."""
        if self.is_here:
            self.say(*self.session.outgoing())

    def _events(self) -> None:
        for event in self.session.events():
            if isinstance(event, Arrived):
                self._is_taking = True
                for update in event.updates:
                    self.document.apply(update, origin="room")
                self._is_taking = False
            elif isinstance(event, Reopened):
                self.refusals += 1
                self.document = Document(update=event.content)
                self._generation += 1
                self._follow()

    @property
    def unsaved(self) -> int:
        """Edits that are not acknowledged."""
        return self.session.view.unsaved

    @property
    def content(self) -> bytes:
        """The whole document."""
        return self.document.encode()


class Page(Peer):
    """A client of the y-websocket protocol that knows nothing of ours, with Yjs itself."""

    def __init__(self, stage: Stage, name: str, yjs: Yjs, seed: int) -> None:
        """With an empty replica."""
        super().__init__(stage, name)
        self.yjs = yjs
        self._clients = random.Random(seed)
        self._number = 0
        self._begin()

    def _begin(self) -> None:
        self._number += 1
        self.key = f"{self.name}-{id(self)}-{self._number}"
        self.yjs.ask("new", self.key, client=self._clients.getrandbits(32))

    unsaved = 0

    def edit(self, loop: str, keys: dict[str, int | None]) -> None:
        """Set steps and remove them."""
        given = {key: None if value is None else [value] for key, value in keys.items()}
        for update in self.yjs.ask("edit", self.key, loop=loop, keys=given)["updates"]:
            self.say(wire.Sync(wire.UPDATE, base64.b64decode(update)).pack())

    def opened(self) -> None:
        """Ask for what is missing."""
        self.say(wire.Sync(wire.STATE, self._bytes("state")).pack())

    def closed(self, code: int, reason: str) -> None:
        """The line is gone; after a refusal one begins anew."""
        if code in REFUSALS:
            self.refusals += 1
            self._begin()

    def take(self, frame: bytes) -> None:
        """Take in a frame."""
        match wire.read_room(frame):
            case wire.Sync(step=wire.STATE, content=state):
                self.send_missing(state)
            case wire.Sync(content=update):
                given = [base64.b64encode(update).decode()]
                self.yjs.ask("apply", self.key, updates=given)

    def send_missing(self, state: bytes) -> None:
        """Answer a state, or say everything once more."""
        given = base64.b64encode(state).decode()
        self.say(wire.Sync(wire.ANSWER, self._bytes("missing", state=given)).pack())

    def _bytes(self, what: str, **given) -> bytes:
        answer = self.yjs.ask(what, self.key, **given)
        return base64.b64decode(next(iter(answer.values())))

    @property
    def content(self) -> bytes:
        """The whole document."""
        return self._bytes("missing", state=base64.b64encode(b"\x00").decode())


class Yjs:
    """Replicas in Node."""

    def __init__(self, node: str, root: Path) -> None:
        """Start it."""
        script = root / "extension" / "test" / "peers" / "yjs_peers.mjs"
        self._process = subprocess.Popen(
            [node, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, what: str, peer: str, **given):
        """What one replica answers."""
        line = json.dumps({"do": what, "peer": peer, **given})
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        """End it."""
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()
