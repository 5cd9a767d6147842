"""Places in a song as musicians give them: bars and beats, ticks or milliseconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellissimo.domain.tempo_map import MeterMap, TempoMap
from cellissimo.schema import checks, song_checks

if TYPE_CHECKING:
    from cellissimo.music.song import Song
    from cellissimo.schema import models

START = 0


def tempo_map(song: models.Song) -> TempoMap:
    """Ticks and seconds of each other."""
    return TempoMap({tick: (tempo.bpm, tempo.ramp) for tick, tempo in song.tempos.items()})


def meter_map(song: models.Song) -> MeterMap:
    """Ticks and bars of each other."""
    return MeterMap(song.meters)


def tick_of(
    song: Song,
    bar: float | None = None,
    beat: float = 1,
    *,
    start: int | None = None,
    start_time: float | None = None,
) -> int:
    """The tick of a bar and beat (both count from 1), of a tick, or of milliseconds.

    ``bar`` may lie between bars: 2.5 is the middle of bar 2.

    Raises:
        LimitError: none of them, or more than one, was given; or it lies outside a song.
    """
    given = [value for value in (bar, start, start_time) if value is not None]
    if len(given) != 1:
        message = "say where: bar=5 (and beat=2), start=3840 (ticks) or start_time=2000 (ms)"
        raise checks.LimitError(message)
    if start is not None:
        return song_checks.tick(start)
    if start_time is not None:
        return ms_tick(song, start_time)
    place = checks.number(bar, 1, 1_000_000, "bar")
    return _tick_of_bar(song, place, checks.number(beat, 1, 1_000, "beat"))


def ms_tick(song: Song, milliseconds: float) -> int:
    """The nearest tick to a time in milliseconds from the start."""
    time = checks.number(milliseconds, 0, 1e12, "time (ms)")
    return song_checks.tick(tempo_map(song.model).tick_at(time / 1000))


def tick_ms(song: Song, tick: int) -> float:
    """Milliseconds from the start to a tick, to a microsecond."""
    return round(tempo_map(song.model).seconds_at(tick) * 1000, 3)


def _tick_of_bar(song: Song, bar: float, beat: float) -> int:
    bars = meter_map(song.model)
    whole = int(bar)
    tick = bars.tick_of(whole, beat)
    if bar == whole:
        return song_checks.tick(tick)
    return song_checks.tick(tick + round((bar - whole) * (bars.tick_of(whole + 1) - tick)))


def bar_of(song: Song, tick: int) -> float:
    """The bar of a tick, counted from 1; 2.5 is the middle of bar 2."""
    bars = meter_map(song.model)
    bar, past = bars.bar_at(tick)
    part = past / (bars.tick_of(bar + 1) - tick + past)  # a meter may begin before it is over
    return bar if not part else round(bar + part, 6)


def ticks_of_bars(song: Song, start: int, bars: float) -> int:
    """The length in ticks of so many bars from a tick on."""
    count = checks.number(bars, 1e-6, 1_000_000, "bars")
    first = bar_of(song, start)
    return song_checks.ticks(tick_of(song, first + count) - start)


def bars_of(song: Song, start: int, end: int) -> float:
    """How many bars lie between two ticks."""
    return _plain(bar_of(song, end) - bar_of(song, start))


def _plain(value: float) -> float:
    rounded = round(value, 6)
    return int(rounded) if rounded == int(rounded) else rounded
