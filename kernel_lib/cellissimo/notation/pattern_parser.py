"""Pattern text into a loop: every line that reads counts, every other says what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cellissimo.domain.errors import CellissimoError
from cellissimo.domain.key import parse_key
from cellissimo.domain.ticks import parse_meter
from cellissimo.notation.pattern_draft import Draft, StepLine
from cellissimo.notation.pattern_finish import finished_loop
from cellissimo.notation.pattern_line import Line, Word, read_lines
from cellissimo.notation.pattern_problem import (
    PatternError,
    PatternProblem,
    did_you_mean,
    quoted,
)
from cellissimo.notation.pattern_settings import (
    SECTION_KEYWORDS,
    read_row_name,
    read_settings,
)
from cellissimo.notation.pattern_steps import read_letters
from cellissimo.notation.pattern_value import read_integer, read_number
from cellissimo.schema.limits import BAR_COUNTS, MASTER, STEPS_PER_BAR, TEMPO_RANGE
from cellissimo.schema.models import Loop

MOST_CHARACTERS = 2_000_000
"""Longest text that is read; the longest loop prints shorter."""


MOST_PROBLEMS = 100
"""After so many lines that do not read, the rest of a text is left unread."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a pattern text says: the loop of all lines that read, and what the others lack.

    ``errors`` are sorted by line.
    """

    loop: Loop
    errors: tuple[PatternProblem, ...] = ()


def parse_pattern(
    text: str, *, loop_id: str, name: str = "pattern", bars: int | None = None
) -> Reading:
    """The loop that a pattern text describes, with a problem for each line that does not read.

    A bad line is left out and the rest stands. ``bars`` (1, 2, 4 or 8) is the length where no
    BARS line gives one; without both, the loop is as long as its longest line needs.
    *Cost*: O(characters + cells of the rows).
    """
    draft = Draft(bars=bars)
    if len(text) > MOST_CHARACTERS:
        message = f"the text has {len(text)} characters, more than {MOST_CHARACTERS}"
        draft.problems.append(PatternProblem(1, 1, message, "Make a loop of each part."))
        text = ""
    for line in read_lines(text.removeprefix("\ufeff")):  # the mark that some editors begin with
        if len(draft.problems) == MOST_PROBLEMS:
            message = f"{MOST_PROBLEMS} lines do not read, and the rest is left unread"
            draft.blame(line.keyword.fault(message, "Mend the lines above first."))
            break
        with draft.collecting():
            _reader(line)(draft, line)
    loop = finished_loop(draft, loop_id, name)
    return Reading(loop, tuple(sorted(draft.problems)))


def read_pattern(
    text: str, *, loop_id: str = "pattern", name: str = "pattern", bars: int | None = None
) -> Loop:
    """The loop that a pattern text describes, when every line of it reads.

    Raises: PatternError showing each bad line with a caret, the problem and its cure.
    """
    reading = parse_pattern(text, loop_id=loop_id, name=name, bars=bars)
    if reading.errors:
        raise PatternError(text, reading.errors)
    return reading.loop


def _reader(line: Line) -> Callable[[Draft, Line], None]:
    keyword = line.keyword.text.lower()
    if keyword in _LINES:
        return _LINES[keyword]
    if keyword in SECTION_KEYWORDS:
        return _settings_line
    if keyword == ":":
        raise line.keyword.fault(
            "nothing stands before the colon",
            "Begin with a keyword, such as seq kick: x...x...x...x...",
        )
    cure = did_you_mean(keyword, KEYWORDS, "A row of steps is seq kick: x...x...x...x...")
    raise line.keyword.fault(f"{quoted(line.keyword.text)} is not a keyword", cure)


def _header_value(draft: Draft, line: Line, example: str) -> Word:
    """What follows a header's keyword, as one word; a colon between them is free."""
    keyword = line.keyword.text.upper()
    words = (*line.head, *line.rest.text.split())
    if not words or (line.head and line.rest.text):
        raise line.keyword.fault(
            f"{keyword} has no value" if not words else f"{keyword} has a colon inside its value",
            f"Write {example}.",
        )
    draft.say_once(keyword, line.keyword)
    if line.rest.text:
        return line.rest
    text = " ".join(word.text for word in line.head)
    return Word(text, line.keyword.line, line.head[0].column)


def _tempo_line(draft: Draft, line: Line) -> None:
    word = _header_value(draft, line, "TEMPO 120")
    draft.tempo = read_number(word, "TEMPO", *TEMPO_RANGE)


def _meter_line(draft: Draft, line: Line) -> None:
    word = _header_value(draft, line, "METER 3/4")
    try:
        draft.meter = str(parse_meter(word.text))
    except CellissimoError:
        raise word.fault(
            f"{quoted(word.text)} is not a meter of 1 … 32 beats of 1, 2, 4, 8, 16 or 32",
            "Write 4/4, 3/4 or 6/8.",
        ) from None


def _key_line(draft: Draft, line: Line) -> None:
    word = _header_value(draft, line, "KEY C major")
    try:
        draft.key = str(parse_key(word.text))
    except CellissimoError:
        raise word.fault(
            f"{quoted(word.text)} is not a key",
            "Write a note and a mode, such as C major, F# minor or D dorian.",
        ) from None


def _bars_line(draft: Draft, line: Line) -> None:
    word = _header_value(draft, line, "BARS 4")
    if word.text not in map(str, BAR_COUNTS):
        raise word.fault(
            f"BARS is {quoted(word.text)}; a loop has 1, 2, 4 or 8 bars",
            "Write one of them, such as BARS 4.",
        )
    draft.bars = int(word.text)


def _grid_line(draft: Draft, line: Line) -> None:
    word = _header_value(draft, line, "GRID 16")
    cure = "Write the number of cells in a bar, such as GRID 16."
    draft.grid = read_integer(word, "GRID", *STEPS_PER_BAR, cure)


def _chords_line(draft: Draft, line: Line) -> None:
    if line.head or not line.has_colon:
        raise line.keyword.fault(
            "the chords line has no colon after its keyword", "Write chords: C | G | Am | F"
        )
    draft.say_once("chords", line.keyword)
    draft.chords = line.rest


def _seq_line(draft: Draft, line: Line) -> None:
    if len(line.head) != 1 or not line.has_colon:
        raise line.keyword.fault(
            "a seq line names one row and has a colon after it", "Write seq kick: x...x...x...x..."
        )
    row = read_row_name(line.head[0])
    letters = read_letters(line.rest)
    draft.say_once(f"seq {row}", line.head[0])
    draft.letters[row] = (line.rest, letters)
    draft.name_row(row, line.head[0], line)


def _step_line(draft: Draft, line: Line) -> None:
    if len(line.head) != len(("row", "cell")) or not line.has_colon:
        raise line.keyword.fault(
            "a step line names a row and a cell and has a colon after them",
            "Write step lead 4: velocity=0.8, where 4 counts cells from 0.",
        )
    row = read_row_name(line.head[0])
    cell = line.head[1]
    most = max(BAR_COUNTS) * STEPS_PER_BAR[1] - 1
    number = read_integer(cell, "the cell", 0, most, "Cells count from 0.")
    draft.say_once(f"step {row} {number}", line.keyword)
    draft.step_lines.append(StepLine(row, cell, line.words()))
    draft.name_row(row, line.head[0], line)


def _settings_line(draft: Draft, line: Line) -> None:
    target, settings = read_settings(line)
    for key in settings:
        draft.say_once(key, line.keyword)
    draft.settings.update(settings)
    if target.text != MASTER:
        draft.name_row(target.text, target, line)


_LINES: dict[str, Callable[[Draft, Line], None]] = {
    "tempo": _tempo_line,
    "meter": _meter_line,
    "key": _key_line,
    "bars": _bars_line,
    "grid": _grid_line,
    "chords": _chords_line,
    "seq": _seq_line,
    "step": _step_line,
}

KEYWORDS = (*(k.upper() for k in list(_LINES)[:5]), *list(_LINES)[5:], *SECTION_KEYWORDS)
"""Every keyword that a line can begin with, as canonical text writes it."""
