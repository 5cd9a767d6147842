"""How much faster than real time the engine renders, on one core."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterable

from cellissimo.engine.image import score_image
from cellissimo.engine.render import events, render
from cellissimo.engine.score import ScoreImage
from cellissimo.engine.song_image import song_image
from cellissimo.schema.models import Loop, Note, Return, Segment, Song, Stem, Step
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


STEMS = {
    "drum-kick": (0, 4, 8, 12),
    "drum-snare": (4, 12),
    "drum-hihat": range(0, 16, 2),
    "bass-sub": (0, 3, 6, 8, 11),
    "synth-keys": (0, 6, 10),
    "synth-lead": (0, 3, 8, 10, 12),
    "synth-arp": range(16),
    "synth-pad": (0,),
}
"""The sound of each stem, and the cells it plays on in each bar."""

EVERY_STEM = {"eq.low": 1, "eq.mid": -1, "eq.high": 1, "comp.threshold": -24, "comp.ratio": 4}
DELAYED = {"delay.mix": 0.2, "delay.time": "8n.", "delay.feedback": 0.4}
CHORUSED = {"chorus.mix": 0.4}


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


def song_of_stems(effects: bool = True, bars: int = 8) -> Song:
    """Eight stems: equaliser, compressor, echoes or chorus on each, and a room they share."""
    stems, segments = {}, {}
    for place, (sound, cells) in enumerate(STEMS.items()):
        own = {**EVERY_STEM, **(CHORUSED if place % 2 else DELAYED)} if effects else {}
        sends = {"room": 0.2} if effects else {}
        stems[sound] = Stem(sound, sound, settings={"sample.sound": sound, **own}, sends=sends)
        notes = _notes(sound, cells, bars)
        segments[sound] = Segment(sound, sound, "midi", 0, bars * 3840, notes=notes)
    hall = Return("room", "Room", settings={"reverb.mix": 1, "reverb.decay": 2.5})
    returns = {"room": hall} if effects else {}
    return Song("song", "stems", stems=stems, segments=segments, returns=returns)


def _notes(sound: str, cells: Iterable[int], bars: int) -> dict[str, Note]:
    pitches = (60, 64, 67, 71) if sound in {"synth-pad", "synth-keys"} else (60,)
    length = 3840 if sound == "synth-pad" else 240
    return {
        f"{bar}.{cell}.{pitch}": Note(bar * 3840 + cell * 240, length, float(pitch))
        for bar in range(bars)
        for cell in cells
        for pitch in pitches
    }


def seconds_of(work: Callable[[], object], times: int = 5) -> float:
    """The shortest of a few runs, in seconds of this process's own time."""
    best = float("inf")
    for _ in range(times):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def speed(score: ScoreImage, seconds: float) -> float:
    """Seconds of sound in a second of work, the start of an engine included."""
    return seconds / seconds_of(lambda: render(score, tail=False))


def results() -> dict[str, str]:
    """What was measured, by its name."""
    busy, full = busy_loop(), full_loop()
    usual = dataclasses.replace(busy, settings={})
    loops = {
        "eight rows with their sounds' own effects": usual,
        "the same, an echo and a room on each": busy,
        f"all {len(SOUNDS)} sounds with their own effects": full,
    }
    songs = {
        "eight stems with their sounds' own effects": song_of_stems(effects=False),
        "the same, equaliser, compressor, echo or chorus on each, a shared room": song_of_stems(),
    }
    speeds = {name: speed(score_image(loop, SONG), 8.0) for name, loop in loops.items()}
    speeds |= {name: speed(song_image(song), 16.0) for name, song in songs.items()}
    took = 1000 * seconds_of(lambda: events(score_image(busy, SONG)))
    return {
        **{name: f"{fast:.0f} × real time" for name, fast in speeds.items()},
        "events of the eight rows": f"{took:.0f} ms",
    }
