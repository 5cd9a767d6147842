"""A server that is killed, or starts anew, while a room is edited: all is there, and once."""

import asyncio
import contextlib
import itertools
import os
import random
import tempfile
import time

import pytest

from cellissimo.crdt.document import Document
from cellissimo.crdt.update_parser import parse_update
from cellissimo.notation.song_file import print_song
from cellissimo.schema import models
from cellissimo_server.rooms.opened import REPLICA
from cellissimo_server.store import journal_rows
from cellissimo_server.store.opening import open_database
from tests.contracts.postgres_server import Server
from tests.faults.jamming import Player, Stage
from tests.server.child import child
from tests.server.pieces import made
from tests.server.running import PLAIN, running

LONG = os.environ.get("CELLISSIMO_LONG") == "1"
KILLS = int(os.environ.get("CELLISSIMO_KILLS", "100" if LONG else "1"))
PLAYERS = 20
RESTARTS = int(os.environ.get("CELLISSIMO_RESTARTS", "50" if LONG else "2"))
CRASHES = 10 if LONG else 1
COMPANY = 50 if LONG else 12
LIMITS = dict.fromkeys(("reads_per_hour", "writes_per_hour", "messages_per_hour"), 10**6)
LONGEST_S = 1.5
PATIENCE_S = 240


class Jam:
    """Players in one room, and the server that ends under them."""

    def __init__(self, folder, where, seed, players=PLAYERS, **stage):
        """``where`` the store is; a file of its own, or a database."""
        self.folder = folder
        self.settings = {"database_url": where} if where.startswith("postgres") else {}
        self.store = where if self.settings else str(folder / "data")
        self.chance = random.Random(seed)
        self.servers = (f"server{number}" for number in itertools.count())
        self.stage = Stage("", {"Authorization": f"token {PLAIN}"}, **stage)
        self.loops = [f"l{number}" for number in range(players)]
        self.players = []
        self.back = []
        """Seconds from each server's first answer until everybody was in step again."""

    def server(self):
        """The server, started anew on what the last one left."""
        return child(self.folder, next(self.servers), **LIMITS, **self.settings)

    def found(self, server):
        """Make the piece that is played in, and seat everybody."""
        loops = {loop: models.Loop(loop, f"Beat {loop}", bars=8) for loop in self.loops}
        with client_of(server) as client:
            self.stage.piece = made(client, models.Song("s", "Jam", loops=loops))
            path = f"projects/{self.stage.piece}/document"
            content = client.get(path).raise_for_status().content
        self.players = [Player(self.stage, content, loop, at) for at, loop in enumerate(loops)]

    async def until(self, so):
        """Wait until something is so."""
        async with asyncio.timeout(PATIENCE_S):
            while not so():  # noqa: ASYNC110 - it is a server in another process that makes it so
                await asyncio.sleep(0.02)

    async def through(self, ends, end):
        """Play through so many ends of the server, each by ``end``; gives the document."""
        playing = []
        for number in range(ends + 1):
            async with serving(self.server()) as server:
                if number == 0:
                    self.found(server)
                    playing = [asyncio.create_task(player.play()) for player in self.players]
                began, self.stage.url = time.monotonic(), server.url
                await self.until(lambda: all(player.is_in_step for player in self.players))
                self.back.append(time.monotonic() - began)
                await self.until(self.everybody_goes_on(self.acknowledged))
                print(  # noqa: T201 - of a long run
                    f"{number} of {ends} ends: {sum(self.acknowledged)} edits acknowledged, "
                    f"back in {self.back[-1]:.2f} s",
                    flush=True,
                )
                if number < ends:
                    await asyncio.sleep(self.chance.uniform(0, LONGEST_S))
                    await asyncio.to_thread(end, server)
                else:
                    content = await self.finished(server, playing)
        return content

    @property
    def acknowledged(self):
        """How many edits of each are on disk, as the room has said."""
        return [player.acknowledged for player in self.players]

    def everybody_goes_on(self, before):
        """Whether each has had an edit acknowledged since."""
        return lambda: all(map(int.__lt__, before, self.acknowledged))

    def all_have_heard(self, counts):
        """Whether each has seen so many edits of each."""
        wanted = {p.replica: count for p, count in zip(self.players, counts, strict=True)}
        return lambda: all(
            player.state.get(replica, 0) >= count
            for player in self.players
            for replica, count in wanted.items()
        )

    async def finished(self, server, playing):
        """Stop editing, wait until all is kept, and leave."""
        self.stage.is_playing = False
        await self.until(lambda: all(player.is_settled for player in self.players))
        await self.until(lambda: all(p.state == self.players[0].state for p in self.players))
        self.stage.is_open = False
        await asyncio.gather(*playing)
        self.chat = await asyncio.to_thread(chat_of, server, self.stage.piece)
        with client_of(server) as client:
            path = f"projects/{self.stage.piece}/document"
            return (await asyncio.to_thread(client.get, path)).raise_for_status().content

    async def journal(self):
        """The entries of the piece's journal, of a server that has ended."""
        database = open_database(self.store)
        found = await database.read(lambda db: journal_rows.read(db, self.stage.piece, 0))
        await database.close()
        return found.entries


@contextlib.asynccontextmanager
async def serving(starting):
    """A server that starts and ends beside those who wait for it."""
    server = await asyncio.to_thread(starting.__enter__)
    try:
        yield server
    finally:
        await asyncio.to_thread(starting.__exit__, None, None, None)


def client_of(server):
    """A client of the one to whom a server belongs."""
    return server.client(Authorization=f"token {PLAIN}")


def chat_of(server, piece):
    """All that was said, in its order."""
    found, after = [], {}
    with client_of(server) as client:
        while after is not None:
            page = client.get(f"rooms/{piece}/messages", params={"limit": 100} | after).json()
            found += [line["text"] for line in page["messages"]]
            after = {"after": page["next"]} if page["next"] else None
    return found[::-1]


def document_of(player):
    """What a peer's own replica says at the end."""
    return Document(update=player.session._shadow.encode())


def assert_all_is_there(jam, content):
    """What was acknowledged is in the document, all edits of all are, and all have one song."""
    document = Document(update=content)
    assert [] == jam.stage.refusals
    assert {p.loop: p.count for p in jam.players} == {p.loop: p.acknowledged for p in jam.players}
    assert {p.loop: p.count for p in jam.players} == {
        p.loop: p.newest_in(document.stored["loops"][p.loop]["steps"]) for p in jam.players
    }
    texts = {print_song(document_of(p).revision) for p in jam.players}
    assert {print_song(document.revision)} == texts


def assert_all_is_there_once(jam):
    """No edit stands twice in the journal, and no line in the chat."""
    entries = [one for one in asyncio.run(jam.journal()) if one.session == REPLICA]
    assert sum(player.count for player in jam.players) == len(entries)
    ends = {}
    for entry in entries:
        for client, runs in parse_update(entry.bytes, most=None).structs.items():
            assert ends.get(client, 0) == runs[0].clock
            ends[client] = runs[-1].end
    assert len(jam.players) == len(ends)
    said = [line for player in jam.players for line in player.lines]
    assert sorted(said) == sorted(jam.chat)


def seeded():
    """A seed, which is printed for a failure."""
    seed = int(os.environ.get("CELLISSIMO_SEED", time.time_ns() % 1_000_000))
    print(f"seed {seed}")  # noqa: T201 - for a failure
    return seed


@pytest.mark.parametrize("kind", ["duckdb", "postgres"])
def test_a_kill_loses_no_acknowledged_edit_of_a_room(kind, shelf, tmp_path):
    """[ROOM-14] At random instants under 200 edits a second of 20 peers: all is there, once."""
    with shelf.place(kind, tmp_path) as where:
        jam = Jam(tmp_path, where, seeded())
        content = asyncio.run(jam.through(KILLS, lambda server: server.process.kill()))
        assert_all_is_there(jam, content)
        assert_all_is_there_once(jam)
    print(f"{sum(jam.acknowledged)} edits, {KILLS} kills")  # noqa: T201 - for the record


def test_a_second_server_plays_along_and_takes_over(shelf, tmp_path):
    """[ROOM-12] [ROOM-16] [ROOM-45] They hear each other; all that the killed one kept is once."""
    with (
        shelf.place("postgres", tmp_path) as where,
        running(tmp_path, many=False, frozen=False, database_url=where, **LIMITS) as second,
    ):
        jam = Jam(tmp_path, where, seeded(), players=6, rate=5.0, chat=4)
        content = asyncio.run(taken_over(jam, second))
        assert_all_is_there(jam, content)
        assert_all_is_there_once(jam)


async def taken_over(jam, second):
    """Play over both servers until all have heard each other, then over the second alone."""
    async with serving(jam.server()) as first:
        jam.found(first)
        jam.stage.url, jam.stage.second = first.url, second.url
        playing = [asyncio.create_task(player.play()) for player in jam.players]
        await jam.until(jam.everybody_goes_on(jam.acknowledged))
        await jam.until(jam.all_have_heard(jam.acknowledged))
        first.process.kill()
    jam.stage.url = second.url
    await jam.until(jam.everybody_goes_on(jam.acknowledged))
    return await jam.finished(second, playing)


def test_a_room_outlives_its_database(tmp_path):
    """[ROOM-15] [ROOM-45] PostgreSQL loses its power amid edits: all wait, come again, and once."""
    with tempfile.TemporaryDirectory(prefix="cellissimo-pg-", ignore_cleanup_errors=True) as home:
        database = Server(home)
        database.start()
        where = f"{database.address}/postgres"
        jam = Jam(tmp_path, where, seeded(), players=6, rate=5.0, chat=4)
        with running(tmp_path, many=False, frozen=False, database_url=where, **LIMITS) as server:
            content = asyncio.run(through_crashes(jam, server, database))
        assert_all_is_there(jam, content)
        assert_all_is_there_once(jam)
        database.crash()
    assert jam.chat


async def through_crashes(jam, server, database):
    """Play on while the database is away, and when it is back."""
    jam.found(server)
    jam.stage.url = server.url
    playing = [asyncio.create_task(player.play()) for player in jam.players]
    for _ in range(CRASHES):
        await jam.until(jam.everybody_goes_on(jam.acknowledged))
        await asyncio.to_thread(database.crash)
        wanted = 4 + max(player.count for player in jam.players)
        await jam.until(lambda wanted=wanted: all(p.count > wanted for p in jam.players))
        await asyncio.to_thread(database.start)
    await jam.until(jam.everybody_goes_on(jam.acknowledged))
    return await jam.finished(server, playing)


def test_a_restart_brings_everybody_back_and_nothing_twice(tmp_path):
    """[ROOM-23] [ROOM-45] Whoever was not answered sends again: edits and lines of chat are once.

    The long form tells how soon fifty peers, with the pauses of kernels, are back in step.
    """
    jam = Jam(tmp_path, "", seeded(), COMPANY, rate=1.0, chat=2, in_haste=False, beat=0.05)
    content = asyncio.run(jam.through(RESTARTS, lambda server: server.stop()))
    assert_all_is_there(jam, content)
    assert_all_is_there_once(jam)
    assert any(player.lines for player in jam.players)
    back = sorted(jam.back[1:])
    print(  # noqa: T201 - for the record
        f"{COMPANY} peers, {RESTARTS} restarts, {sum(jam.acknowledged)} edits, {len(jam.chat)} "
        f"lines: back after {back[len(back) // 2]:.2f} s in the middle, {back[-1]:.2f} s at most"
    )
