"""What is said in rooms, kept alike by every store: lines, comments, changes that were taken."""

import asyncio

import pytest

from cellissimo_server.store import (
    comments,
    journal_rows,
    members,
    messages,
    ownership,
    pieces,
    taken,
    users,
)
from cellissimo_server.store.comments import Comment
from cellissimo_server.store.errors import ExistsError
from cellissimo_server.store.messages import Message
from cellissimo_server.store.paging import Paging
from cellissimo_server.store.taken import Taken
from tests.contracts.stores import NOW, entry, member, piece, user


def line(number, author="id-anna", room="id-one", **other):
    """A line of a chat."""
    usual = {
        "id": f"{room}-{number}", "piece_id": room, "number": number, "author_id": author,
        "text": f"häh {number} 🎻", "position": None, "made_at": NOW + number, "removed_at": None,
        "removed_by": None,
    }  # fmt: skip
    return Message(**usual | other)


def comment(number, thread=None, author="id-anna", **other):
    """A comment that begins a thread, or answers the one of that number."""
    usual = {
        "id": f"c{number}", "piece_id": "id-one", "thread_id": f"c{thread or number}",
        "number": number, "author_id": author, "text": f"text {number}", "words": "bar 1",
        "anchor": None if thread else '{"kind": "song"}', "made_seq": 1, "rev": 1,
        "made_at": NOW + number, "touched_at": NOW + number, "edited_at": None,
        "resolved_at": None, "resolved_by": None, "removed_at": None, "removed_by": None,
    }  # fmt: skip
    return Comment(**usual | other)


def test_lines_are_numbered_and_come_newest_first(store):
    """A number and an id are taken once; what is removed keeps its number, without its words."""
    rows = [line(1), line(2, "id-bert"), line(3), line(1, room="id-two")]
    store.write(lambda db: [messages.insert(db, row) for row in rows])
    found = store.read(lambda db: messages.of_piece(db, "id-one", Paging(limit=2)))
    assert ([rows[2], rows[1]], 3, True) == (found.rows, found.total, found.has_more)
    assert store.read(lambda db: messages.next_number(db, "id-one")) == 4
    assert store.read(lambda db: messages.next_number(db, "id-new")) == 1
    for taken_one in (line(3, id="other"), line(9, id="id-one-1")):
        with pytest.raises(ExistsError):
            store.write(lambda db, row=taken_one: messages.insert(db, row))
    assert store.write(lambda db: messages.remove(db, "id-one-3", "id-bert", NOW)) is True
    assert store.write(lambda db: messages.remove(db, "id-one-3", "id-bert", NOW)) is False
    gone = store.read(lambda db: messages.by_id(db, "id-one-3"))
    assert line(3, text="", removed_at=NOW, removed_by="id-bert") == gone
    assert store.read(lambda db: messages.next_number(db, "id-one")) == 4
    assert store.read(lambda db: messages.count_since(db, "id-one", NOW, "id-anna")) == 1
    touched = store.read(lambda db: messages.touched_since(db, ["id-one", "id-two"], NOW + 2))
    assert ["id-one-2", "id-one-3"] == [row.id for row in touched]
    assert store.read(lambda db: messages.touched_since(db, [], 0)) == []


def test_lines_that_are_said_at_once_have_a_number_each(store):
    """However many write at one time, none is refused and none is numbered twice."""

    def say(key):
        def work(db):
            messages.insert(db, line(messages.next_number(db, "id-one"), id=key))

        return store.database.write(work)

    async def all_at_once():
        await asyncio.gather(*(say(f"k{n}") for n in range(12)))

    asyncio.run(all_at_once())
    found = store.read(lambda db: messages.of_piece(db, "id-one", Paging(limit=100)))
    assert list(range(12, 0, -1)) == [row.number for row in found.rows]


def test_threads_last_as_long_as_something_is_left_of_them(store):
    """A removed comment stays while there are answers; lists may ask for resolved ones."""
    rows = [comment(1), comment(2, 1, "id-bert"), comment(3), comment(4, resolved_at=NOW)]
    store.write(lambda db: [comments.insert(db, row) for row in rows])

    def threads(**how):
        found = store.read(lambda db: comments.threads(db, "id-one", Paging(), **how))
        return [row.id for row in found.rows]

    assert threads() == ["c4", "c3", "c1"]
    assert (["c4"], ["c3", "c1"]) == (threads(resolved=True), threads(resolved=False))
    assert [rows[1]] == store.read(lambda db: comments.answers(db, ["c1", "c3"]))
    assert store.read(lambda db: comments.voices(db, "c1")) == {"id-anna", "id-bert"}
    for key in ("c1", "c3"):
        store.write(lambda db, key=key: comments.remove(db, key, "id-anna", NOW))
    assert threads() == ["c4", "c1"]
    store.write(lambda db: comments.remove(db, "c2", "id-bert", NOW))
    assert threads() == ["c4"]
    assert store.read(lambda db: comments.count_threads(db, "id-one")) == 1
    touched = store.read(lambda db: comments.touched_since(db, ["id-one"], NOW + 4))
    assert [row.id for row in touched] == ["c4"]


def test_what_was_taken_is_known_by_room_and_id(store):
    """The same id in another room is another; the old is forgotten."""
    row = Taken("id-one", "k1", "id-anna", "hash", 7, NOW)
    store.write(lambda db: taken.insert(db, row))
    with pytest.raises(ExistsError):
        store.write(lambda db: taken.insert(db, row))
    assert row == store.read(lambda db: taken.by_id(db, "id-one", "k1"))
    assert store.read(lambda db: taken.by_id(db, "id-two", "k1")) is None
    assert store.write(lambda db: taken.forget(db, NOW)) == 0
    assert store.write(lambda db: taken.forget(db, NOW + 1)) == 1


def test_what_is_said_follows_its_author_and_its_piece(store):
    """A guest's words become those of who claims them; a piece takes all of it along."""
    row = Taken("id-one", "k1", "id-anna", "hash", 7, NOW)

    def work(db):
        pieces.insert(db, piece("one"))
        messages.insert(db, line(1))
        comments.insert(db, comment(1))
        taken.insert(db, row)
        ownership.move(db, "id-anna", "id-zoe")

    store.write(work)
    said = store.read(lambda db: messages.said_by(db, "id-zoe"))
    assert [line(1, "id-zoe")] == said
    assert [comment(1, author="id-zoe")] == store.read(lambda db: comments.written_by(db, "id-zoe"))
    assert store.write(lambda db: comments.remove_written_by(db, "id-zoe", NOW)) == 1
    assert store.write(lambda db: messages.remove_said_by(db, "id-zoe", NOW)) == 1
    assert store.read(lambda db: messages.said_by(db, "id-zoe")) == []
    store.write(lambda db: pieces.delete(db, "id-one"))
    for table in (messages.MESSAGES, comments.COMMENTS, taken.TAKEN):
        assert store.read(lambda db, table=table: table.count(db, "piece_id <> ''")) == 0


def test_guests_who_left_nothing_are_found(store):
    """Whatever somebody left keeps their row: what they said, wrote, own, or are members of."""
    names = ("idle", "chatty", "critic", "owner", "member", "author", "late")
    guests = [user(name, kind="guest") for name in names]
    person = user("anna")

    def leave(db):
        for row in (*guests, person):
            users.insert(db, row)
        messages.insert(db, line(1, "id-chatty"))
        comments.insert(db, comment(1, author="id-critic"))
        pieces.insert(db, piece("owned", owner_id="id-owner"))
        members.insert(db, member("id-owned", "id-member"))
        journal_rows.append(db, "id-owned", [entry(1, b"\x00\x00", author="id-author")])
        users.seen(db, "id-late", NOW + 10)

    store.write(leave)
    assert ["id-idle"] == store.read(lambda db: ownership.passers_by(db, NOW + 10))
    assert ["id-idle", "id-late"] == store.read(lambda db: ownership.passers_by(db, NOW + 11))
