"""Rooms through their front door: tickets, edits, what others hear, and who is refused."""

from __future__ import annotations

import pytest

from cellissimo.crdt import wire
from cellissimo.notation.song_file import print_song
from cellissimo.schema import models
from tests.server.pieces import made
from tests.server.running import running
from tests.server.sitting import is_sync, opened, sitting, ticket

STEP = models.Step(90)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server on which nobody runs out of requests."""
    limits = {"writes_per_hour": 10**6, "reads_per_hour": 10**6}
    with running(tmp_path_factory.mktemp("rooms"), **limits) as found:
        yield found


@pytest.fixture
def alice(server):
    """The owner of the pieces."""
    return server.as_("alice")


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
    """[WIRE-1] Used again, for another room, old or invented: 4401."""
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
