"""What the interface costs: latencies under load, as ratios to a handler that does nothing."""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import httpx2
import numpy as np

from cellissimo_server.store import migrations
from cellissimo_server.store.journal import DatabaseJournal, Entry
from cellissimo_server.store.opening import open_database

CLIENTS = 8
CALLS = 25
PIECES = 200

Call = Callable[[httpx2.AsyncClient, int], Awaitable[httpx2.Response]]


@contextlib.contextmanager
def server() -> Iterator[str]:
    """A server on loopback in a process of its own, with its store in a file."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tests.server.serve", folder]
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        assert process.stdin is not None
        try:
            yield json.loads(process.stdout.readline())["url"]
        finally:
            process.stdin.close()
            process.wait(60)


def results() -> dict[str, str]:
    """What was measured, by its name."""
    with server() as url:
        over_http = asyncio.run(_measured(url))
    with tempfile.TemporaryDirectory() as folder:
        return over_http | asyncio.run(_database(Path(folder)))


async def _database(folder: Path) -> dict[str, str]:
    """What the embedded store answers in by itself, 8 at once."""
    database = open_database(folder)
    await migrations.upgrade(database, 0)
    journal = DatabaseJournal(database, lambda: 0)
    seqs = dict.fromkeys(map(str, range(CLIENTS)), 0)

    async def append(number: int) -> None:
        doc = str(number)
        seqs[doc] += 1
        await journal.append(doc, [Entry(seqs[doc], "somebody", "", 0, bytes(60))])

    async def read(number: int) -> None:
        await journal.since(str(number), 0)

    found = {
        "database: an edit of 60 bytes, durable": _words(await _percentiles(append)),
        "database: the edits of a document": _words(await _percentiles(read)),
    }
    await database.close()
    return found


async def _percentiles(work: Callable[[int], Awaitable[None]]) -> np.ndarray:
    found: list[float] = []

    async def one(number: int) -> None:
        for _ in range(CALLS):
            start = time.perf_counter()
            await work(number)
            found.append(time.perf_counter() - start)

    await asyncio.gather(*(one(number) for number in range(CLIENTS)))
    return np.percentile(found, [50, 95])


async def _measured(url: str) -> dict[str, str]:
    headers = {"Authorization": "token bench-token"}
    base = f"{url}cellissimo/api/v1/"
    async with httpx2.AsyncClient(
        base_url=base, headers=headers, timeout=60, trust_env=False
    ) as client:
        calls = await _calls(client, url)
        empty = await _latencies(client, lambda c, _: c.get(f"{url}cellissimo/healthz"))
        measured = {name: await _latencies(client, call) for name, call in calls.items()}
    usual = np.percentile(empty, [50, 95])
    found = {"a request that does nothing, 8 clients": _words(usual)}
    for name, latencies in measured.items():
        now = np.percentile(latencies, [50, 95])
        ratios = now / usual
        found[name] = f"{_words(now)}: {ratios[0]:.1f} × and {ratios[1]:.1f} × nothing"
    return found


async def _calls(client: httpx2.AsyncClient, url: str) -> dict[str, Call]:
    loops = [(await client.post("loops", json=_loop(n))).json()["id"] for n in range(PIECES)]
    project = (await client.post("projects", json={"name": "Evening", "tempo": 96})).json()["id"]
    shared = (await client.post(f"loops/{loops[0]}/share", json={"expiresIn": None})).json()
    return {
        "a loop": lambda c, n: c.get(f"loops/{loops[n % PIECES]}"),
        "a page of 20 of 200 loops": lambda c, _: c.get("loops?limit=20"),
        "what a share link shows": lambda c, _: c.get(f"shared/{shared['shareToken']}"),
        "a search": lambda c, _: c.get("search?q=beat"),
        "a new loop, durable": lambda c, n: c.post("loops", json=_loop(PIECES + n)),
        "a new name, durable": lambda c, n: c.patch(f"projects/{project}", json={"name": f"N{n}"}),
    }


def _loop(number: int) -> dict[str, object]:
    chords = [(0, "C"), (4, "G"), (8, "Am"), (12, "F")]
    return {
        "name": f"Beat {number}",
        "length": 4,
        "chordProgression": [{"bar": bar, "chord": chord} for bar, chord in chords],
        "iconSequence": [
            {"step": step, "soundId": "drum-kick", "velocity": 0.8} for step in range(0, 16, 4)
        ],
    }


async def _latencies(client: httpx2.AsyncClient, call: Call) -> list[float]:
    found: list[float] = []

    async def one(number: int) -> None:
        for turn in range(CALLS):
            start = time.perf_counter()
            answer = await call(client, number * CALLS + turn)
            answer.raise_for_status()
            found.append(time.perf_counter() - start)

    await one(0)
    found.clear()
    await asyncio.gather(*(one(number) for number in range(CLIENTS)))
    return found


def _words(percentiles: np.ndarray) -> str:
    return f"p50 {1000 * percentiles[0]:.1f} ms, p95 {1000 * percentiles[1]:.1f} ms"
