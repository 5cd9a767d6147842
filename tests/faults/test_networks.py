"""PostgreSQL that goes away at any instant: what was acknowledged is there, and service goes on."""

import asyncio
import contextlib
import os
import tempfile

import pytest

from cellissimo_server.store import migrations, pieces
from cellissimo_server.store.errors import StoreError
from cellissimo_server.store.postgres import PostgresDatabase
from tests.contracts.postgres_server import Server
from tests.contracts.stores import NOW, Kept, entry, piece
from tests.faults.disk import indexed

LONG = os.environ.get("CELLISSIMO_LONG") == "1"
STEPS = 4
STRIDE = 1 if LONG else 5
CRASHES = 20 if LONG else 1


class Line:
    """A line to a server, which is cut at one message: before it arrives, or before its answer."""

    def __init__(self, address):
        """``address`` is that of the server."""
        host, port = address.rpartition("@")[2].split("/")[0].split(":")
        self._target = host, int(port)
        self._rest = address
        self._listener = None
        self._writers = set()
        self.cut_at = self.messages = 0
        self.is_late = False

    async def open(self):
        """Listen, and give the address to use instead."""
        self._listener = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        port = self._listener.sockets[0].getsockname()[1]
        host, old = self._target
        return self._rest.replace(f"{host}:{old}", f"127.0.0.1:{port}")

    async def close(self):
        """Hang up."""
        self._listener.close()
        for writer in list(self._writers):
            writer.close()
        await self._listener.wait_closed()

    async def _carry(self, reader, writer):
        other_reader, other_writer = await asyncio.open_connection(*self._target)
        both = {writer, other_writer}
        self._writers |= both
        is_mute = asyncio.Event()
        back = asyncio.ensure_future(_carry_back(other_reader, writer, is_mute))
        back.add_done_callback(lambda _: [one.close() for one in both])
        with contextlib.suppress(OSError):
            while content := await reader.read(65536):
                self.messages += 1
                if self.messages == self.cut_at:
                    if not self.is_late:
                        break
                    is_mute.set()
                other_writer.write(content)
        for one in both:
            one.close()
        await back
        self._writers -= both


async def _carry_back(reader, writer, is_mute):
    with contextlib.suppress(OSError):
        while (content := await reader.read(65536)) and not is_mute.is_set():
            writer.write(content)


async def _work(journal, database, report):
    for step in range(STEPS):
        try:
            seq = await journal.last_seq("doc") + 1
            if step % 2:
                await journal.append("doc", [entry(seq)])
            else:
                await database.write(lambda db, s=seq: indexed(db, s))
            report["acknowledged"].append(seq)
        except StoreError as error:
            report["said"].append(error.message)


async def _cut_once(where, at, is_late):
    """Cut the line at one message of the work; what was acknowledged and said."""
    line = Line(where)
    address = await line.open()
    database = await asyncio.to_thread(PostgresDatabase, address, connections=2)
    kept = Kept("postgres", where, database)
    journal = kept.journal()
    report = {"acknowledged": [], "said": []}
    line.messages, line.cut_at, line.is_late = 0, at, is_late
    await _work(journal, database, report)
    report["was_cut"] = line.messages >= at
    said = len(report["said"])
    await _work(journal, database, report)
    report["said_after"] = report["said"][said:]
    await database.close()
    await line.close()
    return report


@pytest.mark.parametrize("is_late", [False, True], ids=["before-it-arrives", "before-the-answer"])
def test_a_line_that_is_cut_anywhere_breaks_nothing(is_late, shelf, tmp_path):
    """At every message between us and PostgreSQL: said clearly, nothing half, nothing lost."""
    with shelf.store("postgres", tmp_path) as kept:
        kept.write(lambda db: pieces.insert(db, piece("doc", id="doc", seq=0)))
        for at in range(1, 400, STRIDE):
            report = asyncio.run(_cut_once(kept.where, at, is_late))
            entries = [one.seq for one in asyncio.run(kept.journal().since("doc", 0))]
            assert list(range(1, len(entries) + 1)) == entries
            assert set(report["acknowledged"]) <= set(entries)
            noted = kept.read(lambda db: db.rows(int, "SELECT made_at FROM audit ORDER BY made_at"))
            row = kept.read(lambda db: pieces.by_id(db, "doc"))
            assert (row.seq, row.bars) == (noted[-1], noted[-1])
            assert set(noted) <= set(entries)
            assert len(report["said"]) <= 1
            assert is_late or not report["said"] or "committed" in report["said"][0]
            assert report["said_after"] == []
            if not report["was_cut"]:
                break
    assert at > 20


@pytest.fixture
def own_server():
    """Start a server that may crash."""
    with tempfile.TemporaryDirectory(prefix="cellissimo-pg-", ignore_cleanup_errors=True) as home:
        server = Server(home)
        server.start()
        yield server
        server.crash()


def test_a_server_that_crashes_has_what_was_acknowledged(own_server):
    """PostgreSQL loses its power amid writes: all acknowledged is there, and we go on with it."""

    async def author(journal, doc, acknowledged, enough):
        written = 0
        try:
            while True:
                seq = await journal.last_seq(doc) + 1
                await journal.append(doc, [entry(seq)])
                acknowledged.setdefault(doc, []).append(seq)
                written += 1
                if written == 20:
                    enough.set()
        except StoreError:
            assert enough.is_set()  # before the crash nothing fails
        finally:
            enough.set()

    async def crashing(where):
        database = await asyncio.to_thread(PostgresDatabase, where)
        await migrations.upgrade(database, NOW)
        journal = Kept("postgres", where, database).journal()
        acknowledged = {}
        for _ in range(CRASHES):
            enough = [asyncio.Event() for _ in range(4)]
            authors = [
                asyncio.ensure_future(author(journal, f"doc{n}", acknowledged, one))
                for n, one in enumerate(enough)
            ]
            await asyncio.gather(*(one.wait() for one in enough))
            await asyncio.to_thread(own_server.crash)
            await asyncio.gather(*authors)
            await asyncio.to_thread(own_server.start)
            for doc, seqs in acknowledged.items():
                there = [one.seq for one in await journal.since(doc, 0)]
                assert list(range(1, len(there) + 1)) == there
                assert set(seqs) <= set(there)
        await database.close()
        return acknowledged

    where = f"{own_server.address}/postgres"
    assert len(asyncio.run(crashing(where))) == 4
