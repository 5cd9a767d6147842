"""The thread of a kernel's line to a room: what goes wrong in it is said, and nobody waits."""

from __future__ import annotations

import itertools
import math
import socket
import threading

import pytest

import cellissimo as cm
from cellissimo.client import room_line
from cellissimo.client.http import Client
from cellissimo.client.room_peer import RoomPeer
from cellissimo.client.room_session import Coming, RoomSession
from cellissimo.crdt.document import DocumentError

NUMBERS = itertools.count()
PATIENCE_S = 20


@pytest.fixture
def ann(server):
    """A client of somebody, another one in every test."""
    with Client(server.url, f"ann{next(NUMBERS)}-token") as client:
        yield client


@pytest.fixture
def room(ann):
    """A room of hers, from a kernel."""
    found = cm.Song("Evening", tempo=92).join(on=ann)
    yield found
    found.leave()


def test_whoever_cannot_begin_is_told_and_does_not_wait():
    """A thread that fails at once is no room; nobody waits for it for ever."""
    failed = []

    def begin():
        try:
            RoomPeer(None, Coming(b"no document"), lambda: None)
        except DocumentError as error:
            failed.append(error)

    beginning = threading.Thread(target=begin, daemon=True)
    beginning.start()
    beginning.join(PATIENCE_S)
    assert 1 == len(failed)


def test_what_cannot_be_sent_silences_nobody(room, monkeypatch):
    """The line is cut, why is said, and the kernel comes back with all that waits."""
    song, said = room.thing, []
    outgoing, closed = RoomSession.outgoing, RoomSession.closed

    def spoil(session):
        if not said:
            raise KeyError("something of ours")
        return outgoing(session)

    def note(session, code, reason, now):
        said.append((code, reason))
        closed(session, code, reason, now)

    monkeypatch.setattr(RoomSession, "outgoing", spoil)
    monkeypatch.setattr(RoomSession, "closed", note)
    song.tempo = 120
    song.flush()
    ((code, reason), *_) = said
    assert (4500, True) == (code, "something of ours" in reason)
    assert (0, "live") == (room.unsaved, room.state)


@pytest.mark.parametrize("value", [math.nan, object()], ids=["nan", "object"])
def test_what_is_no_json_is_refused_where_it_is_said(room, value):
    """To whoever says it, and at once: the room goes on, and nothing is tried again for ever."""
    peer = room._peer
    with pytest.raises((TypeError, ValueError)):
        peer.command("chat.send", {"text": value}, PATIENCE_S)
    with pytest.raises((TypeError, ValueError)):
        peer.order(do="seek", tick=value)
    room.thing.tempo = 121
    room.thing.flush()
    assert "live" == room.state


class Passage:
    """A way to a server that can be slow, or swallow everything."""

    def __init__(self, port):
        """Open on a port of its own."""
        self.port, self.rate, self.is_mute = port, 0.0, False
        self.door = socket.create_server(("127.0.0.1", 0))
        self.ends = []
        threading.Thread(target=self._open, daemon=True).start()

    def _open(self):
        while True:
            try:
                here, _ = self.door.accept()
            except OSError:
                return
            there = socket.create_connection(("127.0.0.1", self.port))
            self.ends += [here, there]
            here.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 16)
            there.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
            threading.Thread(target=self._carry, args=(here, there, False), daemon=True).start()
            threading.Thread(target=self._carry, args=(there, here, True), daemon=True).start()

    def _carry(self, source, sink, is_back):
        pace = threading.Event()
        try:
            while content := source.recv(1 << 14):
                if is_back and self.rate:
                    pace.wait(len(content) / self.rate)
                if not self.is_mute:
                    sink.sendall(content)
        except OSError:
            pass
        for end in (source, sink):
            end.close()

    def close(self):
        """Nobody comes through any more."""
        for end in (self.door, *self.ends):
            end.close()


@pytest.fixture
def passage(server):
    """A way to the server."""
    found = Passage(int(server.url.rsplit(":", 1)[1].strip("/")))
    yield found
    found.close()


def test_a_line_on_which_nothing_comes_is_given_up(server, passage, monkeypatch):
    """The kernel is offline then, keeps what is done, and comes back."""
    monkeypatch.setattr(room_line, "SILENT_S", 0.5)
    monkeypatch.setattr(room_line, "LOOK_S", 0.1)
    monkeypatch.setattr("cellissimo.client.room_session.PROBE_S", 0.1)
    url = f"http://127.0.0.1:{passage.door.getsockname()[1]}/"
    with Client(url, f"ann{next(NUMBERS)}-token") as client:
        room = cm.Song("Evening", tempo=92).join(on=client)
        passage.is_mute = True
        assert room.wait(lambda view: view.state == "offline")
        room.thing.tempo = 99
        passage.is_mute = False
        room.thing.flush()
        assert "live" == room.state
        room.leave()
