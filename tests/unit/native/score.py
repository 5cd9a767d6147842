"""Score images for tests, built word by word from the layout and nothing of the image writer."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field, replace

from cellissimo.schema import image
from cellissimo.schema.parameter import Kind
from cellissimo.schema.parameters import ENGINE

INDEX = {parameter.key: place for place, parameter in enumerate(ENGINE)}


def default(parameter) -> float:
    """The float of a parameter that nothing sets."""
    if parameter.kind is Kind.CHOICE:
        return float(parameter.choices.index(parameter.default))
    if isinstance(parameter.default, str):
        return -480.0
    return float(parameter.default)


DEFAULTS = tuple(default(parameter) for parameter in ENGINE)


def choice(key: str, word: str) -> float:
    """The float of a choice."""
    return float(ENGINE[INDEX[key]].choices.index(word))


@dataclass(frozen=True)
class Step:
    """A step record."""

    strip: int
    cell: int
    velocity: int = 100
    pitch: float = -1.0
    duration: int = 0
    probability: float = 1.0
    offset: int = 0


@dataclass(frozen=True)
class Chord:
    """A chord record."""

    cell: int
    root: int
    bass: int
    intervals: int


@dataclass(frozen=True)
class Score:
    """One bar of sixteenths unless told otherwise; ``strips`` holds what differs from default."""

    strips: tuple[dict[str, float], ...] = ({}, {})
    steps: tuple[Step, ...] = ()
    chords: tuple[Chord, ...] = ()
    bars: int = 1
    bar_ticks: int = 3840
    bar_cells: int = 16
    tempo: float = 120.0
    seed: int = 0
    identities: tuple[int, ...] = field(default=())

    def with_strip(self, index: int, **values: float) -> Score:
        """With other values on one strip; ``__`` stands for the dot."""
        keys = {key.replace("__", "."): value for key, value in values.items()}
        strips = list(self.strips)
        strips[index] = {**strips[index], **keys}
        return replace(self, strips=tuple(strips))

    def value(self, strip: int, key: str) -> float:
        """A strip's parameter as 32-bit float."""
        value = self.strips[strip].get(key, DEFAULTS[INDEX[key]])
        return struct.unpack("<f", struct.pack("<f", value))[0]

    def words(self) -> list[int | float]:
        """The words of the image."""
        body: list[int | float] = []
        for place, strip in enumerate(self.strips):
            body.append(self.identities[place] if self.identities else place)
            values = list(DEFAULTS)
            for key, value in strip.items():
                values[INDEX[key]] = float(value)
            body += values
        for step in self.steps:
            body += [
                step.strip,
                step.cell,
                step.velocity,
                float(step.pitch),
                step.duration,
                float(step.probability),
                step.offset,
            ]
        for chord in self.chords:
            body += [chord.cell, chord.root, chord.bass, chord.intervals]
        return [
            image.MAGIC,
            image.VERSION,
            12 + len(body),
            len(self.strips),
            len(self.steps),
            len(self.chords),
            len(ENGINE),
            self.bars * self.bar_ticks,
            self.bar_ticks // self.bar_cells,
            self.bar_ticks,
            float(self.tempo),
            self.seed,
            *body,
        ]

    def image(self) -> bytes:
        """The image in bytes."""
        return pack(self.words())


def pack(words: list[int | float]) -> bytes:
    """Words in bytes: ints as signed words, floats as floats."""
    return b"".join(struct.pack("<f" if isinstance(w, float) else "<i", w) for w in words)
