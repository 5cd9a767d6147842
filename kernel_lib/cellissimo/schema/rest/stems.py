"""Stems and segments of a piece; they are read from its document and written through it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from cellissimo.schema.rest.people import Name
from cellissimo.schema.rest.projects import Color
from cellissimo.schema.rest.shape import Request, Shape

Level = Annotated[float, Field(ge=0, le=1)]
Pan = Annotated[float, Field(ge=-1, le=1)]
Channel = Annotated[int, Field(ge=1, le=16)]
Sound = Annotated[str, Field(min_length=1, max_length=100)]
Ticks = Annotated[int, Field(ge=0, le=1 << 40)]
Milliseconds = Annotated[float, Field(ge=0, le=1e9)]
Volume = Annotated[float, Field(ge=0, le=15.85)]
Gain = Annotated[float, Field(ge=-60, le=24)]
Id = Annotated[str, Field(min_length=1, max_length=100)]
Kind = Literal["midi", "audio", "loop", "pattern"]


class NoteContent(Request):
    """A note: ticks from where the segment's content begins, a MIDI number, 0 … 127."""

    id: Id | None = None
    start: Ticks
    duration: Annotated[int, Field(ge=1, le=1 << 40)]
    pitch: Annotated[float, Field(ge=0, le=127)]
    velocity: Annotated[int, Field(ge=0, le=127)] = 100


class SegmentContent(Request):
    """What a segment plays: notes, a blob of samples, a loop of the song, or pattern text.

    ``frames`` and ``offset`` count frames of the blob; ``frames`` may be left out for a sample.
    """

    notes: Annotated[list[NoteContent], Field(max_length=20_000)] | None = None
    blob: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] | None = None
    frames: Annotated[int, Field(ge=1, le=1 << 40)] | None = None
    offset: Annotated[int, Field(ge=0, le=1 << 40)] | None = None
    loop_id: Id | None = None
    text: Annotated[str, Field(max_length=2_000_000)] | None = None


class SegmentChange(Request):
    """What of a segment is to change; what is not sent stays.

    A place is ``start`` in ticks or ``start_time`` in ms, an extent ``length`` in ticks or
    ``end_time`` in ms. ``gain`` is in dB, ``volume`` the same as linear amplitude, fades in ms.
    """

    type: Kind | None = None
    stem_id: Id | None = None
    name: Annotated[str, Field(max_length=100)] | None = None
    start: Ticks | None = None
    start_time: Milliseconds | None = None
    length: Ticks | None = None
    end_time: Milliseconds | None = None
    gain: Gain | None = None
    volume: Volume | None = None
    fade_in: Annotated[float, Field(ge=0, le=600_000)] | None = None
    fade_out: Annotated[float, Field(ge=0, le=600_000)] | None = None
    content: SegmentContent | None = None


class NewSegment(SegmentChange):
    """A segment to be added; without a length it is as long as what it plays."""

    type: Kind


class Segment(Shape):
    """A stretch of a stem; ``version`` is the revision of its last change."""

    id: str
    stem_id: str
    type: Kind
    name: str
    start: int
    length: int
    start_time: float
    end_time: float
    gain: float
    volume: float
    fade_in: float
    fade_out: float
    content: dict[str, Any]
    version: int
    last_modified_by: str | None


class StemChange(Request):
    """What of a stem is to change; ``order`` is its place among the stems, from 0."""

    name: Name | None = None
    color: Color | None = None
    instrument_type: Sound | None = None
    volume: Level | None = None
    pan: Pan | None = None
    is_muted: bool | None = None
    is_soloed: bool | None = None
    midi_channel: Channel | None = None
    order: Annotated[int, Field(ge=0, le=1000)] | None = None


class NewStem(StemChange):
    """A stem to be added, behind the others unless ``order`` says where."""

    name: Name


class Stem(Shape):
    """A lane of a song; ``volume`` is linear, ``version`` the revision of its last change."""

    id: str
    project_id: str
    name: str
    color: str
    volume: float
    pan: float
    is_muted: bool
    is_soloed: bool
    instrument_type: str | None
    midi_channel: int | None
    order: int
    segments: list[Segment]
    version: int
    last_modified_by: str | None


class StemList(Shape):
    """The stems of a piece, in their order."""

    stems: list[Stem]
