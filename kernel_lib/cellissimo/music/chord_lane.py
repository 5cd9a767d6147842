"""The chords of a loop: a live mapping from cell to chord, ``loop.chords``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from typing import TYPE_CHECKING

from cellissimo.domain.key import parse_key
from cellissimo.domain.progressions import find_preset
from cellissimo.music.chord import Chord
from cellissimo.music.row import checked_cell
from cellissimo.notation.progression import parse_progression, print_progression
from cellissimo.notation.roman_numerals import canonical_symbol, parse_chord_or_roman, roman_of
from cellissimo.schema import checks

if TYPE_CHECKING:
    from cellissimo.music.loop import Loop


Chords = str | Chord | Mapping[int, str | Chord] | Iterable[str | Chord]
"""What the chords of a loop may be given as."""


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
        """The chord that begins on a cell.

        Raises:
            KeyError: none begins there; ``at(cell)`` is the one that sounds.
        """
        return Chord(self._loop.model.chords[cell], key=self._loop.key)

    def at(self, cell: int) -> Chord | None:
        """The chord that sounds on a cell; None before the first.

        Raises:
            CellError: the cell is outside the loop.
        """
        place = self._checked(cell)
        begun = [start for start in self if start <= place]
        return self[begun[-1]] if begun else None

    def __setitem__(self, cell: int, symbol: str | Chord) -> None:
        """Begin a chord on a cell, given as a letter symbol or a roman numeral."""
        place, text = self._checked(cell), _readable(symbol, self._loop.key)
        with self._loop.edit() as edit:
            edit.set_chord(self._loop.id, place, text)

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

    def write(self, chords: Chords) -> None:
        """Replace all chords.

        By a progression such as "I V vi IV", a preset such as "Pop", a sequence of chords, or a
        mapping from cells to chords.

        Raises:
            CellissimoError: they do not read, or do not fit into the loop.
        """
        model = self._loop.model
        if isinstance(chords, Mapping) and not isinstance(chords, ChordLane):
            placed = {self._checked(c): _readable(s, model.key) for c, s in chords.items()}
        else:
            placed = self._placed(_progression(chords))
        with self._loop.edit() as edit:
            edit.set_chords(self._loop.id, placed, model.cells)

    def _placed(self, text: str) -> dict[int, str]:
        model = self._loop.model
        preset = find_preset(text)
        placed = dict(
            parse_progression(" ".join(preset) if preset else text, model.bars, model.steps_per_bar)
        )
        return {cell: _readable(symbol, model.key) for cell, symbol in placed.items()}

    def _checked(self, cell: object) -> int:
        return checked_cell(cell, self._loop.model.cells)

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


def _readable(symbol: str | Chord, key: str) -> str:
    """The chord as it is stored, once it is sure that it reads. Raises: ChordError."""
    text = canonical_symbol(str(symbol))
    parse_chord_or_roman(text, key)
    return text


def _progression(chords: object) -> str:
    if isinstance(chords, Chord | ChordLane):
        return str(chords)
    if isinstance(chords, Iterable) and not isinstance(chords, str):
        return " ".join(str(symbol) for symbol in chords)
    return checks.text(chords, "the progression", "I V vi IV")
