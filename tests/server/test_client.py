"""The client against a real server: as a musician uses it, and as two of them do."""

from __future__ import annotations

import asyncio
import gc
import itertools
import warnings

import numpy as np
import pytest

import cellissimo as cm
from cellissimo.cli import main
from cellissimo.client.errors import (
    ConflictError,
    ForbiddenError,
    InvalidRequestError,
    NoServerError,
    NotThereError,
    ServerError,
    SignInError,
    TooLargeError,
)
from cellissimo.client.http import AsyncClient, Client
from cellissimo.client.links import _LINKS
from cellissimo.client.storage import NotKeptError
from cellissimo.client.storage_server import ServerStorage
from cellissimo.music import connection
from cellissimo.music.session import SESSION
from cellissimo.music.storing import UnknownNameError
from cellissimo.notation.playground import loop_of_playground
from cellissimo.schema.models import Song
from tests.server.running import PLAIN, running

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
        yield client


def a_song(name: str) -> cm.Song:
    """A song with a loop on its timeline, notes and a recording."""
    song = cm.Song(name, tempo=92)
    loop = cm.Loop("Verse")
    loop.chords = "I V vi IV"
    loop["kick"] = "x...x..."
    song.timeline.append(loop)
    song.stems.add("Bass", sound="bass-sub").add_notes([(0, 960, "C2")])
    noise = np.random.default_rng(len(name)).uniform(-1, 1, (1, 4800))
    song.stems.add("Vocals").add_audio(cm.Audio(noise), bar=1)
    return song


# -- asking --------------------------------------------------------------------------------------


def test_answers_are_models(ann):
    """Typed, with times as times."""
    assert ann.me().username.startswith("ann")
    assert ann.about().single_user is False
    made = ann.make_project("Typed", tempo=100)
    assert (made.name, made.tempo) == ("Typed", 100)
    assert made.owner.username == ann.me().username
    assert made.created_at.tzinfo is not None
    assert made.id in {project.id for project in ann.all_projects()}
    assert ann.projects("type", limit=1).projects[0].id == made.id


def test_both_clients_are_asked_alike(server):
    """The same plans, awaited."""

    async def ask():
        async with AsyncClient(server.url, "ann-token") as client:
            made = await client.make_project("Awaited")
            both = await asyncio.gather(client.project(made.id), client.me())
            with pytest.raises(NotThereError):
                await client.project("no")
            return made, both

    made, (project, me) = asyncio.run(ask())
    with Client(server.url, "ann-token") as client:
        assert client.project(made.id) == project
    assert me.username == "ann"
    plans = {name for name in dir(Client) if not name.startswith("_")}
    assert plans == {name for name in dir(AsyncClient) if not name.startswith("_")}


def test_refusals_are_errors_with_their_cure(server, ann, bob):
    """Each its own kind; what is not mine looks as if it were not there."""
    project = ann.make_project("Mine")
    with pytest.raises(NotThereError, match="share the project with you"):
        bob.project(project.id)
    with pytest.raises(InvalidRequestError) as refused:
        ann.make_project("x" * 101)
    assert refused.value.field == "name"
    with Client(server.url) as nobody, pytest.raises(SignInError):
        nobody.projects()
    with pytest.raises(ServerError):
        ann.change_project(project.id, rev=99, name="Later")


def test_a_server_that_is_not_there_is_said():
    """Its address, and what to do."""
    with (
        Client("http://127.0.0.1:9") as client,
        pytest.raises(NoServerError, match=r"127\.0\.0\.1:9"),
    ):
        client.about()


def test_a_change_needs_the_revision_it_was_made_for(ann):
    """With ``rev``, nobody's change is lost."""
    project = ann.make_project("Versioned")
    changed = ann.change_project(project.id, rev=project.rev, description="first")
    with pytest.raises(cm.CellissimoError) as refused:
        ann.change_project(project.id, rev=project.rev, description="second")
    assert refused.value.status == 412
    assert ann.project(project.id).description == changed.description == "first"


def test_anything_else_can_be_requested(ann):
    """A path below the interface, and plain JSON."""
    assert ann.request("GET", "users/me")["username"] == ann.me().username


def test_a_token_of_ours_is_enough(server, ann):
    """Made by Ann, with the scopes that a script needs."""
    token = ann.make_token("script", ("read",))
    assert "cel_" in token.token
    with Client(server.url, token.token) as script:
        assert script.me() == ann.me()
        with pytest.raises(ForbiddenError, match="scope"):
            script.make_project("no")
    ann.revoke_token(token.id)
    with Client(server.url, token.token) as script, pytest.raises(SignInError):
        script.me()


# -- push and pull -------------------------------------------------------------------------------


def test_the_first_push_makes_a_project_with_the_same_content(ann):
    """Loops, notes and recordings; the variables go on with it."""
    song = a_song("First push")
    loop, before = song.loops["Verse"], song.copy(song.name)
    pushed = song.push(on=ann)
    assert repr(pushed) == "pushed a new project and 1 recording"
    assert song == before
    assert ann.project(song.document.revision.id).name == "First push"
    assert ann.song_text(pushed.piece_id).count("note ") == 1
    loop["snare"] = "..x."
    assert "snare" in song.loops["Verse"]


def test_a_second_push_of_nothing_sends_nothing(ann):
    """Neither edits nor recordings, and not a revision more."""
    song = a_song("Twice")
    first = song.push(on=ann)
    second = song.push()
    assert second.is_nothing
    assert repr(second) == "nothing to push"
    assert first.seq == second.seq


def test_a_push_sends_what_is_missing_and_no_more(ann):
    """One step is a few bytes, however long the song; what is removed is sent too."""
    song = a_song("Small edits")
    song.stems["Bass"].add_notes([(tick * 240, 240, 40) for tick in range(2000)], bar=3)
    song.push(on=ann)
    song.loops["Verse"]["hat"] = "x..............."
    pushed = song.push()
    assert 0 < pushed.bytes < 1000
    del song.loops["Verse"]["hat"]
    pushed = song.push()
    assert 0 < pushed.bytes < 5000
    assert "hat" not in cm.open(pushed.piece_id, on=ann).loops["Verse"]


def test_more_than_a_server_takes_at_once_is_said(ann, monkeypatch):
    """With the way that still leads there."""
    song = a_song("Huge")
    song.push(on=ann)
    monkeypatch.setattr("cellissimo.client.keeping.MOST_UPDATE", 100)
    song.stems["Bass"].add_notes([(tick * 240, 240, 40) for tick in range(100)], bar=3)
    with pytest.raises(TooLargeError, match=r"\.copy\(\)\.push\(\)"):
        song.push()
    assert song.copy("Huge copy").push(on=ann).is_new


def test_two_kernels_merge(ann):
    """Both change, both push, both pull: one song, with the edits of both."""
    mine = a_song("Duet")
    mine.push(on=ann)
    theirs = cm.open("Duet", on=ann)
    assert theirs == mine
    mine.loops["Verse"]["hat"] = "x.x."
    theirs.stems.add("Lead", sound="synth-lead").add_notes([(0, 480, "C5")])
    mine.push()
    theirs.push()
    assert repr(mine.pull()) == "pulled what others changed"
    assert repr(mine.pull()) == "nothing to pull"
    theirs.pull()
    assert mine == theirs
    assert ("hat" in mine.loops["Verse"], list(mine.stems)) == (True, ["Bass", "Vocals", "Lead"])
    assert mine.push().is_nothing
    assert theirs.push().is_nothing


def test_pulling_first_keeps_what_is_not_pushed_yet(ann):
    """An edit here, an edit there, pull, then push."""
    mine = a_song("Pull first")
    mine.push(on=ann)
    theirs = cm.open(mine.document.revision.id, on=ann)
    theirs.name = "Pull later"
    theirs.push()
    mine.loops["Verse"]["hat"] = "x.x."
    mine.pull()
    assert mine.push().bytes > 0
    theirs.pull()
    assert mine == theirs
    assert theirs.name == "Pull later"


def test_what_came_from_others_is_not_undone_here(ann):
    """Undo takes back my own step."""
    mine = a_song("Undo")
    mine.push(on=ann)
    theirs = cm.open("Undo", on=ann)
    theirs.tempo = 140
    theirs.push()
    mine.key = "A minor"
    mine.pull()
    assert mine.undo()
    assert (mine.tempo, mine.key) == (140, "C major")
    assert not mine.undo()


def test_recordings_come_when_they_are_played(ann):
    """Opened elsewhere, a song sounds the same; its audio is fetched when it is first needed."""
    song = a_song("Fetched")
    hash_here = song.hash()
    song.push(on=ann)
    (blob,) = (s.blob for s in song.model.segments.values() if s.blob)
    SESSION.blobs.made._contents.pop(blob)
    SESSION._pages = None
    opened = cm.open("Fetched", on=ann)
    assert SESSION.blobs.has(blob)
    assert opened.hash() == hash_here


def test_a_first_push_that_was_broken_off_goes_on(ann, monkeypatch):
    """The recording fails after the project was made; the next push makes no second project.

    What was edited between the two is pushed too, of songs and of loops.
    """
    song, loop = a_song("Broken off"), cm.Loop("Broken loop")
    loop["kick"] = "x..."

    def fails(*_):
        raise ConflictError("planted")
        yield

    monkeypatch.setattr("cellissimo.client.sounds.put_blob", fails)
    monkeypatch.setattr("cellissimo.client.keeping._opened", fails)
    for thing in (song, loop):
        with pytest.raises(ConflictError, match="planted"):
            thing.push(on=ann)
    monkeypatch.undo()
    song.tempo = 123
    song.loops["Verse"]["snare"] = "..x."
    loop["kick"] = "xx.."
    wanted = song.copy(song.name), loop.copy(loop.name)
    for thing in (song, loop):
        assert thing.push(on=ann).is_new
        assert thing.push().is_nothing
    assert (song, loop) == wanted
    assert (cm.open("Broken off", on=ann), cm.open("Broken loop", on=ann)) == wanted
    assert sorted(cm.projects(on=ann).names) == ["Broken loop", "Broken off"]


def test_missing_recordings_are_said(ann):
    """Neither here nor there: a warning names them, and the rest is pushed."""
    song = a_song("Lost")
    (blob,) = (s.blob for s in song.model.segments.values() if s.blob)
    SESSION.blobs.made._contents.pop(blob)
    with pytest.warns(UserWarning, match=blob):
        song.push(on=ann)
    assert cm.open("Lost", on=ann) == song


def test_a_loop_goes_into_the_library(ann):
    """With its chords, steps and settings; what is changed is pushed like a song's."""
    loop = cm.Loop("Groove", bars=2)
    loop.chords = "I IV"
    loop["kick"] = "x...x..."
    loop.set("kick.amp.level", 0.5)
    before = loop.copy(loop.name)
    assert repr(loop.push(on=ann)) == "pushed a new loop"
    assert loop == before
    told = ann.loop(loop.document.revision.id)
    assert (told.name, told.length, len(told.icon_sequence or ())) == ("Groove", 2, 8)
    loop["snare"] = "....x..."
    assert loop.push().bytes > 0
    assert cm.open("Groove", on=ann) == loop


def test_a_loop_of_a_song_goes_with_its_song(ann):
    """It has no project of its own, and says so."""
    song = a_song("Holder")
    song.push(on=ann)
    with pytest.raises(cm.CellissimoError, match="is in the song 'Holder'"):
        song.loops["Verse"].push()


def test_a_file_of_a_project_is_no_history(ann, tmp_path):
    """Loaded and pushed it would overwrite what others did: the cure is said."""
    song = a_song("Filed")
    song.push(on=ann)
    cm.save(song, tmp_path / "filed.song")
    loaded = cm.load(tmp_path / "filed.song")
    with pytest.raises(ConflictError, match=r"cm\.open"):
        loaded.push(on=ann)
    assert loaded.copy().push(on=ann).is_new


def test_a_reader_may_not_push(ann, bob):
    """Nothing of an edit that is not allowed is taken; a contributor's is."""
    song = a_song("Readers")
    song.push(on=ann)
    piece_id = song.document.revision.id
    ann.add_member(piece_id, bob.me().username, "viewer")
    theirs = cm.open("Readers", on=bob)
    theirs.name = "Stolen"
    with pytest.raises(ForbiddenError):
        theirs.push()
    assert ann.project(piece_id).name == "Readers"
    member = next(one for one in ann.members(piece_id).collaborators if one.role == "viewer")
    ann.change_member(piece_id, member.user_id, "contributor")
    assert theirs.push().bytes > 0
    assert ann.project(piece_id).name == "Stolen"


def test_the_widget_of_a_song_follows_its_first_push(ann):
    """What is shown goes on showing the song that is now on the server."""
    song = a_song("Shown")
    widget, loop_widget = song.widget, song.loops["Verse"].widget
    song.push(on=ann)
    song.tempo = 133
    song.loops["Verse"].name = "Chorus"
    assert widget.tempo == 133
    assert loop_widget.name == "Chorus"


def test_nothing_is_held_for_songs_that_are_forgotten(ann):
    """Links to pieces go with their documents."""
    gc.collect()
    before = len(_LINKS)
    song = a_song("Forgotten")
    song.push(on=ann)
    assert len(_LINKS) == before + 1
    del song
    gc.collect()
    assert len(_LINKS) == before


# -- opening -------------------------------------------------------------------------------------


def test_things_are_opened_by_name_id_and_address(server, ann):
    """What musicians have at hand."""
    song = a_song("By name")
    song.push(on=ann)
    piece_id = song.document.revision.id
    address = f"{server.url}cellissimo/p/{piece_id}"
    entry = cm.projects(on=ann)["By name"]
    for what in ("By name", piece_id, address, entry):
        assert cm.open(what, on=ann) == song


def test_a_name_of_nothing_or_of_two_is_said(ann):
    """The nearest, or the ids."""
    a_song("Doubled").push(on=ann)
    a_song("Doubled").push(on=ann)
    with pytest.raises(UnknownNameError, match="2 are called 'Doubled'"):
        cm.open("Doubled", on=ann)
    with pytest.raises(UnknownNameError, match="did you mean 'Doubled'"):
        cm.open("Doubledd", on=ann)
    with pytest.raises(NotThereError):
        cm.open("6f1c74c6-6a1c-4c6e-9f9d-0d6f3d1f7a01", on=ann)


def test_projects_show_themselves(server):
    """As aligned text and as a table; what people wrote stays text."""
    with Client(server.url, "carla-token") as carla:
        assert repr(cm.projects(on=carla)) == "nothing on the server yet"
        cm.Song("<b>Bold</b>", tempo=99.5, key="A minor").push(on=carla)
        loop = cm.Loop("A loop", meter="3/4")
        loop.push(on=carla)
        shown = cm.projects(on=carla)
    assert repr(shown).splitlines() == [
        "name         kind     tempo  meter  key      whose",
        "<b>Bold</b>  project  99.5   4/4    A minor  mine",
        "A loop       loop     120    3/4    C major  mine",
    ]
    assert "<td>&lt;b&gt;Bold&lt;/b&gt;</td>" in shown._repr_html_()
    assert (len(shown), shown.names, shown[1].name) == (2, ["<b>Bold</b>", "A loop"], "A loop")


def test_without_a_server_the_songs_of_the_folder_are_listed(tmp_path, monkeypatch):
    """The storage that is there."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path))
    monkeypatch.delenv("CELLISSIMO_URL", raising=False)
    connection.disconnect()
    cm.save(cm.Song("In a file"), "file.song")
    assert cm.projects().names == ["In a file"]
    assert cm.open("file.song") == cm.Song("In a file")
    with pytest.raises(NoServerError, match="jupyter lab"):
        cm.Song("x").push()


def test_a_kernel_finds_its_server(server, monkeypatch):
    """By what the server has put into its environment."""
    monkeypatch.setenv("CELLISSIMO_URL", f"{server.url}cellissimo")
    monkeypatch.setenv("CELLISSIMO_TOKEN", "dora-token")
    connection.disconnect()
    try:
        song = cm.Song("Found")
        song.push()
        assert cm.projects().names == ["Found"]
        assert cm.open("Found") == song
    finally:
        connection.disconnect()


def test_behind_a_prefix_everything_works_alike(tmp_path):
    """A plain server under a hub's prefix, reached with Jupyter's own token; links lead there."""
    with (
        running(tmp_path, many=False, base_url="/user/ada/") as plain,
        Client(plain.url, PLAIN) as client,
    ):
        assert client.about().single_user
        song = a_song("Prefixed")
        share = song.share(on=client)
        assert share.url.startswith(f"{plain.url}cellissimo/s/")
        with Client(plain.url) as nobody:
            assert cm.open(share.url, on=nobody).hash() == song.hash()


def test_a_running_jupyter_server_is_found_by_its_own_notes(tmp_path, monkeypatch):
    """As any Python of the same user finds it, with the token that it has noted."""
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
    with (
        running(tmp_path, many=False, base_url="/lab-of-ada/") as plain,
        Client(environ={}) as client,
    ):
        assert client.url.replace("localhost", "127.0.0.1") == f"{plain.url}cellissimo"
        made = client.make_project("Noted")
        assert made.owner.username == client.me().username


def test_the_command_line_takes_songs_to_the_server_and_back(server, tmp_path, monkeypatch, capsys):
    """``cellissimo import`` makes a project of a file, ``export`` a bundle of a project."""
    monkeypatch.setenv("CELLISSIMO_URL", f"{server.url}cellissimo")
    monkeypatch.setenv("CELLISSIMO_TOKEN", "carl-token")
    connection.disconnect()
    song = a_song("By command")
    cm.save(song, tmp_path / "song.song")
    try:
        assert main(["import", str(tmp_path / "song.song")]) == 0
        name, _, piece_id = capsys.readouterr().out.strip().partition(": ")
        assert name == "By command"
        bundle = tmp_path / "back.cellissimo.zip"
        assert main(["export", piece_id, str(bundle)]) == 0
        assert cm.load(bundle) == song
        assert main(["export", "no such project", str(bundle)]) == 2
        assert "nothing on the server is called" in capsys.readouterr().err
    finally:
        connection.disconnect()


# -- sharing -------------------------------------------------------------------------------------


def test_a_link_opens_the_song_for_anybody(server, ann):
    """Without an account; what is shown of the link does not hold it."""
    song = a_song("Linked")
    share = song.share(days=7, on=ann)
    assert repr(share) == "Share of 'Linked': listen, for 7 days (.url is the link)"
    assert share.token in share.url
    assert share.url.startswith(f"{server.url}cellissimo/s/")
    with Client(server.url) as nobody:
        opened = cm.open(share.url, on=nobody)
        assert opened == song
        assert opened.hash() == song.hash()
        with pytest.raises(ConflictError, match=r"\.fork\(\)"):
            opened.push()
    song.tempo = 77
    song.push()
    with Client(server.url) as nobody:
        assert cm.open(share.url, on=nobody).tempo == 77
        share.revoke()
        with pytest.raises(ServerError):
            cm.open(share.url, on=nobody)


def test_a_share_pushes_first(ann):
    """What was changed is in what the link opens."""
    song = a_song("Pushed by sharing")
    song.push(on=ann)
    song.tempo = 150
    share = song.share()
    assert cm.open(share.url, on=ann).tempo == 150


def test_a_fork_is_ones_own(ann, bob):
    """By a link that allows it, and of a project that one sees; it knows its source."""
    song = a_song("Source")
    share = song.share(rights=("listen", "fork"), days=None, on=ann)
    fork = cm.open(share.url, on=bob).fork()
    assert fork == song
    fork.tempo = 60
    assert fork.push().bytes > 0
    assert bob.project(fork.document.revision.id).forked_from == song.document.revision.id
    song.pull()
    assert song.tempo == 92
    mine = song.fork()
    assert mine.document.revision.id != song.document.revision.id


# -- history -------------------------------------------------------------------------------------


def test_history_tells_what_happened(server, ann):
    """In words, newest first, with names of versions; as text and as a table, without times."""
    song = a_song("Told")
    song.push(on=ann)
    song.tempo = 100
    song.push()
    song.versions.add("demo")
    newest = song.history()[0]
    assert newest.version.name == "demo"
    assert "100" in newest.words
    assert newest.at.tzinfo is not None
    lines = repr(song.history()).splitlines()
    assert lines[0].split() == ["revision", "who", "what", "version"]
    assert lines[1].endswith("demo")
    assert str(newest.at.year) not in repr(song.history())
    assert "<table>" in song.history()._repr_html_()
    assert (list(song.versions), len(song.versions)) == (["demo"], 1)
    assert repr(song.versions) == "versions: demo"


def test_a_version_comes_back(ann):
    """Whole, as a new edit, by its name or number; it is here at once."""
    song = a_song("Restored")
    song.push(on=ann)
    song.versions.add("demo")
    first = song.history()[0].seq
    song.tempo = 140
    song.loops["Verse"]["snare"] = "x..."
    song.push()
    song.restore("demo")
    assert (song.tempo, "snare" in song.loops["Verse"]) == (92, False)
    song.tempo = 150
    song.push()
    song.restore(first)
    assert song.tempo == 92
    with pytest.raises(KeyError, match="there are: demo"):
        song.restore("no")
    song.versions.remove("demo")
    assert len(song.versions) == 0


def test_a_stem_comes_back_alone(ann):
    """What else was changed since stays."""
    song = a_song("One stem")
    song.push(on=ann)
    seq = song.history()[0].seq
    song.stems["Bass"].name = "Low"
    song.tempo = 140
    song.push()
    song.restore(seq, stem=song.stems["Low"])
    assert (list(song.stems), song.tempo) == (["Bass", "Vocals"], 140)


def test_what_is_not_on_a_server_has_no_history(ann):
    """The cure is to push it."""
    song = cm.Song("Here")
    for verb in (song.history, song.pull, song.fork):
        with pytest.raises(ConflictError, match=r"push\(\)|copy\(\)"):
            verb(on=ann)
    with pytest.raises(ConflictError, match=r"push\(\)"):
        song.restore(1, on=ann)


# -- samples -------------------------------------------------------------------------------------


def test_a_sample_is_audio(ann, tmp_path):
    """Uploaded in any format, it comes by its name, as the server has measured it."""
    noise = cm.Audio(np.random.default_rng(3).uniform(-0.5, 0.5, (2, 48_000)))
    noise.export(tmp_path / "rain.flac")
    made = ann.upload_sample("rain", (tmp_path / "rain.flac").read_bytes())
    assert made.duration == pytest.approx(1.0)
    rain = cm.sample("rain", on=ann)
    assert (rain.name, rain.blob, rain.seconds) == ("rain", made.blob, 1.0)
    song = cm.Song("Weather")
    song.stems.add("Rain").add_audio(cm.sample(made.id, on=ann), bar=1)
    song.push(on=ann)
    with pytest.raises(UnknownNameError, match="did you mean 'rain'"):
        cm.sample("rains", on=ann)
    ann.delete_sample(made.id, force=True)


# -- many at once --------------------------------------------------------------------------------


def test_a_batch_is_one_request(ann):
    """Each request with its own answer, refused or not."""
    answers = ann.batch([
        {"method": "POST", "path": "projects", "body": {"name": "Batched"}},
        {"method": "GET", "path": "projects/no"},
    ])  # fmt: skip
    assert [answer.status for answer in answers] == [201, 404]


def test_search_finds_what_is_public(ann, bob):
    """By words and by key; what is private stays so."""
    for name, public in (("Kaleidoscope", True), ("Kaleidoscopic", False)):
        ann.make_project(name, key="Eb major", isPublic=public)
    found = bob.search("kaleidoscope", key="Eb major")
    assert [card.name for card in found.results] == ["Kaleidoscope"]


def test_kernels_push_without_waiting(server):
    """The asynchronous client keeps documents too."""

    async def both():
        async with AsyncClient(server.url, "erin-token") as erin:
            song = a_song("Async")
            pushed = await erin.push(song.document, SESSION.blobs, SESSION.gestures)
            song.follow(pushed.document)
            song.tempo = 111
            await erin.push(song.document)
            opened = await erin.open_piece(pushed.piece_id)
            return song, opened.document.revision

    song, elsewhere = asyncio.run(both())
    assert song.model == elsewhere
    assert elsewhere.tempo == 111


# -- the server as a storage ---------------------------------------------------------------------


def test_the_server_is_a_storage(ann, tmp_path):
    """What is saved is there; saving again changes it; deleting puts it into the trash."""
    storage = ServerStorage(ann, tmp_path)
    song = a_song("Stored").model
    kept = storage.save(song)
    assert kept in {entry.id for entry in storage.entries()}
    got = storage.get(kept)
    assert (got.name, got.stems, got.blocks) == ("Stored", song.stems, song.blocks)
    renamed = Song(kept, "Renamed", kind="song")
    assert storage.save(renamed) == kept
    assert storage.get(kept).name == "Renamed"
    storage.delete(kept)
    for use in (storage.get, storage.delete):
        with pytest.raises(NotKeptError):
            use(kept)


def test_local_ids_become_the_servers(ann, tmp_path):
    """The first save gives an id, the next one means the same piece, also from another kernel."""
    storage = ServerStorage(ann, tmp_path)
    for kind in ("loop", "song"):
        loop = loop_of_playground({"name": "Mine", "length": 2}, f"local-{kind}")
        loops = {loop.id: loop} if kind == "loop" else {}
        song = Song(loop.id, "Mine", kind=kind, loops=loops)
        kept = storage.save(song)
        assert not kept.startswith("local-")
        assert ServerStorage(ann, tmp_path).save(song) == kept
        assert storage.get(kept).kind == kind
    assert len(storage.entries()) == 2


def test_no_warning_is_left_behind(ann):
    """Clients are closed, threads are not needed."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ann.about()
        gc.collect()


def test_a_loop_of_the_playground_is_the_same_loop(ann):
    """What Python pushes and what the playground posts read alike."""
    body = {"length": 1, "iconSequence": [{"step": 0, "soundId": "kick", "velocity": 0.5}]}
    made = ann.make_loop("Posted", **body)
    opened = cm.open("Posted", on=ann)
    assert loop_of_playground({"name": "Posted", **body}, made.id).steps == opened.model.steps
