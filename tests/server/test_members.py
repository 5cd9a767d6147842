from __future__ import annotations

from typing import Any

import pytest

from tests.server.running import Running

FLAGS = ("canEdit", "canAddStems", "canDeleteStems", "canInviteOthers", "canExport")


@pytest.fixture
def project(server: Running) -> str:
    """The id of a fresh project of Alice's; Bob, Carol and Dave have been here."""
    for name in ("bob", "carol", "dave"):
        server.as_(name).get("users/me")
    return server.as_("alice").post("projects", json={"name": "Band"}).json()["id"]


def added(server: Running, project: str, username: str, **fields: Any) -> dict[str, Any]:
    """A member that Alice has added."""
    body = {"username": username, **fields}
    answer = server.as_("alice").post(f"projects/{project}/collaborators", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_the_owner_is_listed_first(server: Running, project: str) -> None:
    """Everybody in the project sees who is in it."""
    added(server, project, "bob", role="viewer")
    listed = server.as_("bob").get(f"projects/{project}/collaborators").json()["collaborators"]
    assert [(one["username"], one["role"]) for one in listed] == [
        ("alice", "owner"),
        ("bob", "viewer"),
    ]
    assert all(listed[0][flag] for flag in FLAGS)
    assert server.as_("dave").get(f"projects/{project}/collaborators").status_code == 404


def test_a_role_brings_its_usual_flags(server: Running, project: str) -> None:
    """A contributor edits, adds stems and exports, unless something else was said."""
    bob = added(server, project, "bob", role="contributor")
    assert [bob[flag] for flag in FLAGS] == [True, True, False, False, True]
    carol = added(server, project, "carol", role="contributor", canExport=False)
    assert carol["canExport"] is False
    dave = added(server, project, "dave", role="viewer", canEdit=True)
    assert dave["canEdit"] is False, "a viewer's flag to edit is not in force"
    seen = server.as_("bob").get(f"projects/{project}").json()
    assert seen["role"] == "contributor"
    assert seen["flags"]["canEdit"] is True


def test_a_new_member_is_told(server: Running, project: str) -> None:
    """Whoever is added finds a notification, and the project in their list."""
    added(server, project, "bob", role="contributor")
    told = server.as_("bob").get("notifications").json()["notifications"]
    assert ("invite", project) in {(one["kind"], one["pieceId"]) for one in told}
    shared = server.as_("bob").get("projects", params={"role": "member"}).json()["projects"]
    assert project in {one["id"] for one in shared}


def test_nobody_gives_more_than_they_have(server: Running, project: str) -> None:
    """An inviter without a flag cannot give it, nor a role above their own."""
    added(server, project, "bob", role="contributor", canInviteOthers=True)
    bob, address = server.as_("bob"), f"projects/{project}/collaborators"
    higher = bob.post(address, json={"username": "carol", "role": "admin"})
    assert higher.status_code == 403
    body = {"username": "carol", "role": "contributor", "canDeleteStems": True}
    assert bob.post(address, json=body).status_code == 403
    assert bob.post(address, json={"username": "carol", "role": "owner"}).status_code == 400
    given = bob.post(address, json={"username": "carol", "role": "contributor"})
    assert given.status_code == 201
    plain = server.as_("carol").post(address, json={"username": "dave", "role": "viewer"})
    assert plain.status_code == 403, "carol may not invite at all"


def test_an_admin_cannot_raise_themselves_above_their_flags(server: Running, project: str) -> None:
    """An admin without a flag can give it neither to others nor to themselves."""
    bob_row = added(server, project, "bob", role="admin", canDeleteStems=False)
    bob = server.as_("bob")
    mine = f"projects/{project}/collaborators/{bob_row['userId']}"
    assert bob.patch(mine, json={"canDeleteStems": True}).status_code == 403
    carol_row = added(server, project, "carol", role="viewer")
    hers = f"projects/{project}/collaborators/{carol_row['userId']}"
    assert bob.patch(hers, json={"role": "contributor"}).status_code == 200
    assert bob.patch(hers, json={"canDeleteStems": True}).status_code == 403


def test_a_change_of_a_member_is_made_for_one_revision(server: Running, project: str) -> None:
    """Two who change one member: the second is told both values."""
    row = added(server, project, "bob", role="contributor")
    alice, address = server.as_("alice"), f"projects/{project}/collaborators/{row['userId']}"
    match = {"If-Match": f'"{row["rev"]}"'}
    first = alice.patch(address, json={"canDeleteStems": True}, headers=match)
    assert first.json()["canDeleteStems"] is True
    assert first.json()["canEdit"] is True, "what is not sent stays"
    assert first.headers["ETag"] == f'"{row["rev"] + 1}"'
    second = alice.put(address, json={"role": "viewer"}, headers=match)
    assert second.status_code == 412
    assert second.json()["error"]["yours"] == {"role": "viewer"}
    assert second.json()["error"]["theirs"]["role"] == "contributor"


def test_members_leave_and_are_removed(server: Running, project: str) -> None:
    """Anybody may leave; only an admin or the owner removes others; the owner stays."""
    bob = added(server, project, "bob", role="contributor")["userId"]
    carol = added(server, project, "carol", role="contributor")["userId"]
    address = f"projects/{project}/collaborators"
    assert server.as_("carol").delete(f"{address}/{bob}").status_code == 403
    assert server.as_("bob").delete(f"{address}/{bob}").json() == {"success": True}
    assert server.as_("bob").get(f"projects/{project}").status_code == 404
    assert server.as_("alice").delete(f"{address}/{carol}").status_code == 200
    assert server.as_("alice").delete(f"{address}/{carol}").status_code == 404
    owner = server.as_("alice").get("users/me").json()["id"]
    assert server.as_("alice").delete(f"{address}/{owner}").status_code == 409


def test_links_of_a_removed_member_end(server: Running, project: str) -> None:
    """Nobody comes back through a link or an invite that they made before."""
    row = added(server, project, "bob", role="admin")
    bob, visitor = server.as_("bob"), server.client()
    token = bob.post(f"projects/{project}/share", json={}).json()["shareToken"]
    invite = bob.post(f"projects/{project}/invites", json={}).json()["inviteToken"]
    assert visitor.get(f"shared/{token}").status_code == 200
    server.as_("alice").delete(f"projects/{project}/collaborators/{row['userId']}")
    assert visitor.get(f"shared/{token}").status_code == 404
    assert server.as_("dave").get(f"invites/by-token/{invite}").status_code == 404


def test_an_invite_adds_one_member_once(server: Running, project: str) -> None:
    """The first who accepts is in; for anybody else the link is dead, whatever the reason."""
    alice = server.as_("alice")
    made = alice.post(f"projects/{project}/invites", json={"role": "contributor"})
    assert made.status_code == 201
    token, invite = made.json()["inviteToken"], made.json()["id"]
    assert made.json()["inviteUrl"].endswith(token)
    seen = server.as_("bob").get(f"invites/by-token/{token}").json()
    assert (seen["project"]["name"], seen["by"]["username"]) == ("Band", "alice")
    assert server.client().get(f"invites/by-token/{token}").status_code == 401
    member = server.as_("bob").post(f"invites/by-token/{token}/accept").json()
    assert (member["username"], member["role"]) == ("bob", "contributor")
    again = server.as_("bob").post(f"invites/by-token/{token}/accept")
    assert again.json()["joinedAt"] == member["joinedAt"]
    used = server.as_("carol").post(f"invites/by-token/{token}/accept")
    unknown = server.as_("carol").post("invites/by-token/nothing/accept")
    assert used.status_code == 404
    assert used.json() == unknown.json()
    listed = alice.get(f"projects/{project}/invites").json()["invites"]
    assert listed[0]["id"] == invite
    assert listed[0]["acceptedAt"] is not None
    assert token not in str(listed)
    assert alice.post(f"invites/by-token/{token}/accept").status_code in {404, 409}


def test_invites_end(server: Running, project: str) -> None:
    """An invite ends with its time, by being revoked, and for all but the one it names."""
    alice, address = server.as_("alice"), f"projects/{project}/invites"
    short = alice.post(address, json={"expiresIn": 1}).json()["inviteToken"]
    named = alice.post(address, json={"username": "carol", "expiresIn": None}).json()
    revoked = alice.post(address, json={}).json()
    assert server.as_("dave").get(f"invites/by-token/{named['inviteToken']}").status_code == 404
    assert server.as_("carol").get(f"invites/by-token/{named['inviteToken']}").status_code == 200
    assert server.as_("dave").delete(f"invites/{revoked['id']}").status_code == 404
    assert alice.delete(f"invites/{revoked['id']}").json() == {"success": True}
    assert server.as_("dave").get(f"invites/by-token/{revoked['inviteToken']}").status_code == 404
    assert server.as_("dave").get(f"invites/by-token/{short}").status_code == 200
    server.clock.forward(days=1)
    assert server.as_("dave").get(f"invites/by-token/{short}").status_code == 404


def test_only_hashes_of_tokens_are_kept(server: Running, project: str) -> None:
    """Whoever reads the database cannot open a link or accept an invite."""
    alice = server.as_("alice")
    tokens = [
        alice.post(f"projects/{project}/invites", json={}).json()["inviteToken"],
        alice.post(f"projects/{project}/share", json={}).json()["shareToken"],
    ]

    def everything(db: Any) -> str:
        invites = db.rows(lambda *row: row, "SELECT * FROM invites")
        return str(invites + db.rows(lambda *row: row, "SELECT * FROM shares"))

    kept = server.run(server.services.database.read(everything))
    assert all(len(token) >= 43 and token not in kept for token in tokens)


def test_the_same_under_every_noun(server: Running) -> None:
    """Loops and songs have members too."""
    alice = server.as_("alice")
    server.as_("bob").get("users/me")
    loop = alice.post("loops", json={"name": "L", "length": 1}).json()["id"]
    song = alice.post("songs", json={"name": "S"}).json()["id"]
    for address, tempo in ((f"loops/{loop}", "tempo"), (f"songs/{song}", "bpm")):
        body = {"username": "bob", "role": "contributor"}
        assert alice.post(f"{address}/collaborators", json=body).status_code == 201
        changed = server.as_("bob").patch(address, json={tempo: 99})
        assert changed.status_code == 200, changed.text


def test_the_link_of_an_invite_is_an_address_of_this_server(server: Running, project: str) -> None:
    """Whoever is sent it opens it as it is."""
    made = server.as_("alice").post(f"projects/{project}/invites", json={}).json()
    assert made["inviteUrl"] == f"{server.url}cellissimo/invite/{made['inviteToken']}"
    page = server.as_("bob").get(made["inviteUrl"])
    assert page.status_code == 200
    assert page.headers["Content-Type"].startswith("text/html")


def test_older_addresses_lead_to_the_same(server: Running, project: str) -> None:
    """Without the version, and by the words that older clients use."""
    alice = server.as_("alice")
    old = f"{server.url}cellissimo/api/projects/{project}"
    assert alice.get(old).json()["name"] == "Band"
    assert alice.get(f"{old}/members").json()["collaborators"][0]["role"] == "owner"
    assert alice.post(f"{old}/duplicate").json()["forkedFrom"] == project
    token = alice.post(f"{old}/share", json={}).json()["shareToken"]
    assert alice.get(f"{server.url}cellissimo/api/share/{token}").status_code == 200
