"""Whose the present song is: by the last touch of its notes, steps, chords and stems [ROOM-53]."""

from __future__ import annotations

import pytest

from cellissimo.schema import models
from tests.server.pieces import made
from tests.server.test_comments import edit, ids

PEOPLE = ("bob", "cleo")


@pytest.fixture
def piece(alice):
    """A project of alice's: two stems, two notes, a step and a chord; two contribute."""
    found = made(alice)
    for name in ("bob", "cleo"):
        body = {"username": name, "role": "contributor"}
        assert alice.post(f"projects/{found}/collaborators", json=body).status_code == 201
    return found


def theirs(client, piece):
    """Everybody's part, by name."""
    answer = client.get(f"rooms/{piece}/contributions")
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert sum(round(one["share"] * 10_000) for one in found["contributions"]) == 10_000
    return {one["person"]["name"]: one for one in found["contributions"]}, found["unknown"]


def counts(one):
    """Notes, steps, chords and stems of somebody."""
    return tuple(one[kind] for kind in ("notes", "steps", "chords", "stems"))


def test_who_founded_a_song_owns_all_of_it(alice, piece):
    """Until somebody else touches something."""
    found, unknown = theirs(alice, piece)
    assert ((2, 1, 1, 2), 1.0, 1) == (
        counts(found["Alice"]),
        found["Alice"]["share"],
        found["Alice"]["edits"],
    )
    assert unknown == 0


def test_a_thing_is_theirs_who_touched_it_last(server, alice, piece):
    """One by one: what is added, changed and deleted moves the parts, and they sum to 1."""
    there, bob, cleo = ids(alice, piece), server.as_("bob"), server.as_("cleo")
    theirs(alice, piece)

    def more(write):
        for cell in (4, 8):
            write.set_step(there["loop"], "kick", cell, models.Step())
        write.set_chord(there["loop"], 8, "Dm7")
        write.set_note(there["segment"], there["note"], models.Note(0, 240, 40))

    edit(bob, piece, more)
    edit(cleo, piece, lambda write: write.set_note(there["segment"], "n9", models.Note(9, 9, 60)))
    found, _ = theirs(alice, piece)
    assert ((1, 1, 1, 2), (1, 2, 1, 0), (1, 0, 0, 0)) == tuple(
        counts(found[name]) for name in ("Alice", "Bob", "Cleo")
    )
    assert (0.5, 0.4, 0.1) == tuple(found[name]["share"] for name in ("Alice", "Bob", "Cleo"))
    edit(cleo, piece, lambda write: write.remove_loop(there["loop"]))
    found, _ = theirs(alice, piece)
    assert ((1, 0, 0, 2), (1, 0, 0, 0)) == (counts(found["Alice"]), counts(found["Bob"]))
    assert found["Cleo"]["edits"] == 2


def test_the_history_played_again_says_the_same(server, alice, piece):
    """What was followed edit by edit is what a server finds that is started anew."""
    there, bob = ids(alice, piece), server.as_("bob")
    theirs(alice, piece)
    edit(bob, piece, lambda write: write.set_step(there["loop"], "snare", 4, models.Step()))
    followed = theirs(alice, piece)
    server.loop.call_soon_threadsafe(server.services.documents.forget, piece)
    assert followed == theirs(alice, piece)
    assert counts(followed[0]["Bob"]) == (0, 1, 0, 0)


def test_whoever_has_left_keeps_a_part_without_a_name(server, alice, piece):
    """Their notes are still there, and so is their share."""
    left = server.as_("leaver")
    left.get("users/me")
    body = {"username": "leaver", "role": "contributor"}
    alice.post(f"projects/{piece}/collaborators", json=body)
    there = ids(alice, piece)
    edit(left, piece, lambda write: write.set_chord(there["loop"], 0, "E7"))
    assert left.request("DELETE", "users/me", json={"confirm": "leaver"}).status_code == 200
    found, _ = theirs(alice, piece)
    gone = found["Somebody who left"]
    assert (0, 0, 1, 0) == counts(gone)
    assert gone["person"]["id"] == ""
