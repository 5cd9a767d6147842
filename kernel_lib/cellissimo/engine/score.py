"""A score image being written: records by kind, strips by name.

`schema/image.py` says what each word means; the browser writes the same words.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cellissimo.domain.ticks import note_value_ticks
from cellissimo.schema import image, limits
from cellissimo.schema.models import Lanes, Value
from cellissimo.schema.parameter import Kind, Parameter
from cellissimo.schema.parameters import BY_KEY, EFFECTS, ENGINE

Word = int | float

PLACE = {parameter.key: place for place, parameter in enumerate(ENGINE)}
"""The place of each parameter among the floats of a strip."""


@dataclass(frozen=True, slots=True)
class ScoreImage:
    """A score image, the names of its strips after the master's, and the blobs that it plays."""

    words: bytes
    strips: tuple[str, ...]
    audio: tuple[str, ...] = ()


@dataclass(slots=True)
class Score:
    """The records of a score image, by the header's words that count them."""

    length: int
    seed: int = 0
    names: list[str] = field(default_factory=list)
    audio: list[str] = field(default_factory=list)
    records: dict[str, list[list[Word]]] = field(
        default_factory=lambda: {name: [] for name in image.RECORDS}
    )

    def add(self, kind: str, *words: Word) -> int:
        """Add a record and give its index."""
        self.records[kind].append(list(words))
        return len(self.records[kind]) - 1

    def add_strip(
        self,
        name: str,
        kind: int,
        output: int,
        settings: Mapping[str, Value],
        patch: Patch,
        label: str = "",
    ) -> int | None:
        """Add a strip and give its index; None where the engine has no more.

        ``name`` is unique; ``label`` is what a musician calls it: the same song with other ids
        has the same chance.
        """
        if len(self.records["strips"]) >= limits.STRIPS:
            return None
        index = self.add(
            "strips",
            identity(name),
            identity(label),
            kind,
            output,
            *_chain(settings),
            *_floats(settings, patch),
        )
        self.names += [name] if index else []
        return index

    def add_lanes(self, strip: int, lanes: Lanes) -> None:
        """Add the automation of a strip, lane by lane, tick by tick."""
        for key, points in sorted(lanes.items()):
            for tick, point in sorted(points.items()) if key in PLACE else ():
                curve = limits.CURVES.index(point.curve)
                self.add("points", strip, PLACE[key], tick, float(point.value), curve)

    def audio_number(self, blob: str) -> int:
        """The number of a blob among those that the image plays."""
        if blob not in self.audio:
            self.audio.append(blob)
        return self.audio.index(blob)

    def image(self) -> ScoreImage:
        """The whole as bytes."""
        body = [word for found in self.records.values() for record in found for word in record]
        counts = [len(found) for found in self.records.values()]
        words = len(image.HEADER) + len(body)
        head = [image.MAGIC, image.VERSION, words, len(ENGINE), self.seed, self.length, *counts]
        return ScoreImage(_pack([*head, *body]), tuple(self.names), tuple(self.audio))


Patch = Mapping[str, Value]


def _pack(words: list[Word]) -> bytes:
    """Ints as signed words, floats as floats, little-endian."""
    return struct.pack("<" + "".join("f" if type(w) is float else "i" for w in words), *words)


def _floats(settings: Mapping[str, Value], patch: Patch) -> Iterable[float]:
    for parameter in ENGINE:
        held = settings.get(parameter.key, patch.get(parameter.key, parameter.default))
        yield engine_value(parameter, held)


def engine_value(parameter: Parameter, value: Value) -> float:
    """The float that the engine reads: a choice's index, a note value's ticks made negative."""
    if parameter.kind is Kind.CHOICE:
        return float(parameter.choices.index(str(value)))
    if parameter.kind is Kind.TIME and isinstance(value, str):
        return -float(note_value_ticks(value))
    return float(value)


def _chain(settings: Mapping[str, Value]) -> list[int]:
    """The numbers of the effects that run, in their order, then zeros."""
    running = [e for e in chain_order(settings) if not settings.get(f"{e}.bypass", False)]
    numbers = [EFFECTS.index(effect) + 1 for effect in running]
    return [*numbers, *[0] * (image.CHAIN_SLOTS - len(numbers))]


def chain_order(settings: Mapping[str, Value]) -> tuple[str, ...]:
    """All effects in the order in which a strip of these settings runs them."""
    named = str(settings.get("chain.order", BY_KEY["chain.order"].default)).split(">")
    return (*named, *(effect for effect in EFFECTS if effect not in named))


def identity(name: str) -> int:
    """FNV-1a of a strip's name, 32 bits as a signed word; 0 for the master's, which is empty."""
    if not name:
        return 0
    value = 0x811C9DC5
    for byte in name.encode():
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value - (1 << 32) if value >> 31 else value
