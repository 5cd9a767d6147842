"""The lines of the master, the returns and the stems with their segments in the song file."""

from __future__ import annotations

from collections.abc import Iterator

from cellissimo.domain.tempo_map import MeterMap
from cellissimo.notation.pattern_value import plain
from cellissimo.notation.song_file_lines import (
    Placed,
    lane_points,
    quote,
    setting_lines,
    under_bars,
)
from cellissimo.schema.models import Lanes, Return, Segment, Song, Stem


def master_lines(song: Song, grid: MeterMap, bars: int) -> Iterator[str]:
    """The master: its settings, and its automation under the bars of the song."""
    yield "master"
    yield from setting_lines(song.master)
    yield from under_bars(_points(song.lanes, grid), bars, "master")


def return_lines(bus: Return, grid: MeterMap, bars: int) -> Iterator[str]:
    """A return: what it is, its settings, and its automation under the bars of the song."""
    yield f"return {quote(bus.id)} {quote(bus.name)}"
    yield f"order {quote(bus.order)}"
    yield f"color {quote(bus.color)}"
    yield from setting_lines(bus.settings)
    yield from under_bars(_points(bus.lanes, grid), bars, f"return {quote(bus.id)}")


def stem_lines(stem: Stem, segments: list[Segment], grid: MeterMap, bars: int) -> Iterator[str]:
    """A stem: what it is, its settings and sends; automation and segments under their bars."""
    yield f"stem {quote(stem.id)} {quote(stem.name)}"
    yield f"order {quote(stem.order)}"
    yield f"color {quote(stem.color)}"
    if stem.channel is not None:
        yield f"channel {stem.channel}"
    if stem.frozen is not None:
        frozen = stem.frozen
        yield f"frozen {quote(frozen.blob)} {frozen.frames} {quote(frozen.fingerprint)}"
    yield from setting_lines(stem.settings)
    yield from (f"send {quote(bus)} {plain(level)}" for bus, level in sorted(stem.sends.items()))
    placed = [*_points(stem.lanes, grid), *(_placed(segment, grid) for segment in segments)]
    yield from under_bars(placed, bars, f"stem {quote(stem.id)}")


def _points(lanes: Lanes, grid: MeterMap) -> Iterator[Placed]:
    for tick, order, line in lane_points(lanes):
        yield grid.bar_at(tick)[0], (0, tick, *order), (line,)


def _placed(segment: Segment, grid: MeterMap) -> Placed:
    order = (1, segment.start, segment.id)
    return grid.bar_at(segment.start)[0], order, tuple(_segment_lines(segment, grid))


def _segment_lines(segment: Segment, grid: MeterMap) -> Iterator[str]:
    head = f"{segment.kind} {segment.start} {segment.length}"
    yield f"segment {quote(segment.id)} {head}"
    plain_texts = {"name": segment.name or None, "plays": segment.loop, "blob": segment.blob}
    yield from (f"{word} {quote(text)}" for word, text in plain_texts.items() if text is not None)
    numbers = {"frames": segment.frames, "offset": segment.offset, "gain": segment.gain}
    yield from (f"{word} {plain(number)}" for word, number in numbers.items() if number)
    fades = {
        "fadein": (segment.fade_in, segment.fade_in_curve),
        "fadeout": (segment.fade_out, segment.fade_out_curve),
    }
    for word, (length, curve) in fades.items():
        if length or curve != "linear":
            yield f"{word} {plain(length)} {curve}"
    if segment.kind == "midi" or segment.notes:
        yield from _note_lines(segment, grid)


def _note_lines(segment: Segment, grid: MeterMap) -> Iterator[str]:
    """The notes by bars of their segment, so that moving it changes none of these lines."""
    ticks = grid.meter_at(segment.start).ticks_per_bar
    placed: list[Placed] = []
    for note_id, note in segment.notes.items():
        place = f"{note.start} {note.duration} {plain(note.pitch)} {note.velocity}"
        order = (note.start, note.pitch, note_id)
        placed.append((note.start // ticks + 1, order, (f"note {place} {quote(note_id)}",)))
    bars = -(-(segment.offset + segment.length) // ticks)
    yield from under_bars(placed, bars, f"segment {quote(segment.id)}")
