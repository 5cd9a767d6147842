"""The JSON door of a room: changes by path, with the rights and in the journal of all edits."""

from __future__ import annotations

import json
import os
import re
import subprocess
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from cellissimo.notation.song_file_parser import parse_song
from cellissimo.schema import models
from tests.conftest import ROOT
from tests.server.pieces import made
from tests.server.running import running
from tests.server.sitting import sitting
from tests.server.test_chat import guest_with
from tests.server.test_comments import edit, ids

PEOPLE = ("bob", "viewer", "mallory")


@pytest.fixture
def piece(alice):
    """A project of hers with a contributor and a viewer."""
    found = made(alice)
    for name, role in (("bob", "contributor"), ("viewer", "viewer")):
        body = {"username": name, "role": role}
        assert alice.post(f"projects/{found}/collaborators", json=body).status_code == 201
    return found


def change(client, piece, body, status=200):
    """Send changes; gives the answer."""
    answer = client.post(f"rooms/{piece}/changes", json=body)
    assert status == answer.status_code, answer.text
    return answer.json()


def song_of(client, piece):
    """What a piece says."""
    return parse_song(client.get(f"projects/{piece}/song").text)


def test_a_change_is_an_edit_like_any_other(server, alice, piece):
    """On disk with its revision, heard in the room, in the history under its author."""
    bob = server.as_("bob")
    body = {"path": "pattern.instruments.kick.steps", "operation": "set", "value": "x.x."}
    with sitting(server, alice, piece) as seat:
        answer = change(bob, piece, body | {"type": "pattern"})
        assert {"seq": 2, "again": False}.items() <= answer["changes"][0].items()
        seat.sees(2)
        loop = next(iter(seat.document.revision.loops.values()))
    assert [0, 2, 4, 6, 8, 10, 12, 14] == sorted(cell for _, cell in loop.steps)
    assert loop.steps == next(iter(song_of(alice, piece).loops.values())).steps
    newest = alice.get(f"rooms/{piece}/activity").json()["activity"][0]
    assert ("Bob", 2) == (newest["by"]["name"], newest["seq"])


def test_a_list_is_one_edit_or_none(alice, piece):
    """All of it in one revision; where one is refused, nothing of it is there."""
    several = [
        {"path": "transport.tempo", "value": 99},
        {"path": "stems", "operation": "add", "value": {"name": "Pads", "volume": 0.5}},
        {"path": "stems.Pads.pan", "value": -0.5},
        {"path": "effects.master.reverb", "operation": "update", "value": {"wet": 0.3}},
    ]
    assert 2 == change(alice, piece, several)["seq"]
    song = song_of(alice, piece)
    pads = next(stem for stem in song.stems.values() if stem.name == "Pads")
    assert (99, 0.3) == (song.tempo, song.master["reverb.mix"])
    assert {"amp.level": 0.5, "pan.pan": -0.5} == pads.settings
    bad = [{"path": "tempo", "value": 60}, {"path": "tempo", "value": 6000}]
    error = change(alice, piece, {"changes": bad}, 400)["error"]
    assert error["field"] == "changes.1.path"
    assert "20 to 400" in error["message"]
    assert song == song_of(alice, piece)


def test_the_same_id_changes_it_once(server, alice, piece):
    """After a lost answer it is sent again; another change under that id is refused."""
    key = str(uuid.uuid4())
    louder = {"path": "tempo", "value": 99, "id": key}
    assert change(alice, piece, louder)["changes"][0] == {
        "path": "tempo",
        "id": key,
        "seq": 2,
        "again": False,
    }
    change(alice, piece, {"path": "tempo", "value": 70})
    again = change(alice, piece, louder)
    assert (2, True) == (again["changes"][0]["seq"], again["changes"][0]["again"])
    assert song_of(alice, piece).tempo == 70
    both = change(alice, piece, [louder, {"path": "key", "value": "D minor", "id": "k2"}])
    assert [True, False] == [one["again"] for one in both["changes"]]
    assert (70, "D minor") == (song_of(alice, piece).tempo, song_of(alice, piece).key)
    assert change(alice, piece, louder | {"value": 71}, 409)["error"]["field"] == "id"
    assert change(server.as_("bob"), piece, louder, 409)["error"]["field"] == "id"
    assert change(alice, piece, [louder, louder], 400)["error"]["field"] == "changes.id"


def test_the_same_id_at_once_changes_it_once(server, alice, piece):
    """A client that loses patience and sends it on several lines adds one thing."""
    body = {"path": "stems", "operation": "add", "value": {"name": "Pads"}, "id": "once"}

    def send(_):
        return change(server.as_("alice"), piece, body)["changes"][0]

    with ThreadPoolExecutor(6) as lines:
        answers = list(lines.map(send, range(6)))
    assert 1 == sum(not one["again"] for one in answers)
    assert {2} == {one["seq"] for one in answers}
    assert 1 == sum(stem.name == "Pads" for stem in song_of(alice, piece).stems.values())


def test_what_nobody_sees_stays(alice, piece):
    """[DOC-9] Steps behind the end of a loop that was shortened are there when it grows again."""
    there = ids(alice, piece)
    edit(alice, piece, lambda write: write.set_loop_field(there["loop"], "bars", 2))
    edit(alice, piece, lambda w: w.set_step(there["loop"], "kick", 20, models.Step()))
    change(alice, piece, {"path": "loop.bars", "value": 1})
    change(alice, piece, {"path": "loop.steps.kick.4", "value": 1})
    change(alice, piece, {"path": "loop.bars", "value": 2})
    loop = next(iter(song_of(alice, piece).loops.values()))
    assert {("kick", 0), ("kick", 4), ("kick", 20)} == set(loop.steps)


def test_rights_are_those_of_every_edit(server, alice, piece):
    """By role, by flag, and by the right of a link; nothing is changed where it is not theirs."""
    viewer, mallory, bob = server.as_("viewer"), server.as_("mallory"), server.as_("bob")
    tempo = {"path": "tempo", "value": 50}
    change(viewer, piece, tempo, 403)
    change(mallory, piece, tempo, 404)
    change(bob, piece, {"path": "stems.Bass", "operation": "remove"}, 403)
    mixed = [tempo, {"path": "stems.Bass", "operation": "remove"}]
    change(bob, piece, mixed, 403)
    assert song_of(alice, piece).tempo == 120
    listener, _ = guest_with(server, alice, piece, ["listen", "comment"])
    change(listener, piece, tempo, 403)
    guest, link = guest_with(server, alice, piece, ["edit"])
    change(guest, piece, tempo)
    assert song_of(alice, piece).tempo == 50
    alice.delete(f"shares/{link['id']}")
    change(guest, piece, tempo, 404)


def test_locks_hold_here_too(server, alice, piece):
    """What is locked is for those who may open it; beside it everybody edits on."""
    stem = ids(alice, piece)["stem"]
    edit(alice, piece, lambda write: write.set_lock(models.Lock("stem", stem), closed=True))
    bob = server.as_("bob")
    change(bob, piece, {"path": "stems.Bass.volume", "value": 0.5}, 403)
    change(bob, piece, {"path": "stems.Lead.volume", "value": 0.5})
    change(alice, piece, {"path": "stems.Bass.volume", "value": 0.5})


@pytest.mark.parametrize(
    ("body", "field", "accepted"),
    [
        ({"path": "stems.Bas.volume", "value": 1}, "path", "Bass, Lead"),
        ({"path": "stems.Bass.volume", "value": 9}, "path", None),
        ({"path": "tempo", "operation": "add", "value": 9}, "operation", "set"),
        ({"path": "transport.isPlaying", "value": True}, "path", "tempo, timeSignature"),
        ({"path": "tempo", "operation": "put"}, "changes.0.operation", None),
        ({"path": "tempo", "value": 90, "beat": 1}, "changes.0.beat", None),
        ([], "changes", None),
        ([{"path": "tempo", "value": 90}] * 101, "changes", None),
        ({"path": "loop.steps.kick", "value": "x?"}, "value", "letters X x o . -"),
    ],
)
def test_what_is_not_accepted_is_said(alice, piece, body, field, accepted):
    """The error names the path, what is accepted and the cure."""
    error = change(alice, piece, body, 400)["error"]
    assert field == error["field"]
    assert accepted is None or accepted == error["accepted"]
    assert error["cure"]


def test_too_much_at_once_is_refused(alice, piece):
    """Before any of it is tried."""
    notes = [{"start": 0, "duration": 1, "pitch": 60}] * 19_000
    body = {"path": f"segments.{ids(alice, piece)['segment']}.notes", "value": notes}
    assert change(alice, piece, body, 413)["error"]["code"] == "too-large"
    body["value"] = notes[:100]
    assert change(alice, piece, body)["seq"] == 2


def test_a_loop_alone_has_paths_too(alice):
    """Its fields, chords and steps, by the word of its pattern or as the loop that it is."""
    loop = alice.post("loops", json={"name": "Groove", "length": 1}).json()["id"]
    body = [
        {"path": "loop.steps.snare", "value": ".x"},
        {"path": "loop.chords.0", "value": "Dm7"},
        {"path": "pattern.instruments.snare.volume", "value": 0.5},
    ]
    change(alice, loop, body)
    held = next(iter(song_of_loop(alice, loop).loops.values()))
    assert ({("snare", 1), ("snare", 3)}, {0: "Dm7"}) == (set(held.steps), held.chords)
    assert {"snare.amp.level": 0.5}.items() <= held.settings.items()


def song_of_loop(client, loop):
    """What a loop of a library says."""
    return parse_song(client.get(f"loops/{loop}/song").text)


def test_the_commands_of_the_page_run_as_they_stand(tmp_path):
    """A knob turned by a shell: what is typed changes the song, and what was done is told."""
    page = (ROOT / "docs" / "rooms.md").read_text("utf-8")
    page = page.partition("\n## Tiny clients\n")[2].partition("\n## ")[0]
    turn, hear = re.findall(r"^```sh\n(curl.*?)^```", page, re.MULTILINE | re.DOTALL)
    with running(tmp_path) as server:
        alice = server.as_("alice")
        piece = made(alice)
        given = alice.post("tokens", json={"name": "knob", "scopes": ["read", "write"]}).json()
        there = {
            "CELLISSIMO_TOKEN": given["token"],
            "CELLISSIMO_URL": server.url.rstrip("/"),
            "ROOM": piece,
        }

        def typed(command):
            environment = os.environ | there | {"no_proxy": "*"}
            done = subprocess.run(
                ["/bin/sh", "-c", command],
                env=environment,
                check=False,
                capture_output=True,
                text=True,
                timeout=60,
            )
            assert done.returncode == 0, done.stderr
            return done.stdout

        answer = json.loads(typed(turn))
        assert (2, False) == (answer["seq"], answer["changes"][0]["again"])
        loop = next(iter(song_of(alice, piece).loops.values()))
        assert {("kick", cell) for cell in (0, 4, 8, 12)} == set(loop.steps)
        assert "event: step.create" in typed(hear)
