"""Every store goes up, down and up again with its rows, and refuses what it does not know."""

import asyncio
import importlib
import pkgutil
import shutil
import typing

import pytest

import cellissimo_server.store as store_package
from cellissimo_server.store import administration, migrations, users
from cellissimo_server.store.errors import BehindError, NewerError, StoreError
from cellissimo_server.store.holding import Hold
from cellissimo_server.store.opening import open_database
from cellissimo_server.store.table import Table
from tests.contracts.stores import NOW, user

COLOR = "ALTER TABLE users ADD COLUMN color TEXT DEFAULT 'blue'"
# DuckDB drops no column while the table has an index.
NO_COLOR = (
    "DROP INDEX users_by_username; ALTER TABLE users DROP COLUMN color; "
    "CREATE UNIQUE INDEX users_by_username ON users (username)"
)
FILL = "UPDATE users SET color = 'red' WHERE username = 'anna'"
PLACES = "CREATE TABLE places (id TEXT PRIMARY KEY, bytes BLOB)"
STEPS = {
    "0003_colors": (COLOR, NO_COLOR),
    "0004_red": (FILL, "UPDATE users SET color = 'blue'"),
    "0005_places": (PLACES, "DROP TABLE places"),
}
RELEASED = ["0001_beginning", "0002_rooms"]
"""The steps that this version knows."""


@pytest.fixture
def future(tmp_path):
    """Give the folder of a version that has more migrations than this one."""
    folder = tmp_path / "sql"
    shutil.copytree(migrations.FOLDER, folder)
    assert len(migrations.migrations()) == len(RELEASED)
    for name, (up, down) in STEPS.items():
        (folder / f"{name}.up.sql").write_text(f"-- a step of a later version\n{up};\n")
        (folder / f"{name}.down.sql").write_text(f"{down};\n")
    return folder


def _up(store, folder=migrations.FOLDER, **how):
    return asyncio.run(migrations.upgrade(store.database, NOW, folder=folder, **how))


def _down(store, to, folder=migrations.FOLDER):
    return asyncio.run(migrations.downgrade(store.database, to, folder=folder))


def _tables(store):
    sql = (
        "SELECT table_name FROM information_schema.tables "
        "WHERE table_schema = CURRENT_SCHEMA() ORDER BY table_name"
    )
    return store.read(lambda db: db.rows(str, sql))


def _columns(store, table):
    sql = (
        "SELECT column_name, data_type, is_nullable FROM information_schema.columns "
        "WHERE table_schema = CURRENT_SCHEMA() AND table_name = ? ORDER BY column_name"
    )
    return store.read(lambda db: db.rows(lambda *row: row, sql, table))


def test_the_layout_goes_up_and_down_and_up(bare_store):
    """Up makes every table, down leaves none, and up again makes the same."""
    assert _tables(bare_store) == []
    assert RELEASED == _up(bare_store)
    tables = _tables(bare_store)
    first = {table: _columns(bare_store, table) for table in tables}
    assert len(tables) > 20
    assert _up(bare_store) == []
    assert RELEASED[::-1] == _down(bare_store, 0)
    assert _tables(bare_store) == ["schema_migrations"]
    assert _down(bare_store, 0) == []
    assert RELEASED == _up(bare_store)
    assert first == {table: _columns(bare_store, table) for table in _tables(bare_store)}


@pytest.mark.parametrize("number", range(1, len(RELEASED)))
def test_every_released_layout_comes_here_and_goes_back(bare_store, number, tmp_path):
    """A database of an older version keeps its rows on the way here, and on the way back."""
    older = tmp_path / "older"
    older.mkdir()
    for step in RELEASED[:number]:
        for path in migrations.FOLDER.glob(f"{step}.*"):
            shutil.copy(path, older)
    assert RELEASED[:number] == _up(bare_store, older)
    bare_store.write(lambda db: users.insert(db, user("anna")))
    before = {table: _columns(bare_store, table) for table in _tables(bare_store)}
    assert RELEASED[number:] == _up(bare_store)
    assert before.items() < {t: _columns(bare_store, t) for t in _tables(bare_store)}.items()
    assert bare_store.read(lambda db: users.by_username(db, "anna")) == user("anna")
    assert RELEASED[number:][::-1] == _down(bare_store, number)
    assert before == {table: _columns(bare_store, table) for table in _tables(bare_store)}
    assert bare_store.read(lambda db: users.by_username(db, "anna")) == user("anna")


def test_rows_go_along(store, future):
    """Rows stay through later migrations, through their way back, and through both again."""
    store.write(lambda db: [users.insert(db, user(name)) for name in ("anna", "bert")])

    def colors():
        sql = "SELECT username, color FROM users ORDER BY username"
        return store.read(lambda db: db.rows(lambda *row: row, sql))

    for _ in range(2):
        assert list(STEPS) == _up(store, future)
        assert colors() == [("anna", "red"), ("bert", "blue")]
        store.write(lambda db: db.run("INSERT INTO places VALUES ('x', ?)", b"\0\xff"))
        assert ["0005_places", "0004_red"] == _down(store, 3, future)
        assert colors() == [("anna", "blue"), ("bert", "blue")]
        assert _down(store, 2, future) == ["0003_colors"]
        assert store.read(lambda db: users.by_username(db, "anna")) == user("anna")
    if store.kind != "memory":
        store.reopen()
        assert store.read(lambda db: users.by_username(db, "bert")) == user("bert")


def _row_kinds():
    """Every table that some module has rows of."""
    names = [module.name for module in pkgutil.iter_modules(store_package.__path__)]
    optional = {"__main__", "postgres", "postgres_session"}
    modules = [
        importlib.import_module(f"{store_package.__name__}.{name}")
        for name in names
        if name not in optional
    ]
    return {
        found.name: found
        for module in modules
        for found in vars(module).values()
        if isinstance(found, Table)
    }


def test_rows_have_the_columns_of_their_tables(store):
    """Each dataclass names every column of its table and no other; what may be NULL may be None."""
    found = _row_kinds()
    assert {"users", "pieces", "members", "shares", "jobs", "offers"} <= set(found)
    for name, table in found.items():
        columns = _columns(store, name)
        assert sorted(table.columns) == [column for column, *_ in columns], name
        hints = typing.get_type_hints(table.kind)
        may_be_none = {
            column for column, hint in hints.items() if type(None) in typing.get_args(hint)
        }
        assert {column for column, _, null in columns if null == "YES"} == may_be_none, name


def test_a_newer_database_is_refused(store, future):
    """What a newer version wrote is not touched, neither up nor down, and the cure is said."""
    _up(store, future)
    for refused in (lambda: _up(store), lambda: _down(store, 0)):
        with pytest.raises(NewerError, match="migration 5; this version of cellissimo knows 2"):
            refused()
    assert "places" in _tables(store)


def test_a_hosted_server_waits_for_its_administrator(bare_store, future):
    """Told to refuse, it names the command and changes nothing; afterwards it starts."""
    with pytest.raises(BehindError, match="0001_beginning") as refused:
        _up(bare_store, refuse=True)
    assert migrations.COMMAND in refused.value.cure
    assert _tables(bare_store) == []
    _up(bare_store)
    assert _up(bare_store, refuse=True) == []
    with pytest.raises(BehindError, match="0003_colors, 0004_red, 0005_places"):
        _up(bare_store, future, refuse=True)


def test_a_step_that_fails_leaves_the_layout_before_it(store, future):
    """Of a migration that fails nothing remains, what came before it stays, and it can go on."""
    broken = future / "0004_red.up.sql"
    whole = broken.read_text()
    broken.write_text("CREATE TABLE half (id TEXT); UPDATE nothing SET at_all = 1;")
    with pytest.raises(Exception, match="nothing"):
        _up(store, future)
    assert "half" not in _tables(store)
    assert store.read(migrations.applied_steps) == [1, 2, 3]
    broken.write_text(whole)
    assert ["0004_red", "0005_places"] == _up(store, future)


def test_two_servers_may_start_at_once(bare_store):
    """Both come up, and each step is run once."""
    if bare_store.kind != "postgres":
        assert bare_store.kind in {"memory", "duckdb"}  # they belong to one server
        return

    async def both():
        other = open_database(bare_store.where)
        done = await asyncio.gather(
            migrations.upgrade(bare_store.database, NOW), migrations.upgrade(other, NOW)
        )
        await other.close()
        return done

    asyncio.run(both())
    assert bare_store.read(migrations.applied_steps) == [1, 2]


@pytest.mark.parametrize(
    ("names", "fault"),
    [
        (["0001_a.up.sql"], "no way back"),
        (["0001_a.up.sql", "0001_a.down.sql", "0003_b.up.sql", "0003_b.down.sql"], "numbered"),
        (["1_a.up.sql", "1_a.down.sql"], "four digits"),
    ],
)
def test_steps_are_numbered_and_have_a_way_back(names, fault, tmp_path):
    """A folder with a gap, or a step without its way back, is refused before anything is run."""
    for name in names:
        (tmp_path / name).write_text("")
    with pytest.raises(StoreError, match=fault):
        migrations.migrations(tmp_path)


@pytest.fixture
def file(shelf, tmp_path):
    """Open a DuckDB file with somebody in it."""
    with shelf.store("duckdb", tmp_path) as kept:
        kept.write(lambda db: users.insert(db, user("anna")))
        yield kept


def test_a_file_is_copied_before_it_is_changed(file, future, tmp_path):
    """The copy beside it is named after the last step, opens, and has everything."""
    _up(file, future)
    copy = tmp_path / "kept.before-0005_places.duckdb"
    before = open_database(copy)
    assert asyncio.run(before.read(migrations.applied_steps)) == [1, 2]
    assert asyncio.run(before.read(lambda db: users.by_username(db, "anna"))) == user("anna")
    asyncio.run(before.close())
    _down(file, 2, future)
    _up(file, future)
    names = sorted(path.name for path in tmp_path.glob("*.duckdb"))
    assert names == [
        "kept.before-0005_places-2.duckdb",
        "kept.before-0005_places.duckdb",
        "kept.before-undoing-0003_colors.duckdb",
        "kept.duckdb",
    ]


def test_nothing_is_changed_without_a_copy(file, future, tmp_path, monkeypatch):
    """Where the copy finds no room, the migration does not begin."""

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copy2", full)
    with pytest.raises(StoreError, match="No space left") as refused:
        _up(file, future)
    assert "nothing was changed" in refused.value.cure
    assert file.read(migrations.applied_steps) == [1, 2]
    assert [path.name for path in tmp_path.glob("kept*")] == ["kept.duckdb"]


def test_a_fresh_file_needs_no_copy(tmp_path):
    """The first start leaves one file."""
    database = open_database(tmp_path)
    asyncio.run(migrations.upgrade(database, NOW))
    asyncio.run(database.close())
    assert [path.name for path in tmp_path.iterdir()] == ["cellissimo.duckdb"]


def test_administrators_migrate_look_and_go_back(tmp_path, capsys, monkeypatch):
    """The commands of the documentation do what they say, and refuse what cannot be."""

    def run(*words, code=0):
        assert code == administration.main(words)
        said = capsys.readouterr()
        return said.out.splitlines() if code == 0 else said.err

    where = ["--store", str(tmp_path)]
    assert run(*where, "migrate") == ["0001_beginning is done", "0002_rooms is done"]
    assert run(*where, "migrate") == []
    assert run(*where, "status") == ["0001 beginning: done", "0002 rooms: done"]
    assert run(*where, "cut", "doc", "3")[0].startswith("0 entries of doc")
    monkeypatch.setenv("CELLISSIMO_DATA", str(tmp_path))
    assert run("downgrade", "0") == ["0002_rooms is undone", "0001_beginning is undone"]
    assert run("status") == ["0001 beginning: waiting", "0002 rooms: waiting"]
    held = Hold(tmp_path, NOW)
    assert "held by the server with process id" in run("status", code=2)
    held.release()
    monkeypatch.delenv("CELLISSIMO_DATA")
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    assert run("status") == ["0001 beginning: waiting", "0002 rooms: waiting"]
    assert (tmp_path / "jupyter" / "cellissimo" / "cellissimo.duckdb").exists()
    assert "No database is known by mysql://" in run("--store", "mysql://x", "status", code=2)
