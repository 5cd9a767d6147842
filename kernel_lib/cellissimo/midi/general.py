"""What the library's sounds are in General MIDI: a program, or a key of the drums.

Source: General MIDI System Level 1, tables of programs and percussion keys.
"""

from __future__ import annotations

PROGRAMS = {
    "synth-lead": 81,
    "synth-pad": 89,
    "synth-pluck": 45,
    "synth-arp": 80,
    "synth-keys": 4,
    "synth-bell": 14,
    "bass-sub": 38,
    "bass-wobble": 39,
    "bass-fm": 36,
    "fx-riser": 119,
    "fx-impact": 118,
    "fx-sweep": 95,
    "fx-glitch": 99,
    "fx-vocal": 85,
    "fx-noise": 122,
}
"""The program 0 … 127 of each sound that is no drum."""

DRUM_KEYS = {
    "drum-kick": 36,
    "drum-kick808": 35,
    "drum-snare": 38,
    "drum-hihat": 42,
    "drum-openhat": 46,
    "drum-clap": 39,
    "drum-rim": 37,
    "drum-tom": 45,
    "drum-cowbell": 56,
    "drum-shaker": 70,
    "drum-crash": 49,
    "drum-perc": 63,
}
"""The key of each drum on the drums' channel."""

DRUM_CHANNEL = 9
"""The drums' channel, counted from 0."""
