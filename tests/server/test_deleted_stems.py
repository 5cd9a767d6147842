"""Deleted stems come back for as long as the history is kept [ROOM-55]."""

from __future__ import annotations

import pytest

from cellissimo.crdt import layout
from cellissimo.notation.song_file_parser import parse_song
from tests.server.pieces import made
from tests.server.test_comments import edit, ids

PEOPLE = ("bob",)


@pytest.fixture
def piece(alice):
    """A project of hers with a contributor."""
    found = made(alice)
    body = {"username": "bob", "role": "contributor"}
    assert alice.post(f"projects/{found}/collaborators", json=body).status_code == 201
    return found


def deleted(client, piece):
    """The stems that can come back."""
    answer = client.get(f"rooms/{piece}/deleted-stems")
    assert answer.status_code == 200, answer.text
    return answer.json()["stems"]


def restore(client, piece, stem):
    """Bring one back."""
    return client.post(f"rooms/{piece}/deleted-stems/{stem}/restore")


def song_of(client, piece):
    """What a piece says."""
    return parse_song(client.get(f"projects/{piece}/song").text)


def test_a_deleted_stem_comes_back_with_its_music(server, alice, piece):
    """Also after others have edited on, and by whoever may restore and add stems."""
    there, before = ids(alice, piece), song_of(alice, piece)
    assert deleted(alice, piece) == []
    edit(alice, piece, lambda write: write.remove(layout.STEMS, there["stem"]))
    edit(alice, piece, lambda write: write.set_song_field("key", "D minor"))
    (gone,) = deleted(server.as_("bob"), piece)
    assert (there["stem"], "Bass", 2) == (gone["id"], gone["name"], gone["seq"])
    assert gone["deletedBy"]["username"] == "alice"
    assert restore(server.as_("bob"), piece, there["stem"]).status_code == 200
    now = song_of(alice, piece)
    assert (before.stems, before.segments, "D minor") == (now.stems, now.segments, now.key)
    assert deleted(alice, piece) == []
    assert restore(alice, piece, there["stem"]).status_code == 409
    assert restore(alice, piece, "nobody").status_code == 404


def test_a_server_that_is_started_anew_finds_them(server, alice, piece):
    """They are read from the history."""
    there = ids(alice, piece)
    edit(alice, piece, lambda write: write.remove(layout.STEMS, there["stem"]))
    followed = deleted(alice, piece)
    server.loop.call_soon_threadsafe(server.services.documents.forget, piece)
    assert followed == deleted(alice, piece)
    server.clock.forward(days=29)
    assert followed == deleted(alice, piece)
    server.clock.forward(days=2)
    assert deleted(alice, piece) == []
