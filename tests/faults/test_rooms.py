"""A server that is killed while a room is edited: nothing that was acknowledged is lost."""

import asyncio
import contextlib
import itertools
import os
import random
import time

import pytest

from cellissimo.crdt.document import Document
from cellissimo.notation.song_file import print_song
from cellissimo.schema import models
from tests.faults.jamming import Player, Stage
from tests.server.child import TOKEN, child
from tests.server.pieces import made

LONG = os.environ.get("CELLISSIMO_LONG") == "1"
KILLS = 100 if LONG else 1
PLAYERS = 20
LONGEST_S = 1.5
PATIENCE_S = 60
LOOPS = {f"l{number}": models.Loop(f"l{number}", f"Beat {number}", bars=8)
         for number in range(PLAYERS)}  # fmt: skip
SONG = models.Song("s", "Jam", loops=LOOPS)


class Jam:
    """Players in one room, and the server that is killed under them."""

    def __init__(self, folder, where, seed):
        """``where`` the store is; a file of its own, or a database."""
        self.folder = folder
        self.settings = {"database_url": where} if where.startswith("postgres") else {}
        self.chance = random.Random(seed)
        self.servers = (f"server{number}" for number in itertools.count())
        self.stage = None
        self.players = []

    def server(self):
        """The server, started anew on what the last one left."""
        limits = {"reads_per_hour": 10**6, "writes_per_hour": 10**6}
        return child(self.folder, next(self.servers), **limits, **self.settings)

    def found(self, server):
        """Make the piece that is played in, and seat everybody."""
        with server.client() as client:
            piece = made(client, SONG)
            content = client.get(f"projects/{piece}/document").raise_for_status().content
        self.stage = Stage(piece, {"Authorization": f"token {TOKEN}"})
        self.players = [Player(self.stage, content, loop, seed) for seed, loop in enumerate(LOOPS)]

    async def until(self, so):
        """Wait until something is so."""
        async with asyncio.timeout(PATIENCE_S):
            while not so():  # noqa: ASYNC110 - it is a server in another process that makes it so
                await asyncio.sleep(0.02)

    async def through(self, kills):
        """Play through so many kills, and on until everything is kept; gives the document."""
        playing = []
        for number in range(kills + 1):
            async with serving(self.server()) as server:
                if number == 0:
                    self.found(server)
                    playing = [asyncio.create_task(player.play()) for player in self.players]
                self.stage.url = server.url
                await self.until(self.everybody_goes_on(self.acknowledged))
                if number < kills:
                    await asyncio.sleep(self.chance.uniform(0, LONGEST_S))
                    server.process.kill()
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

    async def finished(self, server, playing):
        """Stop editing, wait until all is kept, and leave."""
        self.stage.is_playing = False
        await self.until(lambda: not any(p.session.view.unsaved for p in self.players))
        await self.until(lambda: all(p.state == self.players[0].state for p in self.players))
        self.stage.is_open = False
        await asyncio.gather(*playing)
        with server.client() as client:
            path = f"projects/{self.stage.piece}/document"
            return (await asyncio.to_thread(client.get, path)).raise_for_status().content


@contextlib.asynccontextmanager
async def serving(starting):
    """A server that starts and ends beside those who wait for it."""
    server = await asyncio.to_thread(starting.__enter__)
    try:
        yield server
    finally:
        await asyncio.to_thread(starting.__exit__, None, None, None)


@pytest.mark.parametrize("kind", ["duckdb", "postgres"])
def test_a_kill_loses_no_acknowledged_edit_of_a_room(kind, shelf, tmp_path):
    """[ROOM-14] At random instants under 200 edits a second of 20 peers: all is there, once."""
    seed = int(os.environ.get("CELLISSIMO_SEED", time.time_ns() % 1_000_000))
    print(f"seed {seed}")  # noqa: T201 - for a failure
    with shelf.place(kind, tmp_path) as where:
        jam = Jam(tmp_path, where, seed)
        document = Document(update=asyncio.run(jam.through(KILLS)))
    assert [] == jam.stage.refusals
    assert {p.loop: p.count for p in jam.players} == {p.loop: p.acknowledged for p in jam.players}
    assert {p.loop: p.count for p in jam.players} == {
        p.loop: p.newest_in(document.stored["loops"][p.loop]["steps"]) for p in jam.players
    }
    print(f"{sum(jam.acknowledged)} edits, {KILLS} kills")  # noqa: T201 - for the record
    texts = {print_song(document_of(p).revision) for p in jam.players}
    assert {print_song(document.revision)} == texts


def document_of(player):
    """What a peer's own replica says at the end."""
    return Document(update=player.session._shadow.encode())
