"""Documents over HTTP: text, updates, rights, and what is kept of them [ROOM-1 … ROOM-6]."""

from __future__ import annotations

import asyncio
import concurrent.futures
import dataclasses
import json

import pytest

from cellissimo.crdt.document import Document
from cellissimo.crdt.update_parser import state_of
from cellissimo.notation.song_file import print_song
from cellissimo.notation.song_file_parser import parse_song
from cellissimo.schema import models
from cellissimo_server.commands.index_piece import index_of, parts_of, prepared
from cellissimo_server.rooms import documents as rooms
from cellissimo_server.rooms import keeping, memory
from cellissimo_server.rooms.taking import Offer
from cellissimo_server.store import parts, pieces, versions
from cellissimo_server.store.errors import DamagedError, StoreError
from cellissimo_server.store.journal import DatabaseJournal
from cellissimo_server.store.journal_rows import damaged
from tests.server.pieces import SONG, Replica, made
from tests.server.running import running
from tests.updates import put, update

STEP = models.Step(90)


def text_of(client, piece):
    """The song text of a piece."""
    answer = client.get(f"projects/{piece}/song")
    assert answer.status_code == 200, answer.text
    return answer.text


def member(server, piece, name, **flags):
    """Add somebody to alice's piece."""
    owner = server.as_("alice")
    server.as_(name).get("users/me")
    body = {"username": name, "role": "contributor", **flags}
    answer = owner.post(f"projects/{piece}/collaborators", json=body)
    assert answer.status_code == 201, answer.text


def test_a_piece_says_what_it_was_made_with(alice):
    """The song text comes back as it was sent, under its own id, with its revision as ETag."""
    piece = made(alice)
    answer = alice.get(f"projects/{piece}/song")
    assert ('"1"', "text/plain; charset=utf-8") == (
        answer.headers["ETag"],
        answer.headers["Content-Type"],
    )
    song = parse_song(answer.text)
    assert piece == song.id
    assert (SONG.loops, SONG.tempos) == (song.loops, song.tempos)


def test_text_enters_as_the_smallest_difference(server, alice):
    """One note changed in the text is one small update, and the text reads back."""
    piece = made(alice)
    text = text_of(alice, piece)
    changed = text.replace('note 0 480 36 100 "n1"', 'note 0 480 40 100 "n1"')
    assert changed != text
    answer = alice.put(f"projects/{piece}/song", content=changed)
    assert (200, 2) == (answer.status_code, answer.json()["seq"])
    assert changed == text_of(alice, piece)
    entries = server.run(server.services.documents._keeper._journal.since(piece, 1))
    assert len(entries[0].bytes) < 120


def test_the_same_text_is_no_edit(alice):
    """Sending what is there makes no revision."""
    piece = made(alice)
    answer = alice.put(f"projects/{piece}/song", content=text_of(alice, piece))
    assert 1 == answer.json()["seq"]


def test_text_for_an_older_revision_is_refused_with_both(alice):
    """If-Match of another revision answers 412, with what is there now."""
    piece = made(alice)
    text = text_of(alice, piece)
    alice.put(f"projects/{piece}/song", content=text.replace('"Song"', '"First"'))
    answer = alice.put(
        f"projects/{piece}/song",
        content=text.replace('"Song"', '"Second"'),
        headers={"If-Match": '"1"'},
    )
    error = answer.json()["error"]
    assert (412, 2) == (answer.status_code, error["theirs"]["seq"])
    assert '"First"' in error["theirs"]["song"]
    assert '"Second"' in error["yours"]["song"]


def test_a_text_that_does_not_read_names_its_line(alice):
    """Nothing changes, and the error says where and why."""
    piece = made(alice)
    text = text_of(alice, piece)
    answer = alice.put(f"projects/{piece}/song", content=text.replace("tempo 0 120", "tempo 0 9"))
    assert (400, "invalid", "song") == (
        answer.status_code,
        answer.json()["error"]["code"],
        answer.json()["error"]["field"],
    )
    assert "line 6" in answer.json()["error"]["message"]
    assert alice.put(f"projects/{piece}/song", content=b"\xff").status_code == 400
    assert alice.put(f"projects/{piece}/song", content=bytes(20_000_001)).status_code == 413
    assert text == text_of(alice, piece)


def test_a_song_does_not_become_a_loop(alice):
    """The text of another kind of piece is refused."""
    piece = made(alice)
    loop = models.Song("x", "Loop", kind="loop", loops=SONG.loops)
    answer = alice.put(f"projects/{piece}/song", content=print_song(loop))
    assert (400, "kind song") == (answer.status_code, answer.json()["error"]["accepted"])


def test_replicas_meet_in_the_document(server, alice):
    """Two people edit their copies; both end with both edits, and so does the text."""
    piece = made(alice)
    member(server, piece, "bob")
    mine, theirs = Replica(alice, piece), Replica(server.as_("bob"), piece)
    first = mine.send(mine.edit(lambda write: write.set_step("a", "kick", 1, STEP)))
    second = theirs.send(theirs.edit(lambda write: write.set_step("a", "hat", 2, STEP)))
    assert (200, 2, 200, 3) == (
        first.status_code,
        first.json()["seq"],
        second.status_code,
        second.json()["seq"],
    )
    for replica in (mine, theirs):
        replica.document.apply(replica.missing(), origin="server")
    assert mine.document.revision == theirs.document.revision
    assert print_song(mine.document.revision) == text_of(alice, piece)


def test_a_replica_goes_on_under_its_own_name(server, alice):
    """[ROOM-6] Further updates of one's replica come in; nobody else may write as it."""
    piece = made(alice)
    member(server, piece, "bob")
    mine = Replica(alice, piece)
    for cell in (1, 2, 3):
        sent = mine.send(
            mine.edit(lambda write, cell=cell: write.set_step("a", "kick", cell, STEP))
        )
        assert 200 == sent.status_code, sent.text
    thief = Replica(server.as_("bob"), piece)
    answer = thief.send(mine.edit(lambda write: write.set_step("a", "kick", 4, STEP)))
    assert (409, "foreign") == (answer.status_code, answer.json()["error"]["value"])
    server.services.documents._open.clear()
    sent = mine.send(mine.made[-1])
    assert 200 == sent.status_code, sent.text


def test_of_a_long_history_only_the_end_is_read(server, alice, monkeypatch):
    """[ROOM-6] Whose a replica is, its newest edit tells; who wrote long ago is looked for."""
    monkeypatch.setattr(keeping, "_TRACED_AT_ONCE", 3)
    piece = made(alice)
    member(server, piece, "bob")
    mine, theirs = Replica(alice, piece), Replica(server.as_("bob"), piece)
    for replica, row, cells in ((mine, "kick", range(2)), (theirs, "hat", range(7))):
        for cell in cells:
            sent = replica.send(
                replica.edit(lambda write, row=row, cell=cell: write.set_step("a", row, cell, STEP))
            )
            assert 200 == sent.status_code, sent.text
    documents = server.services.documents
    documents._open.clear()
    assert 11 == theirs.send(theirs.edit(lambda w: w.set_step("a", "hat", 9, STEP))).json()["seq"]
    held = documents._open[piece]
    assert (8, False) == (held.known_from, held.knows_replicas)
    stolen = mine.edit(lambda write: write.set_step("a", "kick", 9, STEP))
    thief = Replica(server.as_("bob"), piece)
    assert "foreign" == thief.send(stolen).json()["error"]["value"]
    assert 12 == mine.send(stolen).json()["seq"]


def test_nobody_writes_as_the_server(alice):
    """[ROOM-6] What the server wrote on my behalf gives me no right to its replica."""
    piece = made(alice)
    replica = Replica(alice, piece)
    ((client, clock),) = state_of(replica.document.state).items()
    answer = replica.send(update({client: (clock, [put("pads", "1", "a")])}))
    assert (409, "foreign") == (answer.status_code, answer.json()["error"]["value"])


def test_an_update_sent_twice_is_taken_once(alice):
    """Who did not hear the answer may send again."""
    piece = made(alice)
    replica = Replica(alice, piece)
    made_here = replica.edit(lambda write: write.set_step("a", "kick", 1, STEP))
    assert [2, 2] == [replica.send(made_here).json()["seq"] for _ in range(2)]


def test_another_founding_is_refused(alice):
    """[DOC-16] An update that was made for another history is not taken."""
    piece = made(alice)
    replica = Replica(alice, piece)
    made_here = replica.edit(lambda write: write.set_step("a", "kick", 1, STEP))
    answer = replica.send(made_here, **{"X-Cellissimo-Epoch": "another"})
    assert (409, replica.epoch) == (answer.status_code, answer.json()["error"]["accepted"])
    assert 200 == replica.send(made_here, **{"X-Cellissimo-Epoch": replica.epoch}).status_code
    foreign = Document(dataclasses.replace(SONG, id=piece)).encode()
    assert 400 == replica.send(foreign).status_code


def test_bytes_that_are_no_update_are_refused(alice):
    """The error says so; the piece stays as it was."""
    piece = made(alice)
    replica = Replica(alice, piece)
    for content in (b"", b"nonsense", bytes(4_000_001)):
        assert replica.send(content).status_code in {400, 413}
    assert 400 == alice.get(f"projects/{piece}/document", params={"state": "!"}).status_code
    assert 400 == alice.get(f"projects/{piece}/document", params={"state": "////"}).status_code
    assert 1 == Replica(alice, piece).seq


def test_what_is_not_allowed_is_refused_as_a_whole(server, alice):
    """[GATE-14] Stems are added, removed and edited by flags; a viewer writes nothing."""
    piece = made(alice)
    may = {"canEdit": False, "canAddStems": False, "canDeleteStems": False}
    member(server, piece, "adder", **may | {"canAddStems": True})
    member(server, piece, "editor", **may | {"canEdit": True})
    member(server, piece, "viewer", role="viewer")
    changes = {
        "edit": lambda write: write.set_step("a", "kick", 1, STEP),
        "add": lambda write: write.put(models.Stem("new", "New")),
        "delete": lambda write: write.remove("stems", "u"),
    }
    allowed = {"adder": {"add"}, "editor": {"edit"}, "viewer": set()}
    before = text_of(alice, piece)
    for name, own in allowed.items():
        for what in changes.keys() - own:
            replica = Replica(server.as_(name), piece)
            answer = replica.send(replica.edit(changes[what]))
            assert 403 == answer.status_code, (name, what)
            put = print_song(replica.document.revision)
            assert 403 == replica.client.put(f"projects/{piece}/song", content=put).status_code
    assert before == text_of(alice, piece)
    for name, own in allowed.items():
        for what in own:
            replica = Replica(server.as_(name), piece)
            assert 200 == replica.send(replica.edit(changes[what])).status_code


def test_a_refusal_costs_nobody_else_anything(server, alice):
    """[ROOM-2] An update that the gate refuses does not make the server load the document anew."""
    piece = made(alice)
    replica = Replica(alice, piece)
    held = server.services.documents._open[piece]
    ((client, clock),) = state_of(replica.document.state).items()
    refused = [
        update({client: (clock, [put("pads", "1", "a")])}),
        update({}, {client: [(clock, 1)]}),
        update({(1 << 53) - 1: (0, [put("song", "name", "")])}),
    ]
    assert [409, 400, 400] == [replica.send(data).status_code for data in refused]
    assert held is server.services.documents._open[piece]
    made_here = replica.edit(lambda write: write.set_step("a", "kick", 1, STEP))
    assert 200 == replica.send(made_here).status_code
    assert held is server.services.documents._open[piece]


def test_strangers_learn_nothing(server, alice):
    """A private piece and one that is not there look the same, on every route."""
    piece = made(alice)
    stranger = server.as_("stranger")
    for name in (piece, "00000000-0000-4000-8000-000000000000"):
        said = [
            stranger.get(f"projects/{name}/song"),
            stranger.get(f"projects/{name}/document"),
            stranger.put(f"projects/{name}/song", content="x"),
            stranger.post(f"projects/{name}/updates", content=b"\x00\x00"),
        ]
        assert [404] * 4 == [answer.status_code for answer in said]


def test_an_archived_piece_takes_no_edit(alice):
    """Archived is read-only, until it is active again."""
    piece = made(alice)
    replica = Replica(alice, piece)
    made_here = replica.edit(lambda write: write.set_step("a", "kick", 1, STEP))
    alice.patch(f"projects/{piece}", json={"isActive": False})
    assert 403 == replica.send(made_here).status_code
    alice.patch(f"projects/{piece}", json={"isActive": True})
    assert 200 == replica.send(made_here).status_code


def test_the_rows_follow_the_document(server, alice):
    """[ROOM-3] Name, tempo, bars, chords and stems of a project are those of its document."""
    piece = made(alice)
    replica = Replica(alice, piece)

    def change(write):
        write.set_song_field("name", "Renamed")
        write.set_tempo(0, models.Tempo(90))
        write.set_chord("a", 4, "F")
        write.put(models.Stem("new", "New"))

    replica.send(replica.edit(change))
    said = alice.get(f"projects/{piece}").json()
    assert ("Renamed", 90, ["Am7", "F"], 3, 2) == tuple(
        said[name] for name in ("name", "tempo", "chords", "stemCount", "seq")
    )
    check_index(server, piece)


def test_one_task_writes_the_rows_behind_edits(server, alice, monkeypatch):
    """[ROOM-3] However long somebody plays, one task writes the rows, and no other beside it."""
    monkeypatch.setattr(memory, "INDEX_S", 0.0)
    monkeypatch.setattr(memory, "INDEX_RESTS", 1e6)
    database, clock = server.services.database, server.services.clock
    written, journal = asyncio.Event(), DatabaseJournal(database, clock)
    documents = rooms.Documents(database, journal, clock, prepared, written.set)
    piece = made(alice)

    async def play():
        page = Document(update=(await documents.encoded(piece)).value)
        fresh, under_way = [], []
        page.observe(fresh.append)
        for cell in range(4):
            with page.edit() as write:
                write.set_step("a", "kick", cell, STEP)
            await documents.take(piece, [Offer("alice", fresh[-1], lambda changes, held: None)])
            await written.wait()
            under_way.append(len(documents._tasks))
        await documents.close()
        return under_way

    assert [1] * 4 == server.run(play())


def test_a_journal_that_does_not_read_keeps_no_other_rows_back(server, alice, monkeypatch):
    """[ROOM-15] A document that is lost, and does not load again, is said once; others go on."""
    monkeypatch.setattr(memory, "INDEX_S", 0.0)
    monkeypatch.setattr(memory, "INDEX_RESTS", 0.0)
    database, clock = server.services.database, server.services.clock
    written, journal = asyncio.Event(), DatabaseJournal(database, clock)
    documents = rooms.Documents(database, journal, clock, prepared, written.set)
    torn, piece = made(alice), made(alice)
    since = journal.since

    async def read(doc, seq):
        if doc == torn:
            raise damaged(doc, 2, "it is missing")
        return await since(doc, seq)

    async def play():
        page, fresh = Document(update=(await documents.encoded(piece)).value), []
        held = await documents.look(torn, lambda held: held)
        monkeypatch.setattr(journal, "since", read)
        documents.lose(held)
        page.observe(fresh.append)
        with page.edit() as write:
            write.set_step("a", "kick", 1, STEP)
        async with asyncio.timeout(10):
            await documents.take(piece, [Offer("alice", fresh[-1], lambda changes, held: None)])
            await written.wait()
            await documents.settled()
        with pytest.raises(DamagedError):
            await documents.revision(torn)
        await documents.close()

    server.run(play())


def check_index(server, piece):
    """The row and the parts of a piece say what its document says."""
    song = server.run(server.services.documents.revision(piece))
    row = server.run(server.services.database.read(lambda db: pieces.by_id(db, piece)))
    held = server.run(server.services.database.read(lambda db: parts.of_piece(db, piece)))
    columns = index_of(song.value).columns
    assert columns == {name: getattr(row, name) for name in columns}
    assert song.seq == row.seq
    assert {part.id for part in parts_of(song.value, piece)} == {part.id for part in held}


def test_edits_at_once_are_all_kept(server, alice):
    """[ROOM-2] Ten people at once: every edit has a revision of its own, and none is lost."""
    piece = made(alice)
    replicas = [Replica(alice, piece) for _ in range(10)]
    updates = [
        replica.edit(lambda write, cell=cell: write.set_step("a", "kick", cell + 1, STEP))
        for cell, replica in enumerate(replicas)
    ]
    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        answers = list(
            pool.map(lambda pair: pair[0].send(pair[1]), zip(replicas, updates, strict=True))
        )
    assert list(range(2, 12)) == sorted(answer.json()["seq"] for answer in answers)
    assert 11 == len(parse_song(text_of(alice, piece)).loops["a"].steps)
    check_index(server, piece)


class FullError(StoreError):
    """A disk that is full, in a test."""

    def __init__(self):
        super().__init__("The disk is full.", cure="Make room.")


def test_an_edit_that_cannot_be_kept_never_was(server, alice, monkeypatch):
    """[ROOM-2] An error of the store leaves the document as it was, and the next edit comes in."""
    piece = made(alice)
    before = text_of(alice, piece)
    replica = Replica(alice, piece)
    made_here = replica.edit(lambda write: write.set_step("a", "kick", 1, STEP))

    async def full(_work):
        raise FullError

    with monkeypatch.context() as patched:
        patched.setattr(server.services.database, "write", full)
        assert 503 == replica.send(made_here).status_code
    assert before == text_of(alice, piece)
    assert (200, 2) == (replica.send(made_here).status_code, Replica(alice, piece).seq)


def test_an_error_in_a_change_leaves_nothing(server, alice):
    """[ROOM-2] Half an edit is no edit."""
    piece = made(alice)
    before = text_of(alice, piece)

    def half(document):
        with document.edit("server") as write:
            write.set_song_field("name", "Half")
        raise ValueError(document.revision.name)

    with pytest.raises(ValueError, match="Half"):
        server.run(server.services.documents.edit(piece, "somebody", half))
    assert before == text_of(alice, piece)


def test_a_cancelled_edit_leaves_memory_and_disk_alike(server, alice):
    """[ROOM-2] Whoever goes away in the middle: what is read next is what is on disk."""
    piece = made(alice)
    documents = server.services.documents

    async def interrupted():
        def change(document):
            with document.edit("server") as write:
                write.set_song_field("name", "Cut")

        task = asyncio.ensure_future(documents.edit(piece, "somebody", change))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])

    server.run(interrupted())
    check_index(server, piece)
    alice.patch(f"projects/{piece}", json={"name": "After"})
    assert "After" == parse_song(text_of(alice, piece)).name


def test_few_documents_stay_in_memory(server, alice, monkeypatch):
    """[ROOM-4] The ones used last stay; those that were not used for long go by themselves."""
    monkeypatch.setattr(memory, "MOST_OPEN", 2)
    held = [made(alice) for _ in range(4)]
    for piece in held:
        text_of(alice, piece)
    assert server.services.documents.open_count <= 2
    server.clock.forward(hours=1)
    text_of(alice, held[0])
    assert 1 == server.services.documents.open_count


def test_a_checkpoint_is_kept_after_many_edits(server, alice, monkeypatch):
    """[ROOM-5] The document opens from a checkpoint and what came after, and says the same."""
    monkeypatch.setattr(keeping, "CHECKPOINT_EDITS", 5)
    piece = made(alice)
    replica = Replica(alice, piece)
    for cell in range(7):
        replica.send(replica.edit(lambda write, cell=cell: write.set_step("a", "hat", cell, STEP)))
    documents = server.services.documents
    server.run(documents.settled())
    checkpoint = server.run(documents._keeper._journal.latest_checkpoint(piece))
    assert 5 <= checkpoint.seq < 8
    before = text_of(alice, piece)
    documents._open.clear()
    assert before == text_of(alice, piece)


def test_after_a_quarter_of_an_hour_there_is_a_version(server, alice):
    """[ROOM-7] Work is kept by itself; a document that is left is kept as well."""
    piece = made(alice)
    replica = Replica(alice, piece)
    for cell in range(3):
        replica.send(replica.edit(lambda write, cell=cell: write.set_step("a", "hat", cell, STEP)))
        server.clock.forward(hours=0.2)
    server.run(server.services.documents.settled())
    held = server.run(server.services.database.read(lambda db: versions.of_piece(db, piece)))
    assert [(4, "automatic")] == [(one.seq, one.kind) for one in held]


def test_a_server_that_stops_keeps_what_was_worked_on(tmp_path):
    """[ROOM-5] [ROOM-7] The next one opens the same song, from a checkpoint and with a version."""
    where = {"database_url": "", "single_user": "no"}
    with running(tmp_path, **where) as first:
        alice = first.as_("alice")
        piece = made(alice)
        replica = Replica(alice, piece)
        replica.send(replica.edit(lambda write: write.set_step("a", "hat", 3, STEP)))
        before = text_of(alice, piece)
    with running(tmp_path, **where) as second:
        assert before == text_of(second.as_("alice"), piece)
        held = second.run(second.services.database.read(lambda db: versions.of_piece(db, piece)))
        assert [2] == [one.seq for one in held]
        check_index(second, piece)


def test_an_index_that_stayed_behind_catches_up_at_the_start(tmp_path):
    """[ROOM-3] Rows that say less than their document are written anew."""
    where = {"database_url": "", "single_user": "no"}
    with running(tmp_path, **where) as first:
        alice = first.as_("alice")
        piece = made(alice)
        alice.patch(f"projects/{piece}", json={"name": "Now"})

        def forget(db):
            pieces.PIECES.set(db, {"name": "Old", "seq": 0}, "id = ?", piece)
            parts.PARTS.delete(db, "piece_id = ?", piece)

        first.run(first.services.database.write(forget))
    with running(tmp_path, **where) as second:
        assert "Now" == second.as_("alice").get(f"projects/{piece}").json()["name"]
        check_index(second, piece)


def test_the_texts_of_loops_are_read_and_written_alike(alice):
    """The same routes serve loops of a library."""
    loop = models.Song("x", "Loop", kind="loop", loops={"a": SONG.loops["a"]})
    answer = alice.post("loops", json={"name": "Beat", "length": 1, "song": print_song(loop)})
    assert answer.status_code == 201, answer.text
    piece = answer.json()["id"]
    text = alice.get(f"loops/{piece}/song").text
    changed = text.replace('chord 0 "Am7"', 'chord 0 "Dm7"')
    assert 200 == alice.put(f"loops/{piece}/song", content=changed).status_code
    assert changed == alice.get(f"loops/{piece}/song").text
    row = alice.get(f"loops/{piece}").json()
    assert ["Dm7"] == [chord["chord"] for chord in row["chordProgression"]], json.dumps(row)


def test_a_server_of_several_reads_what_another_has_written(server, alice):
    """[ROOM-12] A document that is open is not older than the journal."""
    piece = made(alice)
    services = server.services

    def rename(document):
        with document.edit("server") as write:
            write.set_song_field("name", "From elsewhere")

    async def both():
        journal = DatabaseJournal(services.database, services.clock)
        there = rooms.Documents(
            services.database, journal, services.clock, prepared, is_shared=True
        )
        before = (await there.revision(piece)).seq
        await services.documents.edit(piece, "somebody", rename)
        after = await there.revision(piece)
        await there.close()
        return before, after.seq, after.value.name

    assert (1, 2, "From elsewhere") == server.run(both())


def test_two_servers_on_one_database_do_not_write_over_each_other(server, alice):
    """[ROOM-2] Who was overtaken loads the document anew and makes the change on that."""
    piece = made(alice)
    services = server.services

    def other():
        journal = DatabaseJournal(services.database, services.clock)
        return rooms.Documents(services.database, journal, services.clock, prepared)

    def named(name):
        def change(document):
            with document.edit("server") as write:
                write.set_step("a", name, 0, STEP)

        return change

    async def both():
        documents = services.documents, other()
        for number in range(6):
            await documents[number % 2].edit(piece, "somebody", named(f"row{number}"))
        await documents[1].close()
        return await other().revision(piece)

    found = server.run(both())
    assert (7, 7) == (found.seq, len(found.value.loops["a"].steps))


def test_what_is_deleted_for_good_leaves_nothing(server, alice):
    """A document that is open while its piece goes keeps nothing of it afterwards."""
    piece = made(alice)
    replica = Replica(alice, piece)
    replica.send(replica.edit(lambda write: write.set_step("a", "hat", 3, STEP)))
    assert 200 == alice.delete(f"projects/{piece}").status_code
    assert 404 == alice.get(f"projects/{piece}/song").status_code
    assert 200 == alice.delete(f"trash/{piece}").status_code
    server.clock.forward(hours=1)
    text_of(alice, made(alice))
    server.run(server.services.documents.settled())
    tables = {"journal": "doc", "checkpoints": "doc", "versions": "piece_id", "parts": "piece_id"}

    def left(db):
        return {
            table: db.row(int, f"SELECT COUNT(*) FROM {table} WHERE {column} = ?", piece)  # noqa: S608
            for table, column in tables.items()
        }

    assert dict.fromkeys(tables, 0) == server.run(server.services.database.read(left))


def test_stems_and_versions_come_with_a_project(alice):
    """Where they are asked for."""
    piece = made(alice)
    alice.post(f"projects/{piece}/versions", json={"name": "First"})
    said = alice.get(f"projects/{piece}", params={"include": "stems,versions"}).json()
    assert (["Bass", "Lead"], ["First"]) == (
        [stem["name"] for stem in said["stems"]],
        [version["name"] for version in said["versions"]],
    )


def test_a_document_is_made_by_its_updates_alone(server, alice):
    """[ROOM-1] Every revision is the one before and one update, from the founding on."""
    piece = made(alice)
    replica = Replica(alice, piece)
    for cell in range(5):
        replica.send(replica.edit(lambda write, cell=cell: write.set_step("a", "hat", cell, STEP)))
    alice.patch(f"projects/{piece}", json={"name": "By the server"})
    read = server.services.documents._keeper._journal.since(piece, 0)
    entries = server.run(read)
    document = Document(update=entries[0].bytes)
    for entry in entries[1:]:
        document.apply(entry.bytes, origin="test")
    assert print_song(document.revision) == text_of(alice, piece)
