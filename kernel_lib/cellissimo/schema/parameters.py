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

_LFO_REACHES = {
    "amp": "the level falls to 1 - depth",
    "filter": "times 4 octaves, up and down",
    "filterq": "times 2 octaves, up and down",
    "pan": "to both sides of where it is",
    "delay": "times half of the time, longer and shorter",
    "feedback": "times a half, more and less",
}
LFO_TARGETS = tuple(_LFO_REACHES)
"""What an LFO can move: level, filter frequency and Q, pan, delay time and feedback."""

EFFECTS = (
    "eq",
    "band",
    "filter",
    "comp",
    "distort",
    "chorus",
    "phaser",
    "delay",
    "reverb",
    "width",
)
"""The inserts of a strip in the order in which they stand unless ``chain.order`` tells another.

"band" is the parametric equaliser: the sections band1 … band4.
"""

BANDS = ("band1", "band2", "band3", "band4")
"""The bands of the parametric equaliser."""

GROOVE_TEMPLATES = (
    "mpc-swing-54 mpc-swing-58 mpc-swing-62 mpc-swing-66 mpc-swing-71 bossa-nova son-clave-3-2 "
    "rumba-clave-3-2 afrobeat-12-8 reggae-one-drop second-line go-go-swing dilla-feel"
)
"""The groove templates; ``schema/grooves`` lists the offsets and velocities of each."""


def _lfo(target: str) -> tuple[Parameter, ...]:
    section = f"lfo-{target}"
    return (
        number(f"{section}.rate", STRIP, 0.01, 40, 1, "Hz", "turns a second"),
        number(f"{section}.depth", STRIP, 0, 1, 0, "", _LFO_REACHES[target]),
        choice(f"{section}.wave", STRIP, "sine triangle square saw", "sine"),
    )


def _band(section: str, freq: float) -> tuple[Parameter, ...]:
    shapes = "off peak lowshelf highshelf lowpass highpass notch"
    return (
        choice(f"{section}.type", STRIP, shapes, "off", "the shape of the band"),
        number(f"{section}.freq", STRIP, 20, 20000, freq, "Hz", "centre or corner"),
        number(f"{section}.gain", STRIP, -24, 24, 0, "dB", "of a peak or shelf"),
        number(f"{section}.q", STRIP, 0.1, 20, 0.707),
    )


def _bypass(effect: str) -> Parameter:
    return switch(f"{effect}.bypass", STRIP, "kept, but not heard", heard=False)


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
    switch("amp.solo", STRIP, "heard alone, with the others that are soloed"),
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
    choice("groove.type", STRIP, "straight swing humanize rush drag template", "straight"),
    number("groove.amount", STRIP, 0, 1, 0.5, "", "0 as written, 1 fully"),
    choice("groove.subdivision", STRIP, "4n 8n 16n", "8n", "what is swung"),
    choice("groove.template", STRIP, GROOVE_TEMPLATES, "mpc-swing-54", "the feel of a template"),
    number("limiter.ceiling", MASTER, -24, 0, -1, "dBTP", "no peak passes it"),
    number("limiter.release", MASTER, 0.01, 2, 0.15, "s", "time to recover"),
    number("eq.low", STRIP, -3, 3, 0, "steps", "low shelf in steps of 3 dB"),
    number("eq.mid", STRIP, -3, 3, 0, "steps", "middle in steps of 3 dB"),
    number("eq.high", STRIP, -3, 3, 0, "steps", "high shelf in steps of 3 dB"),
    number("eq.lowfreq", STRIP, 20, 2000, 400, "Hz", "corner of the low shelf"),
    number("eq.highfreq", STRIP, 500, 20000, 2500, "Hz", "corner of the high shelf"),
    *(
        p
        for band, freq in zip(BANDS, (100, 400, 1600, 6400), strict=True)
        for p in _band(band, freq)
    ),
    number("comp.threshold", STRIP, -60, 0, -24, "dB", "where it begins"),
    number("comp.ratio", STRIP, 1, 20, 1, "", "1 is off; 4 lets a quarter of the excess through"),
    number("comp.attack", STRIP, 0, 1, 0.01, "s", "time to reach nine tenths of a reduction"),
    number("comp.release", STRIP, 0.01, 5, 0.25, "s", "time to recover nine tenths"),
    number("comp.knee", STRIP, 0, 40, 30, "dB", "width of the soft bend about the threshold"),
    number("comp.makeup", STRIP, 0, 24, 0, "dB", "gain behind it"),
    choice("distort.type", STRIP, "soft hard fold", "soft", "the shape it is bent by"),
    number("distort.amount", STRIP, 0, 1, 0, "", "drive: times 36 dB, fold 24; 0 is off"),
    number("distort.mix", STRIP, 0, 1, 1, "", "level of the bent beside the clean sound"),
    number("chorus.rate", STRIP, 0.01, 20, 1, "Hz", "turns a second"),
    number("chorus.depth", STRIP, 0, 1, 0.5, "", "how far the voices wander: times 4 ms"),
    number("chorus.mix", STRIP, 0, 1, 0, "", "level of the voices beside the dry sound"),
    number("phaser.rate", STRIP, 0.01, 20, 0.5, "Hz", "turns a second"),
    number("phaser.depth", STRIP, 0, 1, 0.5, "", "how far the notches wander: times 2 octaves"),
    choice("phaser.stages", STRIP, "2 4 8 12", "4", "two all-passes make one notch"),
    number("phaser.freq", STRIP, 50, 5000, 800, "Hz", "where the notches wander about"),
    number("phaser.feedback", STRIP, 0, 0.9, 0.3, "", "how sharp the notches are"),
    number("phaser.mix", STRIP, 0, 1, 0, "", "0 dry, 1 turned through only; 0.5 has the notches"),
    number("width.width", STRIP, 0, 2, 1, "", "0 mono, 1 as it is, 2 wide", positional=True),
    Parameter(
        "chain",
        "order",
        STRIP,
        Kind.CHAIN,
        0,
        0,
        ">".join(EFFECTS),
        "",
        "the order of the effects; what is not named follows in the usual order",
        positional=True,
    ),
    *(_bypass(effect) for effect in EFFECTS),
    *(parameter for target in LFO_TARGETS for parameter in _lfo(target)),
)
"""What a document may set on a row or on the master, in the order in which text prints it."""

BY_KEY = MappingProxyType({p.key: p for p in (*SETTINGS, *VOICE)})
"""Every parameter by its ``section.name``."""

ENGINE: tuple[Parameter, ...] = tuple(
    p for p in (*SETTINGS, *VOICE) if p.heard and p.kind not in {Kind.SOUND, Kind.CHAIN}
)
"""The parameters of a strip in the score image, in the order of its floats."""
