"""What of a song's tempos and meters holds in locked bars."""

from __future__ import annotations

from collections.abc import Mapping

from cellissimo.domain.ticks import parse_meter
from cellissimo.schema.models import Lock, Tempo


def tempo(tempos: Mapping[int, Tempo], bars: Lock) -> list[tuple[int, float, float, int]]:
    """From which tick on there is which tempo; of a ramp, where it begins and leads to."""
    points = sorted(tempos.items())
    after = [*points[1:], (bars.end, points[-1][1])]
    found = []
    for (tick, held), (until, later) in zip(points, after, strict=True):
        if tick < bars.end and until > bars.start:
            ramps = held.ramp and later.bpm != held.bpm
            flat = (max(tick, bars.start), held.bpm, held.bpm, 0)
            found.append((tick, held.bpm, later.bpm, until) if ramps else flat)
    return found


def meter(meters: Mapping[int, str], bars: Lock) -> list[tuple[int, str]]:
    """From which tick on there are bars of which meter; the first as far before as it is early."""
    points = sorted((tick, held) for tick, held in meters.items() if tick < bars.end)
    tick, first = [point for point in points if point[0] <= bars.start][-1]
    early = (bars.start - tick) % parse_meter(first).ticks_per_bar
    return [(bars.start - early, first), *(point for point in points if point[0] > bars.start)]
