"""What is wrong with a pattern: where, what, and the cure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from cellissimo.domain.errors import CellissimoError

_MOST_QUOTED = 40
_MOST_SHOWN = 200
"""Characters of a line that are shown around its fault."""


@dataclass(frozen=True, slots=True, order=True)
class PatternProblem:
    """One fault of a pattern text: ``line`` and ``column`` count from 1, ``cure`` is a sentence."""

    line: int
    column: int
    message: str
    cure: str

    def __str__(self) -> str:
        """The fault in one line: "line 2, column 5: …"."""
        return f"line {self.line}, column {self.column}: {self.message}. {self.cure}"


class LineFault(Exception):  # noqa: N818 - it never leaves the parser
    """Stops the reading of one line; the parser collects its problem and goes on."""

    def __init__(self, problem: PatternProblem) -> None:
        """Carry the problem to the loop over the lines."""
        super().__init__(str(problem))
        self.problem = problem


class PatternError(CellissimoError):
    """A pattern text that does not read: every fault with its line, a caret and a cure."""

    def __init__(self, text: str, problems: Sequence[PatternProblem]) -> None:
        """Show all problems of the text at once, in the order of its lines."""
        self.problems = tuple(problems)
        lines = split_lines(text)
        shown = "\n".join(_shown(lines, problem) for problem in self.problems)
        super().__init__(f"The pattern does not read:\n{shown}")


def split_lines(text: str) -> list[str]:
    """The lines of a text as editors count them: ended by LF, CR LF or CR and nothing else."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word most like ``word``, or "" when none is."""
    by_lower = {name.lower(): name for name in known}
    small = word.lower()[:64]
    begun = [name for name in by_lower if len(small) > 1 and name.startswith(small)]
    close = begun or get_close_matches(small, by_lower, n=1, cutoff=0.7)
    return by_lower[close[0]] if close else ""


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """The cure of an unknown word: the known one most like it, or ``otherwise``."""
    close = nearest(word, known)
    return f'Did you mean "{close}"?' if close else otherwise


def quoted(text: str) -> str:
    """A text from outside as it stands in a message: in quotes, shortened."""
    return f'"{text}"' if len(text) <= _MOST_QUOTED else f'"{text[: _MOST_QUOTED - 1]}…"'


def _shown(lines: Sequence[str], problem: PatternProblem) -> str:
    line = lines[problem.line - 1].replace("\t", " ").removeprefix("\ufeff")
    begin = max(problem.column - _MOST_SHOWN // 2, 0) if len(line) > _MOST_SHOWN else 0
    number = f"{problem.line:>4}  "
    caret = " " * (len(number) + problem.column - 1 - begin) + "^"
    return f"{number}{line[begin : begin + _MOST_SHOWN]}\n{caret} {problem.message}. {problem.cure}"
