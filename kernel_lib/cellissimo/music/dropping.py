"""Samples of the server that are dropped on a song's view."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cellissimo.music.song import Song
    from cellissimo.music.stem import Stem

STEM = "Samples"
"""The stem of what is dropped where no stem is; it is made when it is first needed."""


def take_sample(song: Song, sample: str, stem: str | None, tick: int) -> None:
    """Put a sample, by its id, onto the stem of an id, or without one onto that of samples.

    Raises:
        CellissimoError: there is no server, no such sample, no such stem, or no such place.
    """
    # Only here: a song that nothing is dropped on needs no server and no client of one.
    from cellissimo.music.storing import sample as fetch  # noqa: PLC0415

    audio = fetch(sample)
    with song.step():
        lane = _common_stem(song) if stem is None else song.stems.by_id(stem)
        lane.add_audio(audio, start=max(tick, 0))


def _common_stem(song: Song) -> Stem:
    return song.stems[STEM] if STEM in song.stems else song.stems.add(STEM)
