"""Whatever two songs hold, what differs can be told."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings

from cellissimo.notation.diff import diff_songs
from cellissimo.schema.models import Song
from tests.strategies import songs


@settings(max_examples=50)
@given(songs(), songs())
def test_any_two_songs_can_be_compared(old: Song, new: Song) -> None:
    """Every change has words without an id of the songs, and bars that count from 1."""
    changes = diff_songs(old, replace(new, name="other"))
    ids = {old.id, new.id, *old.loops, *new.loops, *old.stems, *new.stems, *old.segments}
    for change in changes:
        assert change.text
        assert not any(key in change.text for key in ids)
        assert all(bar >= 1 for bar in change.bars)
        assert list(change.bars) == sorted(set(change.bars))


@given(songs())
def test_equal_songs_have_no_changes(song: Song) -> None:
    """A song and its copy differ in nothing."""
    assert diff_songs(song, replace(song)) == ()


@given(songs())
def test_what_is_taken_out_is_told(song: Song) -> None:
    """Each stem, segment, block, section and marker that goes has a change of its own."""
    bare = replace(song, segments={}, blocks={}, sections={}, markers={})
    told = [change.kind for change in diff_songs(song, bare)]
    for kind in ("segment", "block", "section", "marker"):
        assert len(getattr(song, f"{kind}s")) == told.count(kind)
