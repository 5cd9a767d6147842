"""Two servers on one PostgreSQL: what is said on one is told in the other's rooms [ROOM-56]."""

from __future__ import annotations

import pytest

from cellissimo.crdt.wire import Kind
from tests.contracts.postgres_server import fresh_database
from tests.server.pieces import made
from tests.server.running import running
from tests.server.sitting import sitting


@pytest.fixture
def servers(postgres, tmp_path):
    """Two servers of one database, whose clocks are a second apart."""
    with fresh_database(postgres(), "said") as where:
        folders = tmp_path / "one", tmp_path / "two"
        for folder in folders:
            folder.mkdir()
        with (
            running(folders[0], database_url=where) as one,
            running(folders[1], database_url=where) as two,
        ):
            two.clock.forward(seconds=1)
            yield one, two


def test_what_is_said_on_one_server_is_told_on_the_other(servers):
    """A line, a comment, its answer and the line's end, each once; one's own words not again."""
    one, two = servers
    here, there = one.as_("alice"), two.as_("alice")
    piece = made(here)
    with sitting(one, here, piece) as seat:
        line = there.post(f"rooms/{piece}/messages", json={"text": "from there"}).json()
        assert {"kind": "chat", "what": "made", "line": line} == seat.news("chat")
        own = here.post(f"rooms/{piece}/messages", json={"text": "from here"}).json()
        assert own == seat.news("chat")["line"]
        body = {"text": "softer", "target": {"kind": "song"}}
        thread = there.post(f"rooms/{piece}/comments", json=body).json()
        assert {"kind": "comment", "what": "made", "comment": thread} == seat.news("comment")
        answer = {"text": "why?", "replyTo": thread["id"]}
        answered = there.post(f"rooms/{piece}/comments", json=answer).json()
        told = seat.news("comment")
        assert ("changed", answered) == (told["what"], told["comment"])
        there.delete(f"messages/{line['id']}")
        assert {"kind": "chat", "what": "removed", "line": {"id": line["id"]}} == seat.news("chat")
        news = [frame.said["kind"] for frame in seat.heard if frame.kind is Kind.NEWS]
        assert (3, 2) == (news.count("chat"), news.count("comment"))
