"""Whatever a song holds, it can be reviewed, shown in part and told whole."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from cellissimo.music.review import review
from cellissimo.notation.digest import digest_song, digest_whole
from cellissimo.notation.excerpt import within_bars
from cellissimo.schema.models import Song
from tests.strategies import songs


@settings(max_examples=40)
@given(songs())
def test_any_song_can_be_reviewed(song: Song) -> None:
    """Each finding has a place and words; each audio without a licence is told once."""
    found = review(song, lambda _: False)
    assert all(finding.where and finding.text and finding.rule for finding in found)
    blobs = {segment.blob for segment in song.segments.values() if segment.kind == "audio"}
    assert len(blobs) == sum(finding.rule == "licence" for finding in found)


@settings(max_examples=40)
@given(songs(), st.integers(1, 40), st.integers(0, 8))
def test_bars_of_any_song_can_be_told(song: Song, first: int, more: int) -> None:
    """What touches some bars is part of the song, and can be told like the whole."""
    part = within_bars(song, first, first + more)
    assert part.segments.items() <= song.segments.items()
    assert part.blocks.items() <= song.blocks.items()
    assert digest_song(part)
    assert digest_whole(song).startswith(digest_song(song))
