"""What a loop plays, as named columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any

import numpy as np

Column = np.ndarray[Any, np.dtype[Any]]


class Events(dict[str, Column]):
    """Columns of equal length by name: ``pandas.DataFrame(events)`` takes them as they are.

    >>> events = loop.events()
    >>> events["pitch"][events["sound"] == "synth-lead"]
    """

    def __init__(self, columns: Mapping[str, Column]) -> None:
        """Hold the columns."""
        super().__init__(columns)

    @property
    def count(self) -> int:
        """How many events there are."""
        return len(next(iter(self.values()))) if self else 0

    def __repr__(self) -> str:
        """The number of events and the first of them, one a line."""
        lines = [f"{self.count} events: {', '.join(self)}"]
        rows = islice(zip(*self.values(), strict=True), 8)
        lines.extend("  ".join(_short(value) for value in row) for row in rows)
        if self.count > 8:
            lines.append(f"… {self.count - 8} more")
        return "\n".join(lines)


def named(
    columns: Mapping[str, Column], names_of: Callable[[str], Mapping[str, str]]
) -> dict[str, Column]:
    """The columns with what ``names_of`` says of each strip in place of its name."""
    found, places = np.unique(columns["strip"], return_inverse=True)
    said = [names_of(str(strip)) for strip in found] or [names_of("")]
    labels = {key: np.array([name[key] for name in said], np.str_) for key in said[0]}
    made: dict[str, Column] = {}
    for key, column in columns.items():
        if key == "strip":
            made |= {label: texts[places] for label, texts in labels.items()}
        else:
            made[key] = column
    return made


def _short(value: object) -> str:
    return f"{value:g}" if isinstance(value, float | np.floating) else str(value)
