from __future__ import annotations

import pytest

from cellissimo.notation.song_file import print_song
from cellissimo.schema.models import Loop, Song
from tests.server.running import Running


@pytest.fixture
def project(server: Running) -> dict:
    """A fresh project of Alice's."""
    answer = server.as_("alice").post("projects", json={"name": "Blue", "tempo": 96})
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_project_is_made_and_read_back(server: Running, project: dict) -> None:
    """What was sent comes back, with who made it and what they may do."""
    assert project["name"] == "Blue"
    assert project["tempo"] == 96
    assert project["timeSignature"] == "4/4"
    assert project["role"] == "owner"
    assert all(project["flags"].values())
    assert project["owner"]["username"] == "alice"
    assert project["visibility"] == "private"
    assert project["isPublic"] is False
    again = server.as_("alice").get(f"projects/{project['id']}")
    assert again.json() == project
    assert again.headers["ETag"] == f'"{project["rev"]}"'


def test_unknown_and_forbidden_look_the_same(server: Running, project: dict) -> None:
    """Somebody else cannot tell a private project from one that never was."""
    bob = server.as_("bob")
    nowhere = "00000000-0000-4000-8000-000000000000"
    for method in ("GET", "PATCH", "PUT", "DELETE"):
        body = {} if method in {"PATCH", "PUT"} else None
        hidden = bob.request(method, f"projects/{project['id']}", json=body)
        unknown = bob.request(method, f"projects/{nowhere}", json=body)
        assert hidden.status_code == 404
        assert hidden.json() == unknown.json()


def test_name_and_tempo_are_written_through_the_document(server: Running, project: dict) -> None:
    """The song itself says the new name: the row is an index of it."""
    alice = server.as_("alice")
    answer = alice.patch(
        f"projects/{project['id']}",
        json={"name": "Green", "tempo": 140, "key": "a minor", "timeSignature": "3/4"},
    )
    assert answer.status_code == 200, answer.text
    changed = answer.json()
    assert (changed["name"], changed["tempo"]) == ("Green", 140)
    assert (changed["key"], changed["timeSignature"]) == ("A minor", "3/4")
    assert changed["seq"] == project["seq"] + 1
    song = server.run(server.services.documents.revision(project["id"])).value
    assert (song.name, song.tempo, song.key, song.meter) == ("Green", 140, "A minor", "3/4")


def test_two_changes_of_one_revision_one_is_refused(server: Running, project: dict) -> None:
    """If-Match makes the second writer look first: the answer has both values."""
    alice, address = server.as_("alice"), f"projects/{project['id']}"
    match = {"If-Match": f'"{project["rev"]}"'}
    first = alice.patch(address, json={"name": "First"}, headers=match)
    assert first.status_code == 200
    second = alice.patch(address, json={"name": "Second", "tags": ["x"]}, headers=match)
    assert second.status_code == 412
    error = second.json()["error"]
    assert error["code"] == "changed"
    assert error["yours"]["name"] == "Second"
    assert error["theirs"]["name"] == "First"
    assert alice.get(address).json()["name"] == "First"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 101),
        ("name", "two\nlines"),
        ("name", None),
        ("tempo", 19),
        ("tempo", 401),
        ("key", "H major"),
        ("timeSignature", "4/5"),
        ("color", "red"),
        ("visibility", "secret"),
        ("tags", ["x"] * 21),
        ("nmae", "typo"),
    ],
)
def test_a_wrong_field_is_named(server: Running, project: dict, field: str, value: object) -> None:
    """A refused value says which field it is, and nothing changes."""
    alice, address = server.as_("alice"), f"projects/{project['id']}"
    answer = alice.patch(address, json={field: value})
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert error["code"] == "invalid"
    assert error["field"].split(".")[0] == field
    assert error["cure"]
    assert alice.get(address).json() == project


def test_a_project_is_made_of_a_song_text(server: Running) -> None:
    """A canonical song text becomes the document; the name is that of the request."""
    loop = Loop("L1", "Groove", chords={0: "Am"})
    text = print_song(Song("local-1", "Old", loops={"L1": loop}, pads={0: "L1"}))
    alice = server.as_("alice")
    made = alice.post("projects", json={"name": "New", "song": text})
    assert made.status_code == 201, made.text
    assert made.json()["chords"] == ["Am"]
    song = server.run(server.services.documents.revision(made.json()["id"])).value
    assert song.name == "New"
    assert song.id == made.json()["id"]
    assert song.loops["L1"].chords == {0: "Am"}
    refused = alice.post("projects", json={"name": "Bad", "song": "nonsense"})
    assert refused.status_code == 400
    assert refused.json()["error"]["field"] == "song"


def test_lists_come_in_pages_of_at_most_a_hundred(server: Running) -> None:
    """Page by page or after the last of the page before: every project comes once."""
    carol = server.as_("carol")
    made = []
    for number in range(5):
        server.clock.forward(seconds=1)
        made.append(carol.post("projects", json={"name": f"P{number}"}).json()["id"])
    first = carol.get("projects", params={"limit": 2}).json()
    assert (first["total"], first["page"], first["limit"]) == (5, 1, 2)
    assert first["hasMore"] is True
    second = carol.get("projects", params={"limit": 2, "page": 2}).json()
    third = carol.get("projects", params={"limit": 2, "page": 3}).json()
    assert third["hasMore"] is False
    numbered = [one["id"] for page in (first, second, third) for one in page["projects"]]
    assert numbered == made[::-1]
    after, found = None, []
    while True:
        params = {"limit": 2} | ({"after": after} if after else {})
        page = carol.get("projects", params=params).json()
        found += [one["id"] for one in page["projects"]]
        after = page["next"]
        if after is None:
            break
    assert found == made[::-1]
    for limit in ("0", "101", "many"):
        assert carol.get("projects", params={"limit": limit}).status_code == 400
    assert carol.get("projects", params={"after": "nonsense"}).status_code == 400


def test_fields_trim_what_comes(server: Running, project: dict) -> None:
    """Whoever asks for two fields gets two fields."""
    alice = server.as_("alice")
    one = alice.get(f"projects/{project['id']}", params={"fields": "id,name"})
    assert one.json() == {"id": project["id"], "name": "Blue"}
    some = alice.get("projects", params={"fields": "id", "limit": 1}).json()
    assert set(some["projects"][0]) == {"id"}
    assert "total" in some


def test_archived_projects_are_listed_apart_and_read_only(server: Running) -> None:
    """An archived project leaves the list, keeps its music, and takes no edit."""
    dave = server.as_("dave")
    made = dave.post("projects", json={"name": "Old"}).json()
    address = f"projects/{made['id']}"
    archived = dave.patch(address, json={"isActive": False}).json()
    assert archived["isActive"] is False
    assert archived["flags"]["canEdit"] is False
    assert dave.get("projects").json()["projects"] == []
    assert len(dave.get("projects", params={"archived": "true"}).json()["projects"]) == 1
    assert dave.patch(address, json={"tempo": 100}).status_code == 403
    assert dave.patch(address, json={"isActive": True}).status_code == 200
    assert dave.patch(address, json={"tempo": 100}).status_code == 200


def test_public_and_unlisted_projects_are_read_without_login(server: Running) -> None:
    """Who may see it changes at once, both ways."""
    alice, visitor = server.as_("alice"), server.client()
    made = alice.post("projects", json={"name": "Open", "visibility": "unlisted"}).json()
    address = f"projects/{made['id']}"
    assert visitor.get(address).json()["role"] is None
    assert visitor.patch(address, json={"name": "Mine"}).status_code == 401
    alice.patch(address, json={"isPublic": True})
    seen = visitor.get(address).json()
    assert seen["isPublic"] is True
    assert seen["flags"]["canExport"] is True
    assert seen["flags"]["canEdit"] is False
    alice.patch(address, json={"isPublic": False})
    assert visitor.get(address).status_code == 404
    contradiction = {"isPublic": True, "visibility": "private"}
    assert alice.patch(address, json=contradiction).status_code == 400
