import itertools

import pycrdt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cellissimo.crdt import awareness
from cellissimo.crdt.lib0 import FrameSizeError, WireError
from cellissimo.crdt.wire import read_room
from cellissimo.schema.policy import Role, Standing
from cellissimo_server.rooms.presence import Presence, PresenceError, of_person
from tests.server.seats import seat

FIRST = 10_000


def says(client, clock=1, **state):
    """What a client says of itself."""
    return awareness.write([awareness.entry(client, clock, state)])


def gone(client, clock):
    """A client withdraws."""
    return awareness.write([awareness.entry(client, clock, None)])


def entries(told, to):
    """What a seat is told, entry by entry."""
    if told is None:
        return []
    frames = told.frames(to)
    return [one for frame in frames for one in awareness.read(read_room(frame).content)]


def heard(told, to):
    """The states that a seat is told, by client; None where one is gone."""
    return {one.client: None if one.is_gone else one.state() for one in entries(told, to)}


def here(*seats, now=0.0):
    """A presence with seats in it."""
    found = Presence(FIRST)
    for one in seats:
        found.join(one, now)
    return found


def test_name_and_role_are_the_rooms_and_all_else_is_dropped():
    """[WIRE-9] Whatever somebody says they are called, the room says who they are."""
    ann, bob = seat("ann"), seat("bob", Role.VIEWER)
    room = here(ann, bob)
    forged = {"name": "Bob", "id": "bob", "role": "owner"}
    room.receive(ann, says(7, user=forged, place="loop:a-1", activity="listening", x=1), 0)
    user = {
        **ann.person.told(),
        "role": "contributor",
        "session": ann.session,
        "via": "page",
    }
    told = {7: {"place": "loop:a-1", "activity": "listening", "user": user}}
    assert told == heard(room.due(0), bob)
    assert told == heard(room.everybody(bob), bob)


def test_nobody_is_told_of_themselves():
    """[WIRE-9] A plain client would take it for its own state, and forget what it says."""
    ann, bob = seat("ann"), seat("bob")
    room = here(ann, bob)
    room.receive(ann, says(7), 0)
    room.receive(bob, says(8), 0)
    told = room.due(0)
    assert ({8}, {7}, {7, 8}) == tuple(set(heard(told, to)) for to in (ann, bob, seat("cleo")))
    assert ({8}, {7}) == tuple(set(heard(room.everybody(to), to)) for to in (ann, bob))


def test_who_leaves_is_gone_at_once():
    """[WIRE-10] The others are told without waiting for anything."""
    ann, bob = seat("ann"), seat("bob")
    room = here(ann, bob)
    room.receive(ann, says(7), 0)
    room.due(0)
    room.leave(ann)
    assert room.next_due < 1
    assert {7: None} == heard(room.due(1), bob)
    assert [bob.session] == [one.session for one in room.people(1)]


@pytest.mark.parametrize("forge", [says, gone])
def test_nobody_speaks_for_somebody_else(forge):
    """[WIRE-10] News of another person's client is a forgery; they stay as they are."""
    ann, bob = seat("ann"), seat("bob")
    room = here(ann, bob)
    room.receive(ann, says(7, place="song"), 0)
    room.due(0)
    with pytest.raises(PresenceError, match="somebody else's"):
        room.receive(bob, forge(7, FIRST + 1000), 1)
    room.receive(bob, says(7, place="loop:x"), 1)
    assert "song" == heard(room.everybody(bob), bob)[7]["place"]
    assert room.due(1000) is None


def test_what_is_repeated_is_dropped():
    """[WIRE-10] Plain clients send back what they hear, also of who is gone by now."""
    ann, bob, cleo = seat("ann"), seat("bob", speaks=False), seat("ann", speaks=False)
    room = here(ann, bob, cleo)
    room.receive(ann, says(7), 0)
    repeated = awareness.write(entries(room.due(0), bob))
    for plain in (bob, cleo):
        room.receive(plain, repeated, 0)
        assert plain.client is None
    room.leave(ann)
    room.due(1)
    room.receive(bob, repeated, 2)
    room.receive(bob, gone(7, FIRST + 1), 2)
    assert (None, {}) == (room.due(500), heard(room.everybody(bob), bob))
    room.receive(bob, says(9), 3)
    assert 9 == bob.client


def test_who_comes_back_over_another_line_is_there_once():
    """[WIRE-10] The line broke, and nobody noticed yet: the new session takes the client over."""
    old, new, bob = seat("ann"), seat("ann"), seat("bob")
    room = here(old, bob)
    room.receive(old, says(7, 5, place="song"), 0)
    first = entries(room.due(0), bob)
    room.join(new, 1)
    room.receive(new, says(7, 5, place="song"), 1)
    again = entries(room.due(200), bob)
    assert new.session == again[0].state()["user"]["session"]
    assert again[0].clock > first[0].clock
    room.leave(old)
    assert (None, None, 7) == (room.due(300), old.client, new.client)


def test_an_edit_makes_somebody_edit_for_ten_seconds():
    """An edit is seen before anybody says so, and over when it is over."""
    ann, bob = seat("ann"), seat("bob")
    room = here(ann, bob)
    room.receive(ann, says(7, activity="listening"), 0)
    room.due(0)
    room.edited(ann, 1_000)
    assert "editing" == heard(room.due(1_000), bob)[7]["activity"]
    room.edited(ann, 2_000)
    assert room.due(11_000) is None
    assert room.next_due == 12_000
    assert "listening" == heard(room.due(12_000), bob)[7]["activity"]


def test_who_may_not_edit_does_not_edit():
    """A viewer who says that they edit does nothing."""
    ann, bob = seat("ann", Role.VIEWER), seat("bob")
    room = here(ann, bob)
    room.receive(ann, says(7, activity="editing"), 0)
    assert "idle" == heard(room.due(0), bob)[7]["activity"]
    ann.standing = Standing(Role.OWNER)
    room.changed(ann, 200)
    told = heard(room.due(200), bob)[7]
    assert ("editing", "owner") == (told["activity"], told["user"]["role"])


def test_a_room_tells_of_presence_ten_times_a_second():
    """[WIRE-9] What comes more often is passed over; the last of it always arrives."""
    ann, bob = seat("ann"), seat("bob")
    room = here(ann, bob)
    places = []
    for at in range(100):
        room.receive(ann, says(7, at + 1, place=f"loop:{at}"), at * 10.0)
        places += [state["place"] for state in heard(room.due(at * 10.0), bob).values()]
    places += [state["place"] for state in heard(room.due(room.next_due), bob).values()]
    assert 11 == len(places)
    assert "loop:99" == places[-1]
    assert room.next_due is None


def test_what_many_say_at_once_is_told_together():
    """[WIRE-9] [ROOM-40] Plain clients answer each frame with one of their own."""
    seats = [seat(f"p{number}", speaks=False) for number in range(80)]
    room, told = here(*seats), []
    for at in range(0, 10_000, 50):
        for number, one in enumerate(seats, 1):
            room.receive(one, says(number, at + 1, cursor=at), float(at))
        told += [found for found in [room.due(float(at))] if found]
    assert 10 == len(told)
    assert 80 == len(entries(told[-1], seat("new")))


def test_clocks_grow_over_a_restart():
    """[ROOM-40] A plain client that stays takes what a new room says for newer, not for old."""
    theirs = pycrdt.Awareness(pycrdt.Doc())
    for first_clock, place in ((1_000, "song"), (2_000, "loop:a")):
        ann, plain = seat("ann"), seat("bob", speaks=False)
        room = Presence(first_clock)
        for one in (ann, plain):
            room.join(one, 0)
        for at in range(5):
            room.receive(ann, says(7, at + 1, place=place, cursor=at), at * 100.0)
            told = room.due(at * 100.0) or room.renewed()
            for frame in told.frames(plain):
                theirs.apply_awareness_update(read_room(frame).content, "room")
    assert "loop:a" == theirs.states[7]["place"]


def test_a_large_or_broken_state_is_refused():
    """[WIRE-9] More than 2 000 bytes, or no object."""
    ann = seat("ann")
    room = here(ann)
    with pytest.raises(FrameSizeError, match="2012 bytes"):
        room.receive(ann, says(7, place="x" * 2000), 0)
    with pytest.raises(WireError):
        room.receive(ann, awareness.write([awareness.Entry(7, 1, b"[]")]), 0)
    with pytest.raises(WireError):
        room.receive(ann, b"\x01", 0)


def test_cursors_of_plain_clients_are_passed_on():
    """[WIRE-9] Other Yjs programs keep their cursor in the state; ours have frames for it."""
    plain, page, bob = seat("ann", speaks=False, via="other"), seat("cleo"), seat("bob")
    room = here(plain, page, bob)
    for one, client in ((plain, 7), (page, 8)):
        room.receive(one, says(client, cursor={"anchor": 3}), 0)
    told = heard(room.due(0), bob)
    assert {"anchor": 3} == told[7]["cursor"]
    assert "cursor" not in told[8]


def test_a_room_of_many_is_told_in_frames_that_can_be_sent_back():
    """A plain client repeats what it hears: no frame is larger than a room takes."""
    seats = [seat(f"p{number}") for number in range(300)]
    room = here(*seats)
    for number, one in enumerate(seats, 1):
        room.receive(one, says(number), 0)
    frames = room.due(0).frames(seat("new"))
    assert len(frames) > 1
    assert max(map(len, frames)) < 17_000
    assert 300 == sum(len(awareness.read(read_room(frame).content)) for frame in frames)


def test_plain_clients_do_not_forget_who_is_quiet():
    """What is told anew has a newer clock, so that a plain client takes it for a sign of life."""
    ann, bob = seat("ann"), seat("bob", speaks=False)
    room = here(ann, bob)
    room.receive(ann, says(7), 0)
    first, again = entries(room.due(0), bob), entries(room.renewed(), bob)
    assert first[0].clock < again[0].clock
    assert first[0].text == again[0].text


def test_people_are_online_idle_or_offline():
    """[ROOM-41] After two minutes without a sign, who does nothing is idle."""
    ann, bob = seat("ann"), seat("bob")
    room = here(ann, bob)
    room.receive(bob, says(7, activity="listening"), 0)
    assert ("online", "idle") == of_person(room.people(119_999), "ann")
    assert ("idle", "idle") == of_person(room.people(120_000), "ann")
    assert ("online", "listening") == of_person(room.people(120_000), "bob")
    room.moved(ann, 120_000)
    assert ("online", "idle") == of_person(room.people(120_000), "ann")
    room.leave(ann)
    assert ("offline", "idle") == of_person(room.people(120_000), "ann")


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["say", "leave", "edit", "wait", "renew"]),
        st.integers(0, 3),
        st.integers(0, 3),
    ),
    max_size=40,
)


@given(STEPS)
def test_a_plain_client_sees_what_is_there(steps):
    """[WIRE-9] [WIRE-10] [ROOM-40] Whatever the order, a Yjs awareness ends with who is here.

    People come and go under clients of their own, speak, edit and fall silent.
    """
    theirs = pycrdt.Awareness(pycrdt.Doc())
    watcher = seat("watcher", speaks=False)
    room = here(watcher)
    clocks, seats, now = itertools.count(1), {}, 0.0
    for what, who, where in steps:
        now += 60.0
        if what == "say":
            if who not in seats:
                seats[who] = seat(f"p{who}")
                room.join(seats[who], now)
            room.receive(seats[who], says(100 + who, next(clocks), place=f"loop:{where}"), now)
        elif what == "leave" and who in seats:
            room.leave(seats.pop(who))
        elif what == "edit" and who in seats:
            room.edited(seats[who], now)
        elif what == "wait":
            now += 4_000.0 * where
        told = room.renewed() if what == "renew" else room.due(now)
        for frame in told.frames(watcher) if told else ():
            theirs.apply_awareness_update(read_room(frame).content, "room")
    while room.next_due is not None:
        now = max(now, room.next_due)
        told = room.due(now)
        for frame in told.frames(watcher) if told else ():
            theirs.apply_awareness_update(read_room(frame).content, "room")
    seen = {client: state for client, state in theirs.states.items() if client < 200}
    assert heard(room.everybody(watcher), watcher) == seen
    assert {one.client for one in seats.values()} == seen.keys()
