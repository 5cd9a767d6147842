"""The words of chord notation as plain tables, shared with the browser.

Everything that chord symbols and roman numerals know about spelling stands here and only here:
`tables()` is written to the browser's generated code, so that both languages read alike.
"""

from __future__ import annotations

from dataclasses import asdict
from itertools import product

from cellissimo.domain.key import FUNCTIONS, MODE_SPELLINGS, MODES
from cellissimo.domain.progressions import PALETTE, PRESETS

STEMS: dict[str, tuple[int, ...]] = {
    "": (0, 4, 7),
    "m": (0, 3, 7),
    "dim": (0, 3, 6),
    "aug": (0, 4, 8),
    "5": (0, 7),
    "6": (0, 4, 7, 9),
    "m6": (0, 3, 7, 9),
    "69": (0, 4, 7, 9, 14),
    "m69": (0, 3, 7, 9, 14),
    "7": (0, 4, 7, 10),
    "m7": (0, 3, 7, 10),
    "maj7": (0, 4, 7, 11),
    "mMaj7": (0, 3, 7, 11),
    "dim7": (0, 3, 6, 9),
    "dimMaj7": (0, 3, 6, 11),
    "9": (0, 4, 7, 10, 14),
    "m9": (0, 3, 7, 10, 14),
    "maj9": (0, 4, 7, 11, 14),
    "mMaj9": (0, 3, 7, 11, 14),
    "11": (0, 4, 7, 10, 14, 17),
    "m11": (0, 3, 7, 10, 14, 17),
    "maj11": (0, 4, 7, 11, 14, 17),
    "mMaj11": (0, 3, 7, 11, 14, 17),
    "13": (0, 4, 7, 10, 14, 21),
    "m13": (0, 3, 7, 10, 14, 17, 21),
    "maj13": (0, 4, 7, 11, 14, 21),
    "mMaj13": (0, 3, 7, 11, 14, 17, 21),
}
"""What a chord begins as. A 13th on a major third leaves out the 11th, as players do."""

MODIFIERS: dict[str, dict[str, tuple[int, ...]]] = {
    "sus2": {"needs": (4,), "removes": (4,), "adds": (2,)},
    "sus4": {"needs": (4,), "removes": (4,), "adds": (5,)},
    "sus2sus4": {"needs": (4,), "removes": (4,), "adds": (2, 5)},
    "alt": {"needs": (4, 7, 10), "removes": (7,), "adds": (15, 20)},
    "b5": {"needs": (7,), "removes": (7,), "adds": (6,)},
    "#5": {"needs": (7,), "removes": (7,), "adds": (8,)},
    "b6": {"needs": (), "removes": (), "adds": (8,)},
    "b9": {"needs": (), "removes": (14,), "adds": (13,)},
    "#9": {"needs": (), "removes": (14,), "adds": (15,)},
    "#11": {"needs": (), "removes": (17,), "adds": (18,)},
    "b13": {"needs": (), "removes": (21,), "adds": (20,)},
    "add9": {"needs": (), "removes": (), "adds": (14,)},
    "add11": {"needs": (), "removes": (), "adds": (17,)},
    "add13": {"needs": (), "removes": (), "adds": (21,)},
    "no3": {"needs": (), "removes": (3, 4), "adds": ()},
    "no5": {"needs": (7,), "removes": (7,), "adds": ()},
    "maj7": {"needs": (), "removes": (), "adds": ()},
}
"""What may follow a stem, in the order in which it is printed.

`needs` must be in the stem; `removes` leave it; `adds` join it. "alt" is the altered dominant
as it is voiced most: 1 3 b7 #9 b13, with neither fifth nor ninth unaltered. "maj7" stands only
where REWRITES gives it a meaning, as in m(maj7).
"""

REWRITES: dict[str, tuple[str, tuple[str, ...]]] = {
    "m b5": ("dim", ()),
    " #5": ("aug", ()),
    " no3": ("5", ()),
    "6 add9": ("69", ()),
    "m6 add9": ("m69", ()),
    " maj7": ("maj7", ()),
    "m maj7": ("mMaj7", ()),
    "dim maj7": ("dimMaj7", ()),
    "aug maj7": ("maj7", ("#5",)),
}
"""Stem and modifier (joined by a space) that have a shorter name: stem, further modifiers."""

MODIFIER_SPELLINGS: dict[str, tuple[str, ...]] = {
    "sus2": ("sus2",),
    "sus4": ("sus4", "sus"),
    "sus2sus4": ("sus2sus4", "sus24", "sus4sus2"),
    "alt": ("alt",),
    "b5": ("b5", "-5"),
    "#5": ("#5", "+5", "+", "aug"),
    "b6": ("b6", "addb6"),
    "b9": ("b9", "-9", "addb9"),
    "#9": ("#9", "+9", "add#9"),
    "#11": ("#11", "+11", "add#11"),
    "b13": ("b13", "-13", "addb13"),
    "add9": ("add9", "add2"),
    "add11": ("add11", "add4"),
    "add13": ("add13", "add6"),
    "no3": ("no3", "omit3", "no3rd"),
    "no5": ("no5", "omit5", "no5th"),
    "maj7": ("maj7", "Maj7", "M7", "ma7", "Δ7", "Δ", "/maj7", "/Maj7", "/M7", "#7", "+7"),
}

_MAJOR = ("maj", "Maj", "MAJ", "M", "ma", "Δ", "^")
_MINOR = ("m", "min", "Min", "MIN", "mi", "-")
_DIMINISHED = ("dim", "°", "o", "0")
_EXTENSIONS = ("7", "9", "11", "13")

_RARE_SPELLINGS: dict[str, tuple[str, tuple[str, ...]]] = {
    "maj": ("", ()),
    "Maj": ("", ()),
    "M": ("", ()),
    "Δ": ("maj7", ()),
    "^": ("maj7", ()),
    "j7": ("maj7", ()),
    "7M": ("maj7", ()),
    "m7M": ("mMaj7", ()),
    "M6": ("6", ()),
    "maj6": ("6", ()),
    "add6": ("6", ()),
    "madd6": ("m6", ()),
    "dom7": ("7", ()),
    "+": ("aug", ()),
    "+7": ("7", ("#5",)),
    "ø": ("m7", ("b5",)),
    "ø7": ("m7", ("b5",)),
    "ø9": ("m9", ("b5",)),
    "ø11": ("m11", ("b5",)),
    "alt": ("7", ("alt",)),
    "+maj7": ("maj7", ("#5",)),
    "+M7": ("maj7", ("#5",)),
    "°maj7": ("dimMaj7", ()),
    "°M7": ("dimMaj7", ()),
}

TWO_READINGS: dict[str, str] = {
    "2": "Write sus2 (without the third) or add9 (with it).",
    "4": "Write sus4 (without the third) or add11 (with it).",
    "+9": 'Write 9#5, 7#9 or add9: "+9" is read in all three ways.',
    "-5": 'Write (b5) for a flat fifth or m for a minor chord: "-5" is read in both ways.',
}
"""Qualities that musicians read in more than one way, and how to write each."""

NO_CHORD_SPELLINGS = ("N.C.", "NC", "N.C", "n.c.", "nc")

LOOKALIKES: dict[str, str] = {
    "♭": "b",
    "♯": "#",
    "♮": "n",
    "𝄪": "x",
    "∆": "Δ",
    "△": "Δ",
    "º": "°",
    "˚": "°",
    "Ø": "ø",
    "⌀": "ø",
    "−": "-",
    "‑": "-",
    "＋": "+",
}
"""Characters that stand for another one; each is one character, so columns stay true."""

ROMAN_SUFFIXES: dict[str, tuple[str, bool]] = {
    "": ("", False),
    "m": ("", True),
    "dim": ("°", True),
    "dim7": ("°7", True),
    "dimMaj7": ("°maj7", True),
    "m7b5": ("ø7", True),
    "m9b5": ("ø9", True),
    "m11b5": ("ø11", True),
    "aug": ("+", False),
    "maj7#5": ("+maj7", False),
    "6": ("add6", False),
    "m6": ("add6", True),
    "mMaj7": ("maj7", True),
    "mMaj9": ("maj9", True),
    "mMaj11": ("maj11", True),
    "mMaj13": ("maj13", True),
}
"""Qualities whose roman spelling is not the letter one: suffix, and whether it is lower case."""

FIGURES: dict[str, tuple[str, int]] = {
    "6": ("", 1),
    "63": ("", 1),
    "64": ("", 2),
    "65": ("7", 1),
    "43": ("7", 2),
    "42": ("7", 3),
    "2": ("7", 3),
}
"""Figured bass: what is sounded (a triad or a seventh) and which chord tone is lowest."""


TRIADS: dict[tuple[int, int], str] = {(4, 7): "", (3, 7): "m", (3, 6): "dim", (4, 8): "aug"}
SEVENTHS: dict[str, dict[int, str]] = {
    "": {10: "7", 11: "maj7"},
    "m": {10: "m7", 11: "mMaj7"},
    "dim": {9: "dim7", 10: "m7b5", 11: "dimMaj7"},
    "aug": {10: "7#5", 11: "maj7#5"},
    "sus4": {10: "7sus4", 11: "maj7sus4"},
    "sus2": {10: "7sus2", 11: "maj7sus2"},
    "5": {10: "7no3", 11: "maj7no3"},
}
"""What a triad becomes with the seventh that lies 9, 10 or 11 semitones above the root."""


def stem_spellings() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Every way to begin a quality: spelling -> canonical stem and the modifiers it implies."""
    found: dict[str, tuple[str, tuple[str, ...]]] = {stem: (stem, ()) for stem in STEMS}
    for word, number in product(_MAJOR, _EXTENSIONS):
        found[word + number] = (f"maj{number}", ())
    for word in _MINOR:
        found[word] = ("m", ())
        for number in ("6", "69", *_EXTENSIONS):
            found[word + number] = (f"m{number}", ())
        found[f"{word}6/9"] = ("m69", ())
    for minor, major, number in product(("m", "min", "-"), ("maj", "Maj", "M"), _EXTENSIONS):
        for form in (f"{minor}{major}{number}", f"{minor}({major}{number})"):
            found[form] = (f"mMaj{number}", ())
    found["6/9"] = ("69", ())
    for word in _DIMINISHED:
        found[word] = ("dim", ())
        found[f"{word}7"] = ("dim7", ())
    for number in ("7", "9", "13"):
        found[f"sus{number}"] = (number, ("sus4",))
        found[f"aug{number}"] = (number, ("#5",))
    return found | _RARE_SPELLINGS


def modifier_spellings() -> dict[str, str]:
    """Every way to write a modifier: spelling -> canonical modifier."""
    return {text: name for name, texts in MODIFIER_SPELLINGS.items() for text in texts}


def tables() -> dict[str, object]:
    """All tables as plain JSON values, for the generated code of the browser."""
    return {
        "stems": {name: list(intervals) for name, intervals in STEMS.items()},
        "modifiers": {
            name: {part: list(values) for part, values in rule.items()}
            for name, rule in MODIFIERS.items()
        },
        "rewrites": {key: [stem, list(rest)] for key, (stem, rest) in REWRITES.items()},
        "stemSpellings": {
            text: [stem, list(rest)] for text, (stem, rest) in stem_spellings().items()
        },
        "modifierSpellings": modifier_spellings(),
        "modifierOrder": list(MODIFIERS),
        "twoReadings": TWO_READINGS,
        "noChord": list(NO_CHORD_SPELLINGS),
        "lookalikes": LOOKALIKES,
        "romanSuffixes": {name: list(row) for name, row in ROMAN_SUFFIXES.items()},
        "figures": {name: list(row) for name, row in FIGURES.items()},
        "triads": [[third, fifth, quality] for (third, fifth), quality in TRIADS.items()],
        "sevenths": {
            triad: {str(step): quality for step, quality in row.items()}
            for triad, row in SEVENTHS.items()
        },
        "functions": [FUNCTIONS[degree] for degree in range(1, 8)],
        "presets": [{"name": name, "chords": list(chords)} for name, chords in PRESETS.items()],
        "palette": [asdict(entry) for entry in PALETTE],
        "modes": {name: list(steps) for name, steps in MODES.items()},
        "modeSpellings": MODE_SPELLINGS,
    }
