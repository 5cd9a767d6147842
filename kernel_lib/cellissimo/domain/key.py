"""A key: its scale, how its notes are spelled, and what a chord does in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

from cellissimo.domain.chord import (
    FIFTH,
    FLAT_FIFTH,
    MAJOR_SEVENTH,
    MAJOR_THIRD,
    MINOR_SEVENTH,
    MINOR_SIXTH,
    MINOR_THIRD,
    Chord,
)
from cellissimo.domain.errors import KeyNameError, PitchError
from cellissimo.domain.pitch import LETTERS, is_simple, pitch_class, simple_name, spelled_on

MODES: dict[str, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "locrian": (0, 1, 3, 5, 6, 8, 10),
    "harmonic minor": (0, 2, 3, 5, 7, 8, 11),
    "melodic minor": (0, 2, 3, 5, 7, 9, 11),
}
"""Scales in semitones above the tonic."""

MODE_SPELLINGS: dict[str, str] = {
    "": "major",
    "M": "major",
    "maj": "major",
    "ionian": "major",
    "m": "minor",
    "min": "minor",
    "aeolian": "minor",
    "natural minor": "minor",
}

TONIC, PREDOMINANT, DOMINANT, OTHER = "tonic", "predominant", "dominant", "other"
FUNCTIONS: dict[int, str] = {
    1: TONIC,
    2: PREDOMINANT,
    3: TONIC,
    4: PREDOMINANT,
    5: DOMINANT,
    6: TONIC,
    7: DOMINANT,
}
"""What the chord on each degree of a key does, by degree."""


@dataclass(frozen=True)
class Key:
    """A tonic and a mode: `Key("C", "major")`; text is read by `parse_key`."""

    tonic: str
    mode: str = "major"

    def __post_init__(self) -> None:
        """Refuse what is no key. Raises: KeyNameError naming the keys that are."""
        try:
            pitch_class(self.tonic)
        except PitchError as error:
            raise KeyNameError(f"{self.tonic!r} is no tonic. {error}") from error
        if self.mode not in MODES:
            raise KeyNameError(
                f"{self.mode!r} is not a known mode. Choose one of: {', '.join(MODES)}."
            )

    @cached_property
    def tonic_pc(self) -> int:
        """Pitch class of the tonic, 0 … 11."""
        return pitch_class(self.tonic)

    @cached_property
    def scale(self) -> tuple[int, ...]:
        """The seven pitch classes of the key, from the tonic up."""
        return tuple((self.tonic_pc + step) % 12 for step in MODES[self.mode])

    @cached_property
    def note_names(self) -> tuple[str, ...]:
        """The seven notes of the key as it spells them, from the tonic up."""
        return tuple(self.spell(self.scale[degree], degree + 1) for degree in range(7))

    @property
    def is_minor(self) -> bool:
        """True when the third degree is a minor third above the tonic."""
        return MODES[self.mode][2] == MINOR_THIRD

    def spell(self, wanted_class: int, degree: int) -> str:
        """Name of a pitch class as a form of a degree 1 … 7, never with a double accidental."""
        letter = LETTERS.index(self.tonic[0]) + degree - 1
        name = spelled_on(letter, wanted_class % 12)
        return name if name and is_simple(name) else simple_name(wanted_class, like=self.tonic)

    def degree_of(self, wanted_class: int) -> int | None:
        """Degree 1 … 7 of a pitch class, None when the scale does not have it."""
        wanted = wanted_class % 12
        return self.scale.index(wanted) + 1 if wanted in self.scale else None

    def transpose(self, semitones: int) -> Key:
        """The same mode on a tonic moved by semitones, spelled simply."""
        if semitones % 12 == 0:
            return self
        return Key(simple_name(self.tonic_pc + semitones, like=self.tonic), self.mode)

    def has(self, chord: Chord) -> bool:
        """True when every tone of the chord, its bass included, is in the scale."""
        tones = set(chord.pitch_classes) | ({chord.bass_pc} - {None})
        return tones <= set(self.scale)

    def function_of(self, chord: Chord) -> str:
        """What a chord does here: "tonic", "predominant", "dominant" or "other".

        Chords of the scale go by the degree of their root. In minor the major or seventh chord
        on 5 and the diminished chord on the raised 7 are dominant, as they are in music that
        uses them. Everything else, and N.C., is "other".
        """
        if chord.root_pc is None:
            return OTHER
        above = (chord.root_pc - self.tonic_pc) % 12
        degree = self.degree_of(chord.root_pc)
        if _leads_home(chord, above):
            return DOMINANT
        if degree is None or not self._has_triad(chord, chord.root_pc):
            return OTHER
        return self._by_degree(degree, above)

    def _by_degree(self, degree: int, above: int) -> str:
        if above == MINOR_SIXTH:
            return PREDOMINANT
        if above == MINOR_SEVENTH:
            return DOMINANT if self.mode == "minor" else OTHER
        return FUNCTIONS[degree]

    def _has_triad(self, chord: Chord, root: int) -> bool:
        triad = {(root + step) % 12 for step in chord.intervals if step <= MINOR_SIXTH}
        return triad <= set(self.scale)

    def __str__(self) -> str:
        """Canonical text: "C major", "F# harmonic minor"."""
        return f"{self.tonic} {self.mode}"


def _leads_home(chord: Chord, above: int) -> bool:
    tones = set(chord.intervals)
    if above == FIFTH:
        return bool(tones & {MAJOR_THIRD, MINOR_SEVENTH}) and MINOR_THIRD not in tones
    return above == MAJOR_SEVENTH and {MINOR_THIRD, FLAT_FIFTH} <= tones


@lru_cache(maxsize=512)
def parse_key(text: str) -> Key:
    """The key that a text names: "C major", "a minor", "F#m", "Bb", "D dorian".

    Raises: KeyNameError naming the text and the modes that are known.
    """
    words = text.strip().replace("♭", "b").replace("♯", "#")
    size = 2 if words[1:2] in ("b", "#") and words[1:2] else 1
    tonic, mode = words[:1].upper() + words[1:size], " ".join(words[size:].split())
    mode = mode if mode == "M" else mode.lower()
    mode = MODE_SPELLINGS.get(mode, mode)
    if tonic[:1] in LETTERS and tonic and mode in MODES:
        return Key(tonic, mode)
    raise KeyNameError(
        f"{text!r} is not a key. Write a note name and one of {', '.join(MODES)}: "
        '"C major", "F# minor", "D dorian".'
    )
