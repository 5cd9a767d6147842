"""The page about storage: its commands run as they stand, on DuckDB and on PostgreSQL."""

import asyncio
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from cellissimo_server.store import migrations, users
from cellissimo_server.store.opening import open_database
from tests.contracts.postgres_server import programs
from tests.contracts.stores import NOW, user

PAGE = (Path(__file__).parents[2] / "docs" / "storage.md").read_text("utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def _run(block, folder, **variables):
    """What the commands of a block say, as a reader types them."""
    said = []
    for line in block.splitlines():
        words = shlex.split(line)
        if words[0] in {"python", "cellissimo"}:
            words[0] = str(Path(sys.executable).with_name(words[0]))
        done = subprocess.run(
            words,
            cwd=folder,
            env=os.environ | variables,
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, line + done.stderr
        said.append(done.stdout.strip())
    return said


async def _fill(where):
    database = open_database(where)
    await migrations.upgrade(database, NOW)
    await database.write(lambda db: users.insert(db, user("anna")))
    await database.close()


async def _names(where):
    database = open_database(where)
    found = await database.read(lambda db: db.rows(str, "SELECT username FROM users"))
    await database.close()
    return found


def test_the_commands_for_one_folder_run(tmp_path):
    """Backup, status and cut do what the page says."""
    data = tmp_path / "data"
    asyncio.run(_fill(data))
    backup, status = _run(BLOCKS[0], tmp_path, CELLISSIMO_DATA=str(data))
    assert (tmp_path / "monday.zip").exists()
    assert "0 pieces" in backup
    assert status.splitlines() == ["0001 beginning: done", "0002 rooms: done"]
    assert "from revision 120 on" in _run(BLOCKS[2], tmp_path, CELLISSIMO_DATA=str(data))[0]


def test_the_commands_for_postgresql_run(postgres, tmp_path):
    """A database that is made, migrated, dumped and restored as the page says has its rows."""
    server = urlsplit(postgres())
    make, migrate, dump, restore = BLOCKS[1].splitlines()
    where = f"{postgres()}/cellissimo"
    variables = {
        "PATH": f"{programs()}{os.pathsep}{os.environ['PATH']}",
        "PGHOST": server.hostname,
        "PGPORT": str(server.port),
        "PGUSER": server.username,
        "CELLISSIMO_DATABASE_URL": where,
    }
    done = _run(f"{make}\n{migrate}", tmp_path, **variables)[1]
    assert done.splitlines() == ["0001_beginning is done", "0002_rooms is done"]
    asyncio.run(_fill(where))
    _run(dump, tmp_path, **variables)
    database = open_database(where)
    asyncio.run(database.write(lambda db: users.delete(db, "id-anna")))
    asyncio.run(database.close())
    assert asyncio.run(_names(where)) == []
    _run(restore, tmp_path, **variables)
    assert asyncio.run(_names(where)) == ["anna"]
    _run("dropdb cellissimo", tmp_path, **variables)


def test_the_page_names_what_there_is(tmp_path):
    """The files of the table are those that a data folder has, and its tables exist."""
    asyncio.run(_fill(tmp_path))
    for path in tmp_path.iterdir():
        assert f"`{path.name}" in PAGE
    assert "CREATE TABLE damaged" in (migrations.FOLDER / "0001_beginning.up.sql").read_text()
