"""The server's commands of the command line: ``cellissimo backup | restore | migrate | downgrade``.

They come to ``cellissimo`` by the entry points ``cellissimo.commands``.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from jupyter_core.paths import jupyter_data_dir

from cellissimo_server.backup import Backup, back_up, put_back
from cellissimo_server.errors import RefusalError
from cellissimo_server.store import administration
from cellissimo_server.store.errors import StoreError
from cellissimo_server.store.opening import is_server

FINE, WRONG = 0, 2

Command = Callable[[argparse.Namespace], int]


def add_backup(commands: Any) -> None:  # noqa: ANN401 - argparse has no public type for it
    """``cellissimo backup TARGET``."""
    words = "Back up a server's data, while it runs or not; the copy is opened and read through."
    parser = _parser(commands, "backup", _backup, words)
    parser.add_argument("target", type=Path, help="a new folder, or a new file that ends in .zip")


def add_restore(commands: Any) -> None:  # noqa: ANN401 - see above
    """``cellissimo restore SOURCE``."""
    words = "Put a backup back into a data folder on which no server runs."
    parser = _parser(commands, "restore", _restore, words)
    parser.add_argument("source", type=Path, help="what `cellissimo backup` made")
    parser.add_argument("--force", action="store_true", help="move a database there aside")


def add_migrate(commands: Any) -> None:  # noqa: ANN401 - see above
    """``cellissimo migrate``."""
    words = "Bring the layout of a server's database up to this version; it is copied first."
    _parser(commands, "migrate", _migrate, words)


def add_downgrade(commands: Any) -> None:  # noqa: ANN401 - see above
    """``cellissimo downgrade NUMBER``."""
    words = "Take the layout of a server's database back, for an older version of cellissimo."
    parser = _parser(commands, "downgrade", _downgrade, words)
    parser.add_argument("to", type=int, help="the number of the last migration that stays")


def _parser(
    commands: Any,  # noqa: ANN401 - see above
    name: str,
    run: Command,
    words: str,
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=words, description=words)
    parser.set_defaults(command=run)
    parser.add_argument("--json", action="store_true", help="say it as JSON")
    parser.add_argument(
        "--data",
        type=Path,
        default=Path(os.environ.get("CELLISSIMO_DATA") or Path(jupyter_data_dir()) / "cellissimo"),
        help="the server's data folder, as in CellissimoApp.data (%(default)s)",
    )
    return parser


def _backup(given: argparse.Namespace) -> int:
    def copy() -> Backup:
        _refuse_elsewhere()
        return back_up(given.data, given.target)

    return _told(given, copy)


def _restore(given: argparse.Namespace) -> int:
    def put() -> Backup:
        _refuse_elsewhere()
        now = time.time_ns() // 1_000_000
        return put_back(given.source, given.data, now, force=given.force)

    return _told(given, put)


def _refuse_elsewhere() -> None:
    """What is not in the data folder is not ours to copy."""
    if is_server(os.environ.get("CELLISSIMO_DATABASE_URL", "")):
        raise StoreError(
            "The database is PostgreSQL's.",
            cure="Use pg_dump and pg_restore, and copy the blobs as the guide says.",
        )
    if os.environ.get("CELLISSIMO_BLOBS_URL"):
        raise StoreError(
            "The blobs are in an S3 store.",
            cure="Copy its bucket with its own tools; unset CELLISSIMO_BLOBS_URL to copy the rest.",
        )


def _told(given: argparse.Namespace, work: Callable[[], Backup]) -> int:
    try:
        done = work()
    except RefusalError as error:
        return _complain(f"{error} {error.cure}")
    words = json.dumps(asdict(done)) if given.json else str(done)
    print(words)  # noqa: T201 - it is the output
    return FINE


def _migrate(given: argparse.Namespace) -> int:
    return administration.main([*_store(given), "migrate"])


def _downgrade(given: argparse.Namespace) -> int:
    return administration.main([*_store(given), "downgrade", str(given.to)])


def _store(given: argparse.Namespace) -> list[str]:
    return ["--store", os.environ.get("CELLISSIMO_DATABASE_URL") or str(given.data)]


def _complain(words: str) -> int:
    print(f"cellissimo: {words}", file=sys.stderr)  # noqa: T201 - it is the output
    return WRONG
