"""The layout of the score image: the flat binary form of a loop or song that the engine plays.

Little-endian words of four bytes: a header, then the records of each kind in the order of
`RECORDS`, as many as the header counts. `generate.py` writes this layout as a C header and as
TypeScript, so that no offset is written twice.

A strip is a mixer channel with a chain of effects. Strip 0 is the master; every other strip
feeds its `output`, which is an earlier record. A loop's rows are strips; so are a loop's bus,
stems and returns. A loop record holds what a loop plays; placements say where it is played.
Spans are stretches of time with gain and fades; placements, notes and clips lie in them.
"""

from __future__ import annotations

from dataclasses import dataclass

MAGIC = 0x32534D43
"""The first word, "CMS2" in memory."""

VERSION = 2

MASTER, INSTRUMENT, GROUP, RETURN = range(4)
"""Kinds of strips: the master; what voices and clips play on; a bus; a return of sends."""

CHAIN_SLOTS = 10
"""Words of a strip's chain of effects: each the number of an effect (from 1), 0 for none."""


@dataclass(frozen=True, slots=True)
class Field:
    """One word of a record: its name, whether it is a float, and its meaning."""

    name: str
    is_float: bool
    doc: str


def _int(name: str, doc: str) -> Field:
    return Field(name, is_float=False, doc=doc)


def _float(name: str, doc: str) -> Field:
    return Field(name, is_float=True, doc=doc)


HEADER = (
    _int("magic", "MAGIC"),
    _int("version", "VERSION"),
    _int("words", "length of the whole image in words"),
    _int("parameters", "floats of a strip record; must be the engine's own number"),
    _int("seed", "seed of noise and chance"),
    _int("length", "ticks of one pass, 1 or more"),
    _int("strips", "strip records, the master first"),
    _int("sends", "send records, in any order"),
    _int("tempos", "tempo records by tick, the first at 0"),
    _int("meters", "meter records by tick, the first at 0"),
    _int("spans", "span records"),
    _int("loops", "loop records"),
    _int("placements", "placement records, in any order"),
    _int("steps", "step records, in any order"),
    _int("chords", "chord records, in any order"),
    _int("notes", "note records, in any order"),
    _int("clips", "clip records, in any order"),
    _int("points", "automation points, in any order"),
)

STRIP = (
    _int(
        "identity",
        "FNV-1a of the strip's name; 0 is the master. Only matches strips of an "
        "older image while playing; order is by position",
    ),
    _int("chance", "FNV-1a of the name it has for musicians: its part in noise and chance"),
    _int("kind", "MASTER, INSTRUMENT, GROUP or RETURN"),
    _int("output", "index of the strip it feeds, below its own; -1 for the master"),
    *(
        _int(f"chain{i}", "an effect's number, or 0; those named run in this order")
        for i in range(CHAIN_SLOTS)
    ),
)
"""Then one float per parameter of `parameters.ENGINE`, in its order."""

SEND = (
    _int("strip", "the strip it takes from, behind its fader"),
    _int("to", "index of a RETURN strip"),
    _float("level", "linear, 0 … 1"),
)

TEMPO = (
    _int("tick", "from here on"),
    _float("bpm", "quarter notes a minute"),
    _int("ramp", "1: changes evenly by ticks to the next record; 0: stays"),
)

METER = (
    _int("tick", "from here on, where a bar begins"),
    _int("bar_ticks", "length of a bar"),
    _int("beat_ticks", "length of a beat"),
)

SPAN = (
    _int("start", "tick"),
    _int("length", "ticks, 1 or more"),
    _float("gain", "dB"),
    _float("fade_in", "milliseconds from its start"),
    _float("fade_out", "milliseconds to its end"),
    _int("fade_in_curve", "index in limits.FADE_CURVES"),
    _int("fade_out_curve", "index in limits.FADE_CURVES"),
)
"""A note or step takes the level that gain and fades have at its start; a clip follows them."""

LOOP = (
    _int("bus", "index of the strip that its rows feed: its groove is that of rows without one"),
    _int("ticks", "length of one turn"),
    _int("step_ticks", "length of one cell"),
    _int("bar_ticks", "length of one bar"),
)

PLACEMENT = (
    _int("loop", "index of the loop record"),
    _int("span", "index of the span it repeats in"),
    _int("offset", "ticks of the loop at which it begins, below its length"),
)

STEP = (
    _int("loop", "index of the loop record"),
    _int("strip", "index of the strip record, 1 or more"),
    _int("cell", "0 or more"),
    _int("velocity", "0 … 127"),
    _float("pitch", "MIDI number, or -1: the chord's, or the sound's own"),
    _int("duration", "ticks, or 0: one cell"),
    _float("probability", "0 … 1"),
    _int("offset", "ticks, later when positive"),
)

CHORD = (
    _int("loop", "index of the loop record"),
    _int("cell", "from here on"),
    _int("root", "pitch class 0 … 11, or -1: no chord"),
    _int("bass", "pitch class 0 … 11"),
    _int("intervals", "bit i is set where the chord has a tone i semitones above the root, 0 … 23"),
)

NOTE = (
    _int("strip", "index of the strip record, 1 or more"),
    _int("span", "index of the span it lies in"),
    _int("tick", "of the song, within the span"),
    _int("duration", "ticks, 1 or more; it ends with its span at the latest"),
    _float("pitch", "MIDI number"),
    _int("velocity", "0 … 127"),
)

CLIP = (
    _int("strip", "index of the strip record, 1 or more"),
    _int("span", "index of the span it sounds in"),
    _int("audio", "number of the audio, as the host counts it from 0"),
    _int("offset", "frames of the audio at which it begins"),
    _int("frames", "frames of the audio"),
)

POINT = (
    _int("strip", "index of the strip record"),
    _int("parameter", "index in parameters.ENGINE"),
    _int("tick", "from here on"),
    _float("value", "in the parameter's own unit"),
    _int("curve", "index in limits.CURVES"),
)

RECORDS = {
    "strips": STRIP,
    "sends": SEND,
    "tempos": TEMPO,
    "meters": METER,
    "spans": SPAN,
    "loops": LOOP,
    "placements": PLACEMENT,
    "steps": STEP,
    "chords": CHORD,
    "notes": NOTE,
    "clips": CLIP,
    "points": POINT,
}
"""The records of an image in their order, by the header's word that counts them."""

EVENT = (
    _int("frame", "from the start of the pass, at 48 000 Hz"),
    _int("tick", "from the start of the pass, swing and offset included"),
    _int("strip", "index of the strip record"),
    _float("pitch", "MIDI number"),
    _float("velocity", "0.0 … 1.0"),
    _int("duration", "ticks"),
    _int("frames", "frames"),
)
"""What the sequencer gives back, in its total order."""
