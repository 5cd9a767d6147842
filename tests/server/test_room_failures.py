"""Where something of a room itself fails, who caused it is told, and nobody else has to leave."""

from __future__ import annotations

import pytest

from cellissimo.crdt import wire
from cellissimo.schema import models
from cellissimo_server.rooms.ensemble import Ensemble
from cellissimo_server.rooms.place import CatchUp
from cellissimo_server.rooms.refusals import NO_DISK
from cellissimo_server.store.errors import DiskError
from tests.server.pieces import made
from tests.server.sitting import Closed, sitting
from tests.server.test_room_presence import says, sees


def cell(number):
    """The edit that sets one step."""
    return lambda write: write.set_step("a", "hat", number, models.Step(90))


def broken(*_, **__):
    """Something of ours that fails."""
    raise ZeroDivisionError


def rule_of(ensemble, rule):
    """The part of the ensemble that fails, and the name of what fails in it."""
    part, name = rule.split(".")
    return getattr(ensemble, f"_{part}"), name


RULES = [
    "presence.join",
    "presence.leave",
    "presence.edited",
    "presence.due",
    "presence.changed",
    "transport.leave",
    "transport.changed",
    "conflicts.due",
    "cursors.leave",
]


@pytest.mark.parametrize("rule", RULES)
def test_what_fails_among_people_closes_no_room(server, alice, rule, monkeypatch):
    """[ROOM-46] Coming, editing, rights and going on; who is here is seen anew afterwards."""
    piece, bob = made(alice), server.as_("bob")
    me = bob.get("users/me").json()["id"]
    body = {"username": "bob", "role": "contributor"}
    assert 201 == alice.post(f"projects/{piece}/collaborators", json=body).status_code
    with sitting(server, alice, piece) as one, sitting(server, alice, piece) as two:
        one.send(says(7, 5, place="song"))
        sees(two, 7, bool)
        room = server.services.rooms.of(piece)
        part, name = rule_of(room.ensemble, rule)
        monkeypatch.setattr(part, name, broken, raising=True)
        with sitting(server, bob, piece) as three:
            three.keep(cell(1))
            path = f"projects/{piece}/collaborators/{me}"
            assert 200 == alice.patch(path, json={"role": "viewer"}).status_code
            three.news("standing")
        one.sees(2)
        assert 3 == one.keep(cell(2)).seq
        two.sees(3)
        one.send(says(7, 6, place="loop:a"))
        sees(two, 7, lambda state: state is not None and state["place"] == "loop:a")
        assert room is server.services.rooms.of(piece)
        two.send(wire.Said(wire.Kind.TRANSPORT, {"do": "lead"}))
        leads = two.until(lambda f: f.kind is wire.Kind.TRANSPORT)
        assert leads.said["leader"] == two.hello["session"]


def test_authors_whose_answer_fails_come_again_and_the_others_stay(server, alice, monkeypatch):
    """[ROOM-15] What was kept is kept, and told."""
    piece = made(alice)
    with sitting(server, alice, piece) as one, sitting(server, alice, piece) as two:
        room = server.services.rooms.of(piece)
        with monkeypatch.context() as during:
            during.setattr(room._editing, "_acknowledge", broken)
            one.tell(one.edit(cell(1)))
            assert 4500 == one.closed()
        two.sees(2)
        assert 3 == two.keep(cell(2)).seq


def test_who_cannot_be_told_what_they_missed_leaves_alone(server, alice, monkeypatch):
    """[ROOM-17] A document that cannot be read at that moment is no reason to close a room."""
    piece = made(alice)

    def away(*_):
        raise DiskError("the disk is away", cure="Wait.")

    with sitting(server, alice, piece) as one, sitting(server, alice, piece) as slow:
        room = server.services.rooms.of(piece)
        place = room.places[slow.hello["session"]]
        with monkeypatch.context() as during:
            during.setattr(server.services.documents, "look", away)
            server.loop.call_soon_threadsafe(room._say, place, CatchUp())
            assert 4500 == slow.closed()
        assert 2 == one.keep(cell(1)).seq


def test_nobody_in_a_room_is_told_where_the_database_is(server, alice, monkeypatch):
    """[ROOM-15] That it fails is said, whatever they ask for; where it is stands in the log."""
    piece = made(alice)

    def away(*_):
        raise DiskError('connection to "db.school" (10.0.0.3), port 5432 failed', cure="Wait.")

    with sitting(server, alice, piece) as one:
        monkeypatch.setattr(server.services.documents, "look", away)
        one.send(wire.Sync(wire.STATE, b"\x00"))
        with pytest.raises(Closed) as closed:
            one.until(lambda _: False)
    assert (4500, NO_DISK) == (closed.value.code, closed.value.reason)


def test_all_that_people_do_is_contained():
    """[ROOM-46] Of what a room calls outside its answers, nothing was forgotten."""
    contained = {name for name, do in vars(Ensemble).items() if hasattr(do, "__wrapped__")}
    assert {"join", "leave", "changed", "edited", "heard", "_settle"} == contained
