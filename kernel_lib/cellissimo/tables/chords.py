"""Chords as a table: what sounds from when to when, as written and as letters and numerals."""

from __future__ import annotations

from typing import ClassVar

from cellissimo.tables.table import Table


class ChordTable(Table):
    """Chords, one a row, in the order in which they begin.

    ``start`` and ``duration`` in ticks; ``bar`` counted from 1; ``start_time`` and ``end_time``
    in milliseconds; ``symbol`` as it was written, ``letters`` and ``roman`` as both spellings;
    ``root`` and ``bass`` as pitch classes 0 … 11, -1 for no chord; ``loop`` and ``stem`` by name,
    ``stem`` empty on the timeline. What does not read has a symbol and no more.
    """

    NOUN: ClassVar[str] = "chord"
    ORDER: ClassVar[tuple[str, ...]] = ("start", "stem", "loop", "symbol", "duration")


class BlockTable(Table):
    """The blocks of the timeline, one a row, in the order in which they begin.

    ``start`` and ``length`` in ticks; ``bar`` and ``bars``, where it begins and how long it is in
    bars of its meter; ``start_time`` and ``end_time`` in milliseconds; ``lane`` 0 … 15; ``loop``
    by name.
    """

    NOUN: ClassVar[str] = "block"
    ORDER: ClassVar[tuple[str, ...]] = ("start", "lane", "loop", "length")
