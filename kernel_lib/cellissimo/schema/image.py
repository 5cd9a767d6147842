"""The layout of the score image: the flat binary form of a loop that the engine plays.

Little-endian words of four bytes: a header, one strip record for the master and one per row,
then step records, then chord records. `generate.py` writes this layout as a C header and as
TypeScript, so that no offset is written twice.
"""

from __future__ import annotations

from dataclasses import dataclass

MAGIC = 0x31534D43
"""The first word, "CMS1" in memory."""

VERSION = 1


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
    _int("strips", "strip records, the master first, then the rows in their order"),
    _int("steps", "step records, in any order"),
    _int("chords", "chord records, in any order"),
    _int("parameters", "floats of a strip record; must be the engine's own number"),
    _int("loop_ticks", "length of one pass"),
    _int("step_ticks", "length of one cell"),
    _int("bar_ticks", "length of one bar"),
    _float("tempo", "quarter notes a minute"),
    _int("seed", "seed of noise and chance"),
)

STRIP = (
    _int(
        "identity",
        "FNV-1a of the row's name; 0 is the master. Only matches strips of an "
        "older image while playing; order is by position",
    ),
)
"""Then one float per parameter of `parameters.ENGINE`, in its order."""

STEP = (
    _int("strip", "index of the strip record, 1 or more"),
    _int("cell", "0 or more"),
    _int("velocity", "0 … 127"),
    _float("pitch", "MIDI number, or -1: the chord's, or the sound's own"),
    _int("duration", "ticks, or 0: one cell"),
    _float("probability", "0 … 1"),
    _int("offset", "ticks, later when positive"),
)

CHORD = (
    _int("cell", "from here on"),
    _int("root", "pitch class 0 … 11, or -1: no chord"),
    _int("bass", "pitch class 0 … 11"),
    _int("intervals", "bit i is set where the chord has a tone i semitones above the root, 0 … 23"),
)

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
