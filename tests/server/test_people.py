from __future__ import annotations

import uuid

import pytest

from cellissimo_server.commands.guests import purge_guests
from cellissimo_server.store import users
from tests.server.running import Running


@pytest.fixture
def name() -> str:
    """Somebody whom the server has not met."""
    return f"p{uuid.uuid4().hex[:8]}"


def test_somebody_is_known_from_their_first_request(server: Running, name: str) -> None:
    """Jupyter's identity is ours: nothing has to be registered."""
    me = server.as_(name).get("users/me").json()
    assert (me["username"], me["displayName"], me["kind"]) == (name, name.title(), "person")
    assert me["preferences"]["defaultTempo"] == 120
    assert me["siteRole"] == "member"


def test_a_change_of_a_profile_stays(server: Running, name: str) -> None:
    """What was sent is changed, what was not stays."""
    client = server.as_(name)
    answer = client.patch("users/me", json={"bio": "cello", "preferences": {"defaultTempo": 90}})
    assert answer.status_code == 200
    choice = {"preferences": {"notifications": {"fork": False}}}
    after = client.patch("users/me", json=choice).json()
    assert after["bio"] == "cello"
    assert after["preferences"]["defaultTempo"] == 90
    assert after["preferences"]["notifications"]["fork"] is False
    assert after["preferences"]["notifications"]["invite"] is True


def test_a_change_for_an_older_profile_is_refused_with_both_values(
    server: Running, name: str
) -> None:
    """Whoever was slower learns what they wanted and what is there."""
    client = server.as_(name)
    old = client.get("users/me").headers["ETag"]
    client.patch("users/me", json={"bio": "first"}, headers={"If-Match": old})
    late = client.patch("users/me", json={"bio": "second"}, headers={"If-Match": old})
    assert late.status_code == 412
    error = late.json()["error"]
    assert (error["yours"], error["theirs"]) == ({"bio": "second"}, {"bio": "first"})


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "http://a b"])
def test_a_picture_is_an_address_of_the_web(server: Running, name: str, address: str) -> None:
    """What a browser could run as a script is refused."""
    answer = server.as_(name).patch("users/me", json={"avatarUrl": address})
    assert answer.status_code == 400
    assert answer.json()["error"]["field"] == "avatarUrl"


def test_a_profile_is_kept_for_ten_minutes_and_forgotten_when_it_changes(
    server: Running, name: str
) -> None:
    """Everybody sees a change at once; a row changed by another server after ten minutes."""
    server.as_(name).get("users/me")
    look = server.as_("bob")
    assert look.get(f"users/{name}").json()["bio"] == ""
    server.as_(name).patch("users/me", json={"bio": "new"})
    assert look.get(f"users/{name}").json()["bio"] == "new"
    behind_our_back(server, name, bio="newer")
    assert look.get(f"users/{name}").json()["bio"] == "new"
    server.clock.forward(seconds=601)
    assert look.get(f"users/{name}").json()["bio"] == "newer"


def behind_our_back(server: Running, name: str, **changes: object) -> None:
    """Change somebody's row as another server on the same database would."""

    def work(db: object) -> None:
        users.change(db, users.by_username(db, name).id, None, **changes)

    server.run(server.services.database.write(work))


def test_a_profile_tells_no_secrets(server: Running, name: str) -> None:
    """Nobody learns somebody's address, role or settings."""
    server.as_(name).get("users/me")
    said = server.as_("bob").get(f"users/{name}").json()
    assert {"email", "preferences", "siteRole"} & set(said) == set()
    assert (said["publicLoops"], said["publicSongs"]) == (0, 0)


def test_usage_says_what_is_used_and_what_may_be(server: Running, name: str) -> None:
    """A newcomer has all of every quota left."""
    usage = server.as_(name).get("users/me/usage").json()
    assert usage["loops"] == {"used": 0, "quota": 1000}
    assert usage["samples"] == {"used": 0, "quota": 100_000_000}


# ---------------------------------------------------------------------------------------- guests


def test_a_guest_is_remembered_by_a_cookie_that_scripts_cannot_read(server: Running) -> None:
    """The cookie is HttpOnly, stays on this site, and makes the next request the guest's."""
    client = server.client()
    answer = client.post("guests", json={"displayName": "Ann"})
    assert answer.status_code == 201
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    me = client.get("users/me").json()
    assert (me["displayName"], me["kind"]) == ("Ann", "guest")


def test_a_guest_is_remembered_for_ninety_days_after_the_last_visit(server: Running) -> None:
    """Each visit counts anew; after ninety days without one nobody is there."""
    token = server.client().post("guests", json={}).json()["token"]
    client = server.client(f"Bearer {token}")
    for _ in range(3):
        server.clock.forward(days=80)
        assert client.get("users/me").status_code == 200
    server.clock.forward(days=91)
    assert client.get("users/me").status_code == 401


def test_a_guest_gets_no_kernel(server: Running) -> None:
    """Guests are people of our interface only: Jupyter does not know them."""
    client = server.client()
    client.post("guests", json={})
    assert client.get("users/me").status_code == 200
    started = client.post(f"{server.url}api/kernels", headers={"Origin": server.url.rstrip("/")})
    assert started.status_code in {401, 403}


def test_guests_who_made_nothing_leave_nothing_behind(server: Running) -> None:
    """Two days after their last visit they are as if they had never come; others stay."""
    alice = server.as_("alice")
    made = alice.post("loops", json={"name": "Loop", "length": 1}).json()["id"]
    share = alice.post(f"loops/{made}/share", json={"rights": ["fork", "comment"]}).json()
    link = {"X-Cellissimo-Link": share["shareToken"]}

    def come() -> tuple[str, str]:
        answer = server.client().post("guests", json={}).json()
        return answer["user"]["username"], f"Bearer {answer['token']}"

    def is_known(username: str) -> bool:
        return alice.get(f"users/{username}").status_code == 200

    (passer, _), (forker, one), (talker, other) = come(), come(), come()
    forked = server.client(one).post(f"shared/{share['shareToken']}/fork", json={})
    assert 201 == forked.status_code
    said = server.client(other, **link).post(f"rooms/{made}/messages", json={"text": "hi"})
    assert said.status_code < 300
    talker_id = server.client(other).get("users/me").json()["id"]
    server.clock.forward(hours=47)
    server.run(purge_guests(server.services))
    assert [True] * 3 == [is_known(one) for one in (passer, forker, talker)]
    server.clock.forward(hours=2)
    later, _ = come()
    server.run(purge_guests(server.services))
    assert [False, True, True, True] == [is_known(one) for one in (passer, forker, talker, later)]
    server.clock.forward(days=91)
    server.run(purge_guests(server.services))
    assert [False, False] == [is_known(one) for one in (forker, talker)]
    left = server.services.database.read(lambda db: users.by_id(db, talker_id))
    assert "Somebody who left" == server.run(left).display_name


def test_guests_who_stay_away_are_forgotten(server: Running) -> None:
    """After ninety days a guest's profile is gone, and what they made is in the trash."""
    made = server.client().post("guests", json={}).json()
    server.clock.forward(days=91)
    assert server.run(purge_guests(server.services)) >= 1
    assert server.as_("bob").get(f"users/{made['user']['username']}").status_code == 404
