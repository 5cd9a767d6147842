"""Places of a song by path: what each says, and what a change there makes of the song."""

import itertools

import pytest

from cellissimo.domain.errors import CellissimoError
from cellissimo.notation.paths import OPERATIONS, PathError, changed, value_at
from cellissimo.schema import models

BEAT = models.Loop(
    "b1",
    "Beat",
    bars=1,
    chords={0: "Am"},
    steps={("kick", 0): models.Step(), ("kick", 8): models.Step(127), ("snare", 4): models.Step()},
    settings={"kick.amp.level": 0.5},
)
SONG = models.Song(
    "s",
    "Song",
    loops={"b1": BEAT, "b2": models.Loop("b2", "Other")},
    pads={3: "b1"},
    blocks={"x": models.Block("x", "b1", 0, 3840)},
    stems={"t1": models.Stem("t1", "Bass", sends={"r1": 0.5}), "t2": models.Stem("t2", "Lead")},
    returns={"r1": models.Return("r1", "Hall")},
    segments={
        "g": models.Segment("g", "t1", "midi", 0, 3840, notes={"n1": models.Note(0, 480, 36)}),
        "l": models.Segment("l", "t2", "loop", 0, 3840, loop="b1"),
    },
    sections={"v": models.Section("v", "Verse", 0, 3840)},
    master={"reverb.mix": 0.2},
)


def done(path, operation="set", value=None, song=SONG, about=""):
    """The song after a change; new ids are f1, f2 …."""
    numbers = itertools.count(1)
    return changed(song, path, operation, value, fresh=lambda: f"f{next(numbers)}", about=about)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("tempo", 97.5),
        ("transport.tempo", 97.5),
        ("meter", "3/4"),
        ("transport.timeSignature", "6/8"),
        ("name", "Evening"),
        ("key", "D minor"),
        ("seed", 7),
        ("tempos.3840", {"bpm": 90, "ramp": True}),
        ("meters.3840", "7/8"),
        ("stems.t1.volume", 0.25),
        ("stems.Bass.pan", -0.5),
        ("stems.bass.mute", True),
        ("stems.t1.name", "Deep"),
        ("stems.t1.color", "#112233"),
        ("stems.t1.channel", 4),
        ("stems.t1.instrument", "bass-sub"),
        ("stems.t1.reverb.mix", 0.3),
        ("stems.t1.sends.Hall", 0.75),
        ("returns.Hall.reverb.size", 0.9),
        ("instruments.Bass.volume", 0.25),
        ("instruments.kick.volume", 0.25),
        ("instruments.Bass.muted", True),
        ("effects.master.reverb.mix", 0.7),
        ("effects.master.reverb.wet", 0.7),
        ("effects.Bass.filter.cutoff", 800),
        ("effects.Bass.delay.enabled", False),
        ("master.volume", 0.5),
        ("pads.0", "b2"),
        ("loops.Beat.key", "D minor"),
        ("loops.Beat.bars", 2),
        ("loops.Beat.stepsPerBar", 8),
        ("loops.b1.chords.8", "F"),
        ("loops.b1.rows.kick.delay.mix", 0.5),
        ("loops.b1.steps.kick", "x...x...x...x..."),
        ("pattern.instruments.kick.steps", "x.x.x.x.x.x.x.x."),
        ("pattern.instruments.kick.volume", 0.3),
        ("pattern.tempo", 93),
        ("segments.g.gain", -3),
        ("segments.g.fadeIn", 20),
        ("segments.g.notes.n1.pitch", 40),
        (
            "segments.g.notes.n7",
            {"start": 10, "duration": 20, "pitch": 61, "velocity": 99},
        ),
        ("blocks.x.start", 3840),
        ("blocks.x.loop", "b2"),
        ("sections.Verse.length", 7680),
    ],
)
def test_what_is_set_is_read_back(path, value):
    """At every kind of place, by ids, by names, and in the words of sequencers."""
    now = done(path, value=value)
    assert now != SONG
    assert value == value_at(now, path)


@pytest.mark.parametrize(
    ("value", "cells"),
    [
        ("x...", {0: 100, 4: 100, 8: 100, 12: 100}),
        ("X... ..o.|.... ....", {0: 127, 6: 50}),
        ([1, 0, 0, 0], {0: 100, 4: 100, 8: 100, 12: 100}),
        ([True] + [False] * 15, {0: 100}),
        ([0.5] + [None] * 14 + [90], {0: 64, 15: 90}),
        ([{"velocity": 1.0}] + [0] * 15, {0: 127}),
        ([], {}),
    ],
)
def test_a_row_is_letters_or_a_list(value, cells):
    """What is shorter than the loop begins again; other rows stay."""
    loop = done("pattern.instruments.kick.steps", value=value).loops["b1"]
    kicks = {cell: step.velocity for (row, cell), step in loop.steps.items() if row == "kick"}
    assert cells == kicks
    assert ("snare", 4) in loop.steps


def test_single_steps_are_set_added_changed_and_removed():
    """By cell, also with a slash before it."""
    row = "loops.b1.steps.kick"
    assert models.Step(64) == done(f"{row}/4", value=0.5).loops["b1"].steps["kick", 4]
    assert ("kick", 4) in done(row, "add", 4).loops["b1"].steps
    added = done(row, "add", {"cell": 5, "velocity": 0.5, "note": "C3"}).loops["b1"]
    assert models.Step(64, pitch=48) == added.steps["kick", 5]
    later = done(f"{row}.8", value={"offset": 10}).loops["b1"]
    assert models.Step(127, offset=10) == later.steps["kick", 8]
    for gone in (done(row, "remove", 8), done(f"{row}.8", "remove"), done(f"{row}.8", value=0)):
        assert {("kick", 0), ("snare", 4)} == set(gone.loops["b1"].steps)


def test_things_are_added_with_what_is_said_of_them():
    """An id is made where none is given; the rest is as usual."""
    song = done("stems", "add", {"name": "Pads", "instrument": "synth-pad", "volume": 0.4})
    assert ("Pads", {"sample.sound": "synth-pad", "amp.level": 0.4}) == (
        song.stems["f1"].name,
        song.stems["f1"].settings,
    )
    assert song.stems["f1"].order > max(one.order for one in SONG.stems.values())
    song = done("segments", "add", {"id": "own", "stem": "Lead", "length": 960, "start": 96})
    assert models.Segment("own", "t2", "midi", 96, 960) == song.segments["own"]
    note = {"start": 0, "duration": 240, "pitch": "A4"}
    song = done("segments.own.notes", "add", note, song)
    assert {"f1": models.Note(0, 240, 69)} == song.segments["own"].notes
    song = done("blocks", "add", {"loop": "Beat", "start": 7680})
    assert models.Block("f1", "b1", 7680, 3840) == song.blocks["f1"]
    song = done("loops.new", "set", {"name": "New", "bars": 2})
    assert models.Loop("new", "New", bars=2) == song.loops["new"]
    assert (
        models.Marker("f1", "Drop", 960)
        == done("markers", "add", {"name": "Drop", "tick": 960}).markers["f1"]
    )


def test_what_is_removed_takes_along_what_is_nothing_without_it():
    """A stem its segments; a loop its pads, blocks and segments; a row its settings."""
    song = done("stems.Bass", "remove")
    assert ({"t2"}, {"l"}) == (song.stems.keys(), song.segments.keys())
    song = done("loops", "remove", "Beat")
    assert ({"b2"}, {}, {}, {"g"}) == (
        song.loops.keys(),
        song.pads,
        song.blocks,
        song.segments.keys(),
    )
    loop = done("pattern.instruments.kick", "remove").loops["b1"]
    assert ({("snare", 4)}, {}) == (set(loop.steps), loop.settings)
    assert {} == done("effects.master.reverb.mix", "remove").master


def test_an_update_sets_several_fields():
    """Each as by itself; what is not named stays."""
    song = done("effects.master.reverb", "update", {"wet": 0.3, "decay": 2, "enabled": True})
    assert {"reverb.mix": 0.3, "reverb.decay": 2, "reverb.bypass": False} == song.master
    song = done("stems.t1", "update", {"name": "Deep", "volume": 0.5})
    assert ("Deep", {"amp.level": 0.5}) == (song.stems["t1"].name, song.stems["t1"].settings)


@pytest.mark.parametrize(
    ("about", "path"),
    [
        ("pattern", "instruments.kick.steps"),
        ("pattern", "pattern.instruments.kick.steps"),
        ("transport", "tempo"),
        ("effect", "master.reverb.wet"),
        ("instrument", "Bass.volume"),
    ],
)
def test_a_type_stands_for_the_first_word(about, path):
    """As jam systems send it: with the path, or in its stead."""
    value = "x..." if about == "pattern" else 0.5 if about != "transport" else 99
    assert SONG != done(path, value=value, about=about)


@pytest.mark.parametrize(
    ("path", "operation", "value", "said", "accepted"),
    [
        ("tempi", "set", 90, "the song has no 'tempi'", "tempo"),
        ("", "set", 90, "0 characters", ""),
        ("stems.Bas.volume", "set", 1, "stems has no 'Bas'", "Bass, Lead"),
        ("stems.Bas", "remove", None, "stems has no 'Bas'", "Bass, Lead"),
        ("stems.t1.volum", "set", 1, "stems.t1 has no 'volum'", "volume"),
        ("stems.t1.volume", "set", 7, "it can be from 0", ""),
        ("tempo", "set", "fast", "give a number", ""),
        ("tempo", "add", 1, "nothing can be added here", "set"),
        ("tempo", "put", 1, "no operation 'put'", "set, add"),
        ("transport.isPlaying", "set", True, "not kept in the song", "tempo"),
        ("loops.b1.steps.kick.99", "set", 1, "cell", ""),
        ("loops.b1.steps.kick", "set", "x?x", "is not a step", "letters"),
        ("loops.b1.steps.kick", "set", [1] * 17, "", "at most 16 cells"),
        ("loops.b1.steps.kick", "set", "x" * 17, "", "at most 16 cells"),
        ("loops.b1.steps.kick.0", "set", {"velocty": 1}, "did you mean 'velocity'", ""),
        ("blocks", "add", {"loop": "nobody"}, "called 'nobody'", "Beat"),
        ("segments", "add", {"stem": "Bass"}, "needs length", ""),
        ("segments", "add", {"stem": "Bass", "length": 9, "kind": "audio"}, "midi, loop", ""),
        ("stems", "add", {"name": "x", "id": "t1"}, "is taken", ""),
        ("stems", "add", {"name": "x", "volumes": 1}, "did you mean 'volume'", ""),
        ("segments.g.blob", "set", "a" * 64, "has no 'blob'", "gain"),
        ("segments.g.notes", "add", {"pitch": 60}, "needs start, duration", ""),
        ("tempos.0", "remove", None, "nothing can be removed here", ""),
    ],
)
def test_what_is_not_accepted_is_said(path, operation, value, said, accepted):
    """With the path, what is accepted, and a cure; the song stays as it was."""
    with pytest.raises(PathError) as refused:
        done(path, operation, value)
    assert said in str(refused.value)
    assert accepted in refused.value.accepted
    assert refused.value.cure


def test_everything_that_can_be_read_is_plain():
    """The whole song by its paths, down to every leaf, holds JSON alone."""

    def walk(value):
        if isinstance(value, dict):
            return all(isinstance(key, str) and walk(inner) for key, inner in value.items())
        if isinstance(value, list | tuple):
            return all(map(walk, value))
        return value is None or isinstance(value, str | int | float | bool)

    words = ("stems", "loops", "segments", "effects", "pattern", "transport", "pads", "tempos")
    assert all(walk(value_at(SONG, word)) for word in words)
    empty = models.Song("s", "Empty")
    with pytest.raises(CellissimoError, match="no loop"):
        value_at(empty, "pattern.steps.kick")
    assert set(OPERATIONS) == {"set", "add", "remove", "update"}
