"""The loop at the musician's face."""

import pytest

import cellissimo as cm
from cellissimo.crdt.document import Document
from cellissimo.crdt.undo import WIDGET
from cellissimo.music.session import SESSION


@pytest.fixture
def loop():
    """A small loop with everything in it."""
    loop = cm.Loop("First beat", tempo=96)
    loop.chords = "I V vi IV"
    loop["drum-kick"] = "x...x...x...x..."
    loop["synth-lead"].set(4, velocity=0.8, note="E4", duration="8n")
    loop["kick"].filter(type="lowpass", freq=800)
    loop.swing = 0.5
    return loop


def test_a_new_loop_has_the_values_it_was_given():
    """The constructor's arguments are the loop's values."""
    loop = cm.Loop("A", bars=2, key="F# minor", tempo=90.5, meter="3/4", color="#AABBCC")
    said = (loop.name, loop.bars, loop.key, loop.tempo, loop.meter, loop.steps_per_bar, loop.color)
    assert said == ("A", 2, "F# minor", 90.5, "3/4", 12, "#aabbcc")


def test_a_loop_without_tempo_and_meter_has_the_usual_ones():
    """Alone, a loop plays at 120 in 4/4."""
    loop = cm.Loop("A")
    assert (loop.tempo, loop.meter, loop.bars) == (120, "4/4", 4)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"bars": 3}, r"bars is 3; a loop has 1, 2, 4 or 8 bars"),
        ({"tempo": 1000}, r"1000.*20 to 400"),
        ({"key": "H dur"}, r"'H dur' is not a key"),
        ({"meter": "4"}, r"'4' is not a meter"),
        ({"name": ""}, r"name is ''; give a text of 1 to 100"),
        ({"color": "red"}, r"'red'; write it as '#rrggbb'"),
    ],
)
def test_a_wrong_argument_is_named_with_its_range_and_cure(arguments, told):
    """Bad input gets a clear error."""
    with pytest.raises(cm.CellissimoError, match=told):
        cm.Loop(**{"name": "A", **arguments})


def test_chords_are_read_as_letters_and_as_numerals(loop):
    """Roman numerals and letters are two names of one thing."""
    assert loop.chords.text == "I | V | vi | IV"
    assert loop.chords.letters == ("C", "G", "Am", "F")
    loop.chords = "Cmaj7 | G | Am7 | F/A"
    assert loop.chords.roman == ("Imaj7", "V", "vi7", "IV6")
    assert loop.chords[48].bass == "A"


def test_numerals_follow_a_change_of_key_and_letters_do_not(loop):
    """[DOC-5] What was written as a numeral keeps its meaning."""
    loop.chords[0] = "C"
    loop.key = "G major"
    assert loop.chords.letters == ("C", "D", "Em", "C")


@pytest.mark.parametrize("name", ["Pop", "sad", "CHILL", "Shoegaze"])
def test_a_preset_is_a_progression_by_name(name):
    """The four presets are known whatever their case."""
    loop = cm.Loop("A")
    loop.chords = name
    assert (
        loop.chords.roman
        == {known.lower(): chords for known, chords in cm.PRESETS.items()}[name.lower()]
    )


def test_one_chord_is_put_and_removed_by_its_cell(loop):
    """The chord lane is a mapping from cell to chord."""
    loop.chords[8] = "Dm7"
    assert list(loop.chords) == [0, 8, 16, 32, 48]
    assert loop.chords.at(15).symbol == "Dm7"
    del loop.chords[8]
    assert loop.chords.at(15).symbol == "C"


def test_a_pattern_shorter_than_the_loop_repeats(loop):
    """One bar of letters fills the loop."""
    assert list(loop["drum-kick"].steps) == list(range(0, 64, 4))
    loop["hat"] = "x.o"
    velocities = [step.velocity for step in loop["hat"].steps.values()][:3]
    assert velocities == [0.79, 0.39, 0.79]


def test_a_pattern_longer_than_the_loop_is_refused_and_changes_nothing(loop):
    """The error names both lengths."""
    before = loop["drum-kick"].pattern
    with pytest.raises(cm.CellissimoError, match="65 cells and the loop 64"):
        loop["drum-kick"] = "x" * 65
    assert loop["drum-kick"].pattern == before


def test_velocities_are_shares_in_two_decimals(loop):
    """What was set as 0.8 reads as 0.8."""
    for velocity in (0, 0.01, 0.33, 0.5, 0.8, 1):
        loop["clap"].set(2, velocity=velocity)
        assert loop["clap"].steps[2].velocity == velocity


def test_a_row_is_found_by_its_name_and_by_its_sound(loop):
    """[DOC-4] `kick` and `drum-kick` are one row while one row plays that sound."""
    loop["kick"].level = 0.5
    assert loop.rows == ("synth-lead", "drum-kick")
    assert loop["drum-kick"].level == 0.5
    loop["second"].sound = "kick"
    assert loop["second"].sound == "drum-kick"
    assert "second" in loop


def test_an_unknown_row_says_which_sounds_are_near(loop):
    """A misspelt sound is not a silent row."""
    with pytest.raises(cm.CellissimoError, match=r"'drum-kik'; did you mean 'drum-kick'"):
        loop["drum-kik"] = "x..."


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda loop: loop["kick"].set(64), "cell 64 is outside the loop; its cells are 0 to 63"),
        (lambda loop: loop["kick"].set(0, velocity=2), "velocity is 2; it can be from 0 to 1"),
        (lambda loop: loop["kick"].set(0, note="H4"), "'H4' is not a pitch"),
        (lambda loop: loop["kick"].set(0, duration="8x"), "'8x' is not a note value"),
        (lambda loop: loop.set("kick.filter.frq", 1), "did you mean 'filter.freq'"),
        (lambda loop: loop["kick"].filter(type="low"), "choose one of off, lowpass"),
        (lambda loop: loop["kick"].filter(type="notch", freq=9), "from 20 to 20000"),
        (lambda loop: loop["kick"].delay(time="9q"), "note value such as '8n'"),
        (lambda loop: loop.set("master.sample.gain", 1), "a setting of a row"),
        (lambda loop: setattr(loop, "chords", "C Hm"), "'Hm'"),
        (lambda loop: setattr(loop["kick"], "pattern", "x..y"), '"y" is not a step'),
    ],
)
def test_a_refused_change_says_why_and_changes_nothing(loop, change, told):
    """Nothing is half done."""
    before = loop.model
    with pytest.raises(cm.CellissimoError, match=told):
        change(loop)
    assert loop.model == before


def test_settings_read_as_set_else_as_the_sound_has_them(loop):
    """A row without a setting has its patch's value."""
    row = loop["synth-lead"]
    own = cm.SOUNDS["synth-lead"].patch.get("env.attack", 0.005)
    assert row.get("env.attack") == own
    row.env(attack=0.25)
    assert row.get("env.attack") == 0.25
    row.env(attack=None)
    assert row.get("env.attack") == own


def test_removing_a_row_removes_its_steps_and_settings(loop):
    """A deleted row leaves nothing behind."""
    del loop["kick"]
    assert loop.rows == ("synth-lead",)
    assert not any(key.startswith("drum-kick.") for key in loop.model.settings)
    loop.undo()
    assert loop["kick"].get("filter.freq") == 800


def test_code_makes_the_loop_again(loop):
    """The code of a loop is Python that runs."""
    loop["hat"].sound = "openhat"
    loop["hat"].set(3, velocity=0.123, probability=0.5, offset=-20)
    loop["hat"].mute = True
    names = {}
    exec(loop.code(), names)
    assert names["loop"] == loop


def test_text_reads_back(loop):
    """`from_text` is the inverse of `text`."""
    assert cm.Loop.from_text(loop.text(), name=loop.name) == loop


def test_saving_and_loading_is_the_identity(loop, tmp_path):
    """load(save(x)) equals x, and saving again writes the same bytes."""
    path = cm.save(loop, tmp_path / "a.song")
    again = cm.load(path)
    assert again == loop
    assert cm.save(again, tmp_path / "b.song").read_bytes() == path.read_bytes()


def test_a_second_replica_changes_what_python_sees(loop):
    """A loop is a view: whoever changes the document changes the loop."""
    page = Document(update=loop.document.encode())
    with page.edit() as edit:
        edit.set_loop_field(loop.id, "bars", 2)
    loop.document.apply(page.encode(), origin=WIDGET, gesture="click")
    assert loop.bars == 2
    assert loop.undo()
    assert loop.bars == 4


def test_one_cell_is_one_undo_step(loop):
    """All that happens while a gesture is open is taken back together."""
    before = loop.model
    SESSION.gestures.begin()
    loop["clap"] = "....x..."
    loop.tempo = 70
    loop.chords = "Sad"
    SESSION.gestures.end()
    loop.undo()
    assert loop.model == before


def test_a_copy_remembers_where_it_came_from_and_goes_its_own_way(loop):
    """[DOC-12] A copy has a new id, the same music, and its source's id."""
    copy = loop.copy("Second beat")
    assert (copy.name, copy.model.source) == ("Second beat", loop.id)
    copy["kick"].clear()
    assert loop["kick"].steps


def test_a_loop_equals_another_that_says_the_same(loop):
    """Ids do not count, music does."""
    twin = loop.copy(loop.name)
    assert twin == loop
    twin.tempo = 97
    assert twin != loop


def test_legato_steps_touch_one_another(loop):
    """Each step lasts to the next one; the last ends with the loop."""
    loop["pad"] = "x.....x........."
    loop["pad"].legato()
    steps = loop["pad"].steps
    ends = [cell * 240 + step.duration for cell, step in steps.items()]
    assert ends == [cell * 240 for cell in list(steps)[1:]] + [64 * 240]
