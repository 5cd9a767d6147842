"""A journal whose end never reached the disk: cut at any byte, the server starts and goes on."""

import asyncio
import os
import random
import shutil
from dataclasses import dataclass

import pytest

from cellissimo.crdt.document import Document
from cellissimo.schema import models
from cellissimo_server.store import migrations
from tests.contracts.stores import NOW
from tests.faults.editing import opened
from tests.server.pieces import made
from tests.server.running import running
from tests.server.sitting import sitting

LONG = os.environ.get("CELLISSIMO_LONG") == "1"
EDITS = 12
TAIL = 6
"""So many of the last edits stand in the part of the log that is cut."""

NAME = "cellissimo.duckdb"
LOOP = models.Loop("a", "Beat", bars=2)


@dataclass(frozen=True)
class Evening:
    """What a room's server has on its disk at one instant, and how far its log was after each."""

    file: bytes
    log: bytes
    piece: str
    ends: list[int]

    def cut(self, folder, at):
        """What the disk holds where all of the log behind a byte is lost."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        (folder / NAME).write_bytes(self.file)
        (folder / f"{NAME}.wal").write_bytes(self.log[:at])

    def acknowledged(self, at):
        """How many edits had been acknowledged when the log was that long."""
        return sum(end <= at for end in self.ends)

    @property
    def cuts(self):
        """Where to cut: at every byte of the tail, or about the ends of its edits and between."""
        first = self.ends[-TAIL - 1]
        every = range(first, len(self.log) + 1)
        if LONG:
            return every
        near = {end + by for end in self.ends[-3:] for by in (-1, 0, 1)} & set(every)
        return sorted(near | {first} | set(random.Random(0).sample(every, 3)))


def edit(number):
    """The edit that sets one step."""
    return lambda write: write.set_step("a", "kick", number, models.Step(90))


def edits_in(song):
    """The numbers of the edits that a song holds."""
    return sorted(cell for _, cell in song.loops["a"].steps)


@pytest.fixture(scope="module")
def evening(tmp_path_factory):
    """A room that is edited, and its disk while it is."""
    folder = tmp_path_factory.mktemp("evening")
    with running(folder, database_url="") as server:
        ann = server.as_("ann")
        piece = made(ann, models.Song("s", "Song", loops={"a": LOOP}))
        file = folder / "data" / NAME
        log = file.with_name(f"{NAME}.wal")
        ends = []
        with sitting(server, ann, piece) as room:
            for number in range(EDITS):
                room.keep(edit(number))
                ends.append(log.stat().st_size)
            return Evening(file.read_bytes(), log.read_bytes(), piece, ends)


def added(number):
    """The change of a document that makes one edit."""

    def change(document):
        with document.edit("server") as write:
            edit(number)(write)

    return change


async def gone_on(where, piece):
    """What is there, and what is there after one more edit and another start."""
    found = []
    for _ in range(2):
        documents, database = opened(where)
        await migrations.upgrade(database, NOW)
        found.append(edits_in((await documents.revision(piece)).value))
        await documents.edit(piece, "ann", added(len(found[0])))
        await documents.close()
        await database.close()
    return found


def test_a_log_that_is_cut_at_any_byte_holds_what_was_whole(evening, tmp_path):
    """[ROOM-2] The edits that were acknowledged by then are there, none is half, and it goes on."""
    counts = set()
    for at in evening.cuts:
        evening.cut(tmp_path / "cut", at)
        before, after = asyncio.run(gone_on(str(tmp_path / "cut" / NAME), evening.piece))
        assert list(range(len(before))) == before, at
        assert evening.acknowledged(at) <= len(before), at
        assert list(range(len(before) + 1)) == after, at
        counts.add(len(before))
    assert {EDITS - TAIL, EDITS} <= counts
    print(f"{len(evening.cuts)} cuts of the last {TAIL} edits")  # noqa: T201 - for the record


def test_a_room_opens_on_a_log_that_was_cut(evening, tmp_path):
    """Through the front door: whoever comes has what was kept, and edits it."""
    at = evening.ends[-1] - 1
    evening.cut(tmp_path / "data", at)
    with running(tmp_path, database_url="") as server:
        ann = server.as_("ann")
        with sitting(server, ann, evening.piece) as room:
            there = edits_in(room.document.revision)
            assert evening.acknowledged(at) == len(there)
            room.keep(edit(len(there)))
        content = ann.get(f"projects/{evening.piece}/document").content
    assert [*there, len(there)] == edits_in(Document(update=content).revision)
