"""Asking for a job: its row, within what one person may have waiting."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any

from cellissimo_server.errors import TooManyError
from cellissimo_server.store import jobs
from cellissimo_server.store.database import Connection
from cellissimo_server.store.jobs import Job

_ASK_AGAIN_S = 10


def fresh_job(
    kind: str, owner_id: str, arguments: Mapping[str, Any], now: int, *, piece_id: str | None = None
) -> Job:
    """A job that waits."""
    return Job(
        id=str(uuid.uuid4()),
        kind=kind,
        owner_id=owner_id,
        piece_id=piece_id,
        state="waiting",
        progress=0.0,
        arguments=json.dumps(dict(arguments)),
        result=None,
        error=None,
        attempts=0,
        rev=1,
        created_at=now,
        started_at=None,
        finished_at=None,
        hold_until=0,
    )


def ask(db: Connection, job: Job, most: int) -> None:
    """Keep a job, unless its owner has ``most`` that wait or run; wake the queue afterwards.

    Raises:
        TooManyError: one has to be over first.
    """
    if jobs.unfinished(db, job.owner_id) >= most:
        raise TooManyError(
            f"{most} of your jobs wait or run already.",
            cure="Wait until one is over, or cancel one: POST /cellissimo/api/v1/jobs/{id}/cancel.",
            retry_after_s=_ASK_AGAIN_S,
        )
    jobs.insert(db, job)
