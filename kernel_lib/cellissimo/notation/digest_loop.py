"""Loops and chords in words."""

from __future__ import annotations

from collections.abc import Iterator

from cellissimo.domain.chord import Chord
from cellissimo.domain.errors import CellissimoError
from cellissimo.domain.pitch import LETTERS, pitch_class, simple_name, spelled_on
from cellissimo.notation.digest_steps import bar_lines
from cellissimo.notation.pattern_chords import chords_text
from cellissimo.notation.pattern_settings import settings_lines
from cellissimo.notation.pattern_value import plain
from cellissimo.notation.roman_numerals import is_roman, letter_of, parse_chord_or_roman, roman_of
from cellissimo.notation.rows import rows_of
from cellissimo.schema.limits import MASTER
from cellissimo.schema.models import Loop, Song

_LETTER_STEPS = {
    0: 0,
    1: 1,
    2: 1,
    3: 2,
    4: 2,
    5: 3,
    6: 4,
    7: 4,
    8: 4,
    9: 5,
    10: 6,
    11: 6,
    13: 1,
    14: 1,
    15: 1,
    17: 3,
    18: 3,
    20: 5,
    21: 5,
}
"""How many letters above the root a tone so many semitones above it is spelled."""

_DIMINISHED_SEVENTH = {3, 6, 9}
"""With these, nine semitones are a seventh and no sixth."""


def digest_loop(loop: Loop, song: Song | None = None) -> str:
    """A loop in words: its frame, chords, what sounds where bar by bar, and its settings.

    ``song`` gives the tempo and meter of a loop that has none of its own.
    """
    tempo = loop.tempo if loop.tempo is not None or song is None else song.tempo
    meter = loop.meter or (song.meter if song else "4/4")
    lines = [f"Loop {named(loop.name)} · {_frame(loop, meter, tempo)}"]
    if loop.chords:
        lines.append(f"chords: {_chords(loop)}")
    lines += bar_lines(loop, meter)
    lines += _settings(loop)
    return "\n".join(lines)


def digest_chord(chord: Chord, key: str | None = None) -> str:
    """A chord in words: its symbol, its tones from the root up, its bass, its place in ``key``."""
    if chord.root is None:
        return f"Chord {chord.symbol} · no chord"
    words = [f"Chord {chord.symbol}", " ".join(chord_tones(chord))]
    if chord.bass != chord.root:
        words.append(f"over {chord.bass}")
    if key is not None:
        words.append(f"{roman_of(chord, key)} in {key}")
    return " · ".join(words)


def chord_tones(chord: Chord) -> tuple[str, ...]:
    """The tones of a chord from the root up, spelled as the chord spells them: C, Eb, G."""
    return tuple(_tone(chord, interval) for interval in chord.intervals)


def _tone(chord: Chord, interval: int) -> str:
    root = chord.root or "C"
    steps = _LETTER_STEPS.get(interval)
    if set(chord.intervals) >= _DIMINISHED_SEVENTH and interval == max(_DIMINISHED_SEVENTH):
        steps = 6
    wanted = (pitch_class(root) + interval) % 12
    name = None if steps is None else spelled_on(LETTERS.index(root[0]) + steps, wanted)
    return name if name and len(name) <= len("F#") else simple_name(wanted, like=root)


def named(name: str) -> str:
    """A name as it stands in a digest."""
    return f'"{name}"'


def count(number: int, what: str) -> str:
    """A number of things: "1 bar", "4 bars"."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _frame(loop: Loop, meter: str, tempo: float | None) -> str:
    speed = "" if tempo is None else f" at {plain(tempo)} BPM"
    return f"{count(loop.bars, 'bar')} of {meter} in {loop.key}{speed}"


def _chords(loop: Loop) -> str:
    """The chords bar by bar as written, and in parentheses as numerals, or letters, otherwise."""
    written = chords_text(loop).removesuffix(" |")
    inside = [loop.chords[cell] for cell in sorted(loop.chords) if 0 <= cell < loop.cells]
    try:
        if any(is_roman(symbol) for symbol in inside):
            other = [letter_of(symbol, loop.key) for symbol in inside]
        else:
            other = [roman_of(parse_chord_or_roman(s, loop.key), loop.key) for s in inside]
    except CellissimoError:
        return written
    return f"{written} ({' '.join(other)})" if other else written


def _settings(loop: Loop) -> Iterator[str]:
    for target in (*rows_of(loop), MASTER):
        said = [
            line.replace(f" {target}", "", 1).replace(": ", " ", 1)
            for line in settings_lines(loop.settings, target)
        ]
        if said:
            yield f"{target} set to {' · '.join(said)}"


def brief(loop: Loop) -> str:
    """A loop in one line: name, length, chords and rows."""
    words = [named(loop.name), count(loop.bars, "bar")]
    if loop.chords:
        words.append(chords_text(loop).removesuffix(" |"))
    rows = [row for row in rows_of(loop) if any(name == row for name, _ in loop.steps)]
    words.append(", ".join(rows) if rows else "no steps yet")
    return " · ".join(words)
