"""A data folder belongs to one server; the next is told whose it is. Stores say why they fail."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading

import psycopg
import pytest

from cellissimo_server.store import duck_file, users
from cellissimo_server.store.duck_session import RetryError
from cellissimo_server.store.duckdb import DuckDatabase
from cellissimo_server.store.errors import DiskError, HeldError, StoreError
from cellissimo_server.store.holding import Hold, Holder, holder_of
from cellissimo_server.store.opening import open_database
from cellissimo_server.store.postgres import PostgresDatabase
from cellissimo_server.store.postgres_session import translated
from tests.contracts.postgres_server import fresh_database
from tests.contracts.stores import NOW, user

URL = "http://127.0.0.1:8888/"
HOLD = """
import sys, pathlib
from cellissimo_server.store.holding import Hold
hold = Hold(pathlib.Path(sys.argv[1]), 1_790_000_000_000)
hold.announce(sys.argv[2])
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path):
    """Let another process hold the folder."""
    command = [sys.executable, "-c", HOLD, str(tmp_path), URL]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_the_second_server_is_told_whose_the_folder_is(holder, tmp_path):
    """Process, machine, address and time, in words and as values."""
    with pytest.raises(HeldError) as refused:
        Hold(tmp_path, NOW)
    expected = Holder(holder.pid, socket.gethostname(), URL, 1_790_000_000_000)
    assert expected == refused.value.holder
    words = refused.value.message
    assert str(tmp_path) in words
    assert f"process id {holder.pid}" in words
    assert f"reached at {URL}, since 2026-09-21T" in words
    assert f"Use {URL}" in refused.value.cure


def test_a_killed_server_holds_nothing(holder, tmp_path):
    """Its note outlives it, the lock does not: the next server takes the folder."""
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    assert holder_of(tmp_path).pid == holder.pid
    hold = Hold(tmp_path, NOW)
    assert Holder(os.getpid(), socket.gethostname(), "", NOW) == holder_of(tmp_path)
    hold.release()
    assert holder_of(tmp_path) is None


@pytest.mark.parametrize("note", [None, "", "{}", "[1]", '{"pid": "x"}', "\0"])
def test_a_note_that_does_not_read_is_no_holder(note, tmp_path):
    """The lock alone decides; without a note the words say that it is not known yet."""
    hold = Hold(tmp_path, NOW)
    path = tmp_path / "holder.json"
    path.unlink()
    if note is not None:
        path.write_text(note)
    assert holder_of(tmp_path) is None
    with pytest.raises(HeldError, match="has not said yet who it is") as refused:
        Hold(tmp_path, NOW)
    assert refused.value.holder is None
    hold.release()
    Hold(tmp_path, NOW).release()


def test_letting_go_twice_is_once(tmp_path):
    """A server that stops twice takes nothing from the next one."""
    first = Hold(tmp_path / "new" / "folder", NOW)
    first.release()
    second = Hold(tmp_path / "new" / "folder", NOW)
    first.release()
    with pytest.raises(HeldError):
        Hold(tmp_path / "new" / "folder", NOW)
    second.release()


@pytest.mark.parametrize("url", ["mysql://h/x", "sqlite:///x", "http://x"])
def test_an_unknown_kind_of_database_is_refused(url):
    """What stands before :// is named, and what there is."""
    with pytest.raises(StoreError, match="No database is known by") as refused:
        open_database(url)
    assert "postgresql://" in refused.value.cure


def test_postgresql_needs_its_extra(monkeypatch):
    """Without psycopg the message says what to install."""
    monkeypatch.delitem(sys.modules, "cellissimo_server.store.postgres", raising=False)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError) as refused:
        open_database("postgresql://x@127.0.0.1/x")
    assert "pip install 'cellissimo[postgres]'" in refused.value.cure


def test_a_postgresql_that_is_not_there_is_said(postgres):
    """Nobody listens, or there is no such database; the password is in no message."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        nobody = f"postgresql://me:secret@127.0.0.1:{probe.getsockname()[1]}/x"
        for where in (nobody, f"{postgres()}/no_such".replace("cellissimo@", "cellissimo:secret@")):
            with pytest.raises(StoreError, match="could not be reached") as refused:
                open_database(where)
            assert "secret" not in str(refused.value) + refused.value.cure


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            'connection to server at "db.school" (10.0.0.3), port 5432 failed: Connection refused',
            "connection to server failed: Connection refused",
        ),
        (
            'connection is bad: connection to server on socket "/run/here/.s.PGSQL.5432" failed',
            "connection is bad: connection to server failed",
        ),
        ("failed to resolve host 'db.school': unknown", "failed to resolve host: unknown"),
        ('FATAL:  database "no_such" does not exist', 'FATAL:  database "no_such" does not exist'),
    ],
)
def test_where_a_postgresql_is_stands_in_no_message(said, told):
    """Who asks from afar is told that it fails, and need not know the machine."""
    error = translated(psycopg.OperationalError(said))
    assert f"The database could not be reached or written: {told}." == str(error)


def test_postgresql_is_checked_before_the_server_starts(postgres):
    """Too few connections and another encoding than UTF-8 are refused with their cure."""
    with pytest.raises(StoreError, match=r"allows \d+ connections; .* take 1000"):
        PostgresDatabase(f"{postgres()}/postgres", connections=1000)
    with psycopg.connect(f"{postgres()}/postgres", autocommit=True) as admin:
        admin.execute("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    with pytest.raises(StoreError, match="keeps text as LATIN1") as refused:
        PostgresDatabase(f"{postgres()}/latin")
    assert "--encoding=UTF8" in refused.value.cure


def test_two_servers_share_one_postgresql(postgres):
    """Two that read and write one number at once lose nothing."""

    def count(db):
        db.run("UPDATE numbers SET n = ?", db.row(int, "SELECT n FROM numbers") + 1)

    async def both(where):
        one, two = open_database(where), open_database(where)
        await one.lay_out(lambda db: db.run("CREATE TABLE numbers (n BIGINT)"))
        await one.write(lambda db: db.run("INSERT INTO numbers VALUES (0)"))
        await asyncio.gather(*[server.write(count) for server in (one, two) for _ in range(15)])
        total = await two.read(lambda db: db.row(int, "SELECT n FROM numbers"))
        await one.close()
        await two.close()
        return total

    with fresh_database(postgres(), "shared") as where:
        assert asyncio.run(both(where)) == 30


def test_a_file_that_is_no_database_is_refused(tmp_path):
    """It is named, and left as it is."""
    path = tmp_path / "cellissimo.duckdb"
    path.write_bytes(b"something else" * 1000)
    with pytest.raises(DiskError, match=r"cellissimo\.duckdb"):
        open_database(tmp_path)
    assert path.read_bytes() == b"something else" * 1000


def test_a_file_that_goes_away_is_never_made_anew(tmp_path):
    """A disk that was taken away is an error until it is back, not an empty store."""

    async def away():
        database = DuckDatabase(tmp_path / "a.duckdb")
        await database.lay_out(lambda db: db.run("CREATE TABLE kept (n BIGINT)"))
        await database.write(lambda db: db.run("INSERT INTO kept VALUES (7)"))
        await database.back_up("copy")
        aside = (tmp_path / "a.duckdb").rename(tmp_path / "elsewhere")
        database._file._is_spoiled = True  # as after an error of the disk
        for ask in (database.read, database.write):
            with pytest.raises(DiskError, match="is gone"):
                await ask(lambda db: db.row(int, "SELECT n FROM kept"))
        aside.rename(tmp_path / "a.duckdb")
        found = await database.read(lambda db: db.row(int, "SELECT n FROM kept"))
        await database.close()
        return found

    assert asyncio.run(away()) == 7


def test_what_waits_together_is_committed_together(tmp_path, monkeypatch):
    """While the writer is busy, others gather; then one transaction takes them all."""
    begun, let_go = threading.Event(), threading.Event()
    transactions = []

    def busy(db):
        begun.set()
        assert let_go.wait(20)

    def noted(number, db):
        transactions.append(db.row(int, "SELECT CAST(TXID_CURRENT() AS BIGINT)"))

    async def scenario():
        database = DuckDatabase(tmp_path / "a.duckdb")
        first = asyncio.ensure_future(database.write(busy))
        await asyncio.to_thread(begun.wait, 20)
        others = [
            asyncio.ensure_future(database.write(lambda db, n=n: noted(n, db))) for n in range(50)
        ]
        await asyncio.sleep(0)
        let_go.set()
        await asyncio.gather(first, *others)
        await database.close()

    asyncio.run(scenario())
    assert (len(transactions), len(set(transactions))) == (50, 1)


def test_duckdb_reaches_nothing_outside(tmp_path):
    """No file, no extension, no Python value of ours, and nobody changes that by SQL."""
    treasure = [1, 2, 3]  # noqa: F841 - DuckDB would find it by name
    attempts = [
        f"SELECT * FROM read_csv('{__file__}')",  # noqa: S608 - it is to be refused
        f"COPY (SELECT 1) TO '{tmp_path}/out.csv'",
        f"ATTACH '{tmp_path}/other.duckdb'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SELECT * FROM treasure",
        "SET enable_external_access = true",
        "SET memory_limit = '100GB'",
    ]

    async def scenario():
        database = DuckDatabase(tmp_path / "a.duckdb")
        for sql in attempts:
            with pytest.raises(duck_file.duckdb.Error):
                await database.write(lambda db, sql=sql: db.run(sql))
        await database.close()

    asyncio.run(scenario())
    assert [path.name for path in tmp_path.iterdir()] == ["a.duckdb"]


def test_meetings_on_one_row_are_tried_again(tmp_path):
    """Work that met another transaction is run again, and given up with words in the end."""
    runs = []

    def meeting(times, db):
        runs.append(1)
        if len(runs) <= times:
            raise RetryError("Conflict on update!")
        users.insert(db, user("anna"))

    async def scenario():
        database = DuckDatabase.in_memory()
        await database.write(lambda db: db.run("CREATE TABLE users AS SELECT 1 AS n"))
        with pytest.raises(StoreError, match="too busy: Conflict on update"):
            await database.write(lambda db: meeting(10**9, db))
        await database.close()

    asyncio.run(scenario())
    assert 2 <= len(runs) <= 20
