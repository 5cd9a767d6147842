"""Two servers on one folder: the second says who holds it, and works through the first."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.server.child import Child, child
from tests.server.sitting import opened, ticket


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Child, Child]]:
    """A server, and one that was started after it on the same data."""
    folder = tmp_path_factory.mktemp("two")
    with child(folder, "first") as first, child(folder, "second") as second:
        yield first, second


def test_the_second_says_who_holds_the_files(two: tuple[Child, Child]) -> None:
    """Its page about itself names the first one's address and process."""
    first, second = two
    with second.client() as client:
        held = client.get("about").json()["heldBy"]
    assert (held["url"], held["process"]) == (first.url, first.process.pid)
    assert any("is held by the server with process id" in line for line in second.said)
    with first.client() as client:
        assert client.get("about").json()["heldBy"] is None


def test_what_the_second_is_asked_the_first_does(two: tuple[Child, Child]) -> None:
    """A project that was made through one is there through the other, of the same person."""
    first, second = two
    with first.client() as near, second.client() as far:
        made = far.post("projects", json={"name": "Made far"})
        assert made.status_code == 201
        address = f"projects/{made.json()['id']}"
        assert near.get(address).json()["role"] == "owner"
        match = {"If-Match": made.headers["ETag"]}
        changed = far.patch(address, json={"name": "New"}, headers=match)
        assert changed.headers["ETag"] == near.get(address).headers["ETag"]
        assert far.get("users/me").json()["id"] == near.get("users/me").json()["id"]
        assert far.get("users/me").json()["siteRole"] == "admin"
        song = far.get(f"{address}/song")
        assert song.headers["Content-Type"].startswith("text/plain")
        assert song.text == near.get(f"{address}/song").text
        assert far.delete(address).json() == {"success": True}
        assert near.get(address).status_code == 404


def test_rooms_come_through(two: tuple[Child, Child]) -> None:
    """Two people play together, each over their own server; a ticket opens it here alone once."""
    first, second = two
    with first.client() as near, second.client() as far:
        piece = far.post("projects", json={"name": "Together"}).json()["id"]
        given = [ticket(client, piece) for client in (near, far)]
        assert [urlsplit(one.url).path + f"cellissimo/rooms/{piece}" for one in two] == [
            one["url"] for one in given
        ]
        tickets = [one["ticket"] for one in given]
        with opened(first, piece, tickets[0]) as one, opened(second, piece, tickets[1]) as other:
            for sitting in (one, other):
                sitting.greet()
                sitting.load()
            assert 2 == other.keep(lambda write: write.set_song_field("name", "Far")).seq
            one.sees(2)
            one.keep(lambda write: write.set_song_field("key", "D"))
            other.sees(3)
            assert ("Far", "D major") == (one.document.revision.name, other.document.revision.key)
            other.send(b"\x02")
            assert 4400 == other.closed()
        with opened(second, piece, tickets[1]) as again:
            assert 4401 == again.closed()


def test_events_come_through(two: tuple[Child, Child]) -> None:
    """A stream of the first one's events is told by the second as it happens."""
    _, second = two
    with second.client() as client, client.stream("GET", "events") as answer:
        assert answer.headers["Content-Type"] == "text/event-stream"
        assert next(answer.iter_lines()) == "retry: 3000"


def test_the_second_lets_nobody_in_whom_jupyter_does_not_know(two: tuple[Child, Child]) -> None:
    """Its own login decides; a visitor of the second is a visitor of the first."""
    _, second = two
    with second.client(Authorization="token wrong") as client:
        assert client.get("users/me").status_code == 401
        assert client.get("about").json()["user"] is None
        behalf = {"Cellissimo-On-Behalf-Of": "root"}
        assert client.get("users/me", headers=behalf).status_code == 401


def test_a_guest_of_the_second_is_remembered(two: tuple[Child, Child]) -> None:
    """The cookie goes through, and comes back."""
    _, second = two
    with second.client(Authorization="") as client:
        made = client.post("guests", json={"displayName": "Ann"})
        assert made.status_code == 201
        assert client.get("users/me").json()["displayName"] == "Ann"


def test_the_way_in_is_for_the_same_user_only(two: tuple[Child, Child]) -> None:
    """The file with the tokens can be read by its owner alone."""
    first, _ = two
    note = next((first.home.parent / "data").glob("holder.tokens"))
    assert stat.S_IMODE(note.stat().st_mode) == 0o600
    assert note.stat().st_uid == os.getuid()
    for secret in json.loads(note.read_text()).values():
        assert secret not in "".join(first.said)


def test_when_the_first_is_gone_the_second_says_so(tmp_path) -> None:
    """It answers what to do; started again, it has the files."""
    with child(tmp_path, "first") as first, child(tmp_path, "second") as second:
        with first.client() as client:
            made = client.post("projects", json={"name": "Kept"}).json()["id"]
        assert first.stop() == 0
        with second.client() as client:
            gone = client.get("projects")
        assert gone.status_code == 503
        assert "Start this server again" in gone.json()["error"]["cure"]
        second.stop()
    with child(tmp_path, "third") as third, third.client() as client:
        assert client.get("about").json()["heldBy"] is None
        assert client.get(f"projects/{made}").json()["name"] == "Kept"
