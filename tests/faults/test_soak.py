"""A room that is played in for long: nothing piles up, and all have the same song at the end."""

import asyncio
import contextlib
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median

import httpx2

from cellissimo.crdt.document import Document
from cellissimo.notation.song_file import print_song
from cellissimo.schema import models
from tests.faults.jamming import Player, Stage
from tests.server.pieces import made

LONG = os.environ.get("CELLISSIMO_LONG") == "1"
PLAYERS, KERNELS = (20, 5) if LONG else (8, 2)
PLAYING_S = 3600 if LONG else 4
LOOK_S = 5 if LONG else 0.2
PATIENCE_S = 300 if LONG else 60
TOKEN = "ann-token"  # noqa: S105 - of a server that lives for a test

MOST_GROWTH = 0.1
"""By how much the mean memory of the last third may be more than that of the middle third, beyond
what the document's own operations take."""
OF_AN_OPERATION = 3 * 250
"""Bytes that an operation takes for good, as a CRDT keeps a mark of every value that was ever set:
in the document, in the copy that edits are tried on, and in the one that a checkpoint is compared
with."""
MOST_MORE = 3
"""How many descriptors, threads and tasks more there may usually be in the last third."""

LOOPS = {f"l{number}": models.Loop(f"l{number}", f"Beat {number}", bars=8)
         for number in range(PLAYERS)}  # fmt: skip
STEMS = {f"t{number}": models.Stem(f"t{number}", f"Stem {number}") for number in range(KERNELS)}
SONG = models.Song("s", "Jam", loops=LOOPS, stems=STEMS)


@dataclass(frozen=True)
class Look:
    """What the server's process holds at one moment."""

    memory: int
    descriptors: int
    threads: int
    tasks: int
    operations: int
    """Of the document's, in all replicas."""

    @property
    def rest(self):
        """The memory without what operations take."""
        return self.memory - OF_AN_OPERATION * self.operations


class Served:
    """A server in a process of its own, whose log is a file."""

    def __init__(self, process, log):
        """It says where it is first."""
        self.process, self.log = process, log
        self.url = json.loads(process.stdout.readline())["url"]

    def look(self, operations):
        """What it holds now, after so many operations."""
        place = Path(f"/proc/{self.process.pid}")
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return Look(
            int((place / "statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE"),
            len(list((place / "fd").iterdir())),
            len(list((place / "task").iterdir())),
            int(self.process.stdout.readline()),
            operations,
        )

    def client(self):
        """A client of the song's owner."""
        return httpx2.Client(
            base_url=f"{self.url}cellissimo/api/v1/",
            headers={"Authorization": f"token {TOKEN}"},
            timeout=PATIENCE_S,
            trust_env=False,
        )


@contextlib.contextmanager
def served(folder):
    """A server of ours; it is gone afterwards."""
    command = [sys.executable, "-m", "tests.server.serve", str(folder)]
    with (folder / "log.txt").open("w") as log, piped(command, stderr=log) as process:
        yield Served(process, folder / "log.txt")


@contextlib.contextmanager
def piped(command, **options):
    """A process that is spoken with; it ends when nobody speaks with it any more."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes, **options) as process:
        try:
            yield process
            process.stdin.close()
            assert process.wait(PATIENCE_S) == 0
        finally:
            process.kill()


def test_an_hour_in_one_room_leaves_nothing_behind(tmp_path):
    """[ROOM-14] Memory, descriptors, threads and tasks stay; all have one song; no error is said.

    Eight clients and two kernels edit; with `CELLISSIMO_LONG=1` twenty and five, for an hour.
    """
    with served(tmp_path) as server, server.client() as client:
        piece = made(client, SONG)
        content = client.get(f"projects/{piece}/document").raise_for_status().content
        stage = Stage(piece, {"Authorization": f"token {TOKEN}"}, server.url, rate=1 if LONG else 2)
        players = [Player(stage, content, loop, seed) for seed, loop in enumerate(LOOPS)]
        with lodgers(server.url, piece) as kernels:
            looks = asyncio.run(play(stage, players, kernels, server))
            tell(looks, players)
            song = Document(
                update=client.get(f"projects/{piece}/document").raise_for_status().content
            )
            wanted = tmp_path / "wanted.song"
            wanted.write_text(print_song(song.revision), "utf-8")
            assert ["same"] * KERNELS == [ask(kernel, str(wanted)) for kernel in kernels]
    assert {wanted.read_text("utf-8")} == {print_song(document_of(p).revision) for p in players}
    assert {p.loop: p.count for p in players} == {
        p.loop: p.newest_in(song.stored["loops"][p.loop]["steps"]) for p in players
    }
    assert [] == stage.refusals
    assert [] == complaints(server.log)
    assert_flat(looks)


@contextlib.contextmanager
def lodgers(url, piece):
    """Kernels that edit, each in a process of its own."""
    with contextlib.ExitStack() as opened:
        kernels = [
            opened.enter_context(
                piped([sys.executable, "-m", "tests.faults.lodger", url, TOKEN, piece, str(number)])
            )
            for number in range(KERNELS)
        ]
        assert ["here"] * KERNELS == [kernel.stdout.readline().strip() for kernel in kernels]
        yield kernels


def ask(kernel, line=""):
    """What a kernel answers to a line."""
    kernel.stdin.write(f"{line}\n")
    kernel.stdin.flush()
    return kernel.stdout.readline().strip()


async def play(stage, players, kernels, server):
    """Let all play for the time, and stop them; gives what the server held meanwhile."""
    playing = [asyncio.create_task(player.play()) for player in players]
    await until(lambda: all(player.acknowledged for player in players))
    looks, end = [], time.monotonic() + PLAYING_S
    while time.monotonic() < end:
        looks.append(await asyncio.to_thread(server.look, sum(players[0].state.values())))
        await asyncio.sleep(LOOK_S)
    stage.is_playing = False
    kept = await asyncio.gather(*(asyncio.to_thread(ask, kernel) for kernel in kernels))
    assert ["kept"] * KERNELS == kept
    await until(lambda: not any(player.session.view.unsaved for player in players))
    await until(lambda: all(player.state == players[0].state for player in players))
    stage.is_open = False
    await asyncio.gather(*playing)
    return looks


async def until(so):
    """Wait until something is so."""
    async with asyncio.timeout(PATIENCE_S):
        while not so():  # noqa: ASYNC110 - it is a server in another process that makes it so
            await asyncio.sleep(0.02)


def document_of(player):
    """What a peer's own replica says at the end."""
    return Document(update=player.session._shadow.encode())


def complaints(log):
    """Lines of a server's log that tell of an error."""
    said = ("error", "exception", "traceback", "critical")
    return [
        line
        for line in log.read_text("utf-8").splitlines()
        if any(word in line.lower() for word in said)
    ]


def assert_flat(looks):
    """The last third of the time holds no more than the middle third."""
    third = len(looks) // 3
    middle, last = looks[third : 2 * third], looks[2 * third :]
    before, after = (mean(look.rest for look in part) for part in (middle, last))
    assert after < before * (1 + MOST_GROWTH)
    for name in ("descriptors", "threads", "tasks"):
        before, after = (median(getattr(look, name) for look in part) for part in (middle, last))
        assert after <= before + MOST_MORE, name


def tell(looks, players):
    """Print the figures."""
    third = len(looks) // 3
    for name, one in (("start", 0), ("a third", third), ("two thirds", 2 * third), ("end", -1)):
        look = looks[one]
        print(  # noqa: T201 - for the record
            f"{name}: {look.memory / 2**20:.1f} MiB, {look.rest / 2**20:.1f} MiB without"
            f" {look.operations} operations, {look.descriptors} descriptors,"
            f" {look.threads} threads, {look.tasks} tasks"
        )
    print(f"{sum(player.count for player in players)} edits of clients")  # noqa: T201 - see above
