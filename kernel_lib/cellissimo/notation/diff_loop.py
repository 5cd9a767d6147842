"""What differs between two loops, in words by bar and row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from cellissimo.domain.ticks import Meter, parse_meter
from cellissimo.notation.beat_words import beat_word, joined
from cellissimo.notation.diff_words import ARROW, Change, joined_bars, setting_changes, span_bars
from cellissimo.notation.digest_places import loop_ticks
from cellissimo.notation.pattern_steps import velocity_text
from cellissimo.notation.pattern_value import pitch_text, plain
from cellissimo.notation.rows import row_sound, rows_of
from cellissimo.schema.limits import MASTER
from cellissimo.schema.models import Loop, Song, Step

_FIELDS = {
    "name": "name",
    "bars": "bars",
    "steps_per_bar": "cells in a bar",
    "key": "key",
    "tempo": "tempo",
    "meter": "meter",
    "color": "colour",
}
_SILENT = ("name", "color")


class LoopDiff:
    """The differences of one loop in two songs."""

    def __init__(self, old: Loop, new: Loop, songs: tuple[Song, Song]) -> None:
        """Compare ``old`` of the first song with ``new`` of the second."""
        self._old, self._new = old, new
        self._songs = songs
        self._meter = parse_meter(new.meter or songs[1].meter)

    def changes(self) -> Iterator[Change]:
        """The changes: fields, chords, steps bar by bar, settings row by row."""
        yield from self._fields()
        if self._old.steps_per_bar == self._new.steps_per_bar:
            yield from self._chords()
            yield from self._steps()
        elif (self._old.steps, self._old.chords) != (self._new.steps, self._new.chords):
            yield self._said("steps and chords are on another grid", range(1, self._new.bars + 1))
        yield from self._settings()

    def _said(self, text: str, bars: range | tuple[int, ...], *, of_bar: int = 0) -> Change:
        name = self._new.name
        where = f"bar {of_bar} of {name}" if of_bar else name
        return Change("loop", name, f"{where}: {text}", self._heard(bars))

    def _heard(self, bars: range | tuple[int, ...]) -> tuple[int, ...]:
        old, new = self._songs
        return joined_bars(sounding_bars(old, self._old, bars), sounding_bars(new, self._new, bars))

    def _fields(self) -> Iterator[Change]:
        for field, word in _FIELDS.items():
            was, now = getattr(self._old, field), getattr(self._new, field)
            if was != now:
                bars = range(0) if field in _SILENT else range(1, self._new.bars + 1)
                yield self._said(f"{word} {_field(was)} {ARROW} {_field(now)}", bars)

    def _chords(self) -> Iterator[Change]:
        for cell in sorted({*self._old.chords, *self._new.chords}):
            was, now = self._old.chords.get(cell), self._new.chords.get(cell)
            if was != now:
                bar, place = self._place(cell)
                bars = range(bar, self._until(cell) + 1)
                yield self._said(f"chord {_arrow(was, now)} on {place}", bars, of_bar=bar)

    def _until(self, cell: int) -> int:
        """The bar in which the chord of a cell ends."""
        later = [at for at in (*self._old.chords, *self._new.chords) if at > cell]
        return (min(later, default=self._new.cells) - 1) // self._new.steps_per_bar + 1

    def _place(self, cell: int) -> tuple[int, str]:
        bar, inside = divmod(cell, self._new.steps_per_bar)
        tick = Fraction(inside * self._meter.ticks_per_bar, self._new.steps_per_bar)
        return bar + 1, _beat(int(tick), self._meter)

    def _steps(self) -> Iterator[Change]:
        for row in dict.fromkeys((*rows_of(self._old), *rows_of(self._new))):
            was, now = _row(self._old, row), _row(self._new, row)
            for bar in range(1, max(self._old.bars, self._new.bars) + 1):
                yield from self._row_bar(row, bar, was, now)

    def _row_bar(
        self, row: str, bar: int, was: Mapping[int, Step], now: Mapping[int, Step]
    ) -> Iterator[Change]:
        cells = range((bar - 1) * self._new.steps_per_bar, bar * self._new.steps_per_bar)
        added = [self._place(c)[1] for c in cells if c in now and c not in was]
        gone = [self._place(c)[1] for c in cells if c in was and c not in now]
        if added:
            yield self._said(f"{row} added on {joined(added)}", range(bar, bar + 1), of_bar=bar)
        if gone:
            text = f"{row} taken out on {joined(gone)}"
            yield self._said(text, range(bar, bar + 1), of_bar=bar)
        for cell in cells:
            if cell in was and cell in now and was[cell] != now[cell]:
                text = f"{row} on {self._place(cell)[1]}: {step_words(was[cell], now[cell])}"
                yield self._said(text, range(bar, bar + 1), of_bar=bar)

    def _settings(self) -> Iterator[Change]:
        old, new = self._old.settings, self._new.settings
        for target in (*dict.fromkeys((*rows_of(self._old), *rows_of(self._new))), MASTER):
            begin = f"{target}."
            was = {k.removeprefix(begin): v for k, v in old.items() if k.startswith(begin)}
            now = {k.removeprefix(begin): v for k, v in new.items() if k.startswith(begin)}
            sounds = _sound(self._old, target), _sound(self._new, target)
            for _, words in setting_changes(was, now, sounds):
                yield self._said(f"{target} {words}", range(1, self._new.bars + 1))


def sounding_bars(song: Song, loop: Loop, bars: range | tuple[int, ...]) -> tuple[int, ...]:
    """The bars of a song in which some bars of a loop sound; the same bars for a loop alone."""
    if song.kind == "loop":
        return tuple(bars)
    placed = [(b.start, b.length) for b in song.blocks.values() if b.loop == loop.id]
    placed += [
        (s.start, s.length)
        for s in song.segments.values()
        if loop.id in {s.loop, s.id} and s.kind != "midi"
    ]
    return joined_bars(*(_repeated(song, loop, bars, *stretch) for stretch in placed))


def _repeated(
    song: Song, loop: Loop, bars: range | tuple[int, ...], start: int, length: int
) -> Iterator[int]:
    ticks = loop_ticks(song, loop, start)
    bar_ticks = ticks // loop.bars
    for begin in range(start, start + length, ticks):
        for bar in bars:
            tick = begin + (bar - 1) * bar_ticks
            if tick < start + length:
                yield from span_bars(song, tick, min(bar_ticks, start + length - tick))


def step_words(was: Step, now: Step) -> str:
    """What differs between two steps: "velocity 0.79 → 1, note E4 → G4"."""
    said = []
    if was.velocity != now.velocity:
        old, new = velocity_text(was.velocity), velocity_text(now.velocity)
        said.append(f"velocity {old} {ARROW} {new}")
    if was.pitch != now.pitch:
        said.append(f"note {_pitch(was.pitch)} {ARROW} {_pitch(now.pitch)}")
    if was.duration != now.duration:
        lengths = [str(step.duration or "one cell") for step in (was, now)]
        said.append(f"duration {f' {ARROW} '.join(lengths)}")
    if was.probability != now.probability:
        said.append(f"probability {plain(was.probability)} {ARROW} {plain(now.probability)}")
    if was.offset != now.offset:
        said.append(f"offset {was.offset} {ARROW} {now.offset} ticks")
    return ", ".join(said)


def _row(loop: Loop, row: str) -> dict[int, Step]:
    return {cell: step for (name, cell), step in loop.steps.items() if name == row}


def _sound(loop: Loop, row: str) -> str:
    sound = row_sound(loop, row) if row != MASTER else None
    return sound.id if sound else ""


def _beat(tick: int, meter: Meter) -> str:
    word = beat_word(tick, meter)
    return f"beat {word}" if word.isdecimal() else word


def _pitch(pitch: float | None) -> str:
    return "of the chord" if pitch is None else pitch_text(pitch)


def _field(value: object) -> str:
    if value is None:
        return "the song's"
    return plain(value) if isinstance(value, int | float) else str(value)


def _arrow(was: str | None, now: str | None) -> str:
    if was is None:
        return f"{now} added"
    return f"{was} taken out" if now is None else f"{was} {ARROW} {now}"
