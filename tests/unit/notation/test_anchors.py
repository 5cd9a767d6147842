"""What comments stand on: places that go along with the music."""

from dataclasses import replace

import pytest

from cellissimo.notation.anchors import Anchor, AnchorError, Place, anchored, place_of
from cellissimo.schema import models

BAR = 3840
NOTES = {
    "a": models.Note(0, 240, 60),
    "b": models.Note(BAR, 240, 62),
    "c": models.Note(BAR + 960, 240, 64),
    "d": models.Note(3 * BAR, 240, 65),
}
SONG = models.Song(
    "s",
    "Song",
    stems={"t": models.Stem("t", "Bass")},
    segments={"g": models.Segment("g", "t", "midi", 0, 8 * BAR, notes=NOTES)},
)


def with_notes(notes):
    """The song with other notes."""
    return replace(SONG, segments={"g": replace(SONG.segments["g"], notes=notes)})


def test_bars_put_in_before_move_a_comment_with_its_notes():
    """Also inside one long segment, which does not move itself."""
    anchor = anchored(SONG, Anchor("bar", tick=BAR))
    later = {
        key: replace(note, start=note.start + (2 * BAR if note.start >= BAR else 0))
        for key, note in NOTES.items()
    }
    assert Place(3 * BAR) == place_of(with_notes(later), anchor)


def test_a_note_that_moves_by_a_beat_leaves_the_comment_on_its_bar():
    """The bar is what it stands on, not the note."""
    anchor = anchored(SONG, Anchor("bar", tick=3 * BAR))
    nudged = NOTES | {"d": replace(NOTES["d"], start=3 * BAR + 960)}
    assert Place(3 * BAR) == place_of(with_notes(nudged), anchor)


def test_an_empty_place_stays_where_it_is():
    """With nothing that it could go along with, a comment keeps its tick and is not gone."""
    empty = models.Song("s", "Song")
    anchor = anchored(empty, Anchor("bar", tick=5 * BAR))
    assert Place(5 * BAR) == place_of(SONG, anchor) == place_of(empty, anchor)


def test_what_has_nothing_left_is_gone():
    """It says where it was seen last."""
    anchor = anchored(SONG, Anchor("bar", tick=BAR))
    assert Place(BAR, is_gone=True) == place_of(models.Song("s", "Song"), anchor)


def test_a_note_is_found_in_the_other_half_of_its_segment():
    """But not in one of several copies, of which none is the one that is meant."""
    anchor = anchored(SONG, Anchor("note", id="d", within="g"))
    first = replace(SONG.segments["g"], length=2 * BAR, notes={})
    half = models.Segment("h", "t", "midi", 2 * BAR, BAR, offset=2 * BAR, notes={"d": NOTES["d"]})
    assert Place(3 * BAR) == place_of(replace(SONG, segments={"g": first, "h": half}), anchor)
    copies = {"g": first, "h": half, "i": replace(half, id="i", start=9 * BAR)}
    assert Place(3 * BAR, is_gone=True) == place_of(replace(SONG, segments=copies), anchor)


@pytest.mark.parametrize(
    "wanted",
    [
        Anchor("bar"),
        Anchor("riff", tick=0),
        Anchor("note", id="a", within="nowhere", tick=0),
        Anchor("stem", id="u", tick=0),
    ],
)
def test_what_is_not_there_is_stood_on_by_nothing(wanted):
    """A note may be named without its segment as long as it is one; all else has to be there."""
    if wanted.kind == "note":
        assert anchored(SONG, wanted).tick == 0
        return
    with pytest.raises(AnchorError):
        anchored(SONG, wanted)
