"""What rooms cost under load: beside a room that only passes frames on, and other rooms."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx2

from tests.ports import free_port

HERE = Path(__file__).parent
EXTENSION = HERE.parents[1] / "extension"
NAMES = "ann ben cat dan eve fay gus hal ida joe".split()


@dataclass(frozen=True)
class Load:
    """Who comes, and what they do: see room_load.mjs."""

    clients: int
    editors: int
    rate: float
    seconds: float
    rooms: int = 1
    cursors: float = 0
    slow: int = 0


def measured(load: Load, dialect: str, addresses: list[str], process: int) -> dict[str, Any]:
    """What one run of the clients tells; ``addresses`` are one for each client.

    ``process`` is the server's: how long it works for an edit says more than how long one waits,
    where others work on the same machine.
    """
    per_room = load.clients // load.rooms
    orders = {
        "clients": [
            {"url": url, "room": number // per_room} for number, url in enumerate(addresses)
        ],
        "editors": load.editors,
        "rate": load.rate,
        "seconds": load.seconds,
        "dialect": dialect,
        "cursors": load.cursors,
        "slow": load.slow,
        "process": process,
    }
    done = subprocess.run(
        ["node", str(HERE / "room_load.mjs")],
        input=json.dumps(orders),
        capture_output=True,
        check=False,
        text=True,
        timeout=load.seconds + 120,
    )
    if done.returncode:
        raise AssertionError(done.stderr)
    return json.loads(done.stdout)


# -- the peers ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Peer:
    """Another's room: its address, and its process."""

    url: str
    pid: int

    def run(self, load: Load, dialect: str) -> dict[str, Any]:
        """What the clients tell of a load."""
        return measured(load, dialect, [f"{self.url}room"] * load.clients, self.pid)


@contextlib.contextmanager
def passing() -> Iterator[Peer]:
    """A tornado server that only passes frames on."""
    with _process([sys.executable, "-m", "tests.bench.broadcast"]) as process:
        yield Peer(process.stdout.readline().strip(), process.pid)


@contextlib.contextmanager
def stock() -> Iterator[Peer]:
    """The room of pycrdt-websocket behind its own ASGI-free server."""
    with _process([sys.executable, "-m", "tests.bench.stock_room"]) as process:
        yield Peer(process.stdout.readline().strip(), process.pid)


@contextlib.contextmanager
def node() -> Iterator[Peer]:
    """The room of @y/websocket-server."""
    port = free_port()
    command = ["node", str(EXTENSION / "node_modules/@y/websocket-server/src/server.js")]
    with _process(command, HOST="127.0.0.1", PORT=str(port)) as process:
        process.stdout.readline()
        yield Peer(f"ws://127.0.0.1:{port}/", process.pid)


@contextlib.contextmanager
def _process(command: list[str], **environment: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stdin=subprocess.PIPE,
        text=True,
        env=os.environ | environment,
    )
    try:
        yield process
    finally:
        process.stdin.close()
        process.terminate()
        process.wait(60)


# -- ours --------------------------------------------------------------------------------------


@contextlib.contextmanager
def hall() -> Iterator[Hall]:
    """A server of ours in a process of its own, with its store in a file."""
    limits = ("room_frames_per_s=1000000", "room_bytes_per_s=1000000000")
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tests.server.serve", folder, *limits]
        with _process(command) as process:
            yield Hall(json.loads(process.stdout.readline())["url"], process.pid)


class Hall:
    """Rooms of one server of ours, whom anybody named here may enter."""

    def __init__(self, url: str, pid: int) -> None:
        """The server at ``url``, which is process ``pid``; nothing is in it."""
        self.url = url
        self.pid = pid
        self.clients = {name: self._client(name) for name in NAMES}

    def _client(self, name: str) -> httpx2.Client:
        return httpx2.Client(
            base_url=f"{self.url}cellissimo/api/v1/",
            headers={"Authorization": f"token {name}-token"},
            timeout=60,
            trust_env=False,
        )

    def room(self, people: int) -> str:
        """A new piece with one loop, in which the first so many may edit."""
        owner, *others = self.clients.values()
        made = owner.post("loops", json={"name": "Beat", "length": 1})
        piece = made.raise_for_status().json()["id"]
        for name, client in zip(NAMES[1:people], others, strict=False):
            client.get("users/me").raise_for_status()
            owner.post(f"loops/{piece}/members", json={"username": name, "role": "contributor"})
        return piece

    def address(self, piece: str, place: int) -> str:
        """Where one client comes in, with a ticket of its own."""
        client = self.clients[NAMES[place % len(NAMES)]]
        answer = client.post(f"rooms/{piece}/tickets", json={"via": "page"}).raise_for_status()
        ticket = answer.json()["ticket"]
        return f"{re.sub('^http', 'ws', self.url)}cellissimo/rooms/{piece}?ticket={ticket}"

    def figures(self, piece: str) -> dict[str, Any]:
        """What the server itself has measured of a room."""
        return self.clients[NAMES[0]].get(f"rooms/{piece}").raise_for_status().json()

    def run(self, load: Load) -> tuple[dict[str, Any], dict[str, Any]]:
        """What the clients tell of a load, and what the server tells of its first room."""
        per_room = load.clients // load.rooms
        pieces = [self.room(per_room) for _ in range(load.rooms)]
        places = [divmod(number, per_room) for number in range(load.clients)]
        addresses = [self.address(pieces[room], place) for room, place in places]
        told = measured(load, "ours", addresses, self.pid)
        return told, self.figures(pieces[0])

    @property
    def peak(self) -> int:
        """The most bytes that the server's process has held so far."""
        lines = Path(f"/proc/{self.pid}/status").read_text("ascii").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))

    @property
    def memory(self) -> int:
        """Bytes that the server's process holds."""
        pages = Path(f"/proc/{self.pid}/statm").read_text("ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")


# -- the rows ----------------------------------------------------------------------------------

CROWD = Load(clients=100, editors=10, rate=10, seconds=10)
BAND = Load(clients=16, editors=10, rate=5, seconds=10)
JAM = Load(clients=4, editors=4, rate=1, seconds=20, cursors=10)
STORM = Load(clients=4, editors=1, rate=50, seconds=60)
HOUSE = Load(clients=1200, editors=1, rate=0.5, seconds=10, rooms=300)
SLOW = Load(clients=26, editors=10, rate=20, seconds=20, slow=10)
QUICK = replace(SLOW, clients=16, slow=0)

WAYS = {
    "frames passed on by tornado, nothing kept": (passing, "raw"),
    "@y/websocket-server, nothing kept": (node, "yjs"),
    "pycrdt-websocket, nothing kept": (stock, "yjs"),
}


def results() -> dict[str, str]:
    """What was measured, by its name."""
    crowd = f"{CROWD.clients} in a room, {CROWD.editors} edit {CROWD.rate} times a second"
    found, least = {}, 0.0
    for name, (open_peer, dialect) in WAYS.items():
        with open_peer() as peer:
            told = peer.run(CROWD, dialect)
        least = least or told["seen50"]
        found[f"{crowd}: {name}"] = f"{_seen(told)}; {_work(told)}"
    with hall() as ours:
        told, _ = ours.run(CROWD)
        ratio = told["seen50"] / least
        found[f"{crowd}: ours, on disk before it is told"] = (
            f"{_seen(told)}: {ratio:.1f} × passing on; saved {_kept(told)}; {_work(told)}"
        )
        found |= _others(ours)
    return found


def _others(ours: Hall) -> dict[str, str]:
    band, figures = ours.run(BAND)
    jam, _ = ours.run(JAM)
    storm, _ = ours.run(STORM)
    house, _ = ours.run(HOUSE)
    latency = figures["latency"]
    return {
        "16 in a room, 10 edit: from the socket to the sockets, on the server's clock": (
            f"p50 {latency['p50']:.1f} ms, p95 {latency['p95']:.1f} ms; seen {_seen(band)}"
        ),
        "4 in a jam, an edit a second each, cursors moving": (
            f"{jam['sent']:.0f} B/s out and {jam['received']:.0f} B/s in, each"
        ),
        "50 edits a second of one for a minute": f"{_counts(storm)}, {_seen(storm)}",
        "300 rooms of 4": f"{_counts(house)}, {_seen(house)}, saved {_kept(house)}",
    } | slow_readers()


def slow_readers() -> dict[str, str]:
    """What ten cost who read nothing, and whether the others notice: each time a fresh server."""
    peaks, told = [], []
    for load in (QUICK, SLOW):
        with hall() as ours:
            told.append(ours.run(load)[0])
            peaks.append(ours.peak / 2**20)
    (quick, slow), edits = told, SLOW.editors * SLOW.rate
    return {
        f"{SLOW.slow} who read nothing of {edits} edits a second, beside {QUICK.clients} who do": (
            f"{peaks[1] - peaks[0]:+.1f} MiB at most; {_counts(slow)} by the others, "
            f"{_seen(slow)} (without the ten {_seen(quick)})"
        ),
    }


def _seen(told: dict[str, Any]) -> str:
    return f"p50 {told['seen50']:.1f} ms, p95 {told['seen95']:.1f} ms"


def _work(told: dict[str, Any]) -> str:
    return f"{told['work']:.1f} ms of the server's work an edit"


def _kept(told: dict[str, Any]) -> str:
    return f"p50 {told['kept50']:.1f} ms, p95 {told['kept95']:.1f} ms"


def _counts(told: dict[str, Any]) -> str:
    return f"{told['edits']} edits, {min(told['seen'], told['due'])} of {told['due']} seen"


if __name__ == "__main__":
    for title, value in results().items():
        sys.stdout.write(f"| {title} | {value} |\n")
