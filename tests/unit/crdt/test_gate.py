"""The gate: what it lets into a document, and the attacks that it keeps out [GATE-7 … GATE-14]."""

import gc
import sys
import time
import weakref

import pycrdt
import pytest

from cellissimo.crdt.document import Document
from cellissimo.crdt.gate import Gate, GateError
from cellissimo.crdt.gate_policy import actions_between, actions_of
from cellissimo.crdt.update_parser import UpdateError, state_of
from cellissimo.schema import limits, models
from cellissimo.schema.policy import Action
from tests.updates import make, put, replace, update

LOOP = models.Loop("a", "Beat", bars=1, steps={("kick", 0): models.Step()})
SONG = models.Song(
    "s",
    "Song",
    loops={"a": LOOP},
    stems={"t": models.Stem("t", "Bass"), "u": models.Stem("u", "Lead", order="W")},
    segments={
        "g": models.Segment("g", "t", "midi", 0, 3840, notes={"n": models.Note(0, 480, 36)}),
        "h": models.Segment("h", "u", "midi", 0, 3840),
    },
)
STRANGER = (1 << 53) - 1
"""A replica whose word counts where two write at once."""


class Door:
    """A document behind its gate, and what a test may let through."""

    def __init__(self, song=SONG):
        self.document = Document(song)
        self.gate = Gate(self.document)
        self.owned = set()
        self.seen = []

    def send(self, data, permit=None):
        """Send an update as somebody who owns the replicas of ``owned``."""
        return self.gate.admit(
            data,
            origin="replica",
            may_use=self.owned.__contains__,
            permit=permit or self.seen.extend,
        )

    def refusal(self, data, permit=None):
        """The reason for which an update is refused; the document stays as it was."""
        before, state = self.document.revision, self.document.state
        with pytest.raises(GateError) as caught:
            self.send(data, permit)
        assert before == self.document.revision
        assert state_of(state) == state_of(self.document.state)
        return caught.value.reason

    @property
    def founder(self):
        """The replica that founded the document, and how far it counts."""
        ((client, clock),) = state_of(self.document.state).items()
        return client, clock


def replica_of(document):
    """A replica that has seen everything, and the updates it makes from now on."""
    found, made = Document(update=document.encode()), []
    found.observe(made.append)
    return found, made


@pytest.fixture
def door():
    """A document behind its gate."""
    return Door()


def test_a_document_and_its_gate_go_at_once_when_nobody_holds_them():
    """They do not wait for the garbage collector: in another thread it could free none of them."""
    gc.disable()
    try:
        door = Door()
        door.send(update({STRANGER: (0, [put("pads", "1", "a")])}))
        held = [weakref.ref(one) for one in (door.document, door.gate, door.gate._twin)]
        del door
        assert [None] * 3 == [one() for one in held]
    finally:
        gc.enable()


def test_an_edit_of_a_replica_comes_in(door):
    """[GATE-7] What a replica did to its copy is done to the document, and told."""
    replica, made = replica_of(door.document)
    with replica.edit() as write:
        write.set_step("a", "kick", 4, models.Step(90))
    changes = door.send(made[0])
    assert [(("loops", "a", "steps"), "kick/4", [90])] == [
        (c.path, c.key, c.after) for c in changes
    ]
    assert replica.revision == door.document.revision


def test_edits_come_in_one_after_the_other_and_from_several(door):
    """[GATE-7] A replica goes on where it stopped, also when others wrote meanwhile."""
    one, by_one = replica_of(door.document)
    other, by_other = replica_of(door.document)
    for number in range(4):
        with one.edit() as write:
            write.set_step("a", "kick", number, models.Step(number))
        with other.edit() as write:
            write.set_step("a", "hat", number, models.Step(number))
    for data in by_one + by_other:
        door.owned |= set(state_of(door.document.state))
        door.send(data)
    with door.document.edit() as write:
        write.set_song_field("name", "Mine")
    with one.edit() as write:
        write.set_song_field("key", "D minor")
    door.owned |= set(state_of(door.document.state))
    door.send(by_one[-1])
    song = door.document.revision
    assert ("Mine", "D minor", 9) == (song.name, song.key, len(song.loops["a"].steps) + 1)


def test_an_edit_may_build_on_what_came_by_another_way(door):
    """[GATE-10] Between two updates somebody changed the document, and not through the gate."""
    one, by_one = replica_of(door.document)
    with one.edit() as write:
        write.set_step("a", "kick", 0, models.Step(1))
    door.send(by_one[0])
    with door.document.edit("server") as write:
        write.set_step("a", "kick", 0, models.Step(2))
    one.apply(door.document.encode(one.state), origin="room")
    with one.edit() as write:
        write.set_step("a", "kick", 0, models.Step(3))
    door.owned.add(one.replica)
    door.send(by_one[-1])
    assert door.gate.seen == state_of(door.document.state)
    assert models.Step(3) == door.document.revision.loops["a"].steps["kick", 0]


def test_what_is_sent_twice_changes_nothing(door):
    """[GATE-9] A replica that did not hear the answer may send its update again."""
    replica, made = replica_of(door.document)
    with replica.edit() as write:
        write.set_step("a", "kick", 4, models.Step(90))
    door.send(made[0])
    assert [] == door.send(made[0])
    assert [] == door.send(replica.encode())


def test_a_gap_is_refused(door):
    """[GATE-7] What comes later waits for nothing: it is refused."""
    replica, made = replica_of(door.document)
    for cell in (1, 2):
        with replica.edit() as write:
            write.set_step("a", "kick", cell, models.Step())
    assert "gap" == door.refusal(made[1])


def test_another_replicas_number_is_not_taken(door):
    """[GATE-8] Writing under an id that belongs to somebody else is refused (clock squatting)."""
    client, clock = door.founder
    squatting = update({client: (clock, [put("song", "key", "D minor")])})
    assert "foreign" == door.refusal(squatting)
    door.owned.add(client)
    door.send(update({client: (clock, [put("pads", "1", "a")])}))
    assert {1: "a"} == door.document.revision.pads


def test_two_contents_under_one_number_are_refused(door):
    """[GATE-9] What is sent again has to be what was sent before (equivocation)."""
    door.send(update({STRANGER: (0, [put("pads", "1", "a")])}))
    other = update({STRANGER: (0, [put("pads", "1", "b")])})
    elsewhere = update({STRANGER: (0, [put("pads", "2", "a")])})
    assert ["history", "history"] == [door.refusal(other), door.refusal(elsewhere)]


def test_what_is_not_there_yet_cannot_be_deleted(door):
    """[GATE-11] Deleting what a victim will write is refused (pre-deletion, 8 bytes)."""
    client, clock = door.founder
    assert "future" == door.refusal(update({}, {client: [(clock, 1)]}))
    assert "future" == door.refusal(update({}, {4242: [(0, 1)]}))
    assert "future" == door.refusal(update({}, {client: [(clock - 1, 2)]}))


def test_nothing_waits_for_what_a_victim_will_write(door):
    """[GATE-10] Building on a number that nobody has yet is refused (laundering)."""
    client, clock = door.founder
    for needed in ((client, clock), (client, clock + 5), (4242, 0), (STRANGER, 0), (STRANGER, 3)):
        assert "unknown" == door.refusal(update({STRANGER: (0, [replace(needed, 1.0)])}))
        if needed != (STRANGER, 0):  # the parser sees that by itself
            assert "unknown" == door.refusal(update({STRANGER: (0, [put(needed, "x", 1.0)])}))


def test_two_that_wait_for_each_other_are_refused(door):
    """[GATE-10] What never gets in would stay as a burden for ever."""
    circle = update({5: (0, [replace((6, 0), 1.0)]), 6: (0, [replace((5, 0), 1.0)])})
    assert "unknown" == door.refusal(circle)


def test_a_value_holds_nothing(door):
    """[GATE-10] Writing into what is no map is refused."""
    door.send(update({STRANGER: (0, [put("pads", "1", "a")])}))
    door.owned.add(STRANGER)
    assert "unknown" == door.refusal(update({STRANGER: (1, [put((STRANGER, 0), "x", 1.0)])}))


@pytest.mark.parametrize(
    "written",
    [
        put("meta", "schema", 1.0),
        put("meta", "other", "x"),
        put("song", "other", "x"),
        put("song", "name", ""),
        put("song", "key", "H minor?"),
        put("tempo", "0", 1000.0),
        put("tempo", "later", 100.0),
        put("meter", "0", "4/5"),
        put("pads", "16", "a"),
        put("stems", "x", "no map"),
        put("loops", "x/y", "no map"),
        put("master", "limiter.nothing", 1.0),
        put("lanes", "amp.level/x", [1.0]),
        make("song", "name"),
        make("stems", "x"),
        make("blocks", "two\nlines"),
    ],
)
def test_what_breaks_the_layout_is_refused(door, written):
    """[GATE-12] Unknown keys, values out of range and halves of entities are refused."""
    assert "shape" == door.refusal(update({STRANGER: (0, [written])}))


def test_what_every_song_has_cannot_be_taken_away(door):
    """[GATE-12] [DOC-2] Nor can an inner map be removed or replaced."""
    replica, made = replica_of(door.document)
    with replica.edit() as write:
        write.set_tempo(0, None)
    with replica.edit() as write:
        write.set_meter(0, None)
    assert "shape" == door.refusal(made[0])
    other, made = replica_of(door.document)
    with other.edit():
        del other._doc.get("loops", type=pycrdt.Map)["a"]["steps"]
    assert "shape" == door.refusal(made[0])


def test_a_document_holds_no_more_than_its_limits(door):
    """[GATE-13] The sixty-fifth stem is refused, however it comes."""
    replica, made = replica_of(door.document)
    with replica.edit() as write:
        for number in range(limits.STEMS_PER_SONG - 2):
            write.put(models.Stem(f"x{number}", "More"))
    door.send(made[0])
    door.owned |= set(state_of(door.document.state))
    with replica.edit() as write:
        write.put(models.Stem("last", "One too many"))
    assert "shape" == door.refusal(made[1])


class NotAllowedError(Exception):
    """What the policy of a test says."""


def test_the_policy_is_asked_before_anything_changes(door):
    """[GATE-14] A refusal leaves the document, and the next update comes in as if nothing was."""
    replica, made = replica_of(door.document)
    with replica.edit() as write:
        write.remove("stems", "t")

    def refuse(changes):
        raise NotAllowedError(*actions_of(changes, door.document))

    before = door.document.revision
    with pytest.raises(NotAllowedError) as caught:
        door.send(made[0], refuse)
    assert (Action.DELETE_STEM,) == caught.value.args
    assert before is door.document.revision
    door.send(made[0])
    assert ["u"] == list(door.document.revision.stems)


def needed(door, change):
    """The actions that a replica's edit needs."""
    replica, made = replica_of(door.document)
    with replica.edit() as write:
        change(write)
    seen = {}
    door.send(made[0], lambda changes: seen.update(actions_of(changes, door.document)))
    return set(seen)


@pytest.mark.parametrize(
    ("change", "actions"),
    [
        (lambda write: write.set_step("a", "kick", 1, models.Step()), {Action.EDIT_MUSIC}),
        (lambda write: write.set_field(models.Stem, "t", "name", "Sub"), {Action.EDIT_MUSIC}),
        (lambda write: write.put(models.Stem("new", "New")), {Action.ADD_STEM}),
        (lambda write: write.remove("stems", "t"), {Action.DELETE_STEM}),
        (lambda write: write.remove("segments", "g"), {Action.EDIT_MUSIC}),
        (
            lambda write: (
                write.put(models.Stem("new", "New")),
                write.put(models.Segment("fresh", "new", "midi", 0, 960)),
            ),
            {Action.ADD_STEM},
        ),
        (
            lambda write: (
                write.put(models.Stem("new", "New")),
                write.put(models.Segment("fresh", "t", "midi", 0, 960)),
            ),
            {Action.ADD_STEM, Action.EDIT_MUSIC},
        ),
    ],
)
def test_what_changed_says_which_actions_it_needs(door, change, actions):
    """[GATE-14] A stem comes and goes with its segments; all else is an edit of the music."""
    before = door.document.revision
    assert actions == needed(door, change)
    assert actions == set(actions_between(before, door.document.revision))


def test_a_founding_of_ones_own_is_no_part_of_the_document(door):
    """[DOC-16] The whole history of another founding is refused."""
    assert "shape" == door.refusal(Document(SONG).encode())


def test_bytes_that_are_no_update_are_refused_by_the_parser(door):
    """[GATE-1] Before anything else is looked at."""
    with pytest.raises(UpdateError):
        door.send(b"\x01\x02\x03")


def test_the_gate_takes_less_than_a_millisecond_an_edit():
    """[GATE-6] With five thousand notes, an edit still costs what it touches."""
    notes = {f"n{at}": models.Note(at * 10, 100, 60) for at in range(5000)}
    door = Door(
        models.Song(
            "s",
            "Song",
            stems={"t": models.Stem("t", "Bass")},
            segments={"g": models.Segment("g", "t", "midi", 0, 96000, notes=notes)},
        )
    )
    replica, made = replica_of(door.document)
    for at in range(60):
        with replica.edit() as write:
            write.set_note("g", f"n{at}", models.Note(at, 50, 61))
    door.owned |= set(state_of(replica.state))
    door.send(made[0])
    took = []
    for data in made[1:]:
        start = time.perf_counter()
        door.send(data)
        took.append(time.perf_counter() - start)
    assert sorted(took)[len(took) // 2] < 5e-3


def test_an_edit_costs_the_same_after_a_thousand_replicas():
    """[GATE-14] Every page that was ever opened is a replica of its own."""
    assert calls_of_an_edit(after=1000) < 1.2 * calls_of_an_edit(after=1)


def calls_of_an_edit(after):
    """How many functions an edit calls in a document that so many replicas have written to."""
    door = Door()
    others = {1000 + at: (0, [put("song", "seed", at)]) for at in range(after)}
    door.document.apply(update(others), origin="room")
    replica, made = replica_of(door.document)
    door.owned.add(replica.replica)
    for velocity in (1, 2, 3):
        with replica.edit() as write:
            write.set_step("a", "kick", 0, models.Step(velocity))
    for data in made[:-1]:
        door.send(data)
    return calls_of(lambda: door.send(made[-1]))


def calls_of(work):
    """How many functions are called while something is done."""
    found = 0

    def count(_frame, event, _given):
        nonlocal found
        found += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return found
