"""The picture that chat programs show beside a link: the steps of a loop, the form of a song.

It has no words, since the programs write the title beside it, in the reader's own letters.
"""

from __future__ import annotations

from collections.abc import Iterator

from cellissimo.notation.rows import row_sound, rows_of
from cellissimo.schema.models import Loop, Song
from cellissimo_server.publish.exhibit import Exhibit
from cellissimo_server.publish.raster import Color, Raster, color_of, mixed

WIDTH, HEIGHT = 1200, 630
"""The size that programs ask for."""

_MARGIN = 60
_TOP = 70
_FIELD = HEIGHT - _TOP - 150
_GROUND: Color = (0x13, 0x15, 0x1C)
_WELL: Color = (0x27, 0x2B, 0x38)
_PAPER: Color = (0xE8, 0xEC, 0xF4)
_CATEGORY = {
    "synth": color_of("#7aa2ff"),
    "drum": color_of("#ffb35c"),
    "bass": color_of("#c58bff"),
    "fx": color_of("#5fd6b4"),
}
_MOST_ROWS = 10
_MOST_TRACKS = 9


def preview_png(exhibit: Exhibit) -> bytes:
    """The picture as PNG, 1200 by 630. Cost: about 0.1 s."""
    accent = color_of(exhibit.color)
    raster = Raster(WIDTH, HEIGHT, _GROUND)
    raster.fade(360, lambda at: mixed(mixed(_GROUND, accent, 0.42), _GROUND, at))
    loops = [*exhibit.song.loops.values()]
    if exhibit.kind == "loop" and loops:
        _draw_loop(raster, loops[0])
    else:
        _draw_song(raster, exhibit.song)
    _draw_player(raster, accent)
    return raster.png()


def _draw_player(raster: Raster, accent: Color) -> None:
    """A play button and the line of a song not yet begun."""
    y = HEIGHT - 72
    raster.disc(_MARGIN + 36, y, 36, accent)
    bright = sum(accent) > 480
    raster.pointer(_MARGIN + 26, y, 15, _GROUND if bright else _PAPER)
    raster.rect(_MARGIN + 100, y - 4, (WIDTH - 2 * _MARGIN - 100, 8), mixed(_WELL, _PAPER, 0.16), 4)
    raster.disc(_MARGIN + 108, y, 11, _PAPER)


def _draw_loop(raster: Raster, loop: Loop) -> None:
    rows = [row for row in rows_of(loop) if any(name == row for name, _ in loop.steps)]
    rows = rows[:_MOST_ROWS] or ["drum-kick"]
    top = _TOP + (_draw_chords(raster, loop) if loop.chords else 0)
    height = min(72, (_FIELD + _TOP - top) // len(rows))
    for line, row in enumerate(rows):
        sound = row_sound(loop, row)
        color = _CATEGORY[sound.category if sound else "fx"]
        for cell in range(loop.cells):
            step = loop.steps.get((row, cell))
            shade = _cell_ground(loop, cell) if step is None else _loud(color, step.velocity)
            _cell(raster, loop, cell, (top + line * height, height), shade)


def _cell_ground(loop: Loop, cell: int) -> Color:
    beats = cell * 4 // loop.steps_per_bar
    return mixed(_WELL, _GROUND, 0.0 if beats % 2 == 0 else 0.4)


def _loud(color: Color, velocity: int) -> Color:
    return mixed(_WELL, color, 0.35 + 0.65 * velocity / 127)


def _cell(raster: Raster, loop: Loop, cell: int, line: tuple[int, int], color: Color) -> None:
    width = (WIDTH - 2 * _MARGIN) / loop.cells
    y, height = line
    gap = 2 if width < 12 else 4
    raster.rect(_MARGIN + cell * width, y, (width - gap / 2, height - 5), color, min(6, width / 3))


def _draw_chords(raster: Raster, loop: Loop) -> int:
    """The chords as long as they last; gives the height that they take."""
    width = (WIDTH - 2 * _MARGIN) / loop.cells
    starts = sorted(cell for cell in loop.chords if cell < loop.cells)
    accent = color_of(loop.color)
    for number, start in enumerate(starts):
        end = starts[number + 1] if number + 1 < len(starts) else loop.cells
        shade = mixed(accent, _PAPER, 0.12 if number % 2 == 0 else 0.34)
        size = ((end - start) * width - 5, 30)
        raster.rect(_MARGIN + start * width, _TOP, size, mixed(_GROUND, shade, 0.75), 9)
    return 46


def _draw_song(raster: Raster, song: Song) -> None:
    tracks = list(_tracks(song))[:_MOST_TRACKS]
    end = max((start + length for track in tracks for start, length, _ in track), default=1)
    scale = (WIDTH - 2 * _MARGIN) / end
    height = min(76, _FIELD // max(1, len(tracks)))
    for line, track in enumerate(tracks):
        y = _TOP + line * height
        raster.rect(_MARGIN, y, (WIDTH - 2 * _MARGIN, height - 6), mixed(_WELL, _GROUND, 0.45), 8)
        for start, length, color in track:
            size = (max(3.0, length * scale - 3), height - 6)
            raster.rect(_MARGIN + start * scale, y, size, mixed(_GROUND, color, 0.86), 8)


def _tracks(song: Song) -> Iterator[list[tuple[int, int, Color]]]:
    """What stands on each lane and each stem: start, length and colour."""
    for lane in sorted({block.lane for block in song.blocks.values()}):
        yield [
            (block.start, block.length, color_of(song.loops[block.loop].color))
            for block in song.blocks.values()
            if block.lane == lane and block.loop in song.loops
        ]
    for stem in song.stems.values():
        yield [
            (part.start, part.length, color_of(stem.color))
            for part in song.segments.values()
            if part.stem == stem.id
        ]
