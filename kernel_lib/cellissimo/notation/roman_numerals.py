"""Roman numerals read in a key, and chords written as roman numerals.

    roman   = [ b | # ] numeral quality [ figures ] [ "/" target | "/^" degree ] [ "(" roman ")" ]
    target  = [ b | # ] numeral            V7/V: the chord is read in the target's key
    degree  = [ b | # ] 1 … 7              IV/^5: scale degree 5 of the key is in the bass

Case is the triad: V is major, ii minor, vii° (viio) diminished, III+ augmented. Qualities are
those of chord symbols and mean the same everywhere: V7 and I7 are dominant sevenths, IVmaj7 has
the major seventh, iiø7 the flat fifth. Figures are the classical inversions: I6, I64, V65, V43,
V42; the added sixth is written Iadd6. Where the degrees of minor keys stand: see domain.roman.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from cellissimo.domain.chord import NO_CHORD, NO_CHORD_TEXT, Chord
from cellissimo.domain.errors import ChordError
from cellissimo.domain.key import Key, parse_key
from cellissimo.domain.pitch import LETTERS, is_simple, pitch_class, simple_name, spelled_on
from cellissimo.domain.roman import NUMERALS, Numeral, degree_at, degree_class, numeral_at
from cellissimo.notation import chord_tables
from cellissimo.notation.chord_symbols import (
    CURE as LETTER_CURE,
)
from cellissimo.notation.chord_symbols import (
    LOOKALIKES,
    NO_CHORD_SPELLINGS,
    parse_chord,
    parse_quality,
)

_NUMERAL = r"[b#]?(?:VII|VI|IV|V|III|II|I|vii|vi|iv|v|iii|ii|i)"
_ROMAN = re.compile(
    rf"(?P<numeral>{_NUMERAL})"
    r"(?P<quality>.*?)"
    rf"(?:/(?P<target>{_NUMERAL})|/\^(?P<degree>[b#]?[1-7]))?"
    rf"(?P<other>\({_NUMERAL}.*\))?"
)
_BEGINS = re.compile(rf"\(?{_NUMERAL}")
_FIGURED = re.compile(rf"(°|o|dim|ø|\+|aug|)({'|'.join(sorted(chord_tables.FIGURES)[::-1])})")
_AS_WRITTEN = re.compile(r"m(?!a[j79])|-|°|o|0|ø|dim|5")
FIGURED_TRIADS = ("", "m", "dim", "aug")
FIGURED_SEVENTHS = ("7", "m7", "dim7", "m7b5")
_FIGURE_TEXT = {False: ("", "6", "64"), True: ("7", "65", "43", "42")}

CURE = 'Write a numeral I … VII or i … vii and a quality: "I", "vi7", "bVII", "vii°", "V7/V".'


@dataclass(frozen=True)
class RomanChord:
    """A roman numeral as it was meant, before any key: `text` prints it, `chord_in` reads it."""

    numeral: Numeral
    quality: str
    intervals: tuple[int, ...]
    inversion: int = 0
    target: Numeral | None = None
    bass_degree: str = ""
    alternative: RomanChord | None = None
    optional: bool = False

    @property
    def text(self) -> str:
        """Canonical text, which reads back to an equal value."""
        text = self.numeral.text + self._suffix()
        if self.target is not None:
            text += f"/{self.target.text}"
        if self.bass_degree:
            text += f"/^{self.bass_degree}"
        if self.alternative is not None:
            text += f"({self.alternative.text})"
        return f"({text})" if self.optional else text

    def _suffix(self) -> str:
        suffix = _suffix(self.quality, is_lower=self.numeral.is_lower)
        if not self.inversion:
            return suffix
        seventh = self.quality in FIGURED_SEVENTHS
        return suffix.removesuffix("7") + _FIGURE_TEXT[seventh][self.inversion]

    def chord_in(self, key: Key) -> Chord:
        """The chord that it names in a key, its notes spelled as that key spells them."""
        home = key
        if self.target is not None:
            mode = "minor" if self.target.is_lower else "major"
            home = Key(self.target.root_in(key), mode)
        root = self.numeral.root_in(home)
        other = None if self.alternative is None else self.alternative.chord_in(key)
        bass = self._bass(root, key)
        return Chord(root, self.quality, self.intervals, bass, other, self.optional)

    def _bass(self, root: str, key: Key) -> str:
        if self.bass_degree:
            accidental, degree = self.bass_degree[:-1], int(self.bass_degree[-1])
            return key.spell(degree_class(key, degree, accidental), degree)
        if not self.inversion:
            return root
        wanted = (pitch_class(root) + self.intervals[self.inversion]) % 12
        name = spelled_on(LETTERS.index(root[0]) + 2 * self.inversion, wanted)
        return name if name and is_simple(name) else simple_name(wanted, like=root)


def _suffix(quality: str, *, is_lower: bool) -> str:
    special = chord_tables.ROMAN_SUFFIXES.get(quality)
    if special is not None and special[1] == is_lower:
        return special[0]
    if is_lower and is_lower_quality(quality) and not quality.startswith("dim"):
        return quality[1:]
    return quality


def is_lower_quality(quality: str) -> bool:
    """True when a quality is written with a lower-case numeral: minor or diminished."""
    return quality.startswith(("m", "dim")) and not quality.startswith("maj")


def is_roman(text: str) -> bool:
    """True when the text begins as a roman numeral does. No chord symbol begins so."""
    return _BEGINS.match(text.strip().translate(LOOKALIKES)) is not None


@lru_cache(maxsize=4096)
def read_roman(text: str) -> RomanChord:
    """The roman numeral that a text writes, before any key.

    Raises: ChordError with the column of what was not understood and the cure.
    """
    plain = text.strip().translate(LOOKALIKES)
    if plain.startswith("(") and plain.endswith(")"):
        return replace(_read(plain[1:-1], text, 1), optional=True)
    return _read(plain, text, 0)


def _read(plain: str, text: str, offset: int) -> RomanChord:
    match = _ROMAN.fullmatch(plain)
    if match is None:
        raise ChordError(f"{plain!r} is not a roman numeral", text, offset + 1, CURE)
    numeral = _numeral(match["numeral"])
    start = offset + match.end("numeral")
    quality, inversion = _figured(match["quality"], text, start)
    name, intervals = _quality(quality, text, start, is_lower=numeral.is_lower)
    if inversion and match["degree"]:
        raise ChordError("Two basses are given", text, start + 1, "Keep the figures or the /^.")
    return RomanChord(
        numeral,
        name,
        intervals,
        inversion,
        _numeral(match["target"]) if match["target"] else None,
        match["degree"] or "",
        _alternative(match["other"], text, offset + match.start("other")),
    )


def _alternative(other: str | None, text: str, offset: int) -> RomanChord | None:
    if other is None:
        return None
    found = _read(other[1:-1], text, offset + 1)
    if found.alternative is not None:
        raise ChordError("An alternative has an alternative", text, offset + 1, "Keep one.")
    return found


def _numeral(text: str) -> Numeral:
    name = text.lstrip("b#")
    accidental = text[: len(text) - len(name)]
    return Numeral(accidental, NUMERALS.index(name.upper()) + 1, name.islower())


def _figured(quality: str, text: str, offset: int) -> tuple[str, int]:
    match = _FIGURED.fullmatch(quality)
    if match is None:
        return quality, 0
    kind, inversion = chord_tables.FIGURES[match[2]]
    if (match[1] == "ø" and not kind) or (match[1] in ("+", "aug") and kind):
        raise ChordError(
            f"{quality!r} is no inversion", text, offset + 1, "Write the bass as a degree: /^3."
        )
    return match[1] + kind, inversion


def _quality(quality: str, text: str, start: int, *, is_lower: bool) -> tuple[str, tuple[int, ...]]:
    if is_lower and quality.startswith(("+", "aug")):
        cure = "Augmented chords are major: write III+; for a minor chord with #5, iii#5."
        raise ChordError("A lower-case numeral is a minor chord", text, start + 1, cure)
    added = "m" if is_lower and "sus" not in quality and not _AS_WRITTEN.match(quality) else ""
    try:
        return parse_quality(added + quality)
    except ChordError as error:
        column = start + max(1, error.column - len(added))
        cure = CURE if error.cure == LETTER_CURE else error.cure
        if quality.startswith("/"):
            cure = (
                "Write the bass as a degree of the key, as in I/^3, the inversion as in I6, "
                "or the key the chord is borrowed from, as in V/V."
            )
        raise ChordError(f"{quality!r} is not understood", text, column, cure) from None


@lru_cache(maxsize=4096)
def parse_roman(text: str, key: Key | str) -> Chord:
    """The chord that a roman numeral names in a key: "V7" in "G major" is D7.

    Raises: ChordError as `read_roman`; KeyNameError for a key that is none.
    """
    return read_roman(text).chord_in(parse_key(key) if isinstance(key, str) else key)


def roman_of(chord: Chord, key: Key | str) -> str:
    """The roman numeral of a chord in a key; `parse_roman` reads it back to the same sound."""
    home = parse_key(key) if isinstance(key, str) else key
    if chord.root is None:
        return NO_CHORD_TEXT
    return _roman_chord(chord, home).text


def _roman_chord(chord: Chord, key: Key) -> RomanChord:
    root, bass = chord.root_pc or 0, chord.bass_pc or 0
    numeral = numeral_at(root, key, is_lower=is_lower_quality(chord.quality))
    other = None if chord.alternative is None else _roman_chord(chord.alternative, key)
    found = RomanChord(
        numeral, chord.quality, chord.intervals, alternative=other, optional=chord.optional
    )
    if bass == root:
        return found
    if chord.quality in FIGURED_TRIADS + FIGURED_SEVENTHS and bass in chord.pitch_classes:
        return replace(found, inversion=chord.pitch_classes.index(bass))
    return replace(found, bass_degree=degree_at(bass, key))


def parse_chord_or_roman(text: str, key: Key | str) -> Chord:
    """The chord of a cell: a letter symbol, or a roman numeral read in the key.

    Letters are capitals A … G, numerals are made of I and V: no text is both.
    Raises: ChordError naming the text, the column and the cure.
    """
    if is_roman(text):
        return parse_roman(text, key)
    return _letter_chord(text)


def canonical_symbol(text: str) -> str:
    """Canonical spelling of what was written; a roman numeral stays roman.

    Raises: ChordError when the text is neither a chord symbol nor a numeral.
    """
    return read_roman(text).text if is_roman(text) else _letter_chord(text).symbol


def letter_of(text: str, key: Key | str) -> str:
    """The chord symbol in letters of a cell's text: "vi7" in "C major" is "Am7"."""
    return parse_chord_or_roman(text, key).symbol


def _letter_chord(text: str) -> Chord:
    plain = text.strip()
    if plain in NO_CHORD_SPELLINGS:
        return NO_CHORD
    if plain.lstrip("(")[:1] in set("ABCDEFGabcdefg"):
        return parse_chord(text)
    raise ChordError(
        f"{text!r} is neither a chord nor a roman numeral",
        text,
        1,
        'Write a chord such as "Cmaj7", "F#m", "C/E", a numeral such as "vi", "V7", or "N.C.".',
    )
