"""Songs: projects as the playground sees them, loops on a timeline counted in bars."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from cellissimo.schema import limits
from cellissimo.schema.rest.lists import Page
from cellissimo.schema.rest.loops import Description, Licence, LoopContent, is_none
from cellissimo.schema.rest.people import Name
from cellissimo.schema.rest.projects import Card, Color, Meter, Tags, Tempo, Visibility
from cellissimo.schema.rest.shape import Request, Shape

BarNumber = Annotated[float, Field(ge=0, le=100_000)]
BlockId = Annotated[str, Field(min_length=1, max_length=100)]


class TimelineBlock(Shape):
    """A loop on the timeline: ``start_bar`` counts from 0, ``duration`` is in bars."""

    id: str
    loop_id: str
    start_bar: int | float
    duration: int | float
    lane: Annotated[int | None, Field(exclude_if=is_none)] = None


class Song(Card):
    """A project as a song; lists leave its timeline and its loops out."""

    bpm: float
    total_bars: int
    timeline: Annotated[list[TimelineBlock] | None, Field(exclude_if=is_none)] = None
    loops: Annotated[list[LoopContent] | None, Field(exclude_if=is_none)] = None


class SongList(Page):
    """One page of songs."""

    songs: list[Song]


class WrittenBlock(Request):
    """A loop to be put on the timeline: one of the song's, or of a library."""

    id: BlockId
    loop_id: BlockId
    start_bar: BarNumber
    duration: BarNumber
    lane: Annotated[int, Field(ge=0, lt=limits.LANES)] | None = None


Timeline = Annotated[list[WrittenBlock], Field(max_length=limits.BLOCKS_PER_SONG)]
PlaygroundLoops = Annotated[list[dict[str, Any]], Field(max_length=limits.LOOPS_PER_SONG)]


class NewSong(Request):
    """A song to be made; ``loops`` may bring loops that its timeline names by their ids."""

    name: Name
    bpm: Tempo | None = None
    time_signature: Meter | None = None
    timeline: Timeline | None = None
    total_bars: Annotated[int, Field(ge=0, le=100_000)] | None = None
    loops: PlaygroundLoops = Field(default_factory=list)
    key: Annotated[str, Field(max_length=40)] | None = None
    color: Color | None = None
    visibility: Visibility | None = None
    is_public: bool | None = None
    description: Description = ""
    licence: Licence = ""
    tags: Tags = Field(default_factory=list)


class SongChange(Request):
    """What of a song is to change; what is not sent stays."""

    name: Name | None = None
    bpm: Tempo | None = None
    time_signature: Meter | None = None
    timeline: Timeline | None = None
    total_bars: Annotated[int, Field(ge=0, le=100_000)] | None = None
    loops: PlaygroundLoops = Field(default_factory=list)
    key: Annotated[str, Field(max_length=40)] | None = None
    color: Color | None = None
    visibility: Visibility | None = None
    is_public: bool | None = None
    is_active: bool | None = None
    description: Description | None = None
    licence: Licence | None = None
    tags: Tags | None = None
