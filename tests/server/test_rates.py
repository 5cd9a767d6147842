from __future__ import annotations

from collections.abc import Iterator

import pytest

from cellissimo_server.web.addresses import household_of
from tests.server.running import Running, running


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server of few requests, so that a test need not send a thousand."""
    limits = {"reads_per_hour": 10, "writes_per_hour": 4, "uploads_per_hour": 2}
    limits["guests_per_hour"] = 3
    with running(tmp_path_factory.mktemp("rates"), **limits) as found:
        yield found


def read(server: Running, name: str, times: int) -> list[int]:
    return [server.as_(name).get("users/me").status_code for _ in range(times)]


def write(server: Running, name: str, times: int) -> list[int]:
    client = server.as_(name)
    return [client.patch("users/me", json={"bio": "x"}).status_code for _ in range(times)]


def test_the_hour_of_reads_ends(server: Running) -> None:
    """So many and no more; the answer says when to come again, and then one is taken."""
    assert read(server, "ann", 11) == [200] * 10 + [429]
    refused = server.as_("ann").get("users/me")
    wait = int(refused.headers["Retry-After"])
    assert refused.json()["error"]["code"] == "too-many"
    assert wait == 360
    server.clock.forward(seconds=wait - 1)
    assert read(server, "ann", 1) == [429]
    server.clock.forward(seconds=1)
    assert read(server, "ann", 2) == [200, 429]


def test_an_hour_later_everything_may_be_asked_again(server: Running) -> None:
    """A bucket is full after an hour, and holds no more than an hour."""
    read(server, "bob", 11)
    server.clock.forward(hours=5)
    assert read(server, "bob", 11) == [200] * 10 + [429]


def test_reads_and_writes_have_their_own_hour(server: Running) -> None:
    """Whoever has written too much can still read."""
    assert write(server, "cat", 5) == [200] * 4 + [429]
    assert read(server, "cat", 1) == [200]


def test_a_batch_counts_as_one_write(server: Running) -> None:
    """However many changes are in it."""
    change = {"method": "PATCH", "path": "users/me", "body": {"bio": "x"}}
    client = server.as_("gus")
    for _ in range(4):
        done = client.post("batch", json={"requests": [change] * 10})
        assert [one["status"] for one in done.json()["responses"]] == [200] * 10
    assert client.post("batch", json={"requests": [change]}).status_code == 429


def test_everybody_has_their_own_hour(server: Running) -> None:
    """A class behind one address does not use up each other's requests."""
    assert write(server, "dan", 5)[-1] == 429
    assert write(server, "eve", 1) == [200]


def test_visitors_share_the_hour_of_their_address(server: Running) -> None:
    """Whoever does not say who they are is counted by where they come from."""
    answers = [server.client().get("search").status_code for _ in range(11)]
    assert answers[-1] == 429


def test_what_tells_of_the_server_costs_nothing(server: Running) -> None:
    """Health checks and pages that ask what the server is are never refused."""
    client = server.as_("fay")
    assert {client.get("about").status_code for _ in range(30)} == {200}


def test_the_usual_limits_of_an_hour(tmp_path) -> None:
    """1 000 reads, 100 writes and 20 uploads in an hour."""
    with running(tmp_path) as server:
        hourly = server.as_("ann").get("about").json()["limits"]["hourly"]
        assert hourly == {"reads": 1000, "writes": 100, "uploads": 20, "exempt": False}
        assert write(server, "ann", 101) == [200] * 100 + [429]


def test_the_person_of_a_plain_server_is_exempt(tmp_path) -> None:
    """On one's own machine nobody counts."""
    with running(tmp_path, many=False, writes_per_hour=2) as server:
        client = server.client("token plain")
        answers = [client.patch("users/me", json={"bio": "x"}).status_code for _ in range(5)]
        assert answers == [200] * 5


def test_an_address_brings_so_many_guests_an_hour(server: Running) -> None:
    """Whatever door they come by: each is a row, which is kept; who is a guest comes in again."""
    server.clock.forward(hours=2)
    alice = server.as_("alice")
    made = alice.post("loops", json={"name": "Loop", "length": 1, "isPublic": True}).json()["id"]
    came = [server.client() for _ in range(5)]
    tickets = [one.post(f"rooms/{made}/tickets", json={}).status_code for one in came[:2]]
    guests = [one.post("guests", json={}).status_code for one in came[2:4]]
    last = came[4].post(f"rooms/{made}/tickets", json={})
    assert ([201, 201], [201, 429], 429) == (tickets, guests, last.status_code)
    here = {"Origin": server.url.rstrip("/")}
    assert 201 == came[0].post(f"rooms/{made}/tickets", json={}, headers=here).status_code


@pytest.mark.parametrize(
    ("ip", "counted"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("", ""),
        ("not an address", "not an address"),
    ],
)
def test_one_connection_is_one_address(ip: str, counted: str) -> None:
    """Of IPv6 everybody has more addresses than could be counted: the network is what counts."""
    assert counted == household_of(ip)
