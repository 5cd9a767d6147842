"""Roman numerals as values: which note of a key a numeral stands on, and the way back.

No accidental means the degree of the key itself. A flat is measured from the major scale, so
bVII is the same note in C major and in C minor; a sharp raises the degree of the key to its next
form (VI in A minor is F, #VI is F#). In minor, a lower-case vi or vii stands on the raised
degree, where minor and diminished chords are built: vii° in A minor is G#°.
"""

from __future__ import annotations

from dataclasses import dataclass

from cellissimo.domain.key import MODES, Key

NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII")
ACCIDENTAL_CHOICES = ("", "b", "#")


@dataclass(frozen=True)
class Numeral:
    """A degree 1 … 7, the accidental before it ("", "b" or "#"), and its case."""

    accidental: str
    degree: int
    is_lower: bool

    @property
    def text(self) -> str:
        """As written: "bVII", "iii"."""
        name = NUMERALS[self.degree - 1]
        return self.accidental + (name.lower() if self.is_lower else name)

    def pitch_class_in(self, key: Key) -> int:
        """Pitch class 0 … 11 of the note it stands on in a key."""
        index = self.degree - 1
        raised = key.mode == "minor" and self.is_lower and index in (5, 6)
        return degree_class(key, self.degree, self.accidental, raised=raised)

    def root_in(self, key: Key) -> str:
        """Name of the note it stands on, spelled as a form of its degree."""
        return key.spell(self.pitch_class_in(key), self.degree)


def degree_class(key: Key, degree: int, accidental: str, *, raised: bool = False) -> int:
    """Pitch class of a degree 1 … 7 with an accidental; `raised` asks for the major form."""
    own, major = MODES[key.mode][degree - 1], MODES["major"][degree - 1]
    if accidental == "b":
        step = major - 1
    elif accidental == "#":
        step = major if own < major else major + 1
    else:
        step = major if raised else own
    return (key.tonic_pc + step) % 12


def numeral_at(pitch_class: int, key: Key, *, is_lower: bool) -> Numeral:
    """The plainest numeral that stands on a pitch class: the key's own, then b, then #."""
    found = [
        numeral
        for accidental in ACCIDENTAL_CHOICES
        for degree in range(1, 8)
        if (numeral := Numeral(accidental, degree, is_lower)).pitch_class_in(key)
        == pitch_class % 12
    ]
    return min(found, key=_plainness)


def degree_at(pitch_class: int, key: Key) -> str:
    """The degree that a pitch class is in a key, as text: "3", "b7", "#4"."""
    found = [
        (accidental, degree)
        for accidental in ACCIDENTAL_CHOICES
        for degree in range(1, 8)
        if degree_class(key, degree, accidental) == pitch_class % 12
    ]
    accidental, degree = min(
        found, key=lambda row: _plainness(Numeral(row[0], row[1], is_lower=False))
    )
    return f"{accidental}{degree}"


def _plainness(numeral: Numeral) -> tuple[int, int]:
    """Own degrees first; then #4 before b5; then flats before sharps."""
    if not numeral.accidental:
        return 0, numeral.degree
    if numeral.accidental == "#":
        return (1 if numeral.degree == 4 else 3), numeral.degree
    return 2, numeral.degree
