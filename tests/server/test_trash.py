from __future__ import annotations

from typing import Any

import pytest

from cellissimo.crdt.document import Document
from cellissimo_server.commands.trash_piece import empty_old_trash
from cellissimo_server.errors import NotFoundError
from tests.server.running import Running


@pytest.fixture
def trashed(server: Running) -> dict[str, Any]:
    """A project of Alice's that she has just deleted."""
    alice = server.as_("alice")
    made = alice.post("projects", json={"name": "Gone"}).json()
    assert alice.delete(f"projects/{made['id']}").json() == {"success": True}
    return made


def test_the_trash_says_when_things_go(server: Running, trashed: dict) -> None:
    """What was deleted is listed with its last day; nobody else sees it."""
    listed = server.as_("alice").get("trash").json()["pieces"]
    (one,) = [piece for piece in listed if piece["id"] == trashed["id"]]
    assert (one["kind"], one["name"]) == ("project", "Gone")
    assert one["goneAt"] > one["trashedAt"]
    assert server.as_("bob").get("trash").json() == {"pieces": [], "samples": []}
    for method, address in (("POST", "/restore"), ("DELETE", "")):
        answer = server.as_("bob").request(method, f"trash/{trashed['id']}{address}")
        assert answer.status_code == 404


def test_a_piece_comes_back_as_it_was(server: Running, trashed: dict) -> None:
    """Restoring gives back the piece, its music and its members."""
    alice = server.as_("alice")
    back = alice.post(f"trash/{trashed['id']}/restore")
    assert back.json() == {"id": trashed["id"], "kind": "project", "name": "Gone"}
    assert alice.get(f"projects/{trashed['id']}").json() == trashed
    assert alice.post(f"trash/{trashed['id']}/restore").status_code == 404


def test_purging_takes_everything_away(server: Running, trashed: dict) -> None:
    """Afterwards no row speaks of it."""
    alice = server.as_("alice")
    assert alice.delete(f"trash/{trashed['id']}").json() == {"success": True}
    assert alice.post(f"trash/{trashed['id']}/restore").status_code == 404

    def left(db: Any) -> int:
        tables = {"pieces": "id", "journal": "doc", "search_words": "piece_id", "parts": "piece_id"}
        return sum(
            db.row(int, f"SELECT COUNT(*) FROM {table} WHERE {key} = ?", trashed["id"])  # noqa: S608
            for table, key in tables.items()
        )

    assert server.run(server.services.database.read(left)) == 0


def test_the_trash_is_emptied_after_a_month(server: Running, trashed: dict) -> None:
    """Thirty days are enough to think again; then it is gone for good."""
    alice = server.as_("alice")
    server.clock.forward(days=29)
    server.run(empty_old_trash(server.services))
    assert trashed["id"] in {one["id"] for one in alice.get("trash").json()["pieces"]}
    server.clock.forward(days=1, seconds=1)
    assert server.run(empty_old_trash(server.services)) >= 1
    assert alice.get("trash").json()["pieces"] == []


def test_what_is_deleted_for_good_takes_no_edit_any_more(server: Running, trashed: dict) -> None:
    """An edit that was on its way when the piece went leaves nothing behind."""
    documents = server.services.documents
    server.run(documents.revision(trashed["id"]))  # it is open, as in a room
    server.as_("alice").delete(f"trash/{trashed['id']}")

    def rename(document: Document) -> None:
        with document.edit() as writer:
            writer.set_song_field("name", "Ghost")

    with pytest.raises(NotFoundError):
        server.run(documents.edit(trashed["id"], "somebody", rename))
    sql = "SELECT COUNT(*) FROM journal WHERE doc = ?"
    left = server.services.database.read(lambda db: db.row(int, sql, trashed["id"]))
    assert server.run(left) == 0
