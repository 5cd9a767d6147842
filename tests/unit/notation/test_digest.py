"""What digests say."""

from __future__ import annotations

import pytest

from cellissimo.domain.ticks import Meter
from cellissimo.notation.beat_words import beat_words
from cellissimo.notation.chord_symbols import parse_chord
from cellissimo.notation.digest import (
    digest_block,
    digest_chord,
    digest_loop,
    digest_marker,
    digest_return,
    digest_section,
    digest_segment,
    digest_song,
    digest_stem,
    digest_tempos,
)
from cellissimo.notation.pattern_parser import read_pattern
from cellissimo.schema.models import (
    Block,
    Loop,
    Marker,
    Note,
    Point,
    Return,
    Section,
    Segment,
    Song,
    Stem,
    Tempo,
)

FIRST_BEAT = """
TEMPO 120
chords: C | G | Am | F
seq kick:  x.......x.......
seq snare: ....x.......x... | ....x.......x... | ....x.......x... | ....x.......x.ox
seq hat:   x.x.x.x.x.x.x.x.
"""


def test_a_loop_is_told_bar_by_bar() -> None:
    """A loop's digest names its frame, its chords both ways, and each bar that is different."""
    expected = """Loop "First beat" · 4 bars of 4/4 in C major at 120 BPM
chords: C | G | Am | F (I V vi IV)
bars 1-3: kick on 1 and 3 · snare on 2 and 4 · hi-hat on every eighth
bar 4: like bar 1, but snare on 2, 4, the and of 4 and the a of 4, ghosts on the and of 4"""
    assert expected == digest_loop(read_pattern(FIRST_BEAT, name="First beat"))


def test_numerals_are_told_in_letters() -> None:
    """Chords written as numerals are followed by what they are in the loop's key."""
    loop = read_pattern("KEY A minor\nchords: i | iv V7")
    assert "chords: i | iv V7 (Am Dm E7)" in digest_loop(loop).splitlines()


def test_settings_are_told_by_row() -> None:
    """Settings that differ from their default stand at the end, the master's last."""
    loop = read_pattern("seq kick: x\namp kick: level=0.5\nenv kick: decay=0.3\nreverb: size=0.8")
    assert digest_loop(loop).splitlines()[-2:] == [
        "kick set to env decay=0.3 · amp level=0.5",
        "master set to reverb size=0.8 mix=0.3",
    ]


def test_what_sets_steps_apart_is_told() -> None:
    """Accents, ghosts, melodies, long and late steps and chances are named with their places."""
    loop = read_pattern(
        "seq lead: X...x...o.......\nstep lead 0: note=E4 duration=4n\nstep lead 4: note=G4\n"
        "step lead 8: probability=0.5 offset=20"
    )
    told = "lead on 1, 2 and 3 (E4 G4 -), accents on 1, ghosts on 3, held on 1, late on 3"
    assert f"bar 1: {told}, 50 % chance on 3" == digest_loop(loop).splitlines()[-1]


def test_an_empty_loop_says_so() -> None:
    """A loop without steps is not silent about it."""
    assert digest_loop(read_pattern("")).splitlines()[-1] == "no steps yet"


def test_a_song_is_told_by_its_pads() -> None:
    """A song's digest names its frame and what is on each pad, and nothing of ids."""
    loop = read_pattern(FIRST_BEAT, loop_id="a7", name="First beat")
    song = Song(
        "s", "Evening", loops={"a7": loop}, pads={0: "a7"}, tempos={0: Tempo(120), 7680: Tempo(140)}
    )
    expected = """Song "Evening" · 4/4 in C major at 120 BPM · 1 loop
from bar 3: 140 BPM
pad 0: "First beat" · 4 bars · C | G | Am | F · kick, snare, hat"""
    assert expected == digest_song(song)


VERSE = Loop("v", "Verse", bars=2, chords={0: "C"})
EVENING = Song(
    "s",
    "Evening",
    tempos={0: Tempo(92, ramp=True), 15360: Tempo(100)},
    meters={0: "4/4", 30720: "3/4"},
    loops={"v": VERSE},
    pads={0: "v"},
    blocks={"b": Block("b", "v", 0, 15360), "c": Block("c", "v", 30720, 5760, 2)},
    stems={
        "k": Stem(
            "k",
            "Bass",
            order="B",
            settings={"sample.sound": "bass-sub", "amp.level": 0.6, "amp.mute": True},
            sends={"r": 0.4},
            lanes={"filter.freq": {0: Point(200), 15360: Point(8000)}},
        ),
        "e": Stem("e", "Voice", order="V"),
    },
    returns={"r": Return("r", "Room", settings={"reverb.mix": 1})},
    segments={
        "n": Segment(
            "n",
            "k",
            "midi",
            3840,
            7680,
            gain=-3,
            notes={
                "x": Note(0, 480, 36),
                "y": Note(4320, 480, 43),
                "z": Note(0, 480, 36.5),
            },
        ),
        "a": Segment(
            "a", "e", "audio", 960, 3840, "Take 2", fade_in=20, blob="0" * 64, frames=96_000
        ),
    },
    sections={"q": Section("q", "Verse", 0, 15360), "p": Section("p", "Coda", 30720, 5760)},
    markers={"m": Marker("m", "drop", 16320)},
    master={"limiter.ceiling": -2},
)


def test_a_song_is_told_from_its_tempo_to_its_master() -> None:
    """A whole song in words: frame, changes, sections, blocks, stems, returns, master, pads."""
    expected = """Song "Evening" · 10 bars of 4/4 in C major at 92 BPM · 0:23 · 1 loop · 2 stems
from bar 5: 100 BPM
from bar 9: 3/4
sections: Verse bars 1-4 · Coda bars 9-10
markers: drop at bar 5, beat 2
timeline: bars 1-4 "Verse" twice
timeline, lane 2: bars 9-10 "Verse"
stem "Bass" · bass-sub · 1 segment · 3 notes · muted · bars 2-3: 3 notes C2 to G2, -3 dB · \
set to amp level=0.6 · sends to Room 0.4 · filter.freq moves
stem "Voice" · 1 segment · bar 1, beat 2 to bar 2, beat 2: audio "Take 2" of 2 s, fades in in 20 ms
return "Room" · set to reverb mix=1
master set to limiter ceiling=-2
pad 0: "Verse" · 2 bars · C | . · no steps yet"""
    assert expected.replace("\\\n", "") == digest_song(EVENING)


def test_the_parts_of_a_song_are_told() -> None:
    """Stems, returns, segments, blocks, sections, markers and tempos have words of their own."""
    song = EVENING
    assert """Stem "Bass" · bass-sub · 1 segment · 3 notes · muted
bars 2-3: 3 notes C2 to G2, -3 dB
set to amp level=0.6
sends to Room 0.4
automation of filter.freq: 2 points, 200 at bar 1 to 8000 at bar 5""" == digest_stem(
        song, song.stems["k"]
    )
    assert 'Return "Room"\nfrom Bass 0.4\nset to reverb mix=1' == digest_return(
        song, song.returns["r"]
    )
    assert """Segment of "Bass" · bars 2-3: 3 notes C2 to G2, -3 dB
bar 1: C2 on 1 · 36.5 on 1
bar 2: G2 on the and of 1""" == digest_segment(song, song.segments["n"])
    assert 'Block "Verse" · bars 1-4, twice' == digest_block(song, song.blocks["b"])
    assert 'Block "Verse" · bars 9-10 · lane 2' == digest_block(song, song.blocks["c"])
    assert 'Section "Coda" · bars 9-10' == digest_section(song, song.sections["p"])
    assert 'Marker "drop" · bar 5, beat 2' == digest_marker(song, song.markers["m"])
    assert digest_tempos(song).splitlines() == [
        "bar 1: 92 BPM, changing evenly to 100, 4/4",
        "from bar 5: 100 BPM",
        "from bar 9: 3/4",
    ]


def test_a_loop_takes_tempo_and_meter_of_its_song() -> None:
    """[DOC-21] A loop without tempo and meter is told in those of its song."""
    song = Song("s", "S", tempos={0: Tempo(90)}, meters={0: "3/4"})
    loop = read_pattern("GRID 12\nseq kick: x...x...x...")
    expected = 'Loop "pattern" · 1 bar of 3/4 in C major at 90 BPM\nbar 1: kick on every beat'
    assert expected == digest_loop(loop, song)


@pytest.mark.parametrize(
    ("symbol", "expected"),
    [
        ("C", "Chord C · C E G"),
        ("E", "Chord E · E G# B"),
        ("F#m7b5", "Chord F#m7b5 · F# A C E"),
        ("Bdim7", "Chord Bdim7 · B D F Ab"),
        ("D/F#", "Chord D/F# · D F# A · over F#"),
        ("N.C.", "Chord N.C. · no chord"),
    ],
)
def test_a_chord_is_told_by_its_tones(symbol: str, expected: str) -> None:
    """A chord's digest spells its tones as musicians do, and names its bass."""
    assert expected == digest_chord(parse_chord(symbol))


@pytest.mark.parametrize(
    ("letters", "expected"),
    [
        ("x...x...x...x...", "on every beat"),
        ("..x...x...x...x.", "on the off-beats"),
        ("x.x.x.x.x.x.x.x.", "on every eighth"),
        ("x.x.x.x.x.x.x...", "on every eighth but the and of 4"),
        ("x.x.x.x.x.x.x.xx", "on every eighth and the a of 4"),
        ("x.x...x.x.x...x.", "on 1, the and of 1, the and of 2, 3, the and of 3 and the and of 4"),
        ("x.x.x..xx...x...", "on every beat, the and of 1 and the a of 2"),
        ("x.x.x...x.x.x...", "on every beat, the and of 1 and the and of 3"),
        ("xxxxxxxxxxxxxxxx", "on every sixteenth"),
        ("x.......x.......", "on 1 and 3"),
        (".x.....x........", "on the e of 1 and the a of 2"),
        ("x...............", "on 1"),
    ],
)
def test_places_have_musical_names(letters: str, expected: str) -> None:
    """Places in a bar of sixteenths are told as musicians count them."""
    ticks = [cell * 240 for cell, letter in enumerate(letters) if letter == "x"]
    assert expected == beat_words(ticks, Meter(4, 4))
