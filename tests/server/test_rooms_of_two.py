"""Rooms of two servers on one database: each hears what is played in the other [ROOM-12]."""

from __future__ import annotations

import asyncio

import pytest

from cellissimo.crdt.document import Document
from cellissimo.crdt.update_parser import state_of
from cellissimo.notation.song_file import print_song
from cellissimo.schema import models
from cellissimo_server.commands.index_piece import keep_edits, prepared
from cellissimo_server.rooms.documents import Documents
from cellissimo_server.rooms.taking import Offer
from cellissimo_server.store.errors import ExistsError
from cellissimo_server.store.journal import DatabaseJournal
from tests.server.pieces import made
from tests.server.sitting import sitting
from tests.updates import put, update

STEP = models.Step(90)


@pytest.fixture
def two(server):
    """The documents of two servers that share the database, and a piece."""
    services = server.services

    def opened():
        journal = DatabaseJournal(services.database, services.clock)
        return Documents(
            services.database,
            journal,
            services.clock,
            prepared,
            keep_edits=keep_edits,
            is_shared=True,
        )

    both = opened(), opened()
    yield (*both, made(server.as_("alice")))
    for documents in both:
        server.run(documents.close())


class Page:
    """Somebody's replica, and the offers that it makes."""

    def __init__(self, content, name):
        """A copy of a document."""
        self.document, self.name, self._made = Document(update=content), name, []
        self.document.observe(self._made.append)

    def offer(self, number, row="hat"):
        """The edit that sets one step."""
        with self.document.edit() as write:
            write.set_step("a", row, number, STEP)
        return Offer(self.name, self._made[-1], lambda changes, held: None)


class Ear:
    """What a room is told, and the replica that follows it."""

    def __init__(self, content):
        """A copy of a document."""
        self.document, self.seqs = Document(update=content), []

    def __call__(self, _held, told):
        """Take in what is told."""
        for one in told:
            self.seqs.append(one.entry.seq)
            self.document.apply(one.entry.bytes, origin="room")


def test_edits_of_both_stand_behind_each_other(server, two):
    """[ROOM-12] [ROOM-16] None is lost or twice, all hear all in one order, nothing is loaded."""
    first, second, piece = two

    async def play():
        content = (await first.encoded(piece)).value
        pages = [Page(content, f"p{number}") for number in range(4)]
        ears = Ear(content), Ear(content)
        held = [
            await documents.listen(piece, ear) for documents, ear in zip(two, ears, strict=False)
        ]
        for number in range(12):
            await asyncio.gather(
                *(
                    two[at % 2].take(piece, [page.offer(number, f"row{at}")])
                    for at, page in enumerate(pages)
                )
            )
        await first.look_around()
        await second.look_around()
        assert [list(range(2, 50))] * 2 == [ear.seqs for ear in ears]
        assert held == [documents._open[piece] for documents in (first, second)]
        songs = {print_song(documents._open[piece].document.revision) for documents in two[:2]}
        songs |= {print_song(ear.document.revision) for ear in ears}
        songs.add(print_song((await server.services.documents.revision(piece)).value))
        return songs

    assert 1 == len(server.run(play()))


def test_a_replica_that_tells_two_servers_two_things_is_refused(server, two):
    """[GATE-9] What it says second is another history, wherever it says it."""
    first, second, piece = two
    client = (1 << 50) + 1

    def lie(value):
        content = update({client: (0, [put("pads", "1", value)])})
        return Offer("liar", content, lambda changes, held: None)

    async def play():
        for documents in (first, second):
            await documents.look(piece, lambda held: held.seq)
        one, other = await asyncio.gather(
            first.take(piece, [lie("a")]), second.take(piece, [lie("b")])
        )
        await first.look_around()
        found = [len(outcome.made) for outcome in (*one, *other)]
        songs = {
            print_song((await documents.revision(piece)).value)
            for documents in (first, second, server.services.documents)
        }
        clocks = [
            state_of(await documents.look(piece, lambda held: held.document.state))[client]
            for documents in (first, second)
        ]
        return sorted(found), len(songs), clocks

    assert ([0, 1], 1, [1, 1]) == server.run(play())


def test_a_room_hears_what_another_server_wrote_within_a_second(server, two):
    """[ROOM-12] Without anybody editing here."""
    other, _, piece = two
    alice = server.as_("alice")
    server.services.documents._is_shared = True
    try:
        with sitting(server, alice, piece) as one:

            def rename(document):
                with document.edit("server") as write:
                    write.set_song_field("name", "From the other")

            server.run(other.edit(piece, "somebody", rename))
            one.sees(2)
            assert "From the other" == one.document.revision.name
            assert 3 == one.keep(lambda write: write.set_step("a", "hat", 1, STEP)).seq
            assert "From the other" == server.run(other.revision(piece)).value.name
            assert 3 == server.run(other.revision(piece)).seq
    finally:
        server.services.documents._is_shared = False


def test_what_can_never_be_kept_is_given_up(server, two):
    """[ROOM-15] [ROOM-16] Whatever else stands in its way, also once another server was quicker."""
    other, _, piece = two
    services, tries = server.services, []

    def refuse(*_):
        tries.append(1)
        raise ExistsError("a row with this key is there already", cure="")

    async def play():
        journal = DatabaseJournal(services.database, services.clock)
        stuck = Documents(
            services.database, journal, services.clock, prepared, keep_edits=refuse, is_shared=True
        )
        page = Page((await stuck.encoded(piece)).value, "p")
        theirs = Page((await other.encoded(piece)).value, "q")
        await other.take(piece, [theirs.offer(1)])
        with pytest.raises(ExistsError):
            async with asyncio.timeout(20):
                await stuck.take(piece, [page.offer(2)])
        seq = (await stuck.revision(piece)).seq
        await stuck.close()
        return seq

    assert 2 == server.run(play())
    assert len(tries) <= 6
