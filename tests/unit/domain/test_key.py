import pytest

from cellissimo.domain.errors import KeyNameError
from cellissimo.domain.key import MODES, Key, parse_key
from cellissimo.notation.chord_symbols import parse_chord


@pytest.mark.parametrize(
    ("text", "canonical", "notes"),
    [
        ("C major", "C major", "C D E F G A B"),
        ("a minor", "A minor", "A B C D E F G"),
        ("F#m", "F# minor", "F# G# A B C# D E"),
        ("Bb", "Bb major", "Bb C D Eb F G A"),
        ("D Dorian", "D dorian", "D E F G A B C"),
        ("e♭ major", "Eb major", "Eb F G Ab Bb C D"),
        ("E harmonic minor", "E harmonic minor", "E F# G A B C D#"),
        ("Gb major", "Gb major", "Gb Ab Bb Cb Db Eb F"),
        ("CM", "C major", "C D E F G A B"),
        ("G ionian", "G major", "G A B C D E F#"),
    ],
)
def test_a_key_spells_its_scale(text, canonical, notes):
    """A key read from text prints canonically and names each letter once."""
    key = parse_key(text)
    assert canonical == str(key)
    assert notes.split() == list(key.note_names)


@pytest.mark.parametrize("text", ["", "H major", "C weird", "majorC"])
def test_no_key_is_refused_with_the_keys_there_are(text):
    """A text that is no key is refused; the message lists the modes."""
    with pytest.raises(KeyNameError, match="dorian"):
        parse_key(text)


@pytest.mark.parametrize(
    ("symbol", "key", "function"),
    [
        ("C", "C major", "tonic"),
        ("Am", "C major", "tonic"),
        ("Em7", "C major", "tonic"),
        ("F", "C major", "predominant"),
        ("Dm7", "C major", "predominant"),
        ("G7", "C major", "dominant"),
        ("Bdim", "C major", "dominant"),
        ("G7b9", "C major", "dominant"),
        ("Bb", "C major", "other"),
        ("D7", "C major", "other"),
        ("N.C.", "C major", "other"),
        ("Am", "A minor", "tonic"),
        ("E7", "A minor", "dominant"),
        ("G#dim7", "A minor", "dominant"),
        ("F", "A minor", "predominant"),
        ("C", "A minor", "tonic"),
    ],
)
def test_chords_have_a_function_in_a_key(symbol, key, function):
    """Degrees give the function; borrowed and secondary chords are "other"."""
    assert function == parse_key(key).function_of(parse_chord(symbol))


def test_transposing_a_key_moves_its_scale():
    """Twelve steps up the scale is where it was; each step moves every note."""
    for mode in MODES:
        key = Key("Eb", mode)
        for step in range(13):
            assert {(note + step) % 12 for note in key.scale} == set(key.transpose(step).scale)
