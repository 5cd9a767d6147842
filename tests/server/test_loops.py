from __future__ import annotations

from typing import Any

import pytest

from cellissimo.notation.song_file import print_song
from cellissimo.schema import models
from cellissimo.schema.sounds import SOUNDS
from tests.server.running import Running

EXAMPLE: dict[str, Any] = {
    "name": "My Loop",
    "length": 4,
    "chordProgression": [
        {"bar": 0, "chord": "C", "roman": "I", "root": "C", "quality": "major"},
        {"bar": 4, "chord": "G", "roman": "V", "root": "G", "quality": "major"},
        {"bar": 8, "chord": "Am", "roman": "vi", "root": "A", "quality": "minor"},
        {"bar": 12, "chord": "F", "roman": "IV", "root": "F", "quality": "major"},
    ],
    "iconSequence": [
        {"step": 0, "soundId": "synth-lead", "velocity": 0.8},
        {"step": 0, "soundId": "drum-kick", "velocity": 1.0},
        {"step": 4, "soundId": "synth-lead", "velocity": 0.75, "note": 67},
        {"step": 8, "soundId": "synth-lead", "velocity": 0.7},
        {"step": 12, "soundId": "drum-snare", "velocity": 0.05},
    ],
    "color": "#ff6b6b",
}


@pytest.fixture
def loop(server: Running) -> dict[str, Any]:
    """A fresh loop of Alice's: the playground's example."""
    answer = server.as_("alice").post("loops", json=EXAMPLE)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_the_playgrounds_example_reads_back_deep_equal(server: Running, loop: dict) -> None:
    """Four chords and five steps come back as they were sent, with nothing added inside."""
    read = server.as_("alice").get(f"loops/{loop['id']}").json()
    assert {name: read[name] for name in EXAMPLE} == EXAMPLE
    assert read["kind"] == "loop"
    assert read["stepsPerBar"] == 4
    assert read["chords"] == ["C", "G", "Am", "F"]
    assert read["bars"] == 4


def test_lists_leave_out_what_is_heavy(server: Running) -> None:
    """A list has neither chords nor steps unless it is asked for them."""
    erin = server.as_("erin")
    erin.post("loops", json=EXAMPLE)
    plain = erin.get("loops").json()
    assert {"total", "page", "hasMore", "limit", "next", "loops"} == set(plain)
    assert "iconSequence" not in plain["loops"][0]
    assert "chordProgression" not in plain["loops"][0]
    whole = erin.get("loops", params={"include": "content"}).json()["loops"][0]
    assert whole["iconSequence"] == EXAMPLE["iconSequence"]
    assert erin.get("loops", params={"include": "everything"}).status_code == 400


def test_what_is_not_sent_stays(server: Running, loop: dict) -> None:
    """A change of the steps leaves the chords alone, and goes through the document."""
    alice, address = server.as_("alice"), f"loops/{loop['id']}"
    steps = [{"step": 15, "soundId": "drum-clap", "velocity": 0.5}]
    changed = alice.patch(address, json={"iconSequence": steps, "tempo": 90, "name": "New"})
    assert changed.status_code == 200, changed.text
    read = alice.get(address).json()
    assert read["iconSequence"] == steps
    assert read["chordProgression"] == EXAMPLE["chordProgression"]
    assert (read["tempo"], read["name"]) == (90, "New")
    song = server.run(server.services.documents.revision(loop["id"])).value
    assert song.name == song.loops[loop["id"]].name == "New"
    assert changed.json()["rev"] == loop["rev"] + 1


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"length": 3}, "length"),
        ({"name": ""}, "name"),
        ({"color": "#12345"}, "color"),
        ({"color": "red"}, "color"),
        ({"iconSequence": [{"step": 16, "soundId": "drum-kick"}]}, "iconSequence[0].step"),
        ({"iconSequence": [{"step": 0, "soundId": "no-sound"}]}, "iconSequence[0].soundId"),
        ({"iconSequence": [{"step": 0, "soundId": "drum-kick", "velocity": 1.1}]}, "velocity"),
        ({"chordProgression": [{"bar": 0, "chord": "H13"}]}, "chordProgression[0].chord"),
        (
            {"key": "C major", "chordProgression": [{"bar": 0, "chord": "C", "roman": "V"}]},
            "roman",
        ),
        ({"stepsPerBar": 0}, "stepsPerBar"),
    ],
)
def test_a_wrong_field_is_named(server: Running, fields: dict, named: str) -> None:
    """The refusal names the field, what is accepted, and the cure; no loop is made."""
    frank = server.as_("frank")
    answer = frank.post("loops", json={**EXAMPLE, **fields})
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert named in error["field"]
    assert error["cure"]
    assert frank.get("loops").json()["total"] == 0


def test_name_and_length_have_to_be_there(server: Running) -> None:
    """Without them there is no loop."""
    alice = server.as_("alice")
    for missing in ("name", "length"):
        sent = {name: value for name, value in EXAMPLE.items() if name != missing}
        answer = alice.post("loops", json=sent)
        assert answer.status_code == 400
        assert answer.json()["error"]["field"] == missing


def test_public_loops_are_listed_for_everybody(server: Running) -> None:
    """A visitor sees public loops and nothing else; mine are for those who are signed in."""
    grace, visitor = server.as_("grace"), server.client()
    hidden = grace.post("loops", json={**EXAMPLE, "name": "Hidden"}).json()
    shown = grace.post("loops", json={**EXAMPLE, "name": "Shown", "isPublic": True}).json()
    listed = visitor.get("loops", params={"public": "true", "limit": 100}).json()["loops"]
    ids = {one["id"] for one in listed}
    assert shown["id"] in ids
    assert hidden["id"] not in ids
    assert visitor.get("loops").status_code == 401
    assert {one["id"] for one in grace.get("loops").json()["loops"]} == {hidden["id"], shown["id"]}
    assert visitor.get(f"loops/{shown['id']}").json()["owner"]["username"] == "grace"


def test_lists_of_public_loops_are_kept_and_cleared_on_change(server: Running) -> None:
    """A list is looked up once in five minutes, unless something public changes."""
    heidi, visitor = server.as_("heidi"), server.client()
    made = heidi.post("loops", json={**EXAMPLE, "name": "Kept one", "isPublic": True}).json()
    question = {"public": "true", "q": "kept one"}
    assert visitor.get("loops", params=question).json()["total"] == 1
    behind = "UPDATE pieces SET name = 'Renamed' WHERE id = ?"
    server.run(server.services.database.write(lambda db: db.run(behind, made["id"])))
    assert visitor.get("loops", params=question).json()["total"] == 1
    server.clock.forward(seconds=301)
    assert visitor.get("loops", params=question).json()["total"] == 0
    heidi.patch(f"loops/{made['id']}", json={"name": "Kept one more"})
    assert visitor.get("loops", params=question).json()["total"] == 1
    heidi.patch(f"loops/{made['id']}", json={"isPublic": False})
    assert visitor.get("loops", params=question).json()["total"] == 0


def test_a_loop_is_no_project(server: Running, loop: dict) -> None:
    """An id is looked for among the things of its address only."""
    alice = server.as_("alice")
    assert alice.get(f"projects/{loop['id']}").status_code == 404
    assert alice.patch(f"projects/{loop['id']}", json={}).status_code == 404


def test_a_full_loop_of_eight_bars_is_kept_in_ten_kilobytes(server: Running) -> None:
    """Eight sounds on every cell of the playground's grid, and a chord on every second one."""
    cells = 8 * 4
    full = {
        "name": "Full",
        "length": 8,
        "chordProgression": [{"bar": cell, "chord": "Am7"} for cell in range(0, cells, 2)],
        "iconSequence": [
            {"step": cell, "soundId": sound, "velocity": 0.5 + cell % 5 / 10}
            for cell in range(cells)
            for sound in list(SOUNDS)[:8]
        ],
    }
    made = server.as_("alice").post("loops", json=full)
    assert made.status_code == 201, made.text
    assert len(made.json()["iconSequence"]) == 256
    sql = "SELECT SUM(octet_length(bytes)) FROM journal WHERE doc = ?"
    kept = server.run(server.services.database.read(lambda db: db.row(int, sql, made.json()["id"])))
    assert 0 < kept < 10_000


def test_a_fine_loop_of_eight_bars_is_kept_in_ten_kilobytes_too(server: Running) -> None:
    """Eight sounds on each sixteenth note: 1 024 steps of changing loudness."""
    loop = models.Loop(
        "l",
        "Fine",
        bars=8,
        chords=dict.fromkeys(range(0, 128, 8), "Am7"),
        steps={
            (f"row{row}", cell): models.Step(60 + (cell + row) % 60)
            for row in range(8)
            for cell in range(128)
        },
        settings={f"row{row}.sample.sound": sound for row, sound in enumerate(list(SOUNDS)[:8])},
    )
    text = print_song(models.Song("l", "Fine", kind="loop", loops={"l": loop}))
    made = server.as_("alice").post("loops", json={"name": "Fine", "length": 8, "song": text})
    assert made.status_code == 201, made.text
    sql = "SELECT SUM(octet_length(bytes)) FROM journal WHERE doc = ?"
    kept = server.run(server.services.database.read(lambda db: db.row(int, sql, made.json()["id"])))
    assert 0 < kept < 10_000


def test_deleted_loops_go_to_the_trash(server: Running, loop: dict) -> None:
    """The answer is success; the loop is not found any more."""
    alice = server.as_("alice")
    stale = {"If-Match": '"99"'}
    assert alice.delete(f"loops/{loop['id']}", headers=stale).status_code == 412
    assert alice.delete(f"loops/{loop['id']}").json() == {"success": True}
    assert alice.get(f"loops/{loop['id']}").status_code == 404
    assert alice.delete(f"loops/{loop['id']}").status_code == 404


def test_an_edit_of_the_music_is_seen_in_lists_at_once(server: Running) -> None:
    """A kept list of public loops is forgotten when a document changes, not only its row."""
    judy, visitor = server.as_("judy"), server.client()
    made = judy.post("loops", json={**EXAMPLE, "name": "In a room", "isPublic": True}).json()
    question = {"public": "true", "q": "room"}
    listed = visitor.get("loops", params=question).json()["loops"]
    assert [one["name"] for one in listed] == ["In a room"]
    text = judy.get(f"loops/{made['id']}/song").text.replace("In a room", "In another room")
    assert judy.put(f"loops/{made['id']}/song", content=text).status_code == 200
    listed = visitor.get("loops", params=question).json()["loops"]
    assert [one["name"] for one in listed] == ["In another room"]
    found = visitor.get("search", params={"q": "another"}).json()["results"]
    assert [one["id"] for one in found] == [made["id"]]
