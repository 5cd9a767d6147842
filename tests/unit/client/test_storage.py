"""Storages: one contract for memory and folders; the server's is in tests/server."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest

import cellissimo as cm
from cellissimo.client.errors import NoServerError
from cellissimo.client.storage import (
    FileStorage,
    MemoryStorage,
    NotKeptError,
    choose,
    entry_of,
    kept_id,
)
from cellissimo.music.session import SESSION
from cellissimo.notation.playground import loop_of_playground
from cellissimo.schema.models import Song, Tempo

SONG = Song("6f1c74c6-6a1c-4c6e-9f9d-0d6f3d1f7a01", "Évening", tempos={0: Tempo(92)}, key="G major")


@pytest.fixture(params=["memory", "folder"])
def storage(request, tmp_path):
    """An empty storage of each kind."""
    return MemoryStorage() if request.param == "memory" else FileStorage(tmp_path / "songs")


def test_what_is_saved_is_there(storage):
    """Under its id, in the list, with its facts."""
    assert storage.entries() == []
    assert storage.save(SONG) == SONG.id
    assert storage.get(SONG.id) == SONG
    assert storage.entries() == [entry_of(SONG)]
    assert (entry_of(SONG).tempo, entry_of(SONG).key) == (92, "G major")


def test_saving_again_replaces(storage):
    """One piece, as it was saved last."""
    storage.save(SONG)
    storage.save(replace(SONG, name="Morning"))
    assert [entry.name for entry in storage.entries()] == ["Morning"]


def test_pieces_of_one_name_stand_beside_each_other(storage):
    """Ids tell them apart, whatever the files are called."""
    other = replace(SONG, id=str(uuid.uuid4()))
    storage.save(SONG)
    storage.save(other)
    assert {entry.id for entry in storage.entries()} == {SONG.id, other.id}
    assert storage.get(other.id) == other


def test_a_local_id_becomes_a_uuid_once(storage):
    """Saving it again means the same piece, and so does asking for it."""
    loop = loop_of_playground({"name": "Mine", "length": 2}, "local-7")
    song = Song("local-7", "Mine", kind="loop", loops={"local-7": loop})
    kept = storage.save(song)
    assert str(uuid.UUID(kept)) == kept
    assert storage.save(song) == kept == kept_id("local-7")
    assert [entry.id for entry in storage.entries()] == [kept]
    assert storage.get("local-7").loops == {kept: replace(loop, id=kept)}


def test_what_is_deleted_is_gone(storage):
    """And what is not there is said."""
    storage.save(SONG)
    storage.delete(SONG.id)
    assert storage.entries() == []
    for use in (storage.get, storage.delete):
        with pytest.raises(NotKeptError, match="there is no piece"):
            use(SONG.id)


def test_blobs_are_kept_beside(storage):
    """Bytes by their sha256."""
    name = storage.blobs.put(b"RIFF")
    assert storage.blobs.get(name) == b"RIFF"


def test_recordings_come_with_the_song_that_names_them(tmp_path):
    """A folder of songs plays in a kernel that has nothing but the folder."""
    song = cm.Song("Sounds")
    audio = cm.Audio([0.0, 0.5, -0.5] * 1000, name="saw")
    song.stems.add("Saw").add_audio(audio, bar=1)
    storage = FileStorage(tmp_path / "songs")
    storage.blobs.put(SESSION.blobs.get(audio.blob))
    storage.save(song.model)
    assert [path.stem for path in tmp_path.glob("songs/Sounds.blobs/*.wav")] == [audio.blob]
    again = FileStorage(tmp_path / "songs")
    assert again.blobs.get(audio.blob) == SESSION.blobs.get(audio.blob)
    assert cm.load(tmp_path / "songs" / "Sounds.song") == song


def test_files_that_do_not_read_are_passed_over(tmp_path):
    """A folder may hold anything; names of files never leave it."""
    storage = FileStorage(tmp_path)
    (tmp_path / "broken.song").write_text("no song")
    (tmp_path / "latin.song").write_bytes(b"\xff\xfe")
    storage.save(replace(SONG, name="../../..\\evil:"))
    assert [entry.name for entry in storage.entries()] == ["../../..\\evil:"]
    assert {path.parent for path in tmp_path.rglob("*")} == {tmp_path}


def test_the_storage_is_the_one_that_is_there(tmp_path):
    """The server's; where there is none, the folder's."""
    memory = MemoryStorage()

    def nowhere():
        raise NoServerError("none")

    assert choose(lambda: memory, tmp_path) is memory
    found = choose(nowhere, tmp_path)
    assert isinstance(found, FileStorage)
    assert found.folder == tmp_path
