import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cellissimo as cm
from cellissimo.domain.errors import CellissimoError
from cellissimo.music.stem import Stem
from cellissimo.schema.models import Block, Song
from cellissimo.tables.of_song import notes_of_loop
from tests.strategies import loops

SONG = Song("song", "Song")


@pytest.fixture
def beat():
    """Two bars with a kick, a pad that follows the chords, and a lead of its own."""
    loop = cm.Loop("Beat", bars=2)
    loop.chords = "C | F/A"
    loop["kick"] = "X...x...X...x..."
    loop["pad"] = "x..............."
    loop["pad"].legato()
    loop["lead"].set(3, note="E4", duration="8n", offset=20)
    return loop


@pytest.fixture
def song(beat):
    """The beat twice, then a bass in the bars behind it, in two tempos."""
    song = cm.Song("Evening", tempo=120)
    song.timeline.append(beat, times=2)
    song.tempos.set(bar=3, tempo=60)
    song.sections.add("Verse", bar=1, bars=2)
    bass = song.stems.add("Bass", sound="bass-sub")
    bass.add_notes([(0, 960, "C2", 90), (960, 7000, "G2", 80)], bar=5, length=3840)
    return song


def test_a_loops_notes_are_what_it_sounds(beat):
    """[DOC-23] Steps that follow the chords have their pitches, offsets and lengths are there."""
    notes = beat.notes
    pads = notes.sounds("synth-pad")
    assert [55, 60, 64] == pads.bars(1)["pitch"].tolist()
    assert [57, 60, 65] == pads.bars(2)["pitch"].tolist()
    lead = next(notes.sounds("synth-lead").records())
    assert (740, 480, 64.0, "lead", "Beat") == (
        lead["start"], lead["duration"], lead["pitch"], lead["row"], lead["segment"],
    )  # fmt: skip
    assert [127, 100] * 4 == notes.sounds("drum-kick")["velocity"].tolist()


def test_mutes_chance_and_grooves_are_left_aside(beat):
    """A table holds what is written, not what one pass plays."""
    plain = beat.notes
    beat["kick"].mute = True
    beat["lead"].set(3, note="E4", duration="8n", offset=20, probability=0.1)
    beat.update({"master.groove.type": "template", "kick.groove.type": "humanize"})
    assert plain == beat.notes


def test_a_songs_notes_stand_where_they_sound(song):
    """The loop twice, then the stem; what reaches over its segment ends with it."""
    notes = song.notes
    assert {"Bass": 2, "": 30} == {name: part.count for name, part in notes.split("stem").items()}
    assert [0, 960] == (notes.stems("Bass")["start"] - 4 * 3840).tolist()
    assert [960, 2880] == notes.stems("Bass")["duration"].tolist()
    kicks = notes.sounds("drum-kick")
    assert [bar for bar in (1, 2, 3, 4) for _ in range(4)] == kicks["bar"].tolist()


def test_times_are_those_of_the_tempo_map(song):
    """Two bars at 120 last 4 s, those behind them at 60 four seconds each."""
    starts = song.blocks["start_time"].tolist() + song.notes.stems("Bass")["start_time"].tolist()
    assert [0, 12_000, 13_000] == starts
    song.tempo = 60
    assert [16_000, 17_000] == song.notes.stems("Bass")["start_time"].tolist()


def test_what_a_song_plays_is_what_its_table_says(song):
    """The engine's own events are those of the table, tick by tick."""
    events = song.events()
    notes = song.notes
    for name in ("pitch", "duration"):
        assert np.allclose(notes[name], _sorted(events)[name])
    assert notes["start"].tolist() == _sorted(events)["tick"].tolist()
    assert np.allclose(notes["velocity"] / 127, _sorted(events)["velocity"])


def _sorted(events):
    order = np.lexsort((events["duration"], events["pitch"], events["tick"]))
    return {name: column[order] for name, column in events.items()}


def test_chords_are_told_in_letters_and_numerals(song):
    """Each as often as its loop repeats, with root and bass."""
    chords = song.chords
    assert ["C", "F/A"] * 2 == chords["letters"].tolist()
    assert ["I", "IV6"] * 2 == chords["roman"].tolist()
    assert [(0, 0), (5, 9)] == list(zip(chords["root"][:2], chords["bass"][:2], strict=True))
    assert [1, 2, 3, 4] == chords["bar"].tolist()
    assert [3840] * 4 == chords["duration"].tolist()


def test_a_song_is_sliced_by_bars_and_sections(song):
    """An excerpt's tables are the song's, between its ticks."""
    assert song.bars(5).notes == song.notes.stems("Bass")
    assert song.section("Verse").notes == song.notes.section("Verse") == song.notes.bars(1, 2)
    assert ["F/A"] == song.bars(2).chords["letters"].tolist()
    assert 1 == song.bars(1, 2).blocks.count
    assert song.notes.stems("Bass") == song.stems["Bass"].notes


def test_sql_and_pandas_take_all_tables_of_a_song(song):
    """The columns have their types, the rows their order."""
    notes, chords, blocks = song.notes, song.chords, song.blocks
    counts = "SELECT (SELECT count(*) FROM {}), (SELECT count(*) FROM {}), (SELECT lane FROM {})"
    assert [(32, 4, 0)] == duckdb.sql(counts.format("notes", "chords", "blocks")).fetchall()
    assert [32, 4, 1] == [len(pd.DataFrame(table)) for table in (notes, chords, blocks)]


def test_a_loop_of_a_songs_bars_sounds_as_they_do(song):
    """Loop.from_notes of a slice is the same music, chords in rows of their own."""
    made = cm.Loop.from_notes(song.notes.bars(1, 2), "Again")
    assert (2, 120) == (made.bars, made.tempo)
    assert ["kick", "lead", "pad", "pad-2", "pad-3"] == sorted(made.rows)
    for name in ("start", "duration", "pitch", "velocity", "sound"):
        assert song.notes.bars(1, 2)[name].tolist() == made.notes[name].tolist()


def test_a_loop_is_made_of_a_data_frame():
    """Starts fall on the nearest cells, the rest is offset; sounds and lengths as told."""
    frame = pd.DataFrame(
        {
            "start": [0, 250, 3700, 4000],
            "sound": ["drum-kick", "hat", "kick", "synth-lead"],
            "pitch": [None, None, None, 67.5],
            "duration": [240, 240, 240, 960],
        }
    )
    loop = cm.Loop.from_notes(frame, "Data")
    assert 2 == loop.bars
    assert (0, 10) == (loop["kick"].steps[0].offset, loop["hat"].steps[1].offset)
    assert 100 == loop["kick"].steps[15].offset
    assert (67.5, 960, -80) == _facts(loop["lead"].steps[17])
    assert loop == cm.Loop.from_notes(duckdb.sql("SELECT * FROM frame"), "Data")
    assert loop == cm.Loop.from_notes(frame.to_dict("records"), "Data")


def _facts(step):
    return step.note, step.duration, step.offset


def test_a_row_name_with_two_sounds_becomes_two_rows():
    """No note loses its sound to another one."""
    notes = {"start": [0, 240], "row": ["drums"] * 2, "sound": ["kick", "snare"]}
    loop = cm.Loop.from_notes(notes)
    assert {"drums": "drum-kick", "drums-2": "drum-snare"} == {
        row: loop[row].sound for row in sorted(loop.rows)
    }


def test_the_events_of_a_loop_make_a_loop_with_the_same_events(beat):
    """What was heard can be written down: swing becomes offsets."""
    beat.swing = 0.5
    heard = cm.Loop.from_notes(beat.events(), tempo=beat.tempo)
    for name in ("tick", "sound", "pitch", "velocity"):
        assert beat.events()[name].tolist() == heard.events()[name].tolist()


@settings(max_examples=25)
@given(loops("loop"))
def test_any_loop_goes_through_its_table(loop):
    """The notes of the loop that a loop's notes make are those notes."""
    table = notes_of_loop(loop, SONG)
    if len({*zip(table["row"], table["sound"], strict=True)}) < 6 and table.count:
        made = cm.Loop.from_notes(
            table, bars=loop.bars, steps_per_bar=loop.steps_per_bar, meter=loop.meter
        )
        for name in ("start", "duration", "pitch", "velocity", "sound"):
            assert np.array_equal(table[name], made.notes[name], equal_nan=name == "pitch"), name


@settings(max_examples=25)
@given(loops("loop"), st.integers(0, 9000), st.integers(1, 30_000))
def test_a_block_plays_a_window_of_its_loop(loop, start, length):
    """[DOC-27] All notes lie in the block, and none of a full turn is missing."""
    blocks = {"block": Block("block", "loop", start, length)}
    song = cm.Song.of_model(Song("song", "Song", loops={"loop": loop}, blocks=blocks))
    notes = song.notes
    assert all(start <= tick < start + length for tick in notes["start"].tolist())
    assert np.all(notes["start"] + notes["duration"] <= start + length)
    turn = notes_of_loop(loop, song.model)
    bar = song.meters[0] if loop.meter is None else loop.meter
    ticks = cm.Loop("x", meter=str(bar)).notes.timing.meter_map.tick_of(loop.bars + 1)
    assert notes.count >= turn.count * (length // ticks)


def test_a_stem_is_made_of_a_table():
    """Stem.from_table names and sounds as the table does, in a song of its own or a given one."""
    columns = cm.generate.notes(cm.generate.euclid(3, 8), ["C2", "G2"])
    stem = Stem.from_table({**columns, "stem": ["Low"] * 3, "sound": ["bass-sub"] * 3})
    assert ("Low", "bass-sub", [0, 720, 1440]) == (
        stem.name, stem.sound, stem.notes["start"].tolist(),
    )  # fmt: skip
    song = cm.Song("Home", meter="3/4")
    other = Stem.from_table(columns, song, name="Bells", sound="pluck", bar=2)
    assert [other.id] == [s.id for s in song.stems.all]
    assert [2880, 3600, 4320] == other.notes["start"].tolist()
    assert song.undo()
    assert not list(song.stems)


def test_notes_of_a_slice_go_to_another_place(song):
    """A slice added elsewhere keeps its places in the bar."""
    bass = song.stems["Bass"]
    bass.add_notes(bass.notes.bars(5).transpose(12), bar=9)
    again = bass.notes.bars(9)
    assert (bass.notes.bars(5)["start"] + 4 * 3840).tolist() == again["start"].tolist()
    assert (bass.notes.bars(5)["pitch"] + 12).tolist() == again["pitch"].tolist()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: cm.Loop.from_notes({"start": [0]}), 'add a column "sound"'),
        (lambda: cm.Loop.from_notes({"start": [0]}, sound="kik"), "no sound is called 'kik'"),
        (lambda: cm.Loop.from_notes({"start": [40_000], "pitch": [60]}), "fill 11 bars"),
        (lambda: cm.Loop.from_notes({"start": [4000], "pitch": [60]}, bars=1), "outside the loop"),
        (lambda: cm.Loop.from_notes({"start": [0], "pitch": [60]}, bar=2), "outside the loop"),
        (lambda: cm.Loop.from_notes({"start": [0]}, steps_per_bar=7), "7 steps do not divide"),
        (lambda: cm.Loop.from_notes({"pitch": [60]}), 'no column "start"'),
        (lambda: Stem.from_table({"start": [0]}), "has no pitch; a stem's notes need one"),
        (lambda: cm.Loop.from_notes(3), "is no table"),
    ],
)
def test_what_cannot_become_music_is_refused(make, said):
    """Value, range and cure."""
    with pytest.raises(CellissimoError, match=said):
        make()


def test_a_loop_without_chords_has_none_in_the_table(song):
    """A song of drums alone has an empty table of chords, and others miss nothing."""
    count = len(song.chords["start"])
    drums = cm.Loop("Drums", bars=1)
    drums["kick"] = "x..."
    song.timeline.append(drums)
    assert len(song.chords["start"]) == count
