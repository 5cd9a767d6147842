"""Where bars, milliseconds and sections of a table are: the time of a song for whole columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from cellissimo.domain.tempo_map import MeterMap, TempoMap
from cellissimo.domain.ticks import TICKS_PER_QUARTER
from cellissimo.schema import checks
from cellissimo.schema.models import Song
from cellissimo.tables.column import Column, TableError


@dataclass(frozen=True)
class Timing:
    """Tempos ``(quarter notes a minute, ramp)`` and meters by tick, and sections by name."""

    tempos: Mapping[int, tuple[float, bool]] = field(default_factory=lambda: {0: (120.0, False)})
    meters: Mapping[int, str] = field(default_factory=lambda: {0: "4/4"})
    sections: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, song: Song) -> Timing:
        """The time of a song."""
        tempos = {tick: (tempo.bpm, tempo.ramp) for tick, tempo in song.tempos.items()}
        found = sorted(song.sections.values(), key=lambda section: (section.start, section.id))
        sections = {section.name: (section.start, section.end) for section in reversed(found)}
        return cls(tempos, song.meters, sections)

    @cached_property
    def tempo_map(self) -> TempoMap:
        """Ticks and seconds of each other."""
        return TempoMap(self.tempos)

    @cached_property
    def meter_map(self) -> MeterMap:
        """Ticks and bars of each other."""
        return MeterMap(self.meters)

    def milliseconds(self, ticks: Column) -> Column:
        """The milliseconds at ticks. *Cost*: O(n), ramps somewhat dearer."""
        knots = np.array(sorted(self.tempos))
        at = np.searchsorted(knots, ticks, "right") - 1
        bpm = np.array([self.tempos[tick][0] for tick in knots.tolist()])
        begun = np.array([self.tempo_map.seconds_at(tick) for tick in knots.tolist()])
        seconds: Column = begun[at] + (ticks - knots[at]) * 60 / (bpm[at] * TICKS_PER_QUARTER)
        ramps = np.array([self.tempos[tick][1] for tick in knots.tolist()])[at]
        seconds[ramps] = [self.tempo_map.seconds_at(tick) for tick in ticks[ramps].tolist()]
        return seconds * 1000

    def ticks(self, milliseconds: Column) -> Column:
        """The nearest ticks to milliseconds."""
        found = [self.tempo_map.tick_at(value / 1000) for value in milliseconds.tolist()]
        return np.array(found, np.int64)

    def bars(self, ticks: Column) -> tuple[Column, Column]:
        """The bars of ticks, counted from 1, and the ticks at which these bars begin."""
        last = int(ticks.max()) if ticks.size else 0
        starts = np.array(self.meter_map.bar_starts(last + 1), np.int64)
        at = np.searchsorted(starts, ticks, "right") - 1
        return (at + 1).astype(np.int64), starts[at]

    def bar_lengths(self, bar_starts: Column) -> Column:
        """The ticks of the bars that begin at these ticks."""
        begun, places = np.unique(bar_starts, return_inverse=True)
        bars = self.bars(begun)[0].tolist()
        ends = np.array([self.meter_map.tick_of(bar + 1) for bar in bars], np.int64)
        return (ends - begun)[places] if begun.size else np.empty(0, np.int64)

    def window(self, first: object, last: object) -> tuple[int, int]:
        """The ticks from the beginning of bar ``first`` to the end of bar ``last``.

        Raises:
            CellissimoError: they are no bars, or the last is before the first.
        """
        begin = checks.whole(first, 1, 1_000_000, "the first bar")
        end = checks.whole(last, begin, 1_000_000, "the last bar")
        return self.meter_map.tick_of(begin), self.meter_map.tick_of(end + 1)

    def section(self, name: object) -> tuple[int, int]:
        """The ticks at which the first section of a name begins and ends.

        Raises:
            TableError: there is none; the message names those there are.
        """
        if name not in self.sections:
            known = ", ".join(reversed(list(self.sections))) or "none"
            raise TableError(f"there is no section {name!r}; the sections are: {known}")
        return self.sections[str(name)]
