"""Keep mine, keep theirs: notices of a room as a kernel has them."""

import pytest

import cellissimo as cm
from cellissimo.music.room_conflicts import MOST, Conflicts

BEN = {"id": "b", "name": "Ben", "color": "", "kind": "user"}


@pytest.fixture
def song():
    """A song with a stem that is muted."""
    made = cm.Song("Evening", tempo=92)
    made.stems.add("Bass").muted = True
    return made


@pytest.fixture
def conflicts(song):
    """The conflicts of its room; nothing has to be taken in."""
    return Conflicts(song.document, lambda: None)


def told(song, mine, theirs, **said):
    """A notice about the tempo at the start."""
    fields = {"id": "c", "path": ["tempo"], "key": "0", "words": "tempo", "stands": "theirs"}
    return {**fields, "mine": mine, "theirs": theirs, "by": BEN, "settled": False, **said}


@pytest.mark.parametrize(("side", "tempo"), [("mine", 100), ("theirs", 140)])
def test_one_of_both_is_kept(song, conflicts, side, tempo):
    """[WIRE-18] As an edit that undo takes back; what stands already is no edit."""
    song.tempo = 140
    conflicts.heard(told(song, {"value": 100}, {"value": 140}))
    depth = song.document.undo_depth
    getattr(conflicts[0], f"keep_{side}")()
    assert (tempo, 0) == (song.tempo, len(conflicts))
    assert (side == "theirs") is (depth == song.document.undo_depth)
    song.undo()
    assert (140 if side == "mine" else 92) == song.tempo


def test_a_removal_can_be_kept(song, conflicts):
    """[WIRE-18] Of a setting that one took out, and the other turned."""
    stem = song.stems["Bass"]
    where = {"path": ["stems", stem.id, "settings"], "key": "amp.mute", "words": "mute"}
    conflicts.heard(told(song, {}, {"value": True}, **where))
    assert "mute: nothing (yours) or on (of Ben, as it is now)" == repr(conflicts)
    assert (None, True) == (conflicts[0].mine, conflicts[0].theirs)
    conflicts[0].keep_mine()
    assert not stem.muted


def test_what_is_settled_or_answered_is_not_asked_again(song, conflicts):
    """[WIRE-18] The same conflict comes anew when somebody sets the field once more."""
    conflicts.heard(told(song, {"value": 100}, {"value": 140}))
    conflicts.heard(told(song, {"value": 100}, {"value": 120}))
    (conflict,) = conflicts
    assert 120 == conflict.theirs
    conflict.keep_mine()
    conflicts.heard(told(song, {"value": 100}, {"value": 120}, stands="mine"))
    assert "nobody else has set what you set" == repr(conflicts)
    conflicts.heard(told(song, {"value": 100}, {"value": 90}))
    assert 1 == len(conflicts)
    conflicts.heard(told(song, {"value": 90}, {"value": 90}, settled=True))
    assert [] == conflicts[:]


def test_the_oldest_go_first(song, conflicts):
    """Somebody may never look."""
    for number in range(MOST + 5):
        conflicts.heard(told(song, {"value": 1}, {"value": 2}, id=str(number)))
    assert (MOST, "5") == (len(conflicts), conflicts[0].id)


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (["tempo"], [97.0], "97 BPM"),
        (["loops", "l", "steps"], [90.0], "velocity 90"),
        (["segments", "s", "notes"], [960.0, 480, 60, 90], "a note at 960"),
        (["stems", "s", "settings"], 0.12345, "0.123"),
        (["stems", "s", "settings"], False, "off"),
        (["stems", "s"], "Bass", "Bass"),
        (["stems", "s"], {"a": 1}, "another k"),
    ],
)
def test_values_are_said_in_words(song, conflicts, path, value, words):
    """As a page says them."""
    conflicts.heard(told(song, {"value": value}, {}, path=path, key="k", words="it"))
    assert f"it: {words} (yours) or nothing (of Ben, as it is now)" == repr(conflicts)
