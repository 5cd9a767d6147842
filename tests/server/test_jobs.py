"""Jobs over HTTP: songs rendered and bundled, watched, cancelled, fetched, forgotten."""

import io
import json
import zipfile

import pytest
import soundfile

import cellissimo as cm
from cellissimo.notation.song_file import print_song
from cellissimo.notation.song_file_parser import parse_song
from cellissimo.schema import models
from cellissimo_server.commands.tidy_up import tidy_up
from tests.server.pieces import SONG, made
from tests.server.running import running
from tests.server.sounds import canonical, name_of, newcomer


@pytest.fixture
def client(server):
    """Somebody with all limits unused."""
    return newcomer(server)


def over(client, answer):
    """The job of an answer when it is over, and what was heard of it."""
    assert 202 == answer.status_code, answer.text
    heard = []
    with client.stream("GET", f"jobs/{answer.json()['id']}/events") as lines:
        for line in lines.iter_lines():
            if line.startswith("data: "):
                heard.append(json.loads(line.removeprefix("data: ")))
                assert not (heard[-1]["state"] == "waiting" and heard[-1]["attempts"]), heard
    return heard[-1], heard


def render(client, project, **wanted):
    return client.post(f"projects/{project}/renders", json=wanted)


def test_a_render_is_what_the_library_renders(client, tmp_path):
    """The WAV file of a job is byte for byte what an export of the same song gives."""
    project = made(client)
    job, heard = over(client, render(client, project))
    assert "done" == job["state"], job
    assert ["render", project] == [job["kind"], job["pieceId"]]
    assert {"waiting", "running", "done"} >= {one["state"] for one in heard}
    text = client.get(f"projects/{project}/song").text
    song = cm.Song.of_model(parse_song(text))
    path = song.export(tmp_path / "song.wav", progress=False)
    got = client.get(f"jobs/{job['id']}/file")
    assert ("audio/wav", str(job["result"]["size"])) == (
        got.headers["Content-Type"], got.headers["Content-Length"]
    )  # fmt: skip
    assert path.path.read_bytes() == got.content
    assert "attachment; filename*=UTF-8''Song.wav" == got.headers["Content-Disposition"]
    assert abs(job["result"]["loudness"] - path.integrated) < 0.01


@pytest.mark.parametrize(
    ("form", "kind"), [("flac", "FLAC"), ("mp3", "MP3"), ("ogg", "OGG"), ("wav", "WAV")]
)
def test_each_format_can_be_asked_for(client, form, kind):
    """Two bars of a song become a file of that format and length."""
    job, _ = over(client, render(client, made(client), format=form, bars=[1, 2]))
    assert "done" == job["state"], job
    file = soundfile.SoundFile(io.BytesIO(client.get(f"jobs/{job['id']}/file").content))
    assert kind == file.format
    assert file.frames / 48_000 == pytest.approx(job["result"]["seconds"], abs=0.1)


def test_stems_come_in_one_zip(client):
    """Each stem, and each loop of the timeline, is a file of the same length."""
    job, _ = over(client, render(client, made(client), format="flac", stems=True))
    assert "done" == job["state"], job
    assert ("application/zip", "Song.zip") == (job["result"]["mime"], job["result"]["name"])
    archive = zipfile.ZipFile(io.BytesIO(client.get(f"jobs/{job['id']}/file").content))
    assert ["01 Bass.flac", "02 Lead.flac", "03 Beat.flac"] == sorted(archive.namelist())
    frames = {soundfile.SoundFile(archive.open(name)).frames for name in archive.namelist()}
    assert 1 == len(frames)


def _with_audio(content):
    frames = (len(content) - 44) // 6
    played = models.Segment("a1", "t", "audio", 0, 960, blob=name_of(content), frames=frames)
    segments = {**SONG.segments, "a1": played}
    return models.Song("s", "Evening", stems=SONG.stems, segments=segments)


def test_audio_of_the_song_is_rendered_and_bundled(client, tmp_path):
    """A song with a recording sounds with it, and its bundle brings it back bit for bit."""
    content = canonical(0.4)
    project = made(client, _with_audio(content))
    missing, _ = over(client, render(client, project))
    assert ("failed", "invalid") == (missing["state"], missing["error"]["code"])
    assert name_of(content)[:12] in missing["error"]["message"]
    path = f"projects/{project}/blobs/{name_of(content)}"
    put = client.put(path, content=content, headers={"Content-Type": "audio/wav"})
    assert 201 == put.status_code
    job, _ = over(client, client.post(f"jobs/{missing['id']}/retry"))
    assert "done" == job["state"], job
    bundle, _ = over(client, client.post(f"projects/{project}/bundle"))
    assert ("done", []) == (bundle["state"], bundle["result"]["missing"])
    file = tmp_path / bundle["result"]["name"]
    assert "Evening.cellissimo.zip" == file.name
    file.write_bytes(client.get(f"jobs/{bundle['id']}/file").content)
    song = cm.load(file)
    assert client.get(f"projects/{project}/song").text.splitlines()[1:] == _text(song)
    assert zipfile.ZipFile(file).testzip() is None


def _text(song):
    return print_song(song.model).splitlines()[1:]


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"format": "exe"}, "format"),
        ({"bars": [3]}, "bars"),
        ({"bars": [0, 3]}, "bars.0"),
        ({"bars": [4, 2]}, "body"),
        ({"bars": "all"}, "bars"),
        ({"path": "/etc/passwd"}, "path"),
    ],
)
def test_what_cannot_be_rendered_is_refused(client, wanted, field):
    """The field that is wrong is named before any job is made."""
    answer = render(client, made(client), **wanted)
    assert (400, field) == (answer.status_code, answer.json()["error"]["field"])
    assert 0 == client.get("jobs").json()["total"]


def test_rendering_needs_its_right(server, client):
    """A stranger knows of nothing; a viewer without the flag may not; with it they may."""
    project, viewer = made(client), newcomer(server)
    assert 404 == render(viewer, project).status_code
    name = viewer.get("users/me").json()["username"]
    row = {"username": name, "role": "viewer"}
    member = client.post(f"projects/{project}/collaborators", json=row).json()
    for answer in (render(viewer, project), viewer.post(f"projects/{project}/bundle")):
        assert 403 == answer.status_code
    change = {"canExport": True}
    client.patch(f"projects/{project}/collaborators/{member['userId']}", json=change)
    job, _ = over(viewer, render(viewer, project))
    assert "done" == job["state"]
    assert 404 == client.get(f"jobs/{job['id']}").status_code
    assert 404 == client.get(f"jobs/{job['id']}/file").status_code


def test_jobs_are_listed_and_counted(server, client):
    """One's own jobs come newest first; no more than five wait or run at once."""
    project = made(client)
    server.run(_paused(server))
    try:
        made_jobs = []
        for _ in range(5):
            server.clock.forward(seconds=1)
            made_jobs.append(render(client, project).json()["id"])
        full = render(client, project)
        assert (429, "too-many") == (full.status_code, full.json()["error"]["code"])
        listed = client.get("jobs", params={"limit": 3}).json()
        assert made_jobs[:-4:-1] == [job["id"] for job in listed["jobs"]]
        assert (5, True) == (listed["total"], listed["hasMore"])
        for job in made_jobs:
            cancelled = client.post(f"jobs/{job}/cancel")
            assert (200, "cancelled") == (cancelled.status_code, cancelled.json()["state"])
            assert 409 == client.post(f"jobs/{job}/cancel").status_code
    finally:
        server.run(server.services.jobs.start())


async def _paused(server):
    """Stop the queue, as a server that is busy elsewhere would."""
    await server.services.jobs.stop()


def test_my_events_tell_how_my_jobs_go(server, client):
    """Who listens to their events hears of each of their jobs, and of nobody else's."""
    other = newcomer(server)
    project, foreign = made(client), made(other)
    with client.stream("GET", "events") as lines:
        asked = {
            render(other, foreign).json()["id"],
            (mine := render(client, project).json()["id"]),
        }
        assert 2 == len(asked)
        heard = []
        for line in lines.iter_lines():
            if line.startswith("data: ") and "progress" in line:
                heard.append(json.loads(line.removeprefix("data: ")))
                if heard[-1]["state"] == "done":
                    break
    assert {mine} == {job["id"] for job in heard}


def test_nobody_elses_job_can_be_touched(server, client):
    """To others there is no such job: not to be seen, heard, cancelled, retried or fetched."""
    job, _ = over(client, render(client, made(client)))
    other, path = newcomer(server), f"jobs/{job['id']}"
    for answer in (
        other.get(path), other.get(f"{path}/events"), other.get(f"{path}/file"),
        other.post(f"{path}/cancel"), other.post(f"{path}/retry"),
    ):  # fmt: skip
        assert (404, "not-found") == (answer.status_code, answer.json()["error"]["code"])
    assert 409 == client.post(f"{path}/retry").status_code
    assert 401 == server.client().get(path).status_code


def test_old_jobs_and_their_files_go(tmp_path):
    """A week after it was over, a job is forgotten, and its file a day later."""
    with running(tmp_path) as server:
        client = newcomer(server)
        job, _ = over(client, render(client, made(client)))
        server.clock.forward(days=6)
        assert 0 == server.run(tidy_up(server.services)).jobs
        assert 200 == client.get(f"jobs/{job['id']}/file").status_code
        server.clock.forward(days=1, seconds=1)
        tidied = server.run(tidy_up(server.services))
        assert (1, 1) == (tidied.jobs, tidied.collected.blobs)
        assert 404 == client.get(f"jobs/{job['id']}").status_code


def test_a_job_survives_a_restart(tmp_path):
    """What waited when the server stopped is done after its start."""
    with running(tmp_path, database_url="") as server:
        client = server.as_("anna")
        project = made(client)
        server.run(_paused(server))
        job = render(client, project).json()["id"]
    with running(tmp_path, database_url="") as server:
        client = server.as_("anna")
        with client.stream("GET", f"jobs/{job}/events") as lines:
            for _ in lines.iter_lines():
                pass
        assert "done" == client.get(f"jobs/{job}").json()["state"]
        assert 200 == client.get(f"jobs/{job}/file").status_code
