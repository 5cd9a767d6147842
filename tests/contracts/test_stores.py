"""Every store keeps the same promises: memory, a DuckDB file, and PostgreSQL on loopback."""

import asyncio
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cellissimo_server.errors import InvalidError
from cellissimo_server.store import members, users
from cellissimo_server.store.errors import ClosedError, ExistsError, ReadOnlyError
from tests.contracts.stores import NOW, entry, member, user

WAIT_S = 20

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
NUMBERS = st.integers(-(2**63), 2**63 - 1)


def _count(store, table):
    return store.read(lambda db: db.row(int, f"SELECT COUNT(*) FROM {table}"))  # noqa: S608


@pytest.fixture
def anna(store):
    """Keep somebody."""
    found = user("anna")
    store.write(lambda db: users.insert(db, found))
    return found


def test_values_come_back_as_they_went_in(store):
    """Any text, number, bytes, yes or no, and nothing at all come back exactly."""
    seen = []

    @settings(max_examples=30)
    @given(TEXTS, NUMBERS, st.binary(max_size=60), st.floats(allow_nan=False), st.booleans())
    def keep(text, number, content, fraction, switch):
        def work(db):
            db.run("DELETE FROM journal")
            db.run("DELETE FROM uses")
            db.run("INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?)",
                   text, number, text, "", number, content, 0)  # fmt: skip
            db.run("INSERT INTO uses VALUES (?, ?, ?)", fraction, switch, None)
            both = db.row(lambda *row: row, "SELECT doc, seq, author, bytes FROM journal")
            return both + db.row(lambda *row: row, "SELECT fraction, switch, nothing FROM uses")

        got = store.write(work)
        assert (text, number, text, content, fraction, switch, None) == got
        assert [str, int, str, bytes, float, bool] == [type(value) for value in got[:-1]]
        seen.append(text)

    store.write(
        lambda db: db.run(
            "CREATE TABLE uses (fraction DOUBLE PRECISION, switch BOOLEAN, nothing TEXT)"
        )
    )
    keep()
    assert seen


@pytest.mark.parametrize("text", ["half \ud800", "nil \0 inside", "\udfff"])
def test_text_that_not_all_stores_keep_is_refused(store, text):
    """U+0000 and halves of signs are refused with a reason, alone and among many rows."""
    with pytest.raises(InvalidError, match="cannot be kept"):
        store.write(lambda db: users.insert(db, user("x", bio=text)))
    with pytest.raises(InvalidError, match="cannot be kept"):
        store.write(lambda db: users.USERS.insert_all(db, [user("a"), user("b", bio=text)]))
    with pytest.raises(InvalidError, match="cannot be kept"):
        store.read(lambda db: users.by_username(db, text))
    assert _count(store, "users") == 0


def test_an_error_takes_all_of_its_work_back(store):
    """Work that fails at its end leaves nothing of its beginning."""

    def work(db):
        users.insert(db, user("anna"))
        raise KeyError("afterwards")

    with pytest.raises(KeyError, match="afterwards"):
        store.write(work)
    assert _count(store, "users") == 0


def test_work_that_fails_harms_no_other(store):
    """Of a hundred pieces of work that come at once, those that are right are kept."""

    def work(number, db):
        users.insert(db, user(f"u{number}"))
        if number % 10 == 3:
            raise KeyError(number)
        return number

    async def all_at_once():
        works = [store.database.write(lambda db, n=n: work(n, db)) for n in range(100)]
        return await asyncio.gather(*works, return_exceptions=True)

    for number, result in enumerate(asyncio.run(all_at_once())):
        if number % 10 == 3:
            assert isinstance(result, KeyError)
        else:
            assert number == result
    assert _count(store, "users") == 90


def test_counting_loses_nothing(store, anna):
    """Sixty people who read a number and write the next one at once: sixty more."""

    def work(db):
        rev = users.by_id(db, anna.id).rev
        db.run("UPDATE users SET rev = ? WHERE id = ?", rev + 1, anna.id)

    async def all_at_once():
        await asyncio.gather(*[store.database.write(work) for _ in range(60)])

    asyncio.run(all_at_once())
    assert store.read(lambda db: users.by_id(db, anna.id)).rev == 61


def test_whoever_comes_first_is_made_once(store):
    """Thirty requests of a newcomer who is not known yet: one row, and all thirty get it."""

    def meet(number, db):
        found = users.by_username(db, "anna")
        if found is None:
            users.insert(db, user("anna", id=f"id{number}"))
        return found or users.by_username(db, "anna")

    async def all_at_once():
        meetings = [store.database.write(lambda db, n=n: meet(n, db)) for n in range(30)]
        return await asyncio.gather(*meetings)

    assert len({met.id for met in asyncio.run(all_at_once())}) == 1
    assert _count(store, "users") == 1


def test_a_read_sees_one_state(store, anna):
    """What is written while somebody reads is not there for them, and is there for the next."""
    begun, written = threading.Event(), threading.Event()

    def read(db):
        first = users.by_id(db, anna.id).bio
        begun.set()
        assert written.wait(WAIT_S)
        return first, users.by_id(db, anna.id).bio, users.by_username(db, "bert")

    def write(db):
        users.change(db, anna.id, None, bio="new")
        users.insert(db, user("bert"))

    async def both():
        reading = asyncio.ensure_future(store.database.read(read))
        await asyncio.to_thread(begun.wait, WAIT_S)
        await store.database.write(write)
        written.set()
        return await reading

    assert asyncio.run(both()) == ("", "", None)
    assert store.read(lambda db: users.by_id(db, anna.id)).bio == "new"


def test_the_event_loop_never_waits(store):
    """While reads and writes wait in their threads, the loop does other things."""
    let_go = threading.Event()

    def stuck(db):
        assert let_go.wait(WAIT_S)
        return db.row(int, "SELECT 1")

    async def everything():
        waiting = [asyncio.ensure_future(store.database.read(stuck)),
                   asyncio.ensure_future(store.database.write(stuck))]  # fmt: skip
        await asyncio.sleep(0)
        let_go.set()  # reached only because nothing above held this thread
        return await asyncio.gather(*waiting)

    assert asyncio.run(everything()) == [1, 1]


def test_a_read_changes_nothing(store, anna):
    """Work that changes rows is refused where it was said to read."""
    with pytest.raises(ReadOnlyError):
        store.read(lambda db: users.seen(db, anna.id, 5))
    with pytest.raises(ReadOnlyError):
        store.read(lambda db: users.insert(db, user("bert")))
    assert store.read(lambda db: users.by_id(db, anna.id)) == anna


def test_a_key_stands_for_one_row(store, anna):
    """A taken id or name is refused: inserted, inserted among others, and by a change."""
    for other in (user("b", id=anna.id), user("anna", id="another")):
        with pytest.raises(ExistsError):
            store.write(lambda db, row=other: users.insert(db, row))
        rows = [user("bert"), other, user("cleo")]
        with pytest.raises(ExistsError):
            store.write(lambda db, rows=rows: users.USERS.insert_all(db, rows))
    store.write(lambda db: users.insert(db, user("bert")))
    with pytest.raises(ExistsError):
        store.write(lambda db: users.change(db, "id-bert", None, username="anna"))
    assert _count(store, "users") == 2


def test_keys_can_be_freed_and_used_again(store, anna):
    """Deleting and inserting the same key works: in one work, in two, and while somebody reads."""

    def again(db):
        members.delete(db, "p", anna.id)
        members.insert(db, member("p", anna.id))

    def reading(db):
        members.of_piece(db, "p")
        for _ in range(3):
            asyncio.run_coroutine_threadsafe(store.database.write(again), loop).result(WAIT_S)
        return len(members.of_piece(db, "p"))

    store.write(lambda db: members.insert(db, member("p", anna.id)))
    store.write(lambda db: [again(db) for _ in range(3)])
    loop = asyncio.new_event_loop()
    assert loop.run_until_complete(store.database.read(reading)) == 1
    loop.close()
    assert _count(store, "members") == 1


def test_names_can_change_hands(store, anna):
    """A name that somebody gave up can be taken by somebody else in the same work."""

    def swap(db):
        users.change(db, anna.id, None, username="nobody")
        users.change(db, "id-bert", None, username="anna")
        users.change(db, anna.id, None, username="bert")

    store.write(lambda db: users.insert(db, user("bert")))
    store.write(swap)
    assert store.read(lambda db: users.by_username(db, "anna")).id == "id-bert"
    assert store.read(lambda db: users.by_username(db, "bert")).id == anna.id


def test_many_rows_go_in_with_one_statement(store):
    """Thousands of rows with every kind of column, none of them, and one of them."""
    rows = [user(f"u{n}", email=None if n % 2 else f"{n}@x", rev=n) for n in range(3000)]
    store.write(lambda db: users.USERS.insert_all(db, rows))
    store.write(lambda db: users.USERS.insert_all(db, []))
    store.write(lambda db: users.USERS.insert_all(db, [user("one")]))
    found = store.read(lambda db: users.USERS.find(db, "rev >= 0 AND id <> 'id-one' ORDER BY rev"))
    assert rows == found


def test_statements_tell_how_many_rows_they_changed(store, anna):
    """Insert, update and delete give their count; a row that was there already gives 0."""
    view = "INSERT INTO piece_views VALUES (?, ?, ?) ON CONFLICT DO NOTHING"

    def work(db):
        return [
            db.run(view, "p", 1, "v"),
            db.run(view, "p", 1, "v"),
            db.run("UPDATE users SET bio = 'x' WHERE id = ?", anna.id),
            db.run("UPDATE users SET bio = 'x' WHERE id = ?", "nobody"),
            db.run("DELETE FROM users WHERE id = ?", anna.id),
            db.run("DELETE FROM users WHERE id = ?", anna.id),
        ]

    assert store.write(work) == [1, 0, 1, 0, 1, 0]


def test_who_gave_up_waiting_harms_nobody(store):
    """Cancelled reads and writes leave the store working, and what was not begun undone."""
    begun, let_go = threading.Event(), threading.Event()

    def slow(db):
        begun.set()
        assert let_go.wait(WAIT_S)
        users.insert(db, user("slow"))

    async def cancelling():
        first = asyncio.ensure_future(store.database.write(slow))
        await asyncio.to_thread(begun.wait, WAIT_S)
        second = asyncio.ensure_future(store.database.read(lambda db: db.row(int, "SELECT 1")))
        await asyncio.sleep(0)
        first.cancel()
        second.cancel()
        let_go.set()
        await asyncio.gather(first, second, return_exceptions=True)
        return await store.database.write(lambda db: users.insert(db, user("next")))

    asyncio.run(cancelling())
    assert store.read(lambda db: users.by_username(db, "next")) is not None


def test_closing_finishes_what_was_begun(store):
    """What was handed over before closing is kept, and what comes after is refused."""

    async def closing():
        writes = [
            asyncio.ensure_future(
                store.database.write(lambda db, n=n: users.insert(db, user(f"u{n}")))
            )
            for n in range(40)
        ]
        await asyncio.sleep(0)
        await store.database.close()
        await asyncio.gather(*writes)
        with pytest.raises(ClosedError):
            await store.database.write(lambda db: users.insert(db, user("late")))
        with pytest.raises(ClosedError):
            await store.database.read(lambda db: users.by_username(db, "late"))

    asyncio.run(closing())
    if store.kind != "memory":
        store.reopen()
        assert _count(store, "users") == 40


def test_rows_outlive_the_server(store, anna):
    """What was kept is there after the store was closed and opened."""
    if store.kind == "memory":
        assert store.where == "memory:"  # it says that it forgets
        return
    asyncio.run(store.journal().append("doc", [entry(1), entry(2)]))
    store.reopen()
    assert store.read(lambda db: users.by_id(db, anna.id)) == anna
    assert asyncio.run(store.journal().since("doc", 0)) == [entry(1), entry(2)]


def test_many_people_at_once(store):
    """Hundreds of reads and writes in flight at one time all come back."""

    async def crowd():
        writes = [
            store.database.write(lambda db, n=n: users.insert(db, user(f"u{n}", seen_at=NOW + n)))
            for n in range(200)
        ]
        reads = [
            store.database.read(lambda db: db.row(int, "SELECT COUNT(*) FROM users"))
            for _ in range(200)
        ]
        return await asyncio.gather(*writes, *reads)

    counts = asyncio.run(crowd())[200:]
    assert all(0 <= count <= 200 for count in counts)
    assert _count(store, "users") == 200
