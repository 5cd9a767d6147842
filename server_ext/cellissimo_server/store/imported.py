"""What came in under an id of somewhere else, so that coming again changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cellissimo_server.store.database import Connection
from cellissimo_server.store.table import Table


@dataclass(frozen=True, slots=True)
class Imported:
    """A thing that came in; ``source_id`` says its kind and its local id, "loop:local-1"."""

    user_id: str
    source_id: str
    piece_id: str
    content_hash: str


IMPORTED = Table("imported", Imported)
_AT_ONCE = 500


def of_user(db: Connection, user_id: str, source_ids: Iterable[str]) -> dict[str, Imported]:
    """What of some ids somebody has brought in already, by source id."""
    wanted = list(dict.fromkeys(source_ids))
    found: dict[str, Imported] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        places = ", ".join("?" * len(some))
        rows = IMPORTED.find(db, f"user_id = ? AND source_id IN ({places})", user_id, *some)
        found |= {row.source_id: row for row in rows}
    return found


def insert_all(db: Connection, rows: Sequence[Imported]) -> None:
    """Remember what came in.

    Raises:
        ExistsError: one of them is remembered already.
    """
    IMPORTED.insert_all(db, rows)


def delete(db: Connection, user_id: str, source_id: str) -> None:
    """Forget that something came in, where it is gone."""
    IMPORTED.delete(db, "user_id = ? AND source_id = ?", user_id, source_id)
