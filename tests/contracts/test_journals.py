"""Every journal keeps the same promises: durable in order, checked when read."""

import asyncio
import logging
import threading
import weakref

import pytest

from cellissimo.crdt.document import Document
from cellissimo.schema import models
from cellissimo_server.errors import ConflictError, GoneError
from cellissimo_server.store import journal_rows, sameness
from cellissimo_server.store.errors import ClosedError, DamagedError, StoreError
from cellissimo_server.store.journal import Checkpoint
from tests.contracts.stores import NOW, entry

WAIT_S = 20
DAY = 86_400_000


def _append(store, doc, *seqs):
    asyncio.run(store.journal().append(doc, [entry(seq) for seq in seqs]))


def _since(store, doc, seq=0):
    return asyncio.run(store.journal().since(doc, seq))


def _hurt(store, doc, seq):
    """Change a byte of a row behind the journal's back."""
    sql = "UPDATE journal SET bytes = ? WHERE doc = ? AND seq = ?"
    assert store.write(lambda db: db.run(sql, b"something else", doc, seq)) == 1


@pytest.fixture(scope="module")
def history():
    """Six updates of a real document, the first its founding, and the document at each."""
    updates, wholes = [], []
    document = Document(models.Song("s", "Song"))
    updates.append(document.encode())
    wholes.append(document.encode())
    document.observe(updates.append)
    for number in range(1, 6):
        with document.edit() as writer:
            writer.set_song_field("name", f"Song {number}")
        wholes.append(document.encode())
    assert len(updates) == 6
    return updates, wholes


def _keep(store, history, doc="doc", count=6):
    updates, wholes = history
    entries = [entry(n, update) for n, update in enumerate(updates[:count], 1)]
    asyncio.run(store.journal().append(doc, entries))
    return wholes


def test_entries_come_back_in_order(store):
    """What was appended comes back whole, from any revision on, and each document by itself."""
    _append(store, "a", 1, 2, 3)
    _append(store, "b", 1)
    _append(store, "a", 4)
    assert [entry(n) for n in (1, 2, 3, 4)] == _since(store, "a")
    assert [entry(n) for n in (3, 4)] == _since(store, "a", 2)
    assert _since(store, "a", 4) == []
    assert [entry(1)] == _since(store, "b")
    assert _since(store, "unknown") == []
    journal = store.journal()
    ends = [asyncio.run(journal.last_seq(doc)) for doc in ("a", "b", "unknown")]
    assert ends == [4, 1, 0]
    asyncio.run(journal.append("a", []))
    assert asyncio.run(journal.last_seq("a")) == 4


def test_history_is_told_backwards(store):
    """The newest entries first, a page at a time."""
    _append(store, "a", *range(1, 8))
    journal = store.journal()
    first = asyncio.run(journal.history("a", None, 3))
    assert [7, 6, 5] == [found.seq for found in first]
    second = asyncio.run(journal.history("a", 5, 10))
    assert [4, 3, 2, 1] == [found.seq for found in second]
    assert asyncio.run(journal.history("a", 1, 10)) == []


@pytest.mark.parametrize("seqs", [[1], [2], [4], [3, 5], [0], [-1, 0]])
def test_a_revision_follows_the_one_before(store, seqs):
    """A number that is taken, or would leave a gap, is refused, and nothing is written."""
    _append(store, "a", 1, 2)
    with pytest.raises(ConflictError, match="does not follow"):
        _append(store, "a", *seqs)
    assert [1, 2] == [found.seq for found in _since(store, "a")]


def test_of_two_servers_one_is_first(store):
    """Two servers on one document: one revision stands, the other is told, others go on."""
    one, two = store.journal(), store.journal()

    async def race():
        await one.append("a", [entry(1)])
        await two.append("b", [entry(1)])
        await two.append("a", [entry(2)])  # `one` believes that 1 is the newest
        return await asyncio.gather(
            one.append("a", [entry(2, b"late")]),
            one.append("c", [entry(1)]),
            one.append("d", [entry(1)]),
            return_exceptions=True,
        )

    first, *others = asyncio.run(race())
    assert isinstance(first, ConflictError)
    assert others == [None, None]
    assert [entry(1), entry(2)] == _since(store, "a")
    asyncio.run(one.append("a", [entry(3)]))  # it has learned what the newest is
    assert _since(store, "a", 2) == [entry(3)]


def test_many_documents_share_a_commit(store):
    """Hundreds of appends at once are all there when they come back, in few transactions."""
    journal = store.journal()
    written = []
    write = store.database.write

    async def counted(work):
        written.append(1)
        return await write(work)

    store.database.write = counted

    async def crowd():
        async def author(doc):
            for seq in range(1, 11):
                await journal.append(doc, [entry(seq)])
                assert await journal.last_seq(doc) >= seq

        await asyncio.gather(*[author(f"doc{n}") for n in range(30)])

    asyncio.run(crowd())
    store.database.write = write
    assert len(written) < 300 / 2
    for n in range(30):
        assert [entry(seq) for seq in range(1, 11)] == _since(store, f"doc{n}")


def test_entries_may_be_on_their_way_together(store):
    """An author need not wait for one entry before the next: they stay in order."""
    journal = store.journal()

    async def hurry():
        await asyncio.gather(*[journal.append("a", [entry(seq)]) for seq in range(1, 50)])

    asyncio.run(hurry())
    assert [entry(seq) for seq in range(1, 50)] == _since(store, "a")


def test_what_waits_behind_a_failure_fails_with_it(store):
    """When a commit fails, later entries of that document are refused: there is never a gap."""
    journal = store.journal()
    write = store.database.write
    begun, let_go = asyncio.Event(), asyncio.Event()

    async def failing(work):
        begun.set()
        await let_go.wait()
        store.database.write = write
        raise StoreError("The disk is full.", cure="Make room.")

    async def scenario():
        await journal.append("a", [entry(1)])
        store.database.write = failing
        first = asyncio.ensure_future(journal.append("a", [entry(2)]))
        await begun.wait()
        behind = asyncio.ensure_future(journal.append("a", [entry(3)]))
        other = asyncio.ensure_future(journal.append("b", [entry(1)]))
        await asyncio.sleep(0)  # both have been handed over
        let_go.set()
        results = await asyncio.gather(first, behind, other, return_exceptions=True)
        await journal.append("a", [entry(2)])
        return results

    first, behind, other = asyncio.run(scenario())
    assert isinstance(first, StoreError)
    assert isinstance(behind, StoreError)
    assert other is None
    assert [entry(1), entry(2)] == _since(store, "a")
    assert [entry(1)] == _since(store, "b")


def test_closing_a_journal_waits_for_it(store):
    """Entries that were handed over are written before it is closed, later ones refused."""
    journal = store.journal()

    async def closing():
        writes = [asyncio.ensure_future(journal.append(f"d{n}", [entry(1)])) for n in range(5)]
        await asyncio.sleep(0)  # all have been handed over
        await journal.close()
        await asyncio.gather(*writes)
        with pytest.raises(ClosedError):
            await journal.append("late", [entry(1)])

    asyncio.run(closing())
    assert [_since(store, f"d{n}") for n in range(5)] == [[entry(1)]] * 5


def test_who_stops_waiting_leaves_no_gap(store):
    """A cancelled append may be written or not; the next one is told, and all stays in order."""
    journal = store.journal()
    begun, let_go = threading.Event(), threading.Event()

    def slow(db):
        begun.set()
        assert let_go.wait(WAIT_S)

    async def scenario():
        await journal.append("a", [entry(1)])
        holding = asyncio.ensure_future(store.database.write(slow))
        await asyncio.to_thread(begun.wait, WAIT_S)
        given_up = asyncio.ensure_future(journal.append("a", [entry(2)]))
        await asyncio.sleep(0)  # it has been handed over
        given_up.cancel()
        let_go.set()
        await asyncio.gather(given_up, holding, return_exceptions=True)
        await journal.append("a", [entry(3)])

    asyncio.run(scenario())
    assert [entry(1), entry(2), entry(3)] == _since(store, "a")


@pytest.mark.parametrize("first_hurt", [4, 5])
def test_a_damaged_end_is_cut_and_kept_aside(store, caplog, first_hurt):
    """The document ends before what does not read; that is kept aside, and said loudly."""
    _append(store, "a", *range(1, 6))
    _append(store, "b", 1)
    for seq in range(first_hurt, 6):
        _hurt(store, "a", seq)
    with caplog.at_level(logging.ERROR):
        assert [entry(n) for n in range(1, first_hurt)] == _since(store, "a")
    assert f"from revision {first_hurt} on" in caplog.text
    aside = store.read(
        lambda db: db.rows(int, "SELECT seq FROM damaged WHERE doc = 'a' ORDER BY seq")
    )
    assert list(range(first_hurt, 6)) == aside
    caplog.clear()
    _append(store, "a", first_hurt)
    assert [entry(n) for n in range(1, first_hurt + 1)] == _since(store, "a")
    assert not caplog.text


def test_damage_in_the_middle_is_refused_with_a_cure(store):
    """A row that does not read before good ones is never passed over."""
    _append(store, "a", *range(1, 6))
    _hurt(store, "a", 3)
    with pytest.raises(DamagedError, match=r"Revision 3 of the document a") as refused:
        _since(store, "a")
    assert "cut a 3" in refused.value.cure
    assert [entry(4), entry(5)] == _since(store, "a", 3)
    store.write(lambda db: journal_rows.put_aside(db, "a", 3, NOW))
    assert [entry(1), entry(2)] == _since(store, "a")


@pytest.mark.parametrize("missing", [1, 3])
def test_a_missing_row_is_refused(store, missing):
    """A gap, at the beginning or in the middle, is damage too."""
    _append(store, "a", *range(1, 6))
    sql = "DELETE FROM journal WHERE doc = 'a' AND seq = ?"
    store.write(lambda db: db.run(sql, missing))
    with pytest.raises(DamagedError, match=f"Revision {missing} .* missing"):
        _since(store, "a")


def test_history_leaves_out_what_does_not_read(store):
    """A list of revisions comes without the damaged one."""
    _append(store, "a", 1, 2, 3)
    _hurt(store, "a", 2)
    found = asyncio.run(store.journal().history("a", None, 9))
    assert [3, 1] == [one.seq for one in found]


def test_a_checkpoint_is_the_document_at_a_revision(store, history):
    """The newest one, or the newest up to a revision, byte for byte."""
    wholes = _keep(store, history)
    journal = store.journal()
    for seq in (2, 5):
        asyncio.run(journal.checkpoint("doc", seq, wholes[seq - 1], NOW + seq))
    expected = {None: 5, 6: 5, 5: 5, 4: 2, 2: 2, 1: None}
    for before, seq in expected.items():
        found = asyncio.run(journal.latest_checkpoint("doc", before))
        assert found == (seq and Checkpoint("doc", seq, NOW + seq, wholes[seq - 1]))
    asyncio.run(journal.checkpoint("doc", 5, wholes[4], NOW + 9))
    assert asyncio.run(journal.latest_checkpoint("doc")).seq == 5


@pytest.mark.parametrize("content", ["older", "other", "none", "cut", "twin"])
def test_a_checkpoint_that_says_something_else_is_refused(store, history, content):
    """Nothing that differs from the journal may ever stand for it."""
    wholes = _keep(store, history)
    lies = {
        "older": wholes[3],
        "other": Document(models.Song("s", "Song 4")).encode(),
        "none": b"",
        "cut": wholes[4][:-3],
        "twin": wholes[5],
    }
    with pytest.raises(DamagedError, match="was not kept"):
        asyncio.run(store.journal().checkpoint("doc", 5, lies[content], NOW))
    assert asyncio.run(store.journal().latest_checkpoint("doc")) is None
    assert store.read(lambda db: db.row(int, "SELECT COUNT(*) FROM checkpoints")) == 0


def test_what_is_compared_is_in_memory_one_after_the_other(monkeypatch):
    """[ROOM-5] A document that was played over for hours is large: there are never two of it."""
    alive, together = weakref.WeakSet(), []

    class Counted(Document):
        def __init__(self, **given):
            super().__init__(**given)
            alive.add(self)
            together.append(len(alive))

    monkeypatch.setattr(sameness, "Document", Counted)
    content = Document(models.Song("s", "Song")).encode()
    assert None is sameness.difference([content], content)
    assert [1, 1] == together


def test_a_checkpoint_that_does_not_read_is_passed_over(store, history, caplog):
    """An older one is used, and it is said loudly."""
    wholes = _keep(store, history)
    for seq in (2, 5):
        asyncio.run(store.journal().checkpoint("doc", seq, wholes[seq - 1], NOW))
    sql = "UPDATE checkpoints SET bytes = ? WHERE seq = 5"
    store.write(lambda db: db.run(sql, b"something else"))
    with caplog.at_level(logging.ERROR):
        assert asyncio.run(store.journal().latest_checkpoint("doc")).seq == 2
    assert "at revision 5 does not read" in caplog.text


def test_old_entries_go_when_a_checkpoint_covers_them(store, history):
    """Thirty days of single revisions stay; before them one checkpoint stands for all."""
    updates, wholes = history
    ages = [40, 39, 38, 20, 10, 1]
    entries = [
        entry(n, update, at=NOW - age * DAY)
        for n, (update, age) in enumerate(zip(updates, ages, strict=True), 1)
    ]
    journal = store.journal()
    asyncio.run(journal.append("doc", entries))
    assert asyncio.run(journal.retain("doc", 30 * DAY, NOW)) == 0  # nothing covers them
    for seq in (1, 2, 5):
        asyncio.run(journal.checkpoint("doc", seq, wholes[seq - 1], NOW))
    assert asyncio.run(journal.retain("doc", 30 * DAY, NOW)) == 2
    assert entries[2:] == _since(store, "doc", 2)
    with pytest.raises(GoneError, match="not kept any more"):
        _since(store, "doc", 0)
    seqs = store.read(lambda db: db.rows(int, "SELECT seq FROM checkpoints ORDER BY seq"))
    assert seqs == [2, 5]
    assert asyncio.run(journal.retain("doc", 30 * DAY, NOW)) == 0
    base = asyncio.run(journal.latest_checkpoint("doc", 2))
    document = Document(update=base.bytes)
    document.apply_all([one.bytes for one in _since(store, "doc", 2)], origin="journal")
    assert Document(update=wholes[-1]).revision == document.revision


def test_everything_may_be_old(store, history):
    """A document that nobody touched for long is one checkpoint, and goes on from there."""
    wholes = _keep(store, history)
    journal = store.journal()
    asyncio.run(journal.checkpoint("doc", 6, wholes[5], NOW))
    assert asyncio.run(journal.retain("doc", 30 * DAY, NOW + 60 * DAY)) == 6
    assert asyncio.run(journal.last_seq("doc")) == 6
    assert _since(store, "doc", 6) == []
    with pytest.raises(GoneError):
        _since(store, "doc", 0)
    asyncio.run(store.journal().append("doc", [entry(7)]))
    assert _since(store, "doc", 6) == [entry(7)]


def test_named_versions_stay(store, history):
    """A version's revision can be opened for ever: its entries, or a checkpoint of its own."""
    wholes = _keep(store, history)
    journal = store.journal()
    for name, seq in (("early", 2), ("late", 4)):
        sql = "INSERT INTO versions VALUES (?, 'doc', ?, ?, 'named', 'id-anna', 0)"
        store.write(lambda db, sql=sql, n=name, s=seq: db.run(sql, n, s, n))
    for seq in (1, 2, 5):
        asyncio.run(journal.checkpoint("doc", seq, wholes[seq - 1], NOW))
    # "late" has no checkpoint of its own: what leads to it from revision 2 stays.
    assert asyncio.run(journal.retain("doc", DAY, NOW + 60 * DAY)) == 2
    asyncio.run(journal.checkpoint("doc", 4, wholes[3], NOW))
    assert asyncio.run(journal.retain("doc", DAY, NOW + 60 * DAY)) == 3
    for seq in (2, 4, 5):
        assert asyncio.run(journal.latest_checkpoint("doc", seq)).seq == seq
    assert [6] == [one.seq for one in _since(store, "doc", 5)]


def test_a_damaged_checkpoint_never_replaces_entries(store, history):
    """What a checkpoint covers goes only while the checkpoint itself reads."""
    wholes = _keep(store, history)
    journal = store.journal()
    asyncio.run(journal.checkpoint("doc", 5, wholes[4], NOW))
    store.write(lambda db: db.run("UPDATE checkpoints SET bytes = ?", b"something else"))
    assert asyncio.run(journal.retain("doc", DAY, NOW + 60 * DAY)) == 0
    assert len(_since(store, "doc")) == 6
