"""Any Yjs client with a ticket: the y-websocket provider from npm joins, edits and is seen."""

from __future__ import annotations

import contextlib
import json
import subprocess

from tests.conftest import ROOT
from tests.server.pieces import made
from tests.server.sitting import sitting, ticket

PEERS = ROOT / "extension" / "test" / "peers"
PATIENCE_S = 20


class Plain:
    """A client of the y-websocket protocol that knows nothing of the rest."""

    def __init__(self, process):
        """What it was told so far."""
        self.process = process
        self.said = []

    def does(self, **what):
        """Have it do something."""
        self.process.stdin.write(json.dumps(what) + "\n")
        self.process.stdin.flush()

    def until(self, key, wanted=lambda _: True):
        """Wait until it says something of that key; gives what it says."""
        while True:
            line = self.process.stdout.readline()
            assert line, f"it has ended, and said {self.said}"
            said = json.loads(line)
            self.said.append(said)
            if key in said and wanted(said[key]):
                return said[key]


@contextlib.contextmanager
def joined(server, client, piece, node):
    """A plain client in a room, with a ticket of its own."""
    room = f"{server.url.replace('http', 'ws', 1)}cellissimo/rooms"
    command = [
        node,
        PEERS / "yjs_client.mjs",
        room,
        piece,
        ticket(client, piece, via="other")["ticket"],
    ]
    process = subprocess.Popen(
        command, cwd=PEERS.parents[1], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with process:
        try:
            yield Plain(process)
        finally:
            process.kill()


def test_a_plain_yjs_client_joins_edits_and_is_seen(server, require_tool):
    """[WIRE-2] [WIRE-5] [WIRE-9] It has the document, and hears and is heard by who speaks more."""
    node = str(require_tool("node"))
    alice = server.as_("alice")
    piece = made(alice)
    with sitting(server, alice, piece) as one, joined(server, alice, piece, node) as plain:
        plain.until("synced", bool)
        one.keep(lambda write: write.set_song_field("name", "From us"))
        assert "From us" == plain.until("name", lambda name: name == "From us")
        plain.does(name="From a plain client")
        while one.document.revision.name != "From a plain client":
            one.read()
        assert "name From a plain client" in alice.get(f"projects/{piece}/song").text.replace(
            '"', ""
        )


def _is_at_the_song(state):
    return state.get("place") == "song"


def test_two_plain_clients_see_each_other(server, require_tool):
    """[WIRE-9] Who they are is the server's word; what they say of themselves is dropped."""
    node = str(require_tool("node"))
    alice = server.as_("alice")
    piece = made(alice)
    with joined(server, alice, piece, node) as one, joined(server, alice, piece, node) as other:
        one.until("synced", bool)
        other.until("synced", bool)
        other.does(state={"place": "song", "user": {"name": "somebody else"}})
        people = one.until("people", lambda people: any(map(_is_at_the_song, people.values())))
        [seen] = people.values()
        assert ("Alice", "other") == (seen["user"]["name"], seen["user"]["via"])
        one.does(name="Heard by the other")
        assert "Heard by the other" == other.until(
            "name", lambda name: name == "Heard by the other"
        )
