from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest

from cellissimo.notation.song_file_parser import parse_song
from tests.server.pieces import SONG, made
from tests.server.running import Running
from tests.server.sounds import encoded, tone


@pytest.fixture(scope="module")
def archive(server: Running) -> zipfile.ZipFile:
    """Everything of somebody who has a song, a loop, a sample and a notification."""
    ann = server.as_("ann")
    ann.get("users/me")
    ann.patch("users/me", json={"bio": "cello"})
    made(ann)
    ann.post("loops", json={"name": "Groove", "length": 1})
    sound = encoded(tone(0.2), "FLAC")
    sent = ann.post("samples/upload", files={"file": ("kick.flac", sound, "audio/flac")})
    assert sent.status_code == 201, sent.text
    theirs = made(server.as_("bea"))
    server.as_("bea").post(
        f"projects/{theirs}/collaborators", json={"username": "ann", "role": "viewer"}
    )
    ann.post("tokens", json={"name": "script"})
    ann.post(f"rooms/{theirs}/messages", json={"text": "Hello there"})
    target = {"kind": "bar", "tick": 0}
    ann.post(f"rooms/{theirs}/comments", json={"text": "Softer", "target": target})
    job = ann.post("users/me/export")
    assert job.status_code == 202, job.text
    file = finished(server, job.json()["id"])
    return zipfile.ZipFile(io.BytesIO(file))


def finished(server: Running, job_id: str) -> bytes:
    """The file of a job, once it is done; a job tells of its end by itself."""
    ann = server.as_("ann")
    with ann.stream("GET", f"jobs/{job_id}/events") as events:
        for _ in events.iter_lines():
            pass
    job = ann.get(f"jobs/{job_id}").json()
    assert job["state"] == "done", job
    return ann.get(f"jobs/{job_id}/file").content


def names(archive: zipfile.ZipFile, folder: str) -> list[str]:
    return [name for name in archive.namelist() if name.startswith(folder)]


def test_songs_and_loops_are_text(archive: zipfile.ZipFile) -> None:
    """Each is a file of its own that reads without us, and reads back as it was."""
    (song,) = names(archive, "songs/")
    (loop,) = names(archive, "loops/")
    said = parse_song(archive.read(song).decode())
    assert (said.name, said.stems.keys()) == (SONG.name, SONG.stems.keys())
    assert parse_song(archive.read(loop).decode()).kind == "loop"


def test_samples_are_the_bytes_that_came(archive: zipfile.ZipFile) -> None:
    """Not ours made of them: the originals."""
    (sample,) = names(archive, "samples/")
    assert sample.endswith(".flac")
    assert archive.read(sample) == encoded(tone(0.2), "FLAC")


def test_what_is_known_of_somebody_is_there(archive: zipfile.ZipFile) -> None:
    """The profile with its settings, memberships, notifications, words, and names of tokens."""

    def read(name: str) -> Any:
        return json.loads(archive.read(f"{name}.json"))

    assert (read("profile")["username"], read("profile")["bio"]) == ("ann", "cello")
    assert read("profile")["preferences"]["defaultTempo"] == 120
    assert [(one["name"], one["role"]) for one in read("memberships")] == [("Song", "viewer")]
    assert next(one["kind"] for one in read("notifications")) == "invite"
    assert [one["name"] for one in read("tokens")] == ["script"]
    assert [one["name"] for one in read("samples")] == ["kick"]
    assert [one["text"] for one in read("messages")] == ["Hello there"]
    assert [(one["on"], one["text"]) for one in read("comments")] == [("bar 1", "Softer")]


def test_no_secret_is_in_it(archive: zipfile.ZipFile) -> None:
    """Neither tokens nor their hashes leave the server."""
    everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"cel_" not in everything
    assert b"token_hash" not in everything


def test_who_listens_is_told_how_jobs_go(server: Running) -> None:
    """The stream of one's events tells of one's jobs too, up to their end."""
    bea = server.as_("bea")
    with bea.stream("GET", "events") as answer:
        lines = answer.iter_lines()
        next(lines)
        job = server.as_("bea").post("users/me/export").json()["id"]
        for line in lines:
            if line.startswith("data: "):
                told = json.loads(line.removeprefix("data: "))
                if told["id"] == job and told["state"] == "done":
                    break
    assert server.as_("bea").get(f"jobs/{job}").json()["state"] == "done"
