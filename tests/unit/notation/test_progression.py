import pytest

from cellissimo.domain.errors import ChordError, ProgressionError
from cellissimo.domain.progressions import PRESETS, find_preset
from cellissimo.notation.progression import parse_progression, print_progression


@pytest.mark.parametrize(
    ("text", "cells", "printed"),
    [
        ("I V vi IV", "0 4 8 12", "I | V | vi | IV"),
        ("I–V–vi–IV", "0 4 8 12", "I | V | vi | IV"),
        ("I-V-vi-IV", "0 4 8 12", "I | V | vi | IV"),
        ("C, G, A-, F", "0 4 8 12", "C | G | Am | F"),
        ("Cmaj7 | G | Am7 | F/A", "0 4 8 12", "Cmaj7 | G | Am7 | F/A"),
        ("C G | Am", "0 2 4 8 10 12", "C G | Am | C G | Am"),
        ("C . . G | % | F | Am", "0 3 4 7 8 12", "C . . G | C . . G | F | Am"),
        ("I V", "0 8", "I | . | V | ."),
        ("I", "0", "I | . | . | ."),
        ("I V vi", "0 4 8", "I | V | vi | ."),
        ("I V vi IV I V vi IV", "0 2 4 6 8 10 12 14", "I V | vi IV | I V | vi IV"),
        ("| C | G |", "0 4 8 12", "C | G | C | G"),
        ("(Bb7) | C7(b9, #11)", None, None),
        ("C7(b9,#11) | N.C.", "0 4 8 12", "C7b9#11 | N.C. | C7b9#11 | N.C."),
    ],
)
def test_chords_fall_on_cells(text, cells, printed):
    """Four bars of four cells: where each way of writing puts its chords, and how it prints."""
    if cells is None:
        with pytest.raises(ChordError, match="not understood"):
            parse_progression(text, 4, 4)
        return
    placed = parse_progression(text, 4, 4)
    assert [int(cell) for cell in cells.split()] == [cell for cell, _ in placed]
    assert printed == print_progression(placed, 4, 4)
    assert placed == parse_progression(printed, 4, 4)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("C | D | E | F | G", "5 bars are written, the loop has 4"),
        ("C D E F G", "5 chords do not spread evenly over 4 bars"),
        ("C D E | F", "3 chords do not share a bar of 4 cells"),
        ("% | C", "repeats the bar before"),
        ("C % | G", "alone in its bar"),
        ("C . G", "needs bars"),
        ("C | x", "column 5"),
        ("C | Am Gq", "column 9"),
    ],
)
def test_what_does_not_fit_is_refused_with_numbers_and_cure(text, says):
    """The error names what was written, what the loop has, and the place."""
    with pytest.raises((ProgressionError, ChordError), match=says):
        parse_progression(text, 4, 4)


def test_one_bar_prints_as_a_bar():
    """Chords that share a single bar keep their bar line, and read back."""
    placed = parse_progression("I V", 1, 16)
    assert print_progression(placed, 1, 16) == "I V |"
    assert parse_progression("I V |", 1, 16) == placed


def test_no_chords_are_no_text():
    """Empty text and no chords are each other."""
    assert parse_progression("  ", 4, 16) == ()
    assert print_progression((), 4, 16) == ""


def test_a_chord_outside_the_grid_is_refused():
    """Printing never drops a chord: a cell that the grid does not have is an error."""
    with pytest.raises(ProgressionError, match="no cell 16"):
        print_progression([(16, "C")], 4, 4)


def test_presets_are_found_by_name():
    """Four presets, found in any case; any other name is none."""
    assert PRESETS == {
        "Pop": ("I", "V", "vi", "IV"),
        "Sad": ("vi", "IV", "I", "V"),
        "Chill": ("I", "iii", "vi", "IV"),
        "Shoegaze": ("bVII", "IV", "I", "V"),
    }
    assert find_preset("shoegaze") == PRESETS["Shoegaze"]
    assert find_preset("Polka") is None
