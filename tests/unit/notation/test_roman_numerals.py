import pytest

from cellissimo.domain.errors import ChordError
from cellissimo.domain.key import MODES, Key
from cellissimo.notation.chord_symbols import parse_chord
from cellissimo.notation.palette import VariationError, palette_for, triad_on, vary
from cellissimo.notation.roman_numerals import (
    canonical_symbol,
    letter_of,
    parse_chord_or_roman,
    parse_roman,
    roman_of,
)


@pytest.mark.parametrize(
    ("roman", "key", "symbol"),
    [
        ("I", "C major", "C"),
        ("vi", "G major", "Em"),
        ("V7", "F major", "C7"),
        ("viio", "C major", "Bdim"),
        ("vii°7", "A minor", "G#dim7"),
        ("iiø7", "A minor", "Bm7b5"),
        ("bVII", "C major", "Bb"),
        ("bVII", "A minor", "G"),
        ("VII", "A minor", "G"),
        ("VI", "A minor", "F"),
        ("#VI", "A minor", "F#"),
        ("#iv°", "C major", "F#dim"),
        ("IVmaj7", "Eb major", "Abmaj7"),
        ("I7", "C major", "C7"),
        ("imaj7", "C minor", "CmMaj7"),
        ("III+", "C major", "Eaug"),
        ("Vsus4", "D major", "Asus4"),
        ("Iadd6", "C major", "C6"),
        ("I6", "C major", "C/E"),
        ("I64", "C major", "C/G"),
        ("V65", "C major", "G7/B"),
        ("V43", "C major", "G7/D"),
        ("V42", "C major", "G7/F"),
        ("V2", "C major", "G7/F"),
        ("V/V", "C major", "D"),
        ("V7/ii", "C major", "A7"),
        ("vii°7/V", "C major", "F#dim7"),
        ("V65/V", "C major", "D7/F#"),
        ("IV/^5", "C major", "F/G"),
        ("I/^b7", "C major", "C/Bb"),
        ("IIm7", "C major", "Dm7"),
        ("bVI", "Gb major", "D"),
        ("V7(iiø7)", "C major", "G7(Dm7b5)"),
        ("(IV)", "C major", "(F)"),
        ("♭VII", "C major", "Bb"),
    ],
)
def test_numerals_name_chords_in_a_key(roman, key, symbol):
    """Case, accidentals, qualities, figures, borrowed keys and basses mean what they should."""
    assert symbol == parse_roman(roman, key).symbol


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("VIII", "numeral"),
        ("Iv", "numeral"),
        ("Vq", "numeral"),
        ("I/3", "degree of the key"),
        ("I/G", "degree of the key"),
        ("iii+", r"III\+"),
        ("V65/^3", "Keep"),
        ("viiø6", "degree"),
        ("ø7", "numeral"),
    ],
)
def test_what_is_no_numeral_is_refused_with_a_cure(text, cure):
    """A numeral that is not understood, or has two readings, is an error that says what to do."""
    with pytest.raises(ChordError, match=cure):
        parse_roman(text, "C major")


def test_a_cell_holds_letters_or_numerals():
    """No text is both; what is neither is refused, and both forms keep their kind."""
    assert parse_chord_or_roman("bVII", "C major") == parse_chord_or_roman("Bb", "A minor")
    assert [canonical_symbol(t) for t in ("viiø", "Bø", "NC")] == ["viiø7", "Bm7b5", "N.C."]
    assert letter_of("vi7", "C major") == "Am7"
    for text in ("x", "am", "", "?"):
        with pytest.raises(ChordError):
            parse_chord_or_roman(text, "C major")


def test_music21_agrees_where_it_is_right():
    """Numerals on which both conventions agree give the same pitch classes and bass."""
    roman = pytest.importorskip("music21.roman")
    keys = pytest.importorskip("music21.key")
    figures = [
        "I",
        "ii",
        "iii",
        "IV",
        "V",
        "vi",
        "viio",
        "I6",
        "I64",
        "V7",
        "V65",
        "V43",
        "V42",
        "ii7",
        "ii65",
        "bVII",
        "bVI",
        "V/V",
        "V7/ii",
        "viio7/V",
        "vi7",
        "iii7",
        "IV6",
    ]
    for tonic, ours in (("C", "C major"), ("E-", "Eb major"), ("F#", "F# major")):
        for figure in figures:
            theirs = roman.RomanNumeral(figure, keys.Key(tonic))
            chord = parse_roman(figure, ours)
            assert {pitch.pitchClass for pitch in theirs.pitches} == set(chord.pitch_classes), (
                figure
            )
            assert theirs.bass().pitchClass == chord.bass_pc, figure
    for figure in ("i", "iio", "III", "iv", "V", "VI", "VII", "viio", "V7", "i6", "iv64"):
        theirs = roman.RomanNumeral(figure, keys.Key("a"))
        chord = parse_roman(figure, "A minor")
        assert {pitch.pitchClass for pitch in theirs.pitches} == set(chord.pitch_classes), figure


def test_the_triads_of_every_key_are_its_own():
    """Every degree of every mode has a triad whose numeral reads back to it."""
    for mode in MODES:
        key = Key("Eb", mode)
        for degree in range(1, 8):
            chord = triad_on(degree, key)
            assert key.has(chord)
            again = parse_roman(roman_of(chord, key), key)
            assert (chord.root_pc, chord.intervals) == (again.root_pc, again.intervals)


def test_the_palette_speaks_the_mode_of_the_key():
    """Major keys have the ten tiles; minor keys have their own chords and the variations."""
    assert "I ii iii IV V vi bVII sus dim +7".split() == [t.text for t in palette_for("G major")]
    assert "i ii° III iv v VI VII sus dim +7".split() == [t.text for t in palette_for("A minor")]


@pytest.mark.parametrize(
    ("text", "variation", "result"),
    [
        ("V", "+7", "V7"),
        ("I", "+7", "Imaj7"),
        ("vii°", "+7", "viiø7"),
        ("I", "sus", "Isus4"),
        ("V7", "sus", "V7sus4"),
        ("ii", "dim", "ii°"),
        ("vi7", "dim", "vi°7"),
        ("Am", "+7", "Am7"),
        ("V/V", "+7", "V7/V"),
        ("C/E", "+7", "Cmaj7/E"),
        ("I6", "dim", "i°6"),
    ],
)
def test_variations_change_the_chord_they_land_on(text, variation, result):
    """The seventh is the key's own; numerals stay numerals, inversions stay inversions."""
    assert result == vary(text, variation, "C major")


def test_nothing_cannot_be_varied():
    """N.C. and unknown variations are refused with a cure."""
    with pytest.raises(VariationError, match="Put a chord"):
        vary("N.C.", "sus", "C major")
    with pytest.raises(VariationError, match="Choose"):
        vary("C", "loud", "C major")


def test_flats_are_read_where_they_are_written():
    """A chord that is not of the key has the numeral that musicians write."""
    texts = {"Bb": "bVII", "Ab": "bVI", "F#dim": "#iv°", "D7": "II7", "Fm": "iv", "Db": "bII"}
    for symbol, roman in texts.items():
        assert roman == roman_of(parse_chord(symbol), "C major")
