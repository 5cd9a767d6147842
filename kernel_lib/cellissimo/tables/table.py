"""What all tables have in common: equal columns by name, read only, sliced by time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from html import escape
from itertools import islice
from typing import Any, ClassVar, NoReturn, Self

import numpy as np

from cellissimo.tables.column import Column, TableError
from cellissimo.tables.timing import Timing

SHOWN = 8
"""Rows that the text of a table shows."""


class Table(dict[str, Column]):
    """Columns of equal length by name: ``pandas.DataFrame(table)`` takes them as they are.

    A table is a value: its columns cannot be written to, and every change gives a new one. It
    remembers the song's time (``timing``), and the ticks it was cut to (``window``), if it was.
    """

    NOUN: ClassVar[str] = "row"
    ORDER: ClassVar[tuple[str, ...]] = ()
    """What rows are sorted by."""

    def __init__(
        self,
        columns: Mapping[str, Column],
        timing: Timing | None = None,
        window: tuple[int, int] | None = None,
    ) -> None:
        """Hold the columns, sorted; ``timing`` is 120 quarters a minute in 4/4 when not given."""
        self.timing = timing or Timing()
        self.window = window
        keys = [columns[name] for name in reversed(self.ORDER)]
        order = np.lexsort([_sortable(key) for key in keys])
        super().__init__({name: _frozen(column[order]) for name, column in columns.items()})

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(next(iter(self.values()))) if self else 0

    def where(self, chosen: object) -> Self:
        """The rows for which ``chosen``, a column of true and false, is true.

        Raises:
            TableError: it is no such column of the table's length.
        """
        mask = np.asarray(chosen)
        if mask.dtype != np.bool_ or mask.shape != (self.count,):
            message = f"where() takes {self.count} true or false, one a row, not {chosen!r:.60}"
            raise TableError(message)
        return self._cut(mask, self.window)

    def _cut(self, mask: Column, window: tuple[int, int] | None) -> Self:
        chosen = {name: column[mask] for name, column in self.items()}
        return type(self)(chosen, self.timing, window)

    def between(self, start: int, end: int) -> Self:
        """The rows that start from tick ``start`` on and before ``end``."""
        return self._cut((self["start"] >= start) & (self["start"] < end), (start, end))

    def bars(self, first: int, last: int | None = None) -> Self:
        """The rows that start in bars ``first`` to ``last``, both counted from 1 and included.

        Raises:
            CellissimoError: they are no bars.
        """
        return self.between(*self.timing.window(first, first if last is None else last))

    def section(self, name: str) -> Self:
        """The rows that start in the first section of a name.

        Raises:
            TableError: there is none.
        """
        return self.between(*self.timing.section(name))

    def named(self, column: str, names: Iterable[str]) -> Self:
        """The rows that have one of ``names`` in a column.

        Raises:
            TableError: a name stands nowhere in it.
        """
        wanted = set(names)
        known = set(self[column].tolist())
        if wanted - known:
            shown = ", ".join(sorted(known - {""})) or "none"
            message = f"no {column} is called {min(wanted - known)!r}; there are: {shown}"
            raise TableError(message)
        return self.where(np.isin(self[column].astype(str), sorted(wanted)))

    def records(self) -> Iterator[dict[str, Any]]:
        """The rows as dicts of plain Python values, in order."""
        columns = [column.tolist() for column in self.values()]
        for values in zip(*columns, strict=True):
            yield dict(zip(self, values, strict=True))

    # -- a value, not a place to write ---------------------------------------------------------

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TableError(
            "a table is a value; dict(table), or pandas.DataFrame(table), gives one to change"
        )

    __setitem__: Callable[..., NoReturn] = _refuse
    __delitem__: Callable[..., NoReturn] = _refuse
    __ior__: Callable[..., NoReturn] = _refuse
    update: Callable[..., NoReturn] = _refuse
    setdefault: Callable[..., NoReturn] = _refuse
    pop: Callable[..., NoReturn] = _refuse
    popitem: Callable[..., NoReturn] = _refuse
    clear: Callable[..., NoReturn] = _refuse

    def __reduce__(self) -> tuple[object, ...]:
        """What ``copy`` and ``pickle`` make again."""
        return type(self), (dict(self), self.timing, self.window)

    def __eq__(self, other: object) -> bool:
        """Whether the columns are the same, value by value."""
        if not isinstance(other, Table):
            return NotImplemented
        return list(self) == list(other) and all(_same(self[name], other[name]) for name in self)

    __hash__ = None  # as for every dict

    def __repr__(self) -> str:
        """How many rows, and the first of them in columns."""
        lines = [self._count()]
        if self.count:
            shown = [[name, *column] for name, column in self._shown().items()]
            widths = [max(map(len, column)) for column in shown]
            lines += [_line(row, widths) for row in zip(*shown, strict=True)]
        return "\n".join((*lines, *self._rest()))

    def _repr_html_(self) -> str:
        """The same as a table of a notebook."""
        head = "".join(f"<th>{name}</th>" for name in self)
        rows = zip(*self._shown().values(), strict=True)
        body = "".join(
            f"<tr>{''.join(f'<td>{escape(word)}</td>' for word in row)}</tr>" for row in rows
        )
        caption = " · ".join((self._count(), *self._rest()))
        return (
            f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead>"
            f"<tbody>{body}</tbody></table>"
        )

    def _count(self) -> str:
        return f"{self.count} {self.NOUN if self.count == 1 else self.NOUN + 's'}"

    def _shown(self) -> dict[str, list[str]]:
        return {name: list(map(_short, islice(column, SHOWN))) for name, column in self.items()}

    def _rest(self) -> list[str]:
        return [f"… {self.count - SHOWN} more"] if self.count > SHOWN else []


def _sortable(column: Column) -> Column:
    return column.astype(str) if column.dtype == object else column


def _frozen(column: Column) -> Column:
    column.flags.writeable = False
    return column


def _same(one: Column, other: Column) -> bool:
    return np.array_equal(one, other, equal_nan=one.dtype.kind == "f")


def _line(row: Iterable[str], widths: Iterable[int]) -> str:
    return "  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)).rstrip()


def _short(value: object) -> str:
    if isinstance(value, float | np.floating):
        return "-" if np.isnan(value) else f"{round(float(value), 3):g}"
    return str(value) or "-"
