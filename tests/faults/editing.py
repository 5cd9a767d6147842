"""A process that edits documents and says what was acknowledged, until it is killed.

``python -m tests.faults.editing STORE AUTHORS``: one line ``document seq step`` on standard output
for each edit, once it is durable. Checkpoints are kept often, so that a kill meets them too.
"""

import asyncio
import itertools
import os
import sys

from cellissimo.crdt.document import Document
from cellissimo.schema import models
from cellissimo_server.commands.index_piece import prepared
from cellissimo_server.rooms import keeping
from cellissimo_server.rooms.documents import Documents
from cellissimo_server.store import journal_rows, migrations, pieces
from cellissimo_server.store.journal import DatabaseJournal, Entry
from cellissimo_server.store.opening import open_database
from tests.contracts.stores import NOW, piece

CELLS = 128


def song_named(doc):
    """What a document says at first."""
    loop = models.Loop("a", "Beat", bars=8)
    return models.Song(doc, doc, loops={"a": loop})


def opened(where):
    """The documents of a store, and the store."""
    database = open_database(where)
    return Documents(
        database, DatabaseJournal(database, lambda: NOW), lambda: NOW, prepared
    ), database


def step(number):
    """The change that edit ``number`` makes: a step, a stem now and then, the tempo."""

    def change(document):
        with document.edit("server") as write:
            write.set_step("a", "kick", number % CELLS, models.Step(number % 128))
            write.set_tempo(0, models.Tempo(20 + number % 300))
            if number % 7 == 0:
                write.put(models.Stem(f"s{number % 5}", f"Stem {number}"))

    return change


async def author(number, documents, database):
    """Edit a document for ever; two share one."""
    doc = f"doc{number // 2}"

    def found(db):
        if pieces.by_id(db, doc) is None:
            pieces.insert(db, piece(doc, id=doc, seq=0))
            founding = Document(song_named(doc), epoch=doc).encode()
            journal_rows.append(db, doc, [Entry(1, "founder", "", NOW, founding)])

    await database.write(found)
    for count in itertools.count():
        edited = await documents.edit(doc, f"author{number}", step(count))
        os.write(1, b"%s %d %d\n" % (doc.encode(), edited.seq, count))


async def main(where, authors):
    """Edit until killed."""
    keeping.CHECKPOINT_EDITS = 20
    documents, database = opened(where)
    await migrations.upgrade(database, NOW)
    await asyncio.gather(*[author(number, documents, database) for number in range(authors)])


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
