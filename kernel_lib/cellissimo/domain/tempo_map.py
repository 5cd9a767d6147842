"""Ticks, seconds, bars and beats of a song whose tempo and meter change."""

from __future__ import annotations

import bisect
import math
from collections.abc import Mapping
from dataclasses import dataclass

from cellissimo.domain.errors import TimeValueError
from cellissimo.domain.ticks import TICKS_PER_QUARTER, Meter, parse_meter


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A stretch of one tempo, or of one ramp: from ``tick`` and ``seconds`` on."""

    tick: int
    seconds: float
    bpm: float
    slope: float
    """Change of tempo by tick."""

    def seconds_at(self, tick: float) -> float:
        ticks = tick - self.tick
        if not self.slope:
            return self.seconds + ticks * 60 / (self.bpm * TICKS_PER_QUARTER)
        stretched = math.log1p(self.slope * ticks / self.bpm) / self.slope
        return self.seconds + 60 / TICKS_PER_QUARTER * stretched

    def tick_at(self, seconds: float) -> float:
        passed = (seconds - self.seconds) * TICKS_PER_QUARTER / 60
        if not self.slope:
            return self.tick + passed * self.bpm
        return self.tick + self.bpm * math.expm1(passed * self.slope) / self.slope


class TempoMap:
    """Ticks and seconds of each other, by the tempos of a song.

    >>> TempoMap({0: (120, False)}).seconds_at(960)
    0.5
    """

    def __init__(self, tempos: Mapping[int, tuple[float, bool]]) -> None:
        """Take ``(quarter notes a minute, whether it ramps to the next)`` by tick, one at 0."""
        points = sorted(tempos.items())
        if not points or points[0][0] != 0:
            raise TimeValueError("A tempo map begins at tick 0. Give it a tempo there.")
        self._stretches: list[_Stretch] = []
        for index, (tick, (bpm, ramp)) in enumerate(points):
            after = points[index + 1] if index + 1 < len(points) else None
            slope = (after[1][0] - bpm) / (after[0] - tick) if ramp and after else 0.0
            self._stretches.append(_Stretch(tick, self._seconds_so_far(tick), bpm, slope))
        self._ticks = [stretch.tick for stretch in self._stretches]
        self._seconds = [stretch.seconds for stretch in self._stretches]

    def _seconds_so_far(self, tick: int) -> float:
        return self._stretches[-1].seconds_at(tick) if self._stretches else 0.0

    def seconds_at(self, tick: float) -> float:
        """Seconds from the start to a tick. *Cost*: O(log tempos)."""
        place = max(bisect.bisect_right(self._ticks, tick) - 1, 0)
        return self._stretches[place].seconds_at(tick)

    def tick_at(self, seconds: float) -> int:
        """The nearest tick to a time from the start. *Cost*: O(log tempos)."""
        if seconds < 0:
            raise TimeValueError(f"{seconds} s lies before the beginning. Give 0 or more.")
        place = max(bisect.bisect_right(self._seconds, seconds) - 1, 0)
        return round(self._stretches[place].tick_at(seconds))

    def tempo_at(self, tick: float) -> float:
        """Quarter notes a minute at a tick."""
        stretch = self._stretches[max(bisect.bisect_right(self._ticks, tick) - 1, 0)]
        return stretch.bpm + stretch.slope * (tick - stretch.tick)


class MeterMap:
    """Ticks, bars and beats of each other, by the meters of a song; a meter begins a new bar."""

    def __init__(self, meters: Mapping[int, str]) -> None:
        """Take meters such as "3/4" by tick, one at 0."""
        points = sorted(meters.items())
        if not points or points[0][0] != 0:
            raise TimeValueError("A meter map begins at tick 0. Give it a meter there.")
        self._ticks = [tick for tick, _ in points]
        self._meters = [parse_meter(meter) for _, meter in points]
        self._bars = [0]
        for index, tick in enumerate(self._ticks[1:]):
            ticks = tick - self._ticks[index]
            self._bars.append(self._bars[-1] - (-ticks // self._meters[index].ticks_per_bar))

    def _place(self, tick: float) -> int:
        return max(bisect.bisect_right(self._ticks, tick) - 1, 0)

    def meter_at(self, tick: float) -> Meter:
        """The meter that is valid at a tick."""
        return self._meters[self._place(tick)]

    def bar_at(self, tick: float) -> tuple[int, float]:
        """The bar of a tick, counted from 1, and the ticks past its beginning."""
        place = self._place(tick)
        bars, ticks = divmod(tick - self._ticks[place], self._meters[place].ticks_per_bar)
        return self._bars[place] + int(bars) + 1, ticks

    def tick_of(self, bar: int, beat: float = 1) -> int:
        """The tick at which a bar, and a beat in it, begins; both count from 1.

        Raises: TimeValueError for a bar below 1, or a beat that the bar does not have.
        """
        if bar < 1:
            raise TimeValueError(f"There is no bar {bar}. Bars count from 1.")
        place = bisect.bisect_right(self._bars, bar - 1) - 1
        meter = self._meters[place]
        if not 1 <= beat < meter.beats + 1:
            raise TimeValueError(f"There is no beat {beat} in {meter}. Give 1 to {meter.beats}.")
        start = self._ticks[place] + (bar - 1 - self._bars[place]) * meter.ticks_per_bar
        return start + round((beat - 1) * meter.ticks_per_beat)

    def bar_starts(self, end: int) -> list[int]:
        """The ticks below ``end`` at which bars begin. *Cost*: O(bars)."""
        starts: list[int] = []
        for place, tick in enumerate(self._ticks):
            after = self._ticks[place + 1] if place + 1 < len(self._ticks) else end
            starts += range(tick, min(after, end), self._meters[place].ticks_per_bar)
        return starts
