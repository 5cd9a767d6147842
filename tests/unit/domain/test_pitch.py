import pytest

from cellissimo.domain.errors import PitchError
from cellissimo.domain.pitch import (
    hertz_of,
    midi_and_cents,
    parse_pitch,
    pitch_class,
    pitch_name,
)


@pytest.mark.parametrize(
    ("text", "midi"),
    [
        ("C4", 60),
        ("c4", 60),
        ("A4", 69),
        ("440hz", 69),
        ("440 Hz", 69),
        ("60", 60),
        ("C-1", 0),
        ("G9", 127),
        ("Bb2", 46),
        ("F#3", 54),
        ("Cb4", 59),
        ("B#3", 60),
        ("Ebb4", 62),
        ("Fx4", 67),
    ],
)
def test_names_numbers_and_frequencies_are_pitches(text, midi):
    """C4 is MIDI 60; accidentals count from the letter; 440 hertz is A4."""
    assert midi == parse_pitch(text)


@pytest.mark.parametrize("text", ["H4", "C", "128", "C10", "-1", "", "1hz", "99999hz", "C#b4"])
def test_no_pitch_is_refused_with_a_cure(text):
    """What is no pitch from 0 to 127 is refused, and the message shows how to write one."""
    with pytest.raises(PitchError, match="Write a MIDI number"):
        parse_pitch(text)


def test_a_frequency_keeps_its_cents():
    """A frequency between two notes gives the nearest one and the deviation from it."""
    midi, cents = midi_and_cents("450hz")
    assert midi == 69
    assert cents == pytest.approx(38.9, abs=0.05)


def test_every_midi_number_has_a_name_that_reads_back():
    """Number to name to number is the identity, with sharps and with flats."""
    for midi in range(128):
        assert midi == parse_pitch(pitch_name(midi)) == parse_pitch(pitch_name(midi, flats=True))
        assert midi == parse_pitch(f"{hertz_of(midi):.6f}hz")


def test_a_letter_alone_is_a_pitch_class():
    """Twelve names, twelve classes; anything else is refused."""
    assert list(range(12)) == [pitch_class(n) for n in "C C# D Eb E F Gb G Ab A A# Cb".split()]
    with pytest.raises(PitchError, match="not a note name"):
        pitch_class("")
