"""Jobs: work that takes longer than a request, kept so that a restart forgets none."""

from __future__ import annotations

from dataclasses import dataclass

from cellissimo_server.store.database import Connection
from cellissimo_server.store.paging import Found, Order, Paging
from cellissimo_server.store.table import Table, counted

OVER = frozenset({"done", "failed", "cancelled"})
"""States that a job stays in unless somebody asks for it again."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job. ``arguments``, ``result`` and ``error`` are JSON objects; times in ms.

    ``hold_until``: while it runs, the lease of who runs it; while it waits, its next try.
    """

    id: str
    kind: str
    owner_id: str
    piece_id: str | None
    state: str
    progress: float
    arguments: str
    result: str | None
    error: str | None
    attempts: int
    rev: int
    created_at: int
    started_at: int | None
    finished_at: int | None
    hold_until: int

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens to it by itself."""
        return self.state in OVER


_LONGEST_HOLD_MS = 180_000
"""No job is held for longer: where one is, the clock was set back since."""

JOBS = Table("jobs", Job)
NEWEST = Order("created_at")
_HELD = "(hold_until > ? AND hold_until <= ?)"


def insert(db: Connection, job: Job) -> None:
    """Keep a new job."""
    JOBS.insert(db, job)


def by_id(db: Connection, job_id: str) -> Job | None:
    """The job of that id."""
    return JOBS.first(db, "id = ?", job_id)


def replace(db: Connection, job: Job) -> bool:
    """Write a job with its next ``rev``, where it is still at the one before."""
    fixed = {"id", "kind", "owner_id", "piece_id", "created_at"}
    changes = {column: getattr(job, column) for column in JOBS.columns if column not in fixed}
    return JOBS.set(db, changes, "id = ? AND rev = ?", job.id, job.rev - 1) == 1


def listed(db: Connection, owner_id: str, paging: Paging) -> Found[Job]:
    """One page of somebody's jobs, newest first."""
    return JOBS.page(db, "owner_id = ?", (owner_id,), NEWEST, paging)


def unfinished(db: Connection, owner_id: str) -> int:
    """How many jobs of somebody wait or run."""
    return JOBS.count(db, "owner_id = ? AND state IN ('waiting', 'running')", owner_id)


def are_left(db: Connection) -> bool:
    """Whether any job waits or runs."""
    return JOBS.count(db, "state IN ('waiting', 'running')") > 0


def due(db: Connection, now: int, limit: int) -> list[Job]:
    """Jobs that wait and may be run now, oldest first."""
    where = f"state = 'waiting' AND NOT {_HELD} ORDER BY created_at, id LIMIT ?"
    return JOBS.find(db, where, now, now + _LONGEST_HOLD_MS, limit)


def next_try(db: Connection) -> int:
    """When the first of those that wait may be run; 0 where none waits."""
    return counted(db, "SELECT MIN(hold_until) FROM jobs WHERE state = 'waiting'")


def abandoned(db: Connection, now: int) -> list[Job]:
    """Jobs that were running when whoever ran them went away: their lease is over."""
    where = f"state = 'running' AND NOT {_HELD} ORDER BY created_at, id"
    return JOBS.find(db, where, now, now + _LONGEST_HOLD_MS)


def finished_before(db: Connection, before: int, limit: int) -> list[Job]:
    """Jobs that have been over since before that time."""
    return JOBS.find(db, "finished_at < ? ORDER BY finished_at, id LIMIT ?", before, limit)


def delete(db: Connection, job_id: str) -> None:
    """Forget a job."""
    JOBS.delete(db, "id = ?", job_id)
