"""Work that tests give to workers: good, slow, hungry, broken and hostile."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cellissimo_server.workers.refused import RefusedError

Report = Callable[[float], None]
Given = dict[str, Any]


def double(folder: Path, given: Given, report: Report) -> Given:
    """Twice a number, and a file that says so."""
    report(0.5)
    (folder / "made").write_text(str(2 * given["number"]))
    return {"number": 2 * given["number"]}


def refuse(folder: Path, given: Given, report: Report) -> Given:
    """Say no."""
    raise RefusedError("This is nothing.", cure="Send something.", code="unsupported-type")


def fail(folder: Path, given: Given, report: Report) -> Given:
    """Have a fault of its own."""
    raise ZeroDivisionError("a fault of ours")


def crash(folder: Path, given: Given, report: Report) -> Given:
    """End as native code ends that reads where nothing is."""
    os.kill if False else ctypes  # noqa: B018 - both are loaded before the walls are closed
    signal.raise_signal(signal.SIGSEGV)
    return {}


def crash_once(folder: Path, given: Given, report: Report) -> Given:
    """Crash the first time, as told by a file that stays."""
    if given["attempt"] == 1:
        signal.raise_signal(signal.SIGSEGV)
    return {"attempt": given["attempt"]}


def wait(folder: Path, given: Given, report: Report) -> Given:
    """Wait until somebody lets it go on, by a file."""
    report(0.25)
    while not (folder / "go").exists():
        time.sleep(0.01)
    return {}


def spin(folder: Path, given: Given, report: Report) -> Given:
    """Use the processor for ever."""
    while True:
        pass


def hoard(folder: Path, given: Given, report: Report) -> Given:
    """Use more memory than there is."""
    return {"size": len(bytearray(given["bytes"]))}


def fill(folder: Path, given: Given, report: Report) -> Given:
    """Write a file that is too long."""
    with (folder / "long").open("wb") as file:
        while True:
            file.write(bytes(1 << 20))


def tried(folder: Path, given: Given, report: Report) -> Given:
    """What of a list of forbidden things worked."""
    assert Path(given["given"]).read_bytes() == b"to be read"
    return {"worked": [name for name, attempt in _ATTEMPTS.items() if _works(attempt, given)]}


def _works(attempt: Callable[[Given], object], given: Given) -> bool:
    try:
        attempt(given)
    except OSError:
        return False
    return True


_ATTEMPTS: dict[str, Callable[[Given], object]] = {
    "connect": lambda given: socket.create_connection(("127.0.0.1", given["port"]), timeout=2),
    "run a program": lambda _: subprocess.run(["true"], check=False),
    "fork": lambda _: os.fork(),
    "read a secret": lambda given: Path(given["secret"]).read_text(),
    "read a secret by native code": lambda given: _natively_read(given["secret"]),
    "write beside": lambda given: Path(given["secret"] + ".new").write_text("x"),
    "change what is given to be read": lambda given: Path(given["given"]).write_bytes(b"changed"),
    "change it by native code": lambda given: _natively_opened(given["given"], os.O_RDWR),
    "kill": lambda _: os.kill(os.getppid(), 0),
    "load a library": lambda _: ctypes.CDLL(None),
}

_LIBC = ctypes.CDLL(None, use_errno=True)


def _natively_read(path: str) -> None:
    _natively_opened(path, os.O_RDONLY)


def _natively_opened(path: str, flags: int) -> None:
    number = _LIBC.open(path.encode(), flags)
    if number < 0:
        raise OSError(ctypes.get_errno(), path)


def environment(folder: Path, given: Given, report: Report) -> Given:
    """What the worker sees of the environment."""
    return {"names": sorted(os.environ)}
