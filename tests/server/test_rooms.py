"""Rooms through their front door: tickets, edits, what others hear, and who is refused."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import queue
import threading
import uuid
import weakref

import pytest
from websockets.exceptions import ConnectionClosed

from cellissimo.crdt import wire
from cellissimo.crdt.wire import Kind
from cellissimo.notation.song_file import print_song
from cellissimo.schema import models
from cellissimo_server.commands import telling
from cellissimo_server.rooms import room
from cellissimo_server.store import pieces
from cellissimo_server.store.errors import StoreError, UnsureError
from tests.server.pieces import Replica, made
from tests.server.running import running
from tests.server.sitting import Deaf, is_sync, opened, sitting, ticket

STEP = models.Step(90)


def cell(number, row="hat"):
    """The edit that sets one step."""
    return lambda write: write.set_step("a", row, number, STEP)


def text_of(client, piece):
    """The song text of a piece."""
    return client.get(f"projects/{piece}/song").text


def test_an_edit_is_kept_and_the_others_hear_of_it(server, alice):
    """[WIRE-2] [WIRE-3] [WIRE-5] [WIRE-6] KEPT to its author, CHANGES to others, and on disk."""
    piece = made(alice)
    with sitting(server, alice, piece) as one, sitting(server, alice, piece) as two:
        assert (1, 1) == (one.hello["protocol"], one.hello["seq"])
        kept = one.keep(cell(3))
        assert (1, 2) == (kept.number, kept.seq)
        two.sees(2)
        assert print_song(one.document.revision) == print_song(two.document.revision)
        assert print_song(one.document.revision) == text_of(alice, piece)
        assert not any(isinstance(frame, wire.Changes) for frame in one.heard)


def test_a_plain_client_joins_edits_and_is_seen(server, alice):
    """[WIRE-2] Who speaks nothing but SYNC gets UPDATEs, and nothing of the rest."""
    piece = made(alice)
    with sitting(server, alice, piece) as one, sitting(server, alice, piece, plain=True) as plain:
        assert is_sync(plain.heard[0], wire.STATE)
        plain.send(wire.Sync(wire.UPDATE, plain.edit(cell(1))))
        one.sees(2)
        one.keep(cell(2))
        plain.until(lambda frame: is_sync(frame, wire.UPDATE))
        assert print_song(plain.document.revision) == text_of(alice, piece)
        assert {0} == {int(frame.kind) for frame in plain.heard}


def test_a_ticket_opens_one_room_once(server, alice):
    """[WIRE-1] [ROOM-25] Used again, for another room, old or invented: 4401."""
    piece, other = made(alice), made(alice)
    given = ticket(alice, piece)["ticket"]
    with opened(server, other, given) as wrong:
        assert 4401 == wrong.closed()
    with opened(server, piece, given) as right:
        right.greet()
        with opened(server, piece, given) as again:
            assert 4401 == again.closed()
    late = ticket(alice, piece)["ticket"]
    server.clock.forward(seconds=61)
    for bad in (late, late[:-2] + "AA", "", "x.y"):
        with opened(server, piece, bad) as found:
            assert 4401 == found.closed()


def test_a_room_that_is_new_lets_two_in_at_once(server, alice):
    """[ROOM-13] Two who open a room in one tick are in one room, and both are answered."""
    piece = made(alice)
    given = [ticket(alice, piece)["ticket"] for _ in range(2)]
    asked = [server.run(server.services.tickets.redeem(one, piece)).asked for one in given]

    async def both():
        rooms = server.services.rooms
        found = await asyncio.gather(*(rooms.join(one, Deaf()) for one in asked))
        return {id(one.room) for one in found}, [one.place.seat.session for one in found]

    same, sessions = server.run(both())
    assert (1, [1, 2]) == (len(same), sorted(sessions))


def test_a_room_that_closes_in_the_tick_of_its_last_edits_keeps_them_all(tmp_path):
    """[ROOM-23] What has come is kept and acknowledged; then everybody is told goodbye."""
    with running(tmp_path, database_url="") as server:
        alice = server.as_("alice")
        piece = made(alice)
        asked = server.run(
            server.services.tickets.redeem(ticket(alice, piece)["ticket"], piece)
        ).asked
        replica = Replica(alice, piece)
        updates = [replica.edit(cell(number)) for number in range(50)]
        line = Deaf()

        async def end():
            seated = await server.services.rooms.join(asked, line)
            hello = wire.Said(Kind.HELLO, {"protocol": 1, "via": "page", "epoch": ""})
            seated.room.receive(seated.place, hello, 1)
            for number, update in enumerate(updates, 1):
                seated.room.receive(seated.place, wire.Edit(number, update), len(update))
            await server.services.rooms.close()

        server.run(end())
        kept = [frame for frame in map(wire.read_room, line.frames) if isinstance(frame, wire.Kept)]
        assert (50, 51, 1012) == (kept[-1].number, kept[-1].seq, line.code)
        assert print_song(replica.document.revision) == text_of(alice, piece)


def test_a_server_that_stops_says_so(tmp_path):
    """[ROOM-23] Sessions are closed with 1012, and the next server has their edits."""
    with running(tmp_path, database_url="") as server:
        alice = server.as_("alice")
        piece = made(alice)
        with sitting(server, alice, piece) as one:
            for number in range(20):
                one.tell(one.edit(cell(number)))
            one.kept()
            server.run(server.services.rooms.close())
            assert 1012 == one.closed()
            said = print_song(one.document.revision)
    with running(tmp_path, database_url="") as server:
        assert said == text_of(server.as_("alice"), piece)


def test_edits_of_a_line_that_breaks_are_kept(server, alice):
    """[ROOM-14] Whoever goes away in the middle: what has arrived is neither lost nor torn."""
    piece = made(alice)
    with sitting(server, alice, piece) as other:
        with sitting(server, alice, piece) as one:
            for number in range(10):
                one.tell(one.edit(cell(number)))
            one.send(wire.Sync(wire.STATE, b"\x00"))
            one.until(lambda frame: is_sync(frame, wire.ANSWER))
            one.socket.socket.close()
        other.sees(11)
        assert print_song(other.document.revision) == text_of(alice, piece)


def test_what_rest_changes_is_heard_in_the_room(server, alice):
    """[ROOM-14] Every door leads through one document."""
    piece = made(alice)
    with sitting(server, alice, piece) as one:
        assert 200 == alice.patch(f"projects/{piece}", json={"name": "From outside"}).status_code
        one.sees(2)
        assert "From outside" == one.document.revision.name
        replica = Replica(alice, piece)
        assert 200 == replica.send(replica.edit(cell(5))).status_code
        one.sees(3)
        assert print_song(one.document.revision) == text_of(alice, piece)


def test_the_rows_follow_within_a_second(server, alice):
    """[ROOM-3] Lists say what the room says, a little later."""
    piece = made(alice)
    with sitting(server, alice, piece) as one:
        one.keep(lambda write: write.set_song_field("name", "Played in"))
        server.run(server.services.documents.settled())
        said = alice.get(f"projects/{piece}").json()
        assert ("Played in", 2) == (said["name"], said["seq"])


def test_a_refused_edit_takes_nothing_after_it(server, alice):
    """[WIRE-7] What came before it is kept, it and the rest are not; then the room closes."""
    piece = made(alice)
    with sitting(server, alice, piece) as one, sitting(server, alice, piece) as other:
        updates = [one.edit(cell(number)) for number in range(4)]
        one.tell(updates[0])
        one.tell(b"\xff\xff")
        one.tell(updates[1])
        assert (1, 2) == (one.kept(1).number, one.heard[-1].seq)
        refused = one.until(wire.Refused)
        assert (2, "invalid") == (refused.number, refused.error["code"])
        assert {"message", "cure", "field"} <= refused.error.keys()
        assert 4400 == one.closed()
        other.sees(2)
        other.keep(cell(7, "clap"))
        assert 3 == other.heard[-1].seq


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (wire.Edit(2, b"\x00\x00"), 4400),
        (b"\x02", 4400),
        (wire.Edit(1, bytes(4_000_001)), 4413),
        (bytes(4_200_000), 4413),
        (wire.Said(Kind.HELLO, {"protocol": 1}), 4400),
        (wire.Sync(wire.STATE, b"\xff\xff"), 4400),
    ],
    ids=["number", "kind", "large update", "large frame", "twice hello", "state"],
)
def test_what_is_no_frame_closes_its_session_alone(server, alice, frame, code):
    """Whoever sends it is told and closed; the others notice nothing."""
    piece = made(alice)
    with sitting(server, alice, piece) as one, sitting(server, alice, piece) as other:
        one.send(frame)
        assert code == one.closed()
        assert 2 == other.keep(cell(1)).seq


def test_frames_of_ours_need_a_hello(server, alice):
    """[WIRE-3] An EDIT of a session that never said HELLO is a frame that is none."""
    piece = made(alice)
    with sitting(server, alice, piece, plain=True) as plain:
        plain.tell(plain.edit(cell(1)))
        assert 4400 == plain.closed()
    with sitting(server, alice, piece, plain=True) as plain:
        plain.socket.send("text")
        assert 4400 == plain.closed()


def test_another_history_is_told_so(server, alice):
    """[WIRE-4] A replica of another founding is closed before it sends anything."""
    piece = made(alice)
    with opened(server, piece, ticket(alice, piece)["ticket"]) as one:
        one.send(wire.Said(Kind.HELLO, {"protocol": 1, "via": "page", "epoch": "other"}))
        assert 4409 == one.closed()
    epoch = Replica(alice, piece).epoch
    with opened(server, piece, ticket(alice, piece)["ticket"]) as one:
        assert epoch == one.greet(epoch=epoch)["epoch"]


def test_the_clock_is_answered_at_once(server, alice):
    """[WIRE-12] With the room's own milliseconds, which only grow."""
    piece = made(alice)
    with sitting(server, alice, piece) as one:
        for number in (1, 2):
            one.send(wire.Probe(number))
        first, second = one.until(wire.Time), one.until(wire.Time)
        assert (1, 2) == (first.number, second.number)
        assert one.hello["time"] <= first.time <= second.time


def test_a_flood_closes_its_session_alone(tmp_path):
    """[ROOM-18] More frames, or bytes, than a second holds: 4429."""
    limits = {"room_frames_per_s": 10, "room_bytes_per_s": 10_000}
    with running(tmp_path, **limits) as server:
        alice = server.as_("alice")
        piece = made(alice)
        with sitting(server, alice, piece) as other:
            with sitting(server, alice, piece) as one:
                with contextlib.suppress(ConnectionClosed):
                    for number in range(1000):
                        one.send(wire.Probe(number))
                assert 4429 == one.closed()
            with sitting(server, alice, piece) as one:
                one.send(wire.Sync(wire.UPDATE, bytes(200_000)))
                assert 4429 == one.closed()
            assert 2 == other.keep(cell(1)).seq


def test_an_unknown_command_is_answered(server, alice):
    """[WIRE-19] The session stays."""
    piece = made(alice)
    with sitting(server, alice, piece) as one:
        said = {"id": str(uuid.uuid4()), "name": "dance", "body": {}}
        one.send(wire.Said(Kind.COMMAND, said))
        answer = one.until(lambda frame: frame.kind is Kind.COMMAND).said
        assert (said["id"], True) == (answer["id"], "code" in answer["error"])
        assert 2 == one.keep(cell(1)).seq


def test_an_edit_that_cannot_be_kept_is_not_told(server, alice, monkeypatch):
    """[ROOM-15] Its author is closed with 4500; nobody heard of it, and it is not there."""
    piece = made(alice)
    database = server.services.database
    write = database.write

    async def full(work):
        if "_keep" in work.__qualname__:
            raise FullError
        return await write(work)

    with sitting(server, alice, piece) as one, sitting(server, alice, piece) as other:
        before = text_of(alice, piece)
        with monkeypatch.context() as patched:
            patched.setattr(database, "write", full)
            one.tell(one.edit(cell(1)))
            assert 4500 == one.closed()
        assert before == text_of(alice, piece)
        assert 2 == other.keep(cell(2)).seq
        assert print_song(other.document.revision) == text_of(alice, piece)


def test_an_edit_that_was_kept_after_all_is_heard(server, alice, monkeypatch):
    """[ROOM-15] Where the store does not know, the journal does: nobody misses what is in it."""
    piece = made(alice)
    database = server.services.database
    write = database.write

    async def unsure(work):
        found = await write(work)
        if "_keep" in work.__qualname__:
            raise UnsureError("lost at the commit", cure="look")
        return found

    with sitting(server, alice, piece) as one, sitting(server, alice, piece) as other:
        with monkeypatch.context() as patched:
            patched.setattr(database, "write", unsure)
            one.tell(one.edit(cell(1)))
            assert 4500 == one.closed()
        assert 3 == other.keep(cell(2)).seq
        other.send(wire.Sync(wire.STATE, other.document.state))
        other.until(lambda frame: is_sync(frame, wire.ANSWER))
        seqs = [frame.seq for frame in other.heard if isinstance(frame, wire.Changes)]
        assert [2] == seqs
        assert print_song(other.document.revision) == text_of(alice, piece)


def test_rows_follow_an_edit_that_was_kept_after_all(server, alice, monkeypatch):
    """[ROOM-3] [ROOM-15] Though nobody edits any more."""
    piece = made(alice)
    database, documents = server.services.database, server.services.documents
    write = database.write

    async def unsure(work):
        found = await write(work)
        if "_keep" in work.__qualname__:
            raise UnsureError("lost at the commit", cure="look")
        return found

    with sitting(server, alice, piece) as one, monkeypatch.context() as patched:
        patched.setattr(database, "write", unsure)
        one.tell(one.edit(cell(1)))
        assert 4500 == one.closed()
    server.run(documents.settled())
    assert 2 == server.run(database.read(lambda db: pieces.by_id(db, piece))).seq


def test_edits_that_come_together_are_told_together(server, alice):
    """[ROOM-24] [WIRE-6] In fewer frames than edits, in one order, each once."""
    piece = made(alice)
    with sitting(server, alice, piece) as one, sitting(server, alice, piece) as other:
        updates = [one.edit(cell(number)) for number in range(100)]
        for update in updates:
            one.tell(update)
        other.sees(101)
        heard = [frame for frame in other.heard if isinstance(frame, wire.Changes)]
        assert updates == [update for frame in heard for update in frame.updates]
        assert len(heard) < 50
        stamps = [(frame.seq, frame.stamp) for frame in heard]
        assert sorted(stamps) == stamps


def test_what_follows_a_command_waits_for_its_answer(server, alice, monkeypatch):
    """[ROOM-26] [WIRE-8] Others go on meanwhile."""
    piece = made(alice)
    go = asyncio.Event()

    async def slow(_room, _place, said):
        await go.wait()
        return {"id": said["id"], "seq": 0, "value": None}

    monkeypatch.setattr(server.services.rooms.commanding, "command", slow)
    with sitting(server, alice, piece) as one, sitting(server, alice, piece) as other:
        one.send(wire.Said(Kind.COMMAND, {"id": str(uuid.uuid4()), "name": "x", "body": {}}))
        one.tell(one.edit(cell(1)))
        one.send(wire.Sync(wire.STATE, b"\x00"))
        assert 2 == other.keep(cell(2)).seq
        server.loop.call_soon_threadsafe(go.set)
        one.until(lambda frame: is_sync(frame, wire.ANSWER))
        kinds = [frame.kind for frame in one.heard if frame.kind in (Kind.COMMAND, Kind.KEPT)]
        assert [Kind.COMMAND, Kind.KEPT] == kinds
        other.sees(3)


class FullError(StoreError):
    """The disk is full."""

    def __init__(self):
        super().__init__("full", cure="make room")


def test_a_room_without_anybody_leaves_memory_and_comes_back(server, alice, monkeypatch):
    """[ROOM-22] With a version of what was played, and the same song."""
    monkeypatch.setattr(room, "EMPTY_S", 0.01)
    piece = made(alice)
    with sitting(server, alice, piece) as one:
        one.keep(cell(1))
        said = print_song(one.document.revision)

    server.run(server.services.rooms.left(piece))
    kept = alice.get(f"projects/{piece}/versions").json()["versions"]
    assert [("automatic", 2)] == [(one["kind"], one["seq"]) for one in kept]
    assert piece not in server.services.documents._open
    with sitting(server, alice, piece) as one:
        assert said == print_song(one.document.revision)


def test_a_document_that_leaves_memory_is_freed_in_its_own_thread(server, alice, monkeypatch):
    """[ROOM-22] By itself: what is collected as garbage in another thread is never free again."""
    monkeypatch.setattr(room, "EMPTY_S", 0.01)
    monkeypatch.setattr(telling, "PAUSE_S", 0.01)
    piece, freed = made(alice), queue.Queue()
    gc.disable()
    try:
        with sitting(server, alice, piece) as one:
            one.keep(cell(1))
            held = server.services.documents._open[piece]
            watched = [
                weakref.ref(each, lambda _: freed.put(threading.get_ident()))
                for each in (held.document, held.gate, held.gate._twin)
            ]
            del held
        own = server.run(thread_of_the_loop())
        assert [own] * len(watched) == [freed.get(timeout=20) for _ in watched]
    finally:
        gc.enable()


async def thread_of_the_loop():
    """The thread whose the documents are."""
    return threading.get_ident()


def test_who_is_in_a_room_can_be_asked(server, alice):
    """Sessions with their people, and the figures of the room."""
    piece = made(alice)
    assert "empty" == alice.get(f"rooms/{piece}").json()["state"]
    with sitting(server, alice, piece) as one, sitting(server, alice, piece) as two:
        one.keep(cell(1))
        two.sees(2)
        said = alice.get(f"rooms/{piece}").json()
        assert ("ready", 2, 1, 0) == tuple(
            said[name] for name in ("state", "seq", "edits", "refusals")
        )
        assert [("Alice", "owner", "page")] * 2 == [
            (each["person"]["name"], each["role"], each["via"]) for each in said["participants"]
        ]
        assert all(each["sent"] > 0 for each in said["participants"])
        assert said["latency"]["p50"] is not None
    assert 404 == server.as_("stranger").get(f"rooms/{piece}").status_code


def test_a_room_says_what_it_is_called(server, alice):
    """[WIRE-3] In the ticket, in its HELLO and over HTTP; a loop of its own by its own name."""
    song = made(alice, models.Song("s", "Crossing"))
    loop = alice.post("loops", json={"name": "Groove", "length": 1}).json()["id"]
    for piece, name in ((song, "Crossing"), (loop, "Groove")):
        assert name == ticket(alice, piece)["name"] == alice.get(f"rooms/{piece}").json()["name"]
        with sitting(server, alice, piece) as one:
            assert name == one.hello["name"]
            if piece == song:
                one.keep(lambda write: write.set_song_field("name", "Crossed"))
                assert "Crossed" == alice.get(f"rooms/{piece}").json()["name"]
