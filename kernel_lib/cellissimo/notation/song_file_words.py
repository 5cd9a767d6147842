"""The words of a line of the song file: texts, numbers and whole numbers, each checked."""

from __future__ import annotations

import json
import re
from typing import Any

from cellissimo.notation.pattern_problem import quoted
from cellissimo.schema.models import Value

MOST_TEXT = 1000
"""Longest string of a song file that is no name, such as an id or a chord."""

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"(?=\s|$)|[^\s"]+(?=\s|$)')
_NUMBER = re.compile(r"-?\d{1,40}(?:\.\d{1,400})?(?:e[+-]?\d{1,3})?", re.ASCII)
_HALF = re.compile(r"[\ud800-\udfff]")
"""Half of a character: no text can hold one alone."""

_INTEGER = re.compile(r"-?\d{1,12}", re.ASCII)
_CONFLICT_MARKS = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")


class FileFault(Exception):  # noqa: N818 - it never leaves the parser
    """What is wrong with the line that is being read; the parser adds its number."""

    def __init__(self, message: str, cure: str) -> None:
        """Keep the parts apart."""
        super().__init__(message)
        self.message = message
        self.cure = cure


def words_of(line: str) -> list[str]:
    """The words of a line; a text in quotes is one. Raises: FileFault for an open quotation."""
    if line.startswith(_CONFLICT_MARKS):
        raise FileFault(
            "a conflict of a merge is still in the file",
            "Keep one of its two sides and take the marks out.",
        )
    if _TOKEN.sub("", line).strip():
        raise FileFault(f"{quoted(line.strip())} does not read", "Close every quotation mark.")
    return _TOKEN.findall(line)


def read_text(word: str, what: str, most: int = MOST_TEXT) -> str:
    """The text that a word in quotes holds. Raises: FileFault past ``most`` characters."""
    try:
        text = json.loads(word) if word.startswith('"') else None
    except ValueError:
        text = None
    if not isinstance(text, str) or _HALF.search(text):
        raise FileFault(f"{what} is {quoted(word)}, not a text in quotes", 'Write it as "text".')
    if len(text) > most:
        raise FileFault(f"{what} has {len(text)} characters, more than {most}", "Make it shorter.")
    return text


def read_number(word: str, what: str) -> float:
    """The number that a word writes in decimal digits. Raises: FileFault for anything else."""
    if not _NUMBER.fullmatch(word):
        raise FileFault(f"{what} is {quoted(word)}, not a number", "Write digits, such as 0.5.")
    return float(word)


def is_integer(word: str) -> bool:
    """True for a whole number of at most 12 digits."""
    return _INTEGER.fullmatch(word) is not None


def read_integer(word: str, what: str, low: int, high: int) -> int:
    """The whole number ``low`` … ``high`` that a word writes. Raises: FileFault for others."""
    if not is_integer(word) or not low <= int(word) <= high:
        raise FileFault(
            f"{what} is {quoted(word)}, not a whole number {low} … {high}",
            f"Write one, such as {max(low, 0)}.",
        )
    return int(word)


def exactly(words: list[str], shape: str) -> list[str]:
    """The words, when there are as many as in ``shape``. Raises: FileFault showing the shape."""
    if len(words) != len(_TOKEN.findall(shape)) - 1:
        raise FileFault(f"the line has {len(words)} words after its keyword", f"Write {shape}.")
    return words


def matching(pattern: str, text: str, what: str, cure: str) -> str:
    """The text, where it has the form of ``pattern``. Raises: FileFault with the cure."""
    if not re.fullmatch(pattern, text):
        raise FileFault(f"{what} is {quoted(text)}", cure)
    return text


def read_value(word: str) -> Value:
    """The value of a setting: a text in quotes, true or false, or a number."""
    if word.startswith('"'):
        return read_text(word, "the value")
    if word in {"true", "false"}:
        return word == "true"
    return read_number(word, "the value")


def put_once(into: dict[Any, Any], key: Any, value: object, what: str) -> None:  # noqa: ANN401
    """Enters a value into a mapping. Raises: FileFault where the key is already there."""
    if key in into:
        raise FileFault(f"{what} stands twice", "Keep one of the two lines.")
    into[key] = value
