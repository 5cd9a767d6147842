"""Tables made from a song or a loop: its notes, chords and blocks, where they sound."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from cellissimo.domain.errors import CellissimoError
from cellissimo.domain.key import Key
from cellissimo.domain.ticks import parse_meter
from cellissimo.engine.image import key_of
from cellissimo.engine.song_image import bar_of, segments_of, stems_of
from cellissimo.notation.roman_numerals import parse_chord_or_roman, roman_of
from cellissimo.notation.rows import SOUND_KEY
from cellissimo.schema.models import Block, Loop, Segment, Song, Stem
from cellissimo.schema.sounds import find_sound
from cellissimo.tables.chords import BlockTable, ChordTable
from cellissimo.tables.column import Column, text_column
from cellissimo.tables.notes import NoteTable
from cellissimo.tables.sounding import Sounding, sounding_steps
from cellissimo.tables.timing import Timing

NOTE = ("start", "duration", "pitch", "velocity", "stem", "segment", "row", "sound")
CHORD = ("start", "duration", "symbol", "letters", "roman", "root", "bass", "loop", "stem")
BLOCK = ("start", "length", "bars", "lane", "loop")

Row = tuple[float | str, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """A stretch of the song in which a loop repeats."""

    loop: Loop
    start: int
    end: int
    offset: int
    stem: str
    bar_ticks: int

    @property
    def turns(self) -> range:
        """The ticks at which the loop begins anew; the first may lie before the stretch."""
        turn = self.bar_ticks * self.loop.bars
        return range(self.start - self.offset % turn, self.end, turn)

    def cell_tick(self, cell: int) -> int:
        """The tick of a cell in its loop."""
        bar, inside = divmod(cell, self.loop.steps_per_bar)
        return bar * self.bar_ticks + inside * self.bar_ticks // self.loop.steps_per_bar


def notes_of(song: Song, stem_id: str | None = None) -> NoteTable:
    """The notes of a whole song as written, or of one stem of it.

    Steps that follow the chords have the pitches they sound; grooves, chance and mutes are left
    out, and so is what is silent.
    """
    if stem_id is None:
        stems, blocks = stems_of(song), list(song.blocks.values())
    else:
        stems, blocks = [song.stems[stem_id]], []
    rows = [*_stem_notes(song, stems), *_played_notes(_places(song, stems, blocks), song)]
    return NoteTable.made(_columns(NOTE, rows), Timing.of(song))


def notes_of_loop(loop: Loop, song: Song) -> NoteTable:
    """The notes of one turn of a loop, as written; the song gives what the loop has not."""
    alone = _alone(loop, song)
    return NoteTable.made(_columns(NOTE, _played_notes([alone], song)), _loop_timing(loop, song))


def chords_of(song: Song) -> ChordTable:
    """The chords of a whole song, as often as their loops repeat."""
    places = _places(song, stems_of(song), song.blocks.values())
    return _chord_table(places, Timing.of(song))


def blocks_of(song: Song) -> BlockTable:
    """The blocks of the timeline."""
    timing = Timing.of(song)
    rows = [_block_row(block, song) for block in song.blocks.values() if block.loop in song.loops]
    columns = _columns(BLOCK, rows)
    ends = columns["start"] + columns["length"]
    return BlockTable(_timed(columns, ends, timing), timing)


def _block_row(block: Block, song: Song) -> Row:
    loop = song.loops[block.loop]
    bars = block.length / bar_of(loop, song, block.start).ticks_per_bar
    return block.start, block.length, bars, block.lane, loop.name


# -- where loops play --------------------------------------------------------------------------


def _places(song: Song, stems: Iterable[Stem], blocks: Iterable[Block]) -> Iterator[_Place]:
    for stem in stems:
        for segment in segments_of(song, stem.id):
            loop_id = segment.id if segment.kind == "pattern" else segment.loop or ""
            if segment.kind in {"loop", "pattern"} and loop_id in song.loops:
                yield _place(song.loops[loop_id], segment, segment.offset, stem.name, song)
    for block in blocks:
        if block.loop in song.loops:
            yield _place(song.loops[block.loop], block, 0, "", song)


def _place(loop: Loop, place: Block | Segment, offset: int, stem: str, song: Song) -> _Place:
    bar_ticks = bar_of(loop, song, place.start).ticks_per_bar
    return _Place(loop, place.start, place.end, offset, stem, bar_ticks)


def _alone(loop: Loop, song: Song) -> _Place:
    bar_ticks = parse_meter(loop.meter or song.meter).ticks_per_bar
    return _Place(loop, 0, bar_ticks * loop.bars, 0, "", bar_ticks)


def _loop_timing(loop: Loop, song: Song) -> Timing:
    return Timing({0: (loop.tempo or song.tempo, False)}, {0: loop.meter or song.meter})


# -- notes -------------------------------------------------------------------------------------


def _stem_notes(song: Song, stems: Iterable[Stem]) -> Iterator[Row]:
    for stem in stems:
        for segment in segments_of(song, stem.id):
            if segment.kind == "midi":
                yield from _segment_notes(stem, segment)


def _segment_notes(stem: Stem, segment: Segment) -> Iterator[Row]:
    sound = find_sound(str(stem.settings.get(SOUND_KEY, "")))
    names = (stem.name, segment.name, "", sound.id if sound else "")
    for note in segment.notes.values():
        start = segment.start + note.start - segment.offset
        if segment.start <= start < segment.end and note.velocity:
            duration = min(note.duration, segment.end - start)
            yield start, duration, note.pitch, note.velocity, *names


def _played_notes(places: Iterable[_Place], song: Song) -> Iterator[Row]:
    known: dict[str, list[Sounding]] = {}
    for place in places:
        if place.loop.id not in known:
            known[place.loop.id] = sounding_steps(place.loop, song)
        for turn in place.turns:
            yield from _turn_notes(place, turn, known[place.loop.id])


def _turn_notes(place: _Place, turn: int, steps: Iterable[Sounding]) -> Iterator[Row]:
    first = max(turn, place.start)
    last = min(turn + place.cell_tick(place.loop.cells), place.end) - 1
    for step in steps:
        grid = turn + place.cell_tick(step.cell)
        if place.start <= grid < place.end:
            start = min(max(grid + step.offset, first), last)  # [ENG-11]
            cell = place.cell_tick(step.cell + 1) - place.cell_tick(step.cell)
            duration = min(step.duration or cell, place.end - start)
            names = (place.stem, place.loop.name, step.row, step.sound)
            yield start, duration, step.pitch, step.velocity, *names


# -- chords ------------------------------------------------------------------------------------


def _chord_table(places: Iterable[_Place], timing: Timing) -> ChordTable:
    rows = [row for place in places for row in _place_chords(place)]
    columns = _columns(CHORD, rows)
    ends = columns["start"] + columns["duration"]
    return ChordTable(_timed(columns, ends, timing), timing)


def _place_chords(place: _Place) -> Iterator[Row]:
    loop = place.loop
    written = [(cell, text) for cell, text in sorted(loop.chords.items()) if cell < loop.cells]
    ends = [*(cell for cell, _ in written), loop.cells][1:]
    key = key_of(loop)
    for turn in place.turns:
        for (cell, text), end in zip(written, ends, strict=True):
            start = max(turn + place.cell_tick(cell), place.start)
            length = min(turn + place.cell_tick(end), place.end) - start
            if length > 0:
                yield start, length, text, *_spelled(text, key), loop.name, place.stem


def _spelled(text: str, key: Key) -> tuple[str, str, int, int]:
    """Letters, numeral, and the pitch classes of root and bass."""
    try:
        chord = parse_chord_or_roman(text, key)
    except CellissimoError:
        return "", "", -1, -1
    root = -1 if chord.root_pc is None else chord.root_pc
    bass = -1 if chord.bass_pc is None else chord.bass_pc
    return chord.symbol, roman_of(chord, key), root, bass


# -- columns -----------------------------------------------------------------------------------

_FLOATS = {"pitch", "bars"}
_WORDS = {"stem", "segment", "row", "sound", "symbol", "letters", "roman", "loop"}


def _columns(names: tuple[str, ...], rows: Iterable[Row]) -> dict[str, Column]:
    listed = list(rows)
    columns = zip(*listed, strict=True) if listed else [()] * len(names)
    return {name: _column(name, values) for name, values in zip(names, columns, strict=True)}


def _column(name: str, values: Iterable[float | str]) -> Column:
    if name in _WORDS:
        return text_column(map(str, values))
    return np.array(list(values), np.float64 if name in _FLOATS else np.int64)


def _timed(columns: dict[str, Column], ends: Column, timing: Timing) -> dict[str, Column]:
    """The columns with bar and times behind the first two."""
    head = dict(list(columns.items())[:2])
    derived = {
        "bar": timing.bars(columns["start"])[0],
        "start_time": timing.milliseconds(columns["start"]),
        "end_time": timing.milliseconds(ends),
    }
    return {**head, **derived, **columns}
