"""Settings as lines: "env kick: attack=0.01 decay=0.1", read and printed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from cellissimo.notation.pattern_line import Line, Word
from cellissimo.notation.pattern_problem import did_you_mean, quoted
from cellissimo.notation.pattern_value import read_value, value_text
from cellissimo.schema.limits import MASTER, ROW_NAME_PATTERN
from cellissimo.schema.models import Value
from cellissimo.schema.parameter import Parameter, Scope
from cellissimo.schema.parameters import BANDS, LFO_TARGETS, SETTINGS
from cellissimo.schema.voice import VOICE

DEFAULT = "default"
"""The word that leaves a parameter unset."""

_LFO = "lfo"
_BYPASS = "bypass"

USUAL: Mapping[str, tuple[str, Value]] = {
    "comp": ("ratio", 4.0),
    "distort": ("amount", 0.3),
    "chorus": ("mix", 0.3),
    "phaser": ("mix", 0.5),
    "delay": ("mix", 0.3),
    "reverb": ("mix", 0.3),
    **dict.fromkeys(BANDS, ("type", "peak")),
    **dict.fromkeys((f"{_LFO}-{target}" for target in LFO_TARGETS), ("depth", 0.5)),
}
"""What a line of an effect means where it does not say it: such a line is meant to be heard."""


def _sections() -> dict[str, dict[str, Parameter]]:
    found: dict[str, dict[str, Parameter]] = {}
    for parameter in (*SETTINGS, *VOICE):
        found.setdefault(parameter.section, {})[parameter.name] = parameter
    return found


_SECTIONS = _sections()
_ROW_NAME = re.compile(ROW_NAME_PATTERN, re.ASCII)

SECTION_KEYWORDS = (*(s for s in _SECTIONS if not s.startswith(_LFO)), _LFO)
"""The keywords whose lines hold settings: sample, note, env, amp …, osc …, and lfo."""


def read_row_name(word: Word) -> str:
    """The name of a row. Raises: LineFault for what cannot be one, and for the master."""
    if word.text == MASTER:
        raise word.fault("the master has no steps of its own", "Name a row, such as kick.")
    if not _ROW_NAME.fullmatch(word.text):
        raise word.fault(
            f"{quoted(word.text)} cannot name a row",
            "Begin with a letter; up to 31 letters, digits, - or _ may follow.",
        )
    return word.text


def read_settings(line: Line) -> tuple[Word, dict[str, Value | None]]:
    """The target of a section's line, and its settings by ``target.section.parameter``.

    None stands for a parameter that the line says to leave unset. Raises: LineFault.
    """
    section, target = _place(line)
    parameters = _SECTIONS[section]
    found: dict[str, Value | None] = {}
    for word in _some_words(line):
        parameter, value = _assignment(section, parameters, word)
        _check_scope(parameter, target, word)
        key = f"{target.text}.{parameter.key}"
        if key in found:
            raise word.fault(f"{parameter.name} stands twice in one line", "Leave one out.")
        found[key] = value
    return target, found


def parameter_of(key: str) -> Parameter | None:
    """The parameter of a setting's key ``target.section.parameter``; None for an unknown one."""
    _, _, rest = key.partition(".")
    section, _, name = rest.partition(".")
    return _SECTIONS.get(section, {}).get(name)


def usual_values(settings: Mapping[str, Value | None]) -> Iterator[tuple[str, Value]]:
    """What the effects that are set get beside it, such as a mix of 0.3, by key."""
    said: dict[tuple[str, str], set[str]] = {}
    for key in settings:
        target, section, name = key.split(".")
        said.setdefault((target, section), set()).add(name)
    for (target, section), names in sorted(said.items()):
        if _lacks_usual(section, names):
            name, value = USUAL[section]
            yield f"{target}.{section}.{name}", value


def _lacks_usual(section: str, names: set[str]) -> bool:
    """Whether a line with these parameters speaks of an effect, but not of how much of it."""
    return section in USUAL and USUAL[section][0] not in names and names != {_BYPASS}


def settings_lines(settings: Mapping[str, Value], target: str) -> Iterator[str]:
    """The lines of a target's settings, in the order of the table of parameters."""
    for section, parameters in _SECTIONS.items():
        said = [
            (p, settings[f"{target}.{p.key}"])
            for p in parameters.values()
            if f"{target}.{p.key}" in settings and _may_stand(p, target)
        ]
        if said:
            yield f"{_head(section, target)}: {_said(section, said)}"


def _may_stand(parameter: Parameter, target: str) -> bool:
    if target == MASTER:
        return parameter.scope in {Scope.STRIP, Scope.MASTER}
    return parameter.scope is not Scope.MASTER


def _head(section: str, target: str) -> str:
    keyword, dash, moved = section.partition("-")
    return f"{keyword} {target}.{moved}" if dash else f"{keyword} {target}"


def _said(section: str, said: list[tuple[Parameter, Value]]) -> str:
    words = [
        value_text(p, value) if p.positional else f"{p.name}={value_text(p, value)}"
        for p, value in said
    ]
    if _lacks_usual(section, {p.name for p, _ in said}):
        words.append(f"{USUAL[section][0]}={DEFAULT}")
    return " ".join(words)


def _place(line: Line) -> tuple[str, Word]:
    """Section and target of a line; a line without a target speaks of the master."""
    keyword = line.keyword.text.lower()
    if len(line.head) > 1:
        raise line.head[1].fault(
            f"{quoted(line.head[1].text)} is one word too many",
            f"Write {keyword} TARGET: … with a row's name or master.",
        )
    if not line.has_colon:
        raise line.keyword.fault(
            f"the {keyword} line has no colon", f"Write {keyword} TARGET: and then the values."
        )
    target = line.head[0] if line.head else Word(MASTER, line.keyword.line, line.keyword.column)
    if keyword == _LFO:
        return _lfo_place(target)
    if target.text != MASTER:
        read_row_name(target)
    return keyword, target


def _lfo_place(word: Word) -> tuple[str, Word]:
    target, dot, moved = word.text.partition(".")
    if not dot or moved.lower() not in LFO_TARGETS:
        listed = ", ".join(LFO_TARGETS)
        cure = did_you_mean(moved, LFO_TARGETS, "Write such as lfo kick.amp: rate=5 depth=0.5.")
        raise word.fault(f"{quoted(word.text)} does not say what the lfo moves: {listed}", cure)
    place = Word(target, word.line, word.column)
    if target != MASTER:
        read_row_name(place)
    return f"{_LFO}-{moved.lower()}", place


def _some_words(line: Line) -> tuple[Word, ...]:
    words = line.words()
    if not words:
        raise line.keyword.fault(
            f"the {line.keyword.text.lower()} line sets nothing",
            "Write values after the colon, or leave the line out.",
        )
    return words


def _assignment(
    section: str, parameters: Mapping[str, Parameter], word: Word
) -> tuple[Parameter, Value | None]:
    name, equals, text = word.text.partition("=")
    if equals:
        parameter = parameters.get(name.lower())
        value = Word(
            text, word.line, min(word.column + len(name) + 1, word.column + len(word.text) - 1)
        )
    else:
        parameter = next((p for p in parameters.values() if p.positional), None)
        value = word
    if parameter is None:
        raise word.fault(*_unknown(section, parameters, name, equals))
    if value.text.lower() == DEFAULT:
        return parameter, None
    return parameter, read_value(parameter, value)


def _unknown(
    section: str, parameters: Mapping[str, Parameter], name: str, equals: str
) -> tuple[str, str]:
    listed = ", ".join(parameters)
    section = section.replace("-", " ")
    if not equals:
        return (f"{quoted(name)} has no value", f"Write NAME=VALUE; {section} has {listed}.")
    cure = did_you_mean(name, parameters, f"It has {listed}.")
    return f"{section} has no {quoted(name)}", cure


def _check_scope(parameter: Parameter, target: Word, word: Word) -> None:
    if _may_stand(parameter, target.text):
        return
    section, name = parameter.section, parameter.name
    if target.text == MASTER:
        raise word.fault(
            f"{section} {name} belongs to a row, not to the master",
            f"Name the row, such as {section} kick: …",
        )
    raise word.fault(
        f"{section} {name} belongs to the master, not to a row", f"Write {section} master: …"
    )
