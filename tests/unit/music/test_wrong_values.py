"""Wrong values at the musician's face: refused with value, range and cure; nothing changes."""

import numpy as np
import pytest

import cellissimo as cm


@pytest.fixture
def loop():
    """A loop of four bars with a lead."""
    loop = cm.Loop("A")
    loop["lead"] = "x..."
    return loop


@pytest.mark.parametrize("cell", [None, "3", 3.5, -1, 64, True, [1], float("nan"), 10**400])
def test_what_is_no_cell_is_refused(loop, cell):
    """Cells are whole numbers of the loop's grid; anything else says which there are."""
    before = loop.model
    for act in (
        lambda: loop["lead"].set(cell),
        lambda: loop["lead"].toggle(cell),
        lambda: loop["lead"].remove(cell),
        lambda: loop.chords.__setitem__(cell, "C"),
        lambda: loop.chords.at(cell),
    ):
        with pytest.raises(IndexError, match="outside the loop; its cells are 0 to 63"):
            act()
    assert before is loop.model


def test_numbers_of_numpy_are_numbers(loop):
    """What a calculation gives may be written: cells, notes, durations, offsets, tempo, bars."""
    row = loop["lead"]
    row.set(np.int64(5), note=np.int32(60), duration=np.int64(480), offset=np.int16(10))
    row.toggle(np.float64(6.0))
    loop.tempo, loop.bars = np.float32(99.5), np.int64(8)
    loop.chords[np.int64(16)] = "G"
    step = row.steps[5]
    assert (60, 480, 10) == (step.note, step.duration, step.offset)
    assert 6 in row.steps
    assert (99.5, 8, "G") == (loop.tempo, loop.bars, loop.chords[16].symbol)


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("duration", 480.5, "give a whole number from 1 to 1000000"),
        ("duration", True, "duration .* is True"),
        ("duration", 10**12, "it can be from 1 to 1e"),
        ("duration", "3q", "'3q' is not a note value.*2m"),
        ("offset", None, "offset .* is None"),
        ("offset", "8n", "offset .* is '8n'"),
        ("offset", 1.5, "give a whole number"),
        ("offset", 10**12, "it can be from -1e"),
        ("velocity", np.array([0.1, 0.2]), "give a number from 0 to 1"),
        ("note", 128, "it can be from 0 to 127"),
    ],
)
def test_a_step_is_refused_whole(loop, field, value, told):
    """A value that could not be kept exactly is refused, never rounded or dropped in silence."""
    before = loop.model
    with pytest.raises(cm.CellissimoError, match=told):
        loop["lead"].set(4, **{field: value})
    assert before is loop.model


def test_a_step_lasts_bars_of_its_own_meter():
    """The duration "1m" is a bar, in the face and in the pattern language alike."""
    waltz = cm.Loop("Waltz", meter="3/4")
    waltz["lead"].set(0, duration="1m")
    assert waltz["lead"].steps[0].duration == 2880
    text = "METER 3/4\nseq lead: x...........\nstep lead 0: duration=1M"
    assert cm.Loop.from_text(text)["lead"].steps[0].duration == 2880


@pytest.mark.parametrize(("written", "kept"), [("1m", "1m"), (" 8N. ", "8n."), ("16T", "16t")])
def test_the_time_of_an_echo_is_kept_as_it_prints(loop, written, kept):
    """A setting takes every note value, also a bar, and its text reads back to the same."""
    loop["lead"].delay(time=written)
    assert kept == loop["lead"].get("delay.time")
    assert kept == cm.Loop.from_text(loop.text())["lead"].get("delay.time")


@pytest.mark.parametrize("pattern", [None, 5, [1, 0], np.array([1, 0]), b"x..."])
def test_a_pattern_is_text(loop, pattern):
    """What is no text of letters is refused, and the row stays."""
    with pytest.raises(cm.CellissimoError, match=r"the pattern is .*x\.\.\.x"):
        loop["lead"] = pattern
    assert "x..." in loop["lead"].pattern


@pytest.mark.parametrize(
    "act",
    [
        lambda: cm.Loop(None),
        lambda: cm.Loop("A", key=None),
        lambda: cm.Loop("A", key=[1]),
        lambda: cm.Loop("A", meter=4),
        lambda: cm.Loop("A", meter=""),
        lambda: cm.Song("S", meter=None),
        lambda: cm.Song("S", key=3),
        lambda: cm.Loop("\ud800"),
        lambda: cm.Loop("two\nlines"),
        lambda: cm.Loop("a\x00b"),
        lambda: cm.Loop("A").copy(3),
        lambda: cm.Song("S").copy(""),
        lambda: cm.Loop.from_text(None),
        lambda: cm.Loop.from_text(b"seq kick: x"),
        lambda: cm.Loop.from_text("seq kick: x", name=""),
        lambda: cm.Chord(None),
        lambda: cm.Chord(3),
        lambda: cm.Chord("C", key=None),
        lambda: setattr(cm.Loop("A"), "chords", None),
        lambda: setattr(cm.Loop("A"), "chords", 5),
        lambda: setattr(cm.Loop("A"), "chords", {99: "C"}),
        lambda: setattr(cm.Loop("A"), "chords", {0: "what"}),
        lambda: setattr(cm.Loop("A")["kick"], "sound", None),
        lambda: setattr(cm.Loop("A")["kick"], "sound", ["snare"]),
        lambda: setattr(cm.Loop("A")["kick"], "mute", "off"),
        lambda: cm.Loop("A").get("kick"),
        lambda: cm.Loop("A").set(None, 1),
        lambda: cm.Loop("A").set("kick", 1),
        lambda: cm.Loop("A").set("nothing.amp.level", 0.5),
        lambda: cm.Loop("A").set("kick.sample.sound", "nothing"),
        lambda: cm.Song("S").add(None),
        lambda: cm.Song("S").remove(None),
        lambda: cm.Song("S").pads.__setitem__(0, None),
        lambda: cm.save(None, "x.song"),
    ],
)
def test_a_value_of_the_wrong_kind_is_told(act):
    """Whatever is given, the error is the package's own and names what would be right."""
    with pytest.raises(cm.CellissimoError, match=r" is | are |no |cannot "):
        act()


@pytest.mark.parametrize("name", ["日本語 🎵", "👩‍🎤", "é" * 100, 'a"b\\c'])
def test_names_in_any_script_are_names(name, tmp_path):
    """Names come back from code and file as they were given."""
    loop = cm.Loop(name)
    made = {}
    exec(loop.code(), made)
    assert loop == made["loop"] == cm.load(cm.save(loop, tmp_path / "a.song"))


@pytest.mark.parametrize(
    "misspelt",
    [
        lambda loop: setattr(loop, "tempoo", 3),
        lambda loop: setattr(loop["kick"], "volume", 3),
        lambda loop: setattr(cm.Song("S"), "bpm", 3),
    ],
)
def test_a_misspelt_name_is_an_error(loop, misspelt):
    """An attribute that there is not cannot be set by mistake."""
    with pytest.raises(AttributeError, match="has no attribute"):
        misspelt(loop)


def test_settings_of_a_new_row_may_come_with_its_sound(loop):
    """One update makes a row with a name of its own."""
    loop.update({"boom.sample.sound": "kick808", "boom.amp.level": 0.5})
    assert ("drum-kick808", 0.5) == (loop["boom"].sound, loop["boom"].level)


def test_chords_may_come_as_cells_a_chord_or_a_sequence(loop):
    """A progression is also what a program computes."""
    loop.chords = {0: "C", np.int64(24): cm.Chord("G7/B")}
    assert {0: "C", 24: "G7/B"} == {cell: str(chord) for cell, chord in loop.chords.items()}
    loop.chords = cm.Chord("F")
    assert loop.chords.letters == ("F",)
    loop.chords = np.array(["C", "G"])
    assert loop.chords.letters == ("C", "G")


def test_a_chord_compares_with_anything():
    """A text that is no chord is simply not this chord; a chord of a chord is that chord."""
    assert cm.Chord("C") != "zzz"
    assert cm.Chord(cm.Chord("C7")) == "C7"


def test_an_error_shows_only_the_place_in_a_long_line():
    """The message of a line of a million letters is short and still points at the fault."""
    with pytest.raises(cm.CellissimoError) as caught:
        cm.Loop.from_text("seq kick: " + "x" * 100_000 + "y" + "x" * 100_000)
    shown = str(caught.value).splitlines()
    assert max(map(len, shown)) < 320
    assert shown[1][shown[2].index("^")] == "y"
