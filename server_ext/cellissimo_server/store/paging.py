"""Pages of a list: by number, or after the last row of the page before."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from cellissimo_server.errors import InvalidError
from cellissimo_server.store.database import Plain

R = TypeVar("R")

MOST_ROWS = 100
"""Rows of one page at the most."""


@dataclass(frozen=True, slots=True)
class Paging:
    """Which page: number ``page`` from 1, or, with ``after``, what comes after that row."""

    page: int = 1
    limit: int = 20
    after: str | None = None

    def __post_init__(self) -> None:
        """Raises InvalidError for a page before 1 or a limit outside 1 … 100."""
        if self.page < 1:
            raise _refused("page", self.page, "1 or more")
        if not 1 <= self.limit <= MOST_ROWS:
            raise _refused("limit", self.limit, f"1 … {MOST_ROWS}")

    @property
    def offset(self) -> int:
        """How many rows stand before the page."""
        return 0 if self.after is not None else (self.page - 1) * self.limit


@dataclass(frozen=True, slots=True)
class Order:
    """The order of a list: by a column, then by id, so that every row has one place."""

    column: str
    descending: bool = True

    @property
    def sql(self) -> str:
        """What stands after ORDER BY."""
        way = "DESC" if self.descending else "ASC"
        return f"{self.column} {way}, id {way}"

    def after(self, paging: Paging) -> tuple[str, tuple[Plain, ...]]:
        """The condition for what comes after a row, and its values."""
        if paging.after is None:
            return "", ()
        sign = "<" if self.descending else ">"
        return f" AND ({self.column}, id) {sign} (?, ?)", self._read(paging.after)

    def mark(self, row: object) -> str:
        """The opaque text that names a row's place."""
        place = [self.column, getattr(row, self.column), getattr(row, "id", None)]
        return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")

    def _read(self, mark: str) -> tuple[Plain, ...]:
        try:
            place = json.loads(base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4)))
            column, value, key = place
        except (ValueError, TypeError, binascii.Error, RecursionError):
            raise _refused("after", mark, "the 'next' of the page before") from None
        if column != self.column or not isinstance(key, str) or not _is_plain(value):
            raise _refused("after", mark, "the 'next' of the page before, in the same order")
        return (value, key)


@dataclass(frozen=True, slots=True)
class Found(Generic[R]):
    """One page of a list, and how much there is in all."""

    rows: list[R]
    total: int
    page: int | None
    limit: int
    has_more: bool
    next: str | None

    @classmethod
    def of(cls, rows: list[R], total: int, order: Order, paging: Paging) -> Found[R]:
        """The page of ``rows``, of which one too many was read to see whether there are more."""
        shown = rows[: paging.limit]
        has_more = len(rows) > paging.limit
        page = None if paging.after is not None else paging.page
        mark = order.mark(shown[-1]) if has_more else None
        return cls(shown, total, page, paging.limit, has_more, mark)


def _is_plain(value: Any) -> bool:  # noqa: ANN401 - out of JSON
    return isinstance(value, str | float) or (isinstance(value, int) and abs(value) < 2**63)


def _refused(field: str, value: object, accepted: str) -> InvalidError:
    return InvalidError(
        f"There is no {field} {value!r} of a list.",
        field=field,
        value=value,
        accepted=accepted,
        cure=f"Use {accepted}.",
    )
