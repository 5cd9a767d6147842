"""Loops that together use every sound, every effect and every form of a step."""

from __future__ import annotations

from itertools import product

from cellissimo.schema.models import Loop, Step, Value
from cellissimo.schema.parameters import ENGINE
from cellissimo.schema.sounds import SOUNDS


def steps(row: str, letters: str) -> dict[tuple[str, int], Step]:
    """Steps of one row: X 127, x 100, o 50, anything else a rest."""
    loud = {"X": 127, "x": 100, "o": 50}
    return {(row, cell): Step(loud[c]) for cell, c in enumerate(letters) if c in loud}


def band(name: str, rows: dict[str, str], **fields: object) -> Loop:
    """A loop of rows given in letters."""
    played = {
        key: step for row, letters in rows.items() for key, step in steps(row, letters).items()
    }
    return Loop(id=name, name=name, steps=played, **fields)  # type: ignore[arg-type]


def sounds_of(category: str) -> dict[str, str]:
    """All sounds of a category as rows, one starting after the other."""
    ids = [sound.id for sound in SOUNDS.values() if sound.category == category]
    return {row: "." * (2 * place % 16) + "x...o..X" for place, row in enumerate(ids)}


def extremes(*, high: bool) -> dict[str, Value]:
    """Settings that put every heard parameter of a row at the end of its range."""
    return {
        f"lead.{p.key}": (p.high if high else p.low)
        for p in ENGINE
        if p.kind == "number" and p.scope in {"row", "strip"}
    }


EFFECTS: dict[str, Value] = {
    "lead.filter.type": "lowpass",
    "lead.filter.freq": 1800,
    "lead.filter.q": 4,
    "lead.delay.time": "8n.",
    "lead.delay.feedback": 0.6,
    "lead.delay.mix": 0.4,
    "lead.reverb.mix": 0.5,
    "lead.reverb.size": 0.9,
    "lead.reverb.decay": 3.5,
    "lead.pan.pan": -0.6,
    "lead.env.attack": 0.02,
    "lead.env.release": 0.4,
    "kick.amp.level": 0.9,
    "kick.filter.type": "highpass",
    "kick.filter.freq": 45,
    "snare.reverb.mix": 0.3,
    "snare.pan.pan": 0.4,
    "snare.amp.gain": 1,
    "master.reverb.mix": 0.1,
    "master.filter.type": "notch",
    "master.filter.freq": 3000,
    "master.delay.time": 0.21,
    "master.delay.mix": 0.1,
    "master.limiter.ceiling": -2,
    "master.groove.type": "swing",
    "master.groove.amount": 0.5,
}

LOOPS: tuple[Loop, ...] = (
    Loop("empty", "empty"),
    band("synths", sounds_of("synth"), bars=2, chords={0: "I", 8: "V", 16: "vi", 24: "IV"}),
    band("drums", sounds_of("drum"), bars=2, tempo=96.0),
    band("basses", sounds_of("bass"), bars=1, key="F# minor", chords={0: "i", 8: "VI7"}),
    band("effects", sounds_of("fx"), bars=2, tempo=140.5),
    band(
        "bus",
        {"lead": "x...x...x.x.x...", "kick": "X...x...X...x...", "snare": "....X.......X..o"},
        bars=1,
        settings=EFFECTS,
        chords={0: "Am7", 8: "F/A"},
    ),
    band(
        "long-tail",
        {"pad": "X", "clap": "....X"},
        bars=1,
        tempo=180.0,
        settings={
            "pad.reverb.mix": 1.0,
            "pad.reverb.decay": 12.0,
            "pad.delay.mix": 0.7,
            "pad.delay.feedback": 0.85,
            "clap.reverb.mix": 0.8,
            "clap.reverb.size": 1.0,
        },
    ),
    band("tonic-minor", {"lead": "x.x.x.x."}, bars=1, key="D dorian"),
    band("locrian", {"pad": "x"}, bars=1, key="B locrian"),
    band("no-chord", {"pad": "x...x...x...x..."}, bars=1, chords={4: "C", 8: "N.C.", 12: "Ebm11"}),
    band("bad-chords", {"lead": "x.x."}, bars=1, chords={0: "H7", 3: "zz"}),
    band("some-bad-chords", {"lead": "x.x."}, bars=1, chords={0: "H7", 3: "bVII", 7: "V7/V"}),
    band("bad-key", {"lead": "x.x."}, bars=1, key="no such key", chords={4: "ii"}),
    band("chords-past-the-end", {"lead": "x"}, bars=1, chords={16: "G"}, key="E minor"),
    Loop("steps-past-the-end", "past", bars=1, steps={("kick", 15): Step(), ("kick", 16): Step()}),
    Loop(
        "forms",
        "forms",
        bars=2,
        meter="7/8",
        steps_per_bar=14,
        tempo=61.25,
        steps={
            ("lead", 0): Step(0),
            ("lead", 1): Step(127, 60.5),
            ("lead", 2): Step(64, None, 1000),
            ("lead", 3): Step(80, 72, 240, 0.25),
            ("lead", 4): Step(80, probability=0.5, offset=-20),
            ("kick", 27): Step(1, 30, 30000, 1.0, 119),
        },
    ),
    band(
        "own-names",
        {"zoo": "x...", "boom": "x...", "Alto_2": "x...", "hat-2": "xxxx"},
        bars=1,
        settings={
            "zoo.sample.sound": "drum-tom",
            "boom.sample.sound": "kick",
            "Alto_2.sample.sound": "synth-arp",
            "hat-2.sample.sound": "hihat",
            "boom.note.pitch": 31.5,
            "hat-2.amp.mute": True,
            "zoo.amp.solo": True,
        },
    ),
    band(
        "no-sound",
        {"whatever": "x.x.", "kick": "x", "ghost": "x"},
        bars=1,
        settings={"ghost.sample.sound": "no-such-sound"},
    ),
    band("only-settings", {}, bars=1, settings={"snare.amp.level": 0.25, "master.amp.level": 0.5}),
    band("lowest", {"lead": "x"}, bars=1, settings=extremes(high=False)),
    band("highest", {"lead": "x"}, bars=1, settings=extremes(high=True)),
    band(
        "times",
        {"lead": "x", "kick": "x"},
        bars=1,
        settings={"lead.delay.time": "16t", "kick.delay.time": 0.333, "master.delay.time": "1m"},
    ),
    Loop(
        "many",
        "many",
        bars=1,
        steps_per_bar=48,
        steps={
            (f"row-{row}", cell): Step(cell % 128)
            for row, cell in product(range(40), range(0, 48, 4))
        },
        settings={f"row-{row}.sample.sound": list(SOUNDS)[row % len(SOUNDS)] for row in range(40)},
    ),
)
"""Small things first; `many` passes the number of rows the engine has."""
