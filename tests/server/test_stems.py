"""Stems and segments over HTTP: they are the document's, whoever reads or writes them."""

from __future__ import annotations

import pytest

from cellissimo.notation.song_file_parser import parse_song
from cellissimo.schema import models
from tests.server.pieces import Replica, made


@pytest.fixture
def piece(alice):
    """An empty project at 120 quarter notes a minute."""
    answer = alice.post("projects", json={"name": "Project"})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


@pytest.fixture
def stem(alice, piece):
    """A stem of it."""
    return added(alice, f"projects/{piece}/stems", name="Bass")["id"]


def added(client, path, **body):
    """What was added."""
    answer = client.post(path, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def song_of(client, piece):
    """What a piece says."""
    return parse_song(client.get(f"projects/{piece}/song").text)


def refused(answer, field):
    """Whether a request was refused for a field."""
    error = answer.json()["error"]
    return (400, field) == (answer.status_code, (error["field"] or "").split(".")[0]), answer.text


def test_a_stem_is_added_as_it_is_asked_for(alice, piece):
    """All fields come back, and the document says the same."""
    asked = {
        "name": "Lead",
        "color": "#AA0011",
        "instrumentType": "lead",
        "volume": 0.5,
        "pan": -0.25,
        "isMuted": True,
        "isSoloed": False,
        "midiChannel": 3,
    }
    stem = added(alice, f"projects/{piece}/stems", **asked)
    said = {**asked, "color": "#aa0011", "instrumentType": "synth-lead"}
    assert said == {key: stem[key] for key in said}
    assert (piece, 0, [], "alice") == tuple(
        stem[key] for key in ("projectId", "order", "segments", "lastModifiedBy")
    )
    held = song_of(alice, piece).stems[stem["id"]]
    assert ({"amp.level": 0.5, "amp.mute": True, "amp.solo": False, "pan.pan": -0.25}, 3) == (
        {key: value for key, value in held.settings.items() if key != "sample.sound"},
        held.channel,
    )
    assert stem == alice.get(f"stems/{stem['id']}").json()
    assert [stem] == alice.get(f"projects/{piece}/stems").json()["stems"]


def test_a_stem_without_wishes_has_the_usual(alice, piece):
    """Level 0.8 in the middle, heard, behind the others."""
    added(alice, f"projects/{piece}/stems", name="First")
    stem = added(alice, f"projects/{piece}/stems", name="Second")
    assert (0.8, 0, False, False, None, 1) == tuple(
        stem[key] for key in ("volume", "pan", "isMuted", "isSoloed", "instrumentType", "order")
    )


def test_a_stem_is_changed_field_by_field(alice, piece, stem):
    """What is not sent stays; the version is the revision of the change."""
    for method in ("PATCH", "PUT"):
        answer = alice.request(method, f"stems/{stem}", json={"volume": 0.3, "name": method})
        assert (200, 0.3, method) == (
            answer.status_code,
            answer.json()["volume"],
            answer.json()["name"],
        )
        assert f'"{answer.json()["version"]}"' == answer.headers["ETag"]
    assert song_of(alice, piece).stems[stem].settings["amp.level"] == 0.3
    assert None is alice.patch(f"stems/{stem}", json={"midiChannel": 5}).json()["instrumentType"]
    assert None is alice.patch(f"stems/{stem}", json={"midiChannel": None}).json()["midiChannel"]


def test_stems_are_moved_among_each_other(alice, piece):
    """The place counts from 0; the others keep their order."""
    ids = [added(alice, f"projects/{piece}/stems", name=name)["id"] for name in "ABCD"]

    def names():
        return "".join(one["name"] for one in alice.get(f"projects/{piece}/stems").json()["stems"])

    for place, stem, said in ((0, 3, "DABC"), (2, 3, "ABDC"), (9, 0, "BDCA"), (1, 2, "BCDA")):
        answer = alice.patch(f"stems/{ids[stem]}", json={"order": place})
        assert (min(place, 3), said) == (answer.json()["order"], names())
    assert "First" == added(alice, f"projects/{piece}/stems", name="First", order=0)["name"]
    assert "FirstBCDA" == names()


def test_stems_of_one_order_are_told_apart_by_moving(alice):
    """Where two have one key, all get new ones."""
    same = {key: models.Stem(key, key.upper()) for key in ("a", "b", "c")}
    piece = made(alice, models.Song("s", "Song", stems=same))
    stems = alice.get(f"projects/{piece}/stems").json()["stems"]
    answer = alice.patch(f"stems/{stems[2]['id']}", json={"order": 1})
    listed = alice.get(f"projects/{piece}/stems").json()["stems"]
    assert (200, ["A", "C", "B"]) == (answer.status_code, [one["name"] for one in listed])


def test_a_change_for_an_older_version_is_refused_with_both(server, alice, piece, stem):
    """[If-Match] Who was slower hears what is there, and what they sent."""
    version = alice.get(f"stems/{stem}").headers["ETag"]
    assert 200 == alice.patch(f"stems/{stem}", json={"name": "Sub"}).status_code
    late = alice.patch(f"stems/{stem}", json={"name": "Late"}, headers={"If-Match": version})
    error = late.json()["error"]
    assert (412, {"name": "Late"}, "Sub") == (
        late.status_code,
        error["yours"],
        error["theirs"]["name"],
    )
    assert 412 == alice.delete(f"stems/{stem}", headers={"If-Match": version}).status_code
    fresh = alice.get(f"stems/{stem}").headers["ETag"]
    again = alice.patch(f"stems/{stem}", json={"name": "Late"}, headers={"If-Match": fresh})
    assert (200, "Late") == (again.status_code, again.json()["name"])
    other = added(alice, f"projects/{piece}/stems", name="Other")
    assert alice.get(f"stems/{stem}").headers["ETag"] == again.headers["ETag"]
    assert other["version"] > again.json()["version"]


def test_a_stem_is_deleted_with_its_segments(alice, piece, stem):
    """And only by who may; its id then names nothing."""
    segment = added(alice, f"stems/{stem}/segments", type="midi", start=0)["id"]
    assert {"success": True} == alice.delete(f"stems/{stem}").json()
    assert [404, 404] == [
        alice.get(path).status_code for path in (f"stems/{stem}", f"segments/{segment}")
    ]
    assert {} == song_of(alice, piece).segments


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "two\nlines"}, "name"),
        ({"color": "red"}, "color"),
        ({"volume": 1.1}, "volume"),
        ({"pan": -2}, "pan"),
        ({"midiChannel": 17}, "midiChannel"),
        ({"instrumentType": "kazoo"}, "instrumentType"),
        ({"nothing": 1}, "nothing"),
        ({"volume": "loud"}, "volume"),
    ],
)
def test_wrong_values_are_refused_by_name(alice, piece, stem, body, field):
    """Neither a new stem nor a change takes them, and nothing is left behind."""
    before = alice.get(f"projects/{piece}/song").text
    assert refused(alice.patch(f"stems/{stem}", json=body), field)[0]
    new = {"name": "New", **body}
    assert refused(alice.post(f"projects/{piece}/stems", json=new), field)[0]
    assert before == alice.get(f"projects/{piece}/song").text


def test_there_are_sixty_four_stems_at_most(alice):
    """The next one is refused, and says why."""
    stems = {f"s{n}": models.Stem(f"s{n}", f"Stem {n}") for n in range(64)}
    piece = made(alice, models.Song("s", "Song", stems=stems))
    assert refused(alice.post(f"projects/{piece}/stems", json={"name": "x"}), "stems")[0]


def test_a_midi_segment_holds_notes(alice, piece, stem):
    """By ticks or by milliseconds, with gain or volume, as long as it needs."""
    notes = [
        {"start": 0, "duration": 480, "pitch": 36},
        {"start": 4000, "duration": 480, "pitch": 38},
    ]
    segment = added(
        alice,
        f"stems/{stem}/segments",
        type="midi",
        startTime=2000,
        volume=0.5,
        fadeIn=10,
        content={"notes": notes},
    )
    assert (3840, 7680, 2000, 6000, 10) == tuple(
        segment[key] for key in ("start", "length", "startTime", "endTime", "fadeIn")
    )
    assert (pytest.approx(-6.0206), pytest.approx(0.5)) == (segment["gain"], segment["volume"])
    assert [(0, 36, 100), (4000, 38, 100)] == [
        (note["start"], note["pitch"], note["velocity"]) for note in segment["content"]["notes"]
    ]
    held = song_of(alice, piece).segments[segment["id"]]
    assert ("midi", 3840, 2) == (held.kind, held.start, len(held.notes))
    assert segment == alice.get(f"segments/{segment['id']}").json()
    assert [segment] == alice.get(f"stems/{stem}").json()["segments"]


def test_notes_that_stay_keep_their_ids(alice, piece, stem):
    """A list of notes enters as a difference: by id, or by place and pitch."""
    one, two = ({"start": at, "duration": 480, "pitch": 36} for at in (0, 960))
    made_now = added(alice, f"stems/{stem}/segments", type="midi", content={"notes": [one, two]})
    ids = [note["id"] for note in made_now["content"]["notes"]]
    longer = {**one, "duration": 960}
    moved = {**two, "id": ids[1], "start": 1920}
    new = {"start": 2880, "duration": 480, "pitch": 40}
    changed = alice.patch(
        f"segments/{made_now['id']}", json={"content": {"notes": [longer, moved, new]}}
    ).json()
    notes = changed["content"]["notes"]
    assert [ids[0], ids[1]] == [note["id"] for note in notes[:2]]
    assert [(0, 960), (1920, 480), (2880, 480)] == [(n["start"], n["duration"]) for n in notes]
    twice = {"content": {"notes": [moved, moved]}}
    assert refused(alice.patch(f"segments/{made_now['id']}", json=twice), "content")[0]


def test_a_segment_is_moved_stretched_and_given_to_another_stem(alice, piece, stem):
    """Its length stays when it is moved; times in ms follow the tempo."""
    other = added(alice, f"projects/{piece}/stems", name="Other")["id"]
    segment = added(alice, f"stems/{stem}/segments", type="midi", start=0, length=1920)["id"]
    moved = alice.patch(f"segments/{segment}", json={"startTime": 1000}).json()
    assert (1920, 1920) == (moved["start"], moved["length"])
    longer = alice.patch(f"segments/{segment}", json={"endTime": 4000}).json()
    assert (1920, 5760, 4000) == (longer["start"], longer["length"], longer["endTime"])
    given = alice.patch(f"segments/{segment}", json={"stemId": other, "gain": -6}).json()
    assert (other, -6) == (given["stemId"], given["gain"])
    for body, field in (
        ({"endTime": 10}, "endTime"),
        ({"stemId": "none"}, "stemId"),
        ({"type": "loop"}, "type"),
        ({"gain": 99}, "gain"),
        ({"length": 10**13}, "length"),
    ):
        assert refused(alice.patch(f"segments/{segment}", json=body), field)[0], body


def test_a_pattern_segment_is_text(alice, piece, stem):
    """It reads back as canonical text; a bad line is shown with its place."""
    text = "seq kick: x...x...x...x...\n"
    segment = added(alice, f"stems/{stem}/segments", type="pattern", content={"text": text})
    assert ("seq kick: x...x...x...x...\n", 3840) == (
        segment["content"]["text"],
        segment["length"],
    )
    changed = alice.patch(
        f"segments/{segment['id']}", json={"content": {"text": "seq kick: x.x.x.x.x.x.x.x.\n"}}
    ).json()
    assert "x.x.x.x." in changed["content"]["text"]
    bad = alice.patch(f"segments/{segment['id']}", json={"content": {"text": "seqq kick: x"}})
    assert refused(bad, "content")[0]
    assert "seqq" in bad.json()["error"]["message"]
    assert 200 == alice.delete(f"segments/{segment['id']}").status_code
    assert {} == song_of(alice, piece).loops


def test_a_loop_segment_plays_a_loop_of_the_song(alice):
    """Of the song it has to be; its length is that of the loop."""
    piece = made(alice)
    stem = alice.get(f"projects/{piece}/stems").json()["stems"][0]["id"]
    loop = next(iter(song_of(alice, piece).loops))
    segment = added(alice, f"stems/{stem}/segments", type="loop", content={"loopId": loop})
    assert (3840, {"loopId": loop}) == (segment["length"], segment["content"])
    for content in ({"loopId": "none"}, {}, None):
        body = {"type": "loop", "content": content}
        assert refused(alice.post(f"stems/{stem}/segments", json=body), "content")[0]


def test_an_audio_segment_plays_what_is_there(alice, stem):
    """A blob that nobody uploaded is refused."""
    body = {"type": "audio", "content": {"blob": "ab" * 32, "frames": 48000}}
    assert refused(alice.post(f"stems/{stem}/segments", json=body), "content")[0]
    assert refused(alice.post(f"stems/{stem}/segments", json={"type": "audio"}), "content")[0]


def test_rights_are_those_of_the_piece(server, alice, piece, stem):
    """A stranger finds nothing; a viewer reads; flags decide what a contributor does."""
    segment = added(alice, f"stems/{stem}/segments", type="midi", start=0)["id"]
    flags = {"canEdit": False, "canAddStems": True, "canDeleteStems": False}
    for name, body in (("viewer", {"role": "viewer"}), ("adder", {"role": "contributor", **flags})):
        server.as_(name).get("users/me")
        added(alice, f"projects/{piece}/collaborators", username=name, **body)

    def said(name):
        client = server.as_(name)
        return [
            client.get(f"projects/{piece}/stems").status_code,
            client.get(f"stems/{stem}").status_code,
            client.get(f"segments/{segment}").status_code,
            client.post(f"projects/{piece}/stems", json={"name": "x"}).status_code,
            client.patch(f"stems/{stem}", json={"name": "x"}).status_code,
            client.post(f"stems/{stem}/segments", json={"type": "midi"}).status_code,
            client.patch(f"segments/{segment}", json={"name": "x"}).status_code,
            client.delete(f"segments/{segment}").status_code,
            client.delete(f"stems/{stem}").status_code,
        ]

    assert [404] * 9 == said("stranger")
    assert [200] * 3 + [403] * 6 == said("viewer")
    assert [200] * 3 + [201] + [403] * 5 == said("adder")
    gone = "00000000-0000-4000-8000-000000000000"
    assert (
        alice.get(f"stems/{gone}").json()["error"]["message"]
        == (server.as_("stranger").get(f"stems/{stem}").json()["error"]["message"])
    )


def test_rows_and_replicas_say_the_same(server, alice):
    """What a replica writes, the stems tell; what is written here, a replica hears."""
    piece = made(alice)
    bass = next(
        s for s in alice.get(f"projects/{piece}/stems").json()["stems"] if s["name"] == "Bass"
    )
    replica = Replica(alice, piece)
    answer = replica.send(
        replica.edit(lambda write: write.set_field(models.Stem, bass["id"], "name", "Sub"))
    )
    told = alice.get(f"projects/{piece}/stems/{bass['id']}").json()
    assert ("Sub", answer.json()["seq"]) == (told["name"], told["version"])
    alice.patch(f"projects/{piece}/stems/{bass['id']}", json={"pan": 0.5})
    replica.document.apply(replica.missing(), origin="server")
    assert 0.5 == replica.document.revision.stems[bass["id"]].settings["pan.pan"]


def test_a_fork_has_the_ids_of_its_source(server, alice):
    """An id alone is the source's; below the fork it is the fork's, for stems and segments."""
    piece = made(
        alice, models.Song("s", "Song", stems={"only-here": models.Stem("only-here", "A")})
    )
    fork = alice.post(f"songs/{piece}/fork").json()["id"]
    path = f"projects/{fork}/stems/only-here"
    assert (piece, fork) == (
        alice.get("stems/only-here").json()["projectId"],
        alice.get(path).json()["projectId"],
    )
    segment = added(alice, f"{path}/segments", type="midi")["id"]
    assert 200 == alice.patch(f"projects/{fork}/segments/{segment}", json={"name": "x"}).status_code
    assert 404 == alice.get(f"projects/{piece}/segments/{segment}").status_code
    assert 200 == alice.delete(path).status_code
    assert 200 == alice.get("stems/only-here").status_code
    bob = server.as_("bob")
    own = bob.post(f"projects/{piece}/fork")
    assert 404 == own.status_code


def test_a_loop_of_a_library_has_no_stems(alice):
    """It says so."""
    answer = alice.post("loops", json={"name": "Beat", "length": 1})
    assert answer.status_code == 201, answer.text
    loop = answer.json()["id"]
    assert {"stems": []} == alice.get(f"projects/{loop}/stems").json()
    assert refused(alice.post(f"projects/{loop}/stems", json={"name": "x"}), "kind")[0]
