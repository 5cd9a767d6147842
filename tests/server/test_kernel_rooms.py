"""Rooms from kernels, against a real server: as one musician uses them, and as several do."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import random
import subprocess
import sys
import textwrap
import threading

import numpy as np
import pytest

import cellissimo as cm
from cellissimo.client.errors import (
    ForbiddenError,
    NotThereError,
    ServerError,
    SignInError,
    UnavailableError,
    UnsavedError,
)
from cellissimo.client.http import AsyncClient, Client
from cellissimo.client.links import link_of
from cellissimo.client.room_door import Door
from cellissimo.music.room_drafts import RoomWarning
from cellissimo.music.session import SESSION
from cellissimo.notation.song_file import print_song

_NUMBERS = itertools.count()


@pytest.fixture
def ann(server):
    """A client of somebody called Ann, another one in every test: hours have their limits."""
    with Client(server.url, f"ann{next(_NUMBERS)}-token") as client:
        yield client


@pytest.fixture
def bob(server):
    """A client of somebody called Bob."""
    with Client(server.url, f"bob{next(_NUMBERS)}-token") as client:
        client.me()
        yield client


@pytest.fixture
def song():
    """A song with a loop and a stem."""
    made = cm.Song("Evening", tempo=92)
    loop = cm.Loop("Verse")
    loop["kick"] = "x...x..."
    made.timeline.append(loop)
    made.stems.add("Bass", sound="bass-sub").add_notes([(0, 960, "C2")])
    return made


@pytest.fixture
def both(song, ann, bob):
    """Ann's song in its room, and Bob's view of it in the same room, as a contributor."""
    with contextlib.ExitStack() as rooms:
        room = song.join(on=ann)
        rooms.callback(room.leave)
        ann.add_member(room.piece_id, bob.me().username, "contributor")
        theirs = cm.open(room.piece_id, on=bob)
        rooms.callback(theirs.join().leave)
        yield song, theirs


def there(client, song) -> str:
    """What the server's document says."""
    return client.song_text(song.room.piece_id)


def comes(song, until) -> None:
    """Wait until others' edits have made something so."""
    assert song.room.sync(until), song


def test_two_kernels_are_in_one_song(both, ann):
    """What one does the other has, without push and pull; what is flushed is on disk."""
    mine, theirs = both
    mine.tempo = 100
    comes(theirs, lambda: theirs.tempo == 100)
    theirs.loops["Verse"]["hat"] = "x.x."
    comes(mine, lambda: "hat" in mine.loops["Verse"])
    theirs.flush()
    assert print_song(mine.model) == print_song(theirs.model) == there(ann, mine)
    assert mine.room.seq == theirs.room.seq == ann.document(mine.room.piece_id).seq
    assert mine.push().is_nothing
    assert repr(mine.room).startswith("Room of 'Evening': live")


def test_what_was_changed_before_comes_along(song, ann):
    """Joining sends what was not pushed yet."""
    song.push(on=ann)
    song.tempo = 77
    with song.join() as room:
        room.flush()
        assert ann.song_text(room.piece_id) == print_song(song.model)
        assert song.join() is room is song.room
    assert song.room is None


def test_loops_have_rooms_too(ann):
    """A loop of one's library, alone."""
    loop = cm.Loop("Verse")
    with loop.join(on=ann) as room:
        loop["kick"] = "x..."
        room.flush()
        assert "kick" in ann.song_text(room.piece_id)


def test_a_cell_is_one_undo_step_and_only_ones_own(both):
    """Across a cut, too: undo never takes back what somebody else did."""
    mine, theirs = both
    with SESSION.gestures.one():
        mine.tempo = 100
        mine.name = "Night"
    with mine.room.offline():
        theirs.key = "A minor"
        theirs.flush()
    comes(mine, lambda: mine.key == "A minor")
    assert mine.undo()
    assert (92, "Evening", "A minor") == (mine.tempo, mine.name, mine.key)
    comes(theirs, lambda: theirs.tempo == 92)
    assert mine.redo()
    comes(theirs, lambda: theirs.name == "Night")


def test_edits_go_on_offline_and_merge_on_return(both, bob):
    """While you were away is told in words, with who did it; flush says that it cannot."""
    mine, theirs = both
    with mine.room.offline():
        assert mine.room.state == "offline"
        mine.tempo = 132
        with pytest.raises(UnsavedError, match="1 edit of 'Evening' not on the server yet"):
            mine.flush(timeout=0.01)
        theirs.stems.add("Lead", sound="synth-lead")
        theirs.flush()
        assert theirs.tempo == 92
    assert mine.room.state == "live"
    mine.flush()
    comes(theirs, lambda: theirs.tempo == 132)
    comes(mine, lambda: "Lead" in mine.stems)
    assert "Lead" in mine.room.away.words
    comes(mine, lambda: mine.room.away.names == [bob.me().display_name])
    assert "while you were away" in repr(mine.room.away)
    assert print_song(mine.model) == print_song(theirs.model)


def test_a_line_that_is_cut_comes_back_by_itself(both, monkeypatch):
    """With a new ticket; the state says so meanwhile."""
    mine, theirs = both
    line, is_cut = Door.line, threading.Event()

    async def cut(door, most):
        if is_cut.is_set():
            raise OSError
        return await line(door, most)

    monkeypatch.setattr(Door, "line", cut)
    is_cut.set()
    peer = mine.room._peer
    peer._loop.call_soon_threadsafe(peer._line.transport.abort)
    assert mine.room.wait(lambda view: view.state == "offline")
    mine.tempo = 99
    assert mine.room.unsaved == 1
    is_cut.clear()
    mine.room.retry()
    mine.flush()
    comes(theirs, lambda: theirs.tempo == 99)


def test_a_refused_edit_is_a_draft_and_the_song_goes_on(both, ann, bob, tmp_path):
    """[WIRE-7] It can be saved, or copied to a fork; objects look into the room's document."""
    mine, theirs = both
    bass, verse = theirs.stems["Bass"], theirs.loops["Verse"]
    ann.change_member(mine.room.piece_id, bob.me().id, "viewer", canExport=True)
    assert theirs.room.wait(lambda view: view.state == "read-only")
    theirs.tempo = 50
    with pytest.raises(ForbiddenError, match="may listen here"):
        theirs.flush()
    (draft,) = theirs.room.drafts
    assert "92 BPM → 50 BPM" in draft.words
    assert draft.words in repr(draft)
    assert theirs.tempo == 92
    mine.stems["Bass"].volume = 0.25
    comes(theirs, lambda: bass.volume == 0.25)
    assert verse is theirs.loops["Verse"]
    assert 50 == cm.load(draft.save(tmp_path / "draft.song")).tempo
    fork = draft.fork()
    assert (50, 0.25) == (fork.tempo, fork.stems["Bass"].volume)
    assert bob.song_text(fork.document.revision.id) == print_song(fork.model)
    assert theirs.room.drafts == []


def test_outside_of_flush_a_refusal_is_warned_of(both, ann, bob):
    """Nothing is given up in silence."""
    mine, theirs = both
    ann.change_member(mine.room.piece_id, bob.me().id, "viewer")
    assert theirs.room.wait(lambda view: view.state == "read-only")
    theirs.tempo = 50
    with pytest.warns(RoomWarning, match=r"room\.drafts"):
        assert theirs.room.sync(lambda: theirs.tempo == 92)


def test_only_what_is_refused_becomes_a_draft(both, ann, bob):
    """What was done after it, and has nothing to do with it, is kept; undo knows both."""
    mine, theirs = both
    flags = {"canEdit": True, "canAddStems": False}
    ann.change_member(mine.room.piece_id, bob.me().id, "contributor", **flags)
    with theirs.room.offline():
        theirs.name = "Before"
        theirs.stems.add("Lead")
        theirs.tempo = 111
    with pytest.raises(ForbiddenError):
        theirs.flush()
    theirs.flush()
    assert (111, "Before", ["Bass"]) == (theirs.tempo, theirs.name, list(theirs.stems))
    comes(mine, lambda: (mine.tempo, mine.name) == (111, "Before"))
    (draft,) = theirs.room.drafts
    assert "Lead" in draft.words
    assert "111" not in draft.words
    draft.drop()
    assert theirs.room.drafts == []
    assert theirs.undo()
    comes(mine, lambda: mine.tempo == 92)


def test_what_is_locked_is_refused_and_the_rest_goes_on(both):
    """A template's stem stays as its owner wants it; the edit lies in a draft."""
    mine, theirs = both
    mine.stems["Bass"].lock()
    mine.flush()
    comes(theirs, lambda: theirs.stems["Bass"].is_locked)
    with theirs.room.offline():  # so that both go there together
        theirs.stems["Bass"].volume = 0.2
        theirs.name = "Mine too"
    with pytest.raises(ForbiddenError, match="lock"):
        theirs.flush()
    assert (1, "Mine too") == (theirs.stems["Bass"].volume, theirs.name)
    assert "Bass" in theirs.room.drafts[0].words
    comes(mine, lambda: mine.name == "Mine too")


def test_two_who_set_one_field_are_told(both, bob):
    """[WIRE-18] Whoever was first hears what the other made of it, and keeps one of both."""
    mine, theirs = both
    mine.tempo = 100
    comes(theirs, lambda: theirs.tempo == 100)
    theirs.tempo = 140
    comes(mine, lambda: mine.room.conflicts)
    (conflict,) = mine.room.conflicts
    name = bob.me().display_name
    assert (100, 140, "theirs", name) == (
        conflict.mine, conflict.theirs, conflict.stands, conflict.by.name
    )  # fmt: skip
    told = f"tempo at bar 1: 100 BPM (yours) or 140 BPM (of {name}, as it is now)"
    assert told == repr(mine.room.conflicts)
    conflict.keep_mine()
    assert (100, 0) == (mine.tempo, len(mine.room.conflicts))
    comes(theirs, lambda: theirs.tempo == 100)
    assert mine.undo()
    assert mine.tempo == 140


def test_a_right_that_is_gone_closes_the_room(both, ann, bob):
    """The song stays as it is; what is done to it then is said not to be kept."""
    mine, theirs = both
    ann.remove_member(mine.room.piece_id, bob.me().id)
    room = theirs.room
    assert room.wait(lambda view: view.state == "closed")
    assert "right" in room.reason
    theirs.tempo = 50
    with pytest.raises(UnsavedError):
        room.flush(timeout=0.01)
    with pytest.raises(NotThereError):
        theirs.join()
    with pytest.warns(RoomWarning, match="not on the server"):
        room.leave()


def test_a_room_that_is_not_mine_is_not_entered(song, ann, bob):
    """Nor is one of a server that does not answer."""
    song.push(on=ann)
    theirs = song.copy()
    with pytest.raises(ServerError):
        cm.join(link_of(song.document).piece_id, on=bob)
    with pytest.raises(ServerError, match="does not answer"):
        theirs.join(on=Client("http://127.0.0.1:9"), timeout=0.2)


def test_a_kernel_that_is_nobody_is_told_what_to_do(server, song):
    """Where people are told apart it needs a token of its owner: a notebook shows two lines."""
    with Client(server.url, "") as nobody, pytest.raises(SignInError) as refused:
        song.join(on=nobody)
    where, why = refused.value._render_traceback_()  # as IPython asks for it
    assert where.endswith(": song.join(on=nobody)")
    assert why.startswith("SignInError: Nobody is signed in. Put a token of yours into ")
    assert "CELLISSIMO_TOKEN" in why
    assert "POST /cellissimo/api/v1/tokens makes one" in why


def recordings(song) -> list[str]:
    """Give what the song's segments play, each where it is audio."""
    return [one.blob for one in song.model.segments.values() if one.blob]


def test_recordings_are_there_before_what_names_them(both, ann):
    """A recording that one kernel takes in sounds in the other."""
    mine, theirs = both
    noise = np.random.default_rng(7).uniform(-1, 1, (1, 4800))
    mine.stems.add("Vocals").add_audio(cm.Audio(noise), bar=1)
    mine.flush()
    comes(theirs, lambda: recordings(theirs))
    (blob,) = recordings(theirs)
    assert len(ann.blob(mine.room.piece_id, blob)) > 4800
    assert mine.hash() == theirs.hash()


def test_a_restored_revision_reaches_everybody(both, ann):
    """Whole, a stem or bars; nobody is thrown out."""
    mine, theirs = both
    mine.flush()
    mine.versions.add("calm")
    session = theirs.room.view.session
    theirs.tempo = 140
    theirs.stems["Bass"].volume = 0.1
    theirs.flush()
    comes(mine, lambda: mine.tempo == 140)
    mine.restore("calm", stem="Bass")
    comes(theirs, lambda: theirs.stems["Bass"].volume != 0.1)
    assert theirs.tempo == 140
    mine.restore("calm")
    comes(theirs, lambda: theirs.tempo == 92)
    assert session == theirs.room.view.session
    assert "92 BPM → 140 BPM" in mine.compare("calm", mine.room.seq - 2).words


def test_restored_bars_reach_everybody(both):
    """[ROOM-10] By a kernel: bar 2 sounds as it did, what was done in bar 1 and elsewhere stays."""
    mine, theirs = both
    mine.stems["Bass"].add_notes([(0, 960, "E2")], bar=2)
    mine.flush()
    mine.versions.add("calm")
    comes(theirs, lambda: len(notes_of(theirs)) == 2)
    theirs.stems["Bass"].add_notes([(960, 960, "G2")], bar=1)
    theirs.stems["Bass"].add_notes([(960, 960, "A2")], bar=2)
    theirs.name = "Night"
    theirs.flush()
    comes(mine, lambda: len(notes_of(mine)) == 4)
    mine.restore("calm", bars=(2, 2))
    kept = [(0, 36), (960, 43), (3840, 40)]
    for song in both:
        comes(song, lambda song=song: notes_of(song) == kept)
        assert "Night" == song.name


def notes_of(song) -> list[tuple[int, float]]:
    """Where each note of the song begins, and its pitch."""
    return sorted(
        (segment.start + note.start, note.pitch)
        for segment in song.model.segments.values()
        for note in segment.notes.values()
    )


def test_a_stem_of_ones_own_is_taken_back(both):
    """[ROOM-49] By undo, without the right to delete stems; not once somebody else works in it."""
    mine, theirs = both
    for _ in range(2):
        theirs.stems.add("Lead").add_notes([(0, 960, "C4")])
        while "Lead" in theirs.stems:
            assert theirs.undo()
        theirs.flush()
    theirs.stems.add("Pad")
    comes(mine, lambda: "Pad" in mine.stems)
    mine.stems["Pad"].volume = 0.5
    comes(theirs, lambda: theirs.stems["Pad"].volume == 0.5)
    assert theirs.undo()
    with pytest.raises(ForbiddenError, match="canDeleteStems"):
        theirs.flush()
    assert "Pad" in theirs.stems
    assert theirs.room.drafts


def test_what_others_do_is_told(both):
    """A callback hears of others' changes in words, and of one's own not."""
    mine, theirs = both
    heard = []
    end = mine.room.on_change(lambda change: heard.append(change.words))
    mine.tempo = 100
    theirs.key = "A minor"
    comes(mine, lambda: mine.key == "A minor")
    assert ["key C major → A minor"] == heard
    end()
    theirs.key = "C major"
    comes(mine, lambda: mine.key == "C major")
    assert 1 == len(heard)


def test_a_file_that_changed_outside_reaches_everybody(both, tmp_path):
    """It enters the room as one edit, and undo takes it back for all."""
    mine, theirs = both
    file = mine.bind(tmp_path / "evening.song")
    seq = mine.room.seq
    other = cm.load(file.path)
    other.tempo, other.name = 60, "Dusk"
    cm.save(other, file.path)
    file.look()
    mine.flush()
    assert seq + 1 == mine.room.seq
    comes(theirs, lambda: (theirs.tempo, theirs.name) == (60, "Dusk"))
    theirs.key = "A minor"
    comes(mine, lambda: mine.key == "A minor")
    file.end_cell()
    assert "A minor" == cm.load(file.path).key
    assert mine.undo()
    comes(theirs, lambda: (theirs.tempo, theirs.name) == (92, "Evening"))
    file.unbind()


def test_a_link_lets_a_guest_in(song, ann, server):
    """With a chosen name and the link's rights, without an account; also after a cut."""
    with song.join(on=ann):
        share = song.share(rights=("listen", "edit"))
        with cm.join(share.url, name="Gus", on=Client(server.url)) as room:
            assert "Gus" == room.view.me.name
            guest = room.view.me.id
            with room.offline():
                room.thing.tempo = 70
            room.flush()
            assert guest == room.view.me.id
            comes(song, lambda: song.tempo == 70)
            share.revoke()
            assert room.wait(lambda view: view.state == "closed")


def test_a_history_is_heard_as_it_grew(both):
    """One player over the revisions, the changed bars of each."""
    mine, theirs = both
    theirs.stems.add("Bells", sound="synth-lead").add_notes([(0, 960, "C5")])
    theirs.flush()
    comes(mine, lambda: "Bells" in mine.stems)
    player = mine.history().play()
    assert 2 == len(player.markers)
    assert player.markers[-1][1].endswith("bar 1")


SCRIPT = """
    import sys
    import cellissimo as cm
    song = cm.open(sys.argv[1])
    room = song.join()
    song.tempo = 61
    {end}
"""


@pytest.mark.parametrize("end", ["pass", "raise SystemExit(3)"])
def test_a_script_that_ends_has_said_all(song, ann, server, end):
    """Without flush and without a browser: what is on its way gets there, and nothing hangs."""
    song.push(on=ann)
    piece = link_of(song.document).piece_id
    environ = os.environ | {"CELLISSIMO_URL": server.url, "CELLISSIMO_TOKEN": _token(ann)}
    command = [sys.executable, "-c", textwrap.dedent(SCRIPT).format(end=end), piece]
    done = subprocess.run(
        command, env=environ, timeout=60, capture_output=True, text=True, check=False
    )
    assert (3 if "Exit" in end else 0, "") == (done.returncode, done.stderr)
    song.pull()
    assert song.tempo == 61


def _token(client: Client) -> str:
    return client._connection.address.token


@pytest.mark.filterwarnings("ignore::cellissimo.music.room_drafts.RoomWarning")
@pytest.mark.parametrize("seed", range(200 if os.environ.get("CELLISSIMO_LONG") else 3))
def test_kernels_with_random_absences_end_with_one_song(both, ann, seed):
    """Whoever was away when, and whatever was refused: one text everywhere, on the server too."""
    rng = random.Random(seed)
    songs = list(both)
    for number in range(6):
        away = rng.choice(songs) if number % 2 else None
        with away.room.offline() if away else contextlib.nullcontext():
            for _ in range(rng.randint(1, 6)):
                _any_edit(rng.choice(songs), rng)
    for song in songs:
        _flush(song)
    seq = ann.document(songs[0].room.piece_id).seq
    for song in songs:
        comes(song, lambda song=song: song.room.seq == seq)
    assert {there(ann, songs[0])} == {print_song(song.model) for song in songs}


def _flush(song) -> None:
    """Until all is there that may be: taking out a stem is not Bob's to do."""
    while True:
        with contextlib.suppress(ForbiddenError):
            return song.flush()


def _any_edit(song, rng: random.Random) -> None:
    match rng.randrange(5):
        case 0:
            song.tempo = rng.randint(60, 180)
        case 1:
            song.loops["Verse"]["kick"] = "".join(rng.choice("x.") for _ in range(16))
        case 2:
            song.stems.add(f"Stem {rng.getrandbits(48)}")
        case 3:
            notes = [(rng.randrange(3000), 240, rng.randint(30, 80))]
            song.stems["Bass"].add_notes(notes, bar=rng.randint(1, 4))
        case _:
            song.undo()


# -- people, talk and time -------------------------------------------------------------------------


def test_everybody_sees_who_is_there(both, ann, bob):
    """Name, role, where from, what they do, and the cell in which a kernel is."""
    mine, theirs = both
    assert mine.room.wait(lambda view: len(view.members) == 2)
    names = [ann.me().display_name, bob.me().display_name]
    assert names == mine.room.members.names
    there = mine.room.members[names[1]]
    assert ("contributor", "kernel", "song") == (there.role, there.via, there.place)
    assert f"{names[0]} (me)  owner        kernel" in repr(mine.room.members)
    theirs.tempo = 99
    assert mine.room.wait(lambda view: view.members[1].activity == "editing")
    theirs.room.begin_cell(7)
    assert mine.room.wait(lambda view: view.members[1].cursor is not None)
    pointer = mine.room.members[1].cursor
    assert ("code", 7) == (pointer.kind, pointer.a)
    with pytest.raises(KeyError, match="is not here"):
        mine.room.members["Nobody"]
    theirs.room.leave()
    assert mine.room.wait(lambda view: len(view.members) == 1)


def test_one_leads_and_the_others_are_told(both):
    """A kernel leads only when it asks to; who does not lead is told who does."""
    mine, theirs = both
    assert mine.room.transport.leader is None
    mine.room.transport.lead()
    mine.room.transport.play(bars=(2, 3))
    assert theirs.room.wait(lambda view: view.transport.playing)
    state = theirs.room.transport.state
    assert ((3840, 11520), 3840, "song") == (state.region, state.tick, state.of)
    with pytest.raises(ForbiddenError, match=r"leads; room\.transport\.lead"):
        theirs.room.transport.stop()
    theirs.room.transport.lead()
    theirs.room.transport.stop()
    theirs.room.transport.seek(bar=4)
    assert mine.room.wait(lambda view: view.transport.tick == 11520)
    assert "stopped in bar 4" in repr(mine.room.transport)
    assert mine.room.wait(lambda view: len(view.members) == 2)
    theirs.room.transport.pass_to(theirs.room.members[0])
    assert mine.room.wait(lambda _: mine.room.transport.is_mine)


def test_what_is_said_reaches_everybody(both, ann, bob):
    """Chat with its place, taken back too; comments with answers, resolved, on things and bars."""
    mine, theirs = both
    me, other = ann.me().display_name, bob.me().display_name
    line = mine.room.chat.send("faster?", bar=3)
    theirs.room.chat.send("no")
    assert mine.room.sync(lambda: len(mine.room.chat) == 2)
    assert [f"{me} (bar 3): faster?", f"{other}: no"] == repr(mine.room.chat).splitlines()
    mine.room.chat.remove(line)
    assert theirs.room.sync(lambda: len(theirs.room.chat) == 1)
    comment = mine.room.comments.add("too loud", on=mine.stems["Bass"])
    mine.room.comments.add("here", bar=2)
    assert theirs.room.sync(lambda: len(theirs.room.comments) == 2)
    theirs.room.comments.reply(comment, "like this?")
    theirs.stems["Bass"].volume = 0.5
    assert mine.room.sync(lambda: len(mine.room.comments[0].replies) == 1)
    mine.room.comments.resolve(comment)
    assert theirs.room.sync(lambda: theirs.room.comments[0].resolved_at is not None)
    said = repr(theirs.room.comments)
    assert f"{me} (stem Bass): ✓ too loud\n{other}: ↳ like this?\n{me} (bar 2): here" == said
    with pytest.raises(ServerError):
        theirs.room.comments.change(mine.room.comments[1], "there")


def test_a_widget_follows_between_cells(both, monkeypatch):
    """What others do is handed to the kernel's own thread, and no cell has to run for it."""
    mine, theirs = both
    widget, posted, has_come = mine.widget, [], threading.Event()
    monkeypatch.setattr(SESSION, "post", lambda act: (posted.append(act), has_come.set()))
    theirs.tempo = 111
    assert has_come.wait(20)
    assert widget.tempo == 92
    posted[0]()
    assert widget.tempo == 111


def test_what_comes_during_an_edit_is_taken_in_behind_it(both, monkeypatch):
    """[DOC-19] A cell that awaits within an edit lets the kernel's thread do others' work."""
    mine, theirs = both
    widget, posted, has_come = mine.widget, [], threading.Event()
    monkeypatch.setattr(SESSION, "post", lambda act: (posted.append(act), has_come.set()))
    with mine.edit() as write:
        theirs.tempo = 111
        assert has_come.wait(20)
        posted.pop()()
        write.set_song_field("key", "D")
    assert ("D major", 92) == (widget.key, widget.tempo)
    posted.pop()()
    assert ("D major", 111) == (widget.key, widget.tempo)


def test_pages_are_told_of_the_room_without_a_secret(both, ann):
    """And get a ticket from the kernel when they ask for one; none when it has left."""
    mine, _ = both
    widget, sent = mine.widget, []
    widget.send = lambda content, buffers=None: sent.append(content)
    assert {"piece": mine.room.piece_id, "path": f"{ann.url.removesuffix('cellissimo')}"} == (
        json.loads(widget._room)
    )
    widget._received(widget, {"kind": "ticket"}, [])
    (answer,) = sent
    assert answer["kind"] == "ticket"
    assert answer["url"] == f"{ann.url}/rooms/{mine.room.piece_id}"
    assert len(answer["ticket"]) > 20
    mine.room.leave()
    assert widget._room == ""
    widget._received(widget, {"kind": "ticket"}, [])
    assert "not in the room" in sent[-1]["error"]


@pytest.mark.parametrize("is_told_first", [True, False])
def test_what_a_page_did_through_the_room_is_undone_here(song, ann, is_told_first):
    """A widget's page is the same musician: its gestures are steps of this kernel, in any order."""
    with song.join(on=ann) as room:
        page = cm.open(room.piece_id, on=ann)  # stands for the page: another seat of Ann's
        with page.join():
            claim = {"kind": "claim", "gesture": "1.1", "keys": [["song", "key"], ["tempo", "0"]]}
            widget = song.widget
            song.name = "Night"
            comes(page, lambda: page.name == "Night")
            if is_told_first:
                widget._received(widget, claim, [])
            with page.step():
                page.key = "A minor"
                page.tempo = 140
            comes(song, lambda: (song.key, song.tempo) == ("A minor", 140))
            if not is_told_first:
                widget._received(widget, claim, [])
            assert song.undo()
            assert ("C major", 92, "Night") == (song.key, song.tempo, song.name)
            assert song.undo()
            comes(page, lambda: (page.key, page.tempo, page.name) == ("C major", 92, "Evening"))


OFFLINE = """
    import sys
    import cellissimo as cm
    song = cm.open(sys.argv[1])
    room = song.join()
    room.go_offline()
    song.tempo = 62
"""


def test_a_script_that_ends_offline_leaves_a_file(song, ann, server, tmp_path):
    """What could not be sent is not lost: it is said where it lies."""
    song.push(on=ann)
    environ = os.environ | {"CELLISSIMO_URL": server.url, "CELLISSIMO_TOKEN": _token(ann)}
    command = [sys.executable, "-c", textwrap.dedent(OFFLINE), link_of(song.document).piece_id]
    done = subprocess.run(
        command, cwd=tmp_path, env=environ, timeout=60, capture_output=True, text=True, check=True
    )
    (path,) = tmp_path.iterdir()
    assert path.name in done.stderr
    assert cm.load(path).tempo == 62


@pytest.mark.parametrize("why", [OSError("Input/output error"), UnavailableError("later")])
def test_a_recording_that_is_held_up_does_not_silence_a_kernel(both, ann, monkeypatch, why):
    """It is sent a little later, and all that comes behind it."""
    mine, theirs = both
    deliver, failures = AsyncClient.deliver_blob, [why]

    async def failing(self, *said):
        if failures:
            raise failures.pop()
        return await deliver.__get__(self, AsyncClient)(*said)

    monkeypatch.setattr(AsyncClient, "deliver_blob", failing)
    mine.stems.add("Vocals").add_audio(cm.Audio(np.zeros((1, 4800)) + 0.25), bar=1)
    mine.tempo = 123
    mine.flush()
    comes(theirs, lambda: theirs.tempo == 123 and "Vocals" in theirs.stems)
    (blob,) = (one.blob for one in theirs.model.segments.values() if one.blob)
    assert len(ann.blob(mine.room.piece_id, blob)) > 4800
