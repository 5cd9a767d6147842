"""The time of day steps by a day while people play: nobody is thrown out, nothing is lost."""

import pytest

from cellissimo.crdt import awareness, wire
from cellissimo.crdt.wire import Kind
from cellissimo.notation.song_file import print_song
from cellissimo.schema import models
from cellissimo_server.rooms import room
from cellissimo_server.store import versions
from tests.server.pieces import made
from tests.server.running import running
from tests.server.sitting import Closed, opened, sitting, ticket

DAY_S = 24 * 3600


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server whose time the tests move, with its store in a file."""
    limits = {"writes_per_hour": 10**6, "reads_per_hour": 10**6}
    with running(tmp_path_factory.mktemp("clocks"), database_url="", **limits) as found:
        yield found


@pytest.fixture
def ann(server):
    """The owner of the pieces."""
    return server.as_("ann")


@pytest.fixture
def piece(server, ann):
    """A piece of hers, in which ben edits."""
    found = made(ann)
    server.as_("ben").get("users/me")
    body = {"username": "ben", "role": "contributor"}
    assert 201 == ann.post(f"projects/{found}/members", json=body).status_code
    return found


def edit(number):
    """The edit that sets one step."""
    return lambda write: write.set_step("a", "hat", number, models.Step(90))


def says(client, place):
    """The frame in which a client says where it is."""
    state = {"place": place}
    return wire.Presence(awareness.write([awareness.entry(client, 1, state)]))


def clocks_of(one):
    """The clocks under which somebody was told of others."""
    frames = [frame for frame in one.heard if frame.kind is Kind.PRESENCE]
    return [entry.clock for frame in frames for entry in awareness.read(frame.content)]


@pytest.mark.parametrize("steps", [(1, -1), (-1, 1)], ids=["there-and-back", "back-and-there"])
def test_a_day_forward_or_back_is_not_heard_in_a_room(server, ann, piece, steps):
    """[ROOM-21] [WIRE-12] Members and guests stay, edits are kept and told, leads stay."""
    link = ann.post(f"projects/{piece}/share", json={"rights": ["listen", "edit"]}).json()
    given = ticket(server.client(), piece, name="Gina", link=link["shareToken"])
    with (
        sitting(server, ann, piece) as one,
        sitting(server, server.as_("ben"), piece) as other,
        opened(server, piece, given["ticket"]) as guest,
    ):
        guest.greet()
        guest.load()
        seq = one.hello["seq"]
        for number, days in enumerate(steps):
            server.clock.forward(days=days)
            server.run(server.services.rooms._look_up())
            for at, author in enumerate((one, other, guest)):
                seq += 1
                assert seq == author.keep(edit(3 * number + at)).seq
        song = ann.get(f"projects/{piece}/song").text
        for author in (one, other, guest):
            while song != print_song(author.document.revision):
                author.read()
        stamps = [frame.stamp for frame in other.heard if isinstance(frame, wire.Changes)]
        assert sorted(stamps) == stamps
        assert stamps[-1] - stamps[0] < DAY_S * 1000 / 24
        one.send(wire.Said(Kind.TRANSPORT, {"do": "play", "tick": 0, "of": "song"}))
        told = other.until(lambda f: f.kind is Kind.TRANSPORT and f.said["playing"]).said
        assert one.hello["session"] == told["leader"]


def test_a_ticket_lives_for_a_minute_whatever_the_clock_does(server, ann, piece):
    """[WIRE-1] [ROOM-25] One of before a step opens nothing after it; the next one does."""
    for days in (1, -1):
        before = ticket(ann, piece)["ticket"]
        server.clock.forward(days=days)
        with opened(server, piece, before) as late, pytest.raises(Closed) as closed:
            late.read()
        assert 4401 == closed.value.code
        with opened(server, piece, ticket(ann, piece)["ticket"]) as one:
            assert one.greet()["session"]


def test_versions_come_by_themselves_after_a_step_back(server, ann, piece):
    """[ROOM-7] After 15 minutes of work that were 15 minutes, and not after a day."""

    def automatic():
        database = server.services.database
        server.run(server.services.documents.settled())
        found = server.run(database.read(lambda db: versions.newest(db, piece_id=piece)))
        return found and found.kind

    with sitting(server, ann, piece) as one:
        one.keep(edit(1))
        server.clock.forward(days=-1)
        one.keep(edit(2))
        assert automatic() is None
        server.clock.forward(hours=0.3)
        one.keep(edit(3))
        assert "automatic" == automatic()
    server.clock.forward(days=1)


def test_presence_goes_on_after_a_step_back(server, ann, piece, monkeypatch):
    """[ROOM-40] A room that opens again counts on: plain clients see who is there by that alone."""
    monkeypatch.setattr(room, "EMPTY_S", 0.5)
    ben, told = server.as_("ben"), []
    for days in (0, -1):
        server.clock.forward(days=days)
        with sitting(server, ben, piece) as other, sitting(server, ann, piece) as one:
            other.send(says(77, "song"))
            one.until(lambda frame: frame.kind is Kind.PRESENCE and clocks_of(one)[-1:] > [0])
            told.append(clocks_of(one))
        server.run(server.services.rooms.left(piece))
    assert max(told[0]) < min(told[1])
    server.clock.forward(days=1)


def test_what_was_done_stands_in_its_order(server, ann, piece):
    """History and chat go by revisions and numbers, also where the dates go back."""
    with sitting(server, ann, piece) as one:
        for number in range(4):
            one.keep(edit(number))
            ann.post(f"rooms/{piece}/messages", json={"text": f"line {number}"})
            server.clock.forward(days=(1, -2, 1, 0)[number])
    lines = ann.get(f"rooms/{piece}/messages").json()["messages"]
    assert [f"line {number}" for number in (3, 2, 1, 0)] == [line["text"] for line in lines]
    seqs = [one["seq"] for one in ann.get(f"projects/{piece}/history").json()["revisions"]]
    assert sorted(seqs, reverse=True) == seqs
