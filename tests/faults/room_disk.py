"""A room whose server's disk fails while it is edited: at each call that writes, and comes back.

``python -m tests.faults.room_disk FOLDER ERROR MOST``, with ``failing_disk.c`` loaded: one line of
JSON for each place at which something failed, until nothing fails any more.
"""

from __future__ import annotations

import errno
import json
import sys
from pathlib import Path

from cellissimo.crdt.document import Document
from cellissimo.notation.song_file import print_song
from cellissimo.schema import models
from cellissimo_server.store import pieces
from tests.faults.disk import DISK, NEVER, failing
from tests.server.pieces import made
from tests.server.running import running
from tests.server.sitting import Closed, sitting

EDITS = 4
CELLS = 32
ALWAYS = 1000
LOOP = models.Loop("a", "Beat", bars=2)


class Author:
    """Somebody who edits, and sends again what was not acknowledged."""

    def __init__(self, content: bytes) -> None:
        """A replica of the document as it is."""
        self.document = Document(update=content)
        self.count = 0
        self.acknowledged = 0
        self._waiting: list[tuple[int, bytes]] = []
        self.document.observe(lambda update: self._waiting.append((self.count, update)))

    def edit(self) -> None:
        """Set the next step."""
        self.count += 1
        with self.document.edit() as write:
            row, cell = divmod(self.count, CELLS)
            write.set_step("a", f"row{row}", cell, models.Step(90))

    def send(self, room) -> tuple[int, str] | None:
        """Send what waits, edit by edit; the code and reason with which the room has closed."""
        try:
            while self._waiting:
                number, update = self._waiting[0]
                room.tell(update)
                room.kept()
                self.acknowledged = number
                self._waiting.pop(0)
        except Closed as closed:
            return closed.code, closed.reason
        return None


def steps_in(document: Document) -> list[int]:
    """The numbers of the edits that a document holds."""
    keys = (key.split("/") for key in document.stored["loops"]["a"]["steps"])
    return sorted(int(row.removeprefix("row")) * CELLS + int(cell) for row, cell in keys)


class Evening:
    """One room, somebody who edits in it, and somebody who listens."""

    def __init__(self, server) -> None:
        """Make the piece."""
        self.server, self.client = server, server.as_("ann")
        self.piece = made(self.client, models.Song("s", "Song", loops={"a": LOOP}))
        self.author = Author(self.content()[0])

    def content(self) -> tuple[bytes, int]:
        """The document as the server gives it, and its revision."""
        answer = self.client.get(f"projects/{self.piece}/document").raise_for_status()
        return answer.content, int(answer.headers["X-Cellissimo-Seq"])

    def come(self):
        """A seat in the room."""
        return sitting(self.server, self.client, self.piece)

    def through(self, at: int, error: int, most: int, listener) -> dict:
        """Let the disk fail at one place while the author edits, then be well again."""
        author = self.author
        with self.come() as room:
            failing(at, error, most)
            for _ in range(EDITS):
                author.edit()
            closed = author.send(room)
        report = {"at": at, "closed": closed, "acknowledged": author.acknowledged}
        report["count"] = author.count
        report["visitor"] = self.visited() if most == ALWAYS else ""
        report["failures"] = DISK.failures()
        failing(NEVER)
        with self.come() as room:
            report["kept"] = steps_in(room.document)
            report["closed_after"] = author.send(room)
        content, seq = self.content()
        listener.sees(seq)
        document = Document(update=content)
        report["after"] = steps_in(document)
        songs = (listener.document, author.document, document)
        report["songs"] = len({print_song(one.revision) for one in songs})
        report["rows_behind"] = seq - self.indexed()
        return report

    def indexed(self) -> int:
        """The revision that the rows of lists say, once all that was begun is written."""
        self.server.run(self.server.services.documents.settled())
        database = self.server.services.database
        return self.server.run(database.read(lambda db: pieces.by_id(db, self.piece))).seq

    def visited(self) -> str:
        """What somebody finds who comes while the disk fails."""
        try:
            with self.come() as room:
                return "comes in" if 1 in steps_in(room.document) else "finds nothing"
        except Closed as closed:
            return f"{closed.code} {closed.reason}"
        except AssertionError as error:
            return str(error).splitlines()[0]


def main(folder: str, error: str, most: str) -> None:
    """One report for each place, until nothing fails."""
    settings = {"database_url": "", "reads_per_hour": 10**6, "writes_per_hour": 10**6}
    with running(Path(folder), frozen=False, **settings) as server:
        evening = Evening(server)
        with evening.come() as room:
            evening.author.edit()
            evening.author.send(room)
        with evening.come() as listener:
            for at in range(1, 200):
                report = evening.through(at, getattr(errno, error), int(most), listener)
                sys.stdout.write(json.dumps(report) + "\n")
                sys.stdout.flush()
                if not report["failures"]:
                    return


if __name__ == "__main__":
    main(*sys.argv[1:])
