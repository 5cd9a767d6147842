"""A chord as a value: what sounds, how it is spelled, and which note is in the bass."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from cellissimo.domain.pitch import LETTERS, is_simple, pitch_class, simple_name, spelled_on

NO_CHORD_TEXT = "N.C."
MINOR_THIRD, MAJOR_THIRD, FLAT_FIFTH, FIFTH, MINOR_SIXTH = 3, 4, 6, 7, 8
MINOR_SEVENTH, MAJOR_SEVENTH, OCTAVE, NINTH = 10, 11, 12, 14


@dataclass(frozen=True)
class Chord:
    """A chord: equal when spelled, built and annotated alike.

    `root` and `bass` are spelled note names ("F#"), None for no chord. `quality` is the
    canonical spelling of what follows the root ("m7b5", "" for a major triad). `intervals`
    are semitones above the root, rising, ninths as 14, elevenths 17, thirteenths 21; the bass
    of a slash chord is not among them. `optional` marks a chord written in parentheses and
    `alternative` the chord that a lead sheet offers instead: both are remembered and printed
    and change nothing that sounds.
    """

    root: str | None
    quality: str
    intervals: tuple[int, ...]
    bass: str | None
    alternative: Chord | None = None
    optional: bool = False

    @cached_property
    def root_pc(self) -> int | None:
        """Pitch class of the root, 0 … 11; None for no chord."""
        return None if self.root is None else pitch_class(self.root)

    @cached_property
    def bass_pc(self) -> int | None:
        """Pitch class of the lowest note, 0 … 11; None for no chord."""
        return None if self.bass is None else pitch_class(self.bass)

    @cached_property
    def pitch_classes(self) -> tuple[int, ...]:
        """Pitch classes of the chord tones from the root up, each once: F#m7b5 is 6 9 0 4."""
        root = self.root_pc or 0
        return tuple(dict.fromkeys((root + interval) % 12 for interval in self.intervals))

    @cached_property
    def interval_mask(self) -> int:
        """Intervals as bits: bit i is set when the note i semitones above the root is in it."""
        return sum(1 << interval for interval in self.intervals)

    @property
    def is_silent(self) -> bool:
        """True for N.C., the chord in which nothing harmonic sounds."""
        return self.root is None

    @cached_property
    def symbol(self) -> str:
        """Canonical spelling, which reads back to an equal chord: "F#m7b5", "D/F#", "(Bb7)"."""
        text = NO_CHORD_TEXT if self.root is None else self._plain_symbol(self.root)
        if self.alternative is not None:
            text += f"({self.alternative.symbol})"
        return f"({text})" if self.optional else text

    def _plain_symbol(self, root: str) -> str:
        quality = self.quality
        if not is_simple(root) and quality[:1].isdigit():
            quality = f"({quality})"
        return f"{root}{quality}" if self.bass == root else f"{root}{quality}/{self.bass}"

    def __str__(self) -> str:
        """Canonical spelling."""
        return self.symbol

    def transpose(self, semitones: int) -> Chord:
        """The chord moved up (or down, when negative) by semitones.

        Flats stay flats and sharps stay sharps; a bass keeps its letter distance from the
        root as long as that needs no double accidental.
        """
        if self.root is None or self.bass is None or semitones % 12 == 0:
            return self
        root = simple_name(pitch_class(self.root) + semitones, like=self.root)
        moved = self.alternative and self.alternative.transpose(semitones)
        bass = _moved_bass(self.root, self.bass, root, semitones)
        return replace(self, root=root, bass=bass, alternative=moved)

    def over(self, bass: str) -> Chord:
        """The same chord with another lowest note, given by name: `C.over("E")` is C/E."""
        pitch_class(bass)
        return self if self.root is None else replace(self, bass=bass)


def _moved_bass(root: str, bass: str, new_root: str, semitones: int) -> str:
    steps = LETTERS.index(bass[0]) - LETTERS.index(root[0])
    wanted = (pitch_class(bass) + semitones) % 12
    name = spelled_on(LETTERS.index(new_root[0]) + steps, wanted)
    return name if name and is_simple(name) else simple_name(wanted, like=new_root)


NO_CHORD = Chord(None, "", (), None)
