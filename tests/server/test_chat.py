"""The chat of rooms: who says what, who may read it, and what becomes of it."""

from __future__ import annotations

import uuid

import pytest

from tests.server.pieces import made

LIMITS = {"messages_per_hour": 40}
PEOPLE = ("bob", "viewer", "admin", "mallory")


@pytest.fixture
def alice(server):
    """The owner, who has an hour of talk left."""
    server.clock.forward(hours=1)
    return server.as_("alice")


@pytest.fixture
def piece(alice):
    """A project of hers with a contributor, a viewer and an admin."""
    found = made(alice)
    for name, role in (("bob", "contributor"), ("viewer", "viewer"), ("admin", "admin")):
        body = {"username": name, "role": role}
        assert alice.post(f"projects/{found}/collaborators", json=body).status_code == 201
    return found


def say(client, piece, text, **more):
    """Say a line; gives it."""
    answer = client.post(f"rooms/{piece}/messages", json={"text": text, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


def lines(client, piece, **query):
    """The lines of a chat, newest first."""
    answer = client.get(f"rooms/{piece}/messages", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def guest_with(server, alice, piece, rights):
    """A guest who has come with a link of those rights."""
    link = alice.post(f"projects/{piece}/share", json={"rights": rights}).json()
    guest = server.client().post("guests", json={"displayName": "Gast"}).json()
    return server.client(
        f"Bearer {guest['token']}", **{"X-Cellissimo-Link": link["shareToken"]}
    ), link


def test_members_say_lines_in_their_order(server, alice, piece):
    """Everybody's lines are numbered as they come, and listed newest first with who said them."""
    viewer = server.as_("viewer")
    first = say(alice, piece, "Shall we?")
    second = say(viewer, piece, "  Bar 3\nis <b>loud</b>\u0007 ", position={"tick": 7680})
    assert (1, 2) == (first["number"], second["number"])
    assert second["text"] == "Bar 3\nis <b>loud</b>"
    assert second["position"] == {"tick": 7680, "cell": None}
    found = lines(alice, piece)["messages"]
    assert [second, first] == found
    assert {"name": "Viewer", "kind": "user"}.items() <= found[0]["author"].items()
    assert found[0]["author"]["color"].startswith("#")


def test_a_line_may_point_to_a_cell_of_a_notebook(alice, piece):
    """Its notebook and the cell's id come back as they were sent."""
    cell = {"notebook": "songs/one.ipynb", "id": "a1b2c3"}
    said = say(alice, piece, "here", position={"tick": 0, "cell": cell})
    assert {"tick": 0, "cell": cell} == lines(alice, piece)["messages"][0]["position"]
    assert said == lines(alice, piece)["messages"][0]


def test_a_line_may_point_to_a_bar(alice, piece):
    """It is kept as the tick at which the bar begins now."""
    alice.post(f"rooms/{piece}/changes", json={"path": "meters.7680", "value": "3/4"})
    said = say(alice, piece, "there", position={"bar": 4})
    assert {"tick": 7680 + 2880, "cell": None} == said["position"]
    assert say(alice, piece, "nowhere", position={})["position"] is None


def test_the_same_id_says_it_once(server, alice, piece):
    """Sent again after a lost answer, a line is there once; nobody takes another's id."""
    key = str(uuid.uuid4())
    first = say(alice, piece, "once", id=key)
    assert first == say(alice, piece, "once", id=key)
    assert lines(alice, piece)["total"] == 1
    taken = server.as_("bob").post(f"rooms/{piece}/messages", json={"text": "x", "id": key})
    assert taken.status_code == 409
    assert taken.json()["error"]["field"] == "id"


def test_pages_go_back_to_the_beginning(alice, piece):
    """By the mark of the page before, every line comes once."""
    said = [say(alice, piece, f"line {n}")["id"] for n in range(7)]
    found, after = [], None
    while True:
        page = lines(alice, piece, limit=3, **({"after": after} if after else {}))
        found += [one["id"] for one in page["messages"]]
        after = page["next"]
        if after is None:
            break
    assert said[::-1] == found


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "  \n "}, "text"),
        ({"text": "x" * 2001}, "text"),
        ({"text": "x", "id": "me"}, "id"),
        ({"text": "x", "position": {"tick": -1}}, "position.tick"),
        ({"text": "x", "position": {"beat": 1}}, "position.beat"),
        ({"text": "x", "position": {"bar": 0}}, "position.bar"),
    ],
)
def test_what_is_no_line_is_refused(alice, piece, body, field):
    """The error names the field, and nothing is said."""
    answer = alice.post(f"rooms/{piece}/messages", json=body)
    assert answer.status_code == 400
    assert answer.json()["error"]["field"] == field
    assert lines(alice, piece)["total"] == 0


def test_the_chat_is_not_for_the_public(server, alice, piece):
    """A stranger knows nothing of a private room, and reads no chat of a public one."""
    say(alice, piece, "between us")
    mallory = server.as_("mallory")
    assert mallory.get(f"rooms/{piece}/messages").status_code == 404
    alice.patch(f"projects/{piece}", json={"visibility": "public"})
    assert mallory.get(f"projects/{piece}").status_code == 200
    assert mallory.get(f"rooms/{piece}/messages").status_code == 403
    assert mallory.post(f"rooms/{piece}/messages", json={"text": "x"}).status_code == 403


def test_guests_of_a_link_that_allows_comments_talk(server, alice, piece):
    """A link is asked anew each time: without the right, for another piece, or revoked: nothing."""
    guest, link = guest_with(server, alice, piece, ["listen", "comment"])
    said = say(guest, piece, "hello from outside")
    assert {"name": "Gast", "kind": "guest"}.items() <= said["author"].items()
    assert [said] == lines(guest, piece)["messages"]
    other = made(alice)
    assert guest.get(f"rooms/{other}/messages").status_code == 404
    listener, _ = guest_with(server, alice, piece, ["listen"])
    assert listener.post(f"rooms/{piece}/messages", json={"text": "x"}).status_code == 403
    assert alice.delete(f"shares/{link['id']}").status_code == 200
    assert guest.get(f"rooms/{piece}/messages").status_code == 404


def test_one_takes_back_ones_own_and_admins_everybodys(server, alice, piece):
    """What is taken back loses its words for good; others' lines stay for all but admins."""
    mine = say(server.as_("bob"), piece, "secret word")
    theirs = say(alice, piece, "mine")
    bob, viewer = server.as_("bob"), server.as_("viewer")
    assert viewer.delete(f"messages/{mine['id']}").status_code == 403
    assert bob.delete(f"messages/{theirs['id']}").status_code == 403
    assert server.as_("mallory").delete(f"messages/{mine['id']}").status_code == 404
    assert bob.delete(f"messages/{mine['id']}").status_code == 200
    assert bob.delete(f"messages/{mine['id']}").status_code == 200
    assert server.as_("admin").delete(f"messages/{theirs['id']}").status_code == 200
    assert lines(alice, piece)["messages"] == []
    held = server.run(
        server.services.database.read(
            lambda db: db.rows(str, "SELECT text FROM messages WHERE piece_id = ?", piece)
        )
    )
    assert held == ["", ""]


def test_an_hour_holds_so_many_lines(server, alice, piece):
    """Who talks too much is told when to go on."""
    bob = server.as_("bob")
    answers = [
        bob.post(f"rooms/{piece}/messages", json={"text": "x"}).status_code for _ in range(45)
    ]
    assert answers[:30] == [201] * 30
    last = bob.post(f"rooms/{piece}/messages", json={"text": "x"})
    assert last.status_code == 429
    assert int(last.headers["Retry-After"]) > 0


def test_what_somebody_said_goes_with_them(server, alice, piece):
    """The end of an account is told beforehand, takes its lines, and leaves those of others."""
    server.clock.forward(hours=1)
    left = server.as_("leaver")
    left.get("users/me")
    alice.post(f"projects/{piece}/collaborators", json={"username": "leaver", "role": "viewer"})
    say(left, piece, "goodbye")
    kept = say(alice, piece, "stay")
    told = left.get("users/me/deletion").json()
    assert told["messages"] == 1
    gone = left.request("DELETE", "users/me", json={"confirm": "leaver"})
    assert gone.status_code == 200, gone.text
    assert [kept] == lines(alice, piece)["messages"]


def test_a_piece_that_is_purged_takes_its_chat_along(server, alice, piece):
    """No row of it is left."""
    say(alice, piece, "x")
    alice.delete(f"projects/{piece}")
    assert alice.delete(f"trash/{piece}").status_code == 200

    def count(db):
        return db.rows(int, "SELECT COUNT(*) FROM messages WHERE piece_id = ?", piece)

    assert server.run(server.services.database.read(count)) == [0]
