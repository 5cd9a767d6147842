import pytest

from cellissimo.domain.errors import CellissimoError
from cellissimo.domain.ticks import (
    Meter,
    cell_ticks,
    cells_per_bar,
    note_value_ticks,
    parse_meter,
    ticks_to_seconds,
)


@pytest.mark.parametrize(
    ("text", "ticks"),
    [
        ("1n", 3840),
        ("4n", 960),
        ("8n", 480),
        ("16n", 240),
        ("64n", 60),
        ("4n.", 1440),
        ("8n.", 720),
        ("4t", 640),
        ("8t", 320),
        ("16t", 160),
        ("1m", 3840),
        ("2m", 7680),
    ],
)
def test_note_values_are_whole_ticks(text, ticks):
    """A note value says its part of a whole note of 3840 ticks, dotted or as a triplet."""
    assert ticks == note_value_ticks(text)


def test_a_bar_is_as_long_as_its_meter():
    """The value "1m" lasts a bar of the given meter."""
    assert note_value_ticks("1m", Meter(3, 4)) == 2880


@pytest.mark.parametrize("text", ["", "n", "3n", "8", "8N", "-4n", "8n..", "4 n", "1000m", "0m"])
def test_other_note_values_are_refused_with_a_cure(text):
    """What is no note value is refused, and the message shows how to write one."""
    with pytest.raises(CellissimoError, match="Write the part of a whole note"):
        note_value_ticks(text)


def test_bar_beat_and_tick_count_from_the_beginning_and_back():
    """Bar, beat and tick of every place in eight bars lead back to the same tick."""
    for meter in (Meter(4, 4), Meter(3, 4), Meter(6, 8), Meter(7, 16)):
        for tick in range(0, 8 * meter.ticks_per_bar, 37):
            assert tick == meter.tick_at(*meter.bar_beat_tick(tick))


def test_places_outside_a_meter_are_refused():
    """Beat 5 of a bar of four, bar 0 and negative ticks do not exist."""
    for bar, beat, tick in ((1, 5, 0), (0, 1, 0), (1, 1, 960), (1, 0, 0)):
        with pytest.raises(CellissimoError, match="is not in 4/4"):
            Meter().tick_at(bar, beat, tick)
    with pytest.raises(CellissimoError, match="before the beginning"):
        Meter().bar_beat_tick(-1)


@pytest.mark.parametrize("text", ["4", "4/3", "0/4", "33/4", "4/4/4", "", "four/4"])
def test_no_meter_no_reading(text):
    """A text that is no meter is refused by name."""
    with pytest.raises(CellissimoError, match="is not a meter"):
        parse_meter(text)


def test_a_meter_prints_as_it_is_written():
    """Text to meter to text is the identity."""
    for text in ("4/4", "3/4", "6/8", "5/32"):
        assert text == str(parse_meter(text))


def test_cells_divide_a_bar_or_are_refused():
    """[DOC-20] Cells are whole ticks; a number that does not divide the bar is refused."""
    assert cell_ticks(Meter(), 16) == 240
    assert cell_ticks(Meter(3, 4), 12) == 240
    with pytest.raises(CellissimoError, match="7 steps do not divide"):
        cell_ticks(Meter(), 7)


def test_bars_have_sixteenths_unless_told_otherwise():
    """4/4 has 16 cells, 3/4 and 6/8 have 12; bars that sixteenths do not fill have beats."""
    assert [cells_per_bar(m) for m in (Meter(), Meter(3, 4), Meter(6, 8), Meter(5, 32))] == [
        16,
        12,
        12,
        5,
    ]


def test_seconds_follow_the_tempo():
    """A quarter at 120 lasts half a second."""
    assert ticks_to_seconds(960, 120) == 0.5
