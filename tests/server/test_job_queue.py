"""The queue of jobs: durable, fair, and never stopped by what a worker does."""

import asyncio
import json
import os
import signal
import socket
import sys
import threading
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import pytest

from cellissimo_server.errors import ConflictError, NotFoundError, TooManyError
from cellissimo_server.jobs import running as running_module
from cellissimo_server.jobs import supervising
from cellissimo_server.jobs.asking import ask, fresh_job
from cellissimo_server.jobs.kind import Kind
from cellissimo_server.jobs.pool import process_pool
from cellissimo_server.jobs.queue import Jobs
from cellissimo_server.jobs.supervising import Limits, Task, supervise
from cellissimo_server.store import jobs, migrations
from cellissimo_server.store.duckdb import DuckDatabase
from tests.conftest import ROOT

MB = 1_000_000
LIMITS = Limits(seconds=20, memory=1000 * MB, file_bytes=20 * MB)

linux = pytest.mark.skipif(sys.platform != "linux", reason="what only Linux enforces")


@pytest.fixture(autouse=True)
def _importable(monkeypatch):
    """Workers find the tests' work, and what they say is heard soon."""
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    monkeypatch.setenv("PYTHONPATH", path)
    monkeypatch.setattr(running_module, "_LOOK_S", 0.02)
    monkeypatch.setattr(running_module, "_KEEP_S", 0.02)


@dataclass
class Clock:
    """Time that moves when the test says so."""

    now: int = 1_000_000

    def __call__(self):
        """Milliseconds since some time."""
        return self.now


@dataclass
class Bench:
    """A queue on a database in memory, and what happened to it."""

    database: DuckDatabase
    queue: Jobs
    clock: Clock
    folder: Path
    over: list = field(default_factory=list)

    async def ask(self, kind, owner="anna", most=99, **arguments):
        """Ask for a job; gives its id."""
        job = fresh_job(kind, owner, arguments, self.clock())
        await self.database.write(lambda db: ask(db, job, most))
        self.queue.wake()
        return job.id

    async def read(self, job_id):
        """A job as it is kept."""
        return await self.database.read(lambda db: jobs.by_id(db, job_id))

    async def result(self, job_id):
        """A job when it is over."""
        return await asyncio.wait_for(self.queue.result(job_id), 30)

    async def until(self, job_id, state):
        """A job when it is in that state."""

        async def watch():
            async for job in self.queue.follow(job_id):
                if job.state == state:
                    return job
            raise AssertionError(f"it never was {state}")

        return await asyncio.wait_for(watch(), 30)

    async def until_working(self, job_id):
        """Wait until the worker of a job has said that it is at work."""
        async for job in self.queue.follow(job_id):
            if job.progress > 0 or job.is_over:
                return

    def let_go(self, job_id):
        """Have a worker that waits go on."""
        (self.folder / job_id / "go").touch()

    def kinds(self, limits=LIMITS):
        """Each work of the tests as a kind of job."""
        made = {}
        for name in ("double", "refuse", "fail", "crash", "crash_once", "wait", "spin", "hoard"):
            made[name] = Kind(
                work=f"tests.server.work:{name}",
                limits=lambda _job: limits,
                prepare=self._prepare,
                finish=self._finish,
                over=self._over,
                crash_is_final=name == "crash",
            )
        return made

    async def _prepare(self, job, folder):
        return json.loads(job.arguments) | {"attempt": job.attempts}

    async def _finish(self, job, folder, found):
        return lambda db: dict(found)

    async def _over(self, job):
        self.over.append((job.id, job.state))


@asynccontextmanager
async def bench(tmp_path, make=None, *, workers=2, limits=LIMITS, database=None, start=True):
    """Run a queue for one test; threads watch over the workers unless the test says otherwise."""
    held = database or DuckDatabase.in_memory()
    clock = Clock()
    if database is None:
        await migrations.upgrade(held, clock())
    make = make or partial(ThreadPoolExecutor, workers)
    queue = Jobs(held, clock, tmp_path / "jobs", make, workers=workers)
    one = Bench(held, queue, clock, tmp_path / "jobs")
    queue.kinds.update(one.kinds(limits))
    if start:
        await queue.start()
    try:
        yield one
    finally:
        await queue.stop(grace_s=0.1)
        if database is None:
            await held.close()


@pytest.mark.parametrize("make", [partial(ThreadPoolExecutor, 2), partial(process_pool, 2)])
def test_a_job_is_done_on_any_executor(tmp_path, make):
    """[JOB-1] What a worker gives is the job's result, whichever executor watches over it."""

    async def run():
        async with bench(tmp_path, make) as one:
            done = await one.result(await one.ask("double", number=21))
            assert ("done", 1.0, 1) == (done.state, done.progress, done.attempts)
            assert {"number": 42} == json.loads(done.result)
            assert [(done.id, "done")] == one.over
            assert [] == list(one.folder.iterdir())

    asyncio.run(run())


def test_listeners_hear_each_step(tmp_path):
    """[JOB-2] Who follows a job hears that it waits, runs, how far it is, and that it is done."""

    async def run():
        async with bench(tmp_path, start=False) as one:
            job_id = await one.ask("wait")
            heard = []

            async def listen():
                async for job in one.queue.follow(job_id):
                    heard.append((job.state, job.progress))
                    if job.progress == 0.25:
                        one.let_go(job_id)

            listening = asyncio.create_task(listen())
            await one.queue.start()
            await asyncio.wait_for(listening, 30)
            assert ("waiting", 0.0) == heard[0]
            assert ("running", 0.0) in heard
            assert ("running", 0.25) in heard
            assert ("done", 1.0) == heard[-1]

    asyncio.run(run())


def test_a_refusal_is_final_and_keeps_its_words(tmp_path):
    """[JOB-3] What a worker refuses is not tried again, and its reason comes through."""

    async def run():
        async with bench(tmp_path) as one:
            job = await one.result(await one.ask("refuse"))
            assert ("failed", 1) == (job.state, job.attempts)
            expected = {
                "message": "This is nothing.",
                "cure": "Send something.",
                "code": "unsupported-type",
            }
            assert expected == json.loads(job.error)

    asyncio.run(run())


def test_a_crash_is_tried_again_after_a_pause(tmp_path):
    """[JOB-4] A worker that crashes is begun anew, later; the second time it works."""

    async def run():
        async with bench(tmp_path) as one:
            job_id = await one.ask("crash_once")
            await one.until(job_id, "running")
            waiting = await one.until(job_id, "waiting")
            assert 2000 == waiting.hold_until - one.clock()
            one.clock.now += 2000
            one.queue.wake()
            done = await one.result(job_id)
            assert {"attempt": 2} == json.loads(done.result)

    asyncio.run(run())


def test_attempts_have_a_limit(tmp_path):
    """[JOB-5] What fails by a fault of ours each time is given up after three tries."""

    async def run():
        async with bench(tmp_path) as one:
            job_id = await one.ask("fail")
            for _ in range(2):
                await one.until(job_id, "running")
                waiting = await one.until(job_id, "waiting")
                one.clock.now = waiting.hold_until
                one.queue.wake()
            job = await one.result(job_id)
            assert ("failed", 3) == (job.state, job.attempts)
            assert "crashed" in json.loads(job.error)["message"]

    asyncio.run(run())


def test_a_crash_on_an_upload_is_final(tmp_path):
    """[JOB-6] Where the input is to blame, a crash is a refusal at once."""

    async def run():
        async with bench(tmp_path) as one:
            job = await one.result(await one.ask("crash"))
            assert ("failed", 1) == (job.state, job.attempts)
            assert "crashed" in json.loads(job.error)["message"]

    asyncio.run(run())


def test_what_takes_too_long_is_ended(tmp_path):
    """[JOB-7] A worker that never ends is ended when its time is up; the queue goes on."""

    async def run():
        async with bench(tmp_path, limits=replace(LIMITS, seconds=0.7), workers=1) as one:
            late = await one.ask("spin")
            next_one = await one.ask("double", number=1)
            job = await one.result(late)
            assert ("failed", "too-large") == (job.state, json.loads(job.error)["code"])
            assert "0.7 s" in json.loads(job.error)["message"]
            assert "done" == (await one.result(next_one)).state

    asyncio.run(run())


def test_what_needs_too_much_memory_is_refused(tmp_path):
    """[JOB-8] A worker gets no more memory than its limit; the reason says so."""

    async def run():
        async with bench(tmp_path) as one:
            job = await one.result(await one.ask("hoard", bytes=4000 * MB))
            assert "needs more than 1000 MB of memory" in json.loads(job.error)["message"]

    asyncio.run(run())


@pytest.mark.parametrize("make", [partial(ThreadPoolExecutor, 2), partial(process_pool, 2)])
def test_cancelling_ends_the_worker(tmp_path, make):
    """[JOB-9] A job that is cancelled while it runs is over at once, and its process soon."""

    async def run():
        async with bench(tmp_path, make, workers=1) as one:
            job_id = await one.ask("wait")
            await one.until_working(job_id)
            job = await one.queue.cancel(job_id)
            assert "cancelled" == job.state
            after = await one.result(await one.ask("double", number=2))  # the worker is free
            assert "done" == after.state
            assert "cancelled" == (await one.read(job_id)).state
            with pytest.raises(ConflictError, match="is cancelled"):
                await one.queue.cancel(job_id)

    asyncio.run(run())


def test_cancelling_what_waits(tmp_path):
    """[JOB-10] A job that was cancelled before its turn never runs."""

    async def run():
        async with bench(tmp_path, start=False) as one:
            job_id = await one.ask("double", number=1)
            await one.queue.cancel(job_id)
            await one.queue.start()
            await one.result(await one.ask("double", number=2))
            assert ("cancelled", 0) == ((job := await one.read(job_id)).state, job.attempts)

    asyncio.run(run())


def test_what_failed_can_be_asked_for_again(tmp_path):
    """[JOB-11] A retry begins from nothing; what runs or is done cannot be retried."""

    async def run():
        async with bench(tmp_path) as one:
            job_id = await one.ask("refuse")
            await one.result(job_id)
            again = await one.queue.retry(job_id)
            assert ("waiting", 0, None) == (again.state, again.attempts, again.error)
            assert "failed" == (await one.result(job_id)).state
            done = await one.ask("double", number=1)
            await one.result(done)
            with pytest.raises(ConflictError, match="is done"):
                await one.queue.retry(done)
            with pytest.raises(NotFoundError):
                await one.queue.retry("nothing")

    asyncio.run(run())


def test_one_person_has_so_many_jobs(tmp_path):
    """[JOB-12] More than a person may have waiting is refused; others are not affected."""

    async def run():
        async with bench(tmp_path, start=False) as one:
            for _ in range(3):
                await one.ask("double", most=3, number=1)
            with pytest.raises(TooManyError, match="3 of your jobs"):
                await one.ask("double", most=3, number=1)
            await one.ask("double", owner="ben", most=3, number=1)

    asyncio.run(run())


def test_nobody_waits_behind_one_persons_many_jobs(tmp_path):
    """[JOB-13] A free worker takes the job of who has the fewest running, then the oldest."""

    async def run():
        async with bench(tmp_path, start=False, workers=2) as one:
            first = await one.ask("wait", owner="anna")
            one.clock.now += 1
            second = await one.ask("wait", owner="anna")
            one.clock.now += 1
            late = await one.ask("wait", owner="ben")
            await one.queue.start()
            await one.until_working(first)
            await one.until_working(late)
            assert "waiting" == (await one.read(second)).state
            for job_id in (first, late):
                one.let_go(job_id)
                await one.result(job_id)
            await one.until_working(second)
            one.let_go(second)
            await one.result(second)

    asyncio.run(run())


def test_a_restart_takes_up_what_was_running(tmp_path):
    """[JOB-14] Jobs that a crashed server left running are run again, up to their tries."""

    async def run():
        database = DuckDatabase.in_memory()
        await migrations.upgrade(database, 0)
        left = [
            replace(
                fresh_job("double", "anna", {"number": number}, 5),
                state="running", attempts=attempts, progress=0.5, hold_until=1 << 60,
            )
            for number, attempts in ((1, 1), (2, 3))
        ]  # fmt: skip
        await database.write(lambda db: [jobs.insert(db, job) for job in left])
        async with bench(tmp_path, database=database) as one:
            again, given_up = [await one.result(job.id) for job in left]
            assert ("done", 2) == (again.state, again.attempts)
            assert "failed" == given_up.state
            assert "stopped 3 times" in json.loads(given_up.error)["message"]
        await database.close()

    asyncio.run(run())


def test_a_server_leaves_the_others_jobs_alone(tmp_path):
    """[JOB-15] With a shared database, only jobs whose lease is over are taken up."""

    async def run():
        database = DuckDatabase.in_memory()
        await migrations.upgrade(database, 0)
        clock = Clock()
        held, lapsed = [
            replace(fresh_job("double", "anna", {"number": 1}, 5), state="running",
                    attempts=1, hold_until=until)
            for until in (clock() + 1, clock() - 1)
        ]  # fmt: skip
        await database.write(lambda db: [jobs.insert(db, job) for job in (held, lapsed)])
        async with bench(tmp_path, database=database, start=False) as one:
            one.queue._alone = False
            await one.queue.start()
            assert "done" == (await one.result(lapsed.id)).state
            assert "running" == (await one.read(held.id)).state
        await database.close()

    asyncio.run(run())


def test_a_clock_that_is_set_back_holds_no_job_up(tmp_path):
    """[JOB-15] A lease or a pause that ends in a day was given before: it counts no more."""

    async def run():
        database = DuckDatabase.in_memory()
        await migrations.upgrade(database, 0)
        tomorrow = Clock()() + 24 * 3_600_000
        left = [
            replace(fresh_job("double", "anna", {"number": 1}, 5), state=state,
                    attempts=1, hold_until=tomorrow)
            for state in ("running", "waiting")
        ]  # fmt: skip
        await database.write(lambda db: [jobs.insert(db, job) for job in left])
        async with bench(tmp_path, database=database, start=False) as one:
            one.queue._alone = False
            await one.queue.start()
            async with asyncio.timeout(60):
                assert ["done", "done"] == [(await one.result(job.id)).state for job in left]
        await database.close()

    asyncio.run(run())


def test_stopping_gives_back_what_runs(tmp_path):
    """[JOB-16] A stop ends slow work and leaves it waiting, with no try lost."""

    async def run():
        database = DuckDatabase.in_memory()
        await migrations.upgrade(database, 0)
        async with bench(tmp_path, database=database) as one:
            job_id = await one.ask("wait")
            await one.until_working(job_id)
            await one.queue.stop(grace_s=0.1)
            job = await one.read(job_id)
            assert ("waiting", 0) == (job.state, job.attempts)
            assert [] == one.over
        await database.close()

    asyncio.run(run())


def test_stopping_waits_for_what_is_nearly_done(tmp_path):
    """[JOB-17] What ends within the grace period is done, not given back."""

    async def run():
        async with bench(tmp_path) as one:
            job_id = await one.ask("double", number=4)
            await one.until(job_id, "running")
            await one.queue.stop(grace_s=20)
            assert "done" == (await one.read(job_id)).state

    asyncio.run(run())


def test_a_broken_pool_is_replaced(tmp_path):
    """[JOB-18] Killing the pool's processes costs a try, not the queue."""

    async def run():
        made = []

        def make():
            made.append(process_pool(1))
            return made[-1]

        async with bench(tmp_path, make, workers=1) as one:
            job_id = await one.ask("wait")
            await one.until_working(job_id)
            for process in list(made[0]._processes.values()):
                os.kill(process.pid, signal.SIGKILL)
            waiting = await one.until(job_id, "waiting")
            assert 1 == waiting.attempts
            one.clock.now = waiting.hold_until
            one.queue.wake()
            await one.until_working(job_id)
            one.let_go(job_id)
            assert "done" == (await one.result(job_id)).state
            assert len(made) == 2

    asyncio.run(run())


class Stuck(Executor):
    """An executor that never does anything, and notes that it was given up."""

    def __init__(self):
        self.is_given_up = threading.Event()

    def submit(self, fn, /, *args, **kwargs):
        """Take work and never do it."""
        return Future()

    def shutdown(self, wait=True, *, cancel_futures=False):
        """Note that nobody waits any more."""
        self.is_given_up.set()


def test_a_hung_executor_is_given_up(tmp_path, monkeypatch):
    """[JOB-19] An executor that does not come back is replaced, and the next job runs."""
    monkeypatch.setattr(running_module, "PATIENCE_S", 0.2)
    stuck = Stuck()
    executors = iter([stuck, ThreadPoolExecutor(1)])

    async def run():
        limits = replace(LIMITS, seconds=5)
        async with bench(tmp_path, lambda: next(executors), workers=1, limits=limits) as one:
            one.queue.kinds["wait"] = replace(
                one.queue.kinds["wait"], limits=lambda _job: replace(LIMITS, seconds=0.1)
            )
            job = await one.result(await one.ask("wait"))
            assert "failed" == job.state
            assert stuck.is_given_up.is_set()
            assert "done" == (await one.result(await one.ask("double", number=1))).state

    asyncio.run(run())


def test_a_job_is_done_together_with_what_it_writes(tmp_path):
    """[JOB-20] An error in the last transaction leaves neither the job done nor half a result."""

    async def run():
        async with bench(tmp_path) as one:
            calls = []

            async def finish(job, folder, found):
                def write(db):
                    calls.append(job.attempts)
                    db.run("INSERT INTO audit VALUES (?, 1, '', '', '', '')", job.id)
                    if len(set(calls)) == 1:
                        raise ZeroDivisionError
                    return {}

                return write

            kind = replace(one.queue.kinds["double"], finish=finish)
            one.queue.kinds["double"] = kind
            job_id = await one.ask("double", number=1)
            await one.until(job_id, "running")
            waiting = await one.until(job_id, "waiting")
            rows = await one.database.read(lambda db: db.rows(str, "SELECT id FROM audit"))
            assert [] == rows
            one.clock.now = waiting.hold_until
            one.queue.wake()
            assert "done" == (await one.result(job_id)).state

    asyncio.run(run())


# -- the walls ---------------------------------------------------------------------------------


def _supervised(tmp_path, work, limits=LIMITS, **arguments):
    folder = tmp_path / "work"
    folder.mkdir(exist_ok=True)
    return supervise(Task(f"tests.server.work:{work}", str(folder), arguments, limits))


@linux
def test_a_worker_sees_nothing_but_its_folder(tmp_path):
    """[WALL-1] No network, no programs, no files of others, not even for native code."""
    secret = tmp_path / "secret"
    secret.write_text("the key of the house")
    (tmp_path / "blob").write_bytes(b"to be read")
    (tmp_path / "work").mkdir()
    link = tmp_path / "work" / "blob"
    link.symlink_to(tmp_path / "blob")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        outcome = _supervised(tmp_path, "tried", port=port, secret=str(secret), given=str(link))
    assert {"worked": []} == outcome.value
    assert not secret.with_suffix(".new").exists()


def test_a_worker_gets_no_secrets_of_the_environment(tmp_path, monkeypatch):
    """[WALL-2] Tokens and addresses of databases stay with the server."""
    for name in ("CELLISSIMO_TOKEN", "CELLISSIMO_DATABASE_URL", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "secret")
    names = _supervised(tmp_path, "environment").value["names"]
    assert [] == [name for name in names if "CELLISSIMO" in name or "AWS" in name]


def test_a_worker_writes_no_more_than_it_may(tmp_path):
    """[WALL-3] A file that grows too long is a refusal, and the disk keeps its room."""
    outcome = _supervised(tmp_path, "fill", replace(LIMITS, file_bytes=3 * MB))
    assert ("refused", "too-large") == (outcome.how, outcome.value["code"])
    assert 3 * MB >= (tmp_path / "work" / "long").stat().st_size


def test_a_worker_that_crashes_says_what_it_can(tmp_path):
    """[WALL-4] The log gets the reason of a fault."""
    outcome = _supervised(tmp_path, "fail")
    assert "crashed" == outcome.how
    assert "a fault of ours" in outcome.said


@linux
def test_a_worker_ends_with_whoever_watches_it(tmp_path):
    """[WALL-5] When the supervisor is killed, its worker does not live on."""
    folder = tmp_path / "work"
    folder.mkdir()
    task = Task("tests.server.work:wait", str(folder), {}, LIMITS)
    pool = process_pool(1)
    future = pool.submit(supervise, task)
    while not (folder / "progress").exists():
        assert not future.done()
    (supervisor,) = pool._processes.values()
    children = Path(f"/proc/{supervisor.pid}/task/{supervisor.pid}/children").read_text().split()
    assert 1 == len(children)
    supervisor.kill()
    supervisor.join()
    deadline = threading.Event()
    for _ in range(500):
        if not Path(f"/proc/{children[0]}").exists():
            break
        deadline.wait(0.01)
    assert not Path(f"/proc/{children[0]}").exists()
    pool.shutdown(wait=True)


def test_progress_that_does_not_read_is_none(tmp_path):
    """A worker cannot harm the server by what it says of its progress."""
    for said in ("", "nan", "1e999", "-3", "many", "\0"):
        (tmp_path / "progress").write_text(said)
        assert 0.0 <= supervising.progress_of(tmp_path) <= 1.0
