"""What came in through the JSON door under an id of the sender's, so that again changes nothing."""

from __future__ import annotations

from dataclasses import dataclass

from cellissimo_server.store.database import Connection
from cellissimo_server.store.table import Table


@dataclass(frozen=True, slots=True)
class Taken:
    """A change that was taken, a hash of what it said, and the revision at which it became true."""

    piece_id: str
    id: str
    author_id: str
    content_hash: str
    seq: int
    taken_at: int


TAKEN = Table("taken", Taken, key=("piece_id", "id"))


def insert(db: Connection, row: Taken) -> None:
    """Note changes that are taken.

    Raises:
        ExistsError: there are some of that id.
    """
    TAKEN.insert(db, row)


def by_id(db: Connection, piece_id: str, taken_id: str) -> Taken | None:
    """What was taken under an id."""
    return TAKEN.first(db, "piece_id = ? AND id = ?", piece_id, taken_id)


def forget(db: Connection, before: int) -> int:
    """Forget what was taken before a time; gives how much there was."""
    return TAKEN.delete(db, "taken_at < ?", before)
