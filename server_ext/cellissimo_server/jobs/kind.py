"""What a kind of job does: before, in and after its worker."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cellissimo_server.jobs.supervising import Limits
from cellissimo_server.store.database import Connection
from cellissimo_server.store.jobs import Job

Conclusion = Callable[[Connection], Mapping[str, Any]]
"""What is written in the transaction that makes a job done; gives the job's result."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of job.

    ``prepare`` puts what the worker needs into the job's folder, and gives the arguments of
    ``work``, ``"module:function"``. ``finish`` keeps what the worker left there, and gives what is
    to be written together with "done": both happen or neither. ``over`` is told when a job is over,
    however it ended, so that it can tidy up; a crash may prevent that.

    ``tries``: how often it is begun when servers stop and workers crash. ``crash_is_final``: the
    input is to blame for a crash, so it is not tried again.
    """

    work: str
    limits: Callable[[Job], Limits]
    prepare: Callable[[Job, Path], Awaitable[Mapping[str, Any]]]
    finish: Callable[[Job, Path, Mapping[str, Any]], Awaitable[Conclusion]]
    over: Callable[[Job], Awaitable[None]] | None = None
    tries: int = 3
    crash_is_final: bool = False
