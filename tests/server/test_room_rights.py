"""Who may do what in a room, and how soon it is over once they may not [ROOM-19 … ROOM-21]."""

from __future__ import annotations

import pytest

from cellissimo.crdt import wire
from cellissimo.crdt.document import Document
from cellissimo.crdt.update_parser import state_of
from cellissimo.schema import models
from cellissimo.schema.policy import Action
from tests.server.pieces import Replica, made
from tests.server.sitting import is_sync, opened, sitting, ticket
from tests.server.sounds import canonical, name_of, upload
from tests.updates import put, update

STEP = models.Step(90)


@pytest.fixture
def piece(alice):
    """A new piece of hers."""
    return made(alice)


def cell(number, row="hat"):
    """The edit that sets one step."""
    return lambda write: write.set_step("a", row, number, STEP)


def member(server, piece, name, role="contributor", **flags):
    """Somebody who is added to alice's piece; their client and their id."""
    client = server.as_(name)
    client.get("users/me")
    body = {"username": name, "role": role, **flags}
    answer = server.as_("alice").post(f"projects/{piece}/collaborators", json=body)
    assert answer.status_code == 201, answer.text
    return client, answer.json()["userId"]


def link_to(alice, piece, *rights, **said):
    """The token and the id of a new link."""
    body = {"rights": list(rights), "expiresIn": 1} | said
    answer = alice.post(f"projects/{piece}/share", json=body)
    assert answer.status_code < 300, answer.text
    return answer.json()["shareToken"], answer.json()["id"]


def fresh(sitting):
    """An edit of the document by a replica that nobody has met."""
    document, found = Document(update=sitting.document.encode()), []
    document.observe(found.append)
    with document.edit() as write:
        write.set_step("a", "clap", 1, STEP)
    return found[-1]


# -- what a role allows ----------------------------------------------------------------------------


def test_a_viewer_listens(server, alice, piece):
    """[ROOM-19] What others do is heard; an edit of any kind is refused, and not even read."""
    vera, _ = member(server, piece, "vera", "viewer")
    with sitting(server, alice, piece) as one:
        with sitting(server, vera, piece) as two:
            assert ("viewer", False) == (
                two.hello["role"],
                Action.EDIT_MUSIC in two.hello["may"],
            )
            one.keep(cell(1))
            two.sees(2)
            two.send(wire.Sync(wire.ANSWER, two.document.encode()))  # adds nothing
            two.send(wire.Sync(wire.ANSWER, b"\x00\x00"))
            two.send(wire.Sync(wire.STATE, two.document.state))
            two.until(lambda frame: is_sync(frame, wire.ANSWER))
            two.tell(b"no update at all")
            refused = two.until(wire.Refused)
            assert (1, "forbidden") == (refused.number, refused.error["code"])
            assert 4403 == two.closed()
        for plain in (wire.UPDATE, wire.ANSWER):
            with sitting(server, vera, piece, plain=True) as two:
                two.send(wire.Sync(plain, fresh(two)))
                assert 4403 == two.closed()
        assert 3 == one.keep(cell(2)).seq


def test_flags_hold_in_a_room(server, alice, piece):
    """[GATE-14] Without canAddStems no stem is added; the rest is kept."""
    bob, _ = member(server, piece, "bob", canAddStems=False)
    with sitting(server, bob, piece) as one:
        one.keep(cell(1))
        one.tell(one.edit(lambda write: write.put(models.Stem("new", "New"))))
        refused = one.until(wire.Refused)
        assert (2, "forbidden", ["stems/new"]) == (
            refused.number, refused.error["code"], refused.error["value"],
        )  # fmt: skip
        assert 4403 == one.closed()
    assert 2 == Replica(alice, piece).seq


def test_nobody_comes_in_who_may_not_know_of_it(server, alice, piece):
    """[WIRE-1] A stranger gets no ticket, and neither does a visitor without a link."""
    for client in (server.as_("stranger"), server.client()):
        assert 404 == client.post(f"rooms/{piece}/tickets", json={}).status_code


def test_a_link_lets_a_guest_in(server, alice, piece):
    """With a name of their own and what the link allows; comments and listening, or edits."""
    for rights, edits in ((["listen"], False), (["edit"], True)):
        token, _ = link_to(alice, piece, *rights)
        given = ticket(server.client(), piece, link=token, name="Gina", via="jam")
        assert ("Gina", "guest", edits) == (
            given["person"]["name"], given["person"]["kind"], "music.edit" in given["may"],
        )  # fmt: skip
        with opened(server, piece, given["ticket"]) as guest:
            hello = guest.greet(via="jam")
            assert (None, edits, given["person"]) == (
                hello["role"], "music.edit" in hello["may"], hello["person"],
            )  # fmt: skip
            if edits:
                guest.load()
                guest.keep(cell(9))


# -- whose replica ---------------------------------------------------------------------------------


def test_nobody_writes_as_somebody_else(server, alice, piece):
    """[ROOM-6] [ROOM-20] Neither under an id that has written, nor under one that only listens."""
    bob, _ = member(server, piece, "bob")
    with sitting(server, alice, piece) as one, sitting(server, alice, piece) as silent:
        one.keep(cell(1))
        ((mine, clock),) = [
            (client, clock)
            for client, clock in state_of(one.document.state).items()
            if client not in state_of(silent.document.state)
        ]
        silent.sees(2)
        with sitting(server, bob, piece) as thief:
            thief.tell(update({mine: (clock, [put("pads", "1", "a")])}))
            assert "foreign" == thief.until(wire.Refused).error["value"]
            assert 4409 == thief.closed()
        room = server.services.rooms.of(piece)
        seat = room.places[silent.hello["session"]].seat
        seat.client = 4711
        with sitting(server, bob, piece) as thief:
            thief.tell(update({4711: (0, [put("pads", "1", "a")])}))
            assert "foreign" == thief.until(wire.Refused).error["value"]
            assert 4409 == thief.closed()
        assert 3 == one.keep(cell(2)).seq


def test_nobody_is_kept_out_by_who_claims_their_replica(server, alice, piece):
    """[ROOM-20] To say that one is here as somebody else's replica takes nothing from them."""
    bob, _ = member(server, piece, "bob")
    with sitting(server, alice, piece) as one, sitting(server, bob, piece) as thief:
        one.keep(cell(1))
        (mine,) = state_of(one.document.state).keys() - state_of(thief.document.state).keys()
        room = server.services.rooms.of(piece)
        room.places[thief.hello["session"]].seat.client = mine
        assert 3 == one.keep(cell(2)).seq
        one.send(wire.Sync(wire.ANSWER, one.document.encode()))
        assert 4 == one.keep(cell(3)).seq


def test_nobody_becomes_the_author_of_what_they_resend(server, alice, piece):
    """[ROOM-6] Sending again what the server wrote gives nobody its replica."""
    bob, _ = member(server, piece, "bob")
    alice.patch(f"projects/{piece}", json={"name": "By the server"})
    with sitting(server, bob, piece) as thief:
        before = thief.document.state
        own = thief.edit(cell(3))
        thief.send(wire.Sync(wire.ANSWER, thief.document.encode()))
        thief.tell(own)
        thief.kept()
        replica = Replica(alice, piece).document.state
        mine = state_of(thief.document.state).keys() - state_of(before).keys()
        for client, clock in state_of(replica).items():
            if client not in mine:
                thief.tell(update({client: (clock, [put("pads", "1", "a")])}))
                break
        assert "foreign" == thief.until(wire.Refused).error["value"]


def test_what_was_made_before_a_gap_is_refused(server, alice, piece):
    """[GATE-7] Edits that others cannot follow are refused, and the session may come again."""
    with sitting(server, alice, piece) as one:
        one.edit(cell(1))
        one.tell(one.edit(cell(2)))
        refused = one.until(wire.Refused)
        assert ("conflict", "gap") == (refused.error["code"], refused.error["value"])
        assert 4409 == one.closed()


def test_an_edit_in_a_room_lends_what_its_author_may_lend(server, alice, piece):
    """[ROOM-3] A recording is lent with the edit that takes it, by its owner alone."""
    bob, _ = member(server, piece, "bob")
    content = canonical(0.1, seed=73)
    assert 201 == upload(alice, content).status_code
    blob = f"projects/{piece}/blobs/{name_of(content)}"

    def part(key):
        return models.Segment(key, "t", "audio", 7680, 960, blob=name_of(content), frames=4800)

    with sitting(server, alice, piece) as one, sitting(server, bob, piece) as two:
        two.keep(lambda write: write.put(part("x")))
        assert 404 == bob.get(blob).status_code
        one.keep(cell(1))
        assert 404 == bob.get(blob).status_code
        one.keep(lambda write: write.put(part("y")))
        assert 200 == bob.get(blob).status_code


# -- rights that change ----------------------------------------------------------------------------


def test_a_member_who_is_removed_is_out_at_once(server, alice, piece):
    """[ROOM-21] The session is closed with 4404, and the others stay."""
    bob, bob_id = member(server, piece, "bob")
    with sitting(server, alice, piece) as one, sitting(server, bob, piece) as two:
        assert 200 == alice.delete(f"projects/{piece}/collaborators/{bob_id}").status_code
        assert 4404 == two.closed()
        assert 2 == one.keep(cell(1)).seq


def test_a_role_that_changes_is_told_and_holds(server, alice, piece):
    """[ROOM-21] NEWS says what one may do from now on; edits are refused from then on."""
    bob, bob_id = member(server, piece, "bob")
    with sitting(server, bob, piece) as one:
        one.keep(cell(1))
        path = f"projects/{piece}/collaborators/{bob_id}"
        assert 200 == alice.patch(path, json={"role": "viewer"}).status_code
        told = one.news("standing")
        assert ("viewer", False) == (told["role"], "music.edit" in told["may"])
        assert 200 == alice.patch(path, json={"role": "admin", "canEdit": True}).status_code
        told = one.news("standing")
        assert ("admin", True) == (told["role"], "music.edit" in told["may"])
        one.keep(cell(2))
        assert 200 == alice.patch(path, json={"role": "viewer"}).status_code
        one.news("standing")
        one.tell(one.edit(cell(3)))
        assert 4403 == one.closed()
    assert 3 == Replica(alice, piece).seq


def test_an_archived_piece_takes_no_edit_in_its_room(server, alice, piece):
    """[ROOM-21] Everybody is told; active again, edits are taken again."""
    with sitting(server, alice, piece) as one:
        alice.patch(f"projects/{piece}", json={"isActive": False})
        assert "music.edit" not in one.news("standing")["may"]
        alice.patch(f"projects/{piece}", json={"isActive": True})
        assert "music.edit" in one.news("standing")["may"]
        one.keep(cell(1))


@pytest.mark.parametrize("end", ["revoked", "expired", "private", "trashed"])
def test_a_link_that_ends_is_over_in_the_room_too(server, alice, piece, end):
    """[ROOM-21] Whoever is there by it alone is out within a second."""
    token, share = link_to(alice, piece, "listen")
    if end == "private":
        alice.patch(f"projects/{piece}", json={"visibility": "public"})
    link = {} if end == "private" else {"link": token}
    given = ticket(server.client(), piece, name="Gina", **link)
    with opened(server, piece, given["ticket"]) as guest, sitting(server, alice, piece) as one:
        guest.greet()
        if end == "revoked":
            assert 200 == alice.delete(f"shares/{share}").status_code
        elif end == "expired":
            server.clock.forward(days=2)
        elif end == "private":
            alice.patch(f"projects/{piece}", json={"visibility": "private"})
        else:
            assert 200 == alice.delete(f"projects/{piece}").status_code
        assert 4404 == guest.closed()
        if end == "trashed":
            assert 4404 == one.closed()
        else:
            assert 2 == one.keep(cell(1)).seq


def test_whoever_deletes_their_account_is_out(server, alice, piece):
    """[ROOM-21] And so are their guests' seats when a guest is claimed."""
    dora, _ = member(server, piece, "dora")
    with sitting(server, dora, piece) as one:
        assert 200 == dora.request("DELETE", "users/me", json={"confirm": "dora"}).status_code
        assert 4404 == one.closed()


def test_a_piece_that_is_deleted_for_good_closes_its_room(server, alice, piece):
    """[ROOM-21] Nothing of it is kept afterwards."""
    with sitting(server, alice, piece) as one:
        one.keep(cell(1))
        alice.delete(f"projects/{piece}")
        alice.delete(f"trash/{piece}")
        assert 4404 == one.closed()
