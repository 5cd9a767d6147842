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


Word = int | float

DEFAULTS = tuple(default(parameter) for parameter in ENGINE)


def choice(key: str, word: str) -> float:
    """The float of a choice."""
    return float(ENGINE[INDEX[key]].choices.index(word))


CHAIN = tuple(range(1, image.CHAIN_SLOTS + 1))
"""All effects in their usual order."""


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

    def strip_words(self, place: int) -> list[int | float]:
        """The record of one strip: rows feed the master, and no effect is bypassed."""
        kind, output = (image.INSTRUMENT, 0) if place else (image.MASTER, -1)
        values = list(DEFAULTS)
        for key, value in self.strips[place].items():
            values[INDEX[key]] = float(value)
        identity = self.identities[place] if self.identities else place
        return [identity, identity, kind, output, *CHAIN, *values]

    def records(self) -> dict[str, list[list[int | float]]]:
        """The records by kind: one loop, placed once, is the whole pass."""
        length = self.bars * self.bar_ticks
        return {
            "strips": [self.strip_words(place) for place in range(len(self.strips))],
            "sends": [],
            "tempos": [[0, float(self.tempo), 0]],
            "meters": [[0, self.bar_ticks, min(960, self.bar_ticks)]],
            "spans": [[0, length, 0.0, 0.0, 0.0, 0, 0]],
            "loops": [[0, length, self.bar_ticks // self.bar_cells, self.bar_ticks]],
            "placements": [[0, 0, 0]],
            "steps": [
                [
                    0,
                    s.strip,
                    s.cell,
                    s.velocity,
                    float(s.pitch),
                    s.duration,
                    float(s.probability),
                    s.offset,
                ]
                for s in self.steps
            ],
            "chords": [[0, c.cell, c.root, c.bass, c.intervals] for c in self.chords],
            "notes": [],
            "clips": [],
            "points": [],
        }

    def words(self) -> list[int | float]:
        """The words of the image."""
        return image_words(self.records(), self.bars * self.bar_ticks, self.seed)

    def image(self) -> bytes:
        """The image in bytes."""
        return pack(self.words())


def image_words(
    records: dict[str, list[list[int | float]]], length: int, seed: int = 0
) -> list[int | float]:
    """The words of an image of these records."""
    counts = [len(records[kind]) for kind in image.RECORDS]
    body = [word for kind in image.RECORDS for record in records[kind] for word in record]
    words = len(image.HEADER) + len(body)
    return [image.MAGIC, image.VERSION, words, len(ENGINE), seed, length, *counts, *body]


def pack(words: list[int | float]) -> bytes:
    """Words in bytes: ints as signed words, floats as floats."""
    return b"".join(struct.pack("<f" if isinstance(w, float) else "<i", w) for w in words)
