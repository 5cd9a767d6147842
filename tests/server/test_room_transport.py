"""Time and the lead, over real sockets."""

import pytest

from cellissimo.crdt import wire
from cellissimo.crdt.wire import Kind
from tests.server.pieces import made
from tests.server.sitting import opened, sitting, ticket

DAY_MS = 86_400_000


def order(one, **said):
    """Say something to the transport."""
    one.send(wire.Said(Kind.TRANSPORT, said))


def state(one):
    """The next state that somebody is told."""
    return one.until(lambda frame: frame.kind is Kind.TRANSPORT).said


def time(one, probe=1):
    """The room's time, as somebody is answered."""
    one.send(wire.Probe(probe))
    return one.until(lambda frame: isinstance(frame, wire.Time) and frame.number == probe).time


def member(server, alice, piece, name, role):
    """Somebody who is a member."""
    found = server.as_(name)
    found.get("users/me")
    body = {"username": name, "role": role}
    assert 201 == alice.post(f"projects/{piece}/members", json=body).status_code
    return found


def test_the_first_leads_and_all_are_told_when_to_begin(server, alice):
    """[WIRE-13] [WIRE-14] One state for everybody, and a start that lies 250 ms ahead."""
    piece = made(alice)
    with sitting(server, alice, piece) as one, sitting(server, alice, piece) as two:
        lead = one.hello["session"]
        stopped = {
            "leader": lead,
            "playing": False,
            "of": "song",
            "tick": 0,
            "at": 0,
            "region": None,
            "rounds": 0,
        }
        assert stopped | {"number": 1} == one.hello["transport"] == two.hello["transport"]
        before = time(one)
        order(one, do="play", tick=960, region=[960, 4800], of="loop:a")
        told = state(two)
        assert told == state(one)
        playing = {"playing": True, "of": "loop:a", "tick": 960, "region": [960, 4800]}
        assert stopped | playing | {"number": 2, "at": told["at"]} == told
        assert before + 250 <= told["at"] <= time(one) + 250
        assert alice.get(f"rooms/{piece}").json()["transport"] == told
        with sitting(server, alice, piece) as three:
            assert told == three.hello["transport"]


def test_who_does_not_lead_is_told_so_and_takes_the_lead(server, alice):
    """[WIRE-13] The answer to a refused order is how things are, and why; the session stays."""
    piece = made(alice)
    with sitting(server, alice, piece) as one, sitting(server, alice, piece) as two:
        order(two, do="play", tick=0)
        refused = state(two)
        assert ("forbidden", False) == (refused["refused"]["code"], refused["playing"])
        order(two, do="lead")
        assert two.hello["session"] == state(one)["leader"] == state(two)["leader"]
        order(two, do="play", tick=0)
        assert state(one)["playing"]
        order(two, do="pass", to=one.hello["session"])
        assert one.hello["session"] == state(one)["leader"]
        order(one, do="dance")
        assert "invalid" == state(one)["refused"]["code"]


def test_when_the_leader_goes_the_longest_there_leads_on(server, alice):
    """[WIRE-15] What plays plays on; who may not lead is passed over."""
    piece = made(alice)
    bob, vera = (
        member(server, alice, piece, "bob", "contributor"),
        member(server, alice, piece, "vera", "viewer"),
    )
    with (
        sitting(server, alice, piece) as one,
        sitting(server, vera, piece) as viewer,
        sitting(server, bob, piece) as two,
    ):
        order(viewer, do="lead")
        assert "forbidden" == state(viewer)["refused"]["code"]
        order(one, do="play", tick=0)
        started = state(two)
        one.socket.close()
        handed = state(two)
        assert started | {"leader": two.hello["session"], "number": 3} == handed
        where = f"projects/{piece}/members/{two.hello['person']['id']}"
        assert 200 == alice.patch(where, json={"role": "viewer"}).status_code
        assert started | {"leader": None, "number": 4} == state(two)


@pytest.mark.parametrize(("rights", "may_lead"), [(["listen"], False), (["edit"], True)])
def test_guests_lead_where_their_link_lets_them_edit(server, alice, rights, may_lead):
    """[WIRE-13] A link to listen makes followers; alone in a room nobody leads."""
    piece = made(alice)
    link = alice.post(f"projects/{piece}/share", json={"rights": rights}).json()["shareToken"]
    given = ticket(server.client(), piece, link=link, name="Gus", via="jam")["ticket"]
    with opened(server, piece, given) as guest:
        guest.greet(via="jam")
        leads = guest.hello["transport"]["leader"]
        assert (guest.hello["session"] if may_lead else None) == leads
        order(guest, do="play", tick=0)
        assert may_lead is state(guest)["playing"]
        with sitting(server, alice, piece) as one:
            expected = guest if may_lead else one
            assert expected.hello["session"] == one.hello["transport"]["leader"]


def test_an_owner_who_loads_the_page_anew_leads_as_before(server, alice):
    """[WIRE-15] [ROOM-48] A guest leads on meanwhile; a lead that is taken stays so."""
    piece = made(alice)
    link = alice.post(f"projects/{piece}/share", json={"rights": ["edit"]}).json()["shareToken"]
    given = ticket(server.client(), piece, link=link, name="Gus", via="jam")["ticket"]
    with opened(server, piece, given) as guest:
        with sitting(server, alice, piece) as one:
            guest.greet(via="jam")
            assert one.hello["session"] == guest.hello["transport"]["leader"]
        assert guest.hello["session"] == state(guest)["leader"]
        with sitting(server, alice, piece) as again:
            led = again.hello["session"]
            assert led == state(guest)["leader"] == again.hello["transport"]["leader"]
        assert guest.hello["session"] == state(guest)["leader"]
        order(guest, do="lead")
        time(guest)
        with sitting(server, alice, piece) as late:
            assert guest.hello["session"] == late.hello["transport"]["leader"]


def test_a_kernel_leads_only_when_it_asks(server, alice):
    """[WIRE-13] A page that comes later leads; a kernel alone plays all the same."""
    piece = made(alice)
    with opened(server, piece, ticket(alice, piece, via="kernel")["ticket"]) as kernel:
        assert kernel.greet(via="kernel")["transport"]["leader"] is None
        with sitting(server, alice, piece) as page:
            assert page.hello["session"] == state(kernel)["leader"]
        assert state(kernel)["leader"] is None
        order(kernel, do="play", tick=0)
        told = state(kernel)
        assert (kernel.hello["session"], True) == (told["leader"], told["playing"])


def test_the_rooms_clock_never_steps(server, alice):
    """[WIRE-12] The time of day jumps by a day, there and back; the room's time goes on."""
    piece = made(alice)
    with sitting(server, alice, piece) as one:
        times = [time(one, 1)]
        for days, probe in ((1, 2), (-2, 3), (1, 4)):
            server.clock.forward(days=days)
            times.append(time(one, probe))
        assert sorted(times) == times
        assert times[-1] - times[0] < DAY_MS / 24
        assert one.hello["time"] <= times[0]


def test_a_plain_client_hears_nothing_of_it(server, alice):
    """[WIRE-3] Frames of these kinds go to those alone who said HELLO, and come from them alone."""
    piece = made(alice)
    with sitting(server, alice, piece) as one, sitting(server, alice, piece, plain=True) as plain:
        order(one, do="play", tick=0)
        state(one)
        plain.load()
        assert {Kind.SYNC} == {frame.kind for frame in plain.heard}
        order(plain, do="lead")
        assert 4400 == plain.closed()
