"""Chord symbols of lead sheets, read by a grammar of our own: "F#m7b5", "C7(b9,#11)/E", "N.C.".

    symbol     = chord [ "(" chord ")" ]  |  "(" symbol ")"  |  no chord
    chord      = root quality [ "/" bass ]
    root, bass = A … G with b, #, bb, ## or x
    quality    = stem { modifier | "(" modifier { "," modifier } ")" }  |  "(" quality ")"

A chord behind another one in parentheses is an alternative, a chord wholly in parentheses is
optional; both are kept and printed, and neither changes what sounds. An accidental belongs to
the root it touches: "Bb5" is the fifth on Bb, "B(b5)" is B with a flat fifth. Two readings of
one text are refused, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Container
from functools import lru_cache

from cellissimo.domain.chord import NO_CHORD, OCTAVE, Chord
from cellissimo.domain.errors import ChordError
from cellissimo.domain.pitch import is_simple
from cellissimo.notation import chord_tables

NO_CHORD_SPELLINGS = frozenset(chord_tables.NO_CHORD_SPELLINGS)
LOOKALIKES = str.maketrans(chord_tables.LOOKALIKES)
STEM_SPELLINGS = chord_tables.stem_spellings()
MODIFIER_SPELLINGS = chord_tables.modifier_spellings()
MODIFIER_ORDER = {name: rank for rank, name in enumerate(chord_tables.MODIFIERS)}
LONGEST_STEM = max(map(len, STEM_SPELLINGS))
LONGEST_MODIFIER = max(map(len, MODIFIER_SPELLINGS))

_SHAPE = re.compile(
    r"(?P<root>[A-G](?:##|#|x|bb|b)?)"
    r"(?P<quality>.*?)"
    r"(?:/(?P<bass>[A-G](?:##|#|x|bb|b)?))?"
    r"(?P<other>\([A-G].*\))?"
)
CURE = 'Write a root A … G and a quality such as m7, maj7, 7b9, sus4, dim, m7b5: "F#m7b5", "C/E".'


@lru_cache(maxsize=4096)
def parse_chord(text: str) -> Chord:
    """The chord that a symbol names. Cost: about 10 µs the first time, then a look-up.

    Raises: ChordError with the column of what was not understood and the cure.
    """
    plain = text.strip().translate(LOOKALIKES)
    if plain in NO_CHORD_SPELLINGS:
        return NO_CHORD
    if plain.startswith("(") and plain.endswith(")"):
        return _optional(_parse_symbol(plain[1:-1], text, 1))
    return _parse_symbol(plain, text, 0)


def _optional(chord: Chord) -> Chord:
    return Chord(
        chord.root, chord.quality, chord.intervals, chord.bass, chord.alternative, optional=True
    )


def _parse_symbol(plain: str, text: str, offset: int) -> Chord:
    match = _SHAPE.fullmatch(plain)
    if match is None:
        raise ChordError(_no_root(plain), text, offset + 1, CURE)
    root, quality, bass, other = match.group("root", "quality", "bass", "other")
    _refuse_double_reading(root, quality, text, offset)
    try:
        name, intervals = parse_quality(quality)
    except ChordError as error:
        column = offset + len(root) + error.column
        raise ChordError(error.problem, text, column, error.cure) from None
    root, bass = root.replace("x", "##"), (bass or root).replace("x", "##")
    alternative = None
    if other is not None:
        alternative = _parse_alternative(other[1:-1], text, offset + match.start("other") + 1)
    return Chord(root, name, intervals, bass, alternative)


def _parse_alternative(plain: str, text: str, offset: int) -> Chord:
    if re.search(r"\([A-G]", plain):
        raise ChordError("An alternative has an alternative", text, offset + 1, "Keep one.")
    return _parse_symbol(plain, text, offset)


def _no_root(plain: str) -> str:
    if not plain:
        return "There is no chord"
    if plain[0] in "abcdefg":
        return f"A chord root is a capital letter, {plain[0]!r} is not"
    return f"No chord begins with {plain[0]!r}"


def _refuse_double_reading(root: str, quality: str, text: str, offset: int) -> None:
    if not is_simple(root) and quality[:1].isdigit() and not quality.startswith("7"):
        raise ChordError(
            f"{root + quality!r} reads in two ways",
            text,
            offset + 1,
            f"Write {root}({quality}) or {root[:2]}({root[2]}{quality}).",
        )


@lru_cache(maxsize=1024)
def parse_quality(text: str) -> tuple[str, tuple[int, ...]]:
    """Canonical quality and its intervals: "min7(-5)" gives "m7b5" and (0, 3, 6, 10).

    Raises: ChordError whose column counts within the quality.
    """
    if cure := chord_tables.TWO_READINGS.get(text):
        raise ChordError(f"{text!r} reads in more than one way", text, 1, cure)
    inner = text[1:-1] if text.startswith("(") and text.endswith(")") else text
    if not (inner[:1].isdigit() or (inner and inner in STEM_SPELLINGS)):
        inner = text
    spelling = _longest(inner, 0, STEM_SPELLINGS, LONGEST_STEM) or ""
    stem, implied = STEM_SPELLINGS[spelling]
    modifiers = [*implied, *_read_modifiers(inner, len(spelling))]
    return _build(stem, modifiers, text)


def _longest(text: str, start: int, table: Container[str], limit: int) -> str | None:
    for size in range(min(limit, len(text) - start), 0, -1):
        piece = text[start : start + size]
        if piece in table:
            return piece
    return None


def _read_modifiers(text: str, start: int) -> list[str]:
    found: list[str] = []
    position, inside = start, False
    while position < len(text):
        character = text[position]
        if character == "(" and not inside:
            inside, position = True, position + 1
        elif character == ")" and inside and text[position - 1] not in "(,":
            inside, position = False, position + 1
        elif character == "," and inside and text[position - 1] not in "(,":
            position += 1
        else:
            piece = _modifier_at(text, position)
            found.append(MODIFIER_SPELLINGS[piece])
            position += len(piece)
    if inside:
        raise ChordError('"(" is never closed', text, len(text) + 1, 'Add ")".')
    return found


def _modifier_at(text: str, position: int) -> str:
    piece = _longest(text, position, MODIFIER_SPELLINGS, LONGEST_MODIFIER)
    if piece is not None:
        return piece
    rest = text[position:]
    if rest.startswith("/"):
        cure = "After / comes the bass, a note A … G: C/E."
    else:
        cure = chord_tables.TWO_READINGS.get(rest, CURE)
    raise ChordError(f"{rest!r} is not understood", text, position + 1, cure)


def _build(stem: str, modifiers: list[str], text: str) -> tuple[str, tuple[int, ...]]:
    stem, rest = _rewritten(stem, modifiers)
    ordered = sorted(rest, key=MODIFIER_ORDER.__getitem__)
    if len(set(ordered)) < len(ordered):
        raise ChordError(f"{text!r} says the same thing twice", text, 1, "Say it once.")
    base = chord_tables.STEMS[stem]
    tones = set(base)
    for name in ordered:
        _check(name, stem, base, text)
        tones.difference_update(chord_tables.MODIFIERS[name]["removes"])
    for name in ordered:
        _add(name, tones, text)
    return _printed(stem, ordered), tuple(sorted(tones))


def _rewritten(stem: str, modifiers: list[str]) -> tuple[str, list[str]]:
    rest = list(modifiers)
    for name in modifiers:
        shorter = chord_tables.REWRITES.get(f"{stem} {name}")
        if shorter is not None and name in rest:
            stem = shorter[0]
            rest.remove(name)
            rest.extend(shorter[1])
    return stem, rest


def _check(name: str, stem: str, base: tuple[int, ...], text: str) -> None:
    rule = chord_tables.MODIFIERS[name]
    if not rule["adds"] and not rule["removes"]:
        raise ChordError(f"{name!r} cannot follow {stem!r}", text, 1, "Write maj7 or m(maj7).")
    if any(need not in base for need in rule["needs"]):
        raise ChordError(
            f"{name!r} has nothing to change in {stem or 'a triad'!r}", text, 1, _need_cure(name)
        )
    if base[-1] > OCTAVE and base[-1] in rule["removes"]:
        raise ChordError(
            f"{name!r} contradicts the {stem!r} before it",
            text,
            1,
            f"Write the altered note on a smaller chord, as in 7{name}.",
        )


def _need_cure(name: str) -> str:
    if name.startswith("sus"):
        return "A sus chord has no third: leave the m out, or write sus4, 7sus4, 9sus4, 13sus4."
    if name == "alt":
        return "Write 7alt."
    return "The fifth is already altered or left out: write it once."


def _add(name: str, tones: set[int], text: str) -> None:
    added = chord_tables.MODIFIERS[name]["adds"]
    if tones.intersection(added):
        raise ChordError(
            f"{name!r} is already in the chord", text, 1, f"Leave {name} out of {text!r}."
        )
    tones.update(added)


def _printed(stem: str, modifiers: list[str]) -> str:
    tail = "".join(modifiers)
    if not stem and tail[:1] in ("b", "#"):
        return f"({tail})"
    return stem + tail
