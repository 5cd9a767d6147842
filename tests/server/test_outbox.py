"""What waits for a session that reads slowly: bounded, in order, and nobody else's trouble."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from urllib.parse import urlsplit

import pytest
from tornado.websocket import WebSocketProtocol13
from websockets.sync.client import connect

from cellissimo.crdt import wire
from cellissimo.notation.song_file import print_song
from cellissimo.schema import models
from cellissimo_server.rooms import bounds, outbox
from cellissimo_server.rooms.outbox import LEAST_READ, MOST_AT_ALL, MOST_WAITING, Outbox
from cellissimo_server.web.socket import LEAST_TAKEN, PatientProtocol
from tests.server.pieces import made
from tests.server.running import running
from tests.server.sitting import Deaf, Sitting, address, sitting, ticket


class Narrow(Deaf):
    """A line that takes one frame at a time, when the test says so."""

    def __init__(self):
        """Nothing is under way."""
        super().__init__()
        self.writing, self.read = None, 0

    def write(self, frame):
        """Begin to send a frame."""
        assert self.writing is None or self.writing.done()
        self.frames.append(frame)
        self.writing = asyncio.get_running_loop().create_future()
        return self.writing

    def taken(self):
        """What the test says."""
        return self.read

    async def sent(self):
        """The frame that was being sent is sent."""
        self.writing.set_result(None)
        await asyncio.sleep(0)


def run(test):
    """Run a test with an outbox, its line, and what it was told."""

    async def inside():
        line, drained = Narrow(), []
        box = Outbox(line, lambda: drained.append(1), bounds.Bound(bounds.MOST_SENT_OUT))
        await test(box, line, drained)

    asyncio.run(inside())


def test_frames_are_sent_in_their_order_one_at_a_time():
    """[ROOM-17] The next one begins when the one before is sent."""

    async def test(box, line, _):
        for frame in (b"1", b"2", b"3"):
            box.send(frame)
        assert ([b"1"], 2) == (line.frames, box.waiting)
        await line.sent()
        assert ([b"1", b"2"], 1) == (line.frames, box.waiting)
        await line.sent()
        await line.sent()
        assert ([b"1", b"2", b"3"], True, 3) == (line.frames, box.is_idle, box.sent)

    run(test)


def test_a_slow_reader_is_told_of_no_more_edits_until_it_has_read():
    """[ROOM-17] It remembers where it stood; then everything comes as one."""

    async def test(box, line, drained):
        half = bytes(MOST_WAITING // 2)
        assert [True, True, True, False, False] == [
            box.tell(half, state) for state in (b"a", b"b", b"c", b"d", b"e")
        ]
        assert (b"d", MOST_WAITING) == (box.behind, box.waiting)
        box.send(b"kept")
        box.offer(b"a cursor")
        for _ in range(4):
            assert [] == drained
            await line.sent()
        assert ([1], b"kept") == (drained, line.frames[-1])
        box.catch_up(b"all")
        assert (b"all", None) == (line.frames[-1], box.behind)
        assert box.tell(b"more", b"f")

    run(test)


def test_who_stays_behind_is_closed(monkeypatch):
    """[ROOM-17] After half a minute, with 4408, and what waited is gone."""
    monkeypatch.setattr(outbox, "PATIENCE_S", 0)

    async def test(box, line, _):
        for _ in range(4):
            box.tell(bytes(MOST_WAITING), b"s")
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert (4408, 0, False) == (line.code, box.waiting, box.is_open)

    run(test)


def test_who_reads_slowly_is_not_closed_for_it(monkeypatch):
    """[ROOM-17] A large document takes its time on a slow line; who stops reading is closed."""
    monkeypatch.setattr(outbox, "PATIENCE_S", 0)

    async def test(box, line, _):
        box.answer(bytes(40 * MOST_AT_ALL))
        for _ in range(4):
            box.tell(bytes(MOST_WAITING), b"s")
        for _ in range(5):
            line.read += LEAST_READ
            await asyncio.sleep(0)
            assert (None, b"s") == (line.code, box.behind)
        line.read += LEAST_READ - 1
        await asyncio.sleep(0)
        assert 4408 == line.code

    run(test)


def test_a_document_that_was_asked_for_is_no_burden_of_small_frames():
    """[ROOM-17] However large it is, and though something is being sent; the rest is bounded."""

    async def test(box, line, _):
        box.send(b"where the document stands")
        box.answer(bytes(3 * MOST_AT_ALL))
        for _ in range(MOST_AT_ALL // 1000):
            box.send(bytes(1000))
        assert (None, True) == (line.code, box.is_full)
        box.send(bytes(1000))
        assert (4408, 0) == (line.code, box.waiting)

    run(test)


def test_what_waits_for_all_together_is_bounded():
    """[ROOM-17] Whoever lets the most wait is closed; what was read or cut counts no more."""

    async def test():
        bound, lines = bounds.Bound(1000), [Narrow() for _ in range(4)]
        boxes = [Outbox(line, lambda: None, bound) for line in lines]
        for box, size in zip(boxes, (200, 400, 300, 0), strict=True):
            box.answer(bytes(size))
        assert 900 == bound.size
        boxes[3].send(bytes(200))
        assert ([None, 4408, None, None], 700) == ([line.code for line in lines], bound.size)
        await lines[0].sent()
        assert 500 == bound.size
        boxes[2].cut()
        boxes[2].cut()
        assert 200 == bound.size
        boxes[0].answer(bytes(700))
        boxes[3].send(bytes(200))
        assert ([4408, 4408, 1006, None], 400) == ([line.code for line in lines], bound.size)

    asyncio.run(test())


def test_answers_that_nobody_reads_end_too():
    """[ROOM-17] What has to arrive is bounded as well."""

    async def test(box, line, _):
        for _ in range(MOST_AT_ALL // 1000 + 2):
            box.send(bytes(1000))
        assert (4408, 0) == (line.code, box.waiting)

    run(test)


def test_a_goodbye_comes_behind_what_waits(monkeypatch):
    """[WIRE-7] A refusal is read before the room closes; who never reads is cut off."""

    async def test(box, line, _):
        box.send(b"1")
        box.send(b"refused")
        box.finish(4403, "no")
        box.send(b"too late")
        assert line.code is None
        await line.sent()
        assert line.code is None
        await line.sent()
        assert ([b"1", b"refused"], 4403) == (line.frames, line.code)

    run(test)
    monkeypatch.setattr(outbox, "GOODBYE_S", 0)

    async def cut(box, line, _):
        box.send(b"1")
        box.finish(4403, "no")
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert 1006 == line.code

    run(cut)


# -- through the front door ------------------------------------------------------------------------


def many_notes(number):
    """An edit of about 60 kB."""
    notes = {f"{number}-{n}": models.Note(n, 10, 60, 100) for n in range(1500)}
    segment = models.Segment(f"many{number}", "t", "midi", 0, 3840, notes=notes)
    return lambda write: write.put(segment)


@contextlib.contextmanager
def stuck(server, client, piece, *, plain):
    """Somebody in a room whose line holds little, and who reads only when asked."""
    line = socket.create_connection(urlsplit(server.url).netloc.split(":"))
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
    where = address(server, piece, ticket(client, piece)["ticket"])
    no_way_out = {"close_timeout": 0.1}  # a goodbye stands behind what nobody reads
    with connect(
        where, sock=line, max_size=None, compression=None, max_queue=1, **no_way_out
    ) as opened:
        found = Sitting(opened)
        if not plain:
            found.greet()
        found.load()
        yield found


def narrowed(server, piece):
    """The newest place of a room, whose socket takes little at a time from now on."""
    places = server.services.rooms.of(piece).places
    place = places[max(places)]
    sending = place.outbox._line._socket.ws_connection.stream.socket
    sending.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 16)
    return place


def test_frames_of_every_size_arrive_whole_and_in_their_order(tmp_path):
    """[ROOM-24] Short, longer and very long ones, and short ones behind those."""
    sizes = (10, 125, 126, 65_535, 65_536, 3_000_000, 10, 200_000, 10)
    frames = [bytes([number]) * size for number, size in enumerate(sizes)]
    with running(tmp_path) as server:
        alice = server.as_("alice")
        piece = made(alice)
        with sitting(server, alice, piece) as one:
            (place,) = server.services.rooms.of(piece).places.values()

            async def send():
                for frame in frames:
                    place.outbox.send(frame)

            server.run(send())
            assert all(frame == one.socket.recv(timeout=20) for frame in frames)


@pytest.mark.parametrize("plain", [False, True], ids=["ours", "plain"])
def test_a_stuck_reader_catches_up_and_nobody_waits_for_it(tmp_path, plain):
    """[ROOM-17] What it has missed comes as one update once it reads again."""
    with running(tmp_path) as server:
        alice = server.as_("alice")
        piece = made(alice)
        with (
            sitting(server, alice, piece) as one,
            stuck(server, alice, piece, plain=plain) as slow,
        ):
            place, number = narrowed(server, piece), 0
            while place.outbox.behind is None:
                number += 1
                one.keep(many_notes(number))
            assert (True, True) == (number < 30, place.outbox.waiting <= MOST_WAITING)
            last = one.keep(cell(1)).seq
            slow.until(lambda _: slow.document.state == one.document.state)
            one.keep(cell(2))
            slow.until(lambda _: slow.document.state == one.document.state)
            assert print_song(one.document.revision) == print_song(slow.document.revision)
            if not plain:
                seqs = [frame.seq for frame in slow.heard if isinstance(frame, wire.Changes)]
                assert (sorted(set(seqs)), last + 1) == (seqs, seqs[-1])


def test_ten_who_read_nothing_hold_little_and_nobody_waits_for_them(tmp_path):
    """[ROOM-17] What waits for all ten is less than 8 MiB; others edit, and hear of all edits."""
    with running(tmp_path) as server, contextlib.ExitStack() as seats:
        alice = server.as_("alice")
        piece = made(alice)
        one, two = (seats.enter_context(sitting(server, alice, piece)) for _ in range(2))
        places, number, held = [], 0, 0
        for _ in range(10):
            seats.enter_context(stuck(server, alice, piece, plain=False))
            places.append(narrowed(server, piece))
        while any(place.outbox.behind is None for place in places):
            number += 1
            two.sees(one.keep(many_notes(number)).seq)
            held = max(held, sum(map(waiting_for, places)))
        two.sees(one.keep(cell(1)).seq)
        assert (True, True) == (number < 30, 0 < held < 8 * 2**20)
        assert one.document.state == two.document.state


def waiting_for(place):
    """The bytes that a server holds for a session: in its outbox, and in its socket's buffer."""
    stream = place.outbox._line._socket.ws_connection.stream
    return place.outbox.waiting + len(stream._write_buffer)


def cell(number):
    """The edit that sets one step."""
    return lambda write: write.set_step("a", "hat", number, models.Step(90))


class Stream:
    """A stream of which so many bytes are sent, and some wait."""

    def __init__(self):
        """Nothing is sent."""
        self._total_write_done_index, self.is_busy = 0, True

    def writing(self):
        """Whether bytes wait."""
        return self.is_busy


def test_a_line_that_takes_a_large_frame_is_not_asked_whether_it_is_there(monkeypatch):
    """[ROOM-17] The answer would come behind it, and too late; who takes nothing is asked."""
    asked = []
    monkeypatch.setattr(
        WebSocketProtocol13, "write_ping", lambda protocol, _: asked.append(protocol)
    )
    protocol, stream = PatientProtocol.__new__(PatientProtocol), Stream()
    protocol.stream = stream

    def is_asked(taken):
        stream._total_write_done_index += taken
        protocol._received_pong = False
        protocol.write_ping(b"")
        return not protocol._received_pong

    assert [False, False, True] == [is_asked(n) for n in (LEAST_TAKEN, 9 * LEAST_TAKEN, 1000)]
    stream.is_busy = False
    assert is_asked(9 * LEAST_TAKEN)
    assert [protocol] * 2 == asked
