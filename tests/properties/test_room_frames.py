"""Whatever sessions send, in whatever order: the room goes on, and says only what is durable."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cellissimo.crdt import awareness, wire
from cellissimo.crdt.document import Document
from cellissimo.crdt.wire import Kind
from cellissimo.notation.song_file import print_song
from cellissimo_server.rooms.room import State
from tests.server.pieces import made
from tests.server.running import running
from tests.server.sitting import Deaf, ticket
from tests.unit.crdt.test_wire import from_client

LONG = os.environ.get("CELLISSIMO_LONG") == "1"
COUNT = count()
HELLO = wire.Said(Kind.HELLO, {"protocol": 1, "via": "page", "epoch": ""})
ORDERS = st.sampled_from(["lead", "play", "stop", "seek", "pass", "dance", None, 7])
transports = st.fixed_dictionaries(
    {"do": ORDERS},
    optional={
        "tick": st.integers(-1, 2**40) | st.floats() | st.text(max_size=3),
        "region": st.lists(st.integers(-1, 9), max_size=3) | st.none(),
        "of": st.text(max_size=9) | st.just("song"),
        "to": st.integers(-1, 9) | st.booleans(),
    },
)
commands = st.fixed_dictionaries(
    {},
    optional={
        "id": st.uuids().map(str) | st.text(max_size=5) | st.none(),
        "name": st.sampled_from(["chat.send", "restore", "version.name", "x", 7, None]),
        "body": st.dictionaries(st.sampled_from(["text", "seq", "name"]), st.text(max_size=3)),
    },
)
states = st.dictionaries(
    st.sampled_from(["place", "activity", "cursor", "user"]), st.text(max_size=9) | st.none()
)
presences = st.builds(
    lambda client, clock, state: awareness.join([awareness.entry(client, clock, state).pack()]),
    st.integers(0, 5),
    st.integers(0, 5),
    states,
)
words = (
    from_client
    | st.builds(wire.Said, st.just(Kind.TRANSPORT), transports)
    | st.builds(wire.Said, st.just(Kind.COMMAND), commands)
    | st.builds(wire.Presence, presences)
    | st.builds(wire.Cursor, st.binary(min_size=3, max_size=4))
    | st.just("edit")
)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server on which nobody runs out of requests."""
    limits = {"writes_per_hour": 10**6, "reads_per_hour": 10**6}
    with running(tmp_path_factory.mktemp("frames"), **limits) as found:
        alice = found.as_("alice")
        piece = made(alice)
        given_ticket = ticket(alice, piece)["ticket"]
        found.asked = found.run(found.services.tickets.redeem(given_ticket, piece)).asked
        yield found


class Line(Deaf):
    """A line that says when the document came over it."""

    def __init__(self):
        """Nothing came."""
        super().__init__()
        self.answered = asyncio.Event()

    def write(self, frame):
        """Take a frame."""
        super().write(frame)
        if frame[:2] == bytes((Kind.SYNC, wire.ANSWER)):
            self.answered.set()


@contextlib.contextmanager
def loud():
    """The errors that the rooms log meanwhile."""
    found, logger = [], logging.getLogger("cellissimo.rooms")
    handler = logging.Handler(logging.ERROR)
    handler.emit = lambda record: found.append(record.getMessage())
    logger.addHandler(handler)
    try:
        yield found
    finally:
        logger.removeHandler(handler)


@settings(max_examples=1000 if LONG else 25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), words), max_size=30))
def test_whatever_is_sent_the_room_goes_on(server, said):
    """[ROOM-14] [WIRE-6] Refused sessions leave; what the others hear is what is on disk."""
    asked, piece = server.asked, server.asked.piece_id

    async def play():
        rooms, lines = server.services.rooms, [Line() for _ in range(5)]
        seated = [await rooms.join(asked, line) for line in lines]
        room, numbers = seated[0].room, [0] * 5
        for one in seated:
            room.receive(one.place, HELLO, 1)
        for session, word in said:
            numbers[session] += word == "edit"
            frame = wire.Edit(numbers[session], fresh()) if word == "edit" else word
            room.receive(seated[session].place, frame, 1)
        room.receive(seated[4].place, wire.Edit(1, fresh()), 1)
        room.receive(seated[4].place, wire.Sync(wire.STATE, b"\x00"), 1)
        await lines[4].answered.wait()
        assert (State.READY, None) == (room.state, lines[4].code)
        for one in seated:
            room.leave(one.place)
        song = (await server.services.documents.revision(piece)).value
        return [wire.read_room(frame) for frame in lines[4].frames], print_song(song)

    content = server.run(server.services.documents.encoded(piece)).value

    def fresh():
        document, found = Document(update=content), []
        document.observe(found.append)
        with document.edit() as write:
            write.set_song_field("name", f"Edit {next(COUNT)}")
        return found[-1]

    with loud() as errors:
        frames, song = server.run(play())
    assert [] == errors
    answer = next(f for f in frames if isinstance(f, wire.Sync) and f.step == wire.ANSWER)
    assert song == print_song(Document(update=answer.content).revision)
    heard = Document(update=content)
    for frame in frames:
        for update in frame.updates if isinstance(frame, wire.Changes) else ():
            heard.apply(update, origin="room")
