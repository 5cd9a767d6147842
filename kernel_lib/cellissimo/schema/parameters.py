"""Every parameter of a row, of the master and of a patch, in one table.

A *setting* of the document is ``target.section.parameter = value``; the pattern language writes
``section target: parameter=value``; the engine reads one float per heard parameter and strip.
All three read this table, so a new parameter is one line here (or, for patches, in voice.py).
"""

from __future__ import annotations

from types import MappingProxyType

from cellissimo.schema.parameter import Kind, Parameter, Scope, choice, number, switch, time
from cellissimo.schema.voice import VOICE

ROW, STRIP, MASTER = Scope.ROW, Scope.STRIP, Scope.MASTER

LFO_TARGETS = ("amp", "filter", "filterq", "pan", "delay", "feedback")
"""What an LFO can move: level, filter frequency and Q, pan, delay time and feedback."""


def _lfo(target: str) -> tuple[Parameter, ...]:
    section = f"lfo-{target}"
    return (
        number(f"{section}.rate", STRIP, 0.01, 40, 1, "Hz", "turns a second", heard=False),
        number(f"{section}.depth", STRIP, 0, 1, 0, "", "how far it moves", heard=False),
        choice(f"{section}.wave", STRIP, "sine triangle square saw", "sine", heard=False),
    )


SETTINGS: tuple[Parameter, ...] = (
    Parameter(
        "sample", "sound", ROW, Kind.SOUND, 0, 0, "", "", "the sound of the row", positional=True
    ),
    number("sample.gain", ROW, -3, 3, 0, "steps", "level in steps of 3 dB"),
    Parameter(
        "note",
        "pitch",
        ROW,
        Kind.PITCH,
        0,
        127,
        -1,
        "MIDI",
        "the pitch of every step; -1: the chord's, or the sound's own",
        positional=True,
    ),
    number("env.attack", ROW, 0, 10, 0.005, "s", "time from silence to full level"),
    number("env.decay", ROW, 0, 10, 0.1, "s", "time from full level to sustain"),
    number("env.sustain", ROW, 0, 1, 0.7, "", "level while the step lasts"),
    number("env.release", ROW, 0, 20, 0.2, "s", "time to silence after the step"),
    number("amp.level", STRIP, 0, 1, 0.8, "", "linear level; 0 is silence"),
    number("amp.gain", STRIP, -3, 3, 0, "steps", "level in steps of 3 dB"),
    switch("amp.mute", STRIP, "silent, but kept"),
    switch("amp.solo", ROW, "heard alone, with the other soloed rows"),
    number("pan.pan", STRIP, -1, 1, 0, "", "-1 left, 1 right, equal power", positional=True),
    choice("filter.type", STRIP, "off lowpass highpass bandpass notch", "off"),
    number("filter.freq", STRIP, 20, 20000, 1000, "Hz", "cut-off or centre frequency"),
    number("filter.q", STRIP, 0.1, 20, 0.707, "", "resonance"),
    time("delay.time", STRIP, 0.001, 2, "8n.", "time of one echo"),
    number("delay.feedback", STRIP, 0, 0.95, 0.35, "", "level of each echo after the last"),
    number("delay.mix", STRIP, 0, 1, 0, "", "level of the echoes beside the dry sound"),
    number("reverb.size", STRIP, 0, 1, 0.5, "", "from a closet to a cathedral"),
    number("reverb.decay", STRIP, 0.1, 20, 1.8, "s", "time to fall by 60 dB"),
    number("reverb.damp", STRIP, 0, 1, 0.4, "", "how fast the highs die"),
    number("reverb.mix", STRIP, 0, 1, 0, "", "level of the room beside the dry sound"),
    choice(
        "groove.type",
        STRIP,
        "straight swing humanize rush drag template",
        "straight",
        "swing is heard; the others are kept",
    ),
    number("groove.amount", STRIP, 0, 1, 0, "", "0 straight, 1 full triplet swing"),
    choice("groove.subdivision", STRIP, "4n 8n 16n", "8n", "what is swung"),
    number("limiter.ceiling", MASTER, -24, 0, -1, "dBTP", "no peak passes it"),
    number("limiter.release", MASTER, 0.01, 2, 0.15, "s", "time to recover"),
    number("eq.low", STRIP, -3, 3, 0, "steps", "low shelf in steps of 3 dB", heard=False),
    number("eq.mid", STRIP, -3, 3, 0, "steps", "middle in steps of 3 dB", heard=False),
    number("eq.high", STRIP, -3, 3, 0, "steps", "high shelf in steps of 3 dB", heard=False),
    number("comp.threshold", STRIP, -60, 0, -24, "dB", heard=False),
    number("comp.ratio", STRIP, 1, 20, 4, "", heard=False),
    number("comp.attack", STRIP, 0, 1, 0.01, "s", heard=False),
    number("comp.release", STRIP, 0.01, 5, 0.25, "s", heard=False),
    number("comp.knee", STRIP, 0, 40, 30, "dB", heard=False),
    number("chorus.rate", STRIP, 0.01, 20, 1, "Hz", heard=False),
    number("chorus.depth", STRIP, 0, 1, 0.5, "", heard=False),
    number("chorus.mix", STRIP, 0, 1, 0, "", heard=False),
    number("phaser.rate", STRIP, 0.01, 20, 0.5, "Hz", heard=False),
    number("phaser.depth", STRIP, 0, 1, 0.5, "", heard=False),
    choice("phaser.stages", STRIP, "2 4 8 12", "4", heard=False),
    number("phaser.mix", STRIP, 0, 1, 0, "", heard=False),
    number("distort.amount", STRIP, 0, 1, 0, "", heard=False),
    number("distort.mix", STRIP, 0, 1, 1, "", heard=False),
    *(parameter for target in LFO_TARGETS for parameter in _lfo(target)),
)
"""What a document may set on a row or on the master, in the order in which text prints it."""

BY_KEY = MappingProxyType({p.key: p for p in (*SETTINGS, *VOICE)})
"""Every parameter by its ``section.name``."""

ENGINE: tuple[Parameter, ...] = tuple(
    p for p in (*SETTINGS, *VOICE) if p.heard and p.kind is not Kind.SOUND
)
"""The parameters of a strip in the score image, in the order of its floats."""
