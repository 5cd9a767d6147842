"""A process that writes to a store and says what was acknowledged, until it is killed.

``python -m tests.faults.writing STORE AUTHORS``: one line ``document seq crc`` on standard output
for each entry, once it is durable. Each entry comes with the index of its piece in the same
transaction, so that what is there after a kill can be compared.
"""

import asyncio
import itertools
import os
import random
import sys
from zlib import crc32

from cellissimo_server.store import journal_rows, migrations, pieces
from cellissimo_server.store.duckdb import DuckDatabase
from cellissimo_server.store.journal import DatabaseJournal
from cellissimo_server.store.opening import open_database
from tests.contracts.stores import NOW, entry, piece

CHECKPOINT_EVERY = 60
LARGE = 300_000


def content(doc, seq):
    """The bytes of an entry: sometimes large, so that the log is moved into the file."""
    size = LARGE if seq % 25 == 0 else 60
    return random.Random(f"{doc}/{seq}").randbytes(size)


def indexed(db, doc, seq):
    """Write an entry and, in the same transaction, what the index says of it."""
    journal_rows.append(db, doc, [entry(seq, content(doc, seq))])
    assert pieces.reindex(db, {doc: {"bars": seq, "seq": seq}})


async def author(number, database, journal):
    """Write for ever: half of the documents by the journal alone, half with their index."""
    doc = f"doc{number}"
    last = await journal.last_seq(doc)
    if await database.read(lambda db: pieces.by_id(db, doc)) is None:
        await database.write(lambda db: pieces.insert(db, piece(doc, id=doc, seq=0)))
    for seq in itertools.count(last + 1):
        if number % 2:
            await database.write(lambda db, s=seq: indexed(db, doc, s))
        else:
            await journal.append(doc, [entry(seq, content(doc, seq))])
        os.write(1, b"%s %d %d\n" % (doc.encode(), seq, crc32(content(doc, seq))))
        if seq % CHECKPOINT_EVERY == 0 and isinstance(database, DuckDatabase):
            await database.checkpoint()


async def main(where, authors):
    """Write until killed."""
    database = open_database(where)
    await migrations.upgrade(database, NOW)
    journal = DatabaseJournal(database, lambda: NOW)
    await asyncio.gather(*[author(number, database, journal) for number in range(authors)])


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
