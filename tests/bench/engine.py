"""How much faster than real time the engine renders, on one core."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable

from cellissimo.engine.render import events, render
from cellissimo.schema.models import Loop, Song, Step
from cellissimo.schema.sounds import SOUNDS

SONG = Song("song", "bench")
ROOTS = {0: "Cmaj7", 16: "G", 32: "Am7", 48: "F/A"}
PATTERNS = {
    "drum-kick": "x...x...x...x...",
    "drum-snare": "....x.......x..o",
    "drum-hihat": "x.x.x.x.x.x.x.xo",
    "drum-clap": "....x.......x...",
    "bass-sub": "x..x..x.x..x..x.",
    "synth-lead": "x..x....x.x.....",
    "synth-arp": "xxxxxxxxxxxxxxxx",
}
WET = {
    f"{row}.{effect}.mix": 0.2 for row in ("synth-pad", *PATTERNS) for effect in ("delay", "reverb")
}


def busy_loop() -> Loop:
    """Eight rows over four bars, each with echoes and a room."""
    steps = {
        (row, bar * 16 + cell): Step()
        for row, pattern in PATTERNS.items()
        for bar in range(4)
        for cell, letter in enumerate(pattern)
        if letter != "."
    }
    pads = {("synth-pad", cell): Step(90, duration=3840) for cell in ROOTS}
    return Loop("loop", "busy", chords=ROOTS, steps={**steps, **pads}, settings=WET)


def full_loop() -> Loop:
    """All sounds of the library, one step a beat each, with their own effects."""
    steps = {(sound, cell): Step() for sound in SOUNDS for cell in range(0, 64, 4)}
    return Loop("loop", "full", chords=ROOTS, steps=steps)


def seconds_of(work: Callable[[], object], times: int = 5) -> float:
    """The shortest of a few runs, in seconds of this process's own time."""
    best = float("inf")
    for _ in range(times):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def speed(loop: Loop) -> float:
    """Seconds of sound in a second of work, the start of an engine included."""
    length = loop.bars * 2.0
    return length / seconds_of(lambda: render(loop, SONG, tail=False))


def results() -> dict[str, str]:
    """What was measured, by its name."""
    busy, full = busy_loop(), full_loop()
    usual = dataclasses.replace(busy, settings={})
    return {
        "eight rows with their sounds' own effects": f"{speed(usual):.0f} × real time",
        "the same, an echo and a room on each": f"{speed(busy):.0f} × real time",
        f"all {len(SOUNDS)} sounds with their own effects": f"{speed(full):.0f} × real time",
        "events of the eight rows": f"{1000 * seconds_of(lambda: events(busy, SONG)):.0f} ms",
    }
