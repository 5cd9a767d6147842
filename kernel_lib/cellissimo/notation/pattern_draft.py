"""What the lines of a pattern have said so far, while the rest is read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from cellissimo.notation.pattern_line import Line, Word
from cellissimo.notation.pattern_problem import LineFault, PatternProblem
from cellissimo.schema.models import Value


@dataclass(frozen=True, slots=True)
class StepLine:
    """A line about one step: its row, the word of its cell, and what it says."""

    row: str
    cell: Word
    words: tuple[Word, ...]


@dataclass(slots=True)
class Draft:
    """The parser's working copy. Headers, chords, letters and settings come with their words."""

    tempo: float | None = None
    meter: str | None = None
    key: str | None = None
    bars: int | None = None
    grid: int | None = None
    chords: Word | None = None
    letters: dict[str, tuple[Word, str]] = field(default_factory=dict)
    step_lines: list[StepLine] = field(default_factory=list)
    settings: dict[str, Value | None] = field(default_factory=dict)
    rows: dict[str, Word] = field(default_factory=dict)
    said: dict[str, int] = field(default_factory=dict)
    problems: list[PatternProblem] = field(default_factory=list)

    @contextmanager
    def collecting(self) -> Iterator[None]:
        """Keeps the problem of the line that is read inside, and goes on after it."""
        try:
            yield
        except LineFault as fault:
            self.blame(fault)

    def blame(self, fault: LineFault) -> None:
        """Keeps the problem of a fault."""
        self.problems.append(fault.problem)

    def say_once(self, what: str, word: Word) -> None:
        """Notes that a line says ``what``. Raises: LineFault when an earlier line said it."""
        if what in self.said:
            raise word.fault(
                f"{what} was already given in line {self.said[what]}", "Keep one of the two lines."
            )
        self.said[what] = word.line

    def name_row(self, row: str, word: Word, line: Line) -> None:
        """Notes where a row is named: its seq line if it has one, else the first line."""
        if line.keyword.text.lower() == "seq" or row not in self.rows:
            self.rows[row] = word
