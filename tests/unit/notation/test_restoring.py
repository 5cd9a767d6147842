"""Bars and stems of an earlier song brought back: what belongs to a bar, to the tick [ROOM-10]."""

from dataclasses import replace

import pytest

from cellissimo.notation.restoring import RestoreError, with_bars_of, with_stem_of
from cellissimo.schema import models

BAR = 3840
EDGES = {0: 60, BAR - 1: 61, BAR: 62, 2 * BAR - 1: 63, 2 * BAR: 64}
"""Notes on the first and last tick of bars 1 and 2, and on the first of bar 3, by pitch."""


def song(shift, **fields):
    """Notes on the edges of bars, each ``shift`` semitones higher."""
    notes = {f"n{at}": models.Note(at, 10, pitch + shift) for at, pitch in EDGES.items()}
    segment = models.Segment("g", "t", "midi", 0, 4 * BAR, notes=notes)
    whole = models.Song("s", "Song", stems={"t": models.Stem("t", "Bass")}, segments={"g": segment})
    return replace(whole, **fields)


def fresh():
    """The id of what comes back beside what is there."""
    return "fresh"


def pitches(found):
    """The pitches of all segments, by tick of the song."""
    return {
        one.start - one.offset + note.start: note.pitch
        for one in found.segments.values()
        for note in one.notes.values()
    }


@pytest.mark.parametrize(
    ("bars", "back"),
    [((1, 1), (60, 61)), ((2, 2), (62, 63)), ((3, 9), (64,)), ((1, 2), (60, 61, 62, 63))],
)
def test_a_note_belongs_to_the_bar_in_which_it_begins(bars, back):
    """The first tick of a bar is in it, the first of the next one is not."""
    then, now = song(0), song(12)
    found = pitches(with_bars_of(now, then, *bars, fresh))
    assert {at: p if p in back else p + 12 for at, p in EDGES.items()} == found


def test_a_segment_that_moved_away_stays_and_its_notes_come_back_beside_it():
    """What is now in bar 5 stays there; bar 1 has its notes again, under another id."""
    then, now = song(0), song(12)
    moved = replace(now.segments["g"], start=4 * BAR)
    now = replace(now, segments={"g": moved})
    found = with_bars_of(now, then, 1, 1, fresh)
    assert (moved, {"n0": 60, f"n{BAR - 1}": 61}) == (
        found.segments["g"],
        {key: note.pitch for key, note in found.segments["fresh"].notes.items()},
    )


def test_a_segment_that_is_new_leaves_the_bars_it_begins_in():
    """Its notes in other bars stay, in the segment where they are."""
    then, now = song(0, segments={}), song(12)
    found = with_bars_of(now, then, 1, 1, fresh)
    assert {BAR: 74, 2 * BAR - 1: 75, 2 * BAR: 76} == pitches(found)
    assert {} == with_bars_of(now, then, 1, 4, fresh).segments


def test_what_was_deleted_comes_back_with_its_stem_and_loop():
    """A stem, a block and the loop it plays: all that the bars need."""
    loop = models.Loop("a", "Beat")
    block = models.Block("b", "a", BAR, BAR)
    then = song(0, loops={"a": loop}, blocks={"b": block})
    now = models.Song("s", "Song")
    found = with_bars_of(now, then, 2, 2, fresh)
    assert ({"t"}, {"b": block}, {"a": loop}, {BAR: 62, 2 * BAR - 1: 63}) == (
        set(found.stems),
        found.blocks,
        found.loops,
        pitches(found),
    )
    assert (now.blocks, set()) == (with_bars_of(now, then, 4, 4, fresh).blocks, set(now.stems))


def test_places_on_the_edges_of_bars_are_told_apart():
    """Blocks, markers, sections, tempos and points, on the last tick before and the first after."""
    ticks = (0, BAR - 1, BAR, 2 * BAR - 1, 2 * BAR)

    def of(word):
        return song(
            0,
            loops={"a": models.Loop("a", "Beat")},
            tempos={0: models.Tempo(120)} | {at: models.Tempo(100 + word) for at in ticks[1:]},
            blocks={f"b{at}": models.Block(f"b{at}", "a", at, 10, lane=word) for at in ticks},
            markers={f"m{at}": models.Marker(f"m{at}", f"marker {word}", at) for at in ticks},
            sections={f"c{at}": models.Section(f"c{at}", f"part {word}", at, 10) for at in ticks},
            lanes={"amp.level": {at: models.Point(word / 10) for at in ticks}},
        )

    found = with_bars_of(of(1), of(2), 2, 2, fresh)
    back = {at: 2 if BAR <= at < 2 * BAR else 1 for at in ticks}
    assert back == {one.start: one.lane for one in found.blocks.values()}
    assert back == {one.tick: int(one.name[-1]) for one in found.markers.values()}
    assert back == {one.start: int(one.name[-1]) for one in found.sections.values()}
    assert back == {at: round(p.value * 10) for at, p in found.lanes["amp.level"].items()}
    tempos = {at: int(t.bpm) - 100 for at, t in found.tempos.items() if at}
    assert {at: word for at, word in back.items() if at} == tempos


def test_a_pattern_comes_back_with_the_loop_of_its_own():
    """Also beside one that was moved since: its loop then has the new id as well."""
    loop = models.Loop("p", "pattern", steps={("kick", 0): models.Step()})
    held = models.Segment("p", "t", "pattern", 0, BAR, loop="p")
    then = song(0, segments={"p": held}, loops={"p": loop})
    gone = song(0, segments={}, loops={})
    back = with_bars_of(gone, then, 1, 1, fresh)
    assert (held, loop) == (back.segments["p"], back.loops["p"])
    moved = replace(then, segments={"p": replace(held, start=BAR)})
    found = with_bars_of(moved, then, 1, 1, fresh)
    assert ({"p", "fresh"}, "fresh", loop.steps) == (
        set(found.segments),
        found.segments["fresh"].loop,
        found.loops["fresh"].steps,
    )


def test_a_stem_comes_back_and_takes_what_was_added_to_it_since_away():
    """Other stems keep what they have, and sends to returns that are gone stay away."""
    then = song(0, stems={"t": models.Stem("t", "Bass", sends={"r": 0.5})})
    added = models.Segment("x", "t", "midi", 0, BAR)
    other = models.Segment("y", "u", "midi", 0, BAR)
    now = song(
        12,
        stems={"t": models.Stem("t", "Sub"), "u": models.Stem("u", "Lead")},
        segments={"x": added, "y": other},
    )
    found = with_stem_of(now, then, "t", fresh)
    assert ({"g": then.segments["g"], "y": other}, "Bass", {}) == (
        found.segments,
        found.stems["t"].name,
        found.stems["t"].sends,
    )


@pytest.mark.parametrize("bars", [(0, 1), (2, 1), (-1, -1)])
def test_bars_that_are_none_are_refused(bars):
    """Bars count from 1, the first one first."""
    with pytest.raises(RestoreError, match="count from 1"):
        with_bars_of(song(0), song(1), *bars, fresh)


def test_a_loop_of_another_grid_is_restored_whole_or_not():
    """Cells of another length are no bars of this loop; a stem that never was is none."""
    one = models.Song("s", "L", kind="loop", loops={"a": models.Loop("a", "L")})
    other = replace(one, loops={"a": models.Loop("a", "L", steps_per_bar=12)})
    with pytest.raises(RestoreError, match="12 cells a bar"):
        with_bars_of(one, other, 1, 1, fresh)
    with pytest.raises(RestoreError, match="no stem 'none'"):
        with_stem_of(song(0), song(1), "none", fresh)
