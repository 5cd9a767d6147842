"""One document in memory, and what is known about it since it was opened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from cellissimo.crdt.document import Document
from cellissimo.crdt.gate import Gate
from cellissimo.crdt.mirror import Change
from cellissimo.crdt.update_parser import parse_update
from cellissimo_server.rooms.attribution import Attribution
from cellissimo_server.rooms.own_stems import OwnStems
from cellissimo_server.store.journal import Entry

T = TypeVar("T")

REPLICA = "replica"
"""The session of entries that replicas sent; all others we wrote ourselves."""


@dataclass(slots=True)
class Recorded:
    """The updates that a change has made, and what they changed."""

    updates: list[bytes] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


@dataclass(slots=True)
class Opened:
    """A document at a revision.

    ``used_at`` and ``worked_since`` in ms UTC; the latter is when the first edit was made that no
    version holds. ``edits`` and ``size`` (bytes) are those since the last checkpoint.
    ``attribution`` and ``gate`` are there once somebody needed them.

    ``replicas``: who has written as each of them, since the document was opened; those in
    ``older`` had written before, and who that was is found out when one of them writes again: it is
    known of all who wrote from ``known_from`` on, and of all once ``knows_replicas``.

    ``is_ahead``: changed, and not yet noted as durable. ``indexed``: the revision up to which its
    rows were written.
    """

    doc: str
    document: Document
    seq: int
    used_at: int = 0
    worked_since: int | None = None
    last_author: str = ""
    last_at: int = 0
    edits: int = 0
    size: int = 0
    attribution: Attribution | None = None
    gate: Gate | None = None
    older: frozenset[int] = frozenset()
    replicas: dict[int, str] = field(default_factory=dict)
    known_from: int | None = None
    knows_replicas: bool = False
    is_ahead: bool = False
    indexed: int = 0
    own_stems: OwnStems = field(default_factory=OwnStems)

    def recorded(self, change: Callable[[], T]) -> tuple[T, Recorded]:
        """What ``change`` gives, and what it did to the document."""
        found = Recorded()
        stops = [
            self.document.observe(found.updates.append),
            self.document.watch(found.changes.extend),
        ]
        try:
            return change(), found
        finally:
            for stop in stops:
                stop()
            self.is_ahead = self.is_ahead or bool(found.updates)

    def note(
        self, entries: Sequence[Entry], changes: Sequence[Change] = (), replicas: Iterable[int] = ()
    ) -> None:
        """Remember an edit that is durable, and the replicas that its author wrote as first."""
        last = entries[-1]
        self.is_ahead = False
        self.seq = last.seq
        self.last_author, self.last_at = last.author, last.at
        self.edits += len(entries)
        self.size += sum(len(entry.bytes) for entry in entries)
        if self.worked_since is None:
            self.worked_since = last.at
        self.own_stems.note(changes, last.author, self.document.stored)
        if self.attribution is not None:
            self.attribution.note(changes, last)
        for client in replicas:
            self.replicas.setdefault(client, last.author)

    # -- who writes as which replica -------------------------------------------------------------

    def knows(self, replicas: Iterable[int]) -> bool:
        """Whether it is known who has written as each of these [ROOM-6]."""
        if self.knows_replicas:
            return True
        return all(one in self.replicas for one in self.older.intersection(replicas))

    def is_author(self, replica: int, person: str) -> bool:
        """Whether somebody was the first to write as a replica."""
        return self.replicas.get(replica) == person

    def note_history(self, entries: Sequence[Entry]) -> None:
        """Remember who wrote as which replica, and that nobody did as one of ours."""
        for entry in entries:
            author = entry.author if entry.session == REPLICA else ""
            for client in parse_update(entry.bytes, most=None).structs:
                self.replicas.setdefault(client, author)

    def admission(self) -> Gate:
        """The gate of this document, made when the first update of a replica comes."""
        if self.gate is None:
            self.gate = Gate(self.document)
        return self.gate
