"""What sessions are told of who is here: each of all others, never of themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cellissimo.crdt import awareness
from cellissimo.crdt.wire import Presence as Frame
from cellissimo_server.rooms.seat import Seat

MOST_BYTES = 16_000
MOST_ENTRIES = awareness.MOST_ENTRIES // 2
"""Of one frame: a plain client sends back what it hears, and that has to be taken."""


class Told:
    """Packed entries by client, made into frames once for all whom they do not speak of."""

    __slots__ = ("_entries", "_for_all")

    def __init__(self, entries: Mapping[int, bytes]) -> None:
        """There is one entry at least."""
        self._entries = entries
        self._for_all: tuple[bytes, ...] | None = None

    def frames(self, seat: Seat) -> tuple[bytes, ...]:
        """What a session is sent; nothing where it alone is spoken of."""
        if seat.client in self._entries:
            return _frames(held for key, held in self._entries.items() if key != seat.client)
        if self._for_all is None:
            self._for_all = _frames(self._entries.values())
        return self._for_all


def _frames(entries: Iterable[bytes]) -> tuple[bytes, ...]:
    found: list[list[bytes]] = []
    size = MOST_BYTES
    for packed in entries:
        if size + len(packed) > MOST_BYTES or len(found[-1]) == MOST_ENTRIES:
            found.append([])
            size = 0
        found[-1].append(packed)
        size += len(packed)
    return tuple([Frame(awareness.join(each)).pack() for each in found])
