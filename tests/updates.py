"""Updates written by hand: what no replica of ours would send."""

from __future__ import annotations

import struct
from typing import Any

ROOT, NESTED = 1, 0


def number(value: int) -> bytes:
    """A number of variable length."""
    parts = bytearray()
    while value >= 0x80:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*parts, value])


def text(value: str) -> bytes:
    """A text behind its length."""
    encoded = value.encode()
    return number(len(encoded)) + encoded


def any_value(value: Any) -> bytes:
    """One plain value."""
    if value is None:
        return b"\x7e"
    if isinstance(value, bool):
        return b"\x78" if value else b"\x79"
    if isinstance(value, str):
        return b"\x77" + text(value)
    if isinstance(value, list):
        return b"\x75" + number(len(value)) + b"".join(map(any_value, value))
    return b"\x7b" + struct.pack(">d", value)


def under(parent: str | tuple[int, int], key: str | None) -> bytes:
    """Where an operation stands: the parent's name or id, and the key."""
    if isinstance(parent, str):
        found = number(ROOT) + text(parent)
    else:
        found = number(NESTED) + number(parent[0]) + number(parent[1])
    return found + (b"" if key is None else text(key))


def put(parent: str | tuple[int, int], key: str, value: Any) -> bytes:
    """A value under a key that was empty."""
    return b"\x28" + under(parent, key) + number(1) + any_value(value)


def replace(origin: tuple[int, int], value: Any) -> bytes:
    """A value in the place of an earlier one."""
    return b"\xa8" + number(origin[0]) + number(origin[1]) + number(1) + any_value(value)


def make(parent: str | tuple[int, int], key: str, kind: int = 1) -> bytes:
    """A shared type under a key: 1 is a map, 0 a list, 2 a text."""
    return b"\x27" + under(parent, key) + number(kind)


def update(
    structs: dict[int, tuple[int, list[bytes]]],
    deletes: dict[int, list[tuple[int, int]]] | None = None,
) -> bytes:
    """An update: by replica its first number and its operations, and what is deleted."""
    found = number(len(structs))
    for client, (clock, made) in structs.items():
        found += number(len(made)) + number(client) + number(clock) + b"".join(made)
    found += number(len(deletes or {}))
    for client, ranges in (deletes or {}).items():
        found += number(client) + number(len(ranges))
        for clock, length in ranges:
            found += number(clock) + number(length)
    return found
