"""Chord progressions to begin with, and the palette that a chord lane offers."""

from __future__ import annotations

from dataclasses import dataclass

PRESETS: dict[str, tuple[str, ...]] = {
    "Pop": ("I", "V", "vi", "IV"),
    "Sad": ("vi", "IV", "I", "V"),
    "Chill": ("I", "iii", "vi", "IV"),
    "Shoegaze": ("bVII", "IV", "I", "V"),
}
"""Progressions by name, as roman numerals, one chord a bar."""


@dataclass(frozen=True)
class PaletteEntry:
    """One tile of the palette.

    `kind` is "chord" for a numeral to place and "variation" for a change to a placed chord.
    `role` colours it: tonic, predominant, dominant, borrowed, colour, tension or seventh.
    """

    text: str
    kind: str
    role: str
    says: str


PALETTE: tuple[PaletteEntry, ...] = (
    PaletteEntry("I", "chord", "tonic", "home"),
    PaletteEntry("ii", "chord", "predominant", "sets out from home"),
    PaletteEntry("iii", "chord", "tonic", "home, in a softer light"),
    PaletteEntry("IV", "chord", "predominant", "opens the window"),
    PaletteEntry("V", "chord", "dominant", "wants to go home"),
    PaletteEntry("vi", "chord", "tonic", "home, on a rainy day"),
    PaletteEntry("bVII", "chord", "borrowed", "borrowed from the minor key"),
    PaletteEntry("sus", "variation", "colour", "suspends the third"),
    PaletteEntry("dim", "variation", "tension", "tightens the chord"),
    PaletteEntry("+7", "variation", "seventh", "adds the seventh of the key"),
)


def find_preset(name: str) -> tuple[str, ...] | None:
    """The numerals of a preset, found whatever its case; None where there is none."""
    for known, numerals in PRESETS.items():
        if known.lower() == name.strip().lower():
            return numerals
    return None
