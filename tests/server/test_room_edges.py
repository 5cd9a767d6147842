"""What comes between: who says nothing, and who may not read."""

from __future__ import annotations

import pytest

from cellissimo.crdt import wire
from cellissimo_server.rooms import room as rooms_room
from tests.server.pieces import made
from tests.server.running import running
from tests.server.sitting import is_sync, opened, ticket


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server on which nobody runs out of requests."""
    limits = {"writes_per_hour": 10**6, "reads_per_hour": 10**6}
    with running(tmp_path_factory.mktemp("edges"), **limits) as found:
        yield found


@pytest.fixture
def alice(server):
    """The owner of the pieces."""
    return server.as_("alice")


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
