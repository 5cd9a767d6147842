from __future__ import annotations

import asyncio
import json
import uuid

import pytest

from cellissimo_server.commands.events import Event, Events, Listener
from cellissimo_server.commands.notify import notify
from cellissimo_server.store import users
from tests.server.running import Running


@pytest.fixture
def name(server: Running) -> str:
    """Somebody whom the server has met."""
    found = f"p{uuid.uuid4().hex[:8]}"
    server.as_(found).get("users/me")
    return found


def told(server: Running, name: str, kind: str = "fork") -> bool:
    """Tell somebody something, as every use case does it."""

    def work(db: object) -> bool:
        user = users.by_username(db, name)
        return notify(db, user.id, kind, None, None, {}, server.clock())

    done = server.run(server.services.database.write(work))
    server.loop.call_soon_threadsafe(server.services.events.nudge)
    return done


def test_notifications_are_listed_and_marked(server: Running, name: str) -> None:
    """Newest first, with how many are unread; a mark takes one off."""
    told(server, name)
    server.clock.forward(seconds=1)
    told(server, name, "invite")
    client = server.as_(name)
    said = client.get("notifications").json()
    assert [one["kind"] for one in said["notifications"]] == ["invite", "fork"]
    assert (said["total"], said["unread"]) == (2, 2)
    first = said["notifications"][0]["id"]
    assert client.post("notifications/read", json={"ids": [first]}).json() == {
        "marked": 1,
        "unread": 1,
    }
    unread = client.get("notifications?unread=true").json()
    assert [one["kind"] for one in unread["notifications"]] == ["fork"]
    assert client.post("notifications/read", json={"all": True}).json()["unread"] == 0


def test_nobody_marks_what_is_not_theirs(server: Running, name: str) -> None:
    """Somebody else's id changes nothing."""
    told(server, name)
    one = server.as_(name).get("notifications").json()["notifications"][0]
    marked = server.as_("mallory").post("notifications/read", json={"ids": [one["id"]]})
    assert marked.json()["marked"] == 0
    assert server.as_(name).get("notifications").json()["unread"] == 1


def test_what_somebody_does_not_want_is_not_told(server: Running, name: str) -> None:
    """A choice of one kind leaves the others."""
    choice = {"preferences": {"notifications": {"fork": False}}}
    server.as_(name).patch("users/me", json=choice)
    assert told(server, name, "fork") is False
    assert told(server, name, "offer") is True


def events(lines: object) -> object:
    """The events of a stream, as pairs of kind and JSON."""
    kind = ""
    for line in lines:
        if line.startswith("event: "):
            kind = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield kind, json.loads(line.removeprefix("data: "))


def test_who_listens_is_told_at_once(server: Running, name: str) -> None:
    """A page that is open needs no reload."""
    with server.as_(name).stream("GET", "events") as answer:
        assert answer.headers["Content-Type"] == "text/event-stream"
        lines = answer.iter_lines()
        assert next(lines) == "retry: 3000"
        told(server, name)
        kind, said = next(events(lines))
    assert (kind, said["kind"]) == ("notification", "fork")


def test_who_comes_back_is_told_what_they_missed(server: Running, name: str) -> None:
    """The browser says which event it heard last; what came after is told again."""
    told(server, name)
    heard = server.as_(name).get("notifications").json()["notifications"][0]["id"]
    server.clock.forward(seconds=1)
    told(server, name, "offer")
    with server.as_(name).stream("GET", "events", headers={"Last-Event-ID": heard}) as answer:
        _, said = next(events(answer.iter_lines()))
    assert said["kind"] == "offer"


def test_a_slow_listener_costs_no_memory(server: Running, name: str) -> None:
    """What waits for somebody who does not listen is bounded; the newest is kept."""
    listener = Listener("x", set())
    for number in range(1000):
        listener.tell(Event("notification", str(number), {}))
    assert listener.queue.qsize() <= 100
    last = [listener.queue.get_nowait() for _ in range(listener.queue.qsize())][-1]
    assert last.id == "999"


def test_listening_that_ends_as_the_server_stops_does_not_hold_it_up(server: Running) -> None:
    """Whoever hangs up in the very moment in which listening is closed: it closes all the same."""

    async def hang_up() -> None:
        for _ in range(20):
            events = Events(server.services.database)
            async with events.listening("somebody"):
                await server.services.database.read(lambda db: db.row(int, "SELECT 1"))
            closing = asyncio.ensure_future(events.close())
            await asyncio.wait([closing], timeout=10)
            assert closing.done()

    server.run(hang_up())
