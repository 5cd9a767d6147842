"""What a Jupyter server holds more for us: idle, and with a room in which eight play."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2

from cellissimo.notation.song_file import print_song
from cellissimo.schema import models
from tests.faults.jamming import Player, Stage
from tests.ports import free_port
from tests.server.child import TOKEN, Child, child

PEOPLE = 8
SETTLING_S = 3
PLAYING_S = 10
_START_S = 60
_BARS = 32
_BAR = 3840


@dataclass(frozen=True)
class Held:
    """What a process holds, in MiB: all of it, and what it shares with nobody and no file."""

    resident: float
    own: float

    def __sub__(self, other: Held) -> Held:
        """How much more this is."""
        return Held(self.resident - other.resident, self.own - other.own)

    def __str__(self) -> str:
        """Both figures."""
        return f"{self.resident:.0f} MiB, {self.own:.0f} MiB of it beside mapped files"


def held(pid: int) -> Held:
    """What a process holds now."""
    words = (line.split() for line in Path(f"/proc/{pid}/status").read_text("ascii").splitlines())
    sizes = {line[0]: int(line[1]) / 1024 for line in words if line[0] in {"VmRSS:", "RssAnon:"}}
    return Held(sizes["VmRSS:"], sizes["RssAnon:"])


def song() -> models.Song:
    """A song of ordinary size: eight loops, eight stems of 32 bars, some 1000 notes."""
    loops = {
        f"l{n}": models.Loop(f"l{n}", f"Beat {n}", bars=8, steps=_steps(n)) for n in range(PEOPLE)
    }
    stems = {f"t{n}": models.Stem(f"t{n}", f"Stem {n}") for n in range(8)}
    segments = {
        f"g{n}": models.Segment(f"g{n}", f"t{n}", "midi", 0, _BARS * _BAR, notes=_notes(n))
        for n in range(8)
    }
    return models.Song("s", "Ordinary", loops=loops, stems=stems, segments=segments)


def _steps(number: int) -> dict[tuple[str, int], models.Step]:
    return {("drum-kick", cell): models.Step() for cell in range(number, 128, 4)}


def _notes(number: int) -> dict[str, models.Note]:
    return {
        f"n{number}-{n}": models.Note(n * _BAR // 4, 480, 36 + n % 24) for n in range(4 * _BARS)
    }


@contextlib.contextmanager
def without() -> Iterator[int]:
    """A Jupyter server without the extension; its process."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        command = [
            *(sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root"),
            *("--ip=127.0.0.1", f"--port={port}", f"--ServerApp.root_dir={folder}"),
            f"--IdentityProvider.token={TOKEN}",
            "--ServerApp.jpserver_extensions=cellissimo_server=False",
        ]
        own = {
            "JUPYTER_RUNTIME_DIR": folder,
            "JUPYTER_CONFIG_DIR": folder,
            "JUPYTER_NO_CONFIG": "1",
        }
        with subprocess.Popen(command, env=os.environ | own, stderr=subprocess.DEVNULL) as process:
            try:
                _wait(f"http://127.0.0.1:{port}/api/status")
                yield process.pid
            finally:
                process.terminate()


def _wait(url: str) -> None:
    until = time.monotonic() + _START_S
    headers = {"Authorization": f"token {TOKEN}"}
    while time.monotonic() < until:
        with contextlib.suppress(httpx2.TransportError):
            if httpx2.get(url, headers=headers, trust_env=False).status_code == 200:
                return
        time.sleep(0.05)
    raise AssertionError("the server without the extension did not start")


async def room_of(server: Child) -> Held:
    """What the server holds while eight sit in the room of a song and edit it."""
    with server.client() as client:
        body = {"name": "Ordinary", "song": print_song(song())}
        piece = client.post("projects", json=body).raise_for_status().json()["id"]
        content = client.get(f"projects/{piece}/document").raise_for_status().content
    stage = Stage(piece, {"Authorization": f"token {TOKEN}"}, url=server.url, rate=1)
    players = [Player(stage, content, f"l{number}", number) for number in range(PEOPLE)]
    playing = [asyncio.create_task(player.play()) for player in players]
    await asyncio.sleep(PLAYING_S)
    found = held(server.process.pid)
    stage.is_playing = stage.is_open = False
    await asyncio.gather(*playing)
    if not all(player.acknowledged for player in players):
        raise AssertionError("somebody never came into the room")
    return found


def of_database() -> float:
    """What a process holds more, in MiB, with an empty DuckDB in it."""
    code = "import duckdb; duckdb.connect().execute('CREATE TABLE one (a INTEGER)')"
    telling = "; print(open('/proc/self/status').read())"
    more, less = (
        _resident(subprocess.check_output([sys.executable, "-c", text + telling], text=True))
        for text in (code, "pass")
    )
    return more - less


def _resident(status: str) -> float:
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if "VmRSS" in line)


def results() -> dict[str, str]:
    """What was measured, by its name."""
    with without() as pid:
        time.sleep(SETTLING_S)
        bare = held(pid)
    with tempfile.TemporaryDirectory() as folder, child(Path(folder)) as server:
        time.sleep(SETTLING_S)
        idle = held(server.process.pid)
        with server.client() as client:
            client.get("projects").raise_for_status()
        time.sleep(SETTLING_S)
        awake = held(server.process.pid)
        played = asyncio.run(room_of(server))
    return {
        "memory of an idle server, more than without the extension": str(idle - bare),
        "the same once its store was asked for something": (
            f"{awake - bare}; an empty DuckDB alone: {of_database():.0f} MiB"
        ),
        f"memory of a room of {PEOPLE} with a song of 1000 notes, more than that": str(
            played - awake
        ),
    }
