"""What lies on a song's timeline, in small: loops, notes and waves within their tiles."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cellissimo.domain.tempo_map import MeterMap
from cellissimo.notation.rows import rows_of
from cellissimo.notebook.card import MARGIN, NAMES, WIDTH, fitting, words
from cellissimo.notebook.picture_wave import outline_path
from cellissimo.schema import models

if TYPE_CHECKING:
    from cellissimo.media.recording import Peaks

LEFT = MARGIN + NAMES

Box = tuple[float, float, float, float]
"""Left, top, width and height."""

Waves = Callable[[models.Segment], "Peaks | None"]
"""Gives the outline of an audio segment, where its audio is at hand."""

LEAST_TURN = 24
"""Pixels below which the steps of a loop are not drawn."""

LEAST_NAME = 30
"""Pixels below which a block is not named."""


def no_waves(_segment: models.Segment) -> Peaks | None:
    """No outlines: the audio is not at hand."""
    return None


@dataclass(frozen=True, slots=True)
class Scale:
    """The song and where its ticks lie on the card."""

    song: models.Song
    end: int
    meters: MeterMap
    waves: Waves
    density: float
    """Strokes that a pixel of width may hold."""
    has_many: bool
    """Whether there are so many blocks and segments that they are drawn plainly."""

    def x(self, tick: float) -> float:
        """The pixel of a tick."""
        return LEFT + (WIDTH - MARGIN - LEFT) * min(max(tick / self.end, 0), 1)

    def box(self, part: models.Block | models.Segment, y: float, row_height: int) -> Box:
        """Where a block or segment lies in a row that begins at ``y``."""
        left = self.x(part.start)
        return left, y, self.x(part.end) - left, float(row_height - 4)

    def turn(self, loop: models.Loop, tick: int) -> int:
        """Ticks of one pass of a loop that begins at a tick [DOC-26]."""
        meter = MeterMap({0: loop.meter}).meter_at(0) if loop.meter else self.meters.meter_at(tick)
        return loop.bars * meter.ticks_per_bar


def loop_of(song: models.Song, part: object) -> models.Loop | None:
    """The loop that a block or segment plays; None where it plays none that is there."""
    if isinstance(part, models.Block):
        return song.loops.get(part.loop)
    if not isinstance(part, models.Segment):
        return None
    return song.loops.get(part.id if part.kind == "pattern" else part.loop or "")


def tiles(scale: Scale, tiles: list[tuple[Box, str]]) -> Iterator[str]:
    """The grounds of a row's blocks or segments; of very many, one plain path by colour."""
    if not scale.has_many:
        for (x, y, width, height), color in tiles:
            yield (
                f'<rect x="{x:.1f}" y="{y:g}" width="{max(width - 1.5, 1):.1f}" '
                f'height="{height:g}" rx="4" {_ground(color)}/>'
            )
        return
    by_color: dict[str, list[str]] = {}
    for (x, y, width, height), color in tiles:
        side = f"h{max(width - 1.5, 1):.1f}v{height:g}h-{max(width - 1.5, 1):.1f}z"
        by_color.setdefault(color, []).append(f"M{x:.1f} {y:g}{side}")
    for color, sides in by_color.items():
        yield f'<path d="{"".join(sides)}" {_ground(color)}/>'


def _ground(color: str) -> str:
    return f'fill="{color}" fill-opacity=".3" stroke="{color}" stroke-opacity=".7"'


def name_tag(name: str, box: Box) -> str:
    """A name in the corner of a tile, where there is room for it."""
    x, y, width, _ = box
    return words(x + 6, y + 11, fitting(name, width - 8)) if width >= LEAST_NAME else ""


def content(scale: Scale, segment: models.Segment, box: Box, color: str) -> Iterator[str]:
    """What a segment holds, in small."""
    x, y, width, height = box
    loop = loop_of(scale.song, segment)
    if segment.kind == "midi":
        yield _notes(scale, segment, box, color)
    elif loop is not None:
        yield from turns(scale, loop, (segment.start, segment.length), box, color)
        yield name_tag(segment.name or loop.name, box)
    else:
        outline = scale.waves(segment)
        if outline is not None and len(outline):
            peak = max(abs(int(outline.min())), int(outline.max()), 1) / 127
            yield outline_path(outline, (x + 1, y + 1, width - 3, height - 2), peak, color)
        yield name_tag(segment.name, box)


def turns(
    scale: Scale, loop: models.Loop, span: tuple[int, int], box: Box, color: str
) -> Iterator[str]:
    """The steps of a loop, each time it goes round."""
    x, y, width, height = box
    start, length = span
    turn = scale.turn(loop, start)
    pixels = width * turn / length
    strokes = list(_steps(loop, pixels, height - 14))
    if not strokes or pixels < LEAST_TURN:
        return
    budget = max(int(scale.density * pixels) if scale.density < math.inf else len(strokes), 6)
    thinned = strokes[:: -(-len(strokes) // budget)]
    for number in range(-(-length // turn)):
        left = x + number * pixels
        shown = [(at, up) for at, up in thinned if at < x + width - left - 2]
        path = "".join(f"M{left + at:.0f} {y + 13 + up:.1f}h1.6" for at, up in shown)
        yield f'<path d="{path}" stroke="{color}" stroke-width="1.7"/>'
        if number:
            yield f'<path d="M{left:.1f} {y + 3:g}v{height - 6:g}" stroke="{color}" opacity=".5"/>'


def _steps(loop: models.Loop, width: float, height: float) -> Iterator[tuple[float, float]]:
    """Where the steps lie in a miniature: pixels from its left and its top, each place once."""
    rows = {row: at for at, row in enumerate(rows_of(loop))}
    spread = height / max(len(rows), 1)
    places = {
        (round(cell * width / loop.cells), round((rows[row] + 0.5) * spread, 1))
        for row, cell in loop.steps
        if row in rows
    }
    yield from sorted(places)


def _notes(scale: Scale, segment: models.Segment, box: Box, color: str) -> str:
    """The notes as strokes: higher is higher, longer is longer."""
    x, y, width, height = box
    notes = [n for n in segment.notes.values() if n.start - segment.offset < segment.length]
    if not notes:
        return ""
    low, high = min(n.pitch for n in notes), max(n.pitch for n in notes)
    step = (height - 10) / max(high - low, 6)
    thick = min(max(step * 0.8, 1.4), 5)
    places = {
        (
            round(x + width * max(note.start - segment.offset, 0) / segment.length),
            round(y + height / 2 + ((high + low) / 2 - note.pitch) * step, 1),
            max(round(width * note.duration / segment.length), 1),
        )
        for note in notes
    }
    strokes = sorted(places)
    budget = max(int(scale.density * width), 12) if scale.density < math.inf else len(strokes)
    path = "".join(
        f"M{left} {up:g}h{min(long, round(x + width - left) - 1)}"
        for left, up, long in strokes[:: -(-len(strokes) // budget)]
        if left < x + width - 1
    )
    return f'<path d="{path}" stroke="{color}" stroke-width="{thick:.1f}"/>'
