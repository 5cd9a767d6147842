"""The chords of a loop: a live mapping from cell to chord, ``loop.chords``."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import TYPE_CHECKING

from cellissimo.domain.key import parse_key
from cellissimo.domain.progressions import PRESETS
from cellissimo.music.chord import Chord
from cellissimo.music.row import CellError
from cellissimo.notation.progression import parse_progression, print_progression
from cellissimo.notation.roman_numerals import canonical_symbol, parse_chord_or_roman, roman_of

if TYPE_CHECKING:
    from cellissimo.music.loop import Loop


class ChordLane(MutableMapping[int, Chord]):
    """The chords by the cell they begin on.

    >>> loop.chords = "I V vi IV"
    >>> loop.chords[16]
    Chord G …
    """

    def __init__(self, loop: Loop) -> None:
        """The chord lane of ``loop``."""
        self._loop = loop

    @property
    def text(self) -> str:
        """The chords as written, bar by bar: "I | V | vi | IV"."""
        model = self._loop.model
        return print_progression(model.chords.items(), model.bars, model.steps_per_bar)

    @property
    def letters(self) -> tuple[str, ...]:
        """The chords as letter symbols, in order."""
        return tuple(chord.symbol for chord in self.values())

    @property
    def roman(self) -> tuple[str, ...]:
        """The chords as roman numerals in the loop's key, in order."""
        key = parse_key(self._loop.key)
        written = self._loop.model.chords.values()
        return tuple(roman_of(parse_chord_or_roman(text, key), key) for text in written)

    def __getitem__(self, cell: int) -> Chord:
        """The chord that begins on a cell."""
        return Chord(self._loop.model.chords[cell], key=self._loop.key)

    def at(self, cell: int) -> Chord | None:
        """The chord that sounds on a cell; None before the first."""
        begun = [start for start in self if start <= cell]
        return self[begun[-1]] if begun else None

    def __setitem__(self, cell: int, symbol: str | Chord) -> None:
        """Begin a chord on a cell, given as a letter symbol or a roman numeral."""
        text = canonical_symbol(str(symbol))
        parse_chord_or_roman(text, self._loop.key)
        with self._loop.edit() as edit:
            edit.set_chord(self._loop.id, self._checked(cell), text)

    def __delitem__(self, cell: int) -> None:
        """Remove the chord that begins on a cell; the one before it goes on."""
        if cell not in self._loop.model.chords:
            raise KeyError(cell)
        with self._loop.edit() as edit:
            edit.set_chord(self._loop.id, cell, None)

    def __iter__(self) -> Iterator[int]:
        """The cells on which chords begin, in order."""
        return iter(self._loop.model.chords)

    def __len__(self) -> int:
        """How many chords there are."""
        return len(self._loop.model.chords)

    def write(self, text: str) -> None:
        """Replace all chords: a progression, or the name of a preset such as "Pop"."""
        model = self._loop.model
        preset = {name.lower(): " ".join(chords) for name, chords in PRESETS.items()}
        wanted = preset.get(text.strip().lower(), text)
        placed = dict(parse_progression(wanted, model.bars, model.steps_per_bar))
        for symbol in placed.values():
            parse_chord_or_roman(symbol, parse_key(self._loop.key))
        with self._loop.edit() as edit:
            edit.set_chords(self._loop.id, placed, model.cells)

    def _checked(self, cell: int) -> int:
        cells = self._loop.model.cells
        if not 0 <= cell < cells:
            message = f"cell {cell!r} is outside the loop; its cells are 0 to {cells - 1}"
            raise CellError(message)
        return int(cell)

    def __eq__(self, other: object) -> bool:
        """Whether the text, or the other lane's chords, are the same."""
        if isinstance(other, str):
            return self.text == other
        return isinstance(other, ChordLane) and dict(self) == dict(other)

    __hash__ = None  # type: ignore[assignment]  # a live view has no lasting value

    def __str__(self) -> str:
        """The chords as written, bar by bar."""
        return self.text

    def __repr__(self) -> str:
        """Letters and roman numerals."""
        return f"{self.text}  ({' '.join(self.letters)})"
