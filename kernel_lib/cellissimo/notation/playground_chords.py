"""Chords of the playground's JSON: ``{bar, chord, roman, root, quality}``, ``bar`` being a cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cellissimo.domain.chord import NO_CHORD_TEXT, Chord
from cellissimo.domain.key import Key, parse_key
from cellissimo.domain.pitch import PLAIN_NAMES
from cellissimo.notation.chord_symbols import parse_quality
from cellissimo.notation.playground_values import (
    Json,
    PlaygroundError,
    checked,
    fields,
    items,
    text,
    whole,
    within,
)
from cellissimo.notation.roman_numerals import parse_chord_or_roman, parse_roman, roman_of
from cellissimo.schema import limits
from cellissimo.schema.models import DEFAULT_KEY

QUALITIES = {
    "": "major",
    "m": "minor",
    "dim": "diminished",
    "aug": "augmented",
    "7": "dominant7",
    "maj7": "major7",
    "m7": "minor7",
    "dim7": "diminished7",
    "m7b5": "half-diminished7",
}
"""The words for what follows a root; any other quality is its own word, such as "sus4"."""

_SUFFIXES = {word: quality for quality, word in QUALITIES.items()} | {
    "dominant": "7",
    "half-diminished": "m7b5",
}

_A_CHORD = 'a chord such as "Am7", or a roman numeral of the key'
_KEYS = tuple(Key(name, mode) for mode in ("major", "minor") for name in PLAIN_NAMES)


def chord_parts(symbol: str, key: str) -> tuple[str, str, str, str]:
    """Chord, roman numeral, root and quality of a chord or numeral in a key.

    >>> chord_parts("vi", "C major")
    ('Am', 'vi', 'A', 'minor')

    "N.C." has the root "" and the quality "none".

    Raises:
        ChordError: it is neither a chord nor a roman numeral.
    """
    chord = parse_chord_or_roman(symbol, key)
    if chord.root is None:
        return NO_CHORD_TEXT, NO_CHORD_TEXT, "", "none"
    quality = QUALITIES.get(chord.quality, chord.quality)
    return chord.symbol, roman_of(chord, key), chord.root, quality


def chords_as_json(chords: Mapping[int, str], key: str) -> Iterator[dict[str, Any]]:
    """The chords as the playground has them, by cell. What does not read is told as it stands."""
    for cell, symbol in sorted(chords.items()):
        try:
            chord, roman, root, quality = chord_parts(symbol, key)
        except ValueError:
            chord, roman, root, quality = symbol, "", "", ""
        yield {"bar": cell, "chord": chord, "roman": roman, "root": root, "quality": quality}


@dataclass(frozen=True, slots=True)
class WrittenChord:
    """One item of a chord progression: where it stands and what was sent of it."""

    path: str
    cell: int
    symbol: str | None
    roman: str | None
    root: str | None
    quality: str | None


def written_chords(given: object, cells: int, path: str = "chordProgression") -> list[WrittenChord]:
    """The items of a chord progression, each cell once.

    Raises:
        PlaygroundError: a field is missing or out of range; it names the path and the cure.
    """
    found: dict[int, WrittenChord] = {}
    for index, item in enumerate(items(given, path, cells)):
        chord = _written(fields(item, f"{path}[{index}]"), f"{path}[{index}]", cells)
        if chord.cell in found:
            cure = f"Cell {chord.cell} has two chords; send one of them."
            raise PlaygroundError(within(chord.path, "bar"), chord.cell, "each cell once", cure)
        found[chord.cell] = chord
    return list(found.values())


def _written(given: Json, path: str, cells: int) -> WrittenChord:
    cell = whole(given.get("bar"), 0, cells - 1, within(path, "bar"))
    most = limits.SYMBOL_LENGTH
    parts = [
        None if given.get(name) in (None, "") else text(given[name], most, within(path, name))
        for name in ("chord", "roman", "root", "quality")
    ]
    if not any(parts[:3]):
        cure = 'Send chord, or roman, or root and quality: {"bar": 0, "chord": "C"}.'
        raise PlaygroundError(within(path, "chord"), given.get("chord"), _A_CHORD, cure)
    return WrittenChord(path, cell, *parts)


def key_of(chords: list[WrittenChord]) -> str:
    """The key in which chords and their roman numerals agree, or do so most often."""
    pairs = [
        (found, chord.roman)
        for chord in chords
        if chord.roman and (found := _lettered(chord)) is not None and found.root is not None
    ]
    known = [parse_key(DEFAULT_KEY), *_KEYS]
    best = max(known, key=lambda key: sum(_agree(chord, roman, key) for chord, roman in pairs))
    return str(best)


def _agree(chord: Chord, roman: str, key: Key) -> bool:
    try:
        return _sound(parse_roman(roman, key)) == _sound(chord)
    except ValueError:
        return False


def _sound(chord: Chord) -> tuple[int | None, int | None, tuple[int, ...]]:
    return chord.root_pc, chord.bass_pc, chord.intervals


def _lettered(chord: WrittenChord) -> Chord | None:
    """The chord that its letters name; None where it is a roman numeral alone."""
    if chord.symbol is None and chord.root is None:
        return None
    if chord.symbol is not None:
        path, symbol = within(chord.path, "chord"), chord.symbol
    else:
        path = within(chord.path, "root")
        quality = chord.quality or ""
        symbol = f"{chord.root}{_SUFFIXES.get(quality, quality)}"
    return checked(path, symbol, _A_CHORD, lambda: parse_chord_or_roman(symbol, DEFAULT_KEY))


def symbol_of(chord: WrittenChord, key: str) -> str:
    """The canonical symbol of a written chord, whose parts have to agree.

    Raises:
        PlaygroundError: it does not read, or its roman numeral, root or quality is another's.
    """
    found = _lettered(chord)
    if chord.roman is not None:
        roman, path = chord.roman, within(chord.path, "roman")
        meant = checked(path, roman, _A_CHORD, lambda: parse_chord_or_roman(roman, key))
        if found is not None and _sound(found) != _sound(meant):
            accepted = repr(roman_of(found, key))
            cure = f"{found.symbol} is {accepted} in {key}; send that, or leave roman out."
            raise PlaygroundError(path, roman, accepted, cure)
        found = found or meant
    if found is None:  # _written refused it
        return NO_CHORD_TEXT
    _refuse_contradiction(chord, found)
    return found.symbol


def _refuse_contradiction(chord: WrittenChord, found: Chord) -> None:
    """The root and quality that were sent beside the chord say the same as it."""
    if found.root is None:
        return
    if chord.root is not None and chord.root.replace("x", "##") != found.root:
        cure = f"The root of {found.symbol} is {found.root}; send that, or leave root out."
        raise PlaygroundError(within(chord.path, "root"), chord.root, repr(found.root), cure)
    word = QUALITIES.get(found.quality, found.quality)
    if chord.quality is not None and not _same_quality(chord.quality, found):
        cure = f"{found.symbol} is {word or 'major'}; send that, or leave quality out."
        raise PlaygroundError(within(chord.path, "quality"), chord.quality, repr(word), cure)


def _same_quality(word: str, chord: Chord) -> bool:
    try:
        return parse_quality(_SUFFIXES.get(word, word))[1] == chord.intervals
    except ValueError:
        return False
