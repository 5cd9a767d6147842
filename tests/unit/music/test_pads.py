"""The verbs of pads."""

import pytest

import cellissimo as cm


def test_a_loop_is_saved_on_the_first_empty_pad():
    """Or on the one that is named; when all are full, the cure is told."""
    song = cm.Song("S")
    song.pads[1] = cm.Loop("B")
    assert [song.pads.save(cm.Loop("A")), song.pads.save(cm.Loop("C"))] == [0, 2]
    assert song.pads.save(cm.Loop("Z"), 15) == 15
    for _ in range(12):
        song.pads.save(cm.Loop("more"))
    with pytest.raises(cm.CellissimoError, match="all 16 pads are full"):
        song.pads.save(cm.Loop("last"))


def test_a_pad_is_renamed_and_duplicated():
    """A copy is a loop of its own, on a pad of its own, in one undo step."""
    song = cm.Song("S")
    song.pads[0] = cm.Loop("A")
    song.pads.rename(0, "Verse")
    assert song.pads.duplicate(0) == 1
    song.pads[1]["kick"] = "x"
    assert (song.pads[1].name, list(song.pads[0])) == ("Verse copy", [])
    song.undo()
    song.undo()
    assert repr(song.pads) == "pad 0: Verse"


def test_a_deleted_pad_takes_its_loop_along_unless_it_is_played():
    """A loop on the timeline stays there."""
    song = cm.Song("S")
    song.pads[0], song.pads[1] = cm.Loop("A"), cm.Loop("B")
    song.timeline.append(song.pads[1])
    song.pads.delete(0)
    song.pads.delete(1)
    assert (dict(song.pads), list(song.loops), len(song.timeline)) == ({}, ["B"], 1)


def test_a_pad_is_triggered_in_a_page_only():
    """Without a notebook the refusal says what to do."""
    song = cm.Song("S")
    song.pads[0] = cm.Loop("A")
    with pytest.raises(cm.CellissimoError, match="no notebook page"):
        song.pads.trigger(0)
