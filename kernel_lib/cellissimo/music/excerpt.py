"""A stretch of a song: heard, rendered and analysed alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellissimo.music import places
from cellissimo.music.alone import Alone
from cellissimo.music.tabled import TabledExcerpt
from cellissimo.schema.checks import LimitError

if TYPE_CHECKING:
    from cellissimo.engine.score import ScoreImage
    from cellissimo.music.song import Song


class Excerpt(TabledExcerpt, Alone):
    """A live view of the ticks of a song from ``start`` to ``end``.

    >>> song.bars(5, 8).export("chorus.wav")
    """

    __slots__ = ("_song", "_span")

    def __init__(self, song: Song, start: int, end: int) -> None:
        """The ticks from ``start`` to ``end`` of ``song``."""
        self._song = song
        self._span = (start, end)

    @property
    def song(self) -> Song:
        """The song."""
        return self._song

    @property
    def start(self) -> int:
        """Where it begins, in ticks."""
        return self._span[0]

    @property
    def end(self) -> int:
        """The tick behind its last."""
        return self._span[1]

    @property
    def seconds(self) -> float:
        """How long it lasts, without its tail."""
        start, end = (places.tick_ms(self._song, tick) for tick in self._span)
        return round((end - start) / 1000, 6)

    @property
    def span(self) -> tuple[int, int]:
        """The ticks from and to which it plays."""
        return self._span

    @property
    def score(self) -> ScoreImage:
        """What the engine plays of the whole song.

        Raises:
            LimitError: the song ends before this begins.
        """
        if self.start >= self._song.length:
            bars = places.bar_of(self._song, self._song.length) - 1
            message = f"{self!r} lies behind the song's end; it has {bars:g} bars"
            raise LimitError(message)
        return self._song.score

    def names_of(self, strip: str) -> dict[str, str]:
        """The part and the sound of a strip."""
        return self._song.names_of(strip)

    def __repr__(self) -> str:
        """The song and the bars."""
        first, last = (places.bar_of(self._song, tick) for tick in self._span)
        bars = f"bar {first:g}" if last - first == 1 else f"bars {first:g}–{last - 1:g}"
        return f"{bars} of {self._song.name}"
