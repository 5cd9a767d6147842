"""Ticks, seconds, bars and fractional keys of each other, for any song."""

import bisect

from hypothesis import given
from hypothesis import strategies as st

from cellissimo.domain.order import in_order, key_between, keys_after
from cellissimo.domain.tempo_map import MeterMap, TempoMap

ticks = st.integers(0, 4_000_000)
tempos = st.dictionaries(ticks, st.tuples(st.floats(20, 400), st.booleans()), max_size=6).map(
    lambda points: {0: (120.0, False)} | points
)
meters = st.dictionaries(
    st.integers(0, 400_000), st.sampled_from(("4/4", "3/4", "7/8", "5/4", "6/8")), max_size=5
).map(lambda points: {0: "4/4"} | points)


@given(tempos, ticks)
def test_seconds_lead_back_to_their_tick(points, tick):
    """`tick_at` undoes `seconds_at`, through steps and ramps."""
    there = TempoMap(points)
    assert there.tick_at(there.seconds_at(tick)) == tick


@given(tempos, ticks, ticks)
def test_time_never_runs_backwards(points, one, other):
    """A later tick is later in seconds."""
    there = TempoMap(points)
    first, second = sorted((one, other))
    assert there.seconds_at(first) <= there.seconds_at(second)
    assert (first == second) == (there.seconds_at(first) == there.seconds_at(second))


@given(st.floats(20, 400), st.floats(20, 400), st.integers(1, 100_000))
def test_a_ramp_lasts_as_long_as_its_many_small_steps(start, end, length):
    """The closed form agrees with a sum of 1 000 steady pieces to one part in 10 000."""
    ramp = TempoMap({0: (start, True), length: (end, False)})
    pieces = 1000
    bpms = (start + (end - start) * (n + 0.5) / pieces for n in range(pieces))
    summed = sum(length / pieces * 60 / 960 / bpm for bpm in bpms)
    assert abs(ramp.seconds_at(length) - summed) <= 1e-4 * summed


@given(meters, st.integers(1, 200))
def test_a_bar_begins_at_its_tick(points, bar):
    """`bar_at` undoes `tick_of`, whatever meters come before."""
    there = MeterMap(points)
    assert (bar, 0) == there.bar_at(there.tick_of(bar))


@given(meters, st.integers(1, 1_000_000))
def test_the_starts_of_bars_are_counted_through(points, end):
    """Bars are numbered from 1 without a gap."""
    there = MeterMap(points)
    starts = there.bar_starts(end)
    assert list(range(1, len(starts) + 1)) == [there.bar_at(tick)[0] for tick in starts]


@given(st.lists(st.integers(0, 1000), max_size=60))
def test_there_is_always_room_between_two_keys(places):
    """Wherever things are put in, one after the other, their keys are in order."""
    keys: list[str] = []
    for place in places:
        at = place % (len(keys) + 1)
        low = keys[at - 1] if at else None
        keys.insert(at, key_between(low, keys[at] if at < len(keys) else None))
    assert in_order(keys)
    assert all(bisect.bisect_left(keys, key) == n for n, key in enumerate(keys))


def test_keys_in_a_row_stay_short():
    """A hundred things put behind each other have keys of at most 20 characters."""
    assert max(map(len, keys_after(None, 100))) <= 20
