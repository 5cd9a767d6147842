"""Score images of songs for tests, record by record, with nothing of the image writer."""

from __future__ import annotations

import numpy as np

from cellissimo.native.host import Engine
from cellissimo.schema import image
from cellissimo.schema.limits import CURVES, FADE_CURVES
from tests.unit.native.score import DEFAULTS, INDEX, Word, image_words, pack

BAR = 3840
FLAT = {"amp.level": 1.0, "limiter.ceiling": 0.0}
"""A fader that changes nothing."""

SINE = {
    **FLAT,
    "env.attack": 0.0,
    "env.sustain": 1.0,
    "env.release": 0.01,
    "osc.wave": 0.0,
    "play.level": 0.1,
    "play.velocity": 0.0,
}
"""A plain sine that begins at once and holds, at a tenth of full scale."""


class Song:
    """A song in the making: each call adds a record and gives its index."""

    def __init__(
        self, bars: float = 4, tempo: float = 120.0, seed: int = 0, chain=(), **master
    ) -> None:
        self.length = int(bars * BAR)
        self.seed = seed
        self.records: dict[str, list[list[Word]]] = {kind: [] for kind in image.RECORDS}
        self._add("strips", 0, 0, image.MASTER, -1, *_strip(chain, {**FLAT, **_dotted(master)}))
        self.tempo(0, tempo)
        self.meter(0, BAR)

    def _add(self, kind: str, *words: Word) -> int:
        self.records[kind].append(list(words))
        return len(self.records[kind]) - 1

    def strip(self, output: int = 0, kind: int = image.INSTRUMENT, chain=(), **values) -> int:
        """A sine, or what ``values`` make of it; ``__`` stands for the dot."""
        place = len(self.records["strips"])
        base = SINE if kind == image.INSTRUMENT else FLAT
        body = _strip(chain, {**base, **_dotted(values)})
        return self._add("strips", 1000 + place, 1000 + place, kind, output, *body)

    def group(self, output: int = 0, **values) -> int:
        """Add a bus."""
        return self.strip(output, image.GROUP, **values)

    def room(self, **values) -> int:
        """Add a return."""
        return self.strip(0, image.RETURN, **values)

    def send(self, strip: int, to: int, level: float) -> int:
        """Add a send."""
        return self._add("sends", strip, to, float(level))

    def tempo(self, tick: int, bpm: float, ramp: int = 0) -> int:
        """Add a change of tempo."""
        return self._add("tempos", tick, float(bpm), ramp)

    def meter(self, tick: int, bar: int) -> int:
        """Add a change of meter."""
        return self._add("meters", tick, bar, min(960, bar))

    def span(
        self, start=0, length=None, gain=0.0, fade_in=0.0, fade_out=0.0, curve="linear"
    ) -> int:
        """Add a span: the whole song unless told."""
        shape = FADE_CURVES.index(curve)
        length = self.length - start if length is None else length
        words = (float(gain), float(fade_in), float(fade_out), shape, shape)
        return self._add("spans", start, length, *words)

    def loop(self, bus: int = 0, bars: int = 1, cells: int = 16, bar: int = BAR) -> int:
        """Add a loop of bars of ``bar`` ticks."""
        return self._add("loops", bus, bars * bar, bar // cells, bar)

    def place(self, loop: int, span: int, offset: int = 0) -> int:
        """Place a loop in a span."""
        return self._add("placements", loop, span, offset)

    def step(
        self, loop, strip, cell, velocity=100, pitch=60.0, duration=0, chance=1.0, offset=0
    ) -> int:
        """Add a step."""
        words = (velocity, float(pitch), duration, float(chance), offset)
        return self._add("steps", loop, strip, cell, *words)

    def note(self, strip, span, tick, duration=480, pitch=60.0, velocity=100) -> int:
        """Add a note."""
        return self._add("notes", strip, span, tick, duration, float(pitch), velocity)

    def clip(self, strip, span, audio, frames, offset=0) -> int:
        """Add a clip of so many frames of audio."""
        return self._add("clips", strip, span, audio, offset, frames)

    def point(self, strip, key, tick, value, curve="linear") -> int:
        """Add a point of automation."""
        return self._add("points", strip, INDEX[key], tick, float(value), CURVES.index(curve))

    def words(self) -> list[Word]:
        """Give the words of the image."""
        return image_words(self.records, self.length, self.seed)

    def image(self) -> bytes:
        """Give the image in bytes."""
        return pack(self.words())

    def engine(self, mode: int = 0, audio=None, taps: int = 0) -> Engine:
        """An engine that begins to play it."""
        engine = Engine(audio)
        engine.load(self.image())
        if taps:
            engine.tap(-1, taps)
        engine.play(mode)
        return engine

    def events(self) -> list[tuple]:
        """(frame, tick, strip, pitch, velocity, duration, frames) of each event of the pass."""
        engine = Engine()
        engine.load(self.image())
        return [tuple(event) for event in engine.collect().tolist()]

    def ticks(self) -> list[int]:
        """Give the tick of each event."""
        return [event[1] for event in self.events()]


def _dotted(values: dict) -> dict[str, float]:
    return {key.replace("__", "."): float(value) for key, value in values.items()}


def _strip(chain, values: dict[str, float]) -> list[Word]:
    floats = list(DEFAULTS)
    for key, value in values.items():
        floats[INDEX[key]] = float(value)
    slots = [*chain, *[0] * (image.CHAIN_SLOTS - len(chain))]
    return [*slots, *floats]


def paged(*audios: np.ndarray):
    """A source of pages of these audios, ``(channels, frames)`` each."""

    def page(audio: int, number: int) -> np.ndarray:
        return audios[audio][:, number * 65_536 : (number + 1) * 65_536]

    return page
