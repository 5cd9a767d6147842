"""Pattern text and loops are inverses of each other, and no text breaks the parser."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from cellissimo.notation.pattern_parser import KEYWORDS, parse_pattern, read_pattern
from cellissimo.notation.pattern_printer import print_pattern
from cellissimo.notation.pattern_problem import split_lines
from cellissimo.schema.models import Loop
from tests.strategies import loops

_WORDS = (
    *KEYWORDS,
    "kick",
    "hat",
    "lead",
    "master",
    "kick.amp",
    ":",
    ": ",
    "|",
    "=",
    " ",
    "\t",
    "\n",
    "#",
    "//",
    "x...",
    "X.o-",
    "120",
    "3/4",
    "C major",
    "C | G",
    "I V vi IV",
    "%",
    ".",
    "velocity=0.8",
    "note=E4",
    "440hz",
    "mix=0.3",
    "time=8n",
    "default",
    "-1",
    "1e9",
    "on",
    "sample a: kick",
    "8",
    "4",
    "1",
)


def fragments() -> st.SearchStrategy[str]:
    """Texts made of the language's own words and of any characters."""
    return st.lists(st.sampled_from(_WORDS) | st.text(max_size=4), max_size=40).map(" ".join) | (
        st.lists(st.sampled_from(_WORDS), max_size=60).map("".join)
    )


@given(loops())
def test_text_says_everything_of_the_music(loop: Loop) -> None:
    """A loop printed and read again has the same music to the last field."""
    read = read_pattern(print_pattern(loop), loop_id=loop.id, name=loop.name)
    assert replace(loop, color=read.color, source=None) == read


@given(loops())
def test_canonical_text_is_a_fixed_point(loop: Loop) -> None:
    """Canonical text read and printed again is the same text, byte for byte."""
    text = print_pattern(loop)
    assert text == print_pattern(read_pattern(text))


@given(fragments())
def test_no_text_breaks_the_parser(text: str) -> None:
    """Any text gives a loop and problems that point into the text."""
    lines = split_lines(text)
    for problem in parse_pattern(text, loop_id="l").errors:
        assert 1 <= problem.line <= len(lines)
        assert 1 <= problem.column <= max(len(lines[problem.line - 1]), 1)
        assert problem.message
        assert problem.cure


@given(fragments())
def test_what_could_be_read_prints_and_reads_back(text: str) -> None:
    """The loop that remains of any text is sound: it prints to text that reads without a fault."""
    loop = parse_pattern(text, loop_id="l").loop
    assert loop == read_pattern(print_pattern(loop), loop_id="l")


@given(loops())
def test_comments_and_spaces_change_nothing(loop: Loop) -> None:
    """Comments, empty lines, indents and line ends of any system leave the meaning alone."""
    noisy = []
    for number, line in enumerate(print_pattern(loop).split("\n")):
        noisy += [("  " * (number % 3)) + line + ("  # so it is", " // so", "")[number % 3], ""]
    assert read_pattern(print_pattern(loop)) == read_pattern("\r\n".join(noisy))


@given(loops(), st.integers(0, 10**6))
def test_a_bad_line_leaves_the_rest(loop: Loop, place: int) -> None:
    """A line that does not read is reported with its number; all others count as before."""
    lines = print_pattern(loop).split("\n")
    at = place % len(lines)
    reading = parse_pattern("\n".join([*lines[:at], "sqe kick: x", *lines[at:]]), loop_id="l")
    assert [at + 1] == [problem.line for problem in reading.errors]
    assert read_pattern("\n".join(lines), loop_id="l") == reading.loop


@given(loops())
def test_the_order_of_lines_changes_nothing(loop: Loop) -> None:
    """Lines may stand in any order."""
    lines = print_pattern(loop).split("\n")
    assume(len(lines) > 2)
    assert read_pattern("\n".join(lines)) == read_pattern("\n".join(reversed(lines)))
