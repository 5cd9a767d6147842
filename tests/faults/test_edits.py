"""A server that is killed while documents are edited: every acknowledged edit is there."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cellissimo_server.commands.index_piece import index_of, parts_of
from cellissimo_server.store import journal_rows, parts, pieces
from tests.faults.editing import opened

ROOT = Path(__file__).resolve().parents[2]
LONG = os.environ.get("CELLISSIMO_LONG") == "1"
KILLS = 100 if LONG else 2
AUTHORS = 4
LONGEST_S = 1.0
PATIENCE_S = 60
_KILL = "import os, sys, time; time.sleep(float(sys.argv[2])); os.kill(int(sys.argv[1]), 9)"


def edited_until_killed(where, moment):
    """The acknowledged edits of a process that was killed: (document, seq, which)."""
    command = [sys.executable, "-m", "tests.faults.editing", where, str(AUTHORS)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        first = process.stdout.readline()
        killer = subprocess.Popen(
            [sys.executable, "-S", "-c", _KILL, str(process.pid), str(moment)]
        )
        rest, errors = process.communicate(timeout=PATIENCE_S)
        killer.wait(PATIENCE_S)
    assert process.returncode == -signal.SIGKILL, errors.decode()
    found = []
    for line in (first + rest).split(b"\n")[:-1]:
        doc, seq, count = line.split()
        found.append((doc.decode(), int(seq), int(count)))
    return found


async def checked(where, known):
    """Documents open, hold every acknowledged revision, and their rows say what they say."""
    documents, database = opened(where)
    for doc, seqs in known.items():
        revision = await documents.revision(doc)
        assert revision.seq >= max(seqs)
        last = await database.read(lambda db, doc=doc: journal_rows.last_seq(db, doc))
        assert last == revision.seq
        row = await database.read(lambda db, doc=doc: pieces.by_id(db, doc))
        columns = index_of(revision.value).columns
        assert (columns, last) == ({name: getattr(row, name) for name in columns}, row.seq)
        held = await database.read(lambda db, doc=doc: parts.of_piece(db, doc))
        assert sorted(part.id for part in parts_of(revision.value, doc)) == [p.id for p in held]
        for seq, count in seqs.items():
            song = await documents.history.song_at(doc, seq)
            assert song.loops["a"].steps["kick", count % 128].velocity == count % 128
            assert song.tempo == 20 + count % 300
    await documents.close()
    await database.close()


@pytest.mark.parametrize("kind", ["duckdb", "postgres"])
def test_a_kill_loses_no_edit_and_the_rows_follow_the_documents(kind, shelf, tmp_path):
    """[ROOM-2] [ROOM-3] [ROOM-5] At random instants, in the middle of edits and checkpoints."""
    seed = int(os.environ.get("CELLISSIMO_SEED", time.time_ns() % 1_000_000))
    chance = random.Random(seed)
    total = 0
    with shelf.place(kind, tmp_path) as where:
        for number in range(KILLS):
            known = {}
            for doc, seq, count in edited_until_killed(where, chance.uniform(0, LONGEST_S)):
                known.setdefault(doc, {})[seq] = count
            total += sum(map(len, known.values()))
            newest = {doc: dict(sorted(seqs.items())[-10:]) for doc, seqs in known.items()}
            print(f"seed {seed}, kill {number}: {total} edits")  # noqa: T201 - for a failure
            asyncio.run(checked(where, newest))
    assert total > KILLS
