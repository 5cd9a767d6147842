"""What an update of a document holds: operations by replica, and deletions."""

from __future__ import annotations

import bisect
from dataclasses import dataclass, field

from cellissimo.domain.errors import CellissimoError

Id = tuple[int, int]
"""An operation: the replica that made it, and its number there."""


class UpdateError(CellissimoError):
    """Bytes that are no update that a document of ours can take."""


@dataclass(frozen=True, slots=True)
class Struct:
    """One operation, or a run of those that follow each other under one key.

    ``origin`` is the operation it follows; ``parent`` is a root map's name or the operation that
    made the map; both are None where it is unknown what was there. ``kind`` is "gc", "deleted",
    "map" or "value"; ``values`` the bytes of each value of the run, of which the last counts.
    """

    client: int
    clock: int
    length: int
    kind: str
    origin: Id | None = None
    parent: str | Id | None = None
    key: str | None = None
    values: tuple[bytes, ...] = ()

    @property
    def end(self) -> int:
        """The number behind its last."""
        return self.clock + self.length


@dataclass(slots=True)
class Update:
    """What an update holds: operations by replica, each run without a gap, and deletions."""

    structs: dict[int, list[Struct]] = field(default_factory=dict)
    deletes: list[tuple[int, int, int]] = field(default_factory=list)
    """Replica, first number, how many."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it."""
        return not self.structs and not self.deletes

    def at(self, place: Id) -> Struct | None:
        """The operation of that number, where the update holds it."""
        structs = self.structs.get(place[0])
        if structs is None or not structs[0].clock <= place[1] < structs[-1].end:
            return None
        guess = place[1] - structs[0].clock
        if guess < len(structs) and structs[guess].clock == place[1]:
            return structs[guess]
        return structs[bisect.bisect_right(structs, place[1], key=_clock) - 1]


def _clock(struct: Struct) -> int:
    return struct.clock
