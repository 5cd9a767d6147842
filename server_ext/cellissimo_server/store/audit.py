"""The audit log: rows are added, read, and never changed."""

from __future__ import annotations

from dataclasses import dataclass

from cellissimo_server.store.database import Connection, Plain
from cellissimo_server.store.paging import Found, Order, Paging
from cellissimo_server.store.table import Table


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody did to access or to the site; ``detail`` is a JSON object."""

    id: str
    made_at: int
    actor_id: str
    action: str
    subject: str
    detail: str


AUDIT = Table("audit", Act)

_NEWEST = Order("made_at")


def insert(db: Connection, act: Act) -> None:
    """Keep an act."""
    AUDIT.insert(db, act)


def listed(
    db: Connection, paging: Paging, *, action: str | None = None, subject: str | None = None
) -> Found[Act]:
    """One page of the log, newest first; of one action or one subject where asked."""
    wanted: dict[str, Plain] = {"action": action, "subject": subject}
    asked = {column: value for column, value in wanted.items() if value is not None}
    where = " AND ".join([*(f"{column} = ?" for column in asked), "1 = 1"])
    return AUDIT.page(db, where, list(asked.values()), _NEWEST, paging)
