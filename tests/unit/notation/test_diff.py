"""What is said of two versions of a song."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

import cellissimo as cm
from cellissimo.notation.diff import Change, changed_bars, diff_songs
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
    Step,
    Tempo,
)

BAR = 3840
VERSE = Loop("v", "Verse", bars=2, chords={0: "C", 16: "F"}, steps={("kick", 0): Step()})
BASS = {"sample.sound": "bass-sub", "amp.level": 0.8}
CHORUS = Loop("c", "Chorus", bars=2, steps={("kick", 0): Step()})
SONG = Song(
    "s",
    "Evening",
    tempos={0: Tempo(92), 8 * BAR: Tempo(100)},
    loops={"v": VERSE, "c": CHORUS},
    pads={0: "v"},
    blocks={"1": Block("1", "v", 0, 4 * BAR), "2": Block("2", "c", 8 * BAR, 2 * BAR)},
    stems={
        "b": Stem("b", "Bass", order="B", settings=BASS, sends={"r": 0.4}),
        "l": Stem("l", "Lead", order="V", lanes={"filter.freq": {0: Point(200), BAR: Point(800)}}),
    },
    returns={"r": Return("r", "Room")},
    segments={
        "m": Segment("m", "b", "midi", 4 * BAR, 2 * BAR, notes={"x": Note(0, 480, 36)}),
        "a": Segment("a", "l", "audio", 0, BAR, "Take", blob="0" * 64, frames=9),
    },
    sections={"q": Section("q", "Verse", 0, 4 * BAR)},
    markers={"k": Marker("k", "drop", 8 * BAR)},
)


def _loop(**fields: object) -> Callable[[Song], Song]:
    return lambda song: replace(song, loops={**song.loops, "v": replace(VERSE, **fields)})


def _in(field: str, key: str, **fields: object) -> Callable[[Song], Song]:
    def change(song: Song) -> Song:
        things = getattr(song, field)
        return replace(song, **{field: {**things, key: replace(things[key], **fields)}})

    return change


def _without(field: str, key: str) -> Callable[[Song], Song]:
    return lambda song: replace(
        song, **{field: {k: v for k, v in getattr(song, field).items() if k != key}}
    )


def _with(field: str, key: object, value: object) -> Callable[[Song], Song]:
    return lambda song: replace(song, **{field: {**getattr(song, field), key: value}})


CASES = [
    (lambda s: replace(s, name="Night"), "name Evening → Night", ()),
    (lambda s: replace(s, key="A minor"), "key C major → A minor", ()),
    (_with("tempos", 0, Tempo(96)), "tempo from bar 1: 92 BPM → 96 BPM", tuple(range(1, 9))),
    (
        _with("tempos", 4 * BAR, Tempo(80, ramp=True)),
        "tempo from bar 5: as before → 80 BPM, changing evenly",
        (5, 6, 7, 8),
    ),
    (_with("meters", 8 * BAR, "2/4"), "meter from bar 9: as before → 2/4", (9, 10, 11, 12)),
    (
        _in("sections", "q", length=2 * BAR),
        "section Verse: bars 1-4 → bars 1-2",
        (),
    ),
    (_in("markers", "k", tick=BAR), "marker drop moved from bar 9 to bar 2", ()),
    (_without("markers", "k"), "marker drop taken out of bar 9", ()),
    (_in("blocks", "2", start=16 * BAR), "Chorus moved from bar 9 to bar 17", (9, 10, 17, 18)),
    (_in("blocks", "1", loop="c"), "bar 1: Verse → Chorus", (1, 2, 3, 4)),
    (_in("blocks", "1", length=2 * BAR), "Verse: bars 1-4 → bars 1-2", (1, 2, 3, 4)),
    (_without("blocks", "2"), "Chorus taken out of bars 9-10", (9, 10)),
    (
        _with("blocks", "3", Block("3", "c", 20 * BAR, BAR)),
        "Chorus added at bar 21",
        (21,),
    ),
    (
        _loop(steps={**VERSE.steps, ("kick", 20): Step()}),
        "bar 2 of Verse: kick added on beat 2",
        (2, 4),
    ),
    (
        _loop(steps={("kick", 0): Step(127, 60)}),
        "bar 1 of Verse: kick on beat 1: velocity 0.79 → 1, note of the chord → C4",
        (1, 3),
    ),
    (_loop(steps={}), "bar 1 of Verse: kick taken out on beat 1", (1, 3)),
    (_loop(chords={0: "C", 16: "Dm"}), "bar 2 of Verse: chord F → Dm on beat 1", (2, 4)),
    (_loop(chords={0: "Am", 16: "F"}), "bar 1 of Verse: chord C → Am on beat 1", (1, 3)),
    (_loop(settings={"kick.delay.mix": 0.6}), "Verse: kick delay mix 0 → 0.6", (1, 2, 3, 4)),
    (_loop(tempo=80), "Verse: tempo the song's → 80", (1, 2, 3, 4)),
    (_loop(color="#000000"), "Verse: colour #5b8def → #000000", ()),
    (
        _in("stems", "b", settings={**BASS, "amp.level": 0.6}),
        "Bass: level 0.8 → 0.6",
        (5, 6),
    ),
    (
        _in("stems", "b", settings={**BASS, "comp.ratio": 4}),
        "Bass: comp ratio 1 → 4",
        (5, 6),
    ),
    (_in("stems", "b", name="Low"), "Low: name Bass → Low", ()),
    (_in("stems", "b", sends={}), "Bass: send to Room 0.4 → 0", (5, 6)),
    (_in("stems", "b", order="Z"), "stems stand in another order: Lead, Bass", ()),
    (
        _in("stems", "l", lanes={"filter.freq": {0: Point(200), BAR: Point(900)}}),
        "Lead, bar 2: filter.freq 800 → 900",
        tuple(range(1, 11)),
    ),
    (
        _in("segments", "m", notes={"x": Note(0, 480, 38)}),
        "Bass, bar 5: D2 on beat 1: C2 → D2",
        (5,),
    ),
    (
        _in("segments", "m", notes={"x": Note(0, 480, 36), "y": Note(BAR + 480, 480, 40)}),
        "Bass, bar 6: E2 on the and of 1 added",
        (6,),
    ),
    (_in("segments", "m", notes={}), "Bass, bar 5: C2 on beat 1 taken out", (5,)),
    (_in("segments", "m", start=0), "Bass: segment moved from bar 5 to bar 1", (1, 2, 5, 6)),
    (_in("segments", "a", gain=-3), "Lead, bar 1: gain 0 → -3 dB", (1,)),
    (
        _without("segments", "a"),
        'Lead: taken out bar 1: audio "Take" of 0 s',
        (1,),
    ),
    (
        _with("returns", "e", Return("e", "Echo")),
        "return Echo added",
        tuple(range(1, 11)),
    ),
    (
        lambda s: replace(s, master={"limiter.ceiling": -2}),
        "Master: limiter ceiling -1 → -2",
        tuple(range(1, 11)),
    ),
    (_with("pads", 0, "c"), "pad 0: Verse → Chorus", ()),
]


@pytest.mark.parametrize(("edit", "text", "bars"), CASES, ids=[case[1] for case in CASES])
def test_an_edit_is_told_with_its_bars(
    edit: Callable[[Song], Song], text: str, bars: tuple[int, ...]
) -> None:
    """One edit is one change: its words, and the bars that sound other."""
    (change,) = diff_songs(SONG, edit(SONG))
    assert text == str(change)
    assert bars == change.bars


def test_a_song_does_not_differ_from_itself() -> None:
    """Nothing is said of equal songs."""
    assert diff_songs(SONG, SONG) == ()
    assert repr(diff_songs(SONG, SONG)) == "no difference"


def test_a_change_back_is_told_too() -> None:
    """Each edit is told in the other direction as well, with the same bars."""
    for edit, _, bars in CASES:
        (change,) = diff_songs(edit(SONG), SONG)
        if "meter" not in change.kind:
            assert bars == change.bars


def test_things_are_known_by_their_names_where_ids_differ() -> None:
    """A song written again from its text has other ids; only what is other is told."""
    other = replace(VERSE, id="new", tempo=None, steps={("kick", 4): Step()})
    song = replace(SONG, loops={"new": other, "c": CHORUS})
    told = [str(change) for change in diff_songs(SONG, song)]
    assert "bar 1 of Verse: kick added on beat 2" in told
    assert not any("loop Verse" in text for text in told)


def test_two_loops_are_compared_as_one() -> None:
    """Files of single loops are two versions of a loop, whatever their ids and names."""
    old = Song("a", "A", kind="loop", loops={"a": replace(VERSE, id="a")})
    new = Song("b", "B", kind="loop", loops={"b": replace(VERSE, id="b", name="B", tempo=90)})
    assert [str(change) for change in diff_songs(old, new)] == [
        "B: name Verse → B",
        "B: tempo the song's → 90",
    ]
    assert [(1, 2)] == changed_bars(diff_songs(old, new))


def test_bars_that_sound_other_come_in_runs() -> None:
    """Neighbouring bars are one run."""
    changes = [Change("x", "x", "x", bars) for bars in ((1, 2), (), (9,), (3, 5))]
    assert [(1, 3), (5, 5), (9, 9)] == changed_bars(changes)


def test_a_song_compares_itself_with_another() -> None:
    """``song.diff(other)`` says the same, a line each, and knows its bars."""
    song = cm.Song.of_model(SONG)
    other = song.copy()
    other.loops["Verse"]["kick"].set(4)
    changes = song.diff(other)
    assert repr(changes) == "bar 1 of Verse: kick added on beat 2"
    assert changes.bars == [(1, 1), (3, 3)]


def test_a_song_made_again_by_code_differs_in_nothing() -> None:
    """All its ids are others; only what was changed behind them is told."""
    song = cm.Song("Evening")
    song.timeline.append(cm.Loop.from_text("seq kick: x...", name="Verse"), times=2)
    song.returns.add("Room")
    bass = song.stems.add("Bass", sound="bass-sub")
    bass.sends["Room"] = 0.3
    bass.add_notes([(0, 960, "C2"), (960, 960, "G2")], bar=1)
    bass.add_pattern("seq hat: x.x.", bar=3)
    names: dict[str, cm.Song] = {}
    exec(song.code(), names)
    again = names["song"]
    assert not song.diff(again)
    notes = again.stems["Bass"].segments[0].notes
    del notes[list(notes)[1]]
    assert repr(song.diff(again)) == "Bass, bar 1: G2 on beat 2 taken out"
