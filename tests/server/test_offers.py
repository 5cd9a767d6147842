from __future__ import annotations

import uuid
from typing import Any

import pytest

from cellissimo.notation.song_file_parser import parse_song
from cellissimo.schema.models import Note
from tests.server.pieces import Replica, made
from tests.server.running import Running

HIGH, LOW = Note(0, 240, 76, 90), Note(3840, 240, 40, 90)
"""A note in bar 1 and one in bar 2."""


@pytest.fixture
def song(server: Running) -> str:
    """Alice's public song."""
    return made(server.as_("alice"), visibility="public")


@pytest.fixture
def fork(server: Running, song: str) -> str:
    """Bea's fork of it, with a note more in bar 1 and in bar 2."""
    bea = server.as_("bea")
    found = bea.post(f"projects/{song}/fork").json()["id"]
    replica = Replica(bea, found)
    for name, note in (("high", HIGH), ("low", LOW)):
        update = replica.edit(lambda write, name=name, note=note: write.set_note("g", name, note))
        assert replica.send(update).status_code == 200
    server.clock.forward(seconds=1)
    return found


def offered(server: Running, fork: str, message: str = "Two notes") -> dict[str, Any]:
    answer = server.as_("bea").post(f"projects/{fork}/offers", json={"message": message})
    assert answer.status_code == 201, answer.text
    server.clock.forward(seconds=1)
    return answer.json()


def notes(server: Running, piece: str) -> set[Note]:
    text = server.as_("alice").get(f"projects/{piece}/song").text
    (segment,) = (one for one in parse_song(text).segments.values() if one.notes)
    return set(segment.notes.values())


def answer(
    server: Running, offer: dict[str, Any], how: str, who: str = "alice", **body: Any
) -> Any:
    return server.as_(who).post(f"offers/{offer['id']}/{how}", json=body)


def newest(server: Running, name: str) -> dict[str, Any]:
    return server.as_(name).get("notifications").json()["notifications"][0]


def test_an_offer_is_seen_in_words_and_bars(server: Running, song: str, fork: str) -> None:
    """Who owns the source is told, and sees what would change and where."""
    offer = offered(server, fork)
    told = newest(server, "alice")
    assert (told["kind"], told["pieceId"], told["actor"]["username"]) == ("offer", song, "bea")
    assert told["words"] == "Bea offers changes to “Song”."
    listed = server.as_("alice").get("offers").json()["offers"]
    assert offer["id"] in [one["id"] for one in listed]
    look = server.as_("alice").get(f"offers/{offer['id']}").json()
    assert (look["message"], look["state"]) == ("Two notes", "open")
    assert look["bars"] == [[1, 2]]
    assert {one["kind"] for one in look["changes"]} == {"segment"}
    assert look["words"]


def test_an_accepted_offer_is_an_ordinary_edit(server: Running, song: str, fork: str) -> None:
    """The target says what was offered; it is a revision like any other, and can be undone."""
    before = notes(server, song)
    offer = offered(server, fork)
    done = answer(server, offer, "accept")
    assert done.json()["state"] == "accepted"
    assert notes(server, song) == before | {HIGH, LOW}
    history = server.as_("alice").get(f"projects/{song}/history").json()["revisions"]
    assert history[0]["author"]["username"] == "alice"
    seq = history[0]["fromSeq"] - 1
    server.as_("alice").post(f"projects/{song}/history/{seq}/restore", json={})
    assert notes(server, song) == before
    assert newest(server, "bea")["words"] == "Alice took your offer into “Song”."


def test_some_bars_of_an_offer_may_be_taken(server: Running, song: str, fork: str) -> None:
    """Bar 2 of it comes, bar 1 stays as it was."""
    before = notes(server, song)
    offer = offered(server, fork)
    assert answer(server, offer, "accept", bars=[[2, 2]]).json()["state"] == "partly"
    assert notes(server, song) == before | {LOW}
    told = newest(server, "bea")
    assert told["detail"]["state"] == "partly"


def test_what_the_target_has_changed_meanwhile_is_compared(
    server: Running, song: str, fork: str
) -> None:
    """An offer is looked at as the target is now, and what was offered stays what it was."""
    offer = offered(server, fork)
    theirs = Replica(server.as_("bea"), fork)
    theirs.send(theirs.edit(lambda write: write.set_note("g", "late", Note(480, 240, 50, 90))))
    mine = Replica(server.as_("alice"), song)
    mine.send(mine.edit(lambda write: write.set_note("g", "high", HIGH)))
    look = server.as_("alice").get(f"offers/{offer['id']}").json()
    assert look["bars"] == [[2, 2]]


def test_a_declined_offer_changes_nothing(server: Running, song: str, fork: str) -> None:
    """Who made it is told, with the words of who declined."""
    before = notes(server, song)
    offer = offered(server, fork)
    done = answer(server, offer, "decline", message="Not this time")
    assert (done.json()["state"], done.json()["answer"]) == ("declined", "Not this time")
    assert notes(server, song) == before
    assert newest(server, "bea")["words"] == "Alice did not take your offer to “Song”."


def test_an_offer_is_answered_once(server: Running, fork: str) -> None:
    """After the answer there is nothing to accept, decline or withdraw."""
    offer = offered(server, fork)
    answer(server, offer, "decline")
    assert answer(server, offer, "accept").status_code == 409
    assert answer(server, offer, "withdraw", who="bea").status_code == 409


def test_an_offer_can_be_withdrawn_and_made_again(server: Running, fork: str) -> None:
    """One offer of a fork is open at a time."""
    offer = offered(server, fork)
    again = server.as_("bea").post(f"projects/{fork}/offers", json={})
    assert again.status_code == 409
    assert answer(server, offer, "withdraw").status_code == 403
    assert answer(server, offer, "withdraw", who="bea").json()["state"] == "withdrawn"
    assert offered(server, fork)["state"] == "open"


def test_only_a_fork_is_offered(server: Running, song: str) -> None:
    """What was made from nothing has nowhere to go back to."""
    assert server.as_("alice").post(f"projects/{song}/offers", json={}).status_code == 409


def test_nobody_else_sees_an_offer(server: Running, fork: str) -> None:
    """A stranger's answer is that of an offer that never was, whatever they try."""
    offer = offered(server, fork)
    for how in ("accept", "decline", "withdraw"):
        theirs = answer(server, offer, how, who="mallory")
        unknown = answer(server, {"id": str(uuid.uuid4())}, how, who="mallory")
        assert theirs.status_code == unknown.status_code == 404
        assert theirs.content == unknown.content
    assert server.as_("mallory").get(f"offers/{offer['id']}").status_code == 404


def test_who_made_an_offer_does_not_answer_it(server: Running, fork: str) -> None:
    """The fork's owner may look and withdraw, and no more."""
    offer = offered(server, fork)
    assert server.as_("bea").get(f"offers/{offer['id']}").status_code == 200
    assert answer(server, offer, "accept", who="bea").status_code == 403


def test_a_loop_is_offered_back_too(server: Running) -> None:
    """A fork of a loop keeps its own name and id; its steps and chords come back."""
    alice, bea = server.as_("alice"), server.as_("bea")
    wanted = {"name": "Groove", "length": 1, "isPublic": True}
    loop = alice.post("loops", json=wanted).json()
    mine = bea.post(f"loops/{loop['id']}/fork").json()["id"]
    chord = {"bar": 0, "chord": "Am", "roman": "vi", "root": "A", "quality": "minor"}
    changed = bea.patch(f"loops/{mine}", json={"name": "Mine", "chordProgression": [chord]})
    assert changed.status_code == 200, changed.text
    offer = bea.post(f"loops/{mine}/offers", json={}).json()
    look = alice.get(f"offers/{offer['id']}").json()
    assert look["bars"] == [[1, 1]]
    assert alice.post(f"offers/{offer['id']}/accept", json={}).json()["state"] == "accepted"
    after = alice.get(f"loops/{loop['id']}").json()
    assert after["name"] == "Groove"
    assert [one["chord"] for one in after["chordProgression"]] == ["Am"]
