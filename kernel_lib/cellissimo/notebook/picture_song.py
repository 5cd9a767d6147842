"""Pictures of songs, stems and segments as SVG: the timeline with all that lies on it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cellissimo.domain.tempo_map import MeterMap, TempoMap
from cellissimo.notation.rows import rows_of
from cellissimo.notebook.card import (
    HEAD,
    INK,
    MARGIN,
    NAMES,
    WELL,
    WIDTH,
    card,
    clock,
    fitting,
    heading,
    plural,
    rect,
    shortened,
    words,
)
from cellissimo.notebook.picture import loop_svg
from cellissimo.notebook.picture_wave import outline_path
from cellissimo.schema import limits, models

if TYPE_CHECKING:
    from cellissimo.media.recording import Peaks

RULER, SECTIONS, LANE, STEM, TALL = 20, 20, 30, 34, 110
PAD = 26
LEFT = MARGIN + NAMES
MOST_STEMS = 24
MOST_STROKES = 2600
"""Notes and steps drawn on a card: what is more is thinned out."""

LEAST_TURN = 14
"""Pixels below which the turns of a loop in a block are not told apart."""

Waves = Callable[[models.Segment], "Peaks | None"]
"""Gives the outline of an audio segment, where its audio is at hand."""


def no_waves(_segment: models.Segment) -> Peaks | None:
    """No outlines: the audio is not at hand."""
    return None


@dataclass(frozen=True, slots=True)
class _Scale:
    """The song and where its ticks lie on the card."""

    song: models.Song
    end: int
    meters: MeterMap
    waves: Waves
    density: float
    """Strokes that a pixel of width may hold."""

    def x(self, tick: float) -> float:
        return LEFT + (WIDTH - MARGIN - LEFT) * min(max(tick / self.end, 0), 1)

    def turn(self, loop: models.Loop, tick: int) -> int:
        """Ticks of one pass of a loop that begins at a tick [DOC-26]."""
        meter = MeterMap({0: loop.meter}).meter_at(0) if loop.meter else self.meters.meter_at(tick)
        return loop.bars * meter.ticks_per_bar


def song_svg(song: models.Song, waves: Waves = no_waves) -> str:
    """The song as a card: bars, sections, the timeline's loops, the stems, and the pads."""
    scale = _scale_of(song, waves)
    rows = [_sections(scale), *_lanes(scale), *_stems(scale), _pads(song)]
    return _timeline(scale, heading(song.name, _facts(song), models.DEFAULT_COLOR), rows, song.name)


def stem_svg(song: models.Song, stem: models.Stem, waves: Waves = no_waves) -> str:
    """One stem over the song's bars."""
    scale = _scale_of(song, waves)
    sound = str(stem.settings.get("sample.sound", "no instrument"))
    facts = (song.name, sound, plural(len(_segments_of(song, stem)), "segment"))
    rows = [_sections(scale), _Row(TALL, _segments(scale, stem, TALL))]
    return _timeline(scale, heading(stem.name, facts, stem.color), rows, stem.name)


def segment_svg(song: models.Song, segment: models.Segment, waves: Waves = no_waves) -> str:
    """One segment, as long as the card is wide; of one that plays a loop, the loop."""
    stem, loop = song.stems[segment.stem], _loop_of(song, segment)
    if loop is not None:
        return loop_svg(loop, song)
    scale = _scale_of(song, waves)
    bar, _ = scale.meters.bar_at(segment.start)
    last, ticks = scale.meters.bar_at(segment.end)
    name = segment.name or f"{segment.kind} on {stem.name}"
    facts = (song.name, stem.name, f"bars {bar}–{last if ticks else max(last - 1, bar)}")
    box = (MARGIN, HEAD, WIDTH - 2 * MARGIN, TALL)
    parts = [*heading(name, facts, stem.color), rect(*box, WELL, 8)]
    parts += _content(scale, segment, box, stem.color)
    return card(WIDTH, HEAD + TALL + MARGIN, name, parts)


# -- the card --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Row:
    """A strip of the card: its height, and what is drawn in it from a top edge on."""

    height: int
    draw: Callable[[float], Iterable[str]]


def _timeline(scale: _Scale, head: Iterable[str], rows: list[_Row], title: str) -> str:
    parts, y = [*head, *_ruler(scale)], float(HEAD + RULER)
    for row in rows:
        parts += row.draw(y)
        y += row.height
    return card(WIDTH, y + MARGIN - 4, title, parts)


def _scale_of(song: models.Song, waves: Waves) -> _Scale:
    meters = MeterMap(song.meters)
    end = max(_end_of(song), *(section.end for section in song.sections.values()), 1)
    span = (WIDTH - LEFT) * (len(song.stems) + 1)
    strokes = _strokes_of(song)
    density = MOST_STROKES / span if strokes > MOST_STROKES else math.inf
    return _Scale(song, max(end, meters.meter_at(0).ticks_per_bar), meters, waves, density)


def _end_of(song: models.Song) -> int:
    ends = [block.end for block in song.blocks.values()]
    return max((*ends, *(segment.end for segment in song.segments.values())), default=0)


def _strokes_of(song: models.Song) -> int:
    """How many notes and steps the song would draw."""
    parts = (*song.blocks.values(), *song.segments.values())
    loops = (_loop_of(song, part) for part in parts)
    steps = sum(len(loop.steps) for loop in loops if loop is not None)
    return steps + sum(len(segment.notes) for segment in song.segments.values())


def _facts(song: models.Song) -> tuple[str, ...]:
    tempos = TempoMap({tick: (tempo.bpm, tempo.ramp) for tick, tempo in song.tempos.items()})
    tempo = f"{song.tempo:g} BPM" + (" and on" if len(song.tempos) > 1 else "")
    facts = (song.meter, song.key, tempo)
    if not (end := _end_of(song)):
        return facts
    bars = len(MeterMap(song.meters).bar_starts(end))
    return (*facts, plural(bars, "bar"), clock(tempos.seconds_at(end)))


def _ruler(scale: _Scale) -> Iterator[str]:
    starts = scale.meters.bar_starts(scale.end)
    step = 2 ** max(math.ceil(math.log2(max(len(starts) * 26 / (WIDTH - LEFT), 1))), 0)
    lines = "".join(f"M{scale.x(tick):.1f} {HEAD + 2}v12" for tick in starts[::step])
    yield f'<path d="{lines}" stroke="{WELL}"/>'
    for bar, tick in list(enumerate(starts, 1))[::step]:
        yield words(scale.x(tick) + 4, HEAD + 12, str(bar), "f")


def _sections(scale: _Scale) -> _Row:
    sections, markers = scale.song.sections.values(), scale.song.markers.values()

    def draw(y: float) -> Iterator[str]:
        for section in sorted(sections, key=lambda section: (section.start, section.name)):
            left, right = scale.x(section.start), scale.x(section.end)
            yield rect(left, y, right - left - 2, 15, section.color, 4)
            yield _dark(left + 6, y + 11, fitting(section.name, right - left - 12))
        for marker in sorted(markers, key=lambda marker: (marker.tick, marker.name)):
            x = scale.x(marker.tick)
            yield f'<path d="M{x:.1f} {y - 6:g}l4 4-4 4-4-4z" fill="{INK}"/>'
            if not sections:
                yield words(x + 7, y + 11, shortened(marker.name, 16))

    return _Row(SECTIONS if sections or markers else 0, draw)


def _dark(x: float, y: float, text: str) -> str:
    """Words on a coloured ground."""
    return words(x, y, text).replace('class="r"', 'class="r" style="fill:#10141d"') if text else ""


# -- the timeline's loops --------------------------------------------------------------------------


def _lanes(scale: _Scale) -> Iterator[_Row]:
    lanes = sorted({block.lane for block in scale.song.blocks.values()})
    for at, lane in enumerate(lanes):
        blocks = [block for block in scale.song.blocks.values() if block.lane == lane]
        yield _Row(LANE, _lane_drawing(scale, blocks, "Loops" if at == 0 else ""))


def _lane_drawing(
    scale: _Scale, blocks: list[models.Block], name: str
) -> Callable[[float], Iterator[str]]:
    def draw(y: float) -> Iterator[str]:
        yield words(MARGIN, y + 17, name, "n")
        yield _well(y, LANE)
        for block in sorted(blocks, key=lambda block: (block.start, block.length)):
            loop = scale.song.loops.get(block.loop)
            if loop:
                box = (scale.x(block.start), y, scale.x(block.end) - scale.x(block.start), LANE - 4)
                yield _tile(box, loop.color)
                yield from _turns(scale, loop, (block.start, block.length), box, loop.color)
                yield words(box[0] + 6, y + 11, fitting(loop.name, box[2] - 8))

    return draw


Box = tuple[float, float, float, float]


def _tile(box: Box, color: str) -> str:
    """The ground of a block or segment."""
    x, y, width, height = box
    return (
        f'<rect x="{x:.1f}" y="{y:g}" width="{max(width - 1.5, 1):.1f}" height="{height:g}" '
        f'rx="4" fill="{color}" fill-opacity=".3" stroke="{color}" stroke-opacity=".7"/>'
    )


def _turns(
    scale: _Scale, loop: models.Loop, span: tuple[int, int], box: Box, color: str
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


# -- stems -----------------------------------------------------------------------------------------


def _stems(scale: _Scale) -> Iterator[_Row]:
    ordered = sorted(scale.song.stems.values(), key=lambda stem: (stem.order, stem.id))
    for stem in ordered[:MOST_STEMS]:
        yield _Row(STEM, _named(stem, _segments(scale, stem, STEM)))
    if len(ordered) > MOST_STEMS:
        text = f"and {plural(len(ordered) - MOST_STEMS, 'more stem')}"
        yield _Row(18, lambda y: iter((words(MARGIN, y + 12, text, "s"),)))


def _named(
    stem: models.Stem, draw: Callable[[float], Iterator[str]]
) -> Callable[[float], Iterator[str]]:
    def drawing(y: float) -> Iterator[str]:
        yield rect(MARGIN, y + 5, 3, STEM - 14, stem.color, 1.5)
        quiet = ' opacity=".45"' if stem.settings.get("amp.mute") else ""
        yield f"<g{quiet}>{words(MARGIN + 9, y + 19, shortened(stem.name, 14), 'n')}</g>"
        yield from draw(y)

    return drawing


def _segments(
    scale: _Scale, stem: models.Stem, row_height: int
) -> Callable[[float], Iterator[str]]:
    def draw(y: float) -> Iterator[str]:
        yield _well(y, row_height)
        for segment in _segments_of(scale.song, stem):
            x = scale.x(segment.start)
            box = (x, y, scale.x(segment.end) - x, float(row_height - 4))
            yield _tile(box, stem.color)
            yield from _content(scale, segment, box, stem.color)

    return draw


def _segments_of(song: models.Song, stem: models.Stem) -> list[models.Segment]:
    mine = (segment for segment in song.segments.values() if segment.stem == stem.id)
    return sorted(mine, key=lambda segment: (segment.start, segment.length, segment.name))


def _content(scale: _Scale, segment: models.Segment, box: Box, color: str) -> Iterator[str]:
    """What a segment holds, in small."""
    x, y, width, height = box
    loop = _loop_of(scale.song, segment)
    if segment.kind == "midi":
        yield _notes(scale, segment, box, color)
    elif loop is not None:
        yield from _turns(scale, loop, (segment.start, segment.length), box, color)
        yield words(x + 6, y + 11, fitting(segment.name or loop.name, width - 8))
    else:
        outline = scale.waves(segment)
        if outline is not None and len(outline):
            peak = max(abs(int(outline.min())), int(outline.max()), 1) / 127
            yield outline_path(outline, (x + 1, y + 1, width - 3, height - 2), peak, color)
        yield words(x + 6, y + 11, fitting(segment.name, width - 8))


def _notes(scale: _Scale, segment: models.Segment, box: Box, color: str) -> str:
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


def _loop_of(song: models.Song, part: object) -> models.Loop | None:
    if isinstance(part, models.Block):
        return song.loops.get(part.loop)
    if not isinstance(part, models.Segment):
        return None
    return song.loops.get(part.id if part.kind == "pattern" else part.loop or "")


def _well(y: float, height: int) -> str:
    return rect(LEFT, y, WIDTH - MARGIN - LEFT, height - 4, WELL, 5)


# -- pads ------------------------------------------------------------------------------------------


def _pads(song: models.Song) -> _Row:
    """Two rows of eight; nothing for a song without pads that has something else to show."""
    if not song.pads and (song.blocks or song.segments):
        return _Row(0, lambda _y: iter(()))

    def draw(y: float) -> Iterator[str]:
        for pad in range(limits.PADS):
            yield from _pad(song, pad, y + 6)

    return _Row(2 * (PAD + 5) + 6, draw)


def _pad(song: models.Song, pad: int, top: float) -> Iterator[str]:
    width = (WIDTH - 2 * MARGIN - 7 * 5) / 8
    x, y = MARGIN + pad % 8 * (width + 5), top + pad // 8 * (PAD + 5)
    loop = song.loops.get(song.pads.get(pad, ""))
    yield rect(x, y, width, PAD, WELL, 6)
    if loop:
        yield rect(x, y + PAD - 4, width, 4, loop.color, 2)
        yield words(x + 7, y + 15, fitting(loop.name, width - 12))
    else:
        yield f'<g opacity=".5">{words(x + 7, y + 16, str(pad))}</g>'
