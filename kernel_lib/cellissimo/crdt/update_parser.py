"""Updates of a document, read strictly before the CRDT library sees them [GATE-1 … GATE-6].

Only what our layout can write is accepted: plain values and maps under keys of maps, and
deletions. Everything is bounded, and nothing is skipped over. Reading costs O(bytes).
Source: Yjs 13.6, update format v1 (``encodeStateAsUpdate``).
"""

from __future__ import annotations

import math
import struct as binary
from typing import Any

from cellissimo.crdt import layout
from cellissimo.crdt.update import Id, Struct, Update, UpdateError
from cellissimo.crdt.update_depth import check_depth, check_parents

__all__ = ["Struct", "Update", "UpdateError", "parse_update", "state_of", "value_of"]

MOST_BYTES = 4_000_000
"""The largest update that is read."""

MOST_STRUCTS = 200_000
"""Operations of one update; a note is one."""

LONGEST_TEXT = 1000
"""Bytes of a key or of a text."""

LONGEST_LIST = 16
"""Values of a list; a step has five."""

MOST_NUMBER = (1 << 53) - 1
"""The largest id of a replica: what JavaScript counts exactly."""

MOST_CLOCK = (1 << 31) - 1
"""The largest number of an operation."""

_ROOTS = frozenset((layout.META, *layout.MUSIC))
_GC, _DELETED, _TYPE, _ANY, _SKIP = 0, 1, 7, 8, 10
_MAP = 1
_ORIGIN, _RIGHT, _KEYED = 0x80, 0x40, 0x20


def parse_update(data: bytes, *, most: int | None = MOST_BYTES) -> Update:
    """What an update says; ``most`` bytes are read, or as many as there are.

    Raises:
        UpdateError: it is no update, or says what no document of ours holds.
    """
    if most is not None and len(data) > most:
        raise UpdateError(f"the update has {len(data)} bytes; send at most {most} at once")
    reader = _Reader(data)
    try:
        found = Update()
        for _ in range(reader.count()):
            _read_client(reader, found, most is not None)
        _read_deletes(reader, found)
    except IndexError:
        raise UpdateError(f"the update of {len(data)} bytes is cut off") from None
    if reader.at != len(data):
        raise UpdateError(f"{len(data) - reader.at} bytes stand behind the end of the update")
    check_parents(found)
    check_depth(found)
    return found


def state_of(state: bytes) -> dict[int, int]:
    """How many operations of each replica a state vector has seen.

    Raises:
        UpdateError: it is no state vector.
    """
    reader = _Reader(state)
    try:
        found = {
            reader.number(MOST_NUMBER): reader.number(MOST_CLOCK) for _ in range(reader.count())
        }
    except IndexError:
        raise UpdateError(f"the state vector of {len(state)} bytes is cut off") from None
    if reader.at != len(state):
        raise UpdateError(f"{len(state) - reader.at} bytes stand behind the state vector")
    return found


class _Reader:
    """A place in bytes. Past their end it raises IndexError."""

    __slots__ = ("at", "data")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def byte(self) -> int:
        found = self.data[self.at]
        self.at += 1
        return found

    def number(self, most: int) -> int:
        """A number of variable length: seven bits a byte, low ones first, written shortly."""
        data, at = self.data, self.at
        value = data[at]
        at += 1
        if value >= 0x80:
            value, at = self._longer(value & 0x7F, at)
        self.at = at
        if value > most:
            raise UpdateError(f"the update has the number {value}, more than {most}")
        return value

    def _longer(self, value: int, at: int) -> tuple[int, int]:
        shift = 7
        while True:
            byte = self.data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                if byte == 0:
                    raise UpdateError("the update has a number that is written too long")
                return value, at
            shift += 7
            if shift > 49:
                raise UpdateError("the update has a number of more than 8 bytes")

    def count(self) -> int:
        """How many things follow; each takes a byte at least."""
        found = self.number(MOST_NUMBER)
        if found > len(self.data) - self.at:
            raise IndexError
        return found

    def take(self, length: int) -> bytes:
        end = self.at + length
        if end > len(self.data):
            raise IndexError
        found = self.data[self.at : end]
        self.at = end
        return found

    def text(self) -> str:
        length = self.number(MOST_NUMBER)
        if length > LONGEST_TEXT:
            raise UpdateError(f"a text has {length} bytes; it can have {LONGEST_TEXT}")
        try:
            found = self.take(length).decode()
        except UnicodeDecodeError:
            raise UpdateError("a text of the update is no UTF-8") from None
        if "\x00" in found:
            raise UpdateError("a text of the update holds a NUL")
        return found

    def id(self) -> Id:
        return self.number(MOST_NUMBER), self.number(MOST_CLOCK)


def _read_client(reader: _Reader, found: Update, is_bounded: bool) -> None:  # noqa: FBT001 - as asked
    count = reader.count()
    if is_bounded and count + sum(map(len, found.structs.values())) > MOST_STRUCTS:
        raise UpdateError(f"the update has {count} operations; send at most {MOST_STRUCTS} at once")
    client, clock = reader.id()
    if not count or client in found.structs:
        raise UpdateError(f"the update names replica {client} without need, or twice")
    structs: list[Struct] = []
    for _ in range(count):
        struct = _read_struct(reader, client, clock)
        clock = struct.end
        if clock > MOST_CLOCK:
            raise UpdateError(f"replica {client} counts up to {clock}, more than {MOST_CLOCK}")
        structs.append(struct)
    found.structs[client] = structs


def _read_struct(reader: _Reader, client: int, clock: int) -> Struct:
    info = reader.byte()
    if info == _GC:
        return Struct(client, clock, _length(reader), "gc")
    content = info & 0x1F
    if content not in (_ANY, _DELETED, _TYPE) or info & _RIGHT:
        raise UpdateError(_foreign(content))
    origin, parent, key = None, None, None
    if info & _ORIGIN:
        origin = reader.id()
    else:
        parent = _read_parent(reader)
        if not info & _KEYED:
            raise UpdateError("the update puts a value into a list; a document of ours has none")
        key = reader.text()
    if content == _ANY:
        values = _read_values(reader)
        return Struct(client, clock, len(values), "value", origin, parent, key, values)
    if content == _DELETED:
        return Struct(client, clock, _length(reader), "deleted", origin, parent, key)
    if reader.number(MOST_NUMBER) != _MAP:
        raise UpdateError("the update makes a list or a text; a document of ours has only maps")
    return Struct(client, clock, 1, "map", origin, parent, key)


def _length(reader: _Reader) -> int:
    length = reader.number(MOST_CLOCK)
    if not length:
        raise UpdateError("the update has an operation of no length")
    return length


def _foreign(content: int) -> str:
    if content == _SKIP:
        return "the update has a gap; send what is missing as well"
    return f"the update holds content of kind {content}; a document of ours has plain values"


def _read_parent(reader: _Reader) -> str | Id:
    is_root = reader.number(1)
    if not is_root:
        return reader.id()
    name = reader.text()
    if name not in _ROOTS:
        raise UpdateError(
            f"the update writes to {name!r}; a document has {', '.join(sorted(_ROOTS))}"
        )
    return name


def _read_values(reader: _Reader) -> tuple[bytes, ...]:
    """The bytes of each value of a run: a page that can undo keeps what it has overwritten."""
    count = reader.count()
    if count == 1:
        return (_read_value(reader),)
    if not count:
        raise UpdateError("the update has an operation of no length")
    return tuple([_read_value(reader) for _ in range(count)])


def _read_value(reader: _Reader) -> bytes:
    """The bytes of one plain value, or of a list of plain values."""
    start = reader.at
    _skip_value(reader, in_list=False)
    return reader.data[start : reader.at]


def _skip_value(reader: _Reader, *, in_list: bool) -> None:
    kind = reader.byte()
    if kind in (_NULL, _TRUE, _FALSE):
        return
    if kind == _TEXT:
        reader.text()
    elif kind == _INTEGER:
        _skip_integer(reader)
    elif kind in _FIXED:
        size, form = _FIXED[kind]
        if not math.isfinite(binary.unpack(form, reader.take(size))[0]):
            raise UpdateError("the update holds a number that is not finite")
    elif kind == _LIST and not in_list:
        count = reader.count()
        if count > LONGEST_LIST:
            raise UpdateError(f"a list has {count} values; it can have {LONGEST_LIST}")
        for _ in range(count):
            _skip_value(reader, in_list=True)
    else:
        raise UpdateError(f"the update holds a value of kind {kind}; write plain values")


_NULL, _INTEGER, _FALSE, _TRUE, _TEXT, _LIST = 126, 125, 121, 120, 119, 117
_FIXED = {124: (4, ">f"), 123: (8, ">d"), 122: (8, ">q")}


def _skip_integer(reader: _Reader) -> None:
    """A signed number: its first byte has six bits and the sign."""
    size = 1
    byte = reader.byte()
    while byte >= 0x80:
        byte = reader.byte()
        size += 1
        if size > 8:
            raise UpdateError("the update has a number of more than 8 bytes")


def value_of(data: bytes) -> Any:  # noqa: ANN401 - a plain value
    """What the bytes of a value of an update mean; numbers are equal however they are written."""
    return _value(_Reader(data))


def _value(reader: _Reader) -> Any:  # noqa: ANN401 - a plain value
    kind = reader.byte()
    if kind == _TEXT:
        return reader.text()
    if kind == _INTEGER:
        return float(_integer(reader))
    if kind in _FIXED:
        size, form = _FIXED[kind]
        return float(binary.unpack(form, reader.take(size))[0])
    if kind == _LIST:
        return [_value(reader) for _ in range(reader.count())]
    return {_NULL: None, _TRUE: True, _FALSE: False}[kind]


def _integer(reader: _Reader) -> int:
    first = reader.byte()
    value, shift, byte = first & 0x3F, 6, first
    while byte >= 0x80:
        byte = reader.byte()
        value |= (byte & 0x7F) << shift
        shift += 7
    return -value if first & 0x40 else value


def _read_deletes(reader: _Reader, found: Update) -> None:
    clients: set[int] = set()
    for _ in range(reader.count()):
        client = reader.number(MOST_NUMBER)
        ranges = reader.count()
        if client in clients or not ranges:
            raise UpdateError(f"the deletions name replica {client} without need, or twice")
        clients.add(client)
        for _ in range(ranges):
            clock, length = reader.number(MOST_CLOCK), _length(reader)
            if clock + length > MOST_CLOCK:
                raise UpdateError(f"a deletion ends at {clock + length}, past {MOST_CLOCK}")
            found.deletes.append((client, clock, length))
