import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cellissimo.domain.key import MODES, Key
from cellissimo.tables.notes import NoteTable
from cellissimo.tables.timing import Timing

METERS = ("4/4", "3/4", "7/8", "12/8")
GRIDS = st.sampled_from(("4n", "8n", "16n", "8t", "32n", 100, 77))


@st.composite
def tables(draw, low=0, high=127, quarter_tones=True):
    """Tables of up to forty notes, in several meters and tempos."""
    places = st.integers(0, 30_000)
    pitch = st.integers(low, high).map(float)
    if quarter_tones:
        pitch |= st.integers(2 * low, 2 * high).map(lambda n: n / 2)
    note = st.tuples(
        places,
        st.integers(1, 5000),
        pitch,
        st.integers(0, 127),
        st.sampled_from(("Bass", "Keys", "")),
    )
    notes = draw(st.lists(note, max_size=40))
    names = ("start", "duration", "pitch", "velocity", "stem")
    meters = {0: draw(st.sampled_from(METERS))}
    tempos = {0: (draw(st.sampled_from((60.0, 120.0, 133.7))), draw(st.booleans()))}
    tempos |= {9600: (90.0, False)} if draw(st.booleans()) else {}
    rows = [dict(zip(names, values, strict=True)) for values in notes]
    return NoteTable.of(rows, Timing(tempos, meters))


MIDDLE = tables(40, 87)


@given(MIDDLE, st.integers(-40, 40))
def test_transposing_back_gives_the_notes_back(table, semitones):
    """Up and down by the same number of semitones is nothing."""
    assert table == table.transpose(semitones).transpose(-semitones)


@given(MIDDLE, st.integers(-20, 20), st.integers(-20, 20))
def test_transposing_twice_is_transposing_by_the_sum(table, one, other):
    """Two steps are one."""
    assert table.transpose(one + other) == table.transpose(one).transpose(other)


@given(
    tables(40, 87, quarter_tones=False),
    st.integers(-15, 15),
    st.builds(Key, st.sampled_from(("C", "F#", "Bb")), st.sampled_from(tuple(MODES))),
)
def test_transposing_in_a_key_stays_in_it_and_comes_back(table, degrees, key):
    """Notes of the key move to notes of the key, as many degrees away, and back."""
    scale = set(key.scale)
    inside = table.where(np.isin(table["pitch"] % 12, sorted(scale)))
    moved = inside.transpose_in_key(degrees, str(key))
    assert set((moved["pitch"] % 12).astype(int).tolist()) <= scale
    assert inside == moved.transpose_in_key(-degrees, str(key))


@given(MIDDLE, st.sampled_from((60, 63.5, 64, 66.25)))
def test_inverting_twice_gives_the_notes_back(table, axis):
    """A mirror in a mirror shows what was."""
    assert table == table.invert(axis).invert(axis)
    assert table == table.invert().invert()


@given(tables())
def test_retrograde_twice_gives_the_notes_back_in_the_same_stretch(table):
    """Backwards and backwards again is forwards; the stretch stays."""
    back = table.retrograde()
    assert table == back.retrograde()
    if table.count:
        assert table["start"].min() == back["start"].min()
        ends = (table["start"] + table["duration"]).max()
        assert ends == (back["start"] + back["duration"]).max()


@given(tables(), st.sampled_from((2, 3, 4, 7)))
def test_augmenting_and_diminishing_are_inverses(table, factor):
    """Slower by a whole factor and faster by it is nothing, to the tick."""
    assert table == table.augment(factor).diminish(factor)
    assert table == table.augment(factor).augment(f"1/{factor}")


@given(tables(), GRIDS, st.sampled_from((0, 0.25, 0.6, 1)))
def test_quantising_again_changes_nothing(table, grid, swing):
    """What is on the grid stays there."""
    once = table.quantise(grid, swing=swing)
    assert once == once.quantise(grid, swing=swing)


@given(tables(), st.sampled_from(("8n", "16n", "8t")))
def test_what_is_quantised_stands_on_the_grid_at_the_nearest_place(table, grid):
    """Every start is a whole number of grids from its bar, and moved by half a grid at most."""
    ticks = {"8n": 480, "16n": 240, "8t": 320}[grid]
    again = _in_given_order(table)
    on = _in_given_order(again.quantise(grid))
    bars = on.timing.bars(on["start"])[1]
    assert not np.any((on["start"] - bars) % ticks)
    assert np.all(np.abs(_by_name(on) - _by_name(again)) <= ticks // 2)


@given(tables(), GRIDS, st.floats(0, 1), st.sampled_from((0, 0.5)))
def test_a_strength_moves_so_much_of_the_way(table, grid, strength, swing):
    """Strength s moves each note by s of the way to its place, rounded to a tick."""
    named = _in_given_order(table)
    way = _by_name(named.quantise(grid, 1, swing)) - _by_name(named)
    moved = _by_name(named.quantise(grid, strength, swing)) - _by_name(named)
    assert np.all(np.abs(moved - strength * way) <= 0.5 + 1e-9)


def _in_given_order(table):
    """The table with a name for each note, so that it is found again after moving."""
    numbers = np.array([f"{place:03}" for place in range(table.count)], object)
    return table.changed(segment=numbers)


def _by_name(table):
    """The starts by the notes' names."""
    return table["start"][np.argsort(table["segment"].astype(str))]


@given(tables(), st.integers(0, 200), st.integers(0, 60), st.integers(0, 1000))
def test_humanising_is_bounded_and_repeats_with_its_seed(table, timing, velocity, seed):
    """No note moves further than told, none changes loudness by more, the same seed is the same."""
    named = _in_given_order(table)
    freed = named.humanise(timing, velocity, seed)
    assert freed == named.humanise(timing, velocity, seed)
    assert np.all(np.abs(_by_name(freed) - _by_name(named)) <= timing)
    order = np.argsort(freed["segment"].astype(str))
    assert np.all(np.abs(freed["velocity"][order] - named["velocity"]) <= velocity)
    silent = named["velocity"] == 0
    assert np.array_equal(silent, freed["velocity"][order] == 0)


@given(tables(), st.sampled_from(("pitch", "beat", "voice", "stem", "row")))
def test_merging_what_was_split_gives_the_notes_back(table, by):
    """No note is lost, and none is there twice."""
    parts = list(table.split(by).values())
    assert table == NoteTable.of({}, table.timing).merge(*parts)
    assert all(part.count for part in parts)


@given(tables())
def test_no_two_notes_of_a_voice_sound_together(table):
    """A voice is monophonic."""
    for voice in table.split("voice").values():
        ends = (voice["start"] + voice["duration"])[:-1]
        assert np.all(ends <= voice["start"][1:])


@given(tables(), st.integers(0, 127))
def test_a_border_splits_low_from_high(table, border):
    """Notes from the border up are high, the others low."""
    parts = table.split("pitch", at=border)
    assert all(np.all(part["pitch"] >= border) == (name == "high") for name, part in parts.items())


@given(tables(), tables())
def test_merging_does_not_ask_who_comes_first(one, other):
    """Both ways give the same notes."""
    same_time = NoteTable.of(dict(other), one.timing)
    assert dict_of(one.merge(same_time)) == dict_of(same_time.merge(one))


def dict_of(table):
    return {name: column.tolist() for name, column in table.items()}


@given(tables())
def test_times_follow_the_tempo_map(table):
    """Milliseconds are those of the tempo map, ramps too; bars are those of the meter."""
    seconds = [table.timing.tempo_map.seconds_at(tick) for tick in table["start"].tolist()]
    assert np.allclose(table["start_time"], np.array(seconds) * 1000, rtol=1e-12)
    bars = [table.timing.meter_map.bar_at(tick)[0] for tick in table["start"].tolist()]
    assert bars == table["bar"].tolist()


@given(tables())
def test_a_table_reads_back_from_its_times(table):
    """Starts and ends in milliseconds are enough to find every tick again."""
    times = {name: table[name] for name in ("start_time", "end_time", "pitch", "velocity", "stem")}
    assert table == NoteTable.of(times, table.timing)
