"""Columns, and reading them from whatever holds a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, is_dataclass
from typing import Any, cast

import numpy as np

from cellissimo.domain.errors import CellissimoError

Column = np.ndarray[Any, np.dtype[Any]]

_CURE = (
    "Give a pandas DataFrame, a DuckDB relation, a dict of columns, a list of records (dicts) or "
    "a NumPy structured array."
)


class TableError(CellissimoError):
    """A table without a column that is needed, or with a value that is out of range."""


def read_columns(source: object) -> dict[str, Column]:
    """The columns of a table of any kind, by name.

    A pandas (or other) data frame, a DuckDB relation, a mapping of columns, an iterable of
    records (mappings or dataclasses), a NumPy structured array.

    Raises:
        TableError: it is none of them, or its columns differ in length.
    """
    found = _read(source)
    lengths = {name: len(column) for name, column in found.items()}
    if len(set(lengths.values())) > 1:
        shown = ", ".join(f"{name} has {length}" for name, length in lengths.items())
        raise TableError(f"The columns differ in length: {shown}. Give as many values in each.")
    return found


def _read(source: object) -> dict[str, Column]:
    if hasattr(source, "fetchnumpy"):
        return _of_mapping(source.fetchnumpy())
    if isinstance(source, np.ndarray) and source.dtype.names:
        return {name: _column(source[name]) for name in source.dtype.names}
    if isinstance(source, Mapping):
        return _of_mapping(source)
    if hasattr(source, "columns") and hasattr(source, "__getitem__"):
        return {str(name): _column(source[name]) for name in source.columns}
    if isinstance(source, Iterable) and not isinstance(source, str | bytes | np.ndarray):
        return _of_records(source)
    raise TableError(f"{type(source).__name__} {source!r:.60} is no table. {_CURE}")


def _of_mapping(source: Mapping[str, object]) -> dict[str, Column]:
    return {str(name): _column(values) for name, values in source.items()}


def _of_records(source: Iterable[object]) -> dict[str, Column]:
    records = [_record(item) for item in source]
    names = dict.fromkeys(name for record in records for name in record)
    return {name: _column([record.get(name) for record in records]) for name in names}


def _record(item: object) -> Mapping[str, object]:
    if is_dataclass(item) and not isinstance(item, type):
        return asdict(item)
    if isinstance(item, Mapping):
        return item
    raise TableError(f"{item!r:.60} is no record. {_CURE}")


def _column(values: object) -> Column:
    if isinstance(values, np.ma.MaskedArray):  # DuckDB's NULL
        values = values.astype(object).tolist()
    is_mixed = isinstance(values, list | tuple) and any(isinstance(v, str) for v in values)
    array: Column = np.asarray(values, object) if is_mixed else np.asarray(values)
    if array.ndim != 1:
        raise TableError(f"a column has {array.ndim} dimensions; give a list of values")
    return array


def numbers(column: Column, what: str) -> Column:
    """The column as float64; what is missing (None, NaN) is NaN.

    Raises:
        TableError: a value is no number; the message names it and its row.
    """
    if column.dtype.kind in "iuf":
        return column.astype(np.float64)
    return np.array([_number(value, row, what) for row, value in enumerate(column)], np.float64)


def _number(value: object, row: int, what: str) -> float:
    if value is None or type(value).__name__ in {"NAType", "NaTType"}:  # of pandas
        return float("nan")
    try:
        return float(cast("float", value))
    except (TypeError, ValueError):
        raise TableError(f"{what} in row {row} is {value!r}; give a number") from None


def whole(column: Column, low: int, high: int, what: str) -> Column:
    """The column as int64 from ``low`` to ``high``, halves rounded up.

    Raises:
        TableError: a value is missing or out of range; the message names the first and its row.
    """
    found: Column = np.floor(within(column, low, high, what) + 0.5).astype(np.int64)
    return found


def within(column: Column, low: float, high: float, what: str) -> Column:
    """The column as float64 from ``low`` to ``high``.

    Raises:
        TableError: a value is missing or out of range; the message names the first and its row.
    """
    values = numbers(column, what)
    wrong = np.flatnonzero(~((values >= low) & (values <= high)))
    if wrong.size:
        value, row = values[wrong[0]], int(wrong[0])
        raise TableError(f"{what} in row {row} is {value:g}; it can be from {low:g} to {high:g}")
    return values


def words(column: Column) -> Column:
    """The column as texts; what is missing is the empty text."""
    shown = [value if isinstance(value, str) else "" for value in column.tolist()]
    return text_column(shown)


def text_column(values: Iterable[str]) -> Column:
    """Texts as a column of objects, which pandas and DuckDB read as texts."""
    listed = list(values)
    column = np.empty(len(listed), object)
    column[:] = listed
    return column
