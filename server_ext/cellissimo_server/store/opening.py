"""Opening a database by where it is."""

from __future__ import annotations

from pathlib import Path

from cellissimo_server.store.errors import StoreError
from cellissimo_server.store.migrations import Migratable

FILE_NAME = "cellissimo.duckdb"
"""The file of the embedded database in its folder."""


def open_database(where: str | Path) -> Migratable:
    """The database at ``where``; run ``migrations.upgrade`` before anything else.

    ``memory:`` keeps nothing; a folder or a file is the embedded database; ``postgresql://…`` is
    a server's.

    Raises:
        StoreError: it cannot be opened; the message says what to do.
    """
    place = str(where)
    if is_server(place):
        return _postgres(place)
    file = file_of(place)
    from cellissimo_server.store.duckdb import DuckDatabase  # noqa: PLC0415 - 25 MB, not for idling

    if file is None:
        return DuckDatabase.in_memory()
    file.parent.mkdir(parents=True, exist_ok=True)
    return DuckDatabase(file)


def file_of(where: str | Path) -> Path | None:
    """The file of an embedded database; None where it has none.

    Raises:
        StoreError: no kind of database is written like that.
    """
    folder = folder_of(where)
    if folder is None:
        return None
    return folder / FILE_NAME if folder == Path(where) else Path(where)


def folder_of(where: str | Path) -> Path | None:
    """The folder that an embedded database lies in; None where it lies in none.

    Raises:
        StoreError: no kind of database is written like that.
    """
    place = str(where)
    if place == "memory:" or is_server(place):
        return None
    if "://" in place:
        raise StoreError(
            f"No database is known by {place.partition('://')[0]}://.",
            cure="Use memory:, a folder, or postgresql://user:password@host/name.",
        )
    return Path(place).parent if Path(place).suffix == ".duckdb" else Path(place)


def is_server(where: str) -> bool:
    """Whether a database belongs to a database server, rather than to one process at a time."""
    return where.startswith(("postgresql://", "postgres://"))


def _postgres(url: str) -> Migratable:
    try:
        from cellissimo_server.store.postgres import PostgresDatabase  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise StoreError(
            "PostgreSQL needs psycopg, which is not installed.",
            cure="Run: pip install 'cellissimo[postgres]'",
        ) from error
    return PostgresDatabase(url)
