"""What a server leaves beside a database that it closed in order: nothing waits in there.

The next server need not look into that file before somebody asks for it. A killed server leaves no
note; one beside another file, or of another layout, is none.
"""

from __future__ import annotations

import json
from importlib import metadata
from pathlib import Path

from cellissimo_server.store.migrations import migrations

ENDING = ".closed"


def leave(file: Path) -> None:
    """Say that ``file`` was closed in order; where that cannot be written, it is opened sooner."""
    try:
        note_of(file).write_text(json.dumps(_marks(file)), "utf-8")
    except OSError:
        note_of(file).unlink(missing_ok=True)


def forget(file: Path) -> None:
    """Take the note away: from now on ``file`` may change."""
    note_of(file).unlink(missing_ok=True)


def is_there(file: Path) -> bool:
    """Whether ``file`` is as it was closed, and this version reads it without a change."""
    try:
        noted = json.loads(note_of(file).read_text("utf-8"))
        return bool(noted == _marks(file)) and not _log_of(file).exists()
    except (OSError, ValueError):
        return False


def note_of(file: Path) -> Path:
    """Where the note lies."""
    return file.with_suffix(ENDING)


def _log_of(file: Path) -> Path:
    return file.with_name(file.name + ".wal")


def _marks(file: Path) -> dict[str, object]:
    """What tells a file from another one, or from the same one after a change."""
    found = file.stat()
    return {
        "size": found.st_size,
        "changed": found.st_mtime_ns,
        "layout": [step.name for step in migrations()],
        "engine": metadata.version("duckdb"),
    }
