"""One worker: ``python -m cellissimo_server.workers <folder>``.

The folder holds ``task.json``: what to call, its arguments and its walls. The worker leaves
``progress`` while it works and ``answer.json`` when it is done; files it makes stay in the folder.
"""

from __future__ import annotations

import errno
import importlib
import json
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cellissimo_server.workers import sandbox
from cellissimo_server.workers.refused import RefusedError

Answer = dict[str, Any]

MB = 1_000_000


def main(folder: Path) -> int:
    """Do the task of a folder; 0 where there is an answer, also where that is a no."""
    sandbox.die_with_parent()
    task = json.loads((folder / "task.json").read_text("utf-8"))
    walls = sandbox.Walls(**task["walls"])
    no_network = sandbox.leave_network()
    module, _, name = task["work"].partition(":")
    sandbox.limit(walls)
    work = getattr(importlib.import_module(module), name)
    held = sandbox.close(folder) | ({"network"} if no_network else set())
    answer = _answer(lambda: work(folder, task["arguments"], _reporter(folder)), walls)
    _leave(folder / "answer.json", json.dumps(answer | {"walls": sorted(held)}))
    return 0


def _answer(work: Callable[[], Answer], walls: sandbox.Walls) -> Answer:
    """What the work gave, or why it cannot be done; an error of ours is neither, and raised."""
    from cellissimo.domain.errors import CellissimoError  # noqa: PLC0415 - light, but late

    try:
        return {"result": work()}
    except RefusedError as error:
        return _no(error)
    except CellissimoError as error:
        return _no(RefusedError(str(error), cure="Change the file and send it again."))
    except MemoryError:
        return _no(_too_much(f"{walls.memory // MB} MB of memory"))
    except OSError as error:
        if error.errno == errno.EFBIG:
            return _no(_too_much(f"{walls.file_bytes // MB} MB when it is decoded"))
        raise


def _too_much(what: str) -> RefusedError:
    return RefusedError(
        f"This needs more than {what}.",
        cure="Split it into shorter pieces.",
        code="too-large",
    )


def _no(error: RefusedError) -> Answer:
    return {"refused": {"message": error.message, "cure": error.cure, "code": error.code}}


def _reporter(folder: Path) -> Callable[[float], None]:
    """A function that takes how much is done, 0 … 1."""

    def report(done: float) -> None:
        _leave(folder / "progress", f"{done:.4f}")

    return report


def _leave(path: Path, text: str) -> None:
    """Write a file that is read by somebody else while this goes on."""
    unfinished = path.with_suffix(".part")
    unfinished.write_text(text, "utf-8")
    unfinished.replace(path)


if __name__ == "__main__":
    try:
        sys.exit(main(Path(sys.argv[1]).resolve()))
    except Exception:  # noqa: BLE001 - the supervisor reads it where the worker's output goes
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
