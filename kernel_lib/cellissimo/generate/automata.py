"""Elementary cellular automata: a row of cells, and the rows that grow from it."""

from __future__ import annotations

from cellissimo.domain.errors import CellissimoError
from cellissimo.generate.rhythm import REST, Steps
from cellissimo.generate.seeded import MOST
from cellissimo.schema import checks


def cellular(
    rule: int, steps: int = 16, generations: int = 4, start: str | None = None
) -> list[Steps]:
    """The rows that a rule 0 … 255 grows, one a generation, the first one included.

    ``start`` is the first row; without it, one step sounds in the middle. The row is a ring: its
    ends are neighbours. ``"|".join(rows)`` is a pattern with a row a bar.

    >>> cellular(90, 9, 3)
    [Steps ....x...., Steps ...x.x..., Steps ..x...x..]

    Raises:
        CellissimoError: a value is out of range, or ``start`` has another length than ``steps``.
    Source: S. Wolfram, "Statistical mechanics of cellular automata" (1983).
    """
    table = checks.whole(rule, 0, 255, "rule")
    length = checks.whole(steps, 1, MOST, "steps")
    count = checks.whole(generations, 1, max(MOST // length, 1), "generations")
    row = _first(start, length)
    rows = [row]
    while len(rows) < count:
        row = [table >> _neighbours(row, cell) & 1 for cell in range(length)]
        rows.append(row)
    return [Steps("".join("x" if alive else REST for alive in row)) for row in rows]


def _neighbours(row: list[int], cell: int) -> int:
    """The cell and its neighbours as a number 0 … 7."""
    return row[cell - 1] * 4 + row[cell] * 2 + row[(cell + 1) % len(row)]


def _first(start: str | None, length: int) -> list[int]:
    if start is None:
        return [int(cell == length // 2) for cell in range(length)]
    given = Steps(start)
    if len(given) != length:
        message = f"start has {len(given)} cells and steps is {length}; give as many as cells"
        raise CellissimoError(message)
    return [int(letter != REST) for letter in given]
