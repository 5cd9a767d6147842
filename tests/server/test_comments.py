"""Comments on places of a song: threads, what they stand on, and who may do what with them."""

from __future__ import annotations

import uuid

import pytest

from cellissimo.schema import models
from tests.server.pieces import Replica, made
from tests.server.test_chat import guest_with

PEOPLE = ("bob", "viewer", "admin", "mallory")

BAR = 3840


@pytest.fixture
def piece(alice):
    """A project of hers with a contributor, a viewer and an admin."""
    found = made(alice)
    for name, role in (("bob", "contributor"), ("viewer", "viewer"), ("admin", "admin")):
        body = {"username": name, "role": role}
        assert alice.post(f"projects/{found}/collaborators", json=body).status_code == 201
    return found


def comment(client, piece, text="Louder", **target):
    """Comment on something; gives the thread."""
    body = {"text": text, "target": target or {"kind": "song"}}
    answer = client.post(f"rooms/{piece}/comments", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def reply(client, piece, to, text="Yes"):
    """Answer a comment; gives the thread."""
    answer = client.post(f"rooms/{piece}/comments", json={"text": text, "replyTo": to})
    assert answer.status_code == 201, answer.text
    return answer.json()


def listed(client, piece, **query):
    """The threads of a piece, newest first."""
    answer = client.get(f"rooms/{piece}/comments", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()["comments"]


def edit(client, piece, change):
    """Edit the song as a replica does."""
    replica = Replica(client, piece)
    assert replica.send(replica.edit(change)).status_code == 200


def ids(client, piece):
    """The ids of the loop, the block, the stems, a segment and its notes: fresh in each piece."""
    song = Replica(client, piece).document.revision
    segment = next(one for one in song.segments.values() if one.notes)
    return {
        "loop": next(iter(song.loops)),
        "block": next(iter(song.blocks)),
        "stem": segment.stem,
        "segment": segment.id,
        "note": min(segment.notes, key=lambda key: segment.notes[key].start),
    }


def test_a_comment_stands_on_whatever_the_song_has(alice, piece):
    """Each place is told by its tick and in words."""
    there = ids(alice, piece)
    cases = [
        ({"kind": "song"}, None, "the song"),
        ({"kind": "bar", "tick": BAR}, BAR, "bar 2"),
        ({"kind": "tick", "tick": 960}, 960, "bar 1, beat 2"),
        ({"kind": "stem", "id": there["stem"]}, None, "stem Bass"),
        ({"kind": "stem", "id": there["stem"], "tick": BAR}, BAR, "stem Bass, bar 2"),
        ({"kind": "segment", "id": there["segment"]}, 0, "segment of Bass, bar 1"),
        (
            {"kind": "note", "segment": there["segment"], "id": there["note"]},
            0,
            "note C2 of Bass, bar 1",
        ),
        ({"kind": "loop", "id": there["loop"]}, 0, "loop Beat, bar 1"),
        (
            {"kind": "step", "id": there["loop"], "row": "kick", "cell": 0},
            0,
            "kick on cell 0 of Beat, bar 1",
        ),
        ({"kind": "row", "id": there["loop"], "row": "kick"}, 0, "kick of Beat, bar 1"),
        ({"kind": "block", "id": there["block"]}, 0, "loop Beat, bar 1"),
        (
            {"kind": "cell", "notebook": "a.ipynb", "id": "c1", "line": 3},
            None,
            "a cell of a.ipynb, line 3",
        ),
    ]
    for target, tick, words in cases:
        place = comment(alice, piece, **target)["place"]
        assert (tick, words, False) == (place["tick"], place["words"], place["isGone"]), target
    assert len(cases) == len(listed(alice, piece, limit=100))


@pytest.mark.parametrize(
    "target",
    [
        {"kind": "note", "segment": "x", "id": "y"},
        {"kind": "stem", "id": "nobody"},
        {"kind": "bar"},
        {"kind": "step", "id": "a", "row": "kick", "cell": 3},
    ],
)
def test_it_stands_on_nothing_that_is_not_there(alice, piece, target):
    """The error says what is accepted, and no comment is made."""
    answer = alice.post(f"rooms/{piece}/comments", json={"text": "x", "target": target})
    assert answer.status_code == 400
    assert answer.json()["error"]["field"] == "target"
    assert listed(alice, piece) == []


def test_a_comment_goes_along_with_its_music(alice, piece):
    """Two bars are put in before: bar 2 with its notes is bar 4 now, and so is the comment."""
    said = comment(alice, piece, kind="bar", tick=BAR)
    assert said["place"]["words"] == "bar 2"

    def later(write):
        song = Replica(alice, piece).document.revision
        for kind, held in ((models.Block, song.blocks), (models.Segment, song.segments)):
            for one in held.values():
                write.set_field(kind, one.id, "start", one.start + 2 * BAR)

    edit(alice, piece, later)
    (now,) = listed(alice, piece)
    assert (3 * BAR, "bar 4", False) == tuple(now["place"][k] for k in ("tick", "words", "isGone"))


def test_what_it_stood_on_may_be_gone(alice, piece):
    """A note that is deleted leaves its comment, with the place where it was, and its name."""
    there = ids(alice, piece)
    comment(alice, piece, kind="note", segment=there["segment"], id=there["note"])
    edit(alice, piece, lambda write: write.set_note(there["segment"], there["note"], None))
    (now,) = listed(alice, piece)
    assert now["place"] == {
        "kind": "note",
        "of": there["note"],
        "tick": 0,
        "words": "note C2 of Bass, bar 1",
        "isGone": True,
    }


def test_what_is_gone_is_told_as_it_was_seen_last(alice, piece):
    """The stem was renamed and the note moved before it was deleted."""
    there = ids(alice, piece)
    comment(alice, piece, kind="note", segment=there["segment"], id=there["note"])

    def move(write):
        write.set_field(models.Stem, there["stem"], "name", "Deep")
        write.set_note(there["segment"], there["note"], models.Note(BAR, 480, 40))

    edit(alice, piece, move)
    assert listed(alice, piece)[0]["place"]["words"] == "note E2 of Deep, bar 2"
    edit(alice, piece, lambda write: write.set_note(there["segment"], there["note"], None))
    place = listed(alice, piece)[0]["place"]
    assert (BAR, "note E2 of Deep, bar 2", True) == (
        place["tick"],
        place["words"],
        place["isGone"],
    )


def test_answers_stand_in_their_thread(server, alice, piece):
    """In their order, also answers to answers; who was answered is told, whoever writes is not."""
    bob, viewer = server.as_("bob"), server.as_("viewer")
    first = comment(bob, piece, kind="bar", tick=0)
    one = reply(viewer, piece, first["id"], "Why?")
    two = reply(alice, piece, one["replies"][0]["id"], "Because")
    assert [(r["text"], r["author"]["name"]) for r in two["replies"]] == [
        ("Why?", "Viewer"),
        ("Because", "Alice"),
    ]
    assert [two] == listed(alice, piece)
    told = bob.get("notifications").json()["notifications"]
    words = {n["words"] for n in told if n["kind"] == "comment" and n["pieceId"] == piece}
    assert sorted(words) == ["Alice wrote about “Song”.", "Viewer wrote about “Song”."]


def test_the_same_id_writes_it_once(server, alice, piece):
    """Sent again, a comment is there once; nobody takes another's id."""
    key = str(uuid.uuid4())
    body = {"id": key, "text": "once", "target": {"kind": "song"}}
    first, again = (alice.post(f"rooms/{piece}/comments", json=body).json() for _ in range(2))
    assert first == again
    assert len(listed(alice, piece)) == 1
    taken = server.as_("bob").post(f"rooms/{piece}/comments", json=body)
    assert taken.status_code == 409


def test_only_whoever_wrote_it_changes_the_words(server, alice, piece):
    """Not even the owner; a change made for an older comment tells both."""
    bob = server.as_("bob")
    said = comment(bob, piece)
    changed = bob.patch(f"comments/{said['id']}", json={"text": "Softer", "rev": 1})
    assert changed.status_code == 200, changed.text
    assert ("Softer", 2) == (changed.json()["text"], changed.json()["rev"])
    assert changed.json()["editedAt"] is not None
    assert alice.patch(f"comments/{said['id']}", json={"text": "Mine"}).status_code == 403
    late = bob.patch(f"comments/{said['id']}", json={"text": "Late"}, headers={"If-Match": '"1"'})
    assert late.status_code == 412


def test_threads_are_resolved_and_opened_again(server, alice, piece):
    """By who began them and by who may edit; the lists can be asked for one kind."""
    viewer, bob = server.as_("viewer"), server.as_("bob")
    theirs, own = comment(alice, piece), comment(viewer, piece)
    assert viewer.patch(f"comments/{theirs['id']}", json={"resolved": True}).status_code == 403
    assert viewer.patch(f"comments/{own['id']}", json={"resolved": True}).status_code == 200
    done = bob.patch(f"comments/{theirs['id']}", json={"resolved": True}).json()
    assert (done["resolvedBy"]["name"], done["resolvedAt"] is None) == ("Bob", False)
    assert listed(alice, piece, resolved=False) == []
    assert len(listed(alice, piece, resolved=True)) == 2
    again = alice.patch(f"comments/{theirs['id']}", json={"resolved": False}).json()
    assert (again["resolvedBy"], again["resolvedAt"]) == (None, None)
    answer = reply(alice, piece, own["id"])["replies"][0]
    assert alice.patch(f"comments/{answer['id']}", json={"resolved": True}).status_code == 400


def test_answers_stay_when_their_comment_goes(server, alice, piece):
    """Others' words stay below a comment without any; when the last goes, the thread is gone."""
    bob = server.as_("bob")
    said = comment(bob, piece)
    answer = reply(alice, piece, said["id"])["replies"][0]
    assert server.as_("viewer").delete(f"comments/{said['id']}").status_code == 403
    assert bob.delete(f"comments/{said['id']}").status_code == 200
    assert bob.delete(f"comments/{said['id']}").status_code == 200
    (left,) = listed(alice, piece)
    assert ("", True, [answer]) == (left["text"], left["isRemoved"], left["replies"])
    assert bob.patch(f"comments/{said['id']}", json={"text": "again"}).status_code == 404
    assert server.as_("admin").delete(f"comments/{answer['id']}").status_code == 200
    assert listed(alice, piece) == []


def test_comments_are_not_for_the_public(server, alice, piece):
    """As the chat: for members, and for guests of a link that allows them."""
    said = comment(alice, piece)
    mallory = server.as_("mallory")
    assert mallory.get(f"rooms/{piece}/comments").status_code == 404
    assert mallory.patch(f"comments/{said['id']}", json={"resolved": True}).status_code == 404
    assert mallory.delete(f"comments/{said['id']}").status_code == 404
    alice.patch(f"projects/{piece}", json={"visibility": "public"})
    assert mallory.get(f"rooms/{piece}/comments").status_code == 403
    guest, _ = guest_with(server, alice, piece, ["comment"])
    mine = comment(guest, piece, "From outside", kind="bar", tick=0)
    assert {"name": "Gast", "kind": "guest"}.items() <= mine["author"].items()
    assert guest.delete(f"comments/{said['id']}").status_code == 403
    assert guest.delete(f"comments/{mine['id']}").status_code == 200
