"""Migrations: numbered steps of the layout, each with its way back."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

from cellissimo_server.store.database import Connection, Database
from cellissimo_server.store.errors import BehindError, NewerError, StoreError

T = TypeVar("T")

FOLDER = Path(__file__).parent / "sql"
"""Where the numbered files are."""

COMMAND = "cellissimo migrate"
"""What an administrator runs where the server may not migrate by itself."""

_CREATE = """CREATE TABLE IF NOT EXISTS schema_migrations (
  number BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)"""


class Migratable(Database, Protocol):
    """A database whose layout can be changed."""

    async def lay_out(self, work: Callable[[Connection], T]) -> T:
        """What ``work`` gives, run with nobody beside it, once it is safe on disk."""
        ...

    async def back_up(self, note: str) -> Path | None:
        """A copy beside the database, named with ``note``; None where that is not ours to do."""
        ...


@dataclass(frozen=True, slots=True)
class Migration:
    """One step: the SQL of its way there and of its way back."""

    number: int
    name: str
    up: str
    down: str


def migrations(folder: Path = FOLDER) -> list[Migration]:
    """All steps that this version knows, in order.

    Raises:
        StoreError: a number is missing, or a step has no way back.
    """
    found = [_read(path) for path in sorted(folder.glob("*.up.sql"))]
    if [step.number for step in found] != list(range(1, len(found) + 1)):
        raise StoreError(
            f"The migrations in {folder} are not numbered 1, 2, 3 …",
            cure="Install cellissimo anew: its files are not complete.",
        )
    return found


def _read(path: Path) -> Migration:
    match = re.fullmatch(r"(\d{4})_(\w+)\.up\.sql", path.name)
    down = path.with_name(path.name.replace(".up.sql", ".down.sql"))
    if match is None or not down.exists():
        raise StoreError(
            f"The migration {path.name} has no way back, or no number of four digits.",
            cure="Install cellissimo anew: its files are not complete.",
        )
    return Migration(int(match[1]), match[2], path.read_text("utf-8"), down.read_text("utf-8"))


async def upgrade(
    database: Migratable, now: int, *, refuse: bool = False, folder: Path = FOLDER
) -> list[str]:
    """Bring a database to this version's layout; the names of the steps that were run.

    A database with rows in it is copied first. With ``refuse``, nothing is changed.

    Raises:
        NewerError: the database is of a newer version.
        BehindError: ``refuse``, and there are steps to run.
    """
    known = migrations(folder)
    applied = await database.read(applied_steps)
    _check_known(applied, known)
    waiting = [step for step in known if step.number not in applied]
    if waiting and refuse:
        raise BehindError(
            f"The database lacks the migrations {', '.join(map(_label, waiting))}.",
            cure=f"Make a backup, run '{COMMAND}', then start the server again.",
        )
    if waiting and applied:
        await database.back_up(f"before-{_label(waiting[-1])}")
    for step in waiting:
        await database.lay_out(partial(_go_up, step, now))
    return [_label(step) for step in waiting]


async def downgrade(database: Migratable, to: int, *, folder: Path = FOLDER) -> list[str]:
    """Take a database back to step ``to`` (0: no tables at all); the names of what was undone.

    What only the newer layout could hold is lost, so the database is copied first.

    Raises:
        NewerError: the database is of a newer version, whose way back only that version knows.
    """
    known = migrations(folder)
    applied = await database.read(applied_steps)
    _check_known(applied, known)
    undone = [step for step in reversed(known) if step.number in applied and step.number > to]
    if undone:
        await database.back_up(f"before-undoing-{_label(undone[-1])}")
    for step in undone:
        await database.lay_out(partial(_go_down, step))
    return [_label(step) for step in undone]


def applied_steps(db: Connection) -> list[int]:
    """The numbers of the steps that a database has."""
    sql = (
        "SELECT COUNT(*) FROM information_schema.tables "
        "WHERE table_schema = CURRENT_SCHEMA() AND table_name = 'schema_migrations'"
    )
    if not db.row(int, sql):
        return []
    return db.rows(int, "SELECT number FROM schema_migrations ORDER BY number")


def _check_known(applied: list[int], known: list[Migration]) -> None:
    newest = len(known)
    if applied and applied[-1] > newest:
        raise NewerError(
            f"The database has migration {applied[-1]}; this version of cellissimo knows {newest}.",
            cure="Install the newer cellissimo, or put the backup from before its migration back.",
        )


def _go_up(step: Migration, now: int, db: Connection) -> None:
    db.run(_CREATE)
    if step.number in applied_steps(db):
        return  # another server was quicker
    db.run(step.up)
    sql = "INSERT INTO schema_migrations (number, name, applied_at) VALUES (?, ?, ?)"
    db.run(sql, step.number, step.name, now)


def _go_down(step: Migration, db: Connection) -> None:
    if step.number in applied_steps(db):
        db.run(step.down)
        db.run("DELETE FROM schema_migrations WHERE number = ?", step.number)


def _label(step: Migration) -> str:
    return f"{step.number:04}_{step.name}"
