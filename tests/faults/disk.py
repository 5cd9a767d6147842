"""A process whose disk fails: at each call that writes, once or from then on.

``python -m tests.faults.disk FOLDER SCENARIO ERROR MOST``, with ``failing_disk.c`` loaded: one
line of JSON for each place at which something failed, until nothing fails any more.
"""

import asyncio
import ctypes
import errno
import json
import shutil
import sys
from pathlib import Path

from cellissimo_server.store import journal_rows, migrations, pieces
from cellissimo_server.store.errors import StoreError
from cellissimo_server.store.journal import DatabaseJournal
from cellissimo_server.store.opening import open_database
from tests.contracts.stores import NOW, entry, piece

DISK = ctypes.CDLL(None)
STEPS = 5
NEVER = -1


def failing(at, error=0, most=0):
    """Let the call number ``at`` from now on fail, and those after it up to ``most``."""
    DISK.fail_at(ctypes.c_long(at), error, ctypes.c_long(most))


async def begin(where):
    """Open a store, lay it out, and found a document in it."""
    database = open_database(where)
    try:
        await migrations.upgrade(database, NOW)
    except BaseException:
        await database.close()
        raise
    return database


async def work(database, report):
    """Append, index and checkpoint; what was acknowledged and what was said is noted."""
    journal = DatabaseJournal(database, lambda: NOW)
    for step in range(STEPS):
        try:
            seq = await journal.last_seq("doc") + 1
            if step % 2:
                await journal.append("doc", [entry(seq)])
            else:
                await database.write(lambda db, s=seq: indexed(db, s))
            report["acknowledged"].append(seq)
            if step == STEPS // 2:
                await database.checkpoint()
        except StoreError as error:
            report["said"].append(error.message)
    await journal.close()


def indexed(db, seq):
    """Write an entry and what the index says of it: both, or neither."""
    journal_rows.append(db, "doc", [entry(seq)])
    pieces.reindex(db, {"doc": {"bars": seq, "seq": seq}})
    db.run("INSERT INTO audit VALUES (?, ?, 'a', 'indexed', 'doc', '')", str(seq), seq)


async def look(where, report):
    """Open the store again and note what is there."""
    database = await begin(where)
    journal = DatabaseJournal(database, lambda: NOW)
    report["kept"] = [one.seq for one in await journal.since("doc", 0)]
    report["indexed"] = await database.read(
        lambda db: db.rows(int, "SELECT made_at FROM audit ORDER BY made_at")
    )
    row = await database.read(lambda db: pieces.by_id(db, "doc"))
    report["index"] = row.seq if row else 0
    await database.close()


async def at_work(where, at, error, most, report):
    """Everything is laid out; then the disk fails while documents are written."""
    database = await begin(where)
    await database.write(lambda db: pieces.insert(db, piece("doc", id="doc", seq=0)))
    failing(at, error, most)
    await work(database, report)
    report["failures"] = DISK.failures()
    failing(NEVER)
    after = len(report["said"])
    await work(database, report)
    report["said_after"] = report["said"][after:]
    await database.close()


async def at_start(where, at, error, most, report):
    """The disk fails while the store is opened and laid out for the first time."""
    failing(at, error, most)
    try:
        database = await begin(where)
        await database.close()
    except StoreError as refused:
        report["said"].append(refused.message)
    report["failures"] = DISK.failures()
    failing(NEVER)
    report["said_after"] = []


SCENARIOS = {"work": at_work, "start": at_start}


def main(folder, scenario, error, most):
    """One report for each place, until nothing fails."""
    for at in range(1, 1000):
        report = {"at": at, "acknowledged": [], "said": [], "failures": 0}
        where = Path(folder) / f"{scenario}{at}"
        where.mkdir()
        asyncio.run(SCENARIOS[scenario](str(where), at, getattr(errno, error), int(most), report))
        asyncio.run(look(str(where), report))
        shutil.rmtree(where)
        sys.stdout.write(json.dumps(report) + "\n")
        if not report["failures"]:
            return


if __name__ == "__main__":
    main(*sys.argv[1:])
