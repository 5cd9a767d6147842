"""What was done to a song, as events of its edits."""

import pytest

from cellissimo.crdt.activity import Event, events_of, summed, words_of
from cellissimo.crdt.document import Document
from cellissimo.schema import models

LOOP = models.Loop("a", "Beat", bars=1, steps={("kick", 0): models.Step()}, chords={0: "C"})
SONG = models.Song(
    "s",
    "Song",
    loops={"a": LOOP},
    stems={"t": models.Stem("t", "Bass")},
    segments={"g": models.Segment("g", "t", "midi", 0, 960, notes={"n": models.Note(0, 9, 60)})},
)


def told(change):
    """The events of one edit."""
    document, changes = Document(SONG), []
    document.watch(changes.extend)
    with document.edit() as write:
        change(write)
    return events_of(changes, document.revision)


def test_a_thing_that_goes_takes_along_what_is_in_it():
    """A stem its segments with their notes, each counted where it was."""
    found = {event.type: event for event in told(lambda write: write.remove("stems", "t"))}
    assert {"stem.delete", "segment.delete", "note.delete"} == set(found)
    assert ("t", "Bass") == (found["stem.delete"].id, found["stem.delete"].name)
    assert ("g", 1) == (found["note.delete"].id, found["note.delete"].count)


def test_a_loop_that_comes_brings_its_steps_and_chords():
    """By the loop's name."""
    found = told(lambda write: write.set_loop(models.Loop("b", "New", steps=LOOP.steps)))
    assert [("loop.create", "New", 1), ("step.create", "New", 1)] == [
        (event.type, event.name, event.count) for event in found
    ]


@pytest.mark.parametrize(
    ("one", "then", "together"),
    [
        (Event("stem.create", "t"), Event("stem.delete", "t"), []),
        (Event("stem.create", "t", "A"), Event("stem.update", "t", "B"), [("stem.create", "B")]),
        (Event("stem.update", "t"), Event("stem.delete", "t", "A"), [("stem.delete", "A")]),
        (Event("stem.delete", "t"), Event("stem.create", "t", "A"), [("stem.update", "A")]),
        (
            Event("note.create", "g"),
            Event("note.delete", "g"),
            [("note.create", ""), ("note.delete", "")],
        ),
        (Event("stem.update", "t"), Event("stem.update", "u"), [("stem.update", "")] * 2),
    ],
)
def test_two_events_of_one_thing_are_one(one, then, together):
    """What came and went leaves nothing; counted things are told apart by what happened."""
    assert together == [(event.type, event.name) for event in summed([one, then])]


def test_fields_and_counts_are_summed_up():
    """Each field once, in the order in which it was set; counts are added."""
    first = Event("stem.update", "t", "Bass", ("volume", "pan"))
    then = Event("stem.update", "t", "Bass", ("pan", "reverb.mix"))
    (both,) = summed([first, then])
    assert ("volume", "pan", "reverb.mix") == both.fields
    assert "stem Bass: volume, pan, reverb mix" == words_of([both])
    (many,) = summed(
        [Event("note.create", "g", "Bass", count=2), Event("note.create", "g", "Bass")]
    )
    assert "3 notes added to Bass" == words_of([many])
    assert words_of([]) == "no difference that is heard or seen"
