"""Musical time: integer ticks, 960 per quarter note; note values, meters, bars and beats."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cellissimo.domain.errors import TimeValueError

TICKS_PER_QUARTER = 960
TICKS_PER_WHOLE = 4 * TICKS_PER_QUARTER
BEAT_UNITS = (1, 2, 4, 8, 16, 32)
MAX_BEATS = 32

_NOTE_VALUE = re.compile(r"(1|2|4|8|16|32|64)(n\.|n|t)")
_BARS = re.compile(r"([1-9][0-9]{0,2})m")
_CURE = (
    'Write the part of a whole note, n, t (triplet) or n. (dotted): "4n", "8t", "16n.", or '
    'bars as "2m".'
)
_METER = re.compile(r"(\d{1,2})/(\d{1,2})")


@dataclass(frozen=True, order=True)
class Meter:
    """A time signature: `Meter(3, 4)` is 3/4. Beats 1 … 32, unit 1, 2, 4, 8, 16 or 32."""

    beats: int = 4
    unit: int = 4

    def __post_init__(self) -> None:
        """Refuse what is no meter. Raises: TimeValueError naming the accepted range."""
        if not 1 <= self.beats <= MAX_BEATS or self.unit not in BEAT_UNITS:
            raise TimeValueError(
                f"{self} is not a meter: 1 … {MAX_BEATS} beats of 1, 2, 4, 8, 16 or 32 are. "
                'Write "4/4", "3/4" or "6/8".'
            )

    @property
    def ticks_per_beat(self) -> int:
        """Ticks of one beat, the note value under the line."""
        return TICKS_PER_WHOLE // self.unit

    @property
    def ticks_per_bar(self) -> int:
        """Ticks of one bar: 3840 in 4/4, 2880 in 3/4 and 6/8."""
        return self.beats * self.ticks_per_beat

    def bar_beat_tick(self, tick: int) -> tuple[int, int, int]:
        """Bar and beat, both counted from 1, and the ticks past that beat.

        Raises: TimeValueError for a negative tick.
        """
        if tick < 0:
            raise TimeValueError(f"Tick {tick} lies before the beginning. Give 0 or more.")
        bar, rest = divmod(tick, self.ticks_per_bar)
        beat, ticks = divmod(rest, self.ticks_per_beat)
        return bar + 1, beat + 1, ticks

    def tick_at(self, bar: int, beat: int = 1, ticks: int = 0) -> int:
        """Ticks from the beginning to a bar and beat, both counted from 1.

        Raises: TimeValueError for a bar or beat that the meter does not have.
        """
        if bar < 1 or not 1 <= beat <= self.beats or not 0 <= ticks < self.ticks_per_beat:
            raise TimeValueError(
                f"Bar {bar}, beat {beat}, tick {ticks} is not in {self}: bars count from 1, "
                f"beats 1 … {self.beats}, ticks 0 … {self.ticks_per_beat - 1}."
            )
        return (bar - 1) * self.ticks_per_bar + (beat - 1) * self.ticks_per_beat + ticks

    def __str__(self) -> str:
        """Canonical text: "4/4"."""
        return f"{self.beats}/{self.unit}"


def parse_meter(text: str) -> Meter:
    """The meter that "n/d" names. Raises: TimeValueError naming the text and the range."""
    match = _METER.fullmatch(text.strip())
    if match is None:
        raise TimeValueError(f'{text!r} is not a meter. Write beats/unit: "4/4", "3/4", "6/8".')
    return Meter(int(match[1]), int(match[2]))


def note_value_ticks(text: str, meter: Meter | None = None) -> int:
    """Ticks of a note value: "4n" 960, "8n" 480, "4n." 1440, "8t" 320, "1m" one bar.

    `meter` says how long a bar is; 4/4 when not given.
    Raises: TimeValueError for other texts.
    """
    stripped = text.strip()
    if match := _BARS.fullmatch(stripped):
        return int(match[1]) * (meter or Meter()).ticks_per_bar
    match = _NOTE_VALUE.fullmatch(stripped)
    if match is None:
        raise TimeValueError(f"{text!r} is not a note value. {_CURE}")
    ticks = TICKS_PER_WHOLE // int(match[1])
    scale, over = {"n": (1, 1), "n.": (3, 2), "t": (2, 3)}[match[2]]
    return ticks * scale // over


def ticks_to_seconds(ticks: int, tempo: float) -> float:
    """Seconds that ticks last at a constant tempo in quarters a minute."""
    return ticks * 60.0 / (tempo * TICKS_PER_QUARTER)


def cell_ticks(meter: Meter, steps_per_bar: int) -> int:
    """Ticks of one cell of a grid with `steps_per_bar` cells a bar.

    Raises: TimeValueError when a bar does not divide into that many whole ticks.
    """
    if steps_per_bar < 1 or meter.ticks_per_bar % steps_per_bar:
        raise TimeValueError(
            f"{steps_per_bar} steps do not divide a bar of {meter} ({meter.ticks_per_bar} ticks). "
            "Choose a number that does, such as 4, 8, 12, 16 or 24."
        )
    return meter.ticks_per_bar // steps_per_bar


def cells_per_bar(meter: Meter) -> int:
    """Cells of a bar unless told otherwise: sixteenths, 16 in 4/4, 12 in 3/4 and 6/8.

    Bars that sixteenths do not fill, such as 5/32, have one cell a beat.
    """
    cells, rest = divmod(meter.ticks_per_bar, TICKS_PER_QUARTER // 4)
    return meter.beats if rest else cells
