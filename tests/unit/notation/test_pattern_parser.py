"""Reading pattern text: what each line means, and what is said of lines that do not read."""

from __future__ import annotations

import pytest

from cellissimo.notation.pattern_parser import (
    MOST_CHARACTERS,
    Reading,
    parse_pattern,
    read_pattern,
)
from cellissimo.notation.pattern_printer import print_pattern
from cellissimo.notation.pattern_problem import PatternError
from cellissimo.schema.models import Loop, Step

SEQUENCER = """TEMPO 120
seq kick:  X...x...x...x...     # X accent, x normal, o ghost, . rest
seq hat:   x.x.x.x.x.x.x.x.
sample hat: openhat gain=-1     # gain in steps of about 3 dB
note bass: 36                   # MIDI number, 440hz, or C2
env kick: attack=0.01 decay=0.1 sustain=0.5 release=1.0
groove master: type=swing amount=0.6 subdivision=8n
eq kick: low=2 mid=-1 high=1
comp master: threshold=-24 ratio=4 attack=0.01 release=0.25 knee=30
lfo kick.amp: rate=5Hz depth=0.5 wave=sine
chords: I V vi IV
"""

CANONICAL = """TEMPO 120
KEY C major
chords: I | V | vi | IV

seq kick: X...x...x...x... | X...x...x...x... | X...x...x...x... | X...x...x...x...
seq hat:  x.x.x.x.x.x.x.x. | x.x.x.x.x.x.x.x. | x.x.x.x.x.x.x.x. | x.x.x.x.x.x.x.x.

env kick: attack=0.01 decay=0.1 sustain=0.5 release=1
eq kick: low=2 mid=-1 high=1
lfo kick.amp: rate=5 depth=0.5 wave=sine
sample hat: drum-openhat gain=-1
note bass: C2
groove master: type=swing amount=0.6 subdivision=8n
comp master: threshold=-24 ratio=4 attack=0.01 release=0.25 knee=30
"""


def reading(text: str) -> Reading:
    return parse_pattern(text, loop_id="l")


def fault(text: str) -> str:
    """The only problem of a text, as one line."""
    (problem,) = reading(text).errors
    return str(problem)


def test_sequencer_patterns_paste_in() -> None:
    """A pattern of the ASCII sequencer reads as it is and prints in canonical form."""
    assert print_pattern(read_pattern(SEQUENCER)) == CANONICAL


def test_letters_are_velocities() -> None:
    """X, x and o are 127, 100 and 50; dots, dashes, spaces and bar lines are silent or free."""
    steps = read_pattern("seq kick: X. |-x o\n").steps
    assert {("kick", 0): Step(127), ("kick", 3): Step(100), ("kick", 4): Step(50)} == {
        key: step for key, step in steps.items() if key[1] < 5
    }


def test_short_rows_repeat_to_the_end() -> None:
    """A row shorter than the loop begins again, also in the middle of its letters."""
    loop = read_pattern("BARS 1\nseq kick: x..")
    assert sorted(cell for _, cell in loop.steps) == [0, 3, 6, 9, 12, 15]


@pytest.mark.parametrize(
    ("text", "bars"),
    [
        ("", 4),
        ("seq kick: x", 1),
        ("seq kick: " + "x" * 16, 1),
        ("seq kick: " + "x" * 17, 2),
        ("seq kick: " + "x" * 40, 4),
        ("seq kick: x\nchords: C | G |", 2),
        ("chords: C G Am", 4),
        ("chords: C |", 1),
        ("seq kick: x\nBARS 8", 8),
        ("METER 3/4\nseq kick: " + "x" * 13, 2),
        ("GRID 8\nseq kick: " + "x" * 13, 2),
        ("step kick 20: velocity=1", 2),
    ],
)
def test_the_longest_line_gives_the_length(text: str, bars: int) -> None:
    """A loop has the fewest bars that hold its rows and chords, unless BARS says otherwise."""
    assert bars == read_pattern(text).bars


def test_the_length_may_come_from_outside() -> None:
    """A length that is given holds where the text has no BARS line."""
    assert read_pattern("seq kick: x", bars=2).bars == 2
    assert read_pattern("BARS 8\nseq kick: x", bars=2).bars == 8


@pytest.mark.parametrize(("meter", "cells"), [("4/4", 16), ("3/4", 12), ("6/8", 12), ("7/8", 14)])
def test_a_bar_has_sixteenths(meter: str, cells: int) -> None:
    """Without GRID, a cell is a sixteenth in every meter."""
    assert cells == read_pattern(f"METER {meter}").steps_per_bar


def test_keywords_have_no_case() -> None:
    """Keywords, sounds, choices and parameter names read in capitals and without."""
    small = read_pattern("tempo 90\nkey a minor\nfilter kick: q=2 type=lowpass\nsample kick: rim")
    large = read_pattern("Tempo 90\nKEY A minor\nFILTER kick: Q=2 type=LowPass\nSample kick: Rim")
    assert small == large


def test_a_sharp_is_no_comment() -> None:
    """# begins a comment at the start of a line or after a space, and // anywhere."""
    text = "#x\nchords: F#m7 | C#m #x\nseq kick: x...//x"
    assert read_pattern(text).chords == {0: "F#m7", 16: "C#m"}


def test_step_lines_say_what_letters_cannot() -> None:
    """A step line changes the step of its cell, or makes one; durations are notes or ticks."""
    loop = read_pattern(
        "seq lead: X...\nBARS 1\nstep lead 0: velocity=0.8 note=E4 duration=8n probability=0.5 "
        "offset=-10\nstep lead 2: note=440hz duration=100"
    )
    assert Step(102, 64, 480, 0.5, -10) == loop.steps["lead", 0]
    assert Step(100, 69, 100) == loop.steps["lead", 2]
    assert Step(127) == loop.steps["lead", 4]


@pytest.mark.parametrize("velocity", range(128))
def test_every_velocity_has_a_decimal(velocity: int) -> None:
    """All 128 velocities print as a short decimal and read back to themselves."""
    loop = Loop("l", "pattern", steps={("kick", 0): Step(velocity)})
    assert loop == read_pattern(print_pattern(loop), loop_id="l")


@pytest.mark.parametrize(
    ("written", "midi"), [("36", 36), ("C2", 36), ("f#3", 54), ("69.5", 69.5), ("880hz", 81)]
)
def test_pitches_are_numbers_names_or_frequencies(written: str, midi: float) -> None:
    """A row's note is a MIDI number, a name or a frequency."""
    assert midi == read_pattern(f"note bass: {written}").settings["bass.note.pitch"]


@pytest.mark.parametrize(
    ("line", "key", "value"),
    [
        ("filter lead: freq=1.2khz", "lead.filter.freq", 1200),
        ("env lead: decay=300ms", "lead.env.decay", 0.3),
        ("amp lead: level = 50%", "lead.amp.level", 0.5),
        ("amp lead: mute=yes", "lead.amp.mute", True),
        ("pan lead: -0.5", "lead.pan.pan", -0.5),
        ("pan lead: pan=-0.5", "lead.pan.pan", -0.5),
        ("delay lead: time=8N. mix=0.1", "lead.delay.time", "8n."),
        ("delay lead: time=0.25 mix=0.1", "lead.delay.time", 0.25),
        ("lfo lead.filterQ: rate=2", "lead.lfo-filterq.rate", 2),
        ("amp: level=0.5", "master.amp.level", 0.5),
        ("limiter master: ceiling=-3dBTP", "master.limiter.ceiling", -3),
        ("sample lead: Pluck", "lead.sample.sound", "synth-pluck"),
        ("osc lead: wave=square", "lead.osc.wave", "square"),
        ("groove lead: type=template template=dilla-feel", "lead.groove.template", "dilla-feel"),
        ("width lead: 0.5", "lead.width.width", 0.5),
        ("reverb lead: bypass=on mix=0.2", "lead.reverb.bypass", True),
        ("filter lead: freq=800 bypass=off", "lead.filter.freq", 800),
    ],
)
def test_settings_read(line: str, key: str, value: object) -> None:
    """Values read by name or by place, with their unit or without; no target means the master."""
    assert value == read_pattern(line).settings[key]


@pytest.mark.parametrize(
    ("line", "key", "value"),
    [
        ("reverb lead: size=0.8", "lead.reverb.mix", 0.3),
        ("delay lead: time=8n", "lead.delay.mix", 0.3),
        ("chorus lead: rate=2", "lead.chorus.mix", 0.3),
        ("phaser lead: stages=8", "lead.phaser.mix", 0.5),
        ("comp lead: threshold=-30", "lead.comp.ratio", 4),
        ("distort lead: type=fold", "lead.distort.amount", 0.3),
        ("band2 lead: freq=800 gain=3", "lead.band2.type", "peak"),
        ("lfo lead.pan: rate=2", "lead.lfo-pan.depth", 0.5),
    ],
)
def test_an_effect_is_meant_to_be_heard(line: str, key: str, value: object) -> None:
    """A line of an effect that does not say how much of it gets a usual amount."""
    assert value == read_pattern(line).settings[key]
    name = key.rpartition(".")[2]
    assert key not in read_pattern(f"{line} {name}=default").settings


def test_the_amount_may_stand_in_any_line() -> None:
    """Where another line gives the mix, that one holds; a bypass alone asks for none."""
    assert read_pattern("reverb lead: size=0.8\nreverb lead: mix=0.1").settings == {
        "lead.reverb.size": 0.8,
        "lead.reverb.mix": 0.1,
    }
    assert read_pattern("delay lead: bypass=on").settings == {"lead.delay.bypass": True}


def test_effects_have_an_order() -> None:
    """A chain is written with > and free spaces, and prints without."""
    loop = read_pattern("seq kick: x\nchain kick: Reverb > eq>comp")
    assert loop.settings == {"kick.chain.order": "reverb>eq>comp"}
    assert "chain kick: reverb>eq>comp\n" in print_pattern(loop)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("TEMPO fast", 'column 7: TEMPO is "fast", not a number 20 … 400.'),
        ("TEMPO 500", 'column 7: TEMPO is "500", outside 20 … 400. Write 400 or less.'),
        ("METER 5/5", 'column 7: "5/5" is not a meter'),
        ("KEY H", 'column 5: "H" is not a key'),
        ("BARS 3", 'column 6: BARS is "3"; a loop has 1, 2, 4 or 8 bars'),
        ("GRID 49", 'column 6: GRID is "49", not a whole number 1 … 48'),
        ("METER 3/4\nGRID 7", "line 2, column 1: 7 cells do not divide a bar of 3/4"),
        ("TEMPO 90\nTEMPO 91", "line 2, column 1: TEMPO was already given in line 1"),
        ("sq kick: x", 'column 1: "sq" is not a keyword. Did you mean "seq"?'),
        ("seq kick: x.q.", 'column 13: "q" is not a step'),
        ("seq kick:", "column 9: the row has no steps"),
        ("seq kick x...", "column 1: a seq line names one row and has a colon"),
        ("seq master: x", "column 5: the master has no steps of its own"),
        ("seq a.b: x", 'column 5: "a.b" cannot name a row'),
        ("seq kick: x\nseq kick: o", "line 2, column 5: seq kick was already given in line 1"),
        ("seq kik: x", 'column 5: no sound is called "kik", so its row is left out. Did you'),
        ("BARS 1\nseq kick: " + "x" * 17, "line 2, column 11: the row has 17 steps, more than"),
        ("BARS 1\nstep kick 16: note=C4", "line 2, column 11: cell 16 is past the end of the loop"),
        ("step lead 0: velocity=100", "outside 0 … 1. Write 0.79 for MIDI velocity 100."),
        ("step lead 0: loudness=1", 'column 14: "loudness=1" says nothing about a step'),
        ("step lead 0: note=H4", 'column 19: "H4" is not a pitch of MIDI 0 … 127'),
        ("step lead 0: duration=0", 'column 23: duration is "0", not a whole number 1'),
        ("step lead 400: note=C4", 'column 11: the cell is "400", not a whole number 0 … 383'),
        ("env kick: attack=30", 'column 18: env.attack is "30", outside 0 … 10 s. Write 10'),
        ("env kick: atack=3", 'column 11: env has no "atack". Did you mean "attack"?'),
        ("env kick: 0.1", 'column 11: "0.1" has no value. Write NAME=VALUE; env has attack'),
        ("env kick:", "column 1: the env line sets nothing"),
        ("env: attack=1", "column 6: env attack belongs to a row, not to the master"),
        ("limiter kick: ceiling=-3", "belongs to the master, not to a row"),
        ("filter kick: type=low", 'Did you mean "lowpass"?'),
        ("delay kick: time=3n", 'column 18: "3n" is not a note value'),
        ("amp kick: mute=maybe", 'column 16: amp.mute is "maybe", neither on nor off'),
        ("sample kick: snar", 'column 14: there is no sound "snar". Did you mean "snare"?'),
        ("lfo kick: rate=3", 'column 5: "kick" does not say what the lfo moves'),
        ("chords: C | H | G", "column 13: 'H' is neither a chord nor a roman numeral"),
        ("chain kick: eq>rever", 'column 16: there is no effect "rever". Did you mean "reverb"?'),
        ("chain kick: eq>comp>eq", "column 21: eq stands twice in the chain. Name each effect"),
        ("osc: wave=saw", "column 6: osc wave belongs to a row, not to the master"),
        ("band5 kick: gain=1", '"band5" is not a keyword. Did you mean "band'),
        ("chords C", "column 1: the chords line has no colon"),
        (": x", "column 1: nothing stands before the colon"),
    ],
)
def test_a_fault_names_place_value_range_and_cure(text: str, expected: str) -> None:
    """Each fault points at its word and says what is accepted and what to do."""
    assert expected in fault(text)


def test_a_row_may_get_its_sound_in_any_line() -> None:
    """A name that is no sound is fine when a sample line stands anywhere."""
    assert read_pattern("seq boom: x\nsample boom: kick").steps
    assert not reading("seq boom: x\nenv boom: decay=1").loop.settings


def test_all_faults_are_shown_at_once() -> None:
    """The strict reader shows every bad line with a caret under the place."""
    with pytest.raises(PatternError) as caught:
        read_pattern("seq kick: x..z\n\nTEMPO 1\n")
    shown = str(caught.value).splitlines()
    assert [len(caught.value.problems), str(caught.value).count("^")] == [2, 2]
    assert shown[2].index("^") == shown[1].index("z")
    assert "   3  TEMPO 1" in shown


def test_a_bad_line_never_stops_the_others() -> None:
    """What can be read is read: the good row plays, the good settings hold."""
    loop = reading("TEMPO 90\nseq kick: x...\nseq hat: x.?.\namp kick: level=2").loop
    assert (90, {"kick"}, {}) == (loop.tempo, {row for row, _ in loop.steps}, loop.settings)


def test_rows_past_the_limit_are_refused() -> None:
    """A loop has at most 32 rows; the others are named and left out."""
    lines = [f"seq r{n}: x\nsample r{n}: kick" for n in range(34)]
    found = reading("\n".join(lines))
    assert len({row for row, _ in found.loop.steps}) == 32
    assert [f"line {problem.line}, column {problem.column}" for problem in found.errors] == [
        "line 65, column 5",
        "line 67, column 5",
    ]


def test_steps_past_the_limit_are_refused() -> None:
    """A loop has at most 8192 steps; a row that goes past is left out."""
    rows = [f"seq r{n}: x\nsample r{n}: kick" for n in range(32)]
    found = reading("\n".join(["BARS 8", "GRID 48", *rows]))
    assert len(found.loop.steps) <= 8192
    assert "more than 8192" in found.errors[0].message


def test_a_text_of_faults_is_given_up() -> None:
    """After a hundred bad lines the rest is not read, and that is said."""
    found = reading("nonsense\n" * 5000 + "TEMPO 90")
    assert len(found.errors) == 101
    assert "line 101, column 1: 100 lines do not read" in str(found.errors[-1])
    assert found.loop.tempo is None


def test_the_longest_loop_reads_back() -> None:
    """A loop with all the rows and steps that a loop may have fits into the longest text."""
    rows = [f"row-{n:02}-with-the-longest-name-of" for n in range(32)]
    steps = {
        (row, cell): Step(33, 69.123456789, 12345, 0.123456789, -1234)
        for row in rows
        for cell in range(256)
    }
    settings = {f"{row}.sample.sound": "drum-kick" for row in rows}
    loop = Loop("l", "pattern", bars=8, steps_per_bar=32, steps=steps, settings=settings)
    text = print_pattern(loop)
    assert len(text) < MOST_CHARACTERS
    assert loop == read_pattern(text, loop_id="l")


def test_a_text_past_all_size_is_refused_at_once() -> None:
    """A text longer than any loop is not read."""
    assert "more than" in fault("x" * (MOST_CHARACTERS + 1))


def test_the_length_of_a_silent_loop_is_printed() -> None:
    """BARS and GRID are printed only where the text would not tell them."""
    assert print_pattern(Loop("l", "n", bars=2)) == "BARS 2\n"
    assert print_pattern(Loop("l", "n", bars=4)) == ""
    assert print_pattern(Loop("l", "n", bars=1, steps_per_bar=12)) == "GRID 12\nBARS 1\n"
    assert print_pattern(Loop("l", "n", meter="3/4", steps_per_bar=12)) == "METER 3/4\n"


def test_what_letters_cannot_say_prints_under_the_grid() -> None:
    """A step with a pitch or another velocity has its nearest letter and a line of its own."""
    loop = Loop(
        "l", "n", bars=1, steps={("lead", 0): Step(102, 64), ("lead", 5): Step(0, duration=481)}
    )
    assert print_pattern(loop) == (
        "seq lead: x....o..........\n\n"
        "step lead 0: velocity=0.8 note=E4\nstep lead 5: velocity=0 duration=481\n"
    )
