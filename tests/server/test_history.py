"""The history of pieces over HTTP: words, versions, restoring, authors, what is let go."""

from __future__ import annotations

import pytest

from cellissimo.crdt.document import Document
from cellissimo.notation.song_file_parser import parse_song
from cellissimo.schema import models
from cellissimo_server.commands.retain_history import retain_history
from cellissimo_server.store import versions
from tests.server.pieces import SONG, Replica, made

PEOPLE = ("bob", "viewer")

STEP = models.Step(90)


@pytest.fixture
def piece(alice):
    """A piece of alice's, of which bob is a contributor and somebody a viewer."""
    found = made(alice)
    for name, role in (("bob", "contributor"), ("viewer", "viewer")):
        body = {"username": name, "role": role}
        assert alice.post(f"projects/{found}/collaborators", json=body).status_code == 201
    return found


def edited(client, piece, change):
    """Edit a piece as a replica of its own; gives the revision."""
    replica = Replica(client, piece)
    answer = replica.send(replica.edit(change))
    assert answer.status_code == 200, answer.text
    return answer.json()["seq"]


def revisions(client, piece, **query):
    """The revisions of a piece's history."""
    answer = client.get(f"projects/{piece}/history", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()["revisions"]


def song_of(client, piece):
    """What a piece says."""
    return parse_song(client.get(f"projects/{piece}/song").text)


def tempo(bpm):
    """The change that sets the tempo."""
    return lambda write: write.set_tempo(0, models.Tempo(bpm))


def note(key, pitch):
    """The change that gives a note of the bass another pitch."""
    old = SONG.segments["g"].notes[key]
    return lambda write: write.set_note("g", key, models.Note(old.start, old.duration, pitch))


def parts(client, piece):
    """The id of the segment with notes: forks and new pieces may have ids of their own."""
    song = song_of(client, piece)
    return next(key for key, one in song.segments.items() if one.notes)


def test_the_history_tells_in_words_who_did_what(server, alice, piece):
    """[ROOM-9] Newest first, with author, time and what changed."""
    edited(alice, piece, tempo(90))
    server.clock.forward(hours=1)
    edited(server.as_("bob"), piece, lambda write: write.set_chord("a", 8, "F"))
    told = revisions(alice, piece)
    assert ["bob", "alice", "alice"] == [one["author"]["username"] for one in told]
    assert [(3, 3), (2, 2), (1, 1)] == [(one["fromSeq"], one["seq"]) for one in told]
    assert "120 BPM → 90 BPM" in told[1]["words"]
    assert "F" in told[0]["words"]
    assert "Song" in told[2]["words"]
    assert told[0]["at"] > told[1]["at"]


def test_what_is_done_in_one_go_is_one_revision(server, alice, piece):
    """[ROOM-9] A pause of five minutes, or somebody else, begins another."""
    replica = Replica(alice, piece)
    for bpm in (90, 91, 92):
        replica.send(replica.edit(tempo(bpm)))
        server.clock.forward(seconds=200)
    server.clock.forward(seconds=200)
    replica.send(replica.edit(tempo(93)))
    told = revisions(alice, piece)
    assert [(5, 5), (2, 4), (1, 1)] == [(one["fromSeq"], one["seq"]) for one in told]
    assert "120 BPM → 92 BPM" in told[1]["words"]


def test_the_history_comes_in_pages(server, alice, piece):
    """Each page begins where the one before ended."""
    for bpm in range(90, 95):
        server.clock.forward(hours=1)
        edited(alice, piece, tempo(bpm))
    first = alice.get(f"projects/{piece}/history", params={"limit": 2}).json()
    assert ([6, 5], True) == ([one["seq"] for one in first["revisions"]], first["hasMore"])
    rest = alice.get(f"projects/{piece}/history", params={"before": 5, "limit": 10}).json()
    assert ([4, 3, 2, 1], False) == ([one["seq"] for one in rest["revisions"]], rest["hasMore"])


def test_any_revision_can_be_read(alice, piece):
    """What a piece said comes back as it was, and what never was is not found."""
    before = alice.get(f"projects/{piece}/song").text
    edited(alice, piece, tempo(90))
    answer = alice.get(f"projects/{piece}/history/1")
    assert (before, '"1"') == (answer.text, answer.headers["ETag"])
    for seq in ("0", "3", "99999999999", "-1", "x", "1.5"):
        assert 404 == alice.get(f"projects/{piece}/history/{seq}").status_code


def test_a_revision_is_had_as_a_document_that_can_be_played(alice, piece):
    """It says what the song said then; strangers and revisions that never were find nothing."""
    before = song_of(alice, piece)
    edited(alice, piece, tempo(90))
    answer = alice.get(f"projects/{piece}/history/1/document")
    assert "application/octet-stream" == answer.headers["Content-Type"]
    assert before == Document(update=answer.content).revision
    assert 404 == alice.get(f"projects/{piece}/history/99/document").status_code


def test_two_revisions_are_compared(alice, piece):
    """In words, change by change, and by bars."""
    edited(alice, piece, tempo(90))
    edited(alice, piece, lambda write: write.set_chord("a", 8, "F"))
    query = {"from": 1, "to": 2}
    said = alice.get(f"projects/{piece}/history/compare", params=query).json()
    assert ["tempo"] == [one["kind"] for one in said["changes"]]
    assert [[1, 2]] == said["bars"]
    to_now = alice.get(f"projects/{piece}/history/compare", params={"from": 1}).json()
    assert len(to_now["changes"]) == 2
    assert 400 == alice.get(f"projects/{piece}/history/compare").status_code
    assert 404 == alice.get(f"projects/{piece}/history/compare", params={"from": 9}).status_code


def test_the_whole_is_restored_as_a_new_edit(alice, piece):
    """[ROOM-10] The text is the same again, and the history goes on."""
    before = alice.get(f"projects/{piece}/song").text
    edited(alice, piece, tempo(90))
    edited(alice, piece, lambda write: write.set_chord("a", 8, "F"))
    answer = alice.post(f"projects/{piece}/history/1/restore", json={})
    assert (200, 4) == (answer.status_code, answer.json()["seq"])
    assert before == alice.get(f"projects/{piece}/song").text
    assert 4 == alice.post(f"projects/{piece}/history/1/restore", json={}).json()["seq"]


def test_one_stem_is_restored(alice, piece):
    """[ROOM-10] A stem that was removed comes back with its segments; the rest stays."""
    before = song_of(alice, piece)
    stem = next(key for key, one in before.stems.items() if one.name == "Bass")
    edited(alice, piece, lambda write: write.remove("stems", stem))
    edited(alice, piece, tempo(90))
    assert 1 == len(song_of(alice, piece).segments)
    answer = alice.post(f"projects/{piece}/history/1/restore", json={"stem": stem})
    after = song_of(alice, piece)
    assert (200, before.stems, before.segments, 90) == (
        answer.status_code,
        after.stems,
        after.segments,
        after.tempo,
    )
    wrong = alice.post(f"projects/{piece}/history/1/restore", json={"stem": "none"})
    assert (400, "stem") == (wrong.status_code, wrong.json()["error"]["field"])


def test_some_bars_are_restored(alice, piece):
    """[ROOM-10] Bar 2 sounds as it did; the change in bar 1 stays."""
    segment = parts(alice, piece)
    for key, start in (("n1", 0), ("n2", 3840)):
        edited(
            alice,
            piece,
            lambda write, key=key, start=start: write.set_note(
                segment, key, models.Note(start, 480, 60)
            ),
        )
    answer = alice.post(f"projects/{piece}/history/1/restore", json={"bars": [2, 2]})
    notes = song_of(alice, piece).segments[segment].notes
    assert (200, 60, 38) == (answer.status_code, notes["n1"].pitch, notes["n2"].pitch)
    for bars in ([2, 1], [0, 1], [1], "1-2"):
        wrong = alice.post(f"projects/{piece}/history/1/restore", json={"bars": bars})
        assert (400, "bars") == (wrong.status_code, wrong.json()["error"]["field"].split(".")[0])


def test_only_who_may_edit_restores(server, alice, piece):
    """A viewer reads the history and changes nothing; a stranger learns nothing."""
    edited(alice, piece, lambda write: write.put(models.Stem("new", "New")))
    viewer, bob, stranger = server.as_("viewer"), server.as_("bob"), server.as_("stranger")
    assert 2 == revisions(viewer, piece)[0]["seq"]
    restore = f"projects/{piece}/history/1/restore"
    assert 403 == viewer.post(restore, json={}).status_code
    assert 403 == bob.post(restore, json={}).status_code, "it removes a stem"
    assert 403 == viewer.post(f"projects/{piece}/versions", json={"name": "x"}).status_code
    for path in ("history", "history/1", "versions", "authors", "history/compare?from=1"):
        assert 404 == stranger.get(f"projects/{piece}/{path}").status_code
    assert 404 == stranger.post(restore, json={}).status_code


def test_versions_are_named_renamed_and_forgotten(server, alice, piece):
    """A name stands at its revision in the history."""
    edited(alice, piece, tempo(90))
    made_now = alice.post(f"projects/{piece}/versions", json={"name": "First mix"})
    assert (201, 2, "named") == (
        made_now.status_code,
        made_now.json()["seq"],
        made_now.json()["kind"],
    )
    older = alice.post(f"projects/{piece}/versions", json={"name": "Sketch", "seq": 1}).json()
    listed = alice.get(f"projects/{piece}/versions").json()["versions"]
    assert [("First mix", 2), ("Sketch", 1)] == [(one["name"], one["seq"]) for one in listed]
    renamed = alice.patch(f"versions/{older['id']}", json={"name": "Idea"})
    assert "Idea" == renamed.json()["name"]
    assert [{"id": older["id"], "name": "Idea"}] == [
        one["version"] for one in revisions(alice, piece) if one["seq"] == 1
    ]
    for name in ("", " ", "two\nlines", "x" * 101):
        assert 400 == alice.patch(f"versions/{older['id']}", json={"name": name}).status_code
    assert 404 == server.as_("stranger").delete(f"versions/{older['id']}").status_code
    assert 403 == server.as_("viewer").delete(f"versions/{older['id']}").status_code
    assert 200 == alice.delete(f"versions/{older['id']}").status_code
    assert 404 == alice.delete(f"versions/{older['id']}").status_code
    assert 404 == alice.post(f"projects/{piece}/versions", json={"name": "x", "seq": 9}).status_code


def test_a_version_ends_a_revision_of_the_history(alice, piece):
    """[ROOM-9] What was named stands by itself, also in the middle of work."""
    replica = Replica(alice, piece)
    replica.send(replica.edit(tempo(90)))
    alice.post(f"projects/{piece}/versions", json={"name": "Here"})
    replica.send(replica.edit(tempo(91)))
    assert [3, 2, 1] == [one["seq"] for one in revisions(alice, piece)]


def test_it_is_known_who_wrote_what(server, alice, piece):
    """[ROOM-8] Each thing's last author, notes among them, and everybody's share of the edits."""
    bob, segment = server.as_("bob"), parts(alice, piece)
    edited(bob, piece, lambda write: write.set_note(segment, "n1", models.Note(0, 480, 60)))
    edited(bob, piece, lambda write: write.set_step("a", "kick", 4, STEP))
    edited(alice, piece, lambda write: write.put(models.Stem("new", "New", order="X")))
    said = alice.get(f"projects/{piece}/authors").json()
    who = {key: one["author"]["username"] for key, one in said["entities"].items()}
    kinds = {key: one["kind"] for key, one in said["entities"].items()}
    assert ("bob", "alice", "bob", "bob", "alice") == tuple(
        who[key] for key in ("n1", "n2", "a", segment, "new")
    )
    assert ("note", "loop", "segment", "stem") == tuple(
        kinds[key] for key in ("n1", "a", segment, "new")
    )
    shares = [(one["user"]["username"], one["edits"], one["share"]) for one in said["shares"]]
    assert [("alice", 2, 0.5), ("bob", 2, 0.5)] == sorted(shares)
    edited(bob, piece, tempo(90))
    again = alice.get(f"projects/{piece}/authors").json()
    assert [("bob", 3), ("alice", 2)] == [
        (one["user"]["username"], one["edits"]) for one in again["shares"]
    ]


def test_old_history_goes_and_versions_stay(server, alice, piece):
    """[ROOM-11] After the history's days: the song, its versions and young edits are all there."""
    edited(alice, piece, tempo(90))
    alice.post(f"projects/{piece}/versions", json={"name": "Keep"})
    first = alice.get(f"projects/{piece}/history/2").text
    edited(alice, piece, tempo(91))
    edited(alice, piece, tempo(92))
    server.clock.forward(days=31)
    edited(alice, piece, tempo(93))
    now = alice.get(f"projects/{piece}/song").text
    assert server.run(retain_history(server.services)) >= 4
    assert 0 == server.run(retain_history(server.services))
    assert now == alice.get(f"projects/{piece}/song").text
    assert first == alice.get(f"projects/{piece}/history/2").text
    assert 410 == alice.get(f"projects/{piece}/history/1").status_code
    assert "92 BPM → 93 BPM" in revisions(alice, piece)[0]["words"]
    assert 200 == alice.post(f"projects/{piece}/history/2/restore", json={}).status_code
    said = alice.get(f"projects/{piece}/authors").json()
    assert {None} == {one["author"] for one in said["entities"].values()}
    held = server.run(server.services.database.read(lambda db: versions.of_piece(db, piece)))
    assert ["Keep"] == [one.name for one in held if one.kind == "named"]
    server.services.documents._open.clear()
    assert 200 == alice.get(f"projects/{piece}/song").status_code
