"""The song file: what it looks like, and what is said of files that do not read."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from pathlib import Path

import pytest

from cellissimo.notation import song_file
from cellissimo.notation.song_file import print_song
from cellissimo.notation.song_file_parser import SongFileError, parse_song
from cellissimo.schema.models import (
    Block,
    Frozen,
    Loop,
    Marker,
    Note,
    Point,
    Return,
    Section,
    Segment,
    Song,
    Stem,
    Step,
    Tempo,
)
from cellissimo.schema.sounds import SOUNDS

LOOP = Loop(
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
SONG = Song(
    "6f1c",
    'First "beat"',
    seed=7,
    tempos={0: Tempo(120, ramp=True), 7680: Tempo(97.5)},
    meters={0: "4/4", 7680: "3/4"},
    loops={"a7": LOOP},
    pads={3: "a7"},
    blocks={
        "b2": Block("b2", "a7", 0, 7680, 1),
        "b1": Block("b1", "a7", 0, 3840),
    },
    stems={
        "s1": Stem(
            "s1",
            "Bass",
            order="V",
            channel=2,
            frozen=Frozen("ab" * 32, 48000, "f1"),
            settings={"sample.sound": "bass-sub"},
            sends={"r1": 0.4},
            lanes={"filter.freq": {0: Point(200, "exponential"), 3840: Point(800)}},
        ),
        "s2": Stem("s2", "Voice", order="G"),
    },
    returns={"r1": Return("r1", "Room", settings={"reverb.mix": 1})},
    segments={
        "g1": Segment(
            "g1",
            "s1",
            "midi",
            0,
            7680,
            gain=-3,
            notes={
                "n2": Note(0, 480, 43, 100),
                "n1": Note(0, 480, 36, 100),
                "n3": Note(3840, 960, 36.5, 90),
            },
        ),
        "g2": Segment(
            "g2",
            "s2",
            "audio",
            7680,
            2880,
            "Take 2",
            100,
            0,
            20,
            0,
            "s-curve",
            blob="cd" * 32,
            frames=96000,
        ),
        "g3": Segment("g3", "s1", "loop", 7680, 2880, loop="a7"),
    },
    sections={"c1": Section("c1", "Verse", 0, 7680)},
    markers={"d1": Marker("d1", "drop", 7680)},
    master={"limiter.ceiling": -2},
    lanes={"amp.level": {0: Point(0.8, "hold")}},
)


def _empty(first: int, whose: str) -> str:
    """The headers of the bars that hold nothing, to the last one that has a header."""
    return "".join(f"bar {bar} of {whose}\n" for bar in range(first, 33))


def _sounds(first: str, last: str) -> str:
    """The landmarks of the sounds from one to another."""
    ids = [*SOUNDS, "other"]
    between = ids[ids.index(first) : ids.index(last) + 1]
    return "".join(f'sound {sound} of "a7"\n' for sound in between)


TEXT = """cellissimo song 2
kind song
id "6f1c"
name "First \\"beat\\""
key "C major"
seed 7
tempo 0 120 ramp
meter 0 "4/4"
pad 3 "a7"

timeline
bar 1 of timeline
section 0 7680 "c1" "Verse" "#5b8def"
block 0 0 3840 "b1" "a7"
block 1 0 7680 "b2" "a7"
bar 2 of timeline
bar 3 of timeline
tempo 7680 97.5
meter 7680 "3/4"
marker 7680 "d1" "drop"
{timeline}
master
setting limiter.ceiling -2
bar 1 of master
automation amp.level 0 0.8 hold
{master}
loop "a7" "Verse"
bars 2
grid 16
key "C major"
meter "4/4"
color "#5b8def"
source "b2"
{lead}row lead of "a7"
setting delay.time "8n."
{kick}row kick of "a7"
setting amp.level 0.5
setting amp.mute true
{rest}row master of "a7"
setting reverb.mix 0.3
bar 1 of "a7"
chord 0 "C"
step lead 0 100
step kick 0 127
bar 2 of "a7"
chord 16 "Am7"
step kick 16 100
step lead 20 102 pitch=64 duration=480 probability=0.5 offset=-10

return "r1" "Room"
order "V"
color "#5b8def"
setting reverb.mix 1
{room}
stem "s2" "Voice"
order "G"
color "#5b8def"
bar 1 of stem "s2"
bar 2 of stem "s2"
bar 3 of stem "s2"
segment "g2" audio 7680 2880
name "Take 2"
blob "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"
frames 96000
offset 100
fadein 20 s-curve
{voice}
stem "s1" "Bass"
order "V"
color "#5b8def"
channel 2
frozen "abababababababababababababababababababababababababababababababab" 48000 "f1"
setting sample.sound "bass-sub"
send "r1" 0.4
bar 1 of stem "s1"
automation filter.freq 0 200 exponential
segment "g1" midi 0 7680
gain -3
bar 1 of segment "g1"
note 0 480 36 100 "n1"
note 0 480 43 100 "n2"
bar 2 of segment "g1"
note 3840 960 36.5 90 "n3"
bar 2 of stem "s1"
automation filter.freq 3840 800
bar 3 of stem "s1"
segment "g3" loop 7680 2880
plays "a7"
{bass}
end
""".format(
    lead=_sounds(next(iter(SOUNDS)), "synth-lead"),
    kick=_sounds(list(SOUNDS)[list(SOUNDS).index("synth-lead") + 1], "drum-kick"),
    rest=_sounds(list(SOUNDS)[list(SOUNDS).index("drum-kick") + 1], "other"),
    timeline=_empty(4, "timeline"),
    master=_empty(2, "master"),
    room=_empty(1, 'return "r1"'),
    voice=_empty(4, 'stem "s2"'),
    bass=_empty(4, 'stem "s1"'),
)

OLD = (Path(__file__).parent / "version_1.song").read_text("utf-8")
"""A file as version 1 wrote it."""


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


@pytest.mark.parametrize("version", ["3", "17"])
def test_a_newer_version_is_refused_by_name(version: str) -> None:
    """A file of a newer cellissimo is refused with its version, and nothing of it is read."""
    text = TEXT.replace("song 2", f"song {version}", 1)
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
    assert found in OLD
    with pytest.raises(SongFileError, match=message):
        parse_song(OLD.replace(found, instead, 1))


@pytest.mark.parametrize(
    ("found", "instead", "message"),
    [
        ("seed 7", "seed -1", 'the seed is "-1", not a whole number 0'),
        ("120 ramp", "120 up", "the line has 3 words .* Write tempo TICK 120"),
        ("section 0 7680", "section 0 0", 'the length is "0", not a whole number 1'),
        ('marker 7680 "d1" "drop"', 'marker 7680 "d1"', "Write marker 0"),
        ("block 1 0", "block 16 0", 'the lane is "16", not a whole number 0 … 15'),
        ('"b2" "a7"', '"b1" "a7"', 'block "b1" stands twice'),
        ('sound other of "a7"', 'sound other of "b8"', 'this sound is of "b8"'),
        ("bar 2 of timeline", "bar 2 of master", 'this bar is of "master", but stands in "timel'),
        ("limiter.ceiling -2", "limiter.ceiling 2", "limiter.ceiling .* is 2"),
        ("reverb.mix 1", "limiter.ceiling -1", "a setting of the master"),
        ("amp.level 0 0.8 hold", "amp.level 0 0.8 slow", "curve is 'slow'.* choose one of hold"),
        ("amp.level 0 0.8", "amp.level 0 1.8", "amp.level is 1.8; it can be from 0 to 1"),
        ("automation amp.level", "automation amp.loud", "there is no setting 'amp.loud'"),
        ('order "G"', 'order "é"', 'the order is "é"'),
        ("channel 2", "channel 17", 'the channel is "17", not a whole number 1 … 16'),
        ("cdcdcd", "CDcdcd", 'the blob is "CDcd'),
        ("audio 7680", "video 7680", 'the segment\'s kind is "video"'),
        ('"r1" 0.4', '"r1" 4', "the send is 4"),
        ("fadein 20 s-curve", "fadein 20 bent", 'the fade\'s curve is "bent"'),
        ("gain -3", "gain 30", r"the gain \(dB\) is 30"),
        ("480 43 100", "480 143 100", "the pitch is 143"),
        ('100 "n2"', '100 "n1"', 'note "n1" stands twice'),
        ("note 0 480 36", "nose 0 480 36", 'Did you mean "note"'),
        ('stem "s2" "Voice"\n', "", "the order stands twice. Keep one"),
    ],
)
def test_a_fault_of_a_song_names_its_line_and_cure(found: str, instead: str, message: str) -> None:
    """The lines of whole songs are held to the limits of the document, too."""
    assert found in TEXT
    line = TEXT[: TEXT.index(found)].count("\n") + 1
    with pytest.raises(SongFileError, match=message) as caught:
        parse_song(TEXT.replace(found, instead, 1))
    assert line <= caught.value.line <= line + 3


def test_a_file_of_version_1_reads_and_means_what_it_meant() -> None:
    """An old file gives the same loop; what relied on defaults that changed is written out."""
    assert parse_song(OLD) == Song(
        "6f1c",
        'First "beat"',
        tempos={0: Tempo(120), 7680: Tempo(97.5)},
        loops={"a7": LOOP},
        pads={3: "a7"},
    )
    old = OLD.replace("setting reverb.mix 0.3", 'setting groove.type "swing"', 1)
    assert parse_song(old).loops["a7"].settings["master.groove.amount"] == 0
    new = old.replace("song 1", "song 2", 1)
    assert "master.groove.amount" not in parse_song(new).loops["a7"].settings


def test_the_example_of_the_module_is_canonical() -> None:
    """What the module shows reads, and holds each kind of line that a song can have."""
    shown = textwrap.dedent((song_file.__doc__ or "").partition("::\n\n")[2])
    song = parse_song(shown)
    assert song == parse_song(print_song(song))
    lines = set(print_song(song).splitlines())
    assert {line for line in shown.splitlines() if line} <= lines


def test_moving_a_segment_leaves_its_notes_where_they_are() -> None:
    """The bars of notes are those of their segment: a move touches no line of a note."""
    segment = replace(SONG.segments["g1"], start=3840)
    moved = replace(SONG, segments={**SONG.segments, "g1": segment})
    before, after = print_song(SONG).splitlines(), print_song(moved).splitlines()
    told = [line for line in before if line.startswith("note") or "of segment" in line]
    assert told == [line for line in after if line.startswith("note") or "of segment" in line]


def test_a_long_song_has_no_header_for_each_empty_bar() -> None:
    """A marker four hours in does not make a file of many thousand empty lines."""
    song = Song("s", "S", markers={"m": Marker("m", "end", 92_000_000)})
    assert print_song(song).count("\n") < 1100
    assert song == parse_song(print_song(song))


def test_a_loop_has_no_more_rows_than_the_engine() -> None:
    """A file whose loop has more than 32 rows is refused."""
    loop = Loop("a", "A", bars=4, steps={(f"r{n}", 0): Step() for n in range(33)})
    with pytest.raises(SongFileError, match="33 rows, more than 32"):
        parse_song(print_song(Song("s", "S", loops={"a": loop})))


@pytest.mark.parametrize("kept", [-1, -2, -5, 12, 60])
def test_a_file_that_was_cut_off_between_lines_is_refused(kept):
    """What is missing at the end is not taken for what was never there."""
    lines = print_song(parse_song(TEXT)).splitlines()[:kept]
    with pytest.raises(SongFileError, match=r'not with "end"\. It was cut off'):
        parse_song("\n".join(lines))
