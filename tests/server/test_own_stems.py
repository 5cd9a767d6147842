"""Whose a new stem is: who added it may take it back, until somebody else works in it."""

import pytest

from cellissimo.crdt import wire
from cellissimo.crdt.document import Document
from cellissimo.schema import models
from cellissimo_server.rooms.own_stems import OwnStems
from tests.server.pieces import SONG, made
from tests.server.running import running
from tests.server.sitting import opened, sitting, ticket

LEAD = models.Stem("new", "New", order="X")
PART = models.Segment("part", "new", "midi", 0, 3840)
PATTERN = models.Segment("pat", "new", "pattern", 0, 3840)
NOTE = models.Note(0, 480, 60)


class Place:
    """A document whose edits are noted, each by its author."""

    def __init__(self):
        """The song of the tests, before anybody does anything."""
        self.document, self.own = Document(SONG), OwnStems()
        self.changes = []
        self.document.watch(self.changes.extend)

    def edit(self, author, change):
        """Somebody changes it."""
        self.changes.clear()
        with self.document.edit() as write:
            change(write)
        self.own.note(list(self.changes), author, self.document.stored)


@pytest.fixture
def place():
    """Ann has added a stem with two segments."""
    found = Place()
    found.edit("ann", lambda write: write.put(LEAD))
    found.edit("ann", lambda write: write.put(PART))
    found.edit("ann", lambda write: write.put(PATTERN))
    found.edit("ann", lambda write: write.set_loop(models.Loop("pat", "Pattern", bars=1)))
    return found


def test_a_stem_is_theirs_who_added_it(place):
    """[ROOM-49] Whatever they do with it, and whatever others do elsewhere."""
    place.edit("ann", lambda write: write.set_field(models.Stem, "new", "name", "Lead"))
    place.edit("ben", lambda write: write.set_field(models.Stem, "t", "name", "Low"))
    place.edit("ben", lambda write: write.set_note("g", "n9", NOTE))
    assert {"new"} == place.own.of("ann")
    assert set() == place.own.of("ben")
    place.edit("ann", lambda write: write.remove("stems", "new"))
    assert set() == place.own.of("ann")


@pytest.mark.parametrize(
    "touch",
    [
        lambda write: write.set_field(models.Stem, "new", "name", "Mine"),
        lambda write: write.set_note("part", "n9", NOTE),
        lambda write: write.set_field(models.Segment, "part", "start", 960),
        lambda write: write.set_step("pat", "kick", 0, models.Step()),
        lambda write: write.put(models.Segment("more", "new", "midi", 3840, 3840)),
        lambda write: write.remove("segments", "part"),
        lambda write: write.set_field(models.Segment, "g", "stem", "new"),
        lambda write: write.set_field(models.Segment, "part", "stem", "t"),
    ],
    ids=["name", "note", "move", "step", "added", "removed", "in", "out"],
)
def test_work_of_others_in_it_ends_that(place, touch):
    """[ROOM-49] In the stem itself, its segments, their notes and patterns."""
    place.edit("ben", touch)
    assert set() == place.own.of("ann") | place.own.of("ben")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server on which nobody runs out of requests."""
    with running(tmp_path_factory.mktemp("own"), writes_per_hour=10**6) as found:
        yield found


@pytest.fixture
def people(server):
    """The owner, a contributor who may delete no stems, and their piece."""
    ann, ben = server.as_("ann"), server.as_("ben")
    ben.get("users/me")
    piece = made(ann)
    body = {"username": "ben", "role": "contributor"}
    assert 201 == ann.post(f"projects/{piece}/members", json=body).status_code
    return ann, ben, piece


def test_a_contributor_takes_back_what_they_added(server, people):
    """[GATE-14] Also where both are taken in one turn; what was there before stays closed."""
    ann, ben, piece = people
    with sitting(server, ben, piece) as theirs:
        theirs.tell(theirs.edit(lambda write: write.put(LEAD)))
        theirs.keep(lambda write: write.remove("stems", "new"))
        theirs.keep(lambda write: write.put(LEAD))
        theirs.keep(lambda write: write.remove("stems", "new"))
        theirs.tell(theirs.edit(lambda write: write.remove("stems", "t")))
        assert 4403 == theirs.closed()
    assert ["Bass", "Lead"] == [
        one["name"] for one in ann.get(f"projects/{piece}/stems").json()["stems"]
    ]


def test_what_somebody_else_has_worked_in_is_not_theirs_to_delete(server, people):
    """[GATE-14] The refusal says what helps."""
    ann, ben, piece = people
    with (
        sitting(server, ann, piece) as mine,
        opened(server, piece, ticket(ben, piece)["ticket"]) as theirs,
    ):
        theirs.greet()
        theirs.load()
        seq = theirs.keep(lambda write: write.put(LEAD)).seq
        mine.sees(seq)
        seq = mine.keep(lambda write: write.set_field(models.Stem, "new", "name", "Ours")).seq
        theirs.sees(seq)
        theirs.tell(theirs.edit(lambda write: write.remove("stems", "new")))
        refused = theirs.until(wire.Refused).error
        assert "stems/new (stem.delete)" in refused["message"]
        assert "canDeleteStems" in refused["cure"]
        assert 4403 == theirs.closed()
