from hypothesis import given
from hypothesis import strategies as st

from cellissimo.domain.errors import CellissimoError
from cellissimo.domain.key import MODES, Key
from cellissimo.domain.pitch import PLAIN_NAMES, simple_name
from cellissimo.notation.chord_symbols import parse_chord
from cellissimo.notation.chord_tables import modifier_spellings, stem_spellings
from cellissimo.notation.progression import parse_progression, print_progression
from cellissimo.notation.roman_numerals import (
    parse_chord_or_roman,
    parse_roman,
    read_roman,
    roman_of,
)

NOTES = [letter + sign for letter in "CDEFGAB" for sign in ("", "b", "#", "bb", "##")]
WORDS = [*stem_spellings(), *modifier_spellings()]
SYMBOLS = [
    "C",
    "Am7",
    "F#m7b5",
    "Bb13#11",
    "D/F#",
    "N.C.",
    "(G7)",
    "A7(Em7b5)",
    "I",
    "vi",
    "bVII",
    "V7/V",
    "vii°7",
    "I64",
    "IV/^5",
]


@st.composite
def chords(draw):
    """Any chord that a stem, up to two modifiers and a bass can make."""
    root = draw(st.sampled_from(NOTES))
    words = draw(st.lists(st.sampled_from(WORDS), max_size=2))
    stem = draw(st.sampled_from(list(stem_spellings())))
    quality = f"({stem})" if stem[:1].isdigit() or stem.startswith("+") else stem
    bass = draw(st.sampled_from(["", *(f"/{note}" for note in NOTES)]))
    for text in (f"{root}{stem}{''.join(words)}{bass}", f"{root}{quality}{bass}"):
        try:
            return parse_chord(text)
        except CellissimoError:
            continue
    return parse_chord(root)


keys = st.builds(Key, st.sampled_from([*PLAIN_NAMES, "Gb", "C#", "Cb"]), st.sampled_from([*MODES]))


def sound(chord):
    return chord.root_pc, chord.bass_pc, chord.intervals, chord.quality


@given(chords())
def test_a_symbol_reads_back_to_the_chord_it_was_printed_from(chord):
    """Printing and reading are inverses."""
    assert chord == parse_chord(chord.symbol)


@given(st.text(alphabet="ABCDEFGabcdgijmostuvIVM#♭Δ°ø+-/()^,.0123456789 |%", max_size=12))
def test_any_text_reads_or_is_refused(text):
    """Whatever is typed is a chord that prints back to itself, or an error of ours."""
    try:
        chord = parse_chord_or_roman(text, "C major")
    except CellissimoError:
        return
    assert chord == parse_chord(chord.symbol)


@given(st.text(alphabet="iIvVb#°ø+67642maj/^()", max_size=10))
def test_numerals_print_and_read_back(text):
    """The canonical text of a numeral reads back to the same meaning."""
    try:
        roman = read_roman(text)
    except CellissimoError:
        return
    assert roman == read_roman(roman.text)


@given(chords(), st.integers(-24, 24), st.integers(-24, 24))
def test_transposing_adds_up(chord, first, second):
    """Two transpositions sound as their sum; back again sounds as before; zero changes nothing."""
    twice = chord.transpose(first).transpose(second)
    assert sound(twice) == sound(chord.transpose(first + second))
    assert chord.transpose(0) is chord
    assert sound(chord.transpose(first).transpose(-first)) == sound(chord)


@given(chords(), keys)
def test_every_chord_has_a_numeral_in_every_key(chord, key):
    """A chord written as a numeral reads back to the same root, bass and tones."""
    assert sound(chord) == sound(parse_roman(roman_of(chord, key), key))


@given(chords(), keys, st.integers(0, 11))
def test_numerals_do_not_depend_on_the_key_they_came_from(chord, key, step):
    """Chord and key moved together have the same numeral."""
    moved = key.transpose(step)
    assert roman_of(chord, key) == roman_of(chord.transpose(step), moved)


@st.composite
def placed_chords(draw):
    """Chords on cells of a grid."""
    bars, steps = draw(st.sampled_from([1, 2, 4, 8])), draw(st.sampled_from([4, 6, 8, 12, 16, 24]))
    cells = draw(st.sets(st.integers(0, bars * steps - 1), max_size=12))
    names = st.sampled_from(SYMBOLS)
    return tuple((cell, draw(names)) for cell in sorted(cells)), bars, steps


@given(placed_chords())
def test_a_progression_reads_back_to_its_cells(case):
    """Printing chords on any cells of any grid and reading them are inverses."""
    placed, bars, steps = case
    text = print_progression(placed, bars, steps)
    assert placed == parse_progression(text, bars, steps)
    assert text == print_progression(parse_progression(text, bars, steps), bars, steps)


@given(st.integers(0, 11))
def test_a_name_keeps_its_kind_of_accidental(pitch_class):
    """Respelling a name like itself changes nothing."""
    for like in ("C", "Eb", "F#"):
        name = simple_name(pitch_class, like)
        assert name == simple_name(pitch_class, name) or len(name) == 1
