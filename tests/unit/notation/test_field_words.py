import pytest

from cellissimo.notation.field_words import field_words
from cellissimo.schema import models

SONG = models.Song(
    "s",
    "Song",
    loops={"l": models.Loop("l", "Beat")},
    stems={"t": models.Stem("t", "Bass")},
    returns={"r": models.Return("r", "Hall")},
    segments={
        "g": models.Segment(
            "g", "t", "midi", 0, 960, name="Walk", notes={"n": models.Note(0, 1, 60)}
        )
    },
)


@pytest.mark.parametrize(
    ("path", "key", "words"),
    [
        ("song", "name", "name of the song"),
        ("tempo", "3840", "tempo at bar 2"),
        ("meter", "odd", "meter"),
        ("pads", "3", "pad 3"),
        ("master", "amp.level", "level of the master"),
        ("lanes", "amp.level/960", "automation of level at bar 1, beat 2 of the master"),
        ("stems t", "color", "colour of the stem Bass"),
        ("stems t settings", "amp.level", "level of the stem Bass"),
        ("stems t sends", "r", "send to Hall of the stem Bass"),
        ("stems gone settings", "reverb.mix", "reverb mix of the stem"),
        ("loops l steps", "kick/4", "step 5 of kick of the loop Beat"),
        ("loops l chords", "0", "chord on cell 1 of the loop Beat"),
        ("loops l settings", "kick.amp.mute", "kick mute of the loop Beat"),
        ("segments g notes", "n", "the note C4 of the segment Walk"),
        ("segments g notes", "other", "a note of the segment Walk"),
        ("locks", "stem/t", "stem/t of the locks"),
    ],
)
def test_a_field_is_told_in_words(path, key, words):
    """Names as they are now; what is gone is told by its kind."""
    assert words == field_words(SONG, path.split(), key)
