"""One piece of work in a process of its own, watched until it is over.

This runs wherever the executor runs things: in a process of a pool, in a thread, on another machine
that sees the same folder. It only starts the worker, waits, and ends it when its time is up or
somebody cancels; so nothing that a worker does can harm what watches it.
"""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

_PASSED_ON = ("PATH", "LANG", "LC_ALL", "PYTHONPATH", "SYSTEMROOT")
"""What a worker gets of the environment: no tokens, no addresses of databases."""

_SAID_AT_MOST = 2000
_POLL_S = 0.02


@dataclass(frozen=True, slots=True)
class Limits:
    """What one piece of work may use.

    ``seconds`` of time, whether it computes or not; ``memory`` and ``file_bytes`` in bytes;
    ``addresses``: whether ``memory`` limits addresses too.
    """

    seconds: float
    memory: int
    file_bytes: int
    addresses: bool = True


@dataclass(frozen=True, slots=True)
class Task:
    """Work ``"module:function"`` on the files of ``folder``."""

    work: str
    folder: str
    arguments: Mapping[str, Any]
    limits: Limits


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it ended: "done", "refused", "crashed", "late" or "cancelled".

    ``value`` is the result, or the refusal's message, cure and code; ``said`` is what a worker that
    crashed left, for the log.
    """

    how: str
    value: Mapping[str, Any] = field(default_factory=dict)
    said: str = ""


def supervise(task: Task) -> Outcome:
    """Do a task in a fresh process; gives how it ended, and raises nothing about the work."""
    folder = Path(task.folder)
    _write_task(folder, task)
    with (folder / "said").open("wb") as said:
        worker = _start(folder, said.fileno())
        how = _wait(worker, folder / "cancel", time.monotonic() + task.limits.seconds)
    return _outcome(how, worker.returncode, folder)


def cancel(folder: Path) -> None:
    """Have the work in this folder ended."""
    if folder.is_dir():
        (folder / "cancel").touch()


def progress_of(folder: Path) -> float:
    """How much of the work in this folder is done, 0 … 1."""
    try:
        said = float((folder / "progress").read_text("utf-8"))
    except (OSError, ValueError):
        return 0.0
    return min(max(said, 0.0), 1.0) if math.isfinite(said) else 0.0


def _write_task(folder: Path, task: Task) -> None:
    walls = asdict(task.limits) | {"seconds": int(task.limits.seconds) + 1}
    content = {"work": task.work, "arguments": dict(task.arguments), "walls": walls}
    (folder / "answer.json").unlink(missing_ok=True)
    (folder / "task.json").write_text(json.dumps(content), "utf-8")


def _start(folder: Path, said: int) -> subprocess.Popen[bytes]:
    own = {"HOME": str(folder), "TMPDIR": str(folder), "TEMP": str(folder), "TMP": str(folder)}
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    single = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    return subprocess.Popen(  # noqa: S603 - our own module, and a folder that we made
        [sys.executable, "-P", "-m", "cellissimo_server.workers", str(folder)],
        cwd=folder,
        env=kept | single | own | {"PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.DEVNULL,
        stdout=said,
        stderr=said,
        start_new_session=True,
    )


def _wait(worker: subprocess.Popen[bytes], cancelled: Path, deadline: float) -> str:
    """Wait for the end of a worker, or bring it about; gives "over", "late" or "cancelled"."""
    while True:
        try:
            worker.wait(_POLL_S)
        except subprocess.TimeoutExpired:
            how = "cancelled" if cancelled.exists() else "late"
            if how == "cancelled" or time.monotonic() > deadline:
                _end(worker)
                return how
        else:
            return "over"


def _end(worker: subprocess.Popen[bytes]) -> None:
    """End a worker, and whatever it may have started."""
    if hasattr(os, "killpg"):
        os.killpg(worker.pid, signal.SIGKILL)
    else:
        worker.kill()
    worker.wait()


def _outcome(how: str, code: int, folder: Path) -> Outcome:
    if how != "over":
        return Outcome(how)
    try:
        answer = json.loads((folder / "answer.json").read_text("utf-8"))
    except (OSError, ValueError):
        return Outcome(_ended_by(code), said=_said(folder / "said"))
    if "refused" in answer:
        return Outcome("refused", answer["refused"])
    return Outcome("done", answer["result"])


def _ended_by(code: int) -> str:
    is_late = hasattr(signal, "SIGXCPU") and code == -signal.SIGXCPU
    return "late" if is_late else "crashed"


def _said(path: Path) -> str:
    """The end of what a worker has printed."""
    content = path.read_bytes()[-_SAID_AT_MOST:]
    return content.decode("utf-8", "replace").strip()
