"""Landlock: from here on this process sees no file but those it was given (Linux 5.13 on).

Unlike Python's audit hooks, the kernel enforces this on native code too.
Source: Linux, Documentation/userspace-api/landlock.rst.
"""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterable
from pathlib import Path

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_NO_NEW_PRIVILEGES = 38
_BENEATH = 1

_READ = 1 << 2 | 1 << 3
"""Reading files and listing folders."""

_TRUNCATE_SINCE = 3
_NETWORK_SINCE = 4


def is_there() -> bool:
    """Whether this kernel has it."""
    return _version() > 0


def confine(readable: Iterable[Path], writable: Iterable[Path]) -> None:
    """Let this process read below ``readable`` and do anything below ``writable``; nothing else.

    Connecting and listening by TCP end too, where the kernel knows how (6.7 on).

    Raises:
        OSError: the kernel refused; nothing is confined.
    """
    version = _version()
    everything = _rights(version)
    network = 3 if version >= _NETWORK_SINCE else 0
    attributes = struct.pack("QQ" if network else "Q", *[everything, network][: 1 + bool(network)])
    rules = _call(_CREATE_RULESET, attributes, len(attributes), 0)
    try:
        for path in readable:
            _allow(rules, path, _READ | 1)  # 1: execute, which loading libraries may need
        for path in writable:
            _allow(rules, path, everything)
        _libc().prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        _call(_RESTRICT_SELF, rules, 0)
    finally:
        os.close(rules)


def _rights(version: int) -> int:
    """All rights over files that this version knows; the first had 13."""
    known = 13 + (version >= 2) + (version >= _TRUNCATE_SINCE) + (version >= 5)
    return (1 << known) - 1


def _allow(rules: int, path: Path, rights: int) -> None:
    """Allow ``rights`` below a path; what is not there needs no rule."""
    try:
        number = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        held = rights if path.is_dir() else rights & (1 | 1 << 1 | 1 << 2)
        _call(_ADD_RULE, rules, _BENEATH, struct.pack("=Qi", held, number), 0)
    finally:
        os.close(number)


def _version() -> int:
    try:
        return _call(_CREATE_RULESET, None, 0, 1)
    except (OSError, AttributeError):
        return 0


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _call(number: int, *values: object) -> int:
    found: int = _libc().syscall(number, *values)
    if found < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return found
