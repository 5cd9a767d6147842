"""The chord palette in a key: which tiles it offers, and what a variation makes of a chord."""

from __future__ import annotations

from dataclasses import replace

from cellissimo.domain.chord import MAJOR_SEVENTH, MINOR_SEVENTH, NINTH, Chord
from cellissimo.domain.errors import CellissimoError
from cellissimo.domain.key import Key, parse_key
from cellissimo.domain.pitch import simple_name
from cellissimo.domain.progressions import PALETTE, PaletteEntry
from cellissimo.domain.roman import Numeral
from cellissimo.notation.chord_symbols import parse_quality
from cellissimo.notation.chord_tables import SEVENTHS, TRIADS
from cellissimo.notation.roman_numerals import (
    is_lower_quality,
    is_roman,
    parse_chord_or_roman,
    read_roman,
    roman_of,
)

VARIATIONS = ("sus", "dim", "+7")


class VariationError(CellissimoError):
    """A variation that the palette does not have, or that a chord cannot take."""


def palette_for(key: Key | str) -> tuple[PaletteEntry, ...]:
    """The palette's tiles in a key: as named in major, the key's own chords in other modes."""
    home = parse_key(key) if isinstance(key, str) else key
    if home.mode == "major":
        return PALETTE
    tiles = [_tile(degree, home) for degree in range(1, 8)]
    return (*tiles, *(entry for entry in PALETTE if entry.kind == "variation"))


def _tile(degree: int, key: Key) -> PaletteEntry:
    chord = triad_on(degree, key)
    return PaletteEntry(
        roman_of(chord, key), "chord", key.function_of(chord), f"degree {degree} of the key"
    )


def triad_on(degree: int, key: Key) -> Chord:
    """The triad that a key builds on a degree 1 … 7."""
    scale, name = key.scale, key.note_names[degree - 1]
    root = scale[degree - 1]
    third = (scale[(degree + 1) % 7] - root) % 12
    fifth = (scale[(degree + 3) % 7] - root) % 12
    quality, intervals = parse_quality(TRIADS[third, fifth])
    return Chord(name, quality, intervals, name)


def vary(text: str, variation: str, key: Key | str) -> str:
    """The chord of a cell with a variation: `vary("V", "+7", "C major")` is "V7".

    "sus" suspends the third, "dim" diminishes, "+7" adds the seventh that the key has there.
    A chord that is so already comes back as it was; a roman numeral stays roman.
    Raises: VariationError for other variations and for N.C.; ChordError for no chord.
    """
    home = parse_key(key) if isinstance(key, str) else key
    chord = parse_chord_or_roman(text, home)
    quality, intervals = parse_quality(_varied(chord, variation, home))
    varied = _moved_bass(chord, replace(chord, quality=quality, intervals=intervals))
    if not is_roman(text):
        return varied.symbol
    written = read_roman(text)
    if written.target is None or written.inversion:
        return roman_of(varied, home)
    old = written.numeral
    numeral = Numeral(old.accidental, old.degree, is_lower_quality(quality))
    return replace(written, numeral=numeral, quality=quality, intervals=intervals).text


def _moved_bass(before: Chord, after: Chord) -> Chord:
    """An inversion stays one: its bass moves along with the chord tone it was."""
    if before.bass == before.root or before.bass_pc not in before.pitch_classes:
        return after
    tone = before.pitch_classes.index(before.bass_pc)
    if tone >= len(after.pitch_classes) or after.root is None:
        return after
    return after.over(simple_name(after.pitch_classes[tone], like=after.root))


def _varied(chord: Chord, variation: str, key: Key) -> str:
    if variation not in VARIATIONS:
        raise VariationError(f"{variation!r} is no variation. Choose {', '.join(VARIATIONS)}.")
    if chord.root_pc is None:
        raise VariationError("N.C. has nothing to vary. Put a chord on the cell first.")
    seventh = any(tone in chord.intervals for tone in (MINOR_SEVENTH, MAJOR_SEVENTH))
    if variation == "dim":
        return "dim7" if seventh or chord.quality == "dim7" else "dim"
    if variation == "sus":
        return _suspended(chord)
    return SEVENTHS.get(chord.quality, {}).get(_seventh(chord, key), chord.quality)


def _suspended(chord: Chord) -> str:
    if "sus" in chord.quality:
        return chord.quality
    if MAJOR_SEVENTH in chord.intervals:
        return "maj7sus4"
    if MINOR_SEVENTH not in chord.intervals:
        return "sus4"
    return "9sus4" if NINTH in chord.intervals else "7sus4"


def _seventh(chord: Chord, key: Key) -> int:
    root = chord.root_pc or 0
    choices = (10, 9, 11) if chord.quality == "dim" else (10, 11)
    return next((step for step in choices if (root + step) % 12 in key.scale), MINOR_SEVENTH)
