import copy
import pickle
from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd
import pytest

from cellissimo.domain.errors import CellissimoError
from cellissimo.tables.column import TableError
from cellissimo.tables.notes import NoteTable
from cellissimo.tables.timing import Timing

SCALE = {
    "start": [0, 960, 1920, 2880, 3840],
    "duration": [960, 960, 960, 960, 1920],
    "pitch": [60, 62, 64, 65, 67],
    "velocity": [100, 90, 80, 70, 127],
    "stem": ["Lead", "Lead", "Lead", "Lead", "Bass"],
}
TABLE = NoteTable.of(SCALE)


@dataclass
class Record:
    """A note as somebody's own class holds it."""

    start: int
    pitch: float


def test_pandas_takes_a_table_as_it_is_and_gives_it_back():
    """A DataFrame of a table has its columns; the table of the DataFrame is equal."""
    frame = pd.DataFrame(TABLE)
    assert list(TABLE) == list(frame.columns)
    assert 5 == len(frame)
    assert TABLE == NoteTable.of(frame)


def test_duckdb_reads_a_table_by_its_name_and_gives_it_back():
    """SQL sees the columns; a relation reads back, also where SQL leaves values out."""
    notes = TABLE  # noqa: F841 - SQL finds it by its name
    assert [(1, 4), (2, 1)] == duckdb.sql(
        "SELECT bar, count(*) FROM notes GROUP BY bar ORDER BY bar"
    ).fetchall()
    assert TABLE == NoteTable.of(duckdb.sql("SELECT * FROM notes"))
    bare = NoteTable.of(duckdb.sql("SELECT start, NULL AS pitch FROM notes"))
    assert np.isnan(bare["pitch"]).all()


def test_an_empty_table_is_a_table_everywhere():
    """No notes are no fault."""
    empty = NoteTable.of({})
    assert (0, len(TABLE)) == pd.DataFrame(empty).shape
    assert [] == duckdb.sql("SELECT * FROM empty").fetchall()
    assert "0 notes" == repr(empty)
    assert empty == empty.transpose(3).retrograde().augment(2).invert().quantise()


@pytest.mark.parametrize(
    "source",
    [
        {"start": [0, 240], "pitch": ["C4", "D4"]},
        {"tick": np.array([0, 240]), "note": np.array([60.0, 62.0])},
        {"start_time": [0.0, 125.0], "pitch": [60, 62], "end_time": [125, 250]},
        [{"start": 0, "pitch": 60}, {"start": 240, "pitch": "D4"}],
        [Record(0, 60), Record(240, 62)],
        np.array([(0, 60.0), (240, 62.0)], [("start", int), ("pitch", float)]),
        pd.DataFrame({"start": [240, 0], "pitch": [62, 60]}),
    ],
    ids=["dict", "events", "milliseconds", "records", "dataclasses", "structured", "frame"],
)
def test_notes_are_read_from_whatever_holds_a_table(source):
    """All kinds of tables with the same notes make the same table, sorted by start."""
    expected = NoteTable.of({"start": [0, 240], "duration": [240] * 2, "pitch": [60, 62]})
    assert expected == NoteTable.of(source)


def test_decimal_velocities_up_to_one_are_shares_of_full():
    """Events speak 0.0 … 1.0, notes 0 … 127; whole numbers are never shares."""
    of = [NoteTable.of({"start": [0, 1], "velocity": v})["velocity"].tolist() for v in _LOUD]
    assert [[127, 64], [1, 0], [100, 100]] == of


_LOUD = ([1.0, 0.5], [1, 0], [100.0, 99.6])


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ({"pitch": [60]}, 'no column "start"'),
        ({"start": [0, -1]}, "start .* in row 1 is -1"),
        ({"start": [0], "pitch": [200]}, "pitch .* is 200; it can be from 0 to 127"),
        ({"start": [0], "pitch": ["H4"]}, "'H4' is not a pitch"),
        ({"start": ["soon"]}, "is 'soon'; give a number"),
        ({"start": [0, 1], "velocity": [5, 200]}, "velocity in row 1 is 200"),
        ({"start": [0], "duration": [0]}, "duration .* is 0; it can be from 1"),
        ({"start": [0, 1], "pitch": [60]}, "differ in length: start has 2, pitch has 1"),
        ({"start": [[0, 1]]}, "2 dimensions"),
        ("notes", "is no table"),
        ([3], "is no record"),
        (None, "is no table"),
    ],
)
def test_a_wrong_table_is_refused_with_row_value_and_cure(source, said):
    """What is missing or out of range is named, with what would be right."""
    with pytest.raises(CellissimoError, match=said):
        NoteTable.of(source)


def test_a_table_cannot_be_written_to():
    """A table is a value; dict() and DataFrame give one to change."""
    with pytest.raises(TableError, match="a table is a value"):
        TABLE["pitch"] = np.zeros(5)
    with pytest.raises(TableError):
        TABLE.clear()
    with pytest.raises(ValueError, match="read-only"):
        TABLE["pitch"][0] = 1
    frame = pd.DataFrame(TABLE)
    frame.loc[0, "pitch"] = 1
    assert 60 == TABLE["pitch"][0]


def test_copies_and_pickles_are_equal():
    """A table travels between processes."""
    cut = TABLE.bars(1)
    for twin in (copy.copy(cut), copy.deepcopy(cut), pickle.loads(pickle.dumps(cut))):  # noqa: S301
        assert cut == twin
        assert cut.window == twin.window


def test_slices_are_by_bars_sections_stems_and_conditions():
    """Each takes the notes that start there, and keeps their ticks."""
    timing = Timing(sections={"Verse": (960, 2880)})
    table = NoteTable.of(SCALE, timing)
    assert [60, 62, 64, 65] == table.bars(1)["pitch"].tolist()
    assert [67] == table.bars(2, 4)["pitch"].tolist()
    assert [62, 64] == table.section("Verse")["pitch"].tolist()
    assert [67] == table.stems("Bass")["pitch"].tolist()
    assert [65, 67] == table.where(table["pitch"] > 64)["pitch"].tolist()


@pytest.mark.parametrize(
    ("slicing", "said"),
    [
        (lambda t: t.bars(0), "first bar is 0"),
        (lambda t: t.bars(3, 2), "last bar is 2"),
        (lambda t: t.section("Chorus"), "no section 'Chorus'; the sections are: none"),
        (lambda t: t.stems("Drums"), "no stem is called 'Drums'; there are: Bass, Lead"),
        (lambda t: t.where([True]), "where.. takes 5"),
        (lambda t: t.split("colour"), "split by 'colour'; choose one of pitch, beat"),
        (lambda t: t.transpose(100), "outside 0 … 127, the first to 160"),
        (lambda t: t.quantise("16q"), "'16q' is not a note value"),
        (lambda t: t.quantise(strength=2), "strength is 2"),
        (lambda t: t.augment(0), "factor is 0"),
        (lambda t: t.humanise(seed=-1), "seed is -1"),
        (lambda t: t.transpose_in_key(1, "H major"), "'H major' is not a key"),
    ],
)
def test_a_wrong_wish_is_refused(slicing, said):
    """Value, range and cure."""
    with pytest.raises(CellissimoError, match=said):
        slicing(TABLE)


def test_a_third_up_in_the_key_is_major_or_minor_as_the_key_has_it():
    """C D E F G in C major become E F G A B; C sharp stays a semitone above its neighbour."""
    assert [64, 65, 67, 69, 71] == TABLE.transpose_in_key(2, "C major")["pitch"].tolist()
    sharp = NoteTable.of({"start": [0], "pitch": [61]})
    assert [65] == sharp.transpose_in_key(2, "C major")["pitch"].tolist()
    low = NoteTable.of({"start": [0], "pitch": [48]})
    assert [46] == low.transpose_in_key(-1, "Bb major")["pitch"].tolist()


def test_quantise_bends_every_second_place_with_swing():
    """Full swing puts off-beat eighths on the last third of their beat, as the engine does."""
    loose = NoteTable.of({"start": [10, 470, 1000, 1400]})
    assert [0, 640, 960, 1600] == loose.quantise("8n", swing=1)["start"].tolist()


def test_quantise_counts_from_each_bar():
    """In 7/8 the grid of quarters begins anew in each bar, and the next bar line counts too."""
    table = NoteTable.of({"start": [3300, 3370, 4200]}, Timing(meters={0: "7/8"}))
    assert [3360, 3360, 4320] == table.quantise("4n")["start"].tolist()


def test_voices_are_numbered_from_the_highest():
    """A held chord splits into as many voices as it has tones; a line after it takes the first."""
    pitches = [60, 64, 67, 72]
    chord = NoteTable.of({"start": [0, 0, 0, 960], "pitch": pitches, "duration": [960] * 4})
    parts = chord.split("voice")
    assert {1: [67, 72], 2: [64], 3: [60]} == {
        voice: part["pitch"].tolist() for voice, part in parts.items()
    }


def test_the_text_of_a_table_is_stable_and_short():
    """How many, the names, the first rows; the rest is counted."""
    table = NoteTable.of({"start": list(range(0, 2400, 240)), "pitch": [60.0, float("nan")] * 5})
    lines = repr(table).splitlines()
    assert "10 notes" == lines[0]
    assert ["0", "240", "60", "100", "1", "0", "125", "-", "-", "-", "-"] == lines[2].split()
    assert "-" == lines[3].split()[2]
    assert "… 2 more" == lines[-1]
    assert 11 == len(lines)


def test_a_notebook_shows_a_table_with_its_names_as_text():
    """Names of people never become markup; the rest is counted."""
    table = NoteTable.of({"start": range(9), "pitch": [60] * 9, "stem": ["<b>Lead</b>"] * 9})
    html = table._repr_html_()
    assert "<caption>9 notes · … 1 more</caption>" in html
    assert 8 == html.count("&lt;b&gt;Lead&lt;/b&gt;")
    assert "<b>" not in html
