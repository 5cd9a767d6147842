"""Who is here and where they point, over real sockets of our own and of the y-websocket client."""

import contextlib
import json
import subprocess

import pytest

from cellissimo.crdt import awareness, wire
from cellissimo.crdt.wire import Kind
from cellissimo.schema import models
from cellissimo_server.rooms.cursors import cursor
from tests.conftest import ROOT
from tests.server.pieces import made
from tests.server.sitting import opened, sitting, ticket


@pytest.fixture
def piece(alice, server):
    """A piece of alice's, in which bob may listen."""
    found = made(alice)
    server.as_("bob").get("users/me")
    body = {"username": "bob", "role": "viewer"}
    assert 201 == alice.post(f"projects/{found}/members", json=body).status_code
    return found


def says(client, clock=1, **state):
    """The frame in which a client says something of itself."""
    return wire.Presence(awareness.write([awareness.entry(client, clock, state)]))


def here(one):
    """Who somebody sees, by client, from all that they were told; None: has gone."""
    found = {}
    for frame in one.heard:
        for entry in awareness.read(frame.content) if frame.kind is Kind.PRESENCE else ():
            found[entry.client] = None if entry.is_gone else entry.state()
    return found


def sees(one, client, wanted):
    """Wait until somebody sees of a client what is wanted; gives its state."""
    while not (client in here(one) and wanted(here(one)[client])):
        one.read()
    return here(one)[client]


def settled(one):
    """Everything that was sent before has had its turn, and its answer."""
    one.send(wire.Sync(wire.STATE, b"\x00"))
    one.until(lambda frame: frame.kind is Kind.SYNC and frame.step == wire.ANSWER)


def test_name_and_role_are_the_servers(server, alice, piece):
    """[WIRE-2] [WIRE-9] Whoever comes sees who is here, as the room knows them."""
    with sitting(server, alice, piece) as one, sitting(server, server.as_("bob"), piece) as two:
        two.send(says(7, user={"name": "Alice", "role": "owner"}, place="loop:a", x=1))
        user = {**two.hello["person"], "role": "viewer", "session": two.hello["session"]}
        expected = {"place": "loop:a", "activity": "idle", "user": {**user, "via": "page"}}
        assert expected == sees(one, 7, bool)
        with sitting(server, alice, piece) as three:
            assert expected == sees(three, 7, bool)
            three.send(wire.AskPresence())
            three.until(lambda frame: frame.kind is Kind.PRESENCE)
        assert {} == here(two)


def test_who_leaves_is_gone_at_once(server, alice, piece):
    """[WIRE-10] However they leave: by goodbye, by a cut line, or put out."""
    bob = server.as_("bob")
    with sitting(server, alice, piece) as one:
        with sitting(server, bob, piece) as two:
            two.send(says(7))
            sees(one, 7, bool)
        sees(one, 7, lambda state: state is None)
        with sitting(server, bob, piece) as two:
            two.send(says(8))
            sees(one, 8, bool)
            two.socket.socket.close()
            sees(one, 8, lambda state: state is None)
        with sitting(server, bob, piece) as two:
            two.send(says(9))
            sees(one, 9, bool)
            alice.delete(f"projects/{piece}/members/{two.hello['person']['id']}")
            assert 4404 == two.closed()
            sees(one, 9, lambda state: state is None)


def test_nobody_speaks_for_somebody_else(server, alice, piece):
    """[WIRE-10] News of another person's client is refused, and its sender put out."""
    with sitting(server, alice, piece) as one, sitting(server, server.as_("bob"), piece) as two:
        one.send(says(7, place="song"))
        sees(two, 7, bool)
        (entry,) = awareness.read(
            next(frame for frame in two.heard if frame.kind is Kind.PRESENCE).content
        )
        two.send(wire.Presence(awareness.write([entry])))
        settled(two)
        two.send(says(7, entry.clock + 100, place="loop:a"))
        assert 4409 == two.closed()
        assert "somebody else's" in str(two.socket.close_reason)
        settled(one)
        with sitting(server, alice, piece) as three:
            assert "song" == sees(three, 7, bool)["place"]


def test_nobody_keeps_an_author_out_by_a_presence_under_their_replica(server, alice, piece):
    """[WIRE-10] [ROOM-20] Who is only here under an id does not own what was written as it."""
    with sitting(server, alice, piece) as one, sitting(server, server.as_("bob"), piece) as two:
        one.keep(lambda write: write.set_step("a", "hat", 3, models.Step(90)))
        two.send(says(one.document.replica))
        settled(two)
        one.keep(lambda write: write.set_step("a", "hat", 4, models.Step(90)))


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (says(7, place="x" * 2_000), 4413),
        (wire.Presence(b"\x05"), 4400),
        (wire.Presence(awareness.write([awareness.Entry(7, 1, b"[1]")])), 4400),
        (wire.Cursor(b"\x09\x00\x00"), 4400),
        (wire.Cursor(b"\x01\x00"), 4400),
    ],
)
def test_what_is_none_closes_the_session(server, alice, piece, frame, code):
    """[WIRE-9] [WIRE-11] The others stay, and go on."""
    with sitting(server, alice, piece) as one, sitting(server, alice, piece) as two:
        one.send(frame)
        assert code == one.closed()
        two.keep(lambda write: write.set_step("a", "hat", 3, models.Step(90)))


def test_an_edit_makes_its_author_edit(server, alice, piece):
    """[WIRE-9] The room sees it before anybody says so."""
    with sitting(server, alice, piece) as one, sitting(server, alice, piece) as two:
        two.send(says(7, activity="listening"))
        assert "listening" == sees(one, 7, bool)["activity"]
        two.keep(lambda write: write.set_step("a", "hat", 3, models.Step(90)))
        sees(one, 7, lambda state: state["activity"] == "editing")
        shown = alice.get(f"rooms/{piece}").json()["participants"]
        assert ["idle", "editing"] == [session["activity"] for session in shown]
        assert {"online"} == {session["state"] for session in shown}
        members = alice.get(f"projects/{piece}/members").json()["collaborators"]
        found = [(one["presence"], one["currentActivity"]) for one in members]
        assert [("online", "editing"), ("offline", "idle")] == found


def test_a_role_that_changes_is_seen(server, alice, piece):
    """[WIRE-9] Whoever becomes a contributor is one to all who are here."""
    with sitting(server, alice, piece) as one, sitting(server, server.as_("bob"), piece) as two:
        two.send(says(7))
        assert "viewer" == sees(one, 7, bool)["user"]["role"]
        where = f"projects/{piece}/members/{two.hello['person']['id']}"
        assert 200 == alice.patch(where, json={"role": "contributor"}).status_code
        sees(one, 7, lambda state: state["user"]["role"] == "contributor")


def pointed(one):
    """Where somebody was told that others point, frame by frame."""
    return [dict(frame.pointed) for frame in one.heard if isinstance(frame, wire.Cursors)]


def test_the_newest_cursor_reaches_the_others(server, alice, piece):
    """[WIRE-11] Of what comes quickly the first and the last arrive; nobody gets their own."""
    with sitting(server, alice, piece) as one, sitting(server, alice, piece) as two:
        for tick in range(200):
            one.send(wire.Cursor(cursor(2, 0, tick)))
        last = {one.hello["session"]: cursor(2, 0, 199)}
        two.until(lambda frame: isinstance(frame, wire.Cursors) and dict(frame.pointed) == last)
        assert 200 > len(pointed(two))
        settled(one)
        assert [] == pointed(one)
        with sitting(server, alice, piece) as three:
            assert last == pointed(three)[0]
        one.send(wire.Cursor(cursor(0)))
        two.until(lambda frame: isinstance(frame, wire.Cursors))
        assert {one.hello["session"]: cursor(0)} == pointed(two)[-1]


def test_cursors_come_more_rarely_in_a_large_room(server, alice, piece, monkeypatch):
    """[WIRE-11] Among sixteen people a cursor comes every 200 ms of the room's clock."""
    now = [1_000.0]
    monkeypatch.setattr(server.services.rooms, "clock", lambda: now[0])
    with contextlib.ExitStack() as stack:
        seats = [stack.enter_context(sitting(server, alice, piece)) for _ in range(16)]
        one, two = seats[:2]
        one.send(wire.Cursor(cursor(1, 0, 1)))
        two.until(wire.Cursors)
        for later, tick in ((100.0, 2), (99.0, 3), (0.0, 4)):
            now[0] += later
            one.send(wire.Cursor(cursor(1, 0, tick)))
            settled(one)
        now[0] += 1.0
        two.until(wire.Cursors)
        session = one.hello["session"]
        assert [{session: cursor(1, 0, tick)} for tick in (1, 4)] == pointed(two)


# -- the plain client of y-websocket ---------------------------------------------------------------


class Plain:
    """A y-websocket provider in a process of its own."""

    def __init__(self, process):
        """It has come in."""
        self.process = process
        self.client = self.until(lambda said: said.get("synced"))["client"]

    def do(self, **what):
        """Let it do something."""
        self.process.stdin.write(json.dumps(what) + "\n")
        self.process.stdin.flush()

    def until(self, wanted):
        """What it sees first of what is wanted."""
        for line in self.process.stdout:
            said = json.loads(line)
            if wanted(said):
                return said
        pytest.fail(f"the client has ended: {self.process.stderr.read()}")

    def sees(self, wanted):
        """The people around it, once they are as wanted."""
        return self.until(lambda said: "people" in said and wanted(said["people"]))["people"]


@contextlib.contextmanager
def plain(server, client, piece, node):
    """A plain client in a room."""
    given = ticket(client, piece, via="other")["ticket"]
    address = f"{server.url.replace('http', 'ws', 1)}cellissimo/rooms"
    script = ROOT / "extension" / "test" / "peers" / "yjs_client.mjs"
    process = subprocess.Popen(
        [node, str(script), address, piece, given],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield Plain(process)
        finally:
            process.kill()


def test_plain_clients_and_ours_see_each_other(server, alice, piece, require_tool):
    """[WIRE-2] [WIRE-9] [WIRE-10] States both ways, under the names that the server knows."""
    node = require_tool("node")
    with (
        sitting(server, alice, piece) as one,
        plain(server, alice, piece, node) as first,
        plain(server, server.as_("bob"), piece, node) as second,
    ):
        first.do(state={"user": {"name": "Mallory"}, "cursor": {"anchor": 3}})
        told = sees(one, first.client, lambda state: state and state.get("cursor"))
        assert ("Alice", "other") == (told["user"]["name"], told["user"]["via"])
        one.send(says(7, place="loop:a"))
        second.do(state={"user": {"name": "Bob?"}})
        for client in (first, second):
            others = {"7"} | {str(other.client) for other in (first, second)} - {str(client.client)}
            people = client.sees(lambda people, others=others: others <= people.keys())
            assert {"Alice", "Bob"} >= {state["user"]["name"] for state in people.values()}
            assert "loop:a" == people["7"]["place"]
        first.do(name="Renamed")
        one.until(wire.Changes)
        assert "Renamed" == one.document.revision.name
        second.until(lambda said: said.get("name") == "Renamed")
        first.process.kill()
        sees(one, first.client, lambda state: state is None)
        second.sees(lambda people: str(first.client) not in people)
        settled(one)


def test_a_plain_client_that_speaks_for_another_is_put_out(server, alice, piece, require_tool):
    """[WIRE-10] It repeats what it hears unharmed; a forged state of somebody else ends it."""
    with (
        sitting(server, alice, piece) as one,
        plain(server, server.as_("bob"), piece, require_tool("node")) as other,
    ):
        one.send(says(7, place="song"))
        other.do(state={})
        other.sees(lambda people: "7" in people)
        sees(one, other.client, bool)
        other.do(speakFor=[7, 1 << 50, {"place": "loop:a"}])
        sees(one, other.client, lambda state: state is None)
        with sitting(server, alice, piece) as two:
            assert "song" == sees(two, 7, bool)["place"]


def test_a_plain_client_alone_hears_something(server, alice, piece, monkeypatch):
    """[WIRE-2] After fifteen seconds, so that it does not take the room for gone."""
    now = [1_000.0]
    monkeypatch.setattr(server.services.rooms, "clock", lambda: now[0])
    with sitting(server, alice, piece, plain=True) as one:
        one.send(says(7))
        settled(one)
        now[0] += 15_000
        one.send(wire.AskPresence())
        assert () == awareness.read(one.until(wire.Presence).content)
        with sitting(server, alice, piece) as two:
            two.send(says(8))
            first = sees(one, 8, bool)
            now[0] += 15_000
            one.send(wire.AskPresence())
            settled(one)
            frames = [frame for frame in one.heard if isinstance(frame, wire.Presence)]
            told = [entry for frame in frames for entry in awareness.read(frame.content)]
            assert first == told[-1].state()
            assert told[0].clock < told[-1].clock


def test_a_line_that_only_opens_the_door_is_told_who_is_here(server, alice, piece):
    """[WIRE-2] Before it says anything at all."""
    with sitting(server, alice, piece) as one:
        one.send(says(7))
        settled(one)
        with opened(server, piece, ticket(alice, piece)["ticket"]) as silent:
            assert sees(silent, 7, bool)
