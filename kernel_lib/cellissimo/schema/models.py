"""The document as immutable values: what one revision of a song says.

``crdt`` reads these from the shared document, ``notation`` prints and parses them, ``engine``
plays them. They hold what was written: a chord as it was spelled, settings that differ from
their default, steps by row and cell. SPEC.md states their invariants.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

SCHEMA_VERSION = 1
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
class Song:
    """A song: what its loops share, the loops, and the pads that hold their ids.

    ``kind`` is "song", or "loop" for the document of a loop that was made alone. ``tempos`` and
    ``meters`` hold what is valid from a tick on; both have an entry at tick 0.
    """

    id: str
    name: str
    kind: str = "song"
    key: str = DEFAULT_KEY
    tempos: Mapping[int, float] = field(default_factory=lambda: {0: 120.0})
    meters: Mapping[int, str] = field(default_factory=lambda: {0: "4/4"})
    loops: Mapping[str, Loop] = field(default_factory=dict)
    pads: Mapping[int, str] = field(default_factory=dict)

    @property
    def tempo(self) -> float:
        """Quarter notes a minute at the start."""
        return self.tempos[0]

    @property
    def meter(self) -> str:
        """The meter at the start, such as "4/4"."""
        return self.meters[0]
