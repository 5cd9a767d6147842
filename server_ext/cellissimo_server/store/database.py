"""The port to a database: work is a function of a connection, run in one transaction.

A use case says what it does as a plain function and hands it over::

    piece = await database.read(lambda db: pieces.by_id(db, piece_id))
    await database.write(lambda db: shares.revoke(db, share_id, now))

Work never waits, keeps no state outside, and may run more than once: when a transaction that it
shared with others is taken back, or when two servers met on one row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

T = TypeVar("T")
R = TypeVar("R")

Plain = str | int | float | bool | bytes | None
"""What a column holds."""


class Connection(Protocol):
    """One open transaction. ``?`` stands for a value; SQL has no other, and no ``%``.

    What changes rows may run in ``Database.write`` alone. A statement that was refused ends the
    transaction: work that goes on after an error of the database has no effect.
    """

    def rows(self, kind: Callable[..., R], sql: str, *values: Plain) -> list[R]:
        """Each row as ``kind(*columns)``, in the order of the SELECT."""
        ...

    def row(self, kind: Callable[..., R], sql: str, *values: Plain) -> R | None:
        """The first row, or None."""
        ...

    def run(self, sql: str, *values: Plain) -> int:
        """Run an INSERT, UPDATE or DELETE; gives the number of rows it changed."""
        ...

    def insert_many(
        self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Plain]]
    ) -> None:
        """Insert all rows with one statement."""
        ...


class Database(Protocol):
    """Where rows are kept."""

    async def read(self, work: Callable[[Connection], T]) -> T:
        """What ``work`` gives, from one consistent state."""
        ...

    async def write(self, work: Callable[[Connection], T]) -> T:
        """What ``work`` gives, once all it changed is on disk. An error takes all of it back."""
        ...

    async def close(self) -> None:
        """Finish what was begun and let go of the files."""
        ...
