"""Digests are stable, and different music has different words."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from cellissimo.domain.ticks import Meter
from cellissimo.notation.beat_words import beat_words
from cellissimo.notation.digest import (
    digest_block,
    digest_loop,
    digest_segment,
    digest_song,
    digest_stem,
)
from cellissimo.schema.models import Loop, Song, Step
from tests.strategies import loops, songs

METERS = st.sampled_from((Meter(4, 4), Meter(3, 4), Meter(6, 8), Meter(7, 8), Meter(2, 2)))


def places(cells: int = 48) -> st.SearchStrategy[set[int]]:
    """Sets of cells, sparse, dense and all in between."""
    any_of_them = st.sets(st.integers(0, cells - 1), min_size=1)
    pulses = st.sampled_from((2, 3, 4, 6, 8, 12)).map(lambda step: set(range(0, cells, step)))
    return any_of_them | st.tuples(pulses, st.sets(st.integers(0, cells - 1), max_size=3)).map(
        lambda both: (both[0] ^ both[1]) or {0}
    )


@given(METERS, places(), places())
def test_other_places_have_other_words(meter: Meter, some: set[int], other: set[int]) -> None:
    """Two sets of places in a bar never have the same words."""
    assume(some != other)
    cell = meter.ticks_per_bar // 48
    assert beat_words([at * cell for at in some], meter) != beat_words(
        [at * cell for at in other], meter
    )


@given(st.sets(st.integers(0, 63)), st.sets(st.integers(0, 63)))
def test_other_kicks_have_other_digests(some: set[int], other: set[int]) -> None:
    """Two loops whose kicks fall on different cells have different digests."""
    assume(some != other)
    assert digest_loop(_kicks(some)) != digest_loop(_kicks(other))


@given(loops(), st.data())
def test_a_step_more_is_heard_of(loop: Loop, data: st.DataObject) -> None:
    """A step added to any loop changes its digest."""
    cell = data.draw(st.integers(0, loop.cells - 1))
    assume(("kick", cell) not in loop.steps)
    more = replace(loop, steps={**loop.steps, ("kick", cell): Step()})
    assert digest_loop(loop) != digest_loop(more)


@given(songs())
def test_digests_tell_nothing_that_changes_by_itself(song: Song) -> None:
    """Digests hold no id and do not depend on the order in which a song was made."""
    for key, loop in song.loops.items():
        backwards = replace(
            loop,
            steps=dict(reversed(loop.steps.items())),
            settings=dict(reversed(loop.settings.items())),
        )
        assert digest_loop(loop, song) == digest_loop(backwards, song)
        assert key not in digest_loop(loop, song)
        assert key not in digest_song(song)
    backwards = replace(
        song,
        stems=dict(reversed(song.stems.items())),
        segments=dict(reversed(song.segments.items())),
        blocks=dict(reversed(song.blocks.items())),
        sections=dict(reversed(song.sections.items())),
        markers=dict(reversed(song.markers.items())),
    )
    assert digest_song(song) == digest_song(backwards)
    told = [digest_song(song), *(digest_stem(song, stem) for stem in song.stems.values())]
    told += [digest_segment(song, segment) for segment in song.segments.values()]
    told += [digest_block(song, block) for block in song.blocks.values()]
    ids = {song.id, *song.stems, *song.segments, *song.blocks, *song.returns, *song.sections}
    assert [words for words in told if any(key in words for key in ids)] == []


def _kicks(cells: set[int]) -> Loop:
    return Loop("l", "Kicks", steps={("kick", cell): Step() for cell in cells})
