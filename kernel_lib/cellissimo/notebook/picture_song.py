"""Pictures of songs, stems and segments as SVG: the timeline with all that lies on it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from cellissimo.domain.tempo_map import MeterMap, TempoMap
from cellissimo.notebook.card import (
    HEAD,
    INK,
    MARGIN,
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
from cellissimo.notebook.picture_parts import (
    LEFT,
    Scale,
    Waves,
    content,
    loop_of,
    name_tag,
    no_waves,
    tiles,
    turns,
)
from cellissimo.schema import limits, models

RULER, SECTIONS, LANE, STEM, TALL = 20, 20, 30, 34, 110
PAD = 26
MOST_STEMS = 24
MOST_STROKES = 2600
"""Notes and steps drawn on a card: what is more is thinned out."""


MOST_TILES = 90
"""Blocks and segments that are drawn with round corners."""


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
    stem, loop = song.stems[segment.stem], loop_of(song, segment)
    if loop is not None:
        return loop_svg(loop, song)
    scale = _scale_of(song, waves)
    bar, _ = scale.meters.bar_at(segment.start)
    last, ticks = scale.meters.bar_at(segment.end)
    name = segment.name or f"{segment.kind} on {stem.name}"
    facts = (song.name, stem.name, f"bars {bar}–{last if ticks else max(last - 1, bar)}")
    box = (MARGIN, HEAD, WIDTH - 2 * MARGIN, TALL)
    parts = [*heading(name, facts, stem.color), rect(*box, WELL, 8)]
    parts += content(scale, segment, box, stem.color)
    return card(WIDTH, HEAD + TALL + MARGIN, name, parts)


# -- the card --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Row:
    """A strip of the card: its height, and what is drawn in it from a top edge on."""

    height: int
    draw: Callable[[float], Iterable[str]]


def _timeline(scale: Scale, head: Iterable[str], rows: list[_Row], title: str) -> str:
    parts, y = [*head, *_ruler(scale)], float(HEAD + RULER)
    for row in rows:
        parts += row.draw(y)
        y += row.height
    return card(WIDTH, y + MARGIN - 4, title, parts)


def _scale_of(song: models.Song, waves: Waves) -> Scale:
    meters = MeterMap(song.meters)
    end = max(_end_of(song), *(section.end for section in song.sections.values()), 1)
    rows = min(len(song.stems), MOST_STEMS) + len({block.lane for block in song.blocks.values()})
    full = MOST_STROKES / ((WIDTH - LEFT) * max(rows, 1))
    density = full if _strokes_of(song) > MOST_STROKES else math.inf
    many = len(song.blocks) + len(song.segments) > MOST_TILES
    return Scale(song, max(end, meters.meter_at(0).ticks_per_bar), meters, waves, density, many)


def _end_of(song: models.Song) -> int:
    ends = [block.end for block in song.blocks.values()]
    return max((*ends, *(segment.end for segment in song.segments.values())), default=0)


def _strokes_of(song: models.Song) -> int:
    """How many notes and steps the song would draw."""
    parts = (*song.blocks.values(), *song.segments.values())
    loops = (loop_of(song, part) for part in parts)
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


def _ruler(scale: Scale) -> Iterator[str]:
    starts = scale.meters.bar_starts(scale.end)
    step = 2 ** max(math.ceil(math.log2(max(len(starts) * 26 / (WIDTH - LEFT), 1))), 0)
    lines = "".join(f"M{scale.x(tick):.1f} {HEAD + 2}v12" for tick in starts[::step])
    yield f'<path d="{lines}" stroke="{WELL}"/>'
    for bar, tick in list(enumerate(starts, 1))[::step]:
        yield words(scale.x(tick) + 4, HEAD + 12, str(bar), "f")


def _sections(scale: Scale) -> _Row:
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


def _lanes(scale: Scale) -> Iterator[_Row]:
    lanes = sorted({block.lane for block in scale.song.blocks.values()})
    for at, lane in enumerate(lanes):
        blocks = [block for block in scale.song.blocks.values() if block.lane == lane]
        yield _Row(LANE, _lane_drawing(scale, blocks, "Loops" if at == 0 else ""))


def _lane_drawing(
    scale: Scale, blocks: list[models.Block], name: str
) -> Callable[[float], Iterator[str]]:
    def draw(y: float) -> Iterator[str]:
        yield words(MARGIN, y + 17, name, "n")
        yield _well(y, LANE)
        placed = [(block, loop, scale.box(block, y, LANE)) for block, loop in with_loops]
        yield from tiles(scale, [(box, loop.color) for _, loop, box in placed])
        for block, loop, box in placed:
            yield from turns(scale, loop, (block.start, block.length), box, loop.color)
            yield name_tag(loop.name, box)

    ordered = sorted(blocks, key=lambda block: (block.start, block.length))
    with_loops = [(b, scale.song.loops[b.loop]) for b in ordered if b.loop in scale.song.loops]
    return draw


# -- stems -----------------------------------------------------------------------------------------


def _stems(scale: Scale) -> Iterator[_Row]:
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


def _segments(scale: Scale, stem: models.Stem, row_height: int) -> Callable[[float], Iterator[str]]:
    def draw(y: float) -> Iterator[str]:
        yield _well(y, row_height)
        boxes = [(segment, scale.box(segment, y, row_height)) for segment in segments]
        yield from tiles(scale, [(box, stem.color) for _, box in boxes])
        for segment, box in boxes:
            yield from content(scale, segment, box, stem.color)

    segments = _segments_of(scale.song, stem)
    return draw


def _segments_of(song: models.Song, stem: models.Stem) -> list[models.Segment]:
    mine = (segment for segment in song.segments.values() if segment.stem == stem.id)
    return sorted(mine, key=lambda segment: (segment.start, segment.length, segment.name))


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
