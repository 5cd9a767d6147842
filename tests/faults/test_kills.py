"""A server that is killed at any instant loses nothing that it has acknowledged."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from zlib import crc32

import pytest

from cellissimo_server.store import journal_rows, migrations, pieces
from cellissimo_server.store.opening import open_database
from tests.contracts.stores import NOW, Kept
from tests.faults.writing import content

ROOT = Path(__file__).resolve().parents[2]
LONG = os.environ.get("CELLISSIMO_LONG") == "1"
KILLS = 200 if LONG else 8
AUTHORS = 6
LONGEST_S = 0.6
PATIENCE_S = 60


def _write_until_killed(where, moment):
    """The acknowledged entries, by document, of a process that was killed after ``moment`` s."""
    command = [sys.executable, "-m", "tests.faults.writing", where, str(AUTHORS)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    os.set_blocking(process.stdout.fileno(), True)
    first = process.stdout.readline()
    killer = _kill_after(process, moment)
    rest = process.stdout.read()
    killer.wait(PATIENCE_S)
    errors = process.stderr.read().decode()
    process.wait(PATIENCE_S)
    process.stdout.close()
    process.stderr.close()
    assert process.returncode == -signal.SIGKILL, errors
    acknowledged = {}
    for line in (first + rest).split(b"\n")[:-1]:
        doc, seq, crc = line.split()
        acknowledged.setdefault(doc.decode(), {})[int(seq)] = int(crc)
    return acknowledged


def _kill_after(process, moment):
    """The kill comes from outside, so that reading what was said never delays it."""
    code = "import os, sys, time; time.sleep(float(sys.argv[2])); os.kill(int(sys.argv[1]), 9)"
    return subprocess.Popen([sys.executable, "-S", "-c", code, str(process.pid), str(moment)])


def _there(kept, doc):
    """A document's entries and the row of its piece, of one moment.

    PostgreSQL may still be finishing what a killed server had sent.
    """
    return kept.read(lambda db: (journal_rows.read(db, doc, 0).entries, pieces.by_id(db, doc)))


def _check(kept, known, where):
    """Everything acknowledged is there, whole and in order, and the index equals the journal."""
    for doc, acknowledged in known.items():
        entries, row = _there(kept, doc)
        assert list(range(1, len(entries) + 1)) == [one.seq for one in entries], where
        there = {one.seq: crc32(one.bytes) for one in entries}
        assert acknowledged == {seq: there.get(seq) for seq in acknowledged}, where
        assert all(content(doc, one.seq) == one.bytes for one in entries), where
        if int(doc[3:]) % 2:
            assert (len(entries), len(entries)) == (row.seq, row.bars), where
        known[doc] = there


@pytest.mark.parametrize("kind", ["duckdb", "postgres"])
def test_a_kill_loses_nothing_that_was_acknowledged(kind, shelf, tmp_path):
    """At random instants: the store opens, and replays what was acknowledged."""
    seed = int(os.environ.get("CELLISSIMO_SEED", time.time_ns() % 1_000_000))
    chance = random.Random(seed)
    known = {}
    with shelf.place(kind, tmp_path) as where:
        for number in range(KILLS):
            for doc, seqs in _write_until_killed(where, chance.uniform(0, LONGEST_S)).items():
                known.setdefault(doc, {}).update(seqs)
            kept = Kept(kind, where, open_database(where))
            assert asyncio.run(migrations.upgrade(kept.database, NOW)) == []
            _check(kept, known, f"seed {seed}, kill {number}")
            asyncio.run(kept.database.close())
    total = sum(map(len, known.values()))
    print(f"\n{kind}: {KILLS} kills, {total} entries kept, seed {seed}")  # noqa: T201 - the count
    assert total > KILLS


@pytest.mark.parametrize("moment", [n / 20 for n in range(20)] if LONG else [0.2, 0.4, 0.5, 0.6])
def test_a_kill_at_the_start_leaves_a_store_that_starts(moment, tmp_path):
    """Killed while it opens and lays out its tables for the first time: the next start succeeds."""
    where = str(tmp_path / "kept.duckdb")
    command = [sys.executable, "-m", "tests.faults.writing", where, "1"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    killer = _kill_after(process, moment)
    assert process.wait(PATIENCE_S) == -signal.SIGKILL
    assert killer.wait(PATIENCE_S) == 0
    kept = Kept("duckdb", where, open_database(where))
    asyncio.run(migrations.upgrade(kept.database, NOW))
    assert len(migrations.migrations()) == kept.read(lambda db: migrations.applied_steps(db)[-1])
    asyncio.run(kept.database.close())
