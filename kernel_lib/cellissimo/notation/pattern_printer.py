"""A loop as pattern text: canonical, aligned, and read back to the same loop."""

from __future__ import annotations

from collections.abc import Iterator

from cellissimo.notation.pattern_chords import chords_text
from cellissimo.notation.pattern_finish import USUAL_BARS, USUAL_KEY, usual_grid
from cellissimo.notation.pattern_settings import settings_lines
from cellissimo.notation.pattern_steps import changes_text, letters_text
from cellissimo.notation.pattern_value import plain
from cellissimo.notation.rows import rows_of
from cellissimo.schema.limits import MASTER
from cellissimo.schema.models import Loop


def print_pattern(loop: Loop) -> str:
    """The canonical text of a loop's music, which `read_pattern` reads back to the same music.

    Header, chords, the grid of letters, then what letters cannot say and the settings, row by
    row in the order of the sound library, the master last. It ends with a newline.
    """
    rows = rows_of(loop)
    sounding = tuple(row for row in rows if any(step_row == row for step_row, _ in loop.steps))
    blocks = [
        [*_header(loop, has_length=bool(sounding or loop.chords))],
        [*_grid(loop, sounding)],
        *([*_row_lines(loop, row)] for row in rows),
        [*settings_lines(loop.settings, MASTER)],
    ]
    return _joined(blocks)


def _joined(blocks: list[list[str]]) -> str:
    """The blocks, the grid set off by empty lines from what stands around it."""
    details = [line for block in blocks[2:] for line in block]
    parts = [part for part in (*blocks[:2], details) if part]
    return "\n\n".join("\n".join(part) for part in parts) + "\n" if parts else ""


def _header(loop: Loop, *, has_length: bool) -> Iterator[str]:
    if loop.tempo is not None:
        yield f"TEMPO {plain(loop.tempo)}"
    if loop.meter is not None:
        yield f"METER {loop.meter}"
    if loop.key != USUAL_KEY or loop.chords:
        yield f"KEY {loop.key}"
    if loop.steps_per_bar != usual_grid(loop.meter):
        yield f"GRID {loop.steps_per_bar}"
    if not has_length and loop.bars != USUAL_BARS:
        yield f"BARS {loop.bars}"
    if chords := chords_text(loop):
        yield f"chords: {chords}"


def _grid(loop: Loop, rows: tuple[str, ...]) -> Iterator[str]:
    width = max((len(row) for row in rows), default=0) + 1
    for row in rows:
        yield f"seq {row + ':':<{width}} {letters_text(loop, row)}"


def _row_lines(loop: Loop, row: str) -> Iterator[str]:
    steps = sorted(
        (cell, step)
        for (name, cell), step in loop.steps.items()
        if name == row
        if 0 <= cell < loop.cells
    )
    for cell, step in steps:
        if changes := changes_text(step):
            yield f"step {row} {cell}: {changes}"
    yield from settings_lines(loop.settings, row)
