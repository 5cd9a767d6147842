"""The embedded store sleeps until it is needed; what is wrong with it is said at the start."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from cellissimo_server.store import closed_note, jobs, migrations
from cellissimo_server.store.duckdb import DuckDatabase
from cellissimo_server.store.errors import BehindError, ClosedError, DiskError, NewerError
from cellissimo_server.store.opening import FILE_NAME
from cellissimo_server.store.sleeping import Sleeping
from tests.contracts.stores import NOW
from tests.server.child import Child, child
from tests.server.running import running


def loaded(server: Child) -> bool:
    """Whether DuckDB is in a server's memory."""
    return "duckdb" in Path(f"/proc/{server.process.pid}/maps").read_text("utf-8")


def test_a_server_that_nobody_asks_has_no_database_in_its_memory(tmp_path):
    """Nor makes one on disk; a kernel's token is good all the same, and so are notes of it."""
    data = tmp_path / "data"
    with child(tmp_path, "first") as server:
        assert not loaded(server)
        assert not (data / FILE_NAME).exists()
        token = json.loads((data / "holder.tokens").read_text())["kernel"]
        with server.client(Authorization=f"Bearer {token}") as kernel:
            piece = kernel.post("projects", json={"name": "Kept"}).raise_for_status().json()["id"]
        assert loaded(server)
        assert 0 == server.stop()
    with child(tmp_path, "second") as server, server.client() as client:
        assert not loaded(server)
        assert "Kept" == client.get(f"projects/{piece}").json()["name"]
        with server.client(Authorization=f"Bearer {token}") as kernel:
            assert 401 == kernel.get("users/me").status_code


def kept(folder: Path, **settings: object):
    """A server whose database is a file, and that file."""
    return running(folder, database_url="", **settings), folder / "data" / FILE_NAME


def filled(folder: Path) -> Path:
    """The file of a server that had something to do and was closed in order."""
    serving, file = kept(folder)
    with serving as server:
        server.as_("ann").post("projects", json={"name": "Kept"}).raise_for_status()
        assert not closed_note.note_of(file).exists()
    assert closed_note.is_there(file)
    return file


def test_a_server_that_is_stopped_asleep_leaves_everything_as_it_was(tmp_path):
    """The third finds what the first kept; the second never looked."""
    file = filled(tmp_path)
    before = file.read_bytes(), closed_note.note_of(file).read_bytes()
    with kept(tmp_path)[0]:
        assert closed_note.is_there(file)
    assert before == (file.read_bytes(), closed_note.note_of(file).read_bytes())
    with kept(tmp_path)[0] as server:
        assert 1 == server.as_("ann").get("projects").json()["total"]


def test_a_file_that_was_not_closed_in_order_is_opened_at_the_start(tmp_path):
    """A server that was killed has left none; nor is one for another file, or beside a log."""
    file = filled(tmp_path)
    note = closed_note.note_of(file)
    note.unlink()
    serving, _ = kept(tmp_path)
    with serving as server:
        assert 1 == server.as_("ann").get("projects").json()["total"]
    log = file.with_name(file.name + ".wal")
    log.touch()
    assert not closed_note.is_there(file)
    log.unlink()
    assert closed_note.is_there(file)
    file.write_bytes(b"something else" * 1000)
    with pytest.raises(DiskError, match=r"cellissimo\.duckdb"), kept(tmp_path)[0]:
        pass


def test_another_layout_is_said_at_the_start(tmp_path):
    """A newer one, one behind where migrations are refused, and none at all there."""
    file = filled(tmp_path)
    note = json.loads(closed_note.note_of(file).read_text())
    known = [step.name for step in migrations.migrations()]
    assert known == note["layout"]

    async def change(sql: str) -> None:
        database = DuckDatabase(file)
        await database.write(lambda db: db.run(sql))
        await database.close()
        closed_note.leave(file)
        closed_note.note_of(file).write_text(json.dumps(note))

    asyncio.run(change("INSERT INTO schema_migrations VALUES (999, 'later', 0)"))
    with pytest.raises(NewerError), kept(tmp_path)[0]:
        pass
    asyncio.run(change("DELETE FROM schema_migrations WHERE number > 1"))
    with pytest.raises(BehindError), kept(tmp_path, migrate="refuse")[0]:
        pass
    file.unlink()
    closed_note.forget(file)
    with pytest.raises(BehindError), kept(tmp_path, migrate="refuse")[0]:
        pass


def test_a_job_that_waits_is_taken_up_by_the_next_server(tmp_path):
    """So a file with one in it is opened at the start."""
    file = filled(tmp_path)
    serving, _ = kept(tmp_path)
    with serving as server:
        owner = server.as_("ann").get("users/me").json()["id"]
        job = jobs.Job(
            "j", "unknown", owner, None, "waiting", 0, "{}", None, None, 0, 1, NOW, None, None, 0
        )
        server.run(server.services.database.write(lambda db: jobs.insert(db, job)))
    assert not closed_note.is_there(file)


def test_a_disk_that_is_away_at_the_end_keeps_no_server_from_stopping(tmp_path):
    """Nothing is noted then: the next one looks for itself."""
    file = filled(tmp_path)
    aside = tmp_path / "elsewhere"
    with kept(tmp_path)[0] as server:
        assert 1 == server.as_("ann").get("projects").json()["total"]
        (ours,) = server.app.extension_manager.extension_apps["cellissimo_server"]
        file.rename(aside)
        ours.composed.store._database._file._is_spoiled = True  # as after an error of the disk
    assert not closed_note.note_of(file).exists()
    aside.rename(file)
    with kept(tmp_path)[0] as server:
        assert 1 == server.as_("ann").get("projects").json()["total"]


class Opening:
    """Opens a store in memory, after so many failures."""

    def __init__(self, failures: int = 0) -> None:
        """Nothing was opened."""
        self.failures, self.times = failures, 0
        self.may = asyncio.Event()

    async def __call__(self) -> DuckDatabase:
        """The store, once it may be opened."""
        await self.may.wait()
        self.times += 1
        if self.times <= self.failures:
            raise DiskError("The disk is away.", cure="Bring it back.")
        return DuckDatabase.in_memory()


async def one(db):
    """What a read gives."""
    return await db.read(lambda session: session.row(int, "SELECT 1"))


def test_many_who_come_first_open_it_once():
    """Each waits; one who goes away meanwhile takes it from nobody."""

    async def scenario():
        opening = Opening()
        store = Sleeping(opening)
        first, *others = [asyncio.create_task(one(store)) for _ in range(5)]
        await asyncio.sleep(0)
        first.cancel()
        opening.may.set()
        found = await asyncio.gather(*others)
        await store.close()
        return found, opening.times, first.cancelled()

    assert ([1] * 4, 1, True) == asyncio.run(scenario())


def test_what_waits_for_waking_is_done_before_any_use():
    """In its order, once; with the store itself, also in tasks of its own."""

    async def scenario():
        opening, done = Opening(), []
        opening.may.set()
        store = Sleeping(opening)

        async def deed(name):
            done.append((name, await asyncio.create_task(one(store))))

        store.at_waking(lambda: deed("first"))
        store.at_waking(lambda: deed("second"))
        assert not store.is_open
        await asyncio.gather(one(store), one(store))
        assert store.is_awake
        store.at_waking(lambda: deed("later"))
        await one(store)
        await store.close()
        return done

    assert [("first", 1), ("second", 1), ("later", 1)] == asyncio.run(scenario())


def test_a_store_that_does_not_open_is_tried_again():
    """Who asks is told why; the next finds it when the disk is back, and no deed was lost."""

    async def scenario():
        opening, done = Opening(failures=2), []
        opening.may.set()
        store = Sleeping(opening)

        async def deed():
            done.append(opening.times)

        store.at_waking(deed)
        for _ in range(2):
            with pytest.raises(DiskError, match="The disk is away"):
                await one(store)
        assert not store.is_open
        found = await one(store)
        await store.close()
        return found, done

    assert (1, [3]) == asyncio.run(scenario())


def test_closing_wakes_nobody():
    """Who comes after it is told that it is closed."""

    async def scenario():
        opening = Opening()
        store = Sleeping(opening)
        await store.close()
        with pytest.raises(ClosedError):
            await one(store)
        return opening.times

    assert 0 == asyncio.run(scenario())


def test_a_store_that_sleeps_when_its_server_stops_is_woken_no_more():
    """A request that comes meanwhile begins no work that nobody would end; one awake goes on."""

    async def scenario():
        asleep, awake = Opening(failures=1), Opening()
        stores = [Sleeping(opening) for opening in (asleep, awake)]
        for opening in (asleep, awake):
            opening.may.set()
        first = asyncio.create_task(one(stores[0]))
        found = [await one(stores[1])]
        for store in stores:
            await store.rest()
        with pytest.raises(DiskError):
            await first
        with pytest.raises(ClosedError):
            await one(stores[0])
        found.append(await one(stores[1]))
        for store in stores:
            await store.close()
        return found, asleep.times

    assert ([1, 1], 1) == asyncio.run(scenario())
