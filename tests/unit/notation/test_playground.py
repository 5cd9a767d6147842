"""The playground's JSON: its own example, what is refused and in which words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cellissimo.engine.image import score_image
from cellissimo.engine.render import events
from cellissimo.notation.playground import (
    PlaygroundError,
    chord_parts,
    loop_of_playground,
    playground_of_loop,
    playground_of_song,
    song_of_playground,
)
from cellissimo.notation.playground_steps import hundredths_of, velocity_of
from cellissimo.schema.models import Loop, Song, Step

EXAMPLE: dict[str, Any] = {
    "id": "local-1",
    "name": "My Loop",
    "length": 4,
    "chordProgression": [
        {"bar": 0, "chord": "C", "roman": "I", "root": "C", "quality": "major"},
        {"bar": 4, "chord": "G", "roman": "V", "root": "G", "quality": "major"},
        {"bar": 8, "chord": "Am", "roman": "vi", "root": "A", "quality": "minor"},
        {"bar": 12, "chord": "F", "roman": "IV", "root": "F", "quality": "major"},
    ],
    "iconSequence": [
        {"step": 0, "soundId": "synth-lead", "velocity": 0.8},
        {"step": 0, "soundId": "drum-kick", "velocity": 1.0},
        {"step": 4, "soundId": "synth-lead", "velocity": 0.75, "note": 67},
        {"step": 8, "soundId": "synth-lead", "velocity": 0.7},
        {"step": 12, "soundId": "drum-snare", "velocity": 0.05},
    ],
    "color": "#ff6b6b",
}

SONG_EXAMPLE: dict[str, Any] = {
    "id": "local-9",
    "name": "My Song",
    "bpm": 96,
    "timeSignature": "3/4",
    "timeline": [
        {"id": "b1", "loopId": "local-1", "startBar": 0, "duration": 4},
        {"id": "b2", "loopId": "local-1", "startBar": 2, "duration": 2},
        {"id": "b3", "loopId": "local-1", "startBar": 8, "duration": 1},
    ],
    "totalBars": 9,
}


def changed(**fields: object) -> dict[str, Any]:
    """The example with other fields."""
    return {**EXAMPLE, **fields}


def refusal(json: object, before: Loop | None = None) -> PlaygroundError:
    """What is said of JSON that is no loop."""
    with pytest.raises(PlaygroundError) as refused:
        loop_of_playground(json, "a", before)
    return refused.value


def test_the_playgrounds_example_reads_back_equal():
    """Four chords on cells 0, 4, 8 and 12 and five steps: each field as it was sent."""
    loop = loop_of_playground(EXAMPLE, "local-1")
    assert (loop.bars, loop.steps_per_bar, loop.key) == (4, 4, "C major")
    told = playground_of_loop(loop)
    assert {name: told[name] for name in EXAMPLE} == EXAMPLE
    assert isinstance(told["iconSequence"][2]["note"], int)


def test_the_playgrounds_example_plays_its_chords():
    """A melodic step follows the chord of its cell: C4, then its own G4, then A4."""
    loop = loop_of_playground(EXAMPLE, "local-1")
    found = events(score_image(loop, Song("s", "s")))
    lead = found["strip"] == "synth-lead"
    assert found["pitch"][lead].tolist() == [60, 67, 69]
    assert found["tick"][lead].tolist() == [0, 3840, 7680]


@pytest.mark.parametrize("hundredth", range(101))
def test_each_velocity_comes_back(hundredth):
    """[DOC-24] 0.00, 0.01 … 1.00 are 101 velocities of MIDI's 128, each its own."""
    written = hundredth / 100
    assert hundredths_of(velocity_of(written)) == written
    assert 0 <= velocity_of(written) <= 127


def test_notes_are_numbers_or_names():
    """A number stays as it is, fractional too; a name is its number."""
    steps = [
        {"step": cell, "soundId": "synth-lead", "velocity": 1, "note": note}
        for cell, note in enumerate((60, 60.5, "C4", "F#2"))
    ]
    loop = loop_of_playground(changed(iconSequence=steps), "a")
    told = playground_of_loop(loop)["iconSequence"]
    assert [step["note"] for step in told] == [60, 60.5, 60, 42]


def test_a_sound_by_another_of_its_names_is_the_sound():
    """The library's aliases are known; the answer says the id."""
    steps = [{"step": 0, "soundId": "kick", "velocity": 1}]
    loop = loop_of_playground(changed(iconSequence=steps), "a")
    assert playground_of_loop(loop)["iconSequence"][0]["soundId"] == "drum-kick"


def test_notes_of_a_chord_stand_on_rows_of_their_own():
    """Three steps of one sound on one cell all sound, and read back in their order."""
    steps = [
        {"step": 0, "soundId": "synth-pad", "velocity": 0.5, "note": note} for note in (60, 64, 67)
    ]
    loop = loop_of_playground(changed(iconSequence=steps), "a")
    assert [row for row, _ in loop.steps] == ["synth-pad", "synth-pad-2", "synth-pad-3"]
    assert playground_of_loop(loop)["iconSequence"] == steps
    found = events(score_image(loop, Song("s", "s")))
    assert sorted(found["pitch"].tolist()) == [60, 64, 67]


def test_the_key_is_the_one_of_the_numerals():
    """No key is sent; G as I and D as V are in G major."""
    chords = [{"bar": 0, "chord": "G", "roman": "I"}, {"bar": 4, "chord": "D", "roman": "V"}]
    loop = loop_of_playground(changed(chordProgression=chords), "a")
    assert loop.key == "G major"
    assert playground_of_loop(loop)["chordProgression"][1] == {
        "bar": 4, "chord": "D", "roman": "V", "root": "D", "quality": "major",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("symbol", "key", "parts"),
    [
        ("vi", "C major", ("Am", "vi", "A", "minor")),
        ("G7", "C major", ("G7", "V7", "G", "dominant7")),
        ("D/F#", "G major", ("D/F#", "V6", "D", "major")),
        ("Bm7b5", "C major", ("Bm7b5", "viiø7", "B", "half-diminished7")),
        ("Csus4", "C major", ("Csus4", "Isus4", "C", "sus4")),
        ("N.C.", "C major", ("N.C.", "N.C.", "", "none")),
    ],
)
def test_the_parts_of_a_chord(symbol, key, parts):
    """Chord, numeral, root and quality."""
    assert parts == chord_parts(symbol, key)


def test_a_chord_may_be_sent_by_any_of_its_parts():
    """The symbol, the numeral, or root and quality."""
    chords = [
        {"bar": 0, "roman": "ii"},
        {"bar": 4, "root": "F#", "quality": "half-diminished7"},
        {"bar": 8, "chord": "Emin", "quality": "min"},
        {"bar": 12, "root": "B"},
    ]
    loop = loop_of_playground(changed(chordProgression=chords, key="C major"), "a")
    assert loop.chords == {0: "Dm", 4: "F#m7b5", 8: "Em", 12: "B"}


@pytest.mark.parametrize(
    ("field", "value", "path"),
    [
        ("name", "", "name"),
        ("name", "x" * 101, "name"),
        ("name", None, "name"),
        ("length", 3, "length"),
        ("length", None, "length"),
        ("length", "4", "length"),
        ("color", "red", "color"),
        ("stepsPerBar", 0, "stepsPerBar"),
        ("stepsPerBar", 7, "stepsPerBar"),
        ("tempo", 1000, "tempo"),
        ("timeSignature", "4", "timeSignature"),
        ("key", "H major", "key"),
        ("iconSequence", {}, "iconSequence"),
        ("iconSequence", [7], "iconSequence[0]"),
        ("iconSequence", [{"step": 16, "soundId": "kick"}], "iconSequence[0].step"),
        ("iconSequence", [{"step": 1.5, "soundId": "kick"}], "iconSequence[0].step"),
        ("iconSequence", [{"step": True, "soundId": "kick"}], "iconSequence[0].step"),
        ("iconSequence", [{"soundId": "kick"}], "iconSequence[0].step"),
        ("iconSequence", [{"step": 0}], "iconSequence[0].soundId"),
        ("iconSequence", [{"step": 0, "soundId": []}], "iconSequence[0].soundId"),
        (
            "iconSequence",
            [{"step": 0, "soundId": "kick", "velocity": 1.01}],
            "iconSequence[0].velocity",
        ),
        (
            "iconSequence",
            [{"step": 0, "soundId": "kick", "velocity": float("nan")}],
            "iconSequence[0].velocity",
        ),
        ("iconSequence", [{"step": 0, "soundId": "kick", "note": "H4"}], "iconSequence[0].note"),
        ("iconSequence", [{"step": 0, "soundId": "kick", "note": 128}], "iconSequence[0].note"),
        ("iconSequence", [{"step": 0, "soundId": "kick", "row": "a b"}], "iconSequence[0].row"),
        ("iconSequence", [{"step": 0, "soundId": "kick", "row": []}], "iconSequence[0].row"),
        ("iconSequence", [{"step": 0, "soundId": "kick", "duration": 0}], "iconSequence[0]"),
        ("iconSequence", [{"step": 0, "soundId": "kick"}] * 33, "iconSequence"),
        ("chordProgression", [{"bar": 0}], "chordProgression[0].chord"),
        ("chordProgression", [{"bar": 16, "chord": "C"}], "chordProgression[0].bar"),
        ("chordProgression", [{"bar": 0, "chord": "H"}], "chordProgression[0].chord"),
        ("chordProgression", [{"bar": 0, "chord": "C" * 65}], "chordProgression[0].chord"),
        ("chordProgression", [{"bar": 0, "root": "H"}], "chordProgression[0].root"),
        ("chordProgression", [{"bar": 0, "chord": "C", "root": "D"}], "chordProgression[0].root"),
        (
            "chordProgression",
            [{"bar": 0, "chord": "C", "quality": "minor"}],
            "chordProgression[0].quality",
        ),
        ("chordProgression", [{"bar": 0, "roman": "VIII"}], "chordProgression[0].roman"),
        ("chordProgression", [{"bar": 0, "chord": "C"}] * 2, "chordProgression[1].bar"),
    ],
)
def test_what_does_not_fit_is_refused_by_its_field(field, value, path):
    """The path, the value, what is accepted and the cure; and no other error than this one."""
    error = refusal(changed(**{field: value}))
    assert error.field == path
    assert error.accepted
    assert error.cure
    assert path in str(error)


def test_numerals_that_disagree_are_told_the_right_one():
    """Am is vi, not ii."""
    chords = [{"bar": 0, "chord": "C", "roman": "I"}, {"bar": 4, "chord": "Am", "roman": "ii"}]
    error = refusal(changed(chordProgression=chords, key="C major"))
    assert (error.field, error.accepted) == ("chordProgression[1].roman", "'vi'")


def test_an_unknown_sound_is_told_the_nearest():
    """The cure names what is likely meant."""
    error = refusal(changed(iconSequence=[{"step": 0, "soundId": "drum-kik", "velocity": 1}]))
    assert "drum-kick" in error.cure


def test_what_is_no_object_is_refused():
    """A list, a text, nothing."""
    assert [refusal(json).field for json in ([], "x", None)] == ["the loop"] * 3


def test_a_huge_value_is_told_in_one_line():
    """An error never repeats a megabyte."""
    assert len(str(refusal(changed(name="x" * 10**6)))) < 400
    assert len(str(refusal(changed(length=10**5000)))) < 400


def test_a_change_keeps_what_is_not_sent():
    """Settings, pattern of other fields, and the exact velocity behind a rounded one."""
    before = Loop(
        "a",
        "Verse",
        steps_per_bar=4,
        chords={0: "vi"},
        steps={("kick", 0): Step(101, probability=0.5), ("kick", 4): Step(3)},
        settings={"kick.amp.level": 0.5},
    )
    sent = playground_of_loop(before)
    sent["iconSequence"][1]["velocity"] = 0.9
    after = loop_of_playground(sent | {"name": "Chorus"}, "a", before)
    steps = {("kick", 0): Step(101, probability=0.5), ("kick", 4): Step(velocity_of(0.9))}
    assert after == replace(before, name="Chorus", steps=steps)


def test_a_new_grid_needs_new_cells():
    """What stood on cells of one grid is not guessed onto another."""
    before = loop_of_playground(EXAMPLE, "a")
    error = refusal({"stepsPerBar": 8}, before)
    assert error.field == "stepsPerBar"
    assert "chordProgression" in error.cure


def test_a_shorter_loop_drops_what_lies_behind_its_end():
    """Four bars become one."""
    before = loop_of_playground(EXAMPLE, "a")
    after = loop_of_playground({"length": 1}, "a", before)
    assert (list(after.chords), {cell for _, cell in after.steps}) == ([0], {0})


def test_a_song_reads_back_equal():
    """Blocks in bars from 0, also such as sound at once; tempo, meter and length."""
    loop = loop_of_playground(EXAMPLE, "local-1")
    song = song_of_playground(SONG_EXAMPLE, "local-9", {"local-1": loop})
    assert [block.lane for block in song.blocks.values()] == [0, 1, 0]
    assert song.blocks["b2"].start == 2 * 3 * 960
    assert song.loops["local-1"].source == "local-1"
    told = playground_of_song(song)
    assert {name: told[name] for name in SONG_EXAMPLE} == SONG_EXAMPLE


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"name": None}, "name"),
        ({"bpm": 0}, "bpm"),
        ({"timeSignature": "x"}, "timeSignature"),
        ({"timeline": {}}, "timeline"),
        ({"totalBars": 8}, "totalBars"),
        ({"timeline": [{"id": "b", "loopId": "no", "startBar": 0, "duration": 1}]},
         "timeline[0].loopId"),
        ({"timeline": [{"id": "b", "loopId": "local-1", "startBar": -1, "duration": 1}]},
         "timeline[0].startBar"),
        ({"timeline": [{"id": "b", "loopId": "local-1", "startBar": 0, "duration": 0}]},
         "timeline[0].duration"),
        ({"timeline": [{"id": "b", "loopId": "local-1", "startBar": 99_999, "duration": 99_999}]},
         "timeline[0].duration"),
        ({"timeline": [{"loopId": "local-1", "startBar": 0, "duration": 1}]}, "timeline[0].id"),
        ({"timeline": [{"id": "b", "loopId": "local-1", "startBar": 0, "duration": 1}] * 2},
         "timeline[1].id"),
        ({"timeline": [{"id": f"b{i}", "loopId": "local-1", "startBar": 0, "duration": 1}
                       for i in range(17)]}, "timeline[16].startBar"),
    ],
)  # fmt: skip
def test_a_song_that_does_not_fit_is_refused_by_its_field(fields, path):
    """As loops are."""
    loop = loop_of_playground(EXAMPLE, "local-1")
    with pytest.raises(PlaygroundError) as refused:
        song_of_playground({**SONG_EXAMPLE, **fields}, "s", {"local-1": loop})
    assert refused.value.field == path


def test_a_change_of_a_song_keeps_the_rest():
    """Another tempo, and nothing else."""
    loop = loop_of_playground(EXAMPLE, "local-1")
    before = song_of_playground(SONG_EXAMPLE, "s", {"local-1": loop})
    after = song_of_playground({"bpm": 100}, "s", {}, before)
    assert after == replace(before, tempos=after.tempos)
    assert after.tempo == 100
