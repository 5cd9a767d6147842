"""The frames of a room's websocket: what ``WIRE.md`` lists, read strictly and written.

``read_client(data)`` is what a room does with the bytes of a client, ``read_room(data)`` what a
client does with those of a room; ``frame.pack()`` is the bytes of a frame. Everything is bounded,
nothing is skipped over, and a frame that was packed reads back as the same frame.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, ClassVar, TypeAlias

from cellissimo.crdt.lib0 import FrameSizeError, Reader, WireError, float64, number, sized

__all__ = ["FrameSizeError", "WireError", "read_client", "read_room"]

Json: TypeAlias = Mapping[str, Any]

PROTOCOL = 1
"""The version that HELLO names."""

MOST_FRAME = 4_100_000
"""Bytes of a client's frame: an update of 4 MB and what stands before it."""

MOST_STATE = 1_000_000
"""Bytes of a client's state vector."""

MOST_PRESENCE = 64_000
"""Bytes of a client's awareness update; a state has 2 000."""

MOST_CURSOR = 32
"""Bytes of a cursor: three numbers."""

MOST_JSON = 64_000
"""Bytes of a client's JSON."""

MOST_ROOM = 64_000_000
"""Bytes of anything that a room sends: a document has 50 MB at most."""

STATE, ANSWER, UPDATE = 0, 1, 2
"""The steps of SYNC."""


class Kind(IntEnum):
    """The first number of a frame."""

    SYNC = 0
    PRESENCE = 1
    ASK_PRESENCE = 3
    HELLO = 100
    EDIT = 101
    KEPT = 102
    REFUSED = 103
    CHANGES = 104
    CURSOR = 105
    CLOCK = 106
    TRANSPORT = 107
    NEWS = 108
    COMMAND = 109


@dataclass(frozen=True, slots=True)
class Sync:
    """A state vector (step 0), the answer to one (1) or an update (2)."""

    step: int
    content: bytes
    kind: ClassVar = Kind.SYNC

    def pack(self) -> bytes:
        """The frame's bytes."""
        return bytes((Kind.SYNC, self.step)) + sized(self.content)


@dataclass(frozen=True, slots=True)
class Presence:
    """An awareness update."""

    content: bytes
    kind: ClassVar = Kind.PRESENCE

    def pack(self) -> bytes:
        """The frame's bytes."""
        return bytes((Kind.PRESENCE,)) + sized(self.content)


@dataclass(frozen=True, slots=True)
class AskPresence:
    """Who is there? From a client."""

    kind: ClassVar = Kind.ASK_PRESENCE

    def pack(self) -> bytes:
        """The frame's bytes."""
        return bytes((Kind.ASK_PRESENCE,))


@dataclass(frozen=True, slots=True)
class Said:
    """A frame that is JSON: HELLO, TRANSPORT, NEWS or COMMAND."""

    kind: Kind
    said: Json

    def pack(self) -> bytes:
        """The frame's bytes."""
        return bytes((self.kind,)) + sized(_text(self.said))


@dataclass(frozen=True, slots=True)
class Edit:
    """A numbered update, from a client."""

    number: int
    update: bytes
    kind: ClassVar = Kind.EDIT

    def pack(self) -> bytes:
        """The frame's bytes."""
        return bytes((Kind.EDIT,)) + number(self.number) + sized(self.update)


@dataclass(frozen=True, slots=True)
class Kept:
    """All edits up to a number are on disk; ``stamp`` is the room's clock in milliseconds."""

    number: int
    seq: int
    stamp: float
    kind: ClassVar = Kind.KEPT

    def pack(self) -> bytes:
        """The frame's bytes."""
        return bytes((Kind.KEPT,)) + number(self.number) + number(self.seq) + float64(self.stamp)


@dataclass(frozen=True, slots=True)
class Refused:
    """An edit was not taken; ``number`` 0 where it had none."""

    number: int
    error: Json
    kind: ClassVar = Kind.REFUSED

    def pack(self) -> bytes:
        """The frame's bytes."""
        return bytes((Kind.REFUSED,)) + number(self.number) + sized(_text(self.error))


@dataclass(frozen=True, slots=True)
class Changes:
    """Updates of others, in the order of the journal; ``seq`` and ``stamp`` of the last one."""

    seq: int
    stamp: float
    updates: tuple[bytes, ...]
    kind: ClassVar = Kind.CHANGES

    def pack(self) -> bytes:
        """The frame's bytes."""
        head = bytes((Kind.CHANGES,)) + number(self.seq) + float64(self.stamp)
        return head + number(len(self.updates)) + b"".join(map(sized, self.updates))


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a client points, as the bytes of a cursor."""

    content: bytes
    kind: ClassVar = Kind.CURSOR

    def pack(self) -> bytes:
        """The frame's bytes."""
        return bytes((Kind.CURSOR,)) + sized(self.content)


@dataclass(frozen=True, slots=True)
class Cursors:
    """Where sessions point."""

    pointed: tuple[tuple[int, bytes], ...]
    kind: ClassVar = Kind.CURSOR

    def pack(self) -> bytes:
        """The frame's bytes."""
        each = b"".join(number(session) + sized(content) for session, content in self.pointed)
        return bytes((Kind.CURSOR,)) + number(len(self.pointed)) + each


@dataclass(frozen=True, slots=True)
class Probe:
    """What time is it? From a client."""

    number: int
    kind: ClassVar = Kind.CLOCK

    def pack(self) -> bytes:
        """The frame's bytes."""
        return bytes((Kind.CLOCK,)) + number(self.number)


@dataclass(frozen=True, slots=True)
class Time:
    """The room's clock in milliseconds, when the probe of that number came in."""

    number: int
    time: float
    kind: ClassVar = Kind.CLOCK

    def pack(self) -> bytes:
        """The frame's bytes."""
        return bytes((Kind.CLOCK,)) + number(self.number) + float64(self.time)


FromClient: TypeAlias = Sync | Presence | AskPresence | Said | Edit | Cursor | Probe
FromRoom: TypeAlias = Sync | Presence | Said | Kept | Refused | Changes | Cursors | Time


def read_client(data: bytes) -> FromClient:
    """The frame that a client has sent.

    Raises:
        FrameSizeError: it is larger than a room takes.
        WireError: it is none of a client's frames.
    """
    if len(data) > MOST_FRAME:
        raise FrameSizeError(f"a frame has {len(data)} bytes; a room takes {MOST_FRAME} at most")
    found: FromClient = _read(data, _CLIENT)
    return found


def read_room(data: bytes) -> FromRoom:
    """The frame that a room has sent.

    Raises:
        WireError: it is none of a room's frames.
    """
    found: FromRoom = _read(data, _ROOM)
    return found


def _read(data: bytes, table: Mapping[int, Callable[[Reader], Any]]) -> Any:  # noqa: ANN401
    reader = Reader(data)
    kind = reader.number()
    read = table.get(kind)
    if read is None:
        known = ", ".join(map(str, sorted(table)))
        raise WireError(f"a frame is of kind {kind}; the kinds that are known here are {known}")
    found = read(reader)
    reader.end()
    return found


# -- bodies ----------------------------------------------------------------------------------------


def _sync(reader: Reader, most_state: int, most: int) -> Sync:
    step = reader.number()
    if step not in (STATE, ANSWER, UPDATE):
        raise WireError(f"a SYNC frame has step {step}; the steps are 0, 1 and 2")
    return Sync(step, reader.take(most_state if step == STATE else most))


def _changes(reader: Reader) -> Changes:
    seq, stamp, count = reader.number(), reader.float(), _count(reader)
    return Changes(seq, stamp, tuple([reader.take(MOST_ROOM) for _ in range(count)]))


def _cursors(reader: Reader) -> Cursors:
    count = _count(reader)
    return Cursors(tuple([(reader.number(), reader.take(MOST_CURSOR)) for _ in range(count)]))


def _count(reader: Reader) -> int:
    """How many things follow; each takes a byte at least."""
    found = reader.number()
    if found > reader.left:
        raise WireError(f"{found} things are announced, and {reader.left} bytes are left")
    return found


def _said(kind: Kind, most: int) -> Callable[[Reader], Said]:
    return lambda reader: Said(kind, _json(reader, most))


_CLIENT: Mapping[int, Callable[[Reader], FromClient]] = {
    Kind.SYNC: lambda reader: _sync(reader, MOST_STATE, MOST_FRAME),
    Kind.PRESENCE: lambda reader: Presence(reader.take(MOST_PRESENCE)),
    Kind.ASK_PRESENCE: lambda _: AskPresence(),
    Kind.HELLO: _said(Kind.HELLO, MOST_JSON),
    Kind.EDIT: lambda reader: Edit(reader.number(), reader.take(MOST_FRAME)),
    Kind.CURSOR: lambda reader: Cursor(reader.take(MOST_CURSOR)),
    Kind.CLOCK: lambda reader: Probe(reader.number()),
    Kind.TRANSPORT: _said(Kind.TRANSPORT, MOST_JSON),
    Kind.COMMAND: _said(Kind.COMMAND, MOST_JSON),
}
_ROOM: Mapping[int, Callable[[Reader], FromRoom]] = {
    Kind.SYNC: lambda reader: _sync(reader, MOST_ROOM, MOST_ROOM),
    Kind.PRESENCE: lambda reader: Presence(reader.take(MOST_ROOM)),
    Kind.HELLO: _said(Kind.HELLO, MOST_ROOM),
    Kind.KEPT: lambda reader: Kept(reader.number(), reader.number(), reader.float()),
    Kind.REFUSED: lambda reader: Refused(reader.number(), _json(reader, MOST_ROOM)),
    Kind.CHANGES: _changes,
    Kind.CURSOR: _cursors,
    Kind.CLOCK: lambda reader: Time(reader.number(), reader.float()),
    Kind.TRANSPORT: _said(Kind.TRANSPORT, MOST_ROOM),
    Kind.NEWS: _said(Kind.NEWS, MOST_ROOM),
    Kind.COMMAND: _said(Kind.COMMAND, MOST_ROOM),
}


# -- JSON ------------------------------------------------------------------------------------------


def _text(said: Json) -> bytes:
    """JSON as short as it can be written; NaN is none."""
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _json(reader: Reader, most: int) -> Json:
    text = reader.text(most)
    try:
        found = json.loads(text, parse_constant=_no_constant, parse_float=_finite)
    except (ValueError, RecursionError):
        raise WireError("a frame holds a text that is not JSON, or nested too deeply") from None
    if not isinstance(found, dict):
        raise WireError("a frame holds JSON that is no object")
    if "\\u" in text and not _is_whole(found):
        raise WireError("a frame holds JSON with half a character")
    return found


def _no_constant(name: str) -> float:
    raise ValueError(name)


def _finite(text: str) -> float:
    found = float(text)
    if not math.isfinite(found):
        raise ValueError(text)
    return found


def _is_whole(found: Any) -> bool:  # noqa: ANN401 - any JSON
    """Whether every text can be written: half of a surrogate pair cannot."""
    try:
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True
