"""What has a start and a length in a song: in ticks, bars and milliseconds."""

from __future__ import annotations

from typing import Any

from cellissimo.music import places
from cellissimo.music.part import Model, Part
from cellissimo.schema import song_checks


class Span(Part[Model]):
    """A part of a song that begins somewhere and lasts; ticks are the truth.

    Milliseconds follow the tempo map: after a change of tempo the same ticks lie elsewhere in time.
    """

    __slots__ = ()

    @property
    def _place(self) -> Any:  # noqa: ANN401 - a model with start and length
        return self.model

    @property
    def start(self) -> int:
        """Where it begins, in ticks (960 a quarter)."""
        return int(self._place.start)

    @start.setter
    def start(self, ticks: int) -> None:
        self._set(start=song_checks.tick(ticks))

    @property
    def length(self) -> int:
        """How long it is, in ticks."""
        return int(self._place.length)

    @length.setter
    def length(self, ticks: int) -> None:
        self._set(length=song_checks.ticks(ticks))

    @property
    def end(self) -> int:
        """The tick behind its last."""
        return self.start + self.length

    @property
    def bar(self) -> float:
        """The bar in which it begins, counted from 1; 2.5 is the middle of bar 2."""
        return places.bar_of(self.song, self.start)

    @property
    def bars(self) -> float:
        """How many bars it lasts."""
        return places.bars_of(self.song, self.start, self.end)

    @bars.setter
    def bars(self, bars: float) -> None:
        self._set(length=places.ticks_of_bars(self.song, self.start, bars))

    @property
    def start_time(self) -> float:
        """Where it begins, in milliseconds from the song's start."""
        return places.tick_ms(self.song, self.start)

    @start_time.setter
    def start_time(self, milliseconds: float) -> None:
        self._set(start=places.ms_tick(self.song, milliseconds))

    @property
    def end_time(self) -> float:
        """Where it ends, in milliseconds from the song's start; setting it changes its length."""
        return places.tick_ms(self.song, self.end)

    @end_time.setter
    def end_time(self, milliseconds: float) -> None:
        self._set(length=song_checks.ticks(places.ms_tick(self.song, milliseconds) - self.start))

    def move(
        self,
        bar: float | None = None,
        beat: float = 1,
        *,
        start: int | None = None,
        start_time: float | None = None,
    ) -> None:
        """Move it to a bar and beat (both count from 1), a tick, or a time in milliseconds."""
        tick = places.tick_of(self.song, bar, beat, start=start, start_time=start_time)
        self._set(start=tick)
