"""A server for other processes: ``python -m tests.server.serve FOLDER [name=value …]``.

It prints one line of JSON with its address, answers every line that comes with how many tasks it
has under way, and stops when its standard input is closed.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from tests.server.running import running


def main(folder: str, *settings: str) -> None:
    """Serve from ``folder``, whose database is a file, until nobody listens any more."""
    usual = {"database_url": "", "reads_per_hour": 10**6, "writes_per_hour": 10**6}
    named = (setting.split("=", 1) for setting in settings)
    given = {name: int(value) if value.isdecimal() else value for name, value in named}
    with running(Path(folder), frozen=False, **usual | given) as server:
        sys.stdout.write(json.dumps({"url": server.url}) + "\n")
        sys.stdout.flush()
        for _ in sys.stdin:
            sys.stdout.write(f"{server.run(_tasks())}\n")
            sys.stdout.flush()


async def _tasks() -> int:
    return len(asyncio.all_tasks()) - 1


if __name__ == "__main__":
    main(*sys.argv[1:])
