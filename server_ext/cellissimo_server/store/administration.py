"""What administrators do with a store while no server runs on it.

``python -m cellissimo_server.store migrate | downgrade | status | cut``
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from jupyter_core.paths import jupyter_data_dir

from cellissimo_server.errors import RefusalError
from cellissimo_server.store import journal_rows, migrations
from cellissimo_server.store.holding import Hold
from cellissimo_server.store.migrations import Migratable
from cellissimo_server.store.opening import folder_of, open_database


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0 where it was done, 2 where not, with one line on standard error."""
    given = _parser().parse_args(arguments)
    try:
        lines = asyncio.run(_perform(given))
    except (RefusalError, OSError) as error:
        cure = f" {error.cure}" if isinstance(error, RefusalError) else ""
        print(f"cellissimo: {error}{cure}", file=sys.stderr)  # noqa: T201 - it is the output
        return 2
    for line in lines:
        print(line)  # noqa: T201 - it is the output
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m cellissimo_server.store", description=__doc__)
    parser.add_argument(
        "--store",
        default=_usual_store(),
        help="a folder, a .duckdb file or postgresql://…; usually CELLISSIMO_DATABASE_URL, "
        "CELLISSIMO_DATA, or where the server of this user has it (%(default)s)",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("migrate", help="bring the layout up to this version")
    back = commands.add_parser("downgrade", help="take the layout back, for an older version")
    back.add_argument("to", type=int, help="the number of the last migration that stays")
    commands.add_parser("status", help="which migrations there are")
    cut = commands.add_parser("cut", help="put the end of a damaged document aside")
    cut.add_argument("document")
    cut.add_argument("revision", type=int, help="the first revision that goes")
    return parser


def _usual_store() -> str:
    given = os.environ.get("CELLISSIMO_DATABASE_URL") or os.environ.get("CELLISSIMO_DATA")
    return given or str(Path(jupyter_data_dir()) / "cellissimo")


async def _perform(given: argparse.Namespace) -> list[str]:
    now = time.time_ns() // 1_000_000
    folder = folder_of(given.store)
    hold = None if folder is None else Hold(folder, now)
    database = open_database(given.store)
    try:
        return await _COMMANDS[given.command](database, given, now)
    finally:
        await database.close()
        if hold is not None:
            hold.release()


async def _migrate(database: Migratable, _given: argparse.Namespace, now: int) -> list[str]:
    return [f"{step} is done" for step in await migrations.upgrade(database, now)]


async def _downgrade(database: Migratable, given: argparse.Namespace, _now: int) -> list[str]:
    return [f"{step} is undone" for step in await migrations.downgrade(database, given.to)]


async def _status(database: Migratable, _given: argparse.Namespace, _now: int) -> list[str]:
    applied = await database.read(migrations.applied_steps)
    return [
        f"{step.number:04} {step.name}: {'done' if step.number in applied else 'waiting'}"
        for step in migrations.migrations()
    ]


async def _cut(database: Migratable, given: argparse.Namespace, now: int) -> list[str]:
    doc, first = given.document, given.revision
    count = await database.write(partial(journal_rows.put_aside, doc=doc, first=first, now=now))
    return [f"{count} entries of {doc}, from revision {first} on, are in the table 'damaged'"]


_COMMANDS = {"migrate": _migrate, "downgrade": _downgrade, "status": _status, "cut": _cut}
