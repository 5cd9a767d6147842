"""One job from its claim to its end: prepared, watched, concluded."""

from __future__ import annotations

import asyncio
import json
import logging
import shutil
from collections.abc import Callable, Mapping
from concurrent.futures import BrokenExecutor, CancelledError, Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cellissimo_server.errors import RefusalError
from cellissimo_server.jobs import supervising
from cellissimo_server.jobs.kind import Conclusion, Kind
from cellissimo_server.jobs.news import News
from cellissimo_server.jobs.pool import Pool
from cellissimo_server.jobs.supervising import Outcome, Task
from cellissimo_server.store import jobs
from cellissimo_server.store.database import Connection, Database
from cellissimo_server.store.jobs import Job

LOG = logging.getLogger("cellissimo.jobs")

LEASE_MS = 60_000
"""How long a job is left alone when whoever runs it says nothing more."""

PATIENCE_S = 20.0
"""How much longer than its limit a task may take before its executor is given up."""

_LOOK_S = 0.1
_KEEP_S = 1.0
_FIRST_PAUSE_MS = 2_000
_LONGEST_PAUSE_MS = 60_000


class TakenError(Exception):
    """Somebody else has changed the job meanwhile: it was cancelled, or another server has it."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What jobs are run with."""

    database: Database
    clock: Callable[[], int]
    pool: Pool
    news: News
    folder: Path


class Run:
    """One try of one job that was claimed."""

    def __init__(self, bench: Bench, kind: Kind, job: Job) -> None:
        """``job`` is running, as it was claimed."""
        self._bench = bench
        self._kind = kind
        self._job = job
        self._folder = bench.folder / job.id
        self._limits = kind.limits(job)
        self._gives_back = False

    async def to_end(self) -> None:
        """Run it: done, failed, waiting for its next try, or what somebody else has made of it."""
        try:
            await self._try()
        except TakenError:
            LOG.info("job %s was taken over or cancelled", self._job.id)
        except RefusalError as error:
            await self._quietly(self._fail(_refusal(error)))
        except Exception:
            LOG.exception("job %s of kind %s", self._job.id, self._job.kind)
            await self._quietly(self._again(_FAULT))
        finally:
            await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)
            if self._job.state != "running":
                self._bench.news.tell(self._job)  # last, so that who hears it finds all tidy

    def give_back(self) -> None:
        """Stop: the job is to be run later, by this server or another."""
        self._gives_back = True
        supervising.cancel(self._folder)

    async def _quietly(self, change: Any) -> None:  # noqa: ANN401 - a coroutine
        """Tell how it ended; whoever has taken the job over will tell otherwise."""
        try:
            await change
        except TakenError:
            LOG.info("job %s was taken over or cancelled", self._job.id)

    async def _try(self) -> None:
        await asyncio.to_thread(_fresh_folder, self._folder)
        arguments = await self._kind.prepare(self._job, self._folder)
        task = Task(self._kind.work, str(self._folder), arguments, self._limits)
        outcome = await self._watched(self._bench.pool.submit(supervising.supervise, task))
        await self._conclude(outcome)

    # -- while it runs ---------------------------------------------------------------------------

    async def _watched(self, future: Future[Outcome]) -> Outcome:
        """Follow the progress until it is over, or so late that the executor must be hung."""
        loop = asyncio.get_running_loop()
        begun = kept = loop.time()
        waiting = asyncio.wrap_future(future)
        while not (await asyncio.wait({waiting}, timeout=_LOOK_S))[0]:
            now = loop.time()
            if now - begun > self._limits.seconds + PATIENCE_S:
                self._bench.pool.renew()
                return Outcome("late")
            if now - kept > _KEEP_S:
                kept = now
                await self._keep_progress_or_end()
        try:
            return waiting.result()
        except (BrokenExecutor, CancelledError, asyncio.CancelledError) as error:
            return Outcome("crashed", said=f"the executor broke: {error!r}")

    async def _keep_progress_or_end(self) -> None:
        """Write how far it is; where the job is not ours any more, have the worker ended."""
        try:
            await self._keep_progress()
        except TakenError:
            supervising.cancel(self._folder)

    async def _keep_progress(self) -> None:
        done = supervising.progress_of(self._folder)
        lease = self._bench.clock() + LEASE_MS
        await self._change(progress=max(done, self._job.progress), hold_until=lease)

    # -- how it ends -----------------------------------------------------------------------------

    async def _conclude(self, outcome: Outcome) -> None:
        how = outcome.how
        if how == "done":
            conclusion = await self._kind.finish(self._job, self._folder, outcome.value)
            await self._done(conclusion)
        elif self._gives_back:
            await self._wait_again(pause_ms=0, attempts=self._job.attempts - 1)
        elif how == "refused":
            await self._fail(dict(outcome.value))
        elif how == "late":
            await self._fail(_late(self._limits.seconds))
        elif how == "crashed":
            LOG.warning("a worker of job %s crashed: %s", self._job.id, outcome.said)
            await (self._fail if self._kind.crash_is_final else self._again)(_CRASHED)
        else:
            raise TakenError

    async def _done(self, conclusion: Conclusion) -> None:
        finished = self._finished("done", progress=1.0)

        def write(db: Connection) -> Job:
            over = replace(finished, result=json.dumps(dict(conclusion(db))))
            if not jobs.replace(db, over):
                raise TakenError
            return over

        self._job = await self._bench.database.write(write)
        await self._over()

    async def _fail(self, error: Mapping[str, Any]) -> None:
        over = self._finished("failed", error=json.dumps(dict(error)))
        await self._write(over)
        await self._over()

    async def _over(self) -> None:
        if self._kind.over is not None:
            await self._kind.over(self._job)

    async def _again(self, error: Mapping[str, Any]) -> None:
        """Try again after a pause, or fail where it was tried often enough."""
        if self._job.attempts >= self._kind.tries:
            await self._fail(error)
        else:
            pause = min(_FIRST_PAUSE_MS << (self._job.attempts - 1), _LONGEST_PAUSE_MS)
            await self._wait_again(pause_ms=pause, attempts=self._job.attempts)

    async def _wait_again(self, *, pause_ms: int, attempts: int) -> None:
        until = self._bench.clock() + pause_ms
        await self._change(state="waiting", progress=0.0, attempts=attempts, hold_until=until)

    def _finished(self, state: str, **changes: Any) -> Job:  # noqa: ANN401 - columns
        now = self._bench.clock()
        return replace(
            self._job, state=state, rev=self._job.rev + 1, finished_at=now, hold_until=0, **changes
        )

    async def _change(self, **changes: Any) -> None:  # noqa: ANN401 - columns
        await self._write(replace(self._job, rev=self._job.rev + 1, **changes))

    async def _write(self, job: Job) -> None:
        if not await self._bench.database.write(lambda db: jobs.replace(db, job)):
            raise TakenError
        self._job = job
        if job.state == "running":
            self._bench.news.tell(job)


def _fresh_folder(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)


def _refusal(error: RefusalError) -> dict[str, Any]:
    return {"code": error.code, "message": error.message, "cure": error.cure}


def _late(seconds: float) -> dict[str, Any]:
    return {
        "code": "too-large",
        "message": f"This took longer than {seconds:g} s and was stopped.",
        "cure": "Split it into shorter pieces.",
    }


_CRASHED = {
    "code": "invalid",
    "message": "The program that reads this crashed on it, so the file must be damaged or made "
    "to do harm.",
    "cure": "Export it again from the program that made it, as WAV or FLAC.",
}

_FAULT = {
    "code": "unavailable",
    "message": "The server could not finish this.",
    "cure": "Try again; if it stays, tell the server's administrator.",
}
