"""Rooms that nobody is in: what of them stays in memory, and how soon they are there again."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from statistics import median

from websockets.sync.client import connect

from cellissimo.notation.song_file import print_song
from cellissimo.schema.models import Step
from tests.bench.memory import song
from tests.bench.rooms import NAMES, Hall, hall
from tests.server.sitting import Sitting

ROOMS = 30
ROUNDS = 3
_PATIENCE_S = 120


def results() -> dict[str, str]:
    """What was measured, by its name."""
    held, returns = [], []
    with hall() as ours:
        pieces = [_piece(ours) for _ in range(ROOMS)]
        for turn in range(ROUNDS):
            with ExitStack() as opened:
                came = [opened.enter_context(_inside(ours, piece, turn)) for piece in pieces]
                held.append(ours.memory)
            if turn:  # nobody has ever been there before
                returns += came
            _wait_until_left(ours, pieces)
            held.append(ours.memory)
        with _inside(ours, pieces[0], ROUNDS):
            warm = [_come_and_go(ours, pieces[0], ROUNDS + number) for number in range(1, 6)]
    sizes = ", ".join(f"{size / 2**20:.0f}" for size in held)
    return {
        "a room of 1000 notes that had left memory, from its line to the whole song": (
            f"p50 {median(returns):.0f} ms, at most {max(returns):.0f} ms; "
            f"where somebody is there: {median(warm):.0f} ms"
        ),
        f"memory with somebody in each of {ROOMS} such rooms, and left, {ROUNDS} times": (
            f"{sizes} MiB"
        ),
    }


def _piece(ours: Hall) -> str:
    body = {"name": "Ordinary", "song": print_song(song())}
    made = ours.clients[NAMES[0]].post("projects", json=body)
    return str(made.raise_for_status().json()["id"])


@contextmanager
def _inside(ours: Hall, piece: str, cell: int) -> Iterator[float]:
    """Somebody who edits in a room; in how many ms they had the song."""
    address = ours.address(piece, 0)
    began = time.perf_counter()
    with connect(address, max_size=None, compression=None, proxy=None) as line:
        sitting = Sitting(line)
        sitting.greet()
        sitting.load()
        ms = (time.perf_counter() - began) * 1000
        sitting.keep(lambda write: write.set_step("l0", "drum-clap", cell, Step()))
        yield ms


def _come_and_go(ours: Hall, piece: str, cell: int) -> float:
    with _inside(ours, piece, cell) as ms:
        return ms


def _wait_until_left(ours: Hall, pieces: list[str]) -> None:
    until = time.monotonic() + _PATIENCE_S
    while any(ours.figures(piece)["state"] != "empty" for piece in pieces):
        if time.monotonic() > until:
            raise AssertionError("a room that nobody is in stays open")
        time.sleep(0.5)


if __name__ == "__main__":
    for title, value in results().items():
        sys.stdout.write(f"| {title} | {value} |\n")
