"""Reading chords, beside music21 on the same symbols in the same run."""

from __future__ import annotations

from music21 import harmony

from cellissimo.notation import chord_symbols
from cellissimo.notation.pattern_parser import read_pattern
from cellissimo.notation.pattern_printer import print_pattern
from tests.bench.engine import busy_loop, seconds_of

SYMBOLS = ("C", "Am7", "F#m7b5", "G7", "Dm9", "C/E", "Gsus4", "Bdim7", "F6", "Am", "E7", "D13")


def ours() -> None:
    """Read each symbol anew."""
    chord_symbols.parse_chord.cache_clear()
    chord_symbols.parse_quality.cache_clear()
    for symbol in SYMBOLS:
        chord_symbols.parse_chord(symbol)


def theirs() -> None:
    """Read each symbol with music21."""
    for symbol in SYMBOLS:
        harmony.ChordSymbol(symbol)


def results() -> dict[str, str]:
    """What was measured, by its name."""
    mine, music21 = seconds_of(ours), seconds_of(theirs)
    text = print_pattern(busy_loop())
    each = 1e6 * mine / len(SYMBOLS)
    reading = 1000 * seconds_of(lambda: read_pattern(text))
    return {
        "a chord symbol": f"{each:.0f} µs, {music21 / mine:.0f} × as fast as music21",
        "pattern text of eight rows, four bars": f"{reading:.1f} ms",
    }
