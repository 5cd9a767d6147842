"""Two people who set one thing: who is told, and how it is settled, over real sockets."""

import pytest

from cellissimo.crdt import wire
from cellissimo.crdt.wire import Kind
from cellissimo.schema import models
from cellissimo_server.rooms import spreading
from tests.server.pieces import made
from tests.server.sitting import sitting


@pytest.fixture
def people(server):
    """Three who may edit one piece, and the piece."""
    alice = server.as_("alice")
    piece = made(alice)
    others = [server.as_(name) for name in ("bob", "cleo")]
    for name, other in zip(("bob", "cleo"), others, strict=True):
        other.get("users/me")
        body = {"username": name, "role": "contributor"}
        assert 201 == alice.post(f"projects/{piece}/members", json=body).status_code
    return piece, alice, *others


def step(velocity, cell=0):
    """Set the kick on a cell."""
    return lambda write: write.set_step("a", "kick", cell, models.Step(velocity))


def conflicts(one):
    """The conflicts that somebody was told of so far."""
    news = [frame.said for frame in one.heard if frame.kind is Kind.NEWS]
    return [said for said in news if said["kind"] == "conflict"]


def settled(one):
    """Everything that was sent before has had its turn, and its answer."""
    one.send(wire.Sync(wire.STATE, b"\x00"))
    one.until(lambda frame: frame.kind is Kind.SYNC and frame.step == wire.ANSWER)


def test_the_two_are_told_wherever_they_are_and_nobody_else(server, people):
    """[WIRE-18] Both of one's sessions hear of it, with both values and both people."""
    piece, alice, bob, cleo = people
    with (
        sitting(server, alice, piece) as one,
        sitting(server, bob, piece) as two,
        sitting(server, bob, piece) as again,
        sitting(server, cleo, piece) as third,
        sitting(server, bob, piece, plain=True) as plain,
    ):
        one.keep(step(10))
        two.sees(2)
        seq = two.keep(step(90)).seq
        mine, theirs, also = (other.news("conflict") for other in (one, two, again))
        assert theirs == also
        expected = {
            "kind": "conflict",
            "id": mine["id"],
            "path": ["loops", "a", "steps"],
            "key": "kick/0",
            "words": "step 1 of kick of the loop Beat",
            "mine": {"value": [10]},
            "theirs": {"value": [90]},
            "before": {"value": [100]},
            "stands": "theirs",
            "by": two.hello["person"],
            "seq": seq,
            "settled": False,
        }
        assert expected == mine
        mirrored = {"mine": {"value": [90]}, "theirs": {"value": [10]}, "stands": "mine"}
        assert expected | mirrored | {"by": one.hello["person"]} == theirs
        for other in (third, plain):
            settled(other)
            assert [] == conflicts(other)


def test_edits_by_other_doors_count_for_who_is_here(server, people):
    """[WIRE-18] Alice writes the text of the song over HTTP while she sits in the room."""
    piece, alice, bob, _ = people
    with sitting(server, alice, piece) as one, sitting(server, bob, piece) as two:
        two.keep(lambda write: write.set_song_field("name", "Mine"))
        text = alice.get(f"projects/{piece}/song").text.replace("Mine", "Theirs")
        assert 200 == alice.put(f"projects/{piece}/song", content=text).status_code
        told = two.news("conflict")
        values = [told[key]["value"] for key in ("mine", "theirs")]
        assert (["Mine", "Theirs"], "Alice") == (values, told["by"]["name"])
        assert told["id"] == one.news("conflict")["id"]


def test_keeping_mine_is_an_ordinary_edit(server, people):
    """[WIRE-18] Written where the notice says; the other hears of it under the same id."""
    piece, alice, bob, _ = people
    with sitting(server, alice, piece) as one, sitting(server, bob, piece) as two:
        one.keep(step(10))
        two.sees(2)
        two.keep(step(90))
        notice = one.news("conflict")
        settled(one)
        one.keep(step(int(notice["mine"]["value"][0])))
        first, second = two.news("conflict"), two.news("conflict")
        assert (notice["id"], "theirs") == (second["id"], second["stands"])
        assert first["id"] == notice["id"]
        assert 10 == one.document.revision.loops["a"].steps["kick", 0].velocity


def test_a_value_that_nobody_saw_is_not_lost_in_silence(server, people):
    """[WIRE-18] Both set it before they have heard of each other: each is told, whoever wins."""
    piece, alice, bob, _ = people
    for cell in range(4):  # who wins is a matter of their replicas' ids
        with sitting(server, alice, piece) as one, sitting(server, bob, piece) as two:
            updates = one.edit(step(10, cell)), two.edit(step(90, cell))
            for who, update in zip((one, two), updates, strict=True):
                who.tell(update)
                who.kept()
            mine, theirs = one.news("conflict"), two.news("conflict")
            one.load()
            stands = one.document.revision.loops["a"].steps["kick", cell].velocity
            assert ({"value": [10]}, {"value": [90]}) == (mine["mine"], theirs["mine"])
            assert {10: "mine", 90: "theirs"}[stands] == mine["stands"]
            assert {10: "theirs", 90: "mine"}[stands] == theirs["stands"]


def test_five_seconds_of_the_rooms_clock_later_it_is_none(server, people, monkeypatch):
    """[WIRE-18] Neither are one person's two sessions."""
    piece, alice, bob, _ = people
    now = [1_000.0]
    monkeypatch.setattr(server.services.rooms, "clock", lambda: now[0])
    with (
        sitting(server, alice, piece) as one,
        sitting(server, alice, piece) as also,
        sitting(server, bob, piece) as two,
    ):
        one.keep(step(10))
        also.sees(2)
        also.keep(step(20))
        two.sees(3)
        settled(also)
        now[0] += 5_000
        two.keep(step(90))
        for other in (one, also, two):
            settled(other)
            assert [] == conflicts(other)


def test_the_other_value_comes_before_the_notice(server, people, monkeypatch):
    """[WIRE-18] Who keeps theirs at once writes over it, also where edits are told in batches."""
    piece, alice, bob, _ = people
    monkeypatch.setattr(spreading, "BATCH_S", 5)
    with sitting(server, alice, piece) as one, sitting(server, bob, piece) as two:
        one.keep(step(10))
        seq = two.keep(step(90)).seq
        assert seq == one.news("conflict")["seq"]
        assert seq in [frame.seq for frame in one.heard if frame.kind is Kind.CHANGES]
