"""Pictures of loops and chords as SVG: what a saved notebook shows without a kernel."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from cellissimo.domain.chord import Chord
from cellissimo.domain.errors import CellissimoError
from cellissimo.domain.key import Key, parse_key
from cellissimo.domain.ticks import parse_meter
from cellissimo.notation.roman_numerals import parse_chord_or_roman, roman_of
from cellissimo.notation.rows import row_sound, rows_of
from cellissimo.notebook.card import (
    CATEGORY,
    HEAD,
    INK,
    MARGIN,
    NAMES,
    OTHER,
    PAPER,
    WELL,
    WIDTH,
    card,
    heading,
    plural,
    rect,
)
from cellissimo.schema import models

LANE = 42
ROW = 22

FUNCTION = {"tonic": "#6fcf97", "predominant": "#f2c14e", "dominant": "#ff7d6e"}


def loop_svg(loop: models.Loop, song: models.Song) -> str:
    """The loop as a card: its name, chords by bar, and the steps of each row."""
    rows = rows_of(loop)
    lane = LANE if loop.chords else 0
    height = HEAD + lane + ROW * len(rows) + MARGIN
    meter = parse_meter(loop.meter or song.meter)
    ticks = meter.ticks_per_bar / loop.steps_per_bar
    parts = [
        *heading(loop.name, _facts(loop, song), loop.color),
        *_chords(loop),
        *_grid(loop, rows, HEAD + lane, ticks),
    ]
    return card(WIDTH, height, loop.name, parts)


def chord_svg(chord: Chord) -> str:
    """The chord on two octaves of a keyboard, from its root up."""
    sounding = {(chord.root_pc or 0) + interval for interval in chord.intervals}
    first = (chord.root_pc or 0) // 12 * 12
    white = [pitch for pitch in range(first, first + 36) if pitch % 12 not in _BLACK][:21]
    parts = [*_white_keys(white, sounding), *_black_keys(white, sounding)]
    title = f'<text x="{MARGIN}" y="30" class="t">{escape(chord.symbol)}</text>'
    return card(MARGIN * 2 + 21 * 16, 128, chord.symbol, [title, *parts])


_BLACK = (1, 3, 6, 8, 10)


def _white_keys(white: list[int], sounding: set[int]) -> Iterator[str]:
    for at, pitch in enumerate(white):
        fill = FUNCTION["tonic"] if pitch in sounding else INK
        yield rect(MARGIN + at * 16, 42, 15, 68, fill, 2)


def _black_keys(white: list[int], sounding: set[int]) -> Iterator[str]:
    for at, pitch in enumerate(white):
        if (pitch + 1) % 12 in _BLACK:
            fill = FUNCTION["tonic"] if pitch + 1 in sounding else WELL
            yield rect(MARGIN + at * 16 + 11, 42, 9, 42, fill, 2)


def _facts(loop: models.Loop, song: models.Song) -> tuple[str, ...]:
    return (
        plural(loop.bars, "bar"),
        loop.meter or song.meter,
        loop.key,
        f"{loop.tempo or song.tempo:g} BPM",
    )


def _chords(loop: models.Loop) -> Iterator[str]:
    cells = loop.cells
    starts = list(loop.chords)
    for start, end in zip(starts, [*starts[1:], cells], strict=False):
        left, right = _x(start, cells), _x(end, cells)
        yield from _chord_tile(loop, loop.chords[start], left, right - left - 3)


def _chord_tile(loop: models.Loop, symbol: str, left: float, width: float) -> Iterator[str]:
    try:
        key = parse_key(loop.key)
        chord = parse_chord_or_roman(symbol, key)
        letters, roman, fill = chord.symbol, roman_of(chord, key), _function_colour(chord, key)
    except CellissimoError:
        letters, roman, fill = symbol, "?", OTHER
    yield rect(left, HEAD, width, LANE - 8, fill, 6)
    if width < 26:
        return
    text = f'x="{left + 8:.1f}" fill="{PAPER}" style="fill:{PAPER}"'
    yield f'<text {text} y="{HEAD + 15}" class="c">{escape(letters)}</text>'
    yield f'<text {text} y="{HEAD + 28}" class="r">{escape(roman)}</text>'


def _function_colour(chord: Chord, key: Key) -> str:
    return FUNCTION.get(key.function_of(chord), OTHER)


def _grid(loop: models.Loop, rows: tuple[str, ...], top: float, ticks: float) -> Iterator[str]:
    for at, row in enumerate(rows):
        y = top + at * ROW
        yield f'<text x="{MARGIN}" y="{y + 14}" class="n">{escape(_row_label(loop, row))}</text>'
        yield _wells(loop, y)
        yield from _row_steps(loop, row, y, ticks)


def _row_label(loop: models.Loop, row: str) -> str:
    sound = row_sound(loop, row)
    name = sound.name if sound and row in (sound.id, *sound.aliases) else row
    return name if len(name) <= 15 else name[:14] + "…"


def _wells(loop: models.Loop, y: float) -> str:
    """One path for the empty cells of a row, with a gap before each beat."""
    cells = "".join(_cell_path(loop, cell, y) for cell in range(loop.cells))
    return f'<path d="{cells}" fill="{WELL}"/>'


def _row_steps(loop: models.Loop, row: str, y: float, ticks: float) -> Iterator[str]:
    sound = row_sound(loop, row)
    colour = CATEGORY[sound.category] if sound else OTHER
    quiet = bool(loop.settings.get(f"{row}.amp.mute"))
    yield _ties(loop, row, y, ticks, colour)
    by_velocity: dict[int, list[str]] = {}
    for (name, cell), step in loop.steps.items():
        if name == row:
            by_velocity.setdefault(step.velocity, []).append(_cell_path(loop, cell, y))
    for velocity, paths in sorted(by_velocity.items()):
        opacity = (0.35 + 0.65 * velocity / 127) * (0.3 if quiet else 1)
        yield f'<path d="{"".join(paths)}" fill="{colour}" fill-opacity="{opacity:.2f}"/>'


def _ties(loop: models.Loop, row: str, y: float, ticks: float, colour: str) -> str:
    """One path for the ribbons over the cells, of ``ticks`` each, through which steps last."""
    ribbons = []
    for (name, cell), step in loop.steps.items():
        end = min(cell + (step.duration or 0) / ticks, loop.cells)
        if name == row and end > cell + 1:
            left, right = _x(cell + 1, loop.cells), _x(end, loop.cells)
            ribbons.append(f"M{left - 2:.1f} {y + 8:g}h{right - left:.1f}v5h{left - right:.1f}z")
    return f'<path d="{"".join(ribbons)}" fill="{colour}" fill-opacity="0.45"/>' if ribbons else ""


def _cell_path(loop: models.Loop, cell: int, y: float) -> str:
    left, right = _x(cell, loop.cells), _x(cell + 1, loop.cells)
    gap = 2.0 if right - left > 6 else 1.0
    width = right - left - gap
    return f"M{left:.1f} {y + 2:g}h{width:.1f}v{ROW - 5}h{-width:.1f}z"


def _x(cell: float, cells: int) -> float:
    return MARGIN + NAMES + (WIDTH - 2 * MARGIN - NAMES) * cell / cells
