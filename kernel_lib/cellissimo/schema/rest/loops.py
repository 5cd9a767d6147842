"""Loops of a library: their chords and steps on the cells of one grid."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from cellissimo.schema import limits
from cellissimo.schema.rest.lists import Page, PageQuery
from cellissimo.schema.rest.people import Name
from cellissimo.schema.rest.projects import Card, Color, Meter, Tags, Tempo, Visibility
from cellissimo.schema.rest.shape import Request, Shape


def is_none(value: object) -> bool:
    """Whether a field has nothing to say and is left out."""
    return value is None


Bars = Literal[1, 2, 4, 8]
Cell = Annotated[int, Field(ge=0, lt=limits.BAR_COUNTS[-1] * limits.STEPS_PER_BAR[1])]
Symbol = Annotated[str, Field(max_length=limits.SYMBOL_LENGTH)]
Text = Annotated[str, Field(max_length=100)]


class ChordCell(Shape):
    """A chord on a cell: ``bar`` is the cell, counted through the whole loop."""

    bar: int
    chord: str
    roman: str
    root: str
    quality: str


class IconStep(Shape):
    """A sound on a cell; what is as usual is left out."""

    step: int
    sound_id: str
    velocity: float
    note: Annotated[int | float | None, Field(exclude_if=is_none)] = None
    row: Annotated[str | None, Field(exclude_if=is_none)] = None
    duration: Annotated[int | None, Field(exclude_if=is_none)] = None
    probability: Annotated[float | None, Field(exclude_if=is_none)] = None
    offset: Annotated[int | None, Field(exclude_if=is_none)] = None


class LoopContent(Shape):
    """A loop as a song holds it: what it plays, without whose it is."""

    id: str
    name: str
    length: int
    chord_progression: list[ChordCell]
    icon_sequence: list[IconStep]
    color: str
    steps_per_bar: int
    key: str
    tempo: float | None
    time_signature: str | None


class Loop(Card):
    """A loop of somebody's library; lists leave its chords and steps out."""

    length: int
    chord_progression: Annotated[list[ChordCell] | None, Field(exclude_if=is_none)] = None
    icon_sequence: Annotated[list[IconStep] | None, Field(exclude_if=is_none)] = None
    steps_per_bar: Annotated[int | None, Field(exclude_if=is_none)] = None


class LoopList(Page):
    """One page of loops."""

    loops: list[Loop]


class LoopsQuery(PageQuery):
    """Which loops: everybody's public ones, or mine; by tag and name."""

    public: bool = False
    tag: Annotated[str, Field(max_length=40)] | None = None
    q: Annotated[str, Field(max_length=200)] | None = None
    archived: bool = False
    sort: Literal["updated", "name", "new"] = "updated"


class WrittenChord(Request):
    """A chord to be put on a cell: ``chord``, or ``roman``, or ``root`` and ``quality``."""

    bar: Cell
    chord: Symbol | None = None
    roman: Symbol | None = None
    root: Symbol | None = None
    quality: Symbol | None = None


class WrittenStep(Request):
    """A sound to be put on a cell; ``note`` is a MIDI number or a name such as "C4"."""

    step: Cell
    sound_id: Text
    velocity: Annotated[float, Field(ge=0, le=1)] | None = None
    note: Annotated[float, Field(ge=0, le=127)] | Text | None = None
    row: Annotated[str, Field(pattern=f"^{limits.ROW_NAME_PATTERN}$")] | None = None
    duration: Annotated[int, Field(ge=1, le=limits.MOST_TICKS)] | None = None
    probability: Annotated[float, Field(ge=0, le=1)] | None = None
    offset: Annotated[int, Field(ge=-limits.MOST_TICKS, le=limits.MOST_TICKS)] | None = None


Chords = Annotated[list[WrittenChord], Field(max_length=limits.STEPS_PER_LOOP)]
Steps = Annotated[list[WrittenStep], Field(max_length=limits.STEPS_PER_LOOP)]
Grid = Annotated[int, Field(ge=limits.STEPS_PER_BAR[0], le=limits.STEPS_PER_BAR[1])]
Description = Annotated[str, Field(max_length=2000)]
Licence = Annotated[str, Field(max_length=100)]


class NewLoop(Request):
    """A loop to be made, from chords and steps, or from a canonical song text of one loop."""

    name: Name
    length: Bars | None = None
    chord_progression: Chords | None = None
    icon_sequence: Steps | None = None
    steps_per_bar: Grid | None = None
    color: Color | None = None
    key: Annotated[str, Field(max_length=40)] | None = None
    tempo: Tempo | None = None
    time_signature: Meter | None = None
    visibility: Visibility | None = None
    is_public: bool | None = None
    description: Description = ""
    licence: Licence = ""
    tags: Tags = Field(default_factory=list)
    song: Annotated[str, Field(max_length=20_000_000)] | None = None


class LoopChange(Request):
    """What of a loop is to change; what is not sent stays."""

    name: Name | None = None
    length: Bars | None = None
    chord_progression: Chords | None = None
    icon_sequence: Steps | None = None
    steps_per_bar: Grid | None = None
    color: Color | None = None
    key: Annotated[str, Field(max_length=40)] | None = None
    tempo: Tempo | None = None
    time_signature: Meter | None = None
    visibility: Visibility | None = None
    is_public: bool | None = None
    is_active: bool | None = None
    description: Description | None = None
    licence: Licence | None = None
    tags: Tags | None = None
    embed_origins: (
        Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=20)] | None
    ) = None
