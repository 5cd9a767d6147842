"""The queue: takes jobs that wait, in fair order, and runs as many at once as it has workers."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path

from cellissimo_server.errors import ConflictError, not_found
from cellissimo_server.jobs import supervising
from cellissimo_server.jobs.kind import Kind
from cellissimo_server.jobs.news import News
from cellissimo_server.jobs.pool import Pool
from cellissimo_server.jobs.running import LEASE_MS, Bench, Run
from cellissimo_server.store import jobs
from cellissimo_server.store.database import Database
from cellissimo_server.store.jobs import Job

LOG = logging.getLogger("cellissimo.jobs")

_LOOKED_AT = 200
_IDLE_S = 5.0
_FOLLOWED_S = 5.0


class Jobs:
    """Jobs of all kinds. Their rows are the queue: nothing is lost when the server stops."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], int],
        folder: Path,
        make_executor: Callable[[], Executor],
        *,
        workers: int = 1,
        alone: bool = True,
    ) -> None:
        """``folder`` is for files of running jobs; the executor takes ``workers`` at once.

        ``alone``: no other server has the same database, so what is said to run at the start was
        left by a server that is gone.
        """
        self.kinds: dict[str, Kind] = {}
        """What jobs there are, to be filled before the start."""
        self._news = News()
        self._bench = Bench(database, clock, Pool(make_executor), self._news, folder)
        self._workers = workers
        self._alone = alone
        self._awake = asyncio.Event()
        self._runs: dict[str, tuple[Run, Job, asyncio.Task[None]]] = {}
        self._dispatcher: asyncio.Task[None] | None = None

    # -- from start to stop ----------------------------------------------------------------------

    async def start(self) -> None:
        """Take up what a server that stopped or crashed has left, then work."""
        await self._recover(everything=self._alone)
        self._dispatcher = asyncio.create_task(self._dispatch(), name="cellissimo-jobs")

    async def stop(self, grace_s: float = 10.0) -> None:
        """Begin nothing new, wait for what runs, and give back what takes longer."""
        if self._dispatcher is not None:
            self._dispatcher.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._dispatcher
        tasks = {task for _, _, task in self._runs.values()}
        if tasks:
            _, slow = await asyncio.wait(tasks, timeout=grace_s)
            for run, _, task in list(self._runs.values()):
                if task in slow:
                    run.give_back()
            await asyncio.gather(*tasks)
        await asyncio.to_thread(self._bench.pool.close)

    @property
    def running(self) -> int:
        """How many jobs workers are at now."""
        return len(self._runs)

    def tell_all(self, told: Callable[[Job], None]) -> None:
        """Have ``told`` hear of whatever happens to any job."""
        self._news.everything = told

    def wake(self) -> None:
        """There may be something to do."""
        self._awake.set()

    # -- what people ask -------------------------------------------------------------------------

    async def cancel(self, job_id: str) -> Job:
        """End a job, also one that runs; gives it as it is then.

        Raises:
            ConflictError: it is over.
        """
        over = await self._changed(job_id, lambda job: _cancelled(job, self._bench.clock()))
        supervising.cancel(self._bench.folder / job_id)
        kind = self.kinds.get(over.kind)
        if kind is not None and kind.over is not None:
            await kind.over(over)
        return over

    async def retry(self, job_id: str) -> Job:
        """Have a job that failed or was cancelled done again.

        Raises:
            ConflictError: it waits, runs or is done.
        """
        job = await self._changed(job_id, _wanted_again)
        self.wake()
        return job

    async def follow(self, job_id: str) -> AsyncGenerator[Job, None]:
        """A job as it is now, and again whenever something happens to it, until it is over."""
        with self._news.listening(job_id) as news:
            job = await self._read(job_id)
            yield job
            while not job.is_over:
                try:
                    async with asyncio.timeout(_FOLLOWED_S):
                        job = await news.get()
                except TimeoutError:  # another server may be at it
                    job = await self._read(job_id)
                yield job

    async def follow_owner(self, owner_id: str) -> AsyncIterator[Job]:
        """What happens to somebody's jobs from now on; it never ends by itself."""
        with self._news.listening(owner_id) as news:
            while True:
                yield await news.get()

    async def result(self, job_id: str) -> Job:
        """A job when it is over."""
        async for job in self.follow(job_id):
            last = job
        return last

    # -- the queue -------------------------------------------------------------------------------

    async def _dispatch(self) -> None:
        while True:
            self._awake.clear()
            try:
                await self._begin_due()
                await self._recover(everything=False)
            except Exception:
                LOG.exception("the queue of jobs could not look for work")
            pause = await self._pause()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._awake.wait()

    async def _pause(self) -> float:
        """How long to sleep unless woken: until the next try, in seconds."""
        try:
            next_try = await self._bench.database.read(jobs.next_try)
        except Exception:  # noqa: BLE001 - logged where work is looked for
            return _IDLE_S
        left = (next_try - self._bench.clock()) / 1000 if next_try else _IDLE_S
        return min(max(left, 0.05), _IDLE_S)

    async def _begin_due(self) -> None:
        """Begin jobs while workers are free: first those of people of whom the fewest run."""
        if len(self._runs) >= self._workers:
            return
        now = self._bench.clock()
        due = await self._bench.database.read(lambda db: jobs.due(db, now, _LOOKED_AT))
        running = Counter(job.owner_id for _, job, _ in self._runs.values())
        while due and len(self._runs) < self._workers:
            job = min(due, key=lambda one: running[one.owner_id])
            due.remove(job)
            if await self._begin(job):
                running[job.owner_id] += 1

    async def _begin(self, job: Job) -> bool:
        kind = self.kinds.get(job.kind)
        if kind is None:
            return False
        now = self._bench.clock()
        claimed = replace(
            job,
            state="running",
            attempts=job.attempts + 1,
            rev=job.rev + 1,
            started_at=now,
            hold_until=now + LEASE_MS,
        )
        if not await self._written(claimed):
            return False
        run = Run(self._bench, kind, claimed)
        task = asyncio.create_task(self._run(run, job.id), name=f"cellissimo-job-{job.id}")
        self._runs[job.id] = (run, claimed, task)
        return True

    async def _run(self, run: Run, job_id: str) -> None:
        try:
            await run.to_end()
        except Exception:
            LOG.exception("job %s", job_id)
        finally:
            del self._runs[job_id]
            self.wake()

    async def _recover(self, *, everything: bool) -> None:
        """Put back what nobody runs any more, or let it fail where it was begun too often."""
        now = self._bench.clock()
        before = 1 << 62 if everything else now
        left = await self._bench.database.read(lambda db: jobs.abandoned(db, before))
        for job in left:
            if job.id not in self._runs:
                found = _left_behind(job, self.kinds.get(job.kind), now)
                await self._written(found)

    async def _changed(self, job_id: str, change: Callable[[Job], Job]) -> Job:
        """Change a job that its runner may be changing too."""
        while True:
            job = change(await self._read(job_id))
            if await self._written(job):
                return job

    async def _written(self, job: Job) -> bool:
        """Write what a job is now, and tell it; False where somebody else was quicker."""
        is_written = await self._bench.database.write(lambda db: jobs.replace(db, job))
        if is_written:
            self._news.tell(job)
        return is_written

    async def _read(self, job_id: str) -> Job:
        job = await self._bench.database.read(lambda db: jobs.by_id(db, job_id))
        if job is None:
            raise not_found("job")
        return job


def _cancelled(job: Job, now: int) -> Job:
    if job.is_over:
        raise _wrong_state(job, "waits or runs")
    return replace(job, state="cancelled", rev=job.rev + 1, finished_at=now, hold_until=0)


def _wanted_again(job: Job) -> Job:
    if job.state not in {"failed", "cancelled"}:
        raise _wrong_state(job, "failed or was cancelled")
    return replace(
        job,
        state="waiting",
        progress=0.0,
        error=None,
        attempts=0,
        rev=job.rev + 1,
        started_at=None,
        finished_at=None,
        hold_until=0,
    )


def _left_behind(job: Job, kind: Kind | None, now: int) -> Job:
    if kind is None or job.attempts < kind.tries:
        return replace(job, state="waiting", progress=0.0, rev=job.rev + 1, hold_until=0)
    error: Mapping[str, str] = {
        "code": "unavailable",
        "message": f"The server stopped {job.attempts} times while it was doing this.",
        "cure": "Ask for it again: POST /cellissimo/api/v1/jobs/{id}/retry.",
    }
    return replace(
        job, state="failed", error=json.dumps(error), rev=job.rev + 1, finished_at=now, hold_until=0
    )


def _wrong_state(job: Job, wanted: str) -> ConflictError:
    return ConflictError(
        f"This job is {job.state}.",
        field="state",
        value=job.state,
        accepted=f"a job that {wanted}",
        cure="Ask for a new one." if job.state == "done" else "Wait until it is over.",
    )
