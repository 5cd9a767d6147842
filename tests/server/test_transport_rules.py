import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from cellissimo.crdt.lib0 import WireError
from cellissimo.crdt.wire import read_room
from cellissimo.schema.policy import Action, Role, may
from cellissimo_server.errors import ForbiddenError, InvalidError
from cellissimo_server.rooms.clock import RoomClock
from cellissimo_server.rooms.cursors import Cursors, cursor, interval
from cellissimo_server.rooms.transport import Transport, refusal
from tests.server.seats import seat


def room_of(*seats):
    """A transport with seats at it."""
    found = Transport()
    for one in seats:
        found.join(one)
    return found


def test_the_first_who_may_leads():
    """[WIRE-13] Not a viewer, not a guest without the right, and not a kernel before it asks."""
    viewer, guest = seat("vera", Role.VIEWER), seat("gus", None)
    kernel, ann, bob = seat("ann", via="kernel"), seat("ann"), seat("bob")
    room = room_of(viewer, guest, kernel)
    assert room.state.leader is None
    assert [True, False] == [room.join(ann), room.join(bob)]
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
    assert room.leave(ann)
    assert (bob.session, True) == (room.state.leader, room.state.playing)
    bob.standing = vera.standing
    assert room.changed()
    assert cleo.session == room.state.leader
    assert room.leave(cleo)
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


class Leading(RuleBasedStateMachine):
    """People come, go, lose rights and lead, in any order."""

    def __init__(self):
        """An empty room."""
        super().__init__()
        self.room, self.seats, self.number = Transport(), [], 0

    @rule(role=st.sampled_from([*Role, None]), via=st.sampled_from(["page", "kernel", "jam"]))
    def come(self, role, via):
        """Somebody comes."""
        self.seats.append(seat("ann", role, via=via))
        self.room.join(self.seats[-1])

    @rule(which=st.integers(0, 9), what=st.sampled_from(["go", "lose", "lead", "play", "stop"]))
    def act(self, which, what):
        """Somebody does something, or something happens to them."""
        if not self.seats:
            return
        one = self.seats[which % len(self.seats)]
        if what == "go":
            self.seats.remove(one)
            self.room.leave(one)
        elif what == "lose":
            one.standing = seat("x", None).standing
            self.room.changed()
        else:
            leads = self.room.state.leader
            try:
                self.room.do(one, {"do": what, "tick": 0}, 0)
            except ForbiddenError:
                assert leads not in (None, one.session) or not may(Action.LEAD, one.standing)

    @invariant()
    def the_leader_is_here_and_may(self):
        """[WIRE-13] [ROOM-43] Nobody leads only where nobody may, or none but kernels."""
        able = {one.session for one in self.seats if may(Action.LEAD, one.standing)}
        pages = {one.session for one in self.seats if one.via != "kernel"} & able
        leader = self.room.state.leader
        assert leader in able if leader is not None else not pages
        assert self.number <= self.room.state.number
        self.number = self.room.state.number


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
