"""Backups: of a server that runs and is written to, checked, and put back."""

from __future__ import annotations

import contextlib
import hashlib
import json
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import numpy as np
import pytest

import cellissimo as cm
from cellissimo.cli import main
from cellissimo.client.http import Client
from cellissimo_server.backup import back_up, put_back
from cellissimo_server.store.errors import DamagedError, HeldError, StoreError
from cellissimo_server.store.holding import Hold
from tests.conftest import ROOT
from tests.server.running import running

WRITERS, QUOTA = 4, 100


@contextlib.contextmanager
def served(folder: Path):
    """A server in a process of its own with its data in ``folder``; gives its address."""
    folder.mkdir()
    command = [sys.executable, "-m", "tests.server.serve", str(folder)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=ROOT, text=True, **pipes) as process:
        yield json.loads(process.stdout.readline())["url"]
        process.stdin.close()
        process.wait(60)


def names_in(folder: Path) -> set[str]:
    """The projects that a server shows when it runs on ``folder``."""
    with running(folder, database_url="") as server, Client(server.url, "ann-token") as ann:
        return {project.name for project in ann.all_projects()}


def song_with_audio(name: str) -> cm.Song:
    """A song with a recording."""
    song = cm.Song(name)
    noise = np.random.default_rng(5).uniform(-1, 1, (2, 4800))
    song.stems.add("Vocals").add_audio(cm.Audio(noise), bar=1)
    return song


def test_a_backup_of_a_running_server_has_all_that_was_acknowledged(tmp_path):
    """While others write; what was there before the backup began is in it, and it opens."""
    target = "backup.zip"
    sound = song_with_audio("With audio")
    with served(tmp_path / "server") as url:
        with Client(url, "ann-token") as ann:
            sound.push(on=ann)
        begun, stop = [], threading.Event()

        def write(number: int) -> None:
            with Client(url, f"writer{number}-token") as writer:
                for count in range(QUOTA):
                    begun.append(writer.make_project(f"{number}/{count}").name)
                    if stop.is_set():
                        return

        writers = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
        for writer in writers:
            writer.start()
        while len(begun) < 20:
            stop.wait(0.01)
        before = set(begun)
        data = tmp_path / "server" / "data"
        command = [sys.executable, "-m", "cellissimo.cli", "backup", str(tmp_path / target)]
        done = subprocess.run(
            [*command, "--data", str(data), "--json"], capture_output=True, text=True, check=False
        )
        stop.set()
        for writer in writers:
            writer.join()
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["pieces"] > len(before)
    assert (told["blobs"] >= 1, told["missing"]) == (True, [])
    assert main(["restore", str(tmp_path / target), "--data", str(tmp_path / "new" / "data")]) == 0
    there = set()
    with running(tmp_path / "new", database_url="") as server:
        with Client(server.url, "ann-token") as ann:
            assert cm.open("With audio", on=ann).hash() == sound.hash()
        for number in range(WRITERS):
            with Client(server.url, f"writer{number}-token") as writer:
                there |= {project.name for project in writer.all_projects()}
    assert before <= there


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """The data folder of a server that was stopped, with a project and a recording."""
    folder = tmp_path_factory.mktemp("stopped")
    with running(folder, database_url="") as server, Client(server.url, "ann-token") as ann:
        song_with_audio("Kept").push(on=ann)
    return folder / "data"


def test_a_stopped_server_is_backed_up_and_put_back(data, tmp_path, capsys):
    """Everything is there again, and the backup says what it holds."""
    assert main(["backup", str(tmp_path / "b"), "--data", str(data)]) == 0
    assert "1 pieces, 1 revisions" in capsys.readouterr().out
    assert main(["restore", str(tmp_path / "b"), "--data", str(tmp_path / "n" / "data")]) == 0
    assert names_in(tmp_path / "n") == {"Kept"}


def test_nothing_is_overwritten_unless_it_is_said(data, tmp_path, capsys):
    """--force moves what was there aside; a backup never replaces a file."""
    back_up(data, tmp_path / "b.zip")
    with pytest.raises(StoreError, match="is there already"):
        back_up(data, tmp_path / "b.zip")
    new = tmp_path / "n" / "data"
    put_back(tmp_path / "b.zip", new, 0)
    before = hashlib.sha256((new / "cellissimo.duckdb").read_bytes()).hexdigest()
    assert main(["restore", str(tmp_path / "b.zip"), "--data", str(new)]) == 2
    assert "--force" in capsys.readouterr().err
    assert main(["restore", str(tmp_path / "b.zip"), "--data", str(new), "--force"]) == 0
    aside = new / "before-restore-1" / "cellissimo.duckdb"
    assert before == hashlib.sha256(aside.read_bytes()).hexdigest()


def test_nothing_is_put_back_under_a_running_server(data, tmp_path):
    """The folder is held by another."""
    back_up(data, tmp_path / "b")
    hold = Hold(tmp_path / "held", 0)
    try:
        with pytest.raises(HeldError):
            put_back(tmp_path / "b", tmp_path / "held", 0, force=True)
    finally:
        hold.release()


def test_a_damaged_backup_is_not_put_back(data, tmp_path):
    """Another database, a blob that is not what its name says, files that are none of ours."""
    back_up(data, tmp_path / "b")
    with (tmp_path / "b" / "cellissimo.duckdb").open("ab") as file:
        file.write(b"x")
    with pytest.raises(DamagedError, match="is not what it was"):
        put_back(tmp_path / "b", tmp_path / "n", 0)
    back_up(data, tmp_path / "c")
    blob = next((tmp_path / "c" / "blobs").glob("??/??/*"))
    blob.write_bytes(b"x")
    with pytest.raises(DamagedError, match="is not what its name says"):
        put_back(tmp_path / "c", tmp_path / "n", 0)
    assert not (tmp_path / "n" / "cellissimo.duckdb").exists()
    for source in (tmp_path, tmp_path / "no", blob):
        with pytest.raises(DamagedError, match="backup"):
            put_back(source, tmp_path / "n", 0)


@pytest.mark.parametrize("name", ["../evil", "/evil", "blobs/../../evil", "blobs/aa/bb/../x", "x"])
def test_a_backup_from_elsewhere_writes_nothing_outside(data, tmp_path, name):
    """Only the files that a backup has are taken out of a zip."""
    back_up(data, tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip", "a") as file:
        file.writestr(name, "evil")
    with pytest.raises(DamagedError, match="is nothing that a backup has"):
        put_back(tmp_path / "b.zip", tmp_path / "n", 0)
    assert not list(tmp_path.rglob("*evil*"))


def test_blobs_that_are_missing_are_told(data, tmp_path):
    """The backup is made, and says what it lacks."""
    back_up(data, tmp_path / "b")
    put_back(tmp_path / "b", tmp_path / "n", 0)
    blob = next((tmp_path / "n" / "blobs").glob("??/??/*"))
    blob.unlink()
    assert back_up(tmp_path / "n", tmp_path / "c").missing == (blob.name,)


@pytest.mark.parametrize("what", ["CELLISSIMO_DATABASE_URL", "CELLISSIMO_BLOBS_URL"])
def test_what_is_kept_elsewhere_is_not_backed_up_by_half(data, tmp_path, monkeypatch, capsys, what):
    """PostgreSQL and S3 have tools of their own."""
    monkeypatch.setenv(what, "postgresql://x/y" if "DATABASE" in what else "s3://bucket")
    assert main(["backup", str(tmp_path / "b"), "--data", str(data)]) == 2
    assert "tools" in (told := capsys.readouterr().err) or "pg_dump" in told
    assert not (tmp_path / "b").exists()


def test_an_empty_folder_is_no_store(tmp_path, capsys):
    """The cure names the setting."""
    assert main(["backup", str(tmp_path / "b"), "--data", str(tmp_path / "no")]) == 2
    assert "CellissimoApp.data" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_layouts_go_up_and_back(data, tmp_path, capsys):
    """``cellissimo migrate`` and ``cellissimo downgrade`` on a copy of the data."""
    back_up(data, tmp_path / "b")
    put_back(tmp_path / "b", tmp_path / "n", 0)
    store = ["--data", str(tmp_path / "n")]
    assert main(["migrate", *store]) == 0
    assert main(["downgrade", "0", *store]) == 0
    assert "0001_beginning is undone" in capsys.readouterr().out
    assert main(["migrate", *store]) == 0
    assert "0001_beginning is done" in capsys.readouterr().out
