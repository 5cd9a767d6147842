"""What a parameter is: its place, kind, range, default and meaning."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """Where a parameter may be set."""

    ROW = "row"
    STRIP = "strip"  # rows and the master
    MASTER = "master"
    VOICE = "voice"  # patches only


class Kind(StrEnum):
    """What a parameter's value is."""

    NUMBER = "number"
    CHOICE = "choice"  # one of `choices`; the engine reads its index
    SWITCH = "switch"  # True or False; the engine reads 1 or 0
    TIME = "time"  # seconds, or a note value such as "8n."; the engine reads seconds or -ticks
    PITCH = "pitch"  # a MIDI number, fractional where a frequency was given
    SOUND = "sound"  # the id of an entry of the sound library; never reaches the engine
    CHAIN = "chain"  # names of effects in their order, "eq>comp>reverb"; makes a strip's chain


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its place, what it accepts, what it is without a setting, and its meaning.

    ``default`` is the value as a document would hold it. ``low`` and ``high`` are inclusive.
    """

    section: str
    name: str
    scope: Scope
    kind: Kind
    low: float
    high: float
    default: float | str | bool
    unit: str
    doc: str
    choices: tuple[str, ...] = ()
    positional: bool = False
    heard: bool = True

    @property
    def key(self) -> str:
        """``section.name``: the parameter's key in settings and patches."""
        return f"{self.section}.{self.name}"


def number(  # noqa: PLR0913 - one line of a table
    key: str,
    scope: Scope,
    low: float,
    high: float,
    default: float,
    unit: str = "",
    doc: str = "",
    *,
    positional: bool = False,
    heard: bool = True,
) -> Parameter:
    """A parameter that holds a number from ``low`` to ``high``, both inclusive."""
    section, name = key.split(".")
    return Parameter(
        section,
        name,
        scope,
        Kind.NUMBER,
        low,
        high,
        default,
        unit,
        doc,
        positional=positional,
        heard=heard,
    )


def choice(
    key: str,
    scope: Scope,
    choices: str,
    default: str,
    doc: str = "",
    *,
    positional: bool = False,
    heard: bool = True,
) -> Parameter:
    """A parameter that holds one of ``choices``, given as words separated by spaces."""
    section, name = key.split(".")
    names = tuple(choices.split())
    return Parameter(
        section,
        name,
        scope,
        Kind.CHOICE,
        0,
        len(names) - 1,
        default,
        "",
        doc,
        names,
        positional,
        heard,
    )


def switch(
    key: str, scope: Scope, doc: str = "", *, default: bool = False, heard: bool = True
) -> Parameter:
    """A parameter that is on or off."""
    section, name = key.split(".")
    return Parameter(section, name, scope, Kind.SWITCH, 0, 1, default, "", doc, heard=heard)


def time(
    key: str,
    scope: Scope,
    low: float,
    high: float,
    default: float | str,
    doc: str = "",
    *,
    heard: bool = True,
) -> Parameter:
    """A parameter that holds seconds from ``low`` to ``high``, or a note value such as "8n."."""
    section, name = key.split(".")
    return Parameter(section, name, scope, Kind.TIME, low, high, default, "s", doc, heard=heard)
