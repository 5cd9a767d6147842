"""Checkpoints: a whole document at a revision, so that older updates need not be kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from cellissimo_server.store import journal_rows
from cellissimo_server.store.database import Connection
from cellissimo_server.store.packing import packed, unpacked
from cellissimo_server.store.sameness import difference
from cellissimo_server.store.table import counted


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A document as one update, as it was at a revision."""

    doc: str
    seq: int
    at: int
    bytes: bytes


@dataclass(frozen=True, slots=True)
class _Row:
    seq: int
    at: int
    bytes: bytes
    sha256: str

    @property
    def is_whole(self) -> bool:
        return sha256(self.bytes).hexdigest() == self.sha256


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What came back of a checkpoint, and the updates that lead there; or what is wrong with it."""

    updates: Sequence[bytes] = ()
    content: bytes = b""
    fault: str | None = None

    def found_fault(self) -> str | None:
        """What is wrong; None where the checkpoint says what the journal says.

        Cost: two documents are loaded, one after the other.
        """
        return difference(self.updates, self.content) if self.updates else self.fault


_READ = "SELECT seq, made_at, bytes, sha256 FROM checkpoints WHERE doc = ?"


def insert(db: Connection, checkpoint: Checkpoint) -> bool:
    """Keep a checkpoint that is not trusted yet; False where a trusted one is there already."""
    doc, seq = checkpoint.doc, checkpoint.seq
    there = db.row(_Row, f"{_READ} AND seq = ? AND verified", doc, seq)
    if there is not None and there.is_whole:
        return False
    kept = packed(checkpoint.bytes)
    db.run("DELETE FROM checkpoints WHERE doc = ? AND seq = ?", doc, seq)
    db.run(
        "INSERT INTO checkpoints (doc, seq, made_at, bytes, sha256, verified) "
        "VALUES (?, ?, ?, ?, ?, FALSE)",
        doc,
        seq,
        checkpoint.at,
        kept,
        sha256(kept).hexdigest(),
    )
    return True


def delete(db: Connection, doc: str, seq: int) -> None:
    """Let a checkpoint go that is not trusted."""
    db.run("DELETE FROM checkpoints WHERE doc = ? AND seq = ? AND NOT verified", doc, seq)


def verify(db: Connection, doc: str, seq: int) -> None:
    """From now on the checkpoint may stand for the entries before it."""
    db.run("UPDATE checkpoints SET verified = TRUE WHERE doc = ? AND seq = ?", doc, seq)


def read_back(db: Connection, doc: str, seq: int) -> ReadBack:
    """A checkpoint as it reads now, beside what the journal says."""
    row = db.row(_Row, f"{_READ} AND seq = ?", doc, seq)
    if row is None or not row.is_whole:
        return ReadBack(fault="its bytes did not come back as they were written")
    base, _ = latest(db, doc, seq - 1)
    reading = journal_rows.read(db, doc, base.seq if base else 0, seq)
    if not reading.entries or reading.damaged or reading.entries[-1].seq != seq:
        is_bare = base is None and not reading.entries
        return ReadBack(fault=None if is_bare else "the journal ends elsewhere")
    updates = [entry.bytes for entry in reading.entries]
    return ReadBack([base.bytes, *updates] if base else updates, unpacked(row.bytes))


def latest(
    db: Connection, doc: str, before: int | None = None
) -> tuple[Checkpoint | None, list[str]]:
    """The newest trusted checkpoint that reads, at or before a revision; and what did not read."""
    end = (1 << 62) if before is None else before
    faults: list[str] = []
    while row := db.row(
        _Row, f"{_READ} AND verified AND seq <= ? ORDER BY seq DESC LIMIT 1", doc, end
    ):
        if row.is_whole:
            return Checkpoint(doc, row.seq, row.at, unpacked(row.bytes)), faults
        faults.append(f"at revision {row.seq} does not read")
        end = row.seq - 1
    return None, faults


def retain(db: Connection, doc: str, cutoff: int) -> int:
    """Let entries go that are older than ``cutoff`` and covered; gives how many went."""
    base = _base(db, doc, cutoff)
    if base is None:
        return 0
    db.run(
        "DELETE FROM checkpoints WHERE doc = ? AND seq < ? "
        "AND seq NOT IN (SELECT seq FROM versions WHERE piece_id = ?)",
        doc,
        base,
        doc,
    )
    return db.run("DELETE FROM journal WHERE doc = ? AND seq <= ?", doc, base)


def _base(db: Connection, doc: str, cutoff: int) -> int | None:
    """The newest whole checkpoint before everything that has to stay as single revisions."""
    young = counted(db, "SELECT MIN(seq) FROM journal WHERE doc = ? AND made_at >= ?", doc, cutoff)
    bare = counted(
        db,
        "SELECT MIN(seq) FROM versions WHERE piece_id = ? AND seq NOT IN "
        "(SELECT seq FROM checkpoints WHERE doc = ? AND verified)",
        doc,
        doc,
    )
    ends = [seq - 1 for seq in (young, bare) if seq]
    found, _ = latest(db, doc, min(ends) if ends else None)
    return found.seq if found else None
