from __future__ import annotations

from collections.abc import Iterator

import pytest

from cellissimo_server.commands.housekeeping import Housekeeping
from cellissimo_server.store import pieces, users
from tests.server.running import Running, running


@pytest.fixture
def server(tmp_path) -> Iterator[Running]:
    """A plain server: whoever starts it administers it."""
    with running(tmp_path, many=False) as found:
        yield found


def count(server: Running, what: str) -> int:
    """What is in a table, as the next start would find it."""
    sql = f"SELECT COUNT(*) FROM {what}"  # noqa: S608 - a name of the test
    return server.run(server.services.database.read(lambda db: db.row(int, sql)))


def test_what_is_due_is_cleared_away(server: Running) -> None:
    """A song in the trash for longer than a month, and a guest of long ago, are gone."""
    client = server.client("token plain")
    song = client.post("projects", json={"name": "Old"}).json()["id"]
    guest = server.client().post("guests", json={}).json()["user"]["id"]
    client.delete(f"projects/{song}")
    client.post("admin/collect")
    assert count(server, "pieces") == 1
    server.clock.forward(days=91)
    assert client.post("admin/collect").json() == {"success": True}
    assert count(server, "pieces") == 0
    assert count(server, "journal") == 0
    assert server.run(server.services.database.read(lambda db: users.by_id(db, guest))) is None


def test_the_chores_are_done_by_themselves(server: Running) -> None:
    """Nobody has to ask for them."""
    client = server.client("token plain")
    song = client.post("projects", json={"name": "Old"}).json()["id"]
    client.delete(f"projects/{song}")
    server.clock.forward(days=31)

    async def an_hour() -> None:
        chores = Housekeeping(server.services, every_s=0.001)
        chores.start()
        while await server.services.database.read(lambda db: pieces.by_id(db, song)):
            pass
        await chores.stop()

    server.run(an_hour())


def test_the_chores_are_the_administrators(tmp_path) -> None:
    """Nobody else starts them."""
    with running(tmp_path) as server:
        assert server.as_("ann").post("admin/collect").status_code == 403
