"""Small frames that ask for much, and much that waits: counted, bounded, and nobody else pays."""

import asyncio
import contextlib
import threading

import pytest
from websockets.exceptions import ConnectionClosed

from cellissimo.crdt import wire
from cellissimo.crdt.awareness import entry, write
from cellissimo.crdt.update_parser import state_of
from cellissimo.schema import models
from tests.server.pieces import made
from tests.server.running import running
from tests.server.sitting import is_sync, sitting
from tests.updates import put, update

A_SECOND = 3_000
"""Bytes that a session may move in a second; ten times that at once."""

ASKS = 60


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server that grants any number of tickets, and little to each line."""
    limits = {"writes_per_hour": 10**6, "reads_per_hour": 10**6, "room_bytes_per_s": A_SECOND}
    with running(tmp_path_factory.mktemp("amplification"), **limits) as found:
        yield found


@pytest.fixture
def alice(server):
    """The owner of the piece."""
    return server.as_("alice")


@pytest.fixture
def piece(alice):
    """A piece that everybody may look at."""
    found = made(alice)
    assert 200 == alice.patch(f"projects/{found}", json={"visibility": "public"}).status_code
    return found


def step(cell):
    """The edit that sets one step."""
    return lambda document: document.set_step("a", "hat", cell, models.Step(90))


def ask(greedy, frame):
    """Ask for the same again and again, until one is put out."""
    with contextlib.suppress(ConnectionClosed):
        for _ in range(ASKS):
            greedy.send(frame)


@pytest.mark.parametrize("who", ["alice", "stranger"])
def test_a_document_that_is_asked_for_again_and_again_is_counted(server, alice, piece, who):
    """[ROOM-18] The first time is for nothing; then answers cost what frames cost."""
    with sitting(server, alice, piece) as one, sitting(server, server.as_(who), piece) as greedy:
        assert ASKS * len(greedy.document.encode()) > 20 * A_SECOND
        ask(greedy, wire.Sync(wire.STATE, b"\x00"))
        assert 4429 == greedy.closed()
        answers = [frame for frame in greedy.heard if is_sync(frame, wire.ANSWER)]
        assert sum(len(frame.content) for frame in answers[1:]) < 15 * A_SECOND
        assert 2 == one.keep(step(1)).seq


def test_who_is_in_step_may_ask_as_often_as_they_like(server, alice, piece):
    """[ROOM-18] What lacks nothing costs nothing: plain clients ask now and then."""
    with sitting(server, alice, piece, plain=True) as plain:
        for _ in range(ASKS):
            plain.send(wire.Sync(wire.STATE, plain.document.state))
            plain.until(lambda frame: is_sync(frame, wire.ANSWER))


def test_who_is_here_asked_for_again_and_again_is_counted(server, alice, piece):
    """[ROOM-18] One byte asks for everybody's presence."""
    with contextlib.ExitStack() as people:
        for client in range(5):
            said = people.enter_context(sitting(server, alice, piece, plain=True))
            said.send(wire.Presence(write([entry(client + 1, 1, {"cursor": "x" * 1500})])))
            said.load()
        one = people.enter_context(sitting(server, alice, piece))
        greedy = people.enter_context(sitting(server, server.as_("stranger"), piece))
        ask(greedy, wire.AskPresence())
        assert 4429 == greedy.closed()
        assert 2 == one.keep(step(1)).seq


def test_what_waits_for_its_turn_is_bounded_over_all_sessions(server, alice, piece, monkeypatch):
    """[ROOM-18] While nothing can be taken, who has sent the most goes, and the others wait."""
    bound = server.services.rooms._bounds.sent_in
    monkeypatch.setattr(bound, "_most", 6 * A_SECOND)
    take, free, begun = server.services.documents.take, asyncio.Event(), threading.Event()

    async def later(*given):
        begun.set()
        await free.wait()
        return await take(*given)

    with (
        sitting(server, alice, piece) as one,
        sitting(server, alice, piece) as other,
        sitting(server, alice, piece) as flood,
    ):
        monkeypatch.setattr(server.services.documents, "take", later)
        one.tell(one.edit(step(1)))
        assert begun.wait(20)
        large = update({77: (0, [put("song", "name", "x" * 900)])})
        with contextlib.suppress(ConnectionClosed):
            for number in range(1, 28):
                flood.send(wire.Edit(number, large))
        other.tell(other.edit(step(2)))
        assert 4429 == flood.closed()
        assert bound.size < A_SECOND
        server.loop.call_soon_threadsafe(free.set)
        assert 1 == one.kept().number
        assert 1 == other.kept().number
        assert 77 not in state_of(one.document.state)
    assert 0 == bound.size


@pytest.mark.parametrize(("who", "most"), [("alice", 128), ("stranger", 16)])
def test_few_frames_of_who_may_only_listen_stand_before_others(server, alice, piece, who, most):
    """[ROOM-18] While so many of a session wait for their turn, no more of them are read."""
    with sitting(server, alice, piece), sitting(server, server.as_(who), piece) as flood:
        place = server.services.rooms.of(piece).places[flood.hello["session"]]

        async def waiting():
            return [place.came(1) is not None for _ in range(most)], [
                place.taken(1) for _ in range(most)
            ]

        assert [False] * (most - 1) + [True] == server.run(waiting())[0]
