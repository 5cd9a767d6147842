"""The page about patterns: its examples read, and it leaves no keyword out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cellissimo.notation.pattern_parser import KEYWORDS, read_pattern
from cellissimo.notation.pattern_printer import print_pattern
from cellissimo.notation.pattern_problem import PatternError
from cellissimo.schema.parameters import EFFECTS, GROOVE_TEMPLATES, LFO_TARGETS, SETTINGS
from cellissimo.schema.sounds import SOUNDS
from cellissimo.schema.voice import VOICE

PAGE = (Path(__file__).parents[3] / "docs" / "patterns.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
EXAMPLES = [text for kind, text in BLOCKS if kind == "pattern"]


@pytest.mark.parametrize("text", EXAMPLES)
def test_examples_read_and_print_back(text: str) -> None:
    """Every example reads without a fault, and its canonical text means the same."""
    loop = read_pattern(text)
    assert loop == read_pattern(print_pattern(loop))


@pytest.mark.parametrize("keyword", KEYWORDS)
def test_every_keyword_has_an_example(keyword: str) -> None:
    """No keyword is missing from the examples."""
    assert re.search(rf"^{keyword}[ :]", "".join(EXAMPLES), re.MULTILINE)


@pytest.mark.parametrize("parameter", [*SETTINGS, *VOICE], ids=lambda p: p.key)
def test_every_parameter_stands_on_the_page(parameter) -> None:
    """No parameter is missing: it is in an example, or its lfo target is listed."""
    section, _, target = parameter.section.partition("-")
    lines = re.findall(rf"^{section} .*", "".join(EXAMPLES), re.MULTILINE)
    named = parameter.positional or f"{parameter.name}=" in " ".join(lines)
    assert lines
    assert named
    assert not target or (target in LFO_TARGETS and f"`{target}`" in PAGE)


def test_every_sound_has_a_name_on_the_page() -> None:
    """Each sound of the library is listed by one of its names, and no other name is."""
    listed = re.search(r"plays that sound: (.*?)\.", PAGE, re.DOTALL)
    assert listed
    names = set(re.findall(r"[a-z0-9]+", listed[1])) - {"or"}
    aliases = {sound.id: set(sound.aliases) for sound in SOUNDS.values()}
    assert names <= set().union(*aliases.values())
    assert not [sound for sound, own in aliases.items() if not own & names]


def test_the_fault_example_is_what_is_said() -> None:
    """The page shows the very message that a wrong pattern gives."""
    kinds = [kind for kind, _ in BLOCKS]
    wrong = BLOCKS[kinds.index("wrong")][1]
    with pytest.raises(PatternError) as caught:
        read_pattern(wrong)
    assert BLOCKS[kinds.index("text")][1].rstrip("\n") == str(caught.value)


def test_the_page_says_of_no_line_that_it_is_not_heard() -> None:
    """Every keyword sounds, and the page promises no less."""
    assert not re.search(r"not heard|not .{0,20}yet", PAGE)


def test_the_page_names_every_template_and_effect() -> None:
    """The lists of the page are those of the schema."""
    assert [name for name in GROOVE_TEMPLATES.split() if name not in PAGE] == []
    assert f"in the order {', '.join(EFFECTS)}." in PAGE
