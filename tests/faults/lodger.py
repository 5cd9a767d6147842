"""A kernel in a room: ``python -m tests.faults.lodger URL TOKEN PIECE NUMBER``.

It edits until a line comes on its standard input, and says "kept" once the room has all of it. The
next line names a file with the song as it must be here: it says "same" once it is, or what is not.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import cellissimo as cm
from cellissimo.notation.song_file import print_song

PAUSE_S = 0.5
PATIENCE_S = 60


def main(url: str, token: str, piece: str, number: str) -> None:
    """Come into the room of a piece, and edit the stem of that number."""
    room = cm.join(piece, on=cm.Client(url, token=token))
    room.thing.stems[f"Stem {number}"].volume = 0.5
    _say("here")
    stop = threading.Event()
    listening = threading.Thread(target=lambda: (sys.stdin.readline(), stop.set()))
    listening.start()
    count = 0
    while not stop.wait(PAUSE_S):
        count += 1
        room.thing.stems[f"Stem {number}"].volume = count % 100 / 100
    listening.join()
    room.flush(PATIENCE_S)
    _say("kept")
    wanted = Path(sys.stdin.readline().strip()).read_text("utf-8")
    same = room.sync(lambda: print_song(room.thing.document.revision) == wanted, PATIENCE_S)
    _say("same" if same else f"another song: {room.state}, {room.reason}")
    room.leave()


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
