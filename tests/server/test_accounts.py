from __future__ import annotations

import uuid

import pytest

from tests.server.running import Running


@pytest.fixture
def name(server: Running) -> str:
    """Somebody new, who is about to go."""
    found = f"p{uuid.uuid4().hex[:8]}"
    server.as_(found).get("users/me")
    return found


def made(server: Running, name: str, title: str, **members: str) -> str:
    """A project of somebody, with members by role, in the order in which they came."""
    piece = server.as_(name).post("projects", json={"name": title}).json()["id"]
    for member, role in members.items():
        server.as_(member).get("users/me")
        server.clock.forward(seconds=1)
        wanted = {"username": member, "role": role}
        answer = server.as_(name).post(f"projects/{piece}/collaborators", json=wanted)
        assert answer.status_code == 201, answer.text
    return piece


def gone(server: Running, name: str) -> object:
    return server.as_(name).request("DELETE", "users/me", json={"confirm": name})


def test_what_happens_is_said_first(server: Running, name: str) -> None:
    """Shared songs go to the admin of longest standing, then to whoever edits; others go."""
    made(server, name, "Band", ed="contributor", ann="admin", bea="admin")
    made(server, name, "Duo", vic="viewer", ed="contributor")
    made(server, name, "Alone")
    made(server, name, "Watched", vic="viewer")
    said = server.as_(name).get("users/me/deletion").json()
    fates = {
        one["name"]: (one["then"], one["to"] and one["to"]["username"]) for one in said["pieces"]
    }
    assert fates == {
        "Band": ("transfer", "ann"),
        "Duo": ("transfer", "ed"),
        "Alone": ("trash", None),
        "Watched": ("trash", None),
    }
    assert said["trashDays"] == 30


def test_deletion_does_what_was_said(server: Running, name: str) -> None:
    """The heir owns the song and is told; the rest is out of sight; the name is free again."""
    band = made(server, name, "Band", ann="admin")
    alone = made(server, name, "Alone", vic="viewer")
    assert gone(server, name).json() == {"success": True}
    project = server.as_("ann").get(f"projects/{band}").json()
    assert (project["owner"]["username"], project["role"]) == ("ann", "owner")
    told = server.as_("ann").get("notifications").json()["notifications"][0]
    assert told["words"] == "“Band” is yours now: its owner has left."
    assert server.as_("vic").get(f"projects/{alone}").status_code == 404
    assert server.as_("ann").get(f"users/{name}").status_code == 404


def test_who_comes_back_is_somebody_new(server: Running, name: str) -> None:
    """Nothing of the deleted account is theirs any more."""
    server.as_(name).patch("users/me", json={"bio": "before"})
    before = server.as_(name).get("users/me").json()["id"]
    made(server, name, "Alone")
    gone(server, name)
    after = server.as_(name).get("users/me").json()
    assert after["id"] != before
    assert after["bio"] == ""
    assert server.as_(name).get("projects").json()["total"] == 0


def test_deletion_wants_the_username(server: Running, name: str) -> None:
    """A request that was made by mistake deletes nothing."""
    answer = server.as_(name).request("DELETE", "users/me", json={"confirm": "yes"})
    assert answer.status_code == 400
    assert server.as_(name).get("users/me").status_code == 200


def test_a_token_deletes_no_account(server: Running, name: str) -> None:
    """Whoever finds a script's token cannot end its owner's account."""
    wanted = {"name": "script", "scopes": ["read", "write"]}
    token = server.as_(name).post("tokens", json=wanted).json()["token"]
    script = server.client(f"Bearer {token}")
    assert script.request("DELETE", "users/me", json={"confirm": name}).status_code == 403


def test_the_tokens_of_a_deleted_account_end(server: Running, name: str) -> None:
    """Scripts of somebody who left get in no more."""
    token = server.as_(name).post("tokens", json={"name": "script"}).json()["token"]
    script = server.client(f"Bearer {token}")
    assert script.get("users/me").status_code == 200
    gone(server, name)
    assert script.get("users/me").status_code == 401


# ---------------------------------------------------------------------------------------- claims


def guest(server: Running) -> tuple[dict, object]:
    answer = server.client().post("guests", json={}).json()
    return answer, server.client(f"Bearer {answer['token']}")


def forked(server: Running, client: object) -> str:
    """A song that somebody without an account made of a public one."""
    wanted = {"name": "For everybody", "visibility": "public"}
    public = server.as_("ann").post("projects", json=wanted).json()["id"]
    answer = client.post(f"projects/{public}/fork")
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def test_a_guest_who_signs_in_keeps_what_they_made(server: Running, name: str) -> None:
    """Songs, loops and memberships are the person's, and the guest is gone."""
    who, client = guest(server)
    song = forked(server, client)
    claimed = server.as_(name).post("users/me/claim", json={"guestToken": who["token"]})
    assert claimed.json()["songs"] == 1
    mine = server.as_(name).get(f"projects/{song}").json()
    assert (mine["role"], mine["owner"]["username"]) == ("owner", name)
    assert client.get("users/me").status_code == 401


def test_the_history_of_what_a_guest_made_names_the_person(server: Running, name: str) -> None:
    """Who wrote it is who claimed it."""
    who, client = guest(server)
    song = forked(server, client)
    server.as_(name).post("users/me/claim", json={"guestToken": who["token"]})
    revisions = server.as_(name).get(f"projects/{song}/history").json()["revisions"]
    assert [one["author"]["username"] for one in revisions] == [name] * len(revisions)
    assert revisions


def test_the_browser_of_a_guest_claims_without_a_token(server: Running, name: str) -> None:
    """The cookie is enough, and it is taken away."""
    client = server.as_(name)
    made_guest = server.client().post("guests", json={}).json()
    client.cookies.set("cellissimo-guest", made_guest["token"])
    answer = client.post("users/me/claim", json={})
    assert answer.status_code == 200
    assert answer.headers["Set-Cookie"].startswith('cellissimo-guest=""; expires=')


def test_a_claim_needs_the_guests_own_token(server: Running, name: str) -> None:
    """Neither an invented token nor the token of a person's script is a guest's."""
    token = server.as_("bob").post("tokens", json={"name": "script"}).json()["token"]
    for wrong in ("cel_invented", token):
        answer = server.as_(name).post("users/me/claim", json={"guestToken": wrong})
        assert answer.status_code == 400
