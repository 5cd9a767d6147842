"""The document as immutable values: what one revision of a song says.

``crdt`` reads these from the shared document, ``notation`` prints and parses them, ``engine``
plays them. They hold what was written: a chord as it was spelled, settings that differ from
their default, steps by row and cell. SPEC.md states their invariants.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

SCHEMA_VERSION = 2
"""The version that this code writes; migrations bring older documents here."""

DEFAULT_KEY = "C major"
DEFAULT_COLOR = "#5b8def"
"""The accent of a loop that was given none."""

Value = float | str | bool
"""What a setting holds: a number, a choice or note value, a switch."""


@dataclass(frozen=True, slots=True)
class Step:
    """One sound on one cell.

    ``velocity`` 0 … 127. ``pitch`` a MIDI number (fractional allowed) or None: the chord's, or
    the sound's own. ``duration`` in ticks or None: one cell. ``probability`` 0.0 … 1.0.
    ``offset`` in ticks, later when positive.
    """

    velocity: int = 100
    pitch: float | None = None
    duration: int | None = None
    probability: float = 1.0
    offset: int = 0


StepKey = tuple[str, int]
"""Row name and cell."""


@dataclass(frozen=True, slots=True)
class Loop:
    """A loop: chords on cells, steps by row and cell, and settings by ``target.section.name``.

    ``bars`` 1, 2, 4 or 8. ``tempo`` and ``meter`` are None where the loop follows its song.
    """

    id: str
    name: str
    bars: int = 4
    steps_per_bar: int = 16
    key: str = DEFAULT_KEY
    tempo: float | None = None
    meter: str | None = None
    color: str = DEFAULT_COLOR
    source: str | None = None
    chords: Mapping[int, str] = field(default_factory=dict)
    steps: Mapping[StepKey, Step] = field(default_factory=dict)
    settings: Mapping[str, Value] = field(default_factory=dict)

    @property
    def cells(self) -> int:
        """Cells of the whole loop."""
        return self.bars * self.steps_per_bar


@dataclass(frozen=True, slots=True)
class Tempo:
    """A tempo from a tick on: ``bpm`` quarter notes a minute.

    With ``ramp`` it changes evenly by ticks to the next tempo; without, it stays until there.
    """

    bpm: float = 120.0
    ramp: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """A point of an automation lane: the value at its tick, and the way to the next point.

    ``curve`` is "hold" (stays), "linear" or "exponential" (linear where a value is not positive).
    """

    value: float
    curve: str = "linear"


Lanes = Mapping[str, Mapping[int, Point]]
"""Automation: points by tick, by ``section.parameter``."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """A stem as samples: its sound before the fader, from the song's start."""

    blob: str
    frames: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Stem:
    """A lane of the song with a mixer strip; segments name it.

    ``order`` is a fractional key (``domain/order.py``). ``settings`` by ``section.parameter`` are
    its instrument (``sample.sound`` and whatever differs from its patch), level, pan, mute, solo
    and effects, as those of a loop's row. ``sends`` are linear levels 0 … 1 by return, behind the
    fader. ``channel`` is the MIDI channel 1 … 16 it is imported from and exported to.
    ``frozen`` is the blob that plays in its stead, and the fingerprint of what it was made from.
    """

    id: str
    name: str
    color: str = DEFAULT_COLOR
    order: str = "V"
    channel: int | None = None
    frozen: Frozen | None = None
    settings: Mapping[str, Value] = field(default_factory=dict)
    sends: Mapping[str, float] = field(default_factory=dict)
    lanes: Lanes = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Return:
    """A bus that stems send to: a mixer strip with effects, heard beside the stems."""

    id: str
    name: str
    color: str = DEFAULT_COLOR
    order: str = "V"
    settings: Mapping[str, Value] = field(default_factory=dict)
    lanes: Lanes = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Note:
    """A note of a midi segment: ``start`` in ticks from the segment's content start.

    ``duration`` in ticks, 1 or more. ``pitch`` a MIDI number (fractional allowed), ``velocity``
    0 … 127.
    """

    start: int
    duration: int
    pitch: float
    velocity: int = 100


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a stem: ``start`` and ``length`` in ticks of the song.

    ``kind`` "midi" plays ``notes``; "audio" plays ``frames`` frames of the blob named ``blob``;
    "loop" repeats the loop named ``loop``; "pattern" repeats a loop of its own, which has the
    segment's id and is shown as pattern text. ``offset`` is where its content begins: ticks, or
    frames for audio. ``gain`` in dB. ``fade_in`` and ``fade_out`` in milliseconds, with curves
    "linear", "equal-power" or "s-curve".
    """

    id: str
    stem: str
    kind: str
    start: int
    length: int
    name: str = ""
    offset: int = 0
    gain: float = 0.0
    fade_in: float = 0.0
    fade_out: float = 0.0
    fade_in_curve: str = "linear"
    fade_out_curve: str = "linear"
    loop: str | None = None
    blob: str | None = None
    frames: int = 0
    notes: Mapping[str, Note] = field(default_factory=dict)

    @property
    def end(self) -> int:
        """The tick behind its last."""
        return self.start + self.length


@dataclass(frozen=True, slots=True)
class Block:
    """A loop on the song's timeline: ``start`` and ``length`` in ticks; the loop repeats in it.

    ``lane`` 0 … 15 tells blocks apart that sound at once.
    """

    id: str
    loop: str
    start: int
    length: int
    lane: int = 0

    @property
    def end(self) -> int:
        """The tick behind its last."""
        return self.start + self.length


@dataclass(frozen=True, slots=True)
class Section:
    """A named stretch of the song, such as a verse: ``start`` and ``length`` in ticks."""

    id: str
    name: str
    start: int
    length: int
    color: str = DEFAULT_COLOR

    @property
    def end(self) -> int:
        """The tick behind its last."""
        return self.start + self.length


@dataclass(frozen=True, slots=True)
class Marker:
    """A named place in the song."""

    id: str
    name: str
    tick: int


@dataclass(frozen=True, slots=True)
class Lock:
    """What only those may change who may lock: a stem, a loop, or a stretch of the song.

    ``kind`` "stem" and "loop" name it in ``of``; "bars" are the ticks ``start`` … ``end``, the
    last not among them.
    """

    kind: str
    of: str = ""
    start: int = 0
    end: int = 0

    @property
    def key(self) -> str:
        """The key under which it is stored."""
        closed = f"{self.start}/{self.end}" if self.kind == "bars" else self.of
        return f"{self.kind}/{closed}"


@dataclass(frozen=True, slots=True)
class Song:
    """A song: what its loops share, the loops and pads, the timeline, the stems and the master.

    ``kind`` is "song", or "loop" for the document of a loop that was made alone. ``tempos`` and
    ``meters`` hold what is valid from a tick on; both have an entry at tick 0. ``seed`` is that of
    all chance in it. ``master`` are the settings of the master by ``section.parameter``,
    ``lanes`` their automation. ``locks`` stand by their stored keys.
    """

    id: str
    name: str
    kind: str = "song"
    key: str = DEFAULT_KEY
    seed: int = 0
    tempos: Mapping[int, Tempo] = field(default_factory=lambda: {0: Tempo()})
    meters: Mapping[int, str] = field(default_factory=lambda: {0: "4/4"})
    loops: Mapping[str, Loop] = field(default_factory=dict)
    pads: Mapping[int, str] = field(default_factory=dict)
    blocks: Mapping[str, Block] = field(default_factory=dict)
    stems: Mapping[str, Stem] = field(default_factory=dict)
    returns: Mapping[str, Return] = field(default_factory=dict)
    segments: Mapping[str, Segment] = field(default_factory=dict)
    sections: Mapping[str, Section] = field(default_factory=dict)
    markers: Mapping[str, Marker] = field(default_factory=dict)
    master: Mapping[str, Value] = field(default_factory=dict)
    lanes: Lanes = field(default_factory=dict)
    locks: Mapping[str, Lock] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What the document is called: a loop that was made alone goes by its own name."""
        alone = next(iter(self.loops.values()), None) if self.kind == "loop" else None
        return alone.name if alone else self.name

    @property
    def tempo(self) -> float:
        """Quarter notes a minute at the start."""
        return self.tempos[0].bpm

    @property
    def meter(self) -> str:
        """The meter at the start, such as "4/4"."""
        return self.meters[0]
