from __future__ import annotations

import base64
import io
import wave
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from cellissimo.crdt.document import Document
from cellissimo.engine.image import score_image
from cellissimo.engine.render import events
from cellissimo.schema.models import Song
from tests.server.running import Running, running
from tests.server.test_loops import EXAMPLE

LOOP: dict[str, Any] = {"id": "local-1", **EXAMPLE}
SONG: dict[str, Any] = {
    "id": "local-9",
    "name": "My Song",
    "bpm": 96,
    "timeSignature": "4/4",
    "timeline": [{"id": "b1", "loopId": "local-1", "startBar": 0, "duration": 4}],
    "totalBars": 4,
}
NOTHING = {"loops": 0, "songs": 0, "samples": 0}


@pytest.fixture
def person(server: Running, request: pytest.FixtureRequest) -> Any:
    """A client of somebody who has nothing here yet."""
    return server.as_(request.node.name)


def test_the_playgrounds_own_example_moves_and_reads_back(server: Running, person: Any) -> None:
    """Its four chords and five steps come back deep-equal under a new id."""
    answer = person.post("migrate", json={"loops": [LOOP], "songs": [SONG]})
    assert answer.status_code == 200, answer.text
    moved = answer.json()
    assert moved["migrated"] == {"loops": 1, "songs": 1, "samples": 0}
    assert moved["skipped"] == NOTHING
    assert set(moved["idMapping"]) == {"local-1", "local-9"}
    loop = person.get(f"loops/{moved['idMapping']['local-1']}").json()
    assert {name: loop[name] for name in EXAMPLE} == EXAMPLE
    song = person.get(f"songs/{moved['idMapping']['local-9']}").json()
    assert song["timeline"] == [{**SONG["timeline"][0], "loopId": loop["id"]}]
    assert song["loops"][0]["iconSequence"] == EXAMPLE["iconSequence"]
    assert (song["bpm"], song["totalBars"]) == (96, 4)


def test_what_moved_plays_what_the_playground_plays(server: Running, person: Any) -> None:
    """The melodic steps follow the chords, but for the one with a note: C4, G4, A4."""
    moved = person.post("migrate", json={"loops": [LOOP]}).json()["idMapping"]["local-1"]
    content = server.run(server.services.documents.encoded(moved)).value
    found = events(score_image(Document(update=content).revision.loops[moved], Song("s", "s")))
    lead = found["strip"] == "synth-lead"
    assert found["pitch"][lead].tolist() == [60, 67, 69]
    assert found["tick"][lead].tolist() == [0, 3840, 7680]


def test_moving_again_changes_nothing(server: Running, person: Any) -> None:
    """The second time everything is here already, under the same ids."""
    body = {"loops": [LOOP], "songs": [SONG]}
    first = person.post("migrate", json=body).json()
    second = person.post("migrate", json=body).json()
    assert second["migrated"] == NOTHING
    assert second["skipped"] == {"loops": 1, "songs": 1, "samples": 0}
    assert second["idMapping"] == first["idMapping"]
    assert second["warnings"] == []
    assert person.get("loops").json()["total"] == 1
    assert person.get("projects").json()["total"] == 1


def test_what_changed_since_is_said_and_left_alone(server: Running, person: Any) -> None:
    """Other content under a known id is never written over what is here."""
    moved = person.post("migrate", json={"loops": [LOOP]}).json()["idMapping"]["local-1"]
    person.patch(f"loops/{moved}", json={"name": "Mine now"})
    again = person.post("migrate", json={"loops": [{**LOOP, "name": "Later"}]}).json()
    assert again["skipped"]["loops"] == 1
    assert "Later" in again["warnings"][0]
    assert person.get(f"loops/{moved}").json()["name"] == "Mine now"


def test_a_dry_run_changes_nothing(server: Running, person: Any) -> None:
    """It says what would move, and nothing does."""
    answer = person.post("migrate", json={"loops": [LOOP], "songs": [SONG], "dryRun": True})
    dry = answer.json()
    assert dry["dryRun"] is True
    assert dry["migrated"] == {"loops": 1, "songs": 1, "samples": 0}
    assert dry["idMapping"] == {}
    assert person.get("loops").json()["total"] == 0
    assert person.post("migrate", json={"loops": [LOOP]}).json()["migrated"]["loops"] == 1


def test_one_bad_thing_and_nothing_moves(server: Running, person: Any) -> None:
    """The refusal says where it stands; what is good waits with it."""
    bad = {**LOOP, "id": "local-2", "chordProgression": [{"bar": 99, "chord": "C"}]}
    answer = person.post("migrate", json={"loops": [LOOP, bad]})
    assert answer.status_code == 400
    assert answer.json()["error"]["field"] == "loops[1].chordProgression[0].bar"
    lost = {**SONG, "timeline": [{**SONG["timeline"][0], "loopId": "local-77"}]}
    answer = person.post("migrate", json={"loops": [LOOP], "songs": [lost]})
    assert answer.json()["error"]["field"] == "songs[0].timeline[0].loopId"
    twice = person.post("migrate", json={"loops": [LOOP, LOOP]})
    assert twice.json()["error"]["field"] == "loops[1].id"
    assert person.get("loops").json()["total"] == 0


def test_a_song_finds_loops_that_moved_before(server: Running, person: Any) -> None:
    """Loops today, songs tomorrow: the local ids still mean the same."""
    moved = person.post("migrate", json={"loops": [LOOP]}).json()["idMapping"]["local-1"]
    songs = person.post("migrate", json={"songs": [SONG]}).json()["idMapping"]
    song = person.get(f"songs/{songs['local-9']}").json()
    assert song["timeline"][0]["loopId"] == moved


def test_what_is_in_the_trash_stays_there_and_what_is_gone_comes_again(
    server: Running, person: Any
) -> None:
    """Deleting is not undone by moving again; after the trash is emptied it is."""
    moved = person.post("migrate", json={"loops": [LOOP]}).json()["idMapping"]["local-1"]
    person.delete(f"loops/{moved}")
    again = person.post("migrate", json={"loops": [LOOP]}).json()
    assert again["skipped"]["loops"] == 1
    assert "trash" in again["warnings"][0]
    person.delete(f"trash/{moved}")
    anew = person.post("migrate", json={"loops": [LOOP]}).json()
    assert anew["migrated"]["loops"] == 1
    assert anew["idMapping"]["local-1"] != moved


def test_without_room_for_all_nothing_moves(tmp_path: Any) -> None:
    """Three loops where two fit: none is kept, and the dry run says so too."""
    with running(tmp_path, loop_quota=2) as small:
        zoe = small.as_("zoe")
        loops = [{**LOOP, "id": f"local-{number}"} for number in range(3)]
        for dry in (True, False):
            answer = zoe.post("migrate", json={"loops": loops, "dryRun": dry})
            assert answer.status_code == 413
            assert answer.json()["error"]["code"] == "quota"
        assert zoe.get("loops").json()["total"] == 0
        assert zoe.post("migrate", json={"loops": loops[:2]}).status_code == 200


def test_a_whole_library_moves_at_once(server: Running, person: Any) -> None:
    """A hundred loops and ten songs in one request; the same sent twice at once moves once."""
    loops = [{**LOOP, "id": f"l{number}", "name": f"L{number}"} for number in range(100)]
    songs = [
        {**SONG, "id": f"s{n}", "timeline": [{**SONG["timeline"][0], "loopId": f"l{n}"}]}
        for n in range(10)
    ]
    body = {"loops": loops, "songs": songs, "version": 3}
    person.get("users/me")
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: person.post("migrate", json=body).json(), range(2)))
    assert sorted(one["migrated"]["loops"] for one in answers) == [0, 100]
    assert answers[0]["idMapping"] == answers[1]["idMapping"]
    assert person.get("loops").json()["total"] == 100
    assert person.get("projects").json()["total"] == 10


def sound(frames: int = 4800) -> str:
    """A short WAV file as a browser keeps it: a data: address."""
    file = io.BytesIO()
    with wave.open(file, "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(48_000)
        wav.writeframes(bytes(range(200)) * (frames // 100))
    return "data:audio/wav;base64," + base64.b64encode(file.getvalue()).decode()


def test_samples_are_taken_in_once(server: Running, person: Any) -> None:
    """A good one becomes a sample of mine, a bad one is said; the second time nothing is new."""
    good = {"id": "local-5", "name": "Snap", "mimeType": "audio/wav", "data": sound()}
    bad = {"id": "local-6", "name": "Noise", "data": base64.b64encode(b"no sound").decode()}
    body = {"samples": [good, bad], "loops": [LOOP]}
    dry = person.post("migrate", json={**body, "dryRun": True}).json()
    assert dry["migrated"] == {"loops": 1, "songs": 0, "samples": 2}
    assert person.get("samples").json()["total"] == 0
    moved = person.post("migrate", json=body).json()
    assert moved["migrated"] == {"loops": 1, "songs": 0, "samples": 1}
    assert "Noise" in moved["warnings"][0]
    kept = person.get(f"samples/{moved['idMapping']['local-5']}").json()
    assert (kept["name"], kept["mimeType"]) == ("Snap", "audio/wav")
    again = person.post("migrate", json={"samples": [good]}).json()
    assert again["skipped"]["samples"] == 1
    assert again["idMapping"]["local-5"] == kept["id"]
    assert person.get("samples").json()["total"] == 1
    unread = person.post("migrate", json={"samples": [{**good, "data": "%%%"}]})
    assert unread.json()["error"]["field"] == "samples[0].data"
