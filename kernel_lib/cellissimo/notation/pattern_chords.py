"""The chords line of a pattern: "C | G . . Am7 | %" or "I V vi IV", read and printed."""

from __future__ import annotations

from cellissimo.domain.errors import NotationError
from cellissimo.notation.pattern_line import Word
from cellissimo.notation.progression import parse_progression, print_progression
from cellissimo.schema.limits import BAR_COUNTS
from cellissimo.schema.models import Loop


def chord_bars(word: Word) -> int:
    """How many bars a chords line asks for: those that | parts, or else one for each chord.

    Chords without | that are more than the longest loop has bars ask for that loop.
    """
    parts = word.text.split("|")
    if len(parts) == 1:
        return min(len(parts[0].split()), max(BAR_COUNTS))
    return max(len(parts) - (not parts[0].strip()) - (not parts[-1].strip()), 1)


def read_chords(word: Word, loop: Loop) -> dict[int, str]:
    """The chords of a line on the cells of a loop. Raises: LineFault at the chord's column."""
    try:
        return dict(parse_progression(word.text, loop.bars, loop.steps_per_bar))
    except NotationError as error:
        at = min(max(error.column - 1, 0), max(len(word.text) - 1, 0))
        raise word.fault(error.problem, error.cure, at) from None


def chords_text(loop: Loop) -> str:
    """The chords of a loop as one line over all its bars; "" for a loop without chords."""
    inside = ((cell, symbol) for cell, symbol in loop.chords.items() if 0 <= cell < loop.cells)
    return print_progression(inside, loop.bars, loop.steps_per_bar)
