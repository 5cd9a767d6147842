"""A table whose rows are a dataclass: the statements that all nouns have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any, ClassVar, Generic, Protocol, TypeVar, cast

from cellissimo_server.errors import ChangedError
from cellissimo_server.store.database import Connection, Plain
from cellissimo_server.store.paging import Found, Order, Paging


class Row(Protocol):
    """A frozen dataclass with one field a column, in the table's order."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


R = TypeVar("R", bound=Row)


class Table(Generic[R]):
    """Statements about one table.

    ``where`` is SQL with ``?`` for values; it is written in this folder and never comes from
    outside. Columns are named by the fields of ``kind``.
    """

    def __init__(self, name: str, kind: type[R], key: tuple[str, ...] = ("id",)) -> None:
        """The table ``name``, whose rows are ``kind`` and whose primary key is ``key``."""
        self.name = name
        self.kind = kind
        self.key = key
        self.columns = tuple(field.name for field in fields(kind))
        self._select = f"SELECT {', '.join(self.columns)} FROM {name}"  # noqa: S608

    def insert(self, db: Connection, row: R) -> None:
        """Add a row.

        Raises:
            ExistsError: there is one with this key.
        """
        self.insert_all(db, [row])

    def insert_all(self, db: Connection, rows: Sequence[R]) -> None:
        """Add rows with one statement.

        Raises:
            ExistsError: one of them is there already, and none was added.
        """
        db.insert_many(self.name, self.columns, [self._values(row) for row in rows])

    def find(self, db: Connection, where: str, *values: Plain) -> list[R]:
        """The rows of a condition, which may end with ORDER BY and LIMIT."""
        return db.rows(self.kind, f"{self._select} WHERE {where}", *values)

    def first(self, db: Connection, where: str, *values: Plain) -> R | None:
        """The first row of a condition."""
        return db.row(self.kind, f"{self._select} WHERE {where}", *values)

    def any_of(self, db: Connection, column: str, values: Iterable[str]) -> list[R]:
        """The rows whose column is one of ``values``."""
        wanted = list(dict.fromkeys(values))
        if not wanted:
            return []
        return self.find(db, f"{column} IN ({', '.join('?' * len(wanted))})", *wanted)

    def count(self, db: Connection, where: str, *values: Plain) -> int:
        """How many rows a condition has."""
        return counted(db, f"SELECT COUNT(*) FROM {self.name} WHERE {where}", *values)  # noqa: S608

    def set(self, db: Connection, changes: Mapping[str, object], where: str, *values: Plain) -> int:
        """Set columns of the rows of a condition; gives how many there were."""
        assigned = ", ".join(f"{column} = ?" for column in changes)
        sql = f"UPDATE {self.name} SET {assigned} WHERE {where}"  # noqa: S608
        return db.run(sql, *cast("Iterable[Plain]", changes.values()), *values)

    def change(
        self, db: Connection, row: R, rev: int | None, changes: Mapping[str, object], what: str
    ) -> R | None:
        """Set columns of ``row``, and count its ``rev`` up; gives the row as it is then.

        ``rev`` is the revision that the change was made for, None for whichever is there. None
        comes back where the row is gone.

        Raises:
            ChangedError: the row has another ``rev`` by now; it tells both values.
        """
        where, key = self._key(row)
        now = self.first(db, where, *key)
        if now is None:
            return None
        if rev is not None and rev != revision_of(now):
            theirs = {column: getattr(now, column) for column in changes}
            raise ChangedError(what, yours=dict(changes), theirs=theirs)
        self.set(db, {**changes, "rev": revision_of(now) + 1}, where, *key)
        return self.first(db, where, *key)

    def delete(self, db: Connection, where: str, *values: Plain) -> int:
        """Delete the rows of a condition; gives how many there were."""
        return db.run(f"DELETE FROM {self.name} WHERE {where}", *values)  # noqa: S608

    def page(
        self,
        db: Connection,
        where: str,
        values: Sequence[Plain],
        order: Order,
        paging: Paging,
    ) -> Found[R]:
        """One page of the rows of a condition, by number or after a row of the page before."""
        total = self.count(db, where, *values)
        limited = f"ORDER BY {order.sql} LIMIT ? OFFSET ?"
        beyond, start = order.after(paging)
        rows = self.find(
            db,
            f"({where}){beyond} {limited}",
            *values,
            *start,
            paging.limit + 1,
            paging.offset,
        )
        return Found.of(rows, total, order, paging)

    def _values(self, row: R) -> list[Plain]:
        return [getattr(row, column) for column in self.columns]

    def _key(self, row: R) -> tuple[str, list[Plain]]:
        where = " AND ".join(f"{column} = ?" for column in self.key)
        return where, [getattr(row, column) for column in self.key]


def revision_of(row: Row) -> int:
    """The ``rev`` of a row that has one."""
    found: int = getattr(row, "rev")  # noqa: B009 - not every row has one
    return found


def counted(db: Connection, sql: str, *values: Plain) -> int:
    """The one number that a statement gives; 0 for NULL."""
    return db.row(int_or_zero, sql, *values) or 0


def int_or_zero(value: int | None) -> int:
    """A number out of SQL, where SUM of nothing is NULL."""
    return int(value or 0)
