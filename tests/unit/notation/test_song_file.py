"""The song file: what it looks like, and what is said of files that do not read."""

from __future__ import annotations

import pytest

from cellissimo.notation.song_file import print_song
from cellissimo.notation.song_file_parser import SongFileError, parse_song
from cellissimo.schema.models import Loop, Song, Step

SONG = Song(
    "6f1c",
    'First "beat"',
    tempos={0: 120.0, 7680: 97.5},
    loops={
        "a7": Loop(
            "a7",
            "Verse",
            bars=2,
            meter="4/4",
            source="b2",
            chords={0: "C", 16: "Am7"},
            steps={
                ("lead", 20): Step(102, 64, 480, 0.5, -10),
                ("kick", 0): Step(127),
                ("kick", 16): Step(),
                ("lead", 0): Step(),
            },
            settings={
                "master.reverb.mix": 0.3,
                "kick.amp.level": 0.5,
                "kick.amp.mute": True,
                "lead.delay.time": "8n.",
            },
        )
    },
    pads={3: "a7"},
)

TEXT = """cellissimo song 1
kind song
id "6f1c"
name "First \\"beat\\""
key "C major"
tempo 0 120
tempo 7680 97.5
meter 0 "4/4"
pad 3 "a7"

loop "a7" "Verse"
bars 2
grid 16
key "C major"
meter "4/4"
color "#5b8def"
source "b2"
row lead of "a7"
setting delay.time "8n."
row kick of "a7"
setting amp.level 0.5
setting amp.mute true
row master of "a7"
setting reverb.mix 0.3
bar 1 of "a7"
chord 0 "C"
step lead 0 100
step kick 0 127
bar 2 of "a7"
chord 16 "Am7"
step kick 16 100
step lead 20 102 pitch=64 duration=480 probability=0.5 offset=-10

end
"""


def test_a_song_prints_by_loop_bar_and_cell() -> None:
    """Rows in the order of the library, bars under their headers, one thing a line."""
    assert print_song(SONG) == TEXT


def test_a_song_file_reads() -> None:
    """The text gives the song back."""
    assert parse_song(TEXT) == SONG


def test_line_ends_and_empty_lines_are_free() -> None:
    """A file that another system has saved with CR LF reads the same."""
    assert parse_song(TEXT.replace("\n", "\r\n\r\n")) == SONG


def test_names_in_any_script_stay_on_one_line() -> None:
    """Names with line ends, quotation marks and letters of any script come back as they were."""
    name = 'é \u2028 \n "x" \\ 歌 \t'
    text = print_song(Song("s", name))
    assert name == parse_song(text).name
    assert 'name "é' not in text
    assert 'name "歌"' in print_song(Song("s", "歌"))


def test_half_a_character_is_refused() -> None:
    """A name with half of a character, which no document can hold, is told and not opened."""
    with pytest.raises(SongFileError, match="line 4: the name is"):
        parse_song(TEXT.replace('name "', 'name "\\ud800', 1))


@pytest.mark.parametrize("version", ["2", "17"])
def test_a_newer_version_is_refused_by_name(version: str) -> None:
    """A file of a newer cellissimo is refused with its version, and nothing of it is read."""
    text = TEXT.replace("song 1", f"song {version}", 1)
    with pytest.raises(SongFileError, match=rf"version {version}.*Update cellissimo"):
        parse_song(text)


@pytest.mark.parametrize(
    ("found", "instead", "message"),
    [
        ("cellissimo song 1", "MThd", 'line 1: the file begins with "MThd"'),
        ("cellissimo song 1", "cellissimo song 0", "line 1: there is no version 0"),
        ("kind song", "kind album", 'line 2: kind is "album"'),
        ('id "6f1c"', 'identity "6f1c"', 'line 3: "identity" is not known here'),
        ('id "6f1c"\n', "", "the file ends without a line id"),
        ('name "First', 'name "Fi"rst', "line 4: .*Close every quotation mark"),
        ("tempo 0 120", "tempo 0 1200", r"line 6: tempo .* is 1200.0; it can be from 20 to 400"),
        ("tempo 0 120", "tempo 0 nan", 'line 6: the tempo is "nan", not a number'),
        ("tempo 0 120", "tempo 0 120\ntempo 0 121", "line 7: the tempo of tick 0 stands twice"),
        ('meter 0 "4/4"', 'meter 0 "4/5"', "line 8: 4/5 is not a meter"),
        ("pad 3", "pad 16", r'line 9: the pad is "16", not a whole number 0 … 15'),
        ("bars 2", "bars 3", "line 12: bars is 3; a loop has 1, 2, 4 or 8 bars"),
        ("bars 2", "bars 2 2", "line 12: the line has 2 words .* Write bars 4"),
        ("grid 16", "grid 0", 'line 13: grid is "0", not a whole number 1 … 48'),
        ("#5b8def", "blue", "line 16: color is 'blue'"),
        ("row lead", "row 1ead", "line 18: a row cannot be called '1ead'"),
        ('row lead of "a7"', 'row lead of "b8"', 'line 18: this row is of "b8"'),
        ("delay.time", "delay.tine", "line 19: there is no setting 'delay.tine'; did you mean"),
        ("amp.level 0.5", "amp.level 2", "line 21: amp.level is 2.0"),
        ('row lead of "a7"\n', "", "line 18: a setting stands before any row"),
        ("step lead 0 100", "step lead 0 128", 'the velocity is "128", not a whole number 0'),
        ("step lead 0 100", "step lead 32 100", 'the cell is "32", not a whole number 0 … 31'),
        ("step lead 0 100", "step kick 0 127", "line 28: the step of kick on cell 0 stands twice"),
        ("pitch=64", "pitch=640", "line 32: pitch .* is 640.0; it can be from 0 to 127"),
        ("pitch=64", "tune=64", 'line 32: a step has no "tune"'),
    ],
)
def test_a_fault_names_its_line_and_cure(found: str, instead: str, message: str) -> None:
    """Each fault names the line, the value, what is accepted and what to do."""
    assert found in TEXT
    with pytest.raises(SongFileError, match=message):
        parse_song(TEXT.replace(found, instead, 1))


def test_a_loop_has_no_more_rows_than_the_engine() -> None:
    """A file whose loop has more than 32 rows is refused."""
    loop = Loop("a", "A", bars=4, steps={(f"r{n}", 0): Step() for n in range(33)})
    with pytest.raises(SongFileError, match="33 rows, more than 32"):
        parse_song(print_song(Song("s", "S", loops={"a": loop})))


@pytest.mark.parametrize("kept", [-1, -2, -5, 12, 2])
def test_a_file_that_was_cut_off_between_lines_is_refused(kept):
    """What is missing at the end is not taken for what was never there."""
    lines = print_song(parse_song(TEXT)).splitlines()[:kept]
    with pytest.raises(SongFileError, match=r'not with "end"\. It was cut off'):
        parse_song("\n".join(lines))
