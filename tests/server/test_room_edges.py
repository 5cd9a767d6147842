"""What comes between: who says nothing, who may not read, who says odd things."""

from __future__ import annotations

import asyncio

import pytest

from cellissimo.crdt import awareness, wire
from cellissimo.crdt.awareness import Entry
from cellissimo.crdt.lib0 import number
from cellissimo.schema.models import Loop, Segment, Stem, Tempo
from cellissimo_server.rooms import outbox
from cellissimo_server.rooms import room as rooms_room
from tests.server.pieces import made
from tests.server.running import running
from tests.server.sitting import is_sync, opened, sitting, ticket
from tests.server.test_outbox import Narrow


def test_who_says_nothing_stays(server, alice, monkeypatch):
    """[ROOM-22] A room closes where nobody is, not where somebody listens without a word."""
    piece = made(alice)
    monkeypatch.setattr(rooms_room, "EMPTY_S", 0.2)
    with opened(server, piece, ticket(alice, piece)["ticket"]) as one:
        one.until(lambda frame: is_sync(frame, wire.STATE))
        with pytest.raises(TimeoutError):
            one.socket.recv(timeout=1)


def test_a_token_that_may_not_read_opens_no_room(server, alice):
    """[WIRE-1] All of a piece can be read in its room."""
    piece = made(alice)
    answer = alice.post("tokens", json={"name": "blind", "scopes": ["write"]})
    script = server.client(f"Bearer {answer.json()['token']}")
    assert 403 == script.post(f"rooms/{piece}/tickets", json={}).status_code


def test_a_clock_at_the_end_of_numbers_harms_nobody_else(server, alice):
    """[WIRE-10] Whoever sends one is put out; the others stay, and hear of each other."""
    piece = made(alice)
    last = wire.Presence(awareness.join([Entry(7, (1 << 53) - 1, b"{}").pack()]))
    with sitting(server, alice, piece) as one:
        with opened(server, piece, ticket(alice, piece)["ticket"]) as other:
            other.send(last)
            assert 4400 == other.closed()
        with sitting(server, alice, piece) as third:
            third.send(wire.Presence(awareness.join([Entry(8, 1, b"{}").pack()])))
            one.until(lambda frame: frame.kind is wire.Kind.PRESENCE and frame.content[1] == 8)
        one.send(wire.Cursor(bytes(3)))
        assert 2 == one.keep(lambda write: write.set_tempo(0, Tempo(99))).seq


def test_who_may_only_listen_keeps_nobody_busy(tmp_path):
    """[ROOM-18] Of whoever may edit nothing, an eighth of the bytes is looked at."""
    replicas = range(1 << 20, (1 << 20) + 20_000)
    large = wire.Sync(
        wire.STATE, number(len(replicas)) + b"".join(number(n) + b"\x01" for n in replicas)
    )
    assert 70_000 < len(large.pack()) < 110_000
    with running(tmp_path, room_bytes_per_s=len(large.pack())) as server:
        alice = server.as_("alice")
        piece = made(alice)
        assert 200 == alice.patch(f"projects/{piece}", json={"visibility": "public"}).status_code
        with sitting(server, alice, piece) as one, sitting(server, server.as_("bob"), piece) as two:
            for each in (one, two):
                for _ in range(4):
                    each.send(large)
            assert 4429 == two.closed()
            assert 2 == one.keep(lambda write: write.set_tempo(0, Tempo(99))).seq


@pytest.mark.parametrize("way", ["takes", "removes", "replaces"])
def test_who_may_only_add_stems_touches_no_loop(server, alice, way):
    """[GATE-14] A segment of a new stem under the id of a loop is no way to that loop."""
    piece = made(alice)
    adder = server.as_("adder")
    adder.get("users/me")
    flags = {"canEdit": False, "canAddStems": True, "canDeleteStems": True}
    body = {"username": "adder", "role": "contributor", **flags}
    assert 201 == alice.post(f"projects/{piece}/collaborators", json=body).status_code

    def change(write):
        write.put(Stem("mine", "Mine"))
        write.put(Segment("a", "mine", "pattern", 0, 960))
        if way != "takes":
            del write._root("loops")["a"]
        if way == "replaces":
            write.set_loop(Loop("a", "Mine alone", bars=1))

    with sitting(server, adder, piece) as one:
        one.tell(one.edit(change))
        assert 4403 == one.closed()


def test_an_edit_that_holds_nothing_is_acknowledged_and_no_bytes_are_no_edit(server, alice):
    """[WIRE-5] [GATE-2] The empty update is one; it makes no revision."""
    piece = made(alice)
    with sitting(server, alice, piece) as one:
        one.tell(b"\x00\x00")
        assert 1 == one.kept().seq
        one.tell(b"")
        refused = one.until(wire.Refused)
        assert (2, "invalid") == (refused.number, refused.error["code"])
        assert 4400 == one.closed()


async def _read_on(line, is_enough):
    """A slow line takes what waits, frame by frame, until it is enough; None takes nothing."""
    async with asyncio.timeout(10):
        while not is_enough():
            if line and line.writing is not None and not line.writing.done():
                line.writing.set_result(None)
            await asyncio.sleep(0)


def test_who_is_behind_and_asks_where_the_document_is_comes_back(server, alice, monkeypatch):
    """[ROOM-17] Both are answered once the line is free, and the seat is free when it is cut."""
    piece, line = made(alice), Narrow()
    monkeypatch.setattr(outbox, "MOST_WAITING", 100)
    given = ticket(alice, piece)["ticket"]
    hello = wire.Said(wire.Kind.HELLO, {"protocol": 1, "via": "page", "epoch": ""})

    async def slow():
        services = server.services
        asked = (await services.tickets.redeem(given, piece)).asked
        seated = await services.rooms.join(asked, line)
        room, place = seated.room, seated.place
        room.receive(place, hello, 1)
        await _read_on(None, lambda: place.outbox.is_full)
        await services.documents.edit(piece, "", lambda document: _tempo(document, 99))
        room.receive(place, wire.Sync(wire.STATE, b"\x00"), 1)
        await _read_on(None, lambda: place.outbox.behind and place.outbox.is_awaited)
        answer = bytes((wire.Kind.SYNC, wire.ANSWER))
        is_answered = lambda: any(frame.startswith(answer) for frame in line.frames)  # noqa: E731
        await _read_on(line, lambda: is_answered() and place.outbox.behind is None)
        room.leave(place)
        await _read_on(line, lambda: not room.places)

    server.run(slow())


def _tempo(document, bpm):
    with document.edit() as write:
        write.set_tempo(0, Tempo(bpm))
