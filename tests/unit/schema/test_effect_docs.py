"""The page about effects: it lists every parameter as the schema has it, and its examples read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cellissimo.notation.pattern_parser import read_pattern
from cellissimo.schema.parameter import Kind, Parameter
from cellissimo.schema.parameters import EFFECTS, LFO_TARGETS, SETTINGS

PAGE = (Path(__file__).parents[3] / "docs" / "effects.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```pattern\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
SECTIONS = {*EFFECTS, "band1", "limiter", *(f"lfo-{target}" for target in LFO_TARGETS)}
LISTED = [p for p in SETTINGS if p.section in SECTIONS and p.name != "bypass"]


def row(parameter: Parameter) -> str:
    """The row of a parameter: key, range, default, meaning."""
    if parameter.kind is Kind.CHOICE:
        reach = ", ".join(parameter.choices)
    else:
        unit = f" {parameter.unit}" if parameter.unit else ""
        reach = f"{parameter.low:g} … {parameter.high:g}{unit}"
    key = parameter.key + (" (to band4)" if parameter.section == "band1" else "")
    return f"| {key} | {reach} | {parameter.default} | {parameter.doc} |"


@pytest.mark.parametrize("parameter", LISTED, ids=lambda p: p.key)
def test_every_parameter_has_its_row(parameter):
    """Range, default and meaning as the engine takes them."""
    assert row(parameter) in PAGE.splitlines()


def test_the_page_lists_nothing_else():
    """No row of a parameter that is no more."""
    rows = [line for line in PAGE.splitlines() if re.match(r"\| [a-z0-9-]+\.[a-z]+", line)]
    assert sorted(rows) == sorted(map(row, LISTED))


@pytest.mark.parametrize("text", EXAMPLES)
def test_examples_read(text):
    """Each example is a pattern without a fault that sets something."""
    assert read_pattern(f"seq lead: x...\nseq drums: x...\nsample drums: kick\n{text}").settings


def test_every_effect_has_a_chapter_and_an_example():
    """A heading that begins with its name, and a line that uses it."""
    for effect in (*EFFECTS, "limiter", "lfo"):
        assert re.search(rf"^## {effect}\b", PAGE, re.MULTILINE), effect
        keyword = "band1" if effect == "band" else effect
        assert re.search(rf"^{keyword} ", "".join(EXAMPLES), re.MULTILINE), effect
