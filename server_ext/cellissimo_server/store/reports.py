"""Reports of abuse, and what was decided about them."""

from __future__ import annotations

from dataclasses import dataclass

from cellissimo_server.store.database import Connection
from cellissimo_server.store.paging import Found, Order, Paging
from cellissimo_server.store.table import Table


@dataclass(frozen=True, slots=True)
class Report:
    """A report; ``state`` is open, dismissed or upheld, ``decision`` the moderator's words."""

    id: str
    piece_id: str
    reporter_id: str | None
    reason: str
    message: str
    state: str
    decision: str | None
    decided_by: str | None
    decided_at: int | None
    created_at: int


REPORTS = Table("reports", Report)

_OLDEST = Order("created_at", descending=False)


def insert(db: Connection, report: Report) -> None:
    """Keep a new report."""
    REPORTS.insert(db, report)


def by_id(db: Connection, report_id: str) -> Report | None:
    """The report of that id."""
    return REPORTS.first(db, "id = ?", report_id)


def open_of(db: Connection, piece_id: str, reporter_id: str | None) -> Report | None:
    """The open report of a piece by that person, where there is one already."""
    where = "piece_id = ? AND reporter_id = ? AND state = 'open'"
    return REPORTS.first(db, where, piece_id, reporter_id)


def listed(db: Connection, paging: Paging, state: str) -> Found[Report]:
    """One page of the reports in a state, oldest first."""
    return REPORTS.page(db, "state = ?", [state], _OLDEST, paging)


def decide(
    db: Connection, report_id: str, state: str, decision: str, moderator: str, now: int
) -> bool:
    """Close an open report; False where it is closed already, or not there."""
    changes = {"state": state, "decision": decision, "decided_by": moderator, "decided_at": now}
    return REPORTS.set(db, changes, "id = ? AND state = 'open'", report_id) == 1


def forget_reporter(db: Connection, user_id: str) -> int:
    """Keep somebody's reports without their name; gives how many there were."""
    return REPORTS.set(db, {"reporter_id": None}, "reporter_id = ?", user_id)
