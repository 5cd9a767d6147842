"""Pictures of sound as SVG: the outline of a recording, and of two that are compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cellissimo.media.recording import coarser
from cellissimo.notebook.card import (
    HEAD,
    MARGIN,
    WELL,
    WIDTH,
    card,
    clock,
    fitting,
    heading,
    rect,
    words,
)

if TYPE_CHECKING:
    from cellissimo.media.recording import Peaks

WAVE = 92
RULER = 18
FLAGS = 18
PITCH = 3
"""Pixels from one bar of the wave to the next."""

COLOURS = ("#7aa2ff", "#5fd6b4")
"""Of the first and the second version."""

LEAST_SCALE = 0.2
"""The quietest sound that fills the height."""

_STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 3600)


@dataclass(frozen=True, slots=True)
class Wave:
    """A recording as a picture shows it; ``gain`` is how far it is turned down, linear."""

    name: str
    outline: Peaks
    gain: float = 1.0


@dataclass(frozen=True, slots=True)
class WaveCard:
    """What stands on a card: heading, facts, length in seconds, waves, markers in seconds."""

    title: str
    facts: Sequence[str]
    seconds: float
    waves: Sequence[Wave]
    marks: Sequence[tuple[float, str]] = ()


def wave_svg(shown: WaveCard) -> str:
    """One wave, or two under each other, over a ruler of time."""
    top = HEAD + RULER + (FLAGS if shown.marks else 0)
    parts = [*heading(shown.title, shown.facts, COLOURS[0]), *_ruler(shown), *_flags(shown)]
    scale = max(LEAST_SCALE, *(_peak(wave) for wave in shown.waves))
    for at, wave in enumerate(shown.waves):
        y = top + at * (WAVE + 6)
        parts.append(rect(MARGIN, y, WIDTH - 2 * MARGIN, WAVE, WELL, 8))
        box = (MARGIN, y, WIDTH - 2 * MARGIN, WAVE)
        parts.append(outline_path(wave.outline, box, scale / wave.gain, COLOURS[at % 2]))
        if len(shown.waves) > 1:
            parts.append(words(MARGIN + 8, y + 14, wave.name))
    return card(WIDTH, top + len(shown.waves) * (WAVE + 6) - 6 + MARGIN, shown.title, parts)


def outline_path(
    outline: Peaks, box: tuple[float, float, float, float], scale: float, color: str
) -> str:
    """The outline as one path of bars within ``x, y, width, height``."""
    x, y, width, height = box
    columns = coarser(outline, max(int(width / PITCH), 1))
    step, half = width / max(len(columns), 1), height / 2 - 2
    bars = []
    for at, (low, high) in enumerate(columns.tolist()):
        up, down = (max(min(abs(side) / 127 / scale, 1) * half, 0.5) for side in (high, low))
        left = x + at * step
        bars.append(f"M{left:.1f} {y + height / 2 - up:.1f}v{up + down:.1f}")
    stroke = f'stroke="{color}" stroke-width="{min(step * 0.7, 2):.1f}"'
    return f'<path d="{"".join(bars)}" {stroke} transform="translate(1 0)"/>'


def _peak(wave: Wave) -> float:
    return float(abs(wave.outline.astype(int)).max(initial=0)) / 127 * wave.gain


def _place(seconds: float, length: float) -> float:
    return MARGIN + (WIDTH - 2 * MARGIN) * seconds / max(length, 1e-9)


def _ruler(shown: WaveCard) -> Iterator[str]:
    least = shown.seconds / (WIDTH - 2 * MARGIN) * 70
    step = next((step for step in _STEPS if step >= least), 3600)
    for at in range(int(shown.seconds * 0.97 / step) + 1):
        seconds = at * step
        label = clock(seconds) if step >= 1 else f"{seconds:.1f}"
        yield words(_place(seconds, shown.seconds), HEAD + 11, label, "f")


def _flags(shown: WaveCard) -> Iterator[str]:
    ends = [at for at, _ in shown.marks][1:]
    for (at, name), end in zip(shown.marks, [*ends, shown.seconds], strict=False):
        x = _place(at, shown.seconds)
        yield rect(x, HEAD + RULER, 2, 13, COLOURS[0], 1)
        text = fitting(name, _place(end, shown.seconds) - x - 8)
        yield words(x + 6, HEAD + RULER + 10, text)
