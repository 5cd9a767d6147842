import importlib.util
import json
import time
import timeit

import pytest

from cellissimo.domain.errors import ChordError
from cellissimo.notation.chord_symbols import parse_chord, parse_quality
from cellissimo.notation.chord_tables import tables


def test_hand_checked_chords_are_exactly_right(require_data):
    """Root, bass and tones of every hand-checked symbol are what the checker wrote."""
    rows = json.loads(require_data("chords", "hand_checked.json").read_text())
    assert len(rows) > 30
    for row in rows:
        chord = parse_chord(row["symbol"])
        assert (row["root"], row["bass"]) == (chord.root or "NC", chord.bass or "NC")
        if row["intervals"] == "ALT":  # the altered dominant: 1 3 b7 #9 b13
            assert chord.intervals == (0, 4, 10, 15, 20)
            continue
        wanted = {int(step) for step in row["intervals"].split()}
        assert wanted == {step % 12 for step in chord.intervals}, row["symbol"]


def test_real_lead_sheets_read(require_data):
    """At least 99.9 % of the chords of real lead sheets read, and print to the same chord."""
    tokens = json.loads(require_data("chords", "tokens.json").read_text())
    refused = {}
    for text, count in tokens.items():
        try:
            chord = parse_chord(text)
        except ChordError:
            refused[text] = count
        else:
            assert chord == parse_chord(chord.symbol)
    assert sum(refused.values()) <= 0.001 * sum(tokens.values()), refused


@pytest.mark.parametrize(
    ("texts", "symbol", "intervals"),
    [
        ("C CM Cmaj", "C", "0 4 7"),
        ("Cm C- Cmin Cmi", "Cm", "0 3 7"),
        ("Cmaj7 CM7 CΔ7 CΔ C△7 C^7 Cj7 C7M Cma7", "Cmaj7", "0 4 7 11"),
        ("C° Cº Co C0 Cdim Cm(b5)", "Cdim", "0 3 6"),
        ("C°7 Co7 C07 Cdim7", "Cdim7", "0 3 6 9"),
        ("Cø Cø7 CØ7 Cm7b5 C-7b5 Cmin7(b5) Cm7-5", "Cm7b5", "0 3 6 10"),
        ("C+ Caug C(#5)", "Caug", "0 4 8"),
        ("C7 C(7) Cdom7", "C7", "0 4 7 10"),
        ("C7#5 C+7 Caug7 C7+ C7(+5)", "C7#5", "0 4 8 10"),
        ("CmM7 Cm(maj7) C-Δ7 Cm/maj7 CminMaj7 Cmmaj7", "CmMaj7", "0 3 7 11"),
        ("C6/9 C69 C6add9 C6(add9)", "C69", "0 4 7 9 14"),
        ("Csus Csus4", "Csus4", "0 5 7"),
        ("C7b9sus C7sus4b9 C7sus(b9)", "C7sus4b9", "0 5 7 10 13"),
        ("C7b9#11 C7(b9,#11) C7(#11)(b9)", "C7b9#11", "0 4 7 10 13 18"),
        ("C7alt Calt C7(alt)", "C7alt", "0 4 10 15 20"),
        ("C(b5)", "C(b5)", "0 4 6"),
        ("Cb5", "Cb5", "0 7"),
        ("B♭7 Bb7", "Bb7", "0 4 7 10"),
    ],
)
def test_spellings_of_one_chord_are_one_chord(texts, symbol, intervals):
    """All common spellings of a chord give one value and one canonical symbol."""
    for text in texts.split():
        chord = parse_chord(text)
        assert symbol == chord.symbol
        assert [int(step) for step in intervals.split()] == list(chord.intervals)


def test_a_slash_puts_another_note_in_the_bass():
    """The bass is kept beside the chord tones and prints behind the slash."""
    chord = parse_chord("Dm/maj7/C#")
    assert (chord.root, chord.bass, chord.symbol) == ("D", "C#", "DmMaj7/C#")
    assert parse_chord("D/Eb").pitch_classes == (2, 6, 9)


def test_chords_in_parentheses_are_kept_and_change_no_sound():
    """An optional chord and an alternative are remembered and printed back."""
    assert parse_chord("(Bb7)").optional
    both = parse_chord("A7b9(Em7b5/D)")
    assert both.intervals == parse_chord("A7b9").intervals
    assert both.alternative == parse_chord("Em7b5/D")
    assert both.symbol == "A7b9(Em7b5/D)"


def test_the_face_of_a_chord():
    """F#m7b5 has the root F#, the quality m7b5, its tones from the root up, a bit each."""
    chord = parse_chord("F#m7b5")
    assert (
        chord.root,
        chord.quality,
        chord.bass,
        chord.root_pc,
        chord.bass_pc,
    ) == ("F#", "m7b5", "F#", 6, 6)
    assert chord.pitch_classes == (6, 9, 0, 4)
    assert chord.interval_mask == 1 << 0 | 1 << 3 | 1 << 6 | 1 << 10
    assert parse_chord("N.C.").root is None
    assert parse_chord("N.C.").interval_mask == 0


@pytest.mark.parametrize(
    ("text", "column", "cure"),
    [
        ("c", 1, "capital letter"),
        ("H7", 1, "root A … G"),
        ("Cq7", 2, "quality"),
        ("C7q", 3, "quality"),
        ("C/H", 2, "bass"),
        ("C7(b9", 6, "Add"),
        ("C2", 2, "sus2"),
        ("C4", 2, "sus4"),
        ("C+9", 2, "9#5"),
        ("C-5", 2, "b5"),
        ("Ebb9", 1, r"Eb\(b9\)"),
        ("Cm7sus4", 2, "leave the m out"),
        ("C9b9", 2, "7b9"),
        ("C7b9b9", 2, "once"),
        ("(Q)", 2, "root"),
        ("A7(Eq)", 5, "quality"),
        ("", 1, "root"),
        ("C7maj7", 2, "maj7"),
    ],
)
def test_what_is_not_understood_is_refused_with_place_and_cure(text, column, cure):
    """No text is misread: the error names the text, the column and how to write it."""
    with pytest.raises(ChordError, match=cure) as caught:
        parse_chord(text)
    assert (text, column) == (caught.value.text, caught.value.column)


def test_music21_agrees_where_it_is_right():
    """On symbols that music21 reads (its flat is "-"), both hear the same pitch classes."""
    harmony = pytest.importorskip("music21.harmony")
    qualities = ["", "m", "7", "m7", "maj7", "dim", "dim7", "m7b5", "aug", "6", "m6", "9", "m9"]
    for root in ("C", "F#", "B-", "E-"):
        for quality in [*qualities, "sus4", "sus2"]:
            theirs = {pitch.pitchClass for pitch in harmony.ChordSymbol(root + quality).pitches}
            ours = parse_chord(root.replace("-", "b") + quality)
            assert theirs == set(ours.pitch_classes), root + quality


def test_both_languages_read_alike(parity):
    """The fixtures that the browser reads are what Python reads now."""
    author = _author(parity.parent / "generate_chords.py")
    stored = json.loads(parity.read_text(encoding="utf-8"))
    tokens = [row["text"] for row in stored["chords"]][len(author.SPELLINGS) :]
    assert stored == json.loads(author.printed(author.fixtures(tokens)))


def test_generated_tables_are_fresh(pytestconfig):
    """The browser's tables are those of Python; `make gen` writes them."""
    generate = pytest.importorskip("cellissimo.notation.generate")
    path = pytestconfig.rootpath / "extension" / "src" / "gen" / "chord_tables.ts"
    assert generate.chord_tables_ts() == path.read_text(encoding="utf-8")
    assert tables() == json.loads(json.dumps(tables()))


def test_reading_a_chord_is_quick(parity):
    """Symbols read in well under 100 µs each, nothing remembered from before."""
    texts = [row["text"] for row in json.loads(parity.read_text(encoding="utf-8"))["chords"]]

    def read_all():
        parse_quality.cache_clear()
        for text in texts:
            parse_chord.__wrapped__(text)

    best = min(timeit.repeat(read_all, number=1, repeat=5, timer=time.process_time))
    assert best / len(texts) < 100e-6


@pytest.fixture
def parity(pytestconfig):
    """Give the file of fixtures that both languages read."""
    return pytestconfig.rootpath / "tests" / "parity" / "chords.json"


def _author(path):
    spec = importlib.util.spec_from_file_location("generate_chords", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
