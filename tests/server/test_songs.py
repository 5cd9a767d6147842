from __future__ import annotations

from typing import Any

from tests.server.running import Running
from tests.server.test_loops import EXAMPLE

BLOCKS = [
    {"id": "b1", "loopId": "local-1", "startBar": 0, "duration": 4},
    {"id": "b2", "loopId": "local-1", "startBar": 4, "duration": 2},
]


def made(server: Running, **fields: Any) -> dict[str, Any]:
    """A song of Alice's that brings its loop along."""
    body = {
        "name": "S",
        "bpm": 96,
        "timeSignature": "3/4",
        "loops": [{"id": "local-1", **EXAMPLE}],
        "timeline": BLOCKS,
        **fields,
    }
    answer = server.as_("alice").post("songs", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_song_reads_back_as_it_was_sent(server: Running) -> None:
    """Tempo, meter, timeline and loops come back; the song is a project too."""
    song = made(server)
    read = server.as_("alice").get(f"songs/{song['id']}").json()
    assert (read["bpm"], read["timeSignature"], read["totalBars"]) == (96, "3/4", 6)
    assert read["timeline"] == BLOCKS
    assert read["loops"][0]["iconSequence"] == EXAMPLE["iconSequence"]
    project = server.as_("alice").get(f"projects/{song['id']}").json()
    assert (project["tempo"], project["bars"]) == (96, 6)
    listed = server.as_("alice").get("songs").json()["songs"]
    assert song["id"] in {one["id"] for one in listed}
    assert all("timeline" not in one for one in listed)


def test_a_song_takes_loops_of_the_library(server: Running) -> None:
    """A block names a loop of mine: the song gets a copy, which knows where it comes from."""
    alice = server.as_("alice")
    loop = alice.post("loops", json=EXAMPLE).json()["id"]
    block = {"id": "b", "loopId": loop, "startBar": 0, "duration": 4}
    song = alice.post("songs", json={"name": "S", "timeline": [block]}).json()
    assert song["timeline"] == [block]
    inside = server.run(server.services.documents.revision(song["id"])).value.loops[loop]
    assert inside.source == loop
    alice.patch(f"loops/{loop}", json={"name": "Changed"})
    assert alice.get(f"songs/{song['id']}").json()["loops"][0]["name"] == "My Loop"


def test_a_loop_whose_licence_forbids_changed_copies_is_copied_by_its_owner_only(
    server: Running,
) -> None:
    """What a fork respects, a song that would take the loop respects as well."""
    alice, bob = server.as_("alice"), server.as_("bob")
    kept = EXAMPLE | {"isPublic": True, "licence": "CC BY-ND 4.0"}
    loop = alice.post("loops", json=kept).json()["id"]
    block = {"id": "b", "loopId": loop, "startBar": 0, "duration": 4}
    song = {"name": "S", "timeline": [block]}
    assert alice.post("songs", json=song).status_code == 201
    refused = bob.post("songs", json=song)
    assert refused.status_code == 403
    assert "CC BY-ND 4.0" in refused.json()["error"]["message"]


def test_a_loop_that_is_not_mine_to_copy_is_not_there(server: Running) -> None:
    """A private loop of somebody else and one that never was look the same."""
    hidden = server.as_("alice").post("loops", json=EXAMPLE).json()["id"]
    bob = server.as_("bob")
    nowhere = "00000000-0000-4000-8000-000000000000"

    def refused(loop: str) -> dict[str, Any]:
        block = {"id": "b", "loopId": loop, "startBar": 0, "duration": 4}
        answer = bob.post("songs", json={"name": "S", "timeline": [block]})
        assert answer.status_code == 400
        error = answer.json()["error"]
        assert error["field"] == "timeline[0].loopId"
        return {key: str(value).replace(loop, "…") for key, value in error.items()}

    assert refused(hidden) == refused(nowhere)


def test_a_change_of_the_timeline_leaves_the_rest(server: Running) -> None:
    """What is not sent stays; blocks that are not sent again are taken out."""
    song = made(server)
    alice, address = server.as_("alice"), f"songs/{song['id']}"
    answer = alice.patch(address, json={"timeline": BLOCKS[:1], "bpm": 100})
    assert answer.status_code == 200, answer.text
    read = alice.get(address).json()
    assert read["timeline"] == BLOCKS[:1]
    assert (read["bpm"], read["name"], read["timeSignature"]) == (100, "S", "3/4")
    assert len(read["loops"]) == 1
    assert alice.patch(address, json={"totalBars": 1}).status_code == 400


def test_a_wrong_block_is_named(server: Running) -> None:
    """The refusal names the block and its field."""
    alice = server.as_("alice")
    block = {"id": "b", "loopId": "local-1", "startBar": 0, "duration": 0}
    body = {"name": "S", "loops": [{"id": "local-1", **EXAMPLE}], "timeline": [block]}
    answer = alice.post("songs", json=body)
    assert answer.status_code == 400
    assert answer.json()["error"]["field"] == "timeline[0].duration"
    twice = {"name": "S", "loops": [{"id": "x", **EXAMPLE}, {"id": "x", **EXAMPLE}]}
    assert alice.post("songs", json=twice).json()["error"]["field"] == "loops[1].id"


def test_songs_are_deleted_like_projects(server: Running) -> None:
    """DELETE puts them in the trash."""
    song = made(server)
    alice = server.as_("alice")
    assert alice.delete(f"songs/{song['id']}").json() == {"success": True}
    assert alice.get(f"songs/{song['id']}").status_code == 404
    assert alice.get(f"projects/{song['id']}").status_code == 404
