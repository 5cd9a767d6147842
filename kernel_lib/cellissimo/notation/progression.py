"""Chord progressions as text: "I V vi IV", "Cmaj7 | G . . Am7 | %", and the way back.

With bars (`|`), the chords of a bar share it evenly, "." lets the chord before go on, and "%"
repeats the bar before; a progression shorter than its loop repeats. Without bars, chords are
spread over the loop: evenly when they divide its bars, one a bar when there are fewer than bars,
evenly over the cells when there are more. Commas and dashes separate chords as spaces do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from cellissimo.domain.errors import ChordError, ProgressionError
from cellissimo.notation.roman_numerals import canonical_symbol

Placed = tuple[int, str]
Word = tuple[str, int]

HOLD, REPEAT = ".", "%"
_WORD = re.compile(r"(?:\([^()]*(?:\([^()]*\)[^()]*)*\)|[^\s,–—()])+|[()]")
_DASH = re.compile(r"(?<=\S)-(?=[b#]?[IViv])|(?<=\s)-(?=\s)")


def parse_progression(text: str, bars: int, steps_per_bar: int) -> tuple[Placed, ...]:
    """Chords on cells of a loop's grid: (cell, canonical symbol), rising by cell.

    Roman numerals stay roman. A chord lasts until the next one. Empty text gives no chords.
    Raises: ProgressionError or ChordError, with the column in the whole text and the cure.
    """
    if not text.strip():
        return ()
    if "|" in text:
        return _from_bars(text, bars, steps_per_bar)
    words = _words(text, 0)
    for word, column in words:
        if word in (HOLD, REPEAT):
            raise ProgressionError(
                f"{word!r} needs bars", text, column, 'Write | between bars: "C | % | G . . Am".'
            )
    cells = _spread(len(words), bars, steps_per_bar, text)
    return tuple((cell, _symbol(word, text)) for cell, word in zip(cells, words, strict=True))


def _words(part: str, offset: int) -> list[Word]:
    parted = _DASH.sub(" ", part)
    return [(match[0], offset + match.start() + 1) for match in _WORD.finditer(parted)]


def _symbol(word: Word, text: str) -> str:
    name, column = word
    try:
        return canonical_symbol(name)
    except ChordError as error:
        place = column + error.column - 1
        raise ChordError(error.problem, text, place, error.cure) from None


def _spread(count: int, bars: int, steps_per_bar: int, text: str) -> list[int]:
    total = bars * steps_per_bar
    if count <= bars:
        width = bars // count if bars % count == 0 else 1
        return [index * width * steps_per_bar for index in range(count)]
    if total % count:
        raise ProgressionError(
            f"{count} chords do not spread evenly over {_bars(bars)} of {steps_per_bar} cells",
            text,
            1,
            'Say where the bars are with |, as in "C G | Am | F".',
        )
    return [index * (total // count) for index in range(count)]


def _from_bars(text: str, bars: int, steps_per_bar: int) -> tuple[Placed, ...]:
    written = _written_bars(text)
    if len(written) > bars:
        raise ProgressionError(
            f"{len(written)} bars are written, the loop has {bars}",
            text,
            1,
            f"Write at most {bars}, or make the loop longer.",
        )
    filled = [_bar(words, steps_per_bar, text) for words in written]
    return tuple(
        (bar * steps_per_bar + cell, symbol)
        for bar in range(bars)
        for cell, symbol in filled[bar % len(filled)]
    )


def _written_bars(text: str) -> list[list[Word]]:
    parts, found, offset = text.split("|"), [], 0
    for part in parts:
        found.append(_words(part, offset))
        offset += len(part) + 1
    if not found[0]:
        found = found[1:]
    if len(found) > 1 and not found[-1]:
        found = found[:-1]
    return _repeated(found, text)


def _repeated(written: list[list[Word]], text: str) -> list[list[Word]]:
    found: list[list[Word]] = []
    for words in written:
        names = [name for name, _ in words]
        if REPEAT not in names:
            found.append(words)
            continue
        if len(words) > 1 or not found:
            cure = "Write % alone in its bar, after a bar that it can repeat."
            raise ProgressionError('"%" repeats the bar before', text, words[0][1], cure)
        found.append(found[-1])
    return found


def _bar(words: list[Word], steps_per_bar: int, text: str) -> list[Placed]:
    if not words:
        return []
    if steps_per_bar % len(words):
        raise ProgressionError(
            f"{len(words)} chords do not share a bar of {steps_per_bar} cells evenly",
            text,
            words[0][1],
            f"Write {_divisors(steps_per_bar)} to a bar; a dot lets the chord before go on.",
        )
    width = steps_per_bar // len(words)
    return [
        (index * width, _symbol(word, text)) for index, word in enumerate(words) if word[0] != HOLD
    ]


def _divisors(number: int) -> str:
    found = [str(size) for size in range(1, number + 1) if number % size == 0]
    return f"{', '.join(found[:-1])} or {found[-1]}" if len(found) > 1 else found[0]


def _bars(count: int) -> str:
    return f"{count} bar" if count == 1 else f"{count} bars"


def print_progression(placed: Iterable[Placed], bars: int, steps_per_bar: int) -> str:
    """Canonical text of chords on cells; `parse_progression` reads it back to the same.

    Raises: ProgressionError for a cell outside the grid.
    """
    by_cell = dict(placed)
    total = bars * steps_per_bar
    for cell, symbol in by_cell.items():
        if not 0 <= cell < total:
            cure = f"Cells of this loop are 0 … {total - 1}."
            raise ProgressionError(f"There is no cell {cell}", symbol, 1, cure)
    if not by_cell:
        return ""
    rows = [_print_bar(by_cell, bar * steps_per_bar, steps_per_bar) for bar in range(bars)]
    return " | ".join(rows) + (" |" if bars == 1 else "")


def _print_bar(by_cell: dict[int, str], start: int, steps_per_bar: int) -> str:
    cells = [cell for cell in range(steps_per_bar) if start + cell in by_cell]
    shares = next(
        count
        for count in range(1, steps_per_bar + 1)
        if steps_per_bar % count == 0
        and all(cell % (steps_per_bar // count) == 0 for cell in cells)
    )
    width = steps_per_bar // shares
    return " ".join(by_cell.get(start + share * width, HOLD) for share in range(shares))
