import itertools
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from cellissimo.crdt.document import Document
from cellissimo.crdt.gate import Gate
from cellissimo.crdt.mirror import GONE
from cellissimo.crdt.update_parser import parse_update
from cellissimo.schema import models
from cellissimo_server.rooms import conflicts
from cellissimo_server.rooms.conflicts import Conflicts
from cellissimo_server.rooms.seat import RoomPerson

SONG = models.Song(
    "s",
    "Song",
    loops={"a": models.Loop("a", "Beat", bars=1, steps={("kick", 0): models.Step()})},
    stems={"t": models.Stem("t", "Bass"), "u": models.Stem("u", "Lead")},
)
BASS, LEAD = SONG.stems["t"], SONG.stems["u"]


class Table:
    """A document, people with a replica each, and the conflicts between them."""

    def __init__(self, *names):
        """Everybody has seen everything."""
        self.document = Document(SONG)
        self.gate = Gate(self.document)
        self.conflicts = Conflicts(map(str, itertools.count()).__next__)
        self.people = {name: RoomPerson(name, name.title(), "#000").told() for name in names}
        self.replicas, self.made = {}, {name: [] for name in names}
        for name in names:
            self.replicas[name] = Document(update=self.document.encode())
            self.replicas[name].observe(self.made[name].append)
        self.now, self.seq = 0.0, 1

    def edit(self, name, change):
        """Somebody edits their replica, and the edit is on its way."""
        with self.replicas[name].edit() as write:
            change(write)

    def arrive(self, name):
        """What somebody did comes in."""
        for update in self.made[name]:
            made = []
            stop = self.document.observe(made.append)
            changes = self.gate.admit(
                update, origin="replica", may_use=lambda _: True, permit=lambda _: None
            )
            stop()
            self.seq += 1
            for kept in made:
                self.conflicts.note(
                    self.people[name], kept, changes, self.seq, self.now, parse_update(update)
                )
        self.made[name].clear()

    def sync(self, name):
        """Somebody hears what all others did."""
        replica = self.replicas[name]
        replica.apply(self.document.encode(replica.state), origin="room")
        self.made[name].clear()

    def do(self, name, change):
        """Somebody who has seen everything edits, and it arrives."""
        self.sync(name)
        self.edit(name, change)
        self.arrive(name)

    def told(self):
        """What each of them is told now, by name."""
        notices = self.conflicts.due(self.now, self.document.revision)
        return {one.to: one.told for one in notices}


def level(value, stem="t"):
    """Set the level of a stem."""
    return lambda write: write.set_channel_setting(models.Stem, stem, value)


def name(text):
    """Name the bass."""
    return lambda write: write.put(replace(BASS, name=text))


def step(velocity):
    """Set the kick on the first cell, or take it away."""
    wanted = None if velocity is None else models.Step(velocity)
    return lambda write: write.set_step("a", "kick", 0, wanted)


def test_both_are_told_with_both_values():
    """[WIRE-18] Two name one stem: each sees both names, the other person, and what stands."""
    table = Table("ann", "bob", "cleo")
    table.do("ann", name("Sub"))
    assert {} == table.told()
    table.now = 4_999
    table.do("bob", name("Low"))
    told = table.told()
    assert {"ann", "bob"} == set(told)
    expected = {
        "kind": "conflict",
        "id": "0",
        "path": ["stems", "t"],
        "key": "name",
        "words": "name of the stem Low",
        "mine": {"value": "Sub"},
        "theirs": {"value": "Low"},
        "before": {"value": "Bass"},
        "stands": "theirs",
        "by": table.people["bob"],
        "seq": 3,
        "settled": False,
    }
    assert expected == told["ann"]
    mirrored = {"mine": {"value": "Low"}, "theirs": {"value": "Sub"}, "stands": "mine"}
    assert expected | mirrored | {"by": table.people["ann"]} == told["bob"]
    assert {} == table.told()


def test_five_seconds_later_it_is_no_conflict():
    """[WIRE-18] Neither is one person twice, nor the same value, nor another field."""
    table = Table("ann", "bob")
    table.do("ann", name("Sub"))
    table.do("ann", name("Deep"))
    table.do("bob", name("Deep"))
    table.do("bob", lambda write: write.put(replace(LEAD, name="Sub")))
    table.now = 5_000
    table.do("ann", name("Sub"))
    table.now = 10_000
    table.do("bob", name("Low"))
    assert {} == table.told()


def test_whoever_sets_it_again_is_still_in_the_same_conflict():
    """[WIRE-18] Also where their first value was long ago: no second notice stands beside one."""
    table = Table("ann", "bob")
    table.do("ann", name("Sub"))
    table.now = 4_999
    table.do("bob", name("Low"))
    first = table.told()["bob"]["id"]
    table.now = 6_000
    table.do("ann", name("Deep"))
    told = table.told()["bob"]
    assert (first, {"value": "Deep"}, "theirs") == (told["id"], told["theirs"], told["stands"])


def test_a_value_that_was_never_seen_is_told_of():
    """[WIRE-18] Two set a step at the same moment: the one that the document drops is told too."""
    for late in ("ann", "bob"):
        table = Table("ann", "bob")
        table.edit("ann", step(10))
        table.edit("bob", step(90))
        table.arrive("bob" if late == "ann" else "ann")
        table.arrive(late)
        told = table.told()
        values = {"ann": [10], "bob": [90]}
        assert {"ann", "bob"} == set(told)
        for me, them in (("ann", "bob"), ("bob", "ann")):
            assert {"value": values[me]} == told[me]["mine"]
            assert {"value": values[them]} == told[me]["theirs"]
            stands = values[me] if told[me]["stands"] == "mine" else values[them]
            assert stands == [table.document.revision.loops["a"].steps["kick", 0].velocity]


def test_taking_away_is_a_value_as_well():
    """[WIRE-18] One takes a step away, the other sets it, without having seen that or after."""
    for has_seen in (False, True):
        table = Table("ann", "bob")
        table.edit("bob", step(None))
        if has_seen:
            table.arrive("bob")
            table.sync("ann")
        table.edit("ann", step(10))
        table.arrive("bob")
        table.arrive("ann")
        told = table.told()
        assert ({"value": [10]}, {}) == (told["ann"]["mine"], told["ann"]["theirs"])
        assert ("mine", "theirs") == (told["ann"]["stands"], told["bob"]["stands"])


def test_keeping_mine_is_an_edit_of_which_the_other_hears():
    """[WIRE-18] The same notice again, with what stands now; equal values settle it."""
    table = Table("ann", "bob")
    table.do("ann", name("Sub"))
    table.do("bob", name("Low"))
    first = table.told()["ann"]["id"]
    table.now = 200
    table.do("ann", name("Sub"))
    assert {} == table.told()
    assert 1_000 == table.conflicts.next_due
    table.now = 1_000
    told = table.told()
    assert (first, "mine", False) == tuple(told["ann"][key] for key in ("id", "stands", "settled"))
    table.do("ann", name("Low"))
    table.now = 2_000
    assert [True, True] == [one["settled"] for one in table.told().values()]
    assert table.conflicts.next_due is None


def test_what_is_gone_leaves_nothing_to_choose():
    """[WIRE-18] The stem is deleted: the notice goes."""
    table = Table("ann", "bob")
    table.do("ann", name("Sub"))
    table.do("bob", name("Low"))
    table.told()
    table.do("ann", lambda write: write.remove("stems", "t"))
    table.now = 1_000
    told = table.told()
    assert [True, True] == [one["settled"] for one in told.values()]
    assert "name of the stem" == told["ann"]["words"]


def test_an_import_is_nobodys_conflict():
    """[ROOM-44] An edit of hundreds of changes turns no knob."""
    table = Table("ann", "bob")
    table.do("ann", step(10))
    steps = {cell: models.Step(20) for cell in range(16)}
    table.do(
        "bob",
        lambda write: (
            [write.set_row("a", f"r{number}", steps, 16) for number in range(20)]
            + [write.set_step("a", "kick", 0, models.Step(99))]
        ),
    )
    assert {} == table.told()


def test_what_is_remembered_is_bounded(monkeypatch):
    """[ROOM-44] However much is set, a fixed number of fields is remembered, and none for long."""
    monkeypatch.setattr(conflicts, "MOST_FIELDS", 10)
    table = Table("ann")
    for number in range(100):
        table.do("ann", step(1 + number))
    assert (1, 64) == (len(table.conflicts._fields), len(table.conflicts._anchors))
    cells = {cell: models.Step(7) for cell in range(16)}
    for row in ("r1", "r2", "r3"):
        table.do("ann", lambda write, row=row: write.set_row("a", row, cells, 16))
    table.do("ann", step(120))
    assert 11 == len(table.conflicts._fields)
    table.now = 5_000
    table.do("ann", step(3))
    assert (1, 2) == (len(table.conflicts._fields), len(table.conflicts._anchors))


ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(["set", "set", "arrive", "sync"]),
        st.sampled_from(["ann", "bob"]),
        st.sampled_from([10, 20, 30, None]),
    ),
    max_size=14,
)


@settings(max_examples=60, deadline=None)
@given(ACTIONS)
def test_whatever_the_order_the_notice_says_what_the_document_holds(actions):
    """[WIRE-18] In the end both have the same notice: what each set last, and which stands.

    Where both have set the step, and not to one value, there is a notice that is not settled.
    """
    table, last = Table("ann", "bob"), {}
    sets = {"ann": [], "bob": []}
    for what, who, velocity in actions:
        if what == "set":
            table.edit(who, step(velocity))
            sets[who].append(velocity)
        elif what == "arrive":
            table.arrive(who)
        elif not table.made[who]:
            table.sync(who)
    table.arrive("ann")
    table.arrive("bob")
    table.now = 1_000
    last |= table.told()
    found = table.document.stored["loops"]["a"]["steps"].get("kick/0", GONE)
    for me, them in (("ann", "bob"), ("bob", "ann")):
        if me in last and not last[me]["settled"]:
            mine, theirs = last[me]["mine"], last[me]["theirs"]
            stands = mine if last[me]["stands"] == "mine" else theirs
            assert ({} if found is GONE else {"value": found}) == stands
            assert (mine, theirs) == (last[them]["theirs"], last[them]["mine"])
