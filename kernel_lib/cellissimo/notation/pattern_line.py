"""A pattern text cut into lines and words that know where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cellissimo.notation.pattern_problem import LineFault, PatternProblem, split_lines

_COMMENT = re.compile(r"(?:^|(?<=\s))#|//")
_WORD = re.compile(r"\S+")
_JOINTS = "=>"
_JOINED = re.compile(r"\s*([=>])\s*")


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of a line with its place: ``line`` and ``column`` count from 1."""

    text: str
    line: int
    column: int

    def fault(self, message: str, cure: str, at: int = 0) -> LineFault:
        """The fault of this word, pointing ``at`` characters into it."""
        return LineFault(PatternProblem(self.line, self.column + at, message, cure))


@dataclass(frozen=True, slots=True)
class Line:
    """One line that says something.

    ``keyword`` is its first word, ``head`` the words between it and the colon, ``rest`` what
    follows the colon (empty without one).
    """

    keyword: Word
    head: tuple[Word, ...]
    has_colon: bool
    rest: Word

    def words(self) -> tuple[Word, ...]:
        """The words after the colon; ``p = v`` and ``a > b`` are one word, without their spaces."""
        spans = _joined_spans(self.rest.text)
        return tuple(
            Word(
                _JOINED.sub(r"\1", self.rest.text[start:end]),
                self.rest.line,
                self.rest.column + start,
            )
            for start, end in spans
        )


def read_lines(text: str) -> Iterator[Line]:
    """The lines of a text that say something: comments and empty lines are left out."""
    for number, raw in enumerate(split_lines(text), start=1):
        comment = _COMMENT.search(raw)
        body = (raw[: comment.start()] if comment else raw).rstrip()
        if body:
            yield _line(body, number)


def _line(body: str, number: int) -> Line:
    before, colon, after = body.partition(":")
    words = [Word(m[0], number, m.start() + 1) for m in _WORD.finditer(before)]
    rest_start = len(body) - len(after.lstrip()) if colon else len(body)
    rest = Word(body[rest_start:], number, max(min(rest_start + 1, len(body)), 1))
    if not words:
        words = [Word(":", number, len(before) + 1)]
    return Line(words[0], tuple(words[1:]), bool(colon), rest)


def _joined_spans(text: str) -> list[tuple[int, int]]:
    """Where words begin and end, spaces around = and > not counted as ends."""
    spans: list[tuple[int, int]] = []
    for match in _WORD.finditer(text):
        start, end = match.span()
        if spans and (text[start] in _JOINTS or text[spans[-1][1] - 1] in _JOINTS):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans
