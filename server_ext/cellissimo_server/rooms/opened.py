"""One document in memory, and what is known about it since it was opened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from cellissimo.crdt.document import Document
from cellissimo.crdt.gate import Gate
from cellissimo.crdt.mirror import Change
from cellissimo.crdt.update_parser import parse_update
from cellissimo_server.rooms.attribution import Attribution
from cellissimo_server.store.journal import Entry

T = TypeVar("T")

REPLICA = "replica"
"""The session of entries that replicas sent; all others we wrote ourselves."""


@dataclass(slots=True)
class Opened:
    """A document at a revision.

    ``used_at`` and ``worked_since`` in ms UTC; the latter is when the first edit was made that no
    version holds. ``edits`` and ``size`` (bytes) are those since the last checkpoint.
    ``attribution`` and ``gate`` are there once somebody needed them, and so are ``replicas``:
    who has written as each of them.
    """

    doc: str
    document: Document
    seq: int
    used_at: int = 0
    worked_since: int | None = None
    last_author: str = ""
    edits: int = 0
    size: int = 0
    attribution: Attribution | None = None
    gate: Gate | None = None
    replicas: dict[int, str] = field(default_factory=dict)
    knows_replicas: bool = False
    _changes: list[Change] = field(default_factory=list)
    _updates: list[bytes] = field(default_factory=list)

    @property
    def is_ahead(self) -> bool:
        """Whether what was recorded last has changed the document, and is not noted as durable."""
        return bool(self._updates)

    def recorded(self, change: Callable[[], T]) -> tuple[T, list[bytes]]:
        """What ``change`` gives, and the updates that it made."""
        updates = self._updates = list[bytes]()
        self._changes = []
        stops = [
            self.document.observe(updates.append),
            self.document.watch(self._changes.extend),
        ]
        try:
            return change(), updates
        finally:
            for stop in stops:
                stop()

    def note(self, entries: Sequence[Entry]) -> None:
        """Remember an edit that is durable."""
        last = entries[-1]
        self._updates = []
        self.seq = last.seq
        self.last_author = last.author
        self.edits += len(entries)
        self.size += sum(len(entry.bytes) for entry in entries)
        if self.worked_since is None:
            self.worked_since = last.at
        if self.attribution is not None:
            self.attribution.note(self._changes, last)
        self._changes = []
        if self.knows_replicas:
            self.note_replicas(entries)

    def note_replicas(self, entries: Sequence[Entry]) -> None:
        """Remember who wrote as which replica: the first one, and nobody as one of ours."""
        for entry in entries:
            author = entry.author if entry.session == REPLICA else ""
            for client in parse_update(entry.bytes, most=None).structs:
                self.replicas.setdefault(client, author)

    def admission(self) -> Gate:
        """The gate of this document, made when the first update of a replica comes."""
        if self.gate is None:
            self.gate = Gate(self.document)
        return self.gate
