"""A client of a room in a test's own thread: a replica of the document behind one websocket."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from cellissimo.crdt import wire
from cellissimo.crdt.document import Document
from cellissimo.crdt.wire import Kind
from tests.server.running import Running

PATIENCE_S = 20


class Closed(Exception):  # noqa: N818 - what happened, not what went wrong
    """The room has closed the session."""

    def __init__(self, code: int, reason: str) -> None:
        """Keep code and reason."""
        super().__init__(code, reason)
        self.code, self.reason = code, reason


class Sitting:
    """Somebody in a room. Frames are read when somebody asks for them."""

    def __init__(self, socket: ClientConnection) -> None:
        """Nothing was said yet."""
        self.socket = socket
        self.document: Document | None = None
        self.hello: dict[str, Any] = {}
        self.heard: list[wire.FromRoom] = []
        self.made: list[bytes] = []
        self.number = 0

    # -- frames ----------------------------------------------------------------------------------

    def send(self, frame: wire.FromClient | bytes) -> None:
        """Send one frame."""
        self.socket.send(frame if isinstance(frame, bytes) else frame.pack())

    def read(self) -> wire.FromRoom:
        """The next frame; edits of others are taken in."""
        try:
            frame = wire.read_room(self.socket.recv(timeout=PATIENCE_S))
        except ConnectionClosed as error:
            closed = error.rcvd
            raise Closed(*((closed.code, closed.reason) if closed else (1006, ""))) from error
        self.heard.append(frame)
        if self.document is not None:
            for update in updates_of(frame):
                self.document.apply(update, origin="room")
        return frame

    def until(self, wanted: type | Callable[[Any], bool]) -> Any:
        """The next frame that is wanted."""
        while True:
            frame = self.read()
            if isinstance(frame, wanted) if isinstance(wanted, type) else wanted(frame):
                return frame

    def news(self, kind: str) -> dict[str, Any]:
        """The next news of a kind."""
        found = self.until(lambda f: f.kind is Kind.NEWS and f.said["kind"] == kind)
        return found.said

    def closed(self) -> int:
        """Read to the end; the code with which the room has closed."""
        try:
            while True:
                self.read()
        except Closed as error:
            return error.code

    # -- coming in -------------------------------------------------------------------------------

    def greet(self, **said: Any) -> dict[str, Any]:
        """Say HELLO; what the room answers."""
        self.send(wire.Said(Kind.HELLO, {"protocol": 1, "via": "page", "epoch": ""} | said))
        self.hello = dict(self.until(lambda frame: frame.kind is Kind.HELLO).said)
        return self.hello

    def load(self) -> Document:
        """A replica of the document, up to date."""
        self.send(wire.Sync(wire.STATE, b"\x00"))
        answer = self.until(lambda frame: is_sync(frame, wire.ANSWER))
        self.document = Document(update=answer.content)
        self.document.observe(self.made.append)
        self.made.clear()
        return self.document

    # -- editing ---------------------------------------------------------------------------------

    def edit(self, change: Callable[[Any], Any]) -> bytes:
        """Change the replica; gives the update."""
        assert self.document is not None
        with self.document.edit() as write:
            change(write)
        return self.made[-1]

    def tell(self, update: bytes) -> int:
        """Send an update as the next edit; gives its number."""
        self.number += 1
        self.send(wire.Edit(self.number, update))
        return self.number

    def kept(self, number: int | None = None) -> wire.Kept:
        """Wait until an edit is on disk, the last one unless said."""
        wanted = self.number if number is None else number
        return self.until(lambda f: isinstance(f, wire.Kept) and f.number >= wanted)

    def keep(self, change: Callable[[Any], Any]) -> wire.Kept:
        """Make an edit and wait until it is on disk."""
        self.tell(self.edit(change))
        return self.kept()

    def sees(self, seq: int) -> None:
        """Wait until edits of others up to a revision are here."""
        self.until(lambda frame: isinstance(frame, wire.Changes) and frame.seq >= seq)


def is_sync(frame: wire.FromRoom, step: int) -> bool:
    """Whether a frame is SYNC of a step."""
    return isinstance(frame, wire.Sync) and frame.step == step


def updates_of(frame: wire.FromRoom) -> tuple[bytes, ...]:
    """The updates that a frame carries."""
    if isinstance(frame, wire.Changes):
        return frame.updates
    if isinstance(frame, wire.Sync) and frame.step != wire.STATE:
        return (frame.content,)
    return ()


def ticket(client: Any, piece: str, **said: Any) -> dict[str, Any]:
    """A ticket for somebody."""
    answer = client.post(f"rooms/{piece}/tickets", json=said)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def address(server: Running, piece: str, given: str) -> str:
    """Where a ticket opens a room."""
    return f"{server.url.replace('http', 'ws', 1)}cellissimo/rooms/{piece}?ticket={given}"


@contextlib.contextmanager
def opened(server: Running, piece: str, given: str) -> Iterator[Sitting]:
    """A websocket to a room."""
    where = address(server, piece, given)
    with connect(where, max_size=None, compression=None, proxy=None) as socket:
        yield Sitting(socket)


@contextlib.contextmanager
def sitting(server: Running, client: Any, piece: str, *, plain: bool = False) -> Iterator[Sitting]:
    """Somebody in a room, with the document loaded; ``plain``: without a HELLO."""
    with opened(server, piece, ticket(client, piece)["ticket"]) as found:
        if not plain:
            found.greet()
        found.load()
        yield found


class Deaf:
    """A line on which everything is sent at once, and nobody listens."""

    def __init__(self) -> None:
        """Nothing was sent."""
        self.frames: list[bytes] = []
        self.code: int | None = None

    def write(self, frame: bytes) -> None:
        """Take a frame."""
        self.frames.append(frame)

    def taken(self) -> int:
        """All of it, at once."""
        return 0

    def close(self, code: int, _reason: str) -> None:
        """Remember the goodbye."""
        self.code = code

    def cut(self) -> None:
        """Remember that there was none."""
        self.code = self.code or 1006
