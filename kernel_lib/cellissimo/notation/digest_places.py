"""Places and lengths of a song in words: "bar 3", "bars 1-8", "twice"."""

from __future__ import annotations

from fractions import Fraction

from cellissimo.domain.tempo_map import MeterMap, TempoMap
from cellissimo.domain.ticks import Meter, parse_meter
from cellissimo.notation.beat_words import beat_word
from cellissimo.notation.pattern_value import plain
from cellissimo.schema.models import Loop, Song

_TIMES = {Fraction(1): "once", Fraction(2): "twice"}


def tempo_map(song: Song) -> TempoMap:
    """The song's tempos, to turn ticks into seconds."""
    return TempoMap({tick: (tempo.bpm, tempo.ramp) for tick, tempo in song.tempos.items()})


def end_of(song: Song) -> int:
    """The tick at which a song ends: that of its last block or segment, 0 without any."""
    ends = [block.end for block in song.blocks.values()]
    ends += [segment.end for segment in song.segments.values()]
    return max(ends, default=0)


def place_word(song: Song, tick: int) -> str:
    """A place: "bar 3", "bar 3, beat 2", or "bar 3, the and of 2"."""
    grid = MeterMap(song.meters)
    bar, inside = grid.bar_at(tick)
    if not inside:
        return f"bar {bar}"
    word = beat_word(int(inside), grid.meter_at(tick))
    return f"bar {bar}, {f'beat {word}' if word.isdecimal() else word}"


def span_words(song: Song, start: int, length: int) -> str:
    """A stretch: "bar 3", "bars 1-8", or "bar 3, beat 2 to bar 5"."""
    grid = MeterMap(song.meters)
    first, early = grid.bar_at(start)
    last, late = grid.bar_at(start + length)
    if early or late:
        return f"{place_word(song, start)} to {place_word(song, start + length)}"
    return f"bar {first}" if last - 1 <= first else f"bars {first}-{last - 1}"


def clock_words(song: Song, tick: int) -> str:
    """The time at a tick as minutes and seconds: "1:05"."""
    seconds = round(tempo_map(song).seconds_at(tick))
    return f"{seconds // 60}:{seconds % 60:02}"


def loop_ticks(song: Song, loop: Loop, start: int) -> int:
    """How long one pass of a loop is that begins at a tick of the song [DOC-26]."""
    meter: Meter = parse_meter(loop.meter) if loop.meter else MeterMap(song.meters).meter_at(start)
    return loop.bars * meter.ticks_per_bar


def times_words(length: int, ticks: int) -> str:
    """How often something of ``ticks`` fits into a length: "once", "twice", "2.5 times"."""
    times = Fraction(length, ticks)
    return _TIMES.get(times, f"{plain(round(float(times), 2))} times")
