"""The walls around a worker: memory, time, files, folders, no network.

What holds depends on the system, and `close` says what it could do. Limits of memory, time, file
size and open files hold on Linux and macOS. A network namespace and Landlock hold on Linux, on
native code too. Python's audit hook holds everywhere, but only on Python code.
"""

from __future__ import annotations

import ctypes
import os
import sys
import sysconfig
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cellissimo_server.workers import landlock

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_DIE_WITH_PARENT = 1
_SIGKILL = 9

_FORBIDDEN = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "os.system",
    "os.kill",
    "ctypes.dlopen",  # the engine's host reads and writes memory by ctypes, and opens nothing
    "ctypes.dlsym",
    "pty.",
    "ftplib.",
    "smtplib.",
    "urllib.",
)
"""Audit events that no worker needs once it has begun."""


@dataclass(frozen=True, slots=True)
class Walls:
    """How much a worker may use.

    ``memory`` and ``file_bytes`` in bytes, ``seconds`` of processor time. ``addresses``: whether
    ``memory`` limits addresses too; the engine reserves far more of them than it uses.
    """

    memory: int
    seconds: int
    file_bytes: int
    addresses: bool = True


def die_with_parent() -> None:
    """Have the kernel end this process when its parent ends, however that happens (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, _SIGKILL, 0, 0, 0)


def leave_network() -> bool:
    """Move into a network with nobody in it; True where that worked (Linux, where allowed).

    To be called before there is a second thread.
    """
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None)
    return any(libc.unshare(way) == 0 for way in (_NEW_USER | _NEW_NETWORK, _NEW_NETWORK))


def limit(walls: Walls) -> None:
    """Set the limits that the system keeps for a process."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - not on Windows

    wanted = {
        "RLIMIT_CORE": 0,
        "RLIMIT_CPU": walls.seconds,
        "RLIMIT_FSIZE": walls.file_bytes,
        "RLIMIT_NOFILE": 64,
        "RLIMIT_DATA": walls.memory,
    }
    if walls.addresses:
        wanted["RLIMIT_AS"] = walls.memory
    for name, value in wanted.items():
        kind = getattr(resource, name, None)
        if kind is not None:
            _lower(kind, value)


def _lower(kind: int, value: int) -> None:
    """Set a limit, or leave the one that is lower already."""
    import resource  # noqa: PLC0415

    _, most = resource.getrlimit(kind)
    value = value if most == resource.RLIM_INFINITY else min(value, most)
    resource.setrlimit(kind, (value, value))


def close(folder: Path) -> frozenset[str]:
    """Shut this process in with ``folder``; gives what holds: "files", "hook"."""
    held = {"hook"}
    if sys.platform == "linux" and landlock.is_there():
        landlock.confine([*_libraries(), *_linked(folder)], [folder, Path("/dev/null")])
        held.add("files")
    sys.addaudithook(_hook(str(folder.resolve()) + os.sep))
    return frozenset(held)


def _libraries() -> list[Path]:
    """Where Python, its packages and the system's libraries are."""
    import cellissimo  # noqa: PLC0415 - a checkout keeps it outside of the packages
    import cellissimo_server  # noqa: PLC0415

    ours = [Path(module.__file__ or "").resolve().parents[1]
            for module in (cellissimo, cellissimo_server)]  # fmt: skip
    python = [Path(path) for path in sysconfig.get_paths().values()]
    prefixes = [Path(path) for path in (sys.prefix, sys.base_prefix)]
    system = [Path(path) for path in ("/usr/lib", "/lib", "/lib64", "/usr/share/zoneinfo")]
    device = [Path("/dev/urandom"), Path("/proc/self"), Path("/sys/devices/system/cpu")]
    return [*ours, *python, *prefixes, *system, *device]


def _linked(folder: Path) -> list[Path]:
    """What the folder has links to: files that are given to be read and not to be changed."""
    return [path.resolve() for path in folder.rglob("*") if path.is_symlink()]


def _hook(folder: str) -> Callable[[str, tuple[object, ...]], None]:
    def audit(event: str, given: tuple[object, ...]) -> None:
        if event.startswith(_FORBIDDEN):
            raise PermissionError(f"a worker may not do that: {event}")
        if event == "open" and _writes(given) and not _is_inside(given[0], folder):
            raise PermissionError("a worker writes into its folder alone")

    return audit


def _writes(given: tuple[object, ...]) -> bool:
    flags = given[2] if len(given) > 2 else 0
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


def _is_inside(path: object, folder: str) -> bool:
    if isinstance(path, int):
        return True
    return (os.path.realpath(os.fsdecode(path)) + os.sep).startswith(folder)  # type: ignore[arg-type]
