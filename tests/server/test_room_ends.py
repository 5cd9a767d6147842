"""Whoever is put out is gone, whatever they had sent: nothing waits, and no seat is kept."""

from __future__ import annotations

import asyncio

from cellissimo.crdt import wire
from cellissimo_server.rooms import outbox
from cellissimo_server.rooms import room as rooms_room
from cellissimo_server.rooms.room import State
from cellissimo_server.web.room_socket import RoomSocket
from tests.server.pieces import made
from tests.server.sitting import Deaf, opened, ticket
from tests.server.test_outbox import Narrow

HELLO = wire.Said(wire.Kind.HELLO, {"protocol": 1, "via": "page", "epoch": ""})
ASKED = wire.Sync(wire.STATE, b"\x00")
POINTED = wire.Cursor(bytes(3))


async def seated(server, piece, given, line):
    """Somebody in a room, behind a line of the test's."""
    asked = (await server.services.tickets.redeem(given, piece)).asked
    return await server.services.rooms.join(asked, line)


def filled(there, size=1):
    """Send until no more is read; what the socket waits for then."""
    while (waiting := there.room.receive(there.place, POINTED, size)) is None:
        pass
    return waiting


async def until(is_so):
    """Let others have their turn until it is so."""
    async with asyncio.timeout(10):
        while not is_so():  # noqa: ASYNC110 - what becomes so says nothing to anybody
            await asyncio.sleep(0)


def test_who_reads_too_slowly_for_an_answer_leaves_no_seat_behind(server, monkeypatch):
    """[ROOM-17] What they sent behind their question is read on, so that their goodbye is."""
    alice = server.as_("alice")
    piece, line = made(alice), Narrow()
    monkeypatch.setattr(outbox, "MOST_WAITING", 100)
    given = ticket(alice, piece)["ticket"]

    async def slow():
        there = await seated(server, piece, given, line)
        box = there.place.outbox
        there.room.receive(there.place, HELLO, 1)
        await until(lambda: box.is_full)
        there.room.receive(there.place, ASKED, 1)
        await until(lambda: box.is_awaited)
        waiting = filled(there)
        box.send(bytes(outbox.MOST_AT_ALL))
        assert 4408 == line.code
        line.writing.set_result(None)  # the socket is gone
        await until(waiting.done)
        there.room.leave(there.place)
        await until(lambda: not there.room.places)

    server.run(slow())


def test_who_lets_most_wait_of_all_leaves_no_seat_behind(server, monkeypatch):
    """[ROOM-18] Their socket is read to its end, also where it waited for room."""
    alice = server.as_("alice")
    piece, lines = made(alice), (Deaf(), Deaf())
    given = [ticket(alice, piece)["ticket"] for _ in lines]
    bound = server.services.rooms._bounds.sent_in

    async def flood():
        one, other = [
            await seated(server, piece, each, line) for each, line in zip(given, lines, strict=True)
        ]
        monkeypatch.setattr(bound, "_most", 1000)
        waiting = filled(one)
        later = one.room.receive(one.place, POINTED, 2000)
        assert (True, False) == (one.place.is_over, other.place.is_over)
        assert (True, None) == (waiting.done(), later)
        for each in (one, other):
            each.room.leave(each.place)
        await until(lambda: not one.room.places)

    server.run(flood())


def test_a_room_that_fails_keeps_nothing_of_who_was_there(server, monkeypatch):
    """[ROOM-18] What waited there counts no more, and is waited for no more."""
    alice = server.as_("alice")
    piece, line = made(alice), Deaf()
    given = ticket(alice, piece)["ticket"]
    bound = server.services.rooms._bounds.sent_in

    async def broken(_):
        raise ZeroDivisionError

    async def fail():
        shares = set(bound._shares)
        there = await seated(server, piece, given, line)
        monkeypatch.setattr(rooms_room.Room, "_turn", broken)
        waiting = filled(there, 100)
        await until(lambda: there.room.state is State.CLOSED)
        assert (4500, True) == (line.code, waiting.done())
        assert (0, shares) == (bound.size, bound._shares)

    server.run(fail())


def test_a_line_that_is_gone_before_it_opens_is_no_fault(server, monkeypatch, caplog):
    """[ROOM-22] Whoever hangs up at once is let in and out again; the log has no error."""
    alice = server.as_("alice")
    piece = made(alice)
    given = ticket(alice, piece)["ticket"]

    def gone(self, _):
        self.ws_connection.stream.close()

    monkeypatch.setattr(RoomSocket, "set_nodelay", gone)
    with opened(server, piece, given) as one:
        assert 1006 == one.closed()

    async def left():
        await until(lambda: (room := server.services.rooms.of(piece)) and not room.places)

    server.run(left())
    assert [] == [one.getMessage() for one in caplog.records if one.exc_info]
