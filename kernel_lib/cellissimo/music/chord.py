"""A chord at the musician's face: ``Chord("F#m7b5")``."""

from __future__ import annotations

from cellissimo.domain.chord import Chord as Value
from cellissimo.domain.errors import ChordError
from cellissimo.domain.key import parse_key
from cellissimo.domain.pitch import simple_name
from cellissimo.notation.chord_symbols import parse_chord
from cellissimo.notation.digest import digest_chord
from cellissimo.notation.roman_numerals import parse_chord_or_roman, roman_of
from cellissimo.schema import checks


class Chord:
    """A chord, immutable: equal to another when it is spelled and built alike.

    >>> Chord("F#m7b5").pitch_classes
    (6, 9, 0, 4)
    """

    __slots__ = ("_value",)

    def __init__(self, symbol: str | Chord, *, key: str = "C major") -> None:
        """Read a letter symbol, or a roman numeral in ``key``.

        Raises:
            ChordError: the text is no chord; the message names the place and the cure.
        """
        written = str(symbol) if isinstance(symbol, Chord) else symbol
        text = checks.text(written, "the chord", "Am7")
        self._value = parse_chord_or_roman(text, parse_key(checks.key(key)))

    @classmethod
    def of(cls, value: Value) -> Chord:
        """The face of a plain chord value."""
        made = object.__new__(cls)
        made._value = value
        return made

    @property
    def value(self) -> Value:
        """The chord as a plain value."""
        return self._value

    @property
    def root(self) -> str | None:
        """The root as spelled, "F#"; None for N.C."""
        return self._value.root

    @property
    def quality(self) -> str:
        """What follows the root in canonical spelling, "m7b5"; "" for a major triad."""
        return self._value.quality

    @property
    def bass(self) -> str | None:
        """The lowest note as spelled; the root unless the symbol has a slash."""
        return self._value.bass

    @property
    def pitch_classes(self) -> tuple[int, ...]:
        """Pitch classes 0 … 11 from the root up."""
        return self._value.pitch_classes

    @property
    def intervals(self) -> tuple[int, ...]:
        """Semitones above the root, rising; a ninth is 14."""
        return self._value.intervals

    @property
    def symbol(self) -> str:
        """Canonical spelling; ``Chord(chord.symbol) == chord``."""
        return self._value.symbol

    @property
    def notes(self) -> tuple[str, ...]:
        """Names of the chord tones from the root up, flats or sharps as the root has them."""
        return tuple(simple_name(pc, self.root or "") for pc in self.pitch_classes)

    def transpose(self, semitones: int) -> Chord:
        """The chord moved up by semitones, down where negative."""
        return Chord.of(self._value.transpose(semitones))

    def roman(self, key: str = "C major") -> str:
        """The roman numeral of the chord in a key."""
        return roman_of(self._value, parse_key(key))

    def function(self, key: str = "C major") -> str:
        """What the chord does in a key: tonic, predominant, dominant or other."""
        return parse_key(key).function_of(self._value)

    def __eq__(self, other: object) -> bool:
        """Whether the other chord, or symbol, is spelled and built alike."""
        if isinstance(other, str):
            return self.symbol == other or self._value == _read(other)
        return isinstance(other, Chord) and self._value == other._value

    def __hash__(self) -> int:
        """Of the value."""
        return hash(self._value)

    def __str__(self) -> str:
        """The canonical symbol."""
        return self.symbol

    def __repr__(self) -> str:
        """A short stable description of the chord."""
        return digest_chord(self._value)


def _read(symbol: str) -> Value | None:
    """The chord of a letter symbol; None for any other text."""
    try:
        return parse_chord(symbol)
    except ChordError:
        return None
