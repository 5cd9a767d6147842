"""Pitch names and numbers: "C4" is MIDI 60, pitch class 0 is C, "440hz" is A4."""

from __future__ import annotations

import math
import re

from cellissimo.domain.errors import PitchError

LETTERS = "CDEFGAB"
LETTER_CLASSES = (0, 2, 4, 5, 7, 9, 11)
ACCIDENTALS = {"": 0, "b": -1, "bb": -2, "#": 1, "##": 2, "x": 2}
HIGHEST = 127
LOWEST_HERTZ, HIGHEST_HERTZ = 8.0, 12900.0
ACCIDENTAL_TEXT = {-2: "bb", -1: "b", 0: "", 1: "#", 2: "##"}
SHARP_NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
FLAT_NAMES = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")
PLAIN_NAMES = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")

CURE = 'Write a MIDI number 0 … 127, a name such as "C4" or "F#2", or a frequency such as "440hz".'
_NAME = re.compile(r"([A-Ga-g])(##|#|x|bb|b)?(-?\d+)")
_HERTZ = re.compile(r"(\d+(?:\.\d+)?)\s*hz", re.IGNORECASE)


def pitch_class(name: str) -> int:
    """Pitch class 0 … 11 of a note name without octave: "C" is 0, "Bb" is 10.

    Raises: PitchError for anything but a letter A … G with at most two accidentals.
    """
    letter, accidental = name[:1], name[1:]
    if letter in LETTERS and letter and accidental in ACCIDENTALS:
        return (LETTER_CLASSES[LETTERS.index(letter)] + ACCIDENTALS[accidental]) % 12
    raise PitchError(f'{name!r} is not a note name. Write a letter A … G, then b or #: "Eb".')


def spelled_on(letter_index: int, wanted_class: int) -> str | None:
    """Name of a pitch class on a given letter (0 = C … 6 = B), None past two accidentals."""
    offset = (wanted_class - LETTER_CLASSES[letter_index % 7] + 6) % 12 - 6
    accidental = ACCIDENTAL_TEXT.get(offset)
    return None if accidental is None else LETTERS[letter_index % 7] + accidental


def is_simple(name: str) -> bool:
    """True when a note name has at most one accidental."""
    return name[2:] == ""


def simple_name(wanted_class: int, like: str = "") -> str:
    """Name of a pitch class with at most one accidental, of the kind that `like` has.

    `like` is a note name: a flat one asks for flats, a sharp one for sharps, else the
    spelling most used on lead sheets.
    """
    names = PLAIN_NAMES
    if "b" in like[1:]:
        names = FLAT_NAMES
    elif "#" in like or "x" in like:
        names = SHARP_NAMES
    return names[wanted_class % 12]


def pitch_name(midi: int, *, flats: bool = False) -> str:
    """Name with octave of a MIDI number: 60 is "C4"; sharps unless `flats`.

    Raises: PitchError outside 0 … 127.
    """
    names = FLAT_NAMES if flats else SHARP_NAMES
    return f"{names[in_midi_range(midi) % 12]}{midi // 12 - 1}"


def in_midi_range(midi: int, given: str | None = None) -> int:
    """The number itself. Raises: PitchError outside 0 … 127."""
    if 0 <= midi <= HIGHEST:
        return midi
    shown = repr(midi if given is None else given)
    raise PitchError(f"Pitch {shown} is MIDI {midi}, outside 0 … 127 (C-1 … G9). {CURE}")


def hertz_of(midi: float) -> float:
    """Frequency in hertz of a MIDI number in equal temperament, A4 = 69 = 440 Hz."""
    return float(440.0 * 2.0 ** ((midi - 69.0) / 12.0))


def midi_and_cents(text: str) -> tuple[int, float]:
    """MIDI number and the deviation in cents (-50 … +50) of "60", "C4" or "442hz".

    Raises: PitchError when the text is none of them or lies outside 0 … 127.
    """
    stripped = text.strip()
    if stripped.isdecimal():
        return in_midi_range(int(stripped), text), 0.0
    if match := _HERTZ.fullmatch(stripped):
        return _from_hertz(float(match[1]), text)
    if match := _NAME.fullmatch(stripped):
        letter, accidental, octave = match[1].upper(), match[2] or "", int(match[3])
        midi = LETTER_CLASSES[LETTERS.index(letter)] + ACCIDENTALS[accidental] + 12 * (octave + 1)
        return in_midi_range(midi, text), 0.0
    raise PitchError(f"{text!r} is not a pitch. {CURE}")


def parse_pitch(text: str) -> int:
    """Nearest MIDI number of "60", "C4" or "440hz". Raises: PitchError as `midi_and_cents`."""
    return midi_and_cents(text)[0]


def _from_hertz(hertz: float, text: str) -> tuple[int, float]:
    if not LOWEST_HERTZ <= hertz <= HIGHEST_HERTZ:
        raise PitchError(f"{text!r} is outside 8 … 12900 Hz (MIDI 0 … 127). {CURE}")
    exact = 69.0 + 12.0 * math.log2(hertz / 440.0)
    midi = round(exact)
    return in_midi_range(midi, text), (exact - midi) * 100.0
