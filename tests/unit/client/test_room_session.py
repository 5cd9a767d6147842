"""A session without a socket, in a room in memory: what is promised of a peer."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cellissimo.client.room_closing import closing_of
from cellissimo.client.room_values import Heard, Pointer
from cellissimo.crdt import wire
from cellissimo.crdt.wire import Kind
from cellissimo.notation.song_file import print_song
from cellissimo.schema.models import Song, Tempo
from tests.unit.client.tiny_room import TinyPeer, TinyRoom, settle

REFUSED = {"code": "forbidden", "message": "no", "cure": "ask"}


@pytest.fixture
def room() -> TinyRoom:
    """A room of an empty song."""
    return TinyRoom(Song(id="s", name="Evening"))


def peer_in(room: TinyRoom, seed: int = 0) -> TinyPeer:
    """A peer that is in."""
    peer = TinyPeer(room, seed)
    peer.connect()
    settle(peer)
    return peer


def tempo(peer: TinyPeer, bpm: float) -> None:
    """One edit."""
    with peer.document.edit() as edit:
        edit.set_tempo(0, Tempo(bpm))


def name(peer: TinyPeer, text: str) -> None:
    """Another one."""
    with peer.document.edit() as edit:
        edit.set_song_field("name", text)


def test_coming_in(room: TinyRoom) -> None:
    """[WIRE-3] HELLO goes first; live is who was greeted and has what the room has."""
    peer = TinyPeer(room)
    assert peer.state == "joining"
    peer.connect()
    assert isinstance(wire.read_client(peer.line.to_room[0]), wire.Said)
    settle(peer)
    assert peer.state == "live"
    assert room.hellos == [{"protocol": 1, "via": "kernel", "epoch": "first", "seen": 1}]
    assert peer.session.view.role == "owner"
    assert [member.is_me for member in peer.session.view.members] == [True]


def test_edits_are_kept_in_their_order(room: TinyRoom) -> None:
    """[WIRE-5] Numbered from 1 on; settled is what is on disk."""
    peer, other = peer_in(room), peer_in(room, 1)
    tempo(peer, 90)
    name(peer, "Night")
    assert peer.session.view.unsaved == 0  # it says what it knew when something last came
    assert [1, 2] == [wire.read_client(frame).number for frame in peer.line.to_room][-2:]
    settle(peer, other)
    assert (2, 0) == (peer.session.view.settled, peer.session.view.unsaved)
    assert other.document.revision == peer.document.revision == room.song
    assert room.seq == peer.session.view.seq == other.session.view.seq


def test_edits_of_one_gesture_that_wait_go_together(room: TinyRoom) -> None:
    """What was done while the room was away comes as one edit for each gesture."""
    peer = peer_in(room)
    peer.cut()
    with peer.document._gestures.one():
        for bpm in range(60, 100):
            tempo(peer, bpm)
    name(peer, "Night")
    before = room.seq
    peer.connect()
    settle(peer)
    assert before + 2 == room.seq
    assert (99, "Night") == (room.song.tempo, room.song.name)
    assert peer.session.view.settled == peer.number == 41


def test_what_was_not_acknowledged_is_sent_again(room: TinyRoom) -> None:
    """A cut loses frames in both directions; the edit is taken once."""
    peer, other = peer_in(room), peer_in(room, 1)
    tempo(peer, 90)
    peer.step_out()  # taken, and the answer is lost
    peer.cut()
    assert peer.state == "offline"
    assert "1 edit waits here" in peer.session.view.reason
    name(peer, "Night")
    peer.connect()
    settle(peer, other)
    assert (90, "Night") == (room.song.tempo, room.song.name)
    assert peer.session.view.unsaved == 0
    assert other.document.revision == room.song


def test_coming_back_says_what_was_seen(room: TinyRoom) -> None:
    """[WIRE-20] So that the room tells what others did meanwhile."""
    peer, other = peer_in(room), peer_in(room, 1)
    peer.cut()
    tempo(other, 90)
    settle(other)
    peer.connect()
    settle(peer)
    assert 1 == room.hellos[-1]["seen"]
    assert peer.document.revision.tempo == 90


def test_a_refused_edit_loads_the_document_anew(room: TinyRoom) -> None:
    """[WIRE-7] What came before it stays, it and what came after it do not."""
    peer = peer_in(room)
    name(peer, "Night")
    settle(peer)
    room.refuse = lambda _: REFUSED
    tempo(peer, 90)
    name(peer, "Day")
    settle(peer)
    assert peer.state == "refused"
    room.refuse = lambda _: None
    peer.connect()
    settle(peer)
    assert peer.state == "live"
    (reopened,) = peer.reopened
    assert (REFUSED, 3) == (reopened.error, reopened.number)
    assert (120, "Night") == (peer.document.revision.tempo, peer.document.revision.name)
    assert peer.session.view.settled == 3
    tempo(peer, 70)
    settle(peer)
    assert room.song.tempo == 70


def test_edits_of_a_document_that_is_no_more_are_not_sent(room: TinyRoom) -> None:
    """They are in the draft that its thread makes; flush does not wait for them."""
    peer = peer_in(room)
    room.refuse = lambda _: REFUSED
    tempo(peer, 90)
    settle(peer)
    name(peer, "between")  # while the document is loaded
    room.refuse = lambda _: None
    peer.connect()
    settle(peer)
    peer.generation -= 1  # as if its thread had not looked yet
    name(peer, "late")
    settle(peer)
    peer.session.tick(peer.now)
    assert room.song.name == "Evening"
    assert peer.session.view.settled == peer.number == 3


def test_another_history_is_loaded(room: TinyRoom) -> None:
    """[WIRE-4] A document that was founded anew takes the place of the old one."""
    peer = peer_in(room)
    peer.cut()
    room.epoch = "second"
    peer.connect()
    settle(peer)
    assert peer.session.pause == 0
    peer.connect()
    settle(peer)
    assert peer.state == "live"
    assert "changed" == peer.reopened[0].error["code"]
    assert ["first", ""] == [hello["epoch"] for hello in room.hellos[1:]]


def test_states(room: TinyRoom) -> None:
    """Slow after two seconds, read-only without rights, closed for ever."""
    peer = peer_in(room)
    tempo(peer, 90)
    peer.now = 2.5
    peer.session.tick(peer.now)
    assert peer.state == "slow"
    settle(peer)
    assert peer.state == "live"
    news = {"kind": "standing", "role": "viewer", "may": ["piece.read"]}
    peer.line.to_peer.append(wire.Said(Kind.NEWS, news).pack())
    peer.session.received(peer.line.to_peer.popleft(), peer.now)
    assert peer.session.events() == [Heard(news)]
    assert (peer.state, peer.session.view.role) == ("read-only", "viewer")
    peer.cut(4404)
    assert (peer.state, peer.session.pause) == ("closed", None)
    assert "right" in peer.session.view.reason


@pytest.mark.parametrize(
    ("code", "reloads", "for_ever"),
    [
        (1006, False, False), (1012, False, False), (4401, False, False), (4403, True, False),
        (4404, False, True), (4408, False, False), (4409, True, False), (4413, True, False),
        (4429, False, False), (4500, False, False),
    ],
)  # fmt: skip
def test_every_code_has_its_answer(code: int, reloads: bool, for_ever: bool) -> None:
    """The table of closings, as a client does it."""
    closing = closing_of(code, "", 1)
    assert (reloads, for_ever) == (closing.reloads, closing.for_ever)
    assert closing.reason


def test_pauses_grow_and_end_at_15_seconds() -> None:
    """Not all peers come back at one time, and none too often."""
    rng = random.Random(0)
    pauses = [closing_of(1006, "", n).pause(n, rng) for n in range(1, 40)]
    assert pauses[0] <= 0.2
    assert max(pauses) <= 15
    assert len(set(pauses)) == len(pauses)
    assert 5 <= closing_of(4429, "", 1).pause(1, rng)


def test_a_server_that_starts_anew_is_found_soon() -> None:
    """Within a second of its return, for half a minute and more; then more rarely."""
    rng = random.Random(0)
    for code in (1006, 1012):
        pauses = [closing_of(code, "", n).pause(n, rng) for n in range(1, 80)]
        assert max(pauses[:60]) <= 1
        assert sum(pauses[:60]) > 30
        assert max(pauses) > 5
    assert closing_of(4500, "", 8).pause(8, rng) > 5


def test_a_room_that_keeps_nothing_is_asked_ever_more_rarely(room: TinyRoom) -> None:
    """Coming in is no success; an edit that is kept is one, and so is a line that holds."""
    peer = peer_in(room)

    def cut() -> float:
        peer.cut(4500)
        found = peer.session.pause
        peer.connect()
        settle(peer)
        return found or 0.0

    assert 5 < max(cut() for _ in range(8))
    tempo(peer, 90)
    settle(peer)
    assert cut() <= 0.2
    assert 5 < max(cut() for _ in range(8))
    peer.now += 20
    assert cut() <= 0.2


def test_a_peer_says_why_nothing_is_kept(room: TinyRoom) -> None:
    """In the words of the room, where it has any."""
    peer = peer_in(room)
    tempo(peer, 90)
    peer.session.closed(4500, "the disk is full", peer.now)
    assert (
        "the disk is full; 1 edit waits here and goes there by itself" == peer.session.view.reason
    )


def test_commands_are_answered_once_across_cuts(room: TinyRoom) -> None:
    """[WIRE-16] The same id again, until there is an answer."""
    peer = peer_in(room)
    peer.session.command("k1", "chat.send", {"text": "hi"})
    peer.cut()
    peer.connect()
    settle(peer)
    assert [("k1", {"text": "hi"})] == [(c["id"], c["body"]) for c in room.commands]
    assert ["k1"] == [key for key, _ in peer.session.answers()]
    peer.cut()
    peer.connect()
    settle(peer)
    assert 1 == len(room.commands)


def test_edits_wait_for_their_recordings(room: TinyRoom) -> None:
    """An edit that names a recording goes when the server has it, and later ones after it."""
    peer = TinyPeer(room)
    submitted = peer.session.submit
    peer.session.submit = lambda edit: submitted(
        edit.__class__(edit.number, 0, edit.update, edit.gesture, 0.0, frozenset({"wave"}))
    )
    peer.connect()
    settle(peer)
    tempo(peer, 90)
    settle(peer)
    assert (frozenset({"wave"}), 120) == (peer.session.needed, room.song.tempo)
    peer.session.there.add("wave")
    peer._send()
    settle(peer)
    assert room.song.tempo == 90


def test_the_clock_is_asked_for(room: TinyRoom) -> None:
    """[WIRE-12] The room's clock less one's own, in milliseconds."""
    peer = peer_in(room)
    peer.now = 1.0
    peer.session.tick(peer.now)
    peer._send()
    settle(peer)
    assert (4000, 0) == (peer.session.view.offset, peer.session.view.round_trip)


def test_a_cursor_is_three_numbers(room: TinyRoom) -> None:
    """[WIRE-11] A kernel points at the cell that runs."""
    peer = peer_in(room)
    peer.session.point(Pointer("code", 7, 0))
    (frame,) = peer.session.outgoing()
    assert bytes((5, 7, 0)) == wire.read_client(frame).content


@settings(max_examples=40)
@given(data=st.data())
def test_peers_converge_whatever_is_cut(data: st.DataObject) -> None:
    """[WIRE-6] Random edits, deliveries and cuts of three peers end in one canonical text."""
    room = TinyRoom(Song(id="s", name="Evening"))
    peers = [TinyPeer(room, seed) for seed in range(3)]
    numbers = itertools.count(1)
    acts = {
        "connect": lambda peer: peer.line or peer.connect(),
        "cut": lambda peer: peer.cut(),
        "out": lambda peer: peer.step_out(),
        "in": lambda peer: peer.step_in(),
        "settle": settle,
        "tempo": lambda peer: tempo(peer, 40 + next(numbers)),
        "name": lambda peer: name(peer, f"Song {next(numbers)}"),
        "meter": lambda peer: _meter(peer, next(numbers)),
        "undo": lambda peer: peer.document.undo(),
    }
    steps = st.tuples(st.sampled_from(sorted(acts)), st.integers(0, 2))
    for act, which in data.draw(st.lists(steps, max_size=60)):
        acts[act](peers[which])
    for peer in peers:
        if peer.line is None:
            peer.connect()
    settle(*peers)
    texts = {print_song(peer.document.revision) for peer in peers}
    assert {print_song(room.song)} == texts
    assert [0, 0, 0] == [peer.session.view.unsaved for peer in peers]


def _meter(peer: TinyPeer, number: int) -> None:
    with peer.document.edit() as edit:
        edit.set_meter(3840 * number, ("3/4", "4/4", "6/8")[number % 3])
