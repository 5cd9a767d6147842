"""People, pieces and what belongs to them: found, changed, listed and taken away alike."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cellissimo_server.errors import ChangedError, InvalidError
from cellissimo_server.store import (
    api_tokens,
    checkpoints,
    invites,
    journal_rows,
    members,
    parts,
    piece_lists,
    pieces,
    shares,
    users,
)
from cellissimo_server.store.errors import ExistsError
from cellissimo_server.store.paging import Order, Paging
from cellissimo_server.store.piece_lists import ORDERS, Wanted
from tests.contracts.stores import NOW, entry, member, piece, user

HOUR = 3_600_000


def _listed(store, wanted, paging=None):
    """The ids of one page, and the page."""
    found = store.read(lambda db: piece_lists.listed(db, wanted, paging or Paging(limit=100)))
    return [row.id.removeprefix("id-") for row in found.rows], found


def test_people_are_found_by_id_and_name(store):
    """A row comes back whole by id, by name and among several; who is not there does not."""
    anna, bert = user("anna", bio="häßlich 🎻 'quoted'", email="a@x"), user("bert", rev=7)
    store.write(lambda db: users.USERS.insert_all(db, [anna, bert]))
    assert anna == store.read(lambda db: users.by_id(db, anna.id))
    assert bert == store.read(lambda db: users.by_username(db, "bert"))
    assert store.read(lambda db: users.by_id(db, "anna")) is None
    several = store.read(lambda db: users.by_ids(db, [anna.id, "x", bert.id, anna.id]))
    assert {anna.id: anna, bert.id: bert} == several
    assert store.read(lambda db: users.by_ids(db, [])) == {}


def test_a_change_counts_the_revision_up(store):
    """A change made for the row as it is succeeds once; for an older one it tells both values."""
    store.write(lambda db: users.insert(db, user("anna", bio="old")))
    changed = store.write(lambda db: users.change(db, "id-anna", 1, bio="new"))
    assert changed == user("anna", bio="new", rev=2)
    with pytest.raises(ChangedError) as late:
        store.write(lambda db: users.change(db, "id-anna", 1, bio="newest"))
    assert late.value.detail["yours"] == {"bio": "newest"}
    assert late.value.detail["theirs"] == {"bio": "new"}
    assert store.write(lambda db: users.change(db, "id-anna", None, bio="newest")).rev == 3
    assert store.write(lambda db: users.change(db, "nobody", 1, bio="x")) is None


def test_guests_who_stay_away_are_found(store):
    """Only guests, only those unseen since then, only those who are not deleted."""
    rows = [
        user("old", kind="guest", seen_at=NOW - HOUR),
        user("new", kind="guest", seen_at=NOW),
        user("gone", kind="guest", seen_at=NOW - HOUR, deleted_at=NOW),
        user("person", seen_at=NOW - HOUR),
    ]
    store.write(lambda db: users.USERS.insert_all(db, rows))
    found = store.read(lambda db: users.unseen_guests(db, NOW))
    assert [row.username for row in found] == ["old"]
    store.write(lambda db: users.seen(db, "id-old", NOW))
    store.write(lambda db: users.delete(db, "id-new"))
    assert store.read(lambda db: users.unseen_guests(db, NOW + 1))[0].seen_at == NOW


def test_lists_show_what_is_wanted(store):
    """Mine, shared with me, both, public; by kind, tag, words of the name, key, tempo, archive."""
    rows = [
        piece("one", name="Blue 100%_rain", tags=json.dumps(["jazz", 'say "hi"']), updated_at=6),
        piece("two", visibility="public", key="D minor", tempo=90.0, updated_at=5),
        piece("three", owner_id="id-bert", visibility="public", tempo=91.5, updated_at=4),
        piece("four", owner_id="id-bert", tags='["jazzy"]', updated_at=3),
        piece("five", owner_id="id-bert", kind="loop", archived=True, updated_at=2),
        piece("six", trashed_at=NOW, visibility="public", updated_at=1),
    ]
    store.write(lambda db: pieces.PIECES.insert_all(db, rows))
    store.write(lambda db: members.insert(db, member("id-four", "id-anna")))
    cases = [
        (Wanted(), "one two three four five"),
        (Wanted(person="id-anna"), "one two four"),
        (Wanted(person="id-anna", role="owner"), "one two"),
        (Wanted(person="id-anna", role="member"), "four"),
        (Wanted(person="id-anna", trashed=True), "six"),
        (Wanted(visibility="public"), "two three"),
        (Wanted(kind="loop"), "five"),
        (Wanted(archived=False), "one two three four"),
        (Wanted(archived=True), "five"),
        (Wanted(tag="jazz"), "one"),
        (Wanted(tag='say "hi"'), "one"),
        (Wanted(name="RAIN"), "one"),
        (Wanted(name="%_"), "one"),
        (Wanted(name="o_e"), ""),
        (Wanted(name="t!"), ""),
        (Wanted(key="D minor"), "two"),
        (Wanted(tempo=(90, 91.5)), "two three"),
        (Wanted(tempo=(90, 91.5), person="id-anna"), "two"),
        (Wanted(order=ORDERS["name"], visibility="public"), "three two"),
    ]
    for wanted, expected in cases:
        names, found = _listed(store, wanted)
        assert (expected.split(), len(names)) == (names, found.total), wanted


@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(
    times=st.lists(st.integers(0, 5), max_size=25),
    limit=st.integers(1, 7),
    order=st.sampled_from([*ORDERS]),
)
def test_pages_put_together_are_the_whole_list(store, times, limit, order):
    """By number and by mark, every row comes once, in order, however many share one place."""
    rows = [
        piece(f"{n:02}", name=f"n{at}", updated_at=at, created_at=at, views=at, forks=at)
        for n, at in enumerate(times)
    ]
    store.write(lambda db: pieces.PIECES.delete(db, "id <> ''"))
    store.write(lambda db: pieces.PIECES.insert_all(db, rows))
    wanted = Wanted(order=ORDERS[order])
    whole, _ = _listed(store, wanted)
    assert sorted(f"{n:02}" for n in range(len(times))) == sorted(whole)
    numbered, marked, page, mark = [], [], 1, ""
    while True:
        names, found = _listed(store, wanted, Paging(page=page, limit=limit))
        assert (len(times), page) == (found.total, found.page)
        numbered += names
        page += 1
        if not found.has_more:
            break
    first = Paging(limit=limit)
    while mark is not None:
        names, found = _listed(store, wanted, first if mark == "" else Paging(1, limit, mark))
        assert len(names) <= limit
        assert found.has_more == (found.next is not None)
        marked += names
        mark = found.next
    assert whole == numbered == marked


@pytest.mark.parametrize(
    "mark", ["", "x", "e30", "bnVsbA", "WyJ2aWV3cyIsIDEsICJhIl0", "WyJ1cGRhdGVkX2F0IiwgW10sICJhIl0"]
)
def test_a_mark_that_is_none_is_refused(store, mark):
    """What is no mark, or one of another order, is refused with words."""
    with pytest.raises(InvalidError, match="no after"):
        _listed(store, Wanted(), Paging(after=mark))


@pytest.mark.parametrize(("page", "limit"), [(0, 20), (-1, 20), (1, 0), (1, 101)])
def test_a_page_has_a_number_and_at_most_a_hundred_rows(page, limit):
    """Page 0 and limits outside 1 … 100 are refused, and the field is named."""
    with pytest.raises(InvalidError) as refused:
        Paging(page, limit)
    assert refused.value.field == ("page" if page < 1 else "limit")


def test_marks_read_back_what_they_name():
    """A mark is short text for addresses, and holds any place, be its value text or number."""
    order = Order("name", descending=False)
    mark = order.mark(piece("x", name="Ünï/?&=+"))
    assert mark.isascii()
    assert not set("/?&=+") & set(mark)
    assert order.after(Paging(after=mark)) == (" AND (name, id) > (?, ?)", ("Ünï/?&=+", "id-x"))


def test_the_index_never_goes_back(store):
    """An index of an older revision is passed over; ``rev`` stays, nobody's form is disturbed."""
    store.write(lambda db: pieces.insert(db, piece("one", seq=4)))
    newer, older = {"seq": 5, "tempo": 99.0, "bars": 8}, {"seq": 3, "tempo": 1.0, "bars": 1}
    nowhere = {"id-one": newer, "nowhere": newer}
    assert store.write(lambda db: pieces.reindex(db, nowhere)) == ["id-one"]
    assert store.write(lambda db: pieces.reindex(db, {"id-one": newer})) == ["id-one"]
    assert store.write(lambda db: pieces.reindex(db, {"id-one": older, "nowhere": older})) == []
    assert store.write(lambda db: pieces.reindex(db, {"id-one": older})) == []
    assert store.write(lambda db: pieces.reindex(db, {})) == []
    found = store.read(lambda db: pieces.by_id(db, "id-one"))
    assert piece("one", seq=5, tempo=99.0, bars=8) == found


def test_a_view_counts_once_a_day_and_visitor(store):
    """The same visitor counts again tomorrow; who they were is forgotten, the number stays."""
    store.write(lambda db: pieces.insert(db, piece("one")))
    visits = [(1, "a"), (1, "a"), (1, "b"), (2, "a")]
    counted = [
        store.write(lambda db, d=day, v=visitor: pieces.count_view(db, "id-one", d, v))
        for day, visitor in visits
    ]
    assert counted == [True, False, True, True]
    assert store.write(lambda db: pieces.forget_visitors(db, 2)) == 2
    store.write(lambda db: pieces.count_fork(db, "id-one"))
    found = store.read(lambda db: pieces.by_id(db, "id-one"))
    assert (found.views, found.forks, found.rev) == (3, 1, 1)


def test_the_trash_gives_back(store):
    """What was put in the trash is in nobody's list, and comes out of it as it went in."""
    rows = [piece("one"), piece("two"), piece("three", owner_id="id-bert")]
    store.write(lambda db: pieces.PIECES.insert_all(db, rows))
    for name, at in (("one", 10), ("two", 20), ("three", 30)):
        assert store.write(lambda db, n=name, t=at: pieces.trash(db, f"id-{n}", t))
    assert not store.write(lambda db: pieces.trash(db, "id-one", 99))
    assert _listed(store, Wanted())[0] == []
    trash = store.read(lambda db: pieces.trash_of(db, "id-anna"))
    assert [(row.name, row.trashed_at) for row in trash] == [("two", 20), ("one", 10)]
    expired = store.read(lambda db: pieces.trashed_before(db, 30))
    assert [row.name for row in expired] == ["one", "two"]
    assert store.write(lambda db: pieces.restore(db, "id-one"))
    assert not store.write(lambda db: pieces.restore(db, "id-one"))
    assert store.read(lambda db: pieces.by_id(db, "id-one")) == piece("one")
    assert store.read(lambda db: pieces.count_owned(db, "id-anna", "project")) == 2


@pytest.mark.parametrize("count", [1, 3])
def test_edits_are_kept_of_pieces_that_are_there(store, count):
    """Edits of a piece are written once, whole and in their order; of one that is gone, told so."""
    new = [entry(seq) for seq in range(1, count + 1)]
    store.write(lambda db: pieces.insert(db, piece("one")))
    assert store.write(lambda db: journal_rows.append_to_piece(db, "id-one", new))
    assert new == store.read(lambda db: journal_rows.read(db, "id-one", 0)).entries
    with pytest.raises(ExistsError):
        store.write(lambda db: journal_rows.append_to_piece(db, "id-one", new[-1:]))
    assert not store.write(lambda db: journal_rows.append_to_piece(db, "id-gone", new))


def test_a_piece_goes_with_all_that_is_its_own(store):
    """After a piece is deleted no table knows it; another piece keeps everything."""
    both = ("id-one", "id-two")

    def fill(db, doc):
        pieces.insert(db, piece(doc.removeprefix("id-")))
        members.insert(db, member(doc, "id-bert"))
        parts.replace(db, doc, [parts.Part(f"stem-{doc}", doc, "stem")])
        shares.insert(db, _share(f"s-{doc}", piece_id=doc))
        invites.insert(db, _invite(f"i-{doc}", piece_id=doc))
        journal_rows.append(db, doc, [entry(1)])
        checkpoints.insert(db, checkpoints.Checkpoint(doc, 1, NOW, b"x"))
        pieces.count_view(db, doc, 1, "v")
        db.run("INSERT INTO versions VALUES (?, ?, 1, 'v', 'named', 'a', 1)", f"v-{doc}", doc)
        db.run("INSERT INTO search_words VALUES (?, 'word', 1)", doc)
        db.run("INSERT INTO imported VALUES ('u', ?, ?, 'h')", doc, doc)
        db.run("INSERT INTO messages VALUES (?, ?, 1, 'a', 't', NULL, 1, NULL, NULL)", doc, doc)
        db.run(
            "INSERT INTO comments (id, piece_id, thread_id, number, author_id, text, words, "
            "made_seq, rev, made_at, touched_at) VALUES (?, ?, 't', 1, 'a', 't', 'w', 1, 1, 1, 1)",
            doc, doc,
        )  # fmt: skip
        db.run("INSERT INTO taken VALUES (?, 't', 'a', 'h', 1, 1)", doc)
        for kind, key in (("piece", doc), ("version", f"v-{doc}")):
            db.run("INSERT INTO blob_uses VALUES ('b', ?, ?)", kind, key)

    def rows_of(db, doc):
        columns = [(table, column) for table, column in pieces._BELONGING]
        columns += [("pieces", "id"), ("blob_uses", "user_id")]
        return {
            table: db.row(int, f"SELECT COUNT(*) FROM {table} WHERE {column} LIKE ?", f"%{doc}")  # noqa: S608
            for table, column in columns
        }

    for doc in both:
        store.write(lambda db, doc=doc: fill(db, doc))
    full = store.read(lambda db: rows_of(db, "id-one"))
    assert min(full.values()) >= 1
    store.write(lambda db: pieces.delete(db, "id-one"))
    assert set(store.read(lambda db: rows_of(db, "id-one")).values()) == {0}
    assert full == store.read(lambda db: rows_of(db, "id-two"))


def test_members_come_in_order_and_leave(store):
    """A piece's members by the day they came, somebody's pieces, changes, and the end of it."""
    rows = [member("p", "id-b", joined_at=2), member("p", "id-a", joined_at=1), member("q", "id-a")]
    store.write(lambda db: members.MEMBERS.insert_all(db, rows))
    assert store.read(lambda db: members.of_piece(db, "p")) == [rows[1], rows[0]]
    mine = store.read(lambda db: members.in_pieces(db, "id-a", ["p", "x"]))
    assert mine == {"p": rows[1]}
    changed = store.write(lambda db: members.change(db, "p", "id-a", 1, role="viewer"))
    assert (changed.role, changed.rev) == ("viewer", 2)
    with pytest.raises(ChangedError):
        store.write(lambda db: members.change(db, "p", "id-a", 1, role="admin"))
    store.write(lambda db: members.active(db, "p", "id-b", NOW + 5))
    assert store.read(lambda db: members.by_id(db, "p", "id-b")).active_at == NOW + 5
    assert store.write(lambda db: members.delete(db, "p", "id-b"))
    assert not store.write(lambda db: members.delete(db, "p", "id-b"))
    assert store.write(lambda db: members.delete_of_user(db, "id-a")) == 2


def _share(name, **other):
    usual = {
        "id": name, "piece_id": "p", "token_hash": f"hash-{name}", "rights": '["listen"]',
        "created_by": "id-anna", "created_at": NOW, "expires_at": None, "revoked_at": None,
        "last_used_at": None, "uses": 0,
    }  # fmt: skip
    return shares.Share(**usual | other)


def _invite(name, **other):
    usual = {
        "id": name, "piece_id": "p", "token_hash": f"hash-{name}", "username": None,
        "role": "viewer", "flags": "[]", "created_by": "id-anna", "created_at": NOW,
        "expires_at": None, "accepted_by": None, "accepted_at": None, "revoked_at": None,
    }  # fmt: skip
    return invites.Invite(**usual | other)


def test_links_are_found_by_hash_counted_and_revoked(store):
    """A link by its token's hash, its uses, and its end, which comes once."""
    rows = [_share("a", created_at=1), _share("b", created_at=2), _share("c", piece_id="q")]
    store.write(lambda db: [shares.insert(db, row) for row in rows])
    assert store.read(lambda db: shares.by_hash(db, "hash-a")) == rows[0]
    assert store.read(lambda db: shares.of_piece(db, "p")) == [rows[1], rows[0]]
    store.write(lambda db: [shares.used(db, "a", NOW + n) for n in range(3)])
    found = store.read(lambda db: shares.by_id(db, "a"))
    assert (found.uses, found.last_used_at) == (3, NOW + 2)
    assert store.write(lambda db: shares.revoke(db, "a", NOW))
    assert not store.write(lambda db: shares.revoke(db, "a", NOW + 1))
    assert store.write(lambda db: shares.revoke_all(db, "p", NOW)) == 1
    assert store.write(lambda db: shares.revoke_of_user(db, "id-anna", NOW)) == 1


def test_invites_are_taken_once(store):
    """An invite is accepted by one, not after it was revoked; waiting ones are found by name."""
    rows = [
        _invite("a", username="bert"),
        _invite("b", username="bert", expires_at=NOW),
        _invite("c", username="bert", expires_at=NOW + 1, created_at=NOW + 1),
        _invite("d"),
    ]
    store.write(lambda db: [invites.insert(db, row) for row in rows])
    waiting = store.read(lambda db: invites.for_username(db, "bert", NOW))
    assert [row.id for row in waiting] == ["c", "a"]
    assert store.write(lambda db: invites.accept(db, "a", "id-bert", NOW))
    assert not store.write(lambda db: invites.accept(db, "a", "id-cleo", NOW))
    assert store.read(lambda db: invites.by_hash(db, "hash-a")).accepted_by == "id-bert"
    assert store.write(lambda db: invites.revoke(db, "c", NOW))
    assert not store.write(lambda db: invites.accept(db, "c", "id-bert", NOW))
    assert store.read(lambda db: invites.for_username(db, "bert", NOW)) == []
    assert len(store.read(lambda db: invites.of_piece(db, "p"))) == 4


def test_parts_become_what_the_document_says(store):
    """Only what differs is written: parts go, come, and change their kind."""
    first = [parts.Part("a", "p", "stem"), parts.Part("b", "p", "segment")]
    then = [parts.Part("b", "p", "stem"), parts.Part("c", "p", "segment")]
    for wanted in (first, then, []):
        store.write(lambda db, rows=wanted: parts.replace(db, "p", rows))
        assert wanted == store.read(lambda db: parts.of_piece(db, "p"))
    store.write(lambda db: parts.replace(db, "p", first))
    assert store.read(lambda db: parts.by_id(db, "a", "stem")) == first[0]
    assert store.read(lambda db: parts.by_id(db, "a", "segment")) is None


def test_tokens_are_found_by_hash_and_revoked_by_their_owner(store):
    """Nobody else revokes somebody's token, and it is revoked once."""
    token = api_tokens.ApiToken("t", "id-anna", "laptop", "h", "[]", NOW, None, None, None)
    store.write(lambda db: api_tokens.insert(db, token))
    assert store.read(lambda db: api_tokens.by_hash(db, "h")) == token
    store.write(lambda db: api_tokens.used(db, "t", NOW + 1))
    assert not store.write(lambda db: api_tokens.revoke(db, "t", "id-bert", NOW))
    assert store.write(lambda db: api_tokens.revoke(db, "t", "id-anna", NOW))
    assert not store.write(lambda db: api_tokens.revoke(db, "t", "id-anna", NOW))
    assert [row.last_used_at for row in store.read(lambda db: api_tokens.of_user(db, "id-anna"))]
