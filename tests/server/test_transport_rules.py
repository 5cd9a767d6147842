from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from cellissimo.crdt.lib0 import WireError
from cellissimo.crdt.wire import read_room
from cellissimo.schema.policy import Action, Right, Role, Standing, may
from cellissimo_server.errors import ForbiddenError, InvalidError
from cellissimo_server.rooms.clock import RoomClock
from cellissimo_server.rooms.cursors import Cursors, cursor, interval
from cellissimo_server.rooms.transport import Transport, refusal
from tests.server.seats import seat


def room_of(*seats):
    """A transport with seats at it."""
    found = Transport()
    for one in seats:
        found.join(one, 0)
    return found


def test_the_first_who_may_leads():
    """[WIRE-13] Not a viewer, not a guest without the right, and not a kernel before it asks."""
    viewer, guest = seat("vera", Role.VIEWER), seat("gus", None)
    kernel, ann, bob = seat("ann", via="kernel"), seat("ann"), seat("bob")
    room = room_of(viewer, guest, kernel)
    assert room.state.leader is None
    assert [True, False] == [room.join(ann, 0), room.join(bob, 0)]
    assert ann.session == room.state.leader
    assert room.do(kernel, {"do": "lead"}, 0)
    assert kernel.session == room.state.leader


@pytest.mark.parametrize("name", ["viewer", "guest", "follower"])
def test_others_than_the_leader_are_refused(name):
    """[WIRE-13] Who does not lead says nothing; who may not lead does not take it either."""
    leader = seat("ann")
    other = {
        "viewer": seat("vera", Role.VIEWER),
        "guest": seat("gus", None),
        "follower": seat("bob"),
    }[name]
    room = room_of(leader, other)
    before = room.state
    for what in ("play", "stop", "seek", "pass"):
        with pytest.raises(ForbiddenError) as refused:
            room.do(other, {"do": what, "tick": 0, "to": other.session}, 5)
    assert "forbidden" == refusal(refused.value, room.state)["refused"]["code"]
    if name != "follower":
        with pytest.raises(ForbiddenError, match=r"room\.lead"):
            room.do(other, {"do": "lead"}, 5)
    assert before == room.state


def test_a_start_lies_ahead():
    """[WIRE-14] Playing begins 250 ms later, a jump while playing as well; a stop is at once."""
    ann = seat("ann")
    room = room_of(ann)
    room.do(ann, {"do": "play", "tick": 960.0, "region": [0, 3840], "of": "loop:x"}, 1_000)
    expected = {
        "leader": ann.session,
        "playing": True,
        "of": "loop:x",
        "tick": 960,
        "at": 1_250.0,
        "region": [0, 3840],
        "number": 2,
        "rounds": 0,
    }
    assert expected == room.state.told()
    room.do(ann, {"do": "seek", "tick": 0}, 2_000)
    assert (0, 2_250.0) == (room.state.tick, room.state.at)
    room.do(ann, {"do": "stop"}, 3_000)
    assert (False, 3_000, "loop:x") == (room.state.playing, room.state.at, room.state.of)
    room.do(ann, {"do": "seek", "tick": 480}, 4_000)
    assert (480, 4_000) == (room.state.tick, room.state.at)


def test_the_leader_says_where_it_is_after_a_change_of_tempo():
    """[WIRE-13] A mark moves tick and time, to a fraction, and nothing else; at rest nothing."""
    ann, bob = seat("ann"), seat("bob")
    room = room_of(ann, bob)
    mark = {"do": "mark", "tick": 1200.25, "rounds": 3, "at": 5_100.5}
    assert not room.do(ann, mark, 900)
    room.do(ann, {"do": "play", "tick": 960, "region": [0, 3840]}, 1_000)
    assert room.do(ann, mark, 5_000)
    assert (1200.25, 5_100.5, 3) == (room.state.tick, room.state.at, room.state.rounds)
    assert (True, (0, 3840), 3) == (room.state.playing, room.state.region, room.state.number)
    with pytest.raises(ForbiddenError):
        room.do(bob, mark, 5_000)
    with pytest.raises(InvalidError, match="at"):
        room.do(ann, {**mark, "at": 16_000}, 5_000)
    room.do(ann, {"do": "seek", "tick": 0}, 6_000)
    assert 0 == room.state.rounds


def test_a_page_says_where_it_is_for_a_kernel_that_leads():
    """[WIRE-13] A kernel makes no sound; a page that may not lead says nothing for it either."""
    kernel, bob, vera = seat("ann", via="kernel"), seat("bob"), seat("vera", Role.VIEWER)
    room = room_of(kernel, bob, vera)
    room.do(kernel, {"do": "lead"}, 0)
    room.do(kernel, {"do": "play", "tick": 0}, 0)
    mark = {"do": "mark", "tick": 480.5, "rounds": 0, "at": 900}
    with pytest.raises(ForbiddenError):
        room.do(vera, mark, 1_000)
    assert room.do(bob, mark, 1_000)
    assert (kernel.session, 480.5) == (room.state.leader, room.state.tick)


def test_the_lead_is_taken_and_passed():
    """[WIRE-13] Whoever may takes it at any time, and gives it to whom they like."""
    ann, bob, vera = seat("ann"), seat("bob"), seat("vera", Role.VIEWER)
    room = room_of(ann, bob, vera)
    room.do(ann, {"do": "play", "tick": 0}, 0)
    room.do(bob, {"do": "lead"}, 10)
    assert (bob.session, True, 250) == (room.state.leader, room.state.playing, room.state.at)
    with pytest.raises(InvalidError, match="to"):
        room.do(bob, {"do": "pass", "to": vera.session}, 20)
    room.do(bob, {"do": "pass", "to": ann.session}, 30)
    assert ann.session == room.state.leader
    assert not room.do(ann, {"do": "lead"}, 40)


def test_what_plays_plays_on_when_the_leader_goes():
    """[WIRE-15] Whoever was there longest of those who may leads on; then nobody."""
    ann, vera, bob, cleo = seat("ann"), seat("vera", Role.VIEWER), seat("bob"), seat("cleo")
    room = room_of(ann, vera, bob, cleo)
    room.do(ann, {"do": "play", "tick": 0}, 0)
    assert room.leave(ann, 10)
    assert (bob.session, True) == (room.state.leader, room.state.playing)
    bob.standing = vera.standing
    assert room.changed()
    assert cleo.session == room.state.leader
    assert room.leave(cleo, 20)
    assert (None, True) == (room.state.leader, room.state.playing)


@pytest.mark.parametrize(
    "order",
    [
        {},
        {"do": 1},
        {"do": "dance"},
        {"do": "play"},
        {"do": "play", "tick": -1},
        {"do": "play", "tick": 0.5},
        {"do": "play", "tick": True},
        {"do": "play", "tick": 1e300},
        {"do": "play", "tick": 0, "region": [4, 4]},
        {"do": "play", "tick": 0, "region": [1]},
        {"do": "play", "tick": 0, "of": "stem:x"},
        {"do": "play", "tick": 0, "of": None},
        {"do": "seek", "tick": "0"},
        {"do": "pass", "to": True},
        {"do": "pass"},
    ],
)
def test_an_order_that_is_none_changes_nothing(order):
    """[WIRE-13] The error names what was wrong, and the state stays."""
    ann = seat("ann")
    room = room_of(ann)
    before = room.state
    with pytest.raises(InvalidError) as refused:
        room.do(ann, order, 0)
    assert refused.value.accepted
    assert before == room.state


def guest(name, **said):
    """A seat of a guest who may edit, and so lead."""
    found = seat(name, None, **said)
    found.standing = Standing(rights=frozenset({Right.LISTEN, Right.EDIT}))
    return found


def test_a_lead_that_fell_to_a_guest_goes_to_a_member():
    """[WIRE-13] [ROOM-48] Not to a viewer, nor to a kernel; another guest changes nothing."""
    gus, gil = guest("gus"), guest("gil", via="jam")
    room = room_of(gus, gil, seat("vera", Role.VIEWER), seat("ann", via="kernel"))
    assert gus.session == room.state.leader
    ann = seat("ann")
    assert room.join(ann, 5)
    assert ann.session == room.state.leader


@pytest.mark.parametrize("word", ["lead", "play", "stop", "seek"])
def test_a_lead_that_a_guest_uses_is_taken_by_nobody_else_unasked(word):
    """[ROOM-48] A member who comes follows, and takes it by a word."""
    gus, ann = guest("gus"), seat("ann")
    room = room_of(gus)
    room.do(gus, {"do": word, "tick": 0}, 0)
    room.join(ann, 5)
    assert gus.session == room.state.leader
    assert room.do(ann, {"do": "lead"}, 10)
    assert ann.session == room.state.leader


def test_members_inherit_before_guests():
    """[WIRE-15] Also where the guest was there longer; among members, who was."""
    ann, gus, bob, cleo = seat("ann"), guest("gus"), seat("bob"), seat("cleo")
    room = room_of(ann, gus, bob, cleo)
    for one in (bob, cleo, gus):
        room.leave(next(s for s in (ann, bob, cleo) if s.session == room.state.leader), 0)
        assert one.session == room.state.leader


@pytest.mark.parametrize(("late", "leads"), [(0, True), (30_000, True), (30_001, False)])
def test_a_leader_who_comes_back_in_time_leads_again(late, leads):
    """[WIRE-15] Owner or guest, whatever the heir plays meanwhile; it plays on."""
    for first, heir in ((seat("ann"), guest("gus")), (guest("gus"), seat("ann"))):
        room = room_of(first)
        room.do(first, {"do": "play", "tick": 0}, 0)
        room.join(heir, 0)
        room.leave(first, 1_000)
        assert heir.session == room.state.leader
        room.do(heir, {"do": "seek", "tick": 960}, 1_500)
        again = replace(first, session=first.session + 1000)
        assert leads == room.join(again, 1_000 + late)
        assert (again if leads else heir).session == room.state.leader
        assert (True, 960) == (room.state.playing, room.state.tick)


@pytest.mark.parametrize("word", ["lead", "pass"])
def test_a_lead_that_was_taken_meanwhile_is_not_given_back(word):
    """[WIRE-15] Nobody is thrown out of it."""
    ann, bob, cleo = seat("ann"), seat("bob"), seat("cleo")
    room = room_of(ann, bob, cleo)
    room.leave(ann, 0)
    room.do(bob, {"do": word, "to": cleo.session}, 10)
    assert not room.join(seat("ann"), 20)
    assert (cleo if word == "pass" else bob).session == room.state.leader


def test_only_the_same_person_the_same_way_comes_back_to_the_lead():
    """[ROOM-48] Not their kernel, nor who may lead no more; an heir's going changes nothing."""
    ann, bob, cleo = seat("ann"), seat("bob"), seat("cleo")
    room = room_of(ann, bob, cleo)
    room.leave(ann, 0)
    assert not room.join(seat("ann", via="kernel"), 10)
    assert not room.join(seat("ann", Role.VIEWER), 20)
    room.leave(bob, 30)
    assert cleo.session == room.state.leader
    again = seat("ann")
    assert room.join(again, 40)
    assert again.session == room.state.leader


def test_the_lead_stays_with_somebody_who_is_here_twice():
    """[WIRE-15] Where one page of theirs goes, and they used the lead, their other page has it."""
    first, bob, second = seat("ann"), seat("bob"), seat("ann")
    room = room_of(first, bob, second)
    room.do(first, {"do": "play", "tick": 0}, 0)
    room.leave(first, 10)
    assert second.session == room.state.leader


class Leading(RuleBasedStateMachine):
    """People come, go, come back, lose rights and lead, in any order, as time goes by."""

    def __init__(self):
        """An empty room."""
        super().__init__()
        self.room, self.seats, self.number, self.now = Transport(), [], 0, 0
        self.spoken = set()

    @rule(
        name=st.sampled_from(["ann", "bob"]),
        role=st.sampled_from([*Role, "guest", None]),
        via=st.sampled_from(["page", "kernel", "jam"]),
        later=st.sampled_from([0, 10_000, 31_000]),
    )
    def come(self, name, role, via, later):
        """Somebody comes, for the first time or again."""
        self.now += later
        self.seats.append(guest(name, via=via) if role == "guest" else seat(name, role, via=via))
        self.room.join(self.seats[-1], self.now)

    @rule(which=st.integers(0, 9), what=st.sampled_from(["go", "lose", "lead", "play", "stop"]))
    def act(self, which, what):
        """Somebody does something, or something happens to them."""
        if not self.seats:
            return
        one = self.seats[which % len(self.seats)]
        if what == "go":
            self.seats.remove(one)
            self.room.leave(one, self.now)
        elif what == "lose":
            one.standing = seat("x", None).standing
            self.room.changed()
        else:
            self._say(one, what)

    def _say(self, one, what):
        leads = self.room.state.leader
        try:
            self.room.do(one, {"do": what, "tick": 0}, self.now)
        except ForbiddenError:
            assert leads not in (None, one.session) or not may(Action.LEAD, one.standing)
        else:
            self.spoken.add(one.person.id)

    @invariant()
    def the_leader_is_here_and_may(self):
        """[WIRE-13] [ROOM-43] Nobody leads only where nobody may, or none but kernels."""
        able = {one.session: one for one in self.seats if may(Action.LEAD, one.standing)}
        pages = {key for key, one in able.items() if one.via != "kernel"}
        leader = self.room.state.leader
        assert leader in able if leader is not None else not pages
        assert self.number <= self.room.state.number
        self.number = self.room.state.number

    @invariant()
    def a_guest_leads_beside_a_member_by_a_word_alone(self):
        """[ROOM-48] Theirs, in this session or before they came back."""
        able = {one.session: one for one in self.seats if may(Action.LEAD, one.standing)}
        leader = able.get(self.room.state.leader)
        members = [one for one in able.values() if one.standing.role and one.via != "kernel"]
        if leader is not None and leader.standing.role is None and members:
            assert leader.person.id in self.spoken


TestLeading = Leading.TestCase
TestLeading.settings = settings(max_examples=30, stateful_step_count=30)


def test_the_clock_passes_whatever_the_time_of_day_does():
    """[WIRE-12] Milliseconds of a counter that only grows, from zero on."""
    counted = iter([5_000_000_000, 5_000_000_000, 5_001_500_000, 9_000_000_000])
    clock = RoomClock(lambda: next(counted))
    assert [0.0, 1.5, 4_000.0] == [clock() for _ in range(3)]


def told(pointed):
    """Where sessions point, by a frame."""
    return {} if pointed is None else dict(read_room(pointed.frame).pointed)


def test_the_newest_cursor_of_each_is_passed_on_ten_times_a_second():
    """[WIRE-11] The first at once, then every 100 ms, and nothing where nothing moved."""
    ann, bob = seat("ann"), seat("bob")
    room, frames = Cursors(), []
    for at in range(0, 1000, 10):
        room.point(ann, cursor(2, 0, at))
        frames.append(told(room.due(float(at), 2)))
    assert [{ann.session: cursor(2, 0, at)} for at in range(0, 1000, 100)] == [
        one for one in frames if one
    ]
    room.point(bob, cursor(1, 2, 3))
    assert 1_000.0 == room.next_due
    room.due(1_000.0, 2)
    room.point(bob, cursor(1, 2, 3))
    assert room.next_due is None


def test_cursors_come_more_rarely_where_there_are_many():
    """[WIRE-11] [ROOM-42] From eight on, each one receives as many cursors a second."""
    assert [100, 100, 200, 1250, 2000] == [interval(n) for n in (1, 8, 16, 100, 1000)]
    ann, room = seat("ann"), Cursors()
    frames = 0
    for at in range(0, 10_000, 10):
        room.point(ann, cursor(2, 0, at))
        frames += room.due(float(at), 80) is not None
    assert 10 == frames


def test_nobody_is_sent_their_own_cursor_alone():
    """[WIRE-11] A frame that tells of nobody else is not for them; who goes points nowhere."""
    ann, bob, room = seat("ann"), seat("bob"), Cursors()
    room.point(ann, cursor(1, 1, 1))
    pointed = room.due(0, 2)
    assert (False, True) == (pointed.is_for(ann), pointed.is_for(bob))
    assert {ann.session: cursor(1, 1, 1)} == told(room.everybody())
    room.leave(ann)
    assert ({ann.session: cursor(0)}, None) == (told(room.due(200, 1)), room.everybody())


@pytest.mark.parametrize("content", ["", "00", "0101", "060000", "01020300", "018000"])
def test_bytes_that_are_no_cursor_are_refused(content):
    """[WIRE-11] Three numbers of known kind, and nothing behind them."""
    room = Cursors()
    with pytest.raises(WireError):
        room.point(seat(), bytes.fromhex(content))
    assert room.next_due is None
