"""Who is there, as the y-protocols awareness protocol says it: states by client, and their clocks.

An update is a count, and then as often a client's id, the clock of its state, and the state as
JSON; null: it is gone. Reading is strict and bounded, and leaves the JSON of a state as bytes
until somebody wants it: most of an update may be what others repeat.
Source: y-protocols, ``awareness.js``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from cellissimo.crdt.lib0 import Reader, WireError, number, sized

State: TypeAlias = Mapping[str, Any]

MOST_STATE = 2_000
"""Bytes of the JSON of one state."""

MOST_ENTRIES = 500
"""States of one update."""

GONE = b"null"


@dataclass(frozen=True, slots=True)
class Entry:
    """The state of one client; ``text`` is its JSON, "null" where it is gone."""

    client: int
    clock: int
    text: bytes

    @property
    def is_gone(self) -> bool:
        """Whether the client has left."""
        return self.text == GONE

    def state(self) -> State:
        """What the JSON says; nothing of one who is gone.

        Raises:
            WireError: it is no JSON object, or one that cannot be written again.
        """
        return {} if self.is_gone else _object(self.text)

    def pack(self) -> bytes:
        """The bytes of the entry within an update."""
        return number(self.client) + number(self.clock) + sized(self.text)


def entry(client: int, clock: int, state: State | None) -> Entry:
    """An entry that says ``state``, or that the client is gone."""
    return Entry(client, clock, GONE if state is None else _text(state))


def read(data: bytes, *, most_state: int = MOST_STATE) -> tuple[Entry, ...]:
    """The entries of an update. *Cost*: O(bytes).

    Raises:
        WireError: the bytes are no awareness update.
        FrameSizeError: a state has more than ``most_state`` bytes.
    """
    reader = Reader(data)
    count = reader.number()
    if count > min(reader.left, MOST_ENTRIES):
        raise WireError(
            f"{count} states are announced; {reader.left} bytes are left, and {MOST_ENTRIES} "
            f"states is the most"
        )
    found = tuple(
        [Entry(reader.number(), reader.number(), reader.take(most_state)) for _ in range(count)]
    )
    reader.end()
    return found


def write(entries: Iterable[Entry]) -> bytes:
    """The update that says these entries."""
    return join([one.pack() for one in entries])


def join(packed: list[bytes]) -> bytes:
    """The update of entries that are packed already."""
    return number(len(packed)) + b"".join(packed)


def _text(state: State) -> bytes:
    """JSON as JavaScript writes it: short, with the signs themselves."""
    return json.dumps(state, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _object(text: bytes) -> State:
    try:
        found = json.loads(text.decode(), parse_constant=_no_constant, parse_float=_finite)
        json.dumps(found, ensure_ascii=False).encode()  # half a surrogate pair cannot be written
    except (ValueError, RecursionError):
        raise WireError("a state is not JSON that can be passed on") from None
    if not isinstance(found, dict):
        raise WireError("a state is no JSON object")
    return found


def _no_constant(name: str) -> float:
    raise ValueError(name)


def _finite(text: str) -> float:
    found = float(text)
    if not math.isfinite(found):
        raise ValueError(text)
    return found
