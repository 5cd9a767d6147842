"""Every store of blobs keeps the same promises: a folder, and S3 over real HTTP."""

import asyncio
import errno
import hashlib
import os
import sys
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moto.server import ThreadedMotoServer

from cellissimo_server.errors import InvalidError, NotFoundError
from cellissimo_server.store import folder_blobs
from cellissimo_server.store.blobs import CHUNK, hash_of
from cellissimo_server.store.errors import DamagedError, StoreError
from cellissimo_server.store.folder_blobs import FolderBlobs
from cellissimo_server.store.s3_blobs import S3Blobs

NOWHERE = "0" * 64

HOSTILE = [
    "",
    "..",
    "../../etc/passwd",
    "/etc/passwd",
    "a" * 63,
    "a" * 65,
    "A" * 64,
    "g" * 64,
    f"{'a' * 63}\n",
    f"{'a' * 32}/{'a' * 31}",
    f"{'a' * 63}\0",
    "٠" * 64,
]


@pytest.fixture(scope="module")
def s3_server():
    """Serve S3 on a free port of this machine."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


@pytest.fixture(params=["folder", "s3"])
def store(request, tmp_path, monkeypatch):
    """Open an empty store of each kind, and close it afterwards."""
    if request.param == "folder":
        made = FolderBlobs(tmp_path / "blobs")
    else:
        made = _s3_store(request.getfixturevalue("s3_server"), tmp_path, monkeypatch)
    yield made
    asyncio.run(made.close())


def _s3_store(endpoint, tmp_path, monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    made = S3Blobs(f"s3://music/{tmp_path.name}/deep?endpoint={endpoint}&region=us-east-1")
    made._client.create_bucket(Bucket="music")
    return made


def of(work):
    """Run one coroutine to its end."""
    return asyncio.run(work)


def test_what_was_put_comes_back(store):
    """Bytes come back under the sha256 that they have, from a file as from memory."""
    content = os.urandom(3 * CHUNK + 17)
    name = of(store.put(content))
    assert hashlib.sha256(content).hexdigest() == name
    assert content == of(store.read(name))
    assert len(content) == of(store.size(name))
    assert of(store.has(name))


def test_a_file_is_taken_and_left_where_it_is(store, tmp_path):
    """A file's bytes are kept; the file itself stays its owner's."""
    path = tmp_path / "take.wav"
    path.write_bytes(b"sound" * 100_000)
    name = of(store.put(path))
    path.write_bytes(b"other")
    assert b"sound" * 100_000 == of(store.read(name))


def test_nothing_is_a_blob_too(store):
    """No bytes at all can be kept and read."""
    name = of(store.put(b""))
    assert (b"", 0) == (of(store.read(name)), of(store.size(name)))
    assert b"" == _streamed(store, name)


def test_the_same_bytes_again_change_nothing(store):
    """There is one copy of what is put twice."""
    assert of(store.put(b"twice")) == of(store.put(b"twice"))
    assert [hash_of(b"twice")] == _names(store)


@settings(max_examples=25)
@given(start=st.integers(0, 2 * CHUNK + 9), size=st.none() | st.integers(0, 2 * CHUNK + 9))
def test_ranges_are_those_of_the_bytes(ranged, start, size):
    """[BLOB-RANGE] Any stretch, read or streamed, is that of the bytes, shorter at the end."""
    store, name, content = ranged
    stop = None if size is None else start + size
    assert content[start:stop] == of(store.read(name, start, size))
    assert content[start:stop] == _streamed(store, name, start, size)


@pytest.fixture(scope="module", params=["folder", "s3"])
def ranged(request, tmp_path_factory):
    """Hold one blob of two chunks and a bit in each kind of store."""
    folder = tmp_path_factory.mktemp("ranged")
    content = os.urandom(2 * CHUNK + 5)
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "folder":
            made = FolderBlobs(folder)
        else:
            made = _s3_store(request.getfixturevalue("s3_server"), folder, patch)
        yield made, of(made.put(content)), content
        of(made.close())


def _streamed(store, name, start=0, size=None):
    async def collected():
        return [chunk async for chunk in store.stream(name, start, size)]

    chunks = of(collected())
    assert all(0 < len(chunk) <= CHUNK for chunk in chunks)
    return b"".join(chunks)


def _names(store):
    async def collected():
        return [name async for name in store.names()]

    return sorted(of(collected()))


def test_bytes_that_are_not_what_was_said_are_refused(store):
    """A wrong hash keeps nothing, under either name."""
    with pytest.raises(DamagedError, match="are not those of"):
        of(store.put(b"real", hash_of(b"said")))
    assert [] == _names(store)


@pytest.mark.parametrize("name", HOSTILE)
def test_names_that_are_no_names_are_refused(store, name):
    """What is not 64 hexadecimal digits never becomes a path or a key."""
    for work in (store.read, store.size, store.has, store.delete):
        with pytest.raises(InvalidError, match="names no blob"):
            of(work(name))


def test_what_is_not_here_is_said(store, tmp_path):
    """Reading what is not here says so in each way of reading."""
    assert not of(store.has(NOWHERE))
    for work in (store.read, store.size):
        with pytest.raises(NotFoundError, match="is not here"):
            of(work(NOWHERE))
    with pytest.raises(NotFoundError):
        _streamed(store, NOWHERE)
    with pytest.raises(NotFoundError):
        of(store.copy(NOWHERE, tmp_path / "copy"))


def test_what_was_deleted_is_gone_and_can_come_again(store):
    """Deleting twice is no error, and the bytes may be put anew."""
    name = of(store.put(b"again"))
    of(store.delete(name))
    of(store.delete(name))
    assert not of(store.has(name))
    assert name == of(store.put(b"again"))
    assert b"again" == of(store.read(name))


def test_a_copy_is_a_file_of_the_same_bytes(store, tmp_path):
    """A worker gets a file."""
    name = of(store.put(b"for a worker"))
    of(store.copy(name, tmp_path / "copy.wav"))
    assert b"for a worker" == (tmp_path / "copy.wav").read_bytes()


def test_all_names_are_told(store):
    """The list has every blob once and nothing else."""
    contents = [b"%d" % number for number in range(20)]
    for content in contents:
        of(store.put(content))
    assert sorted(hash_of(content) for content in contents) == _names(store)


def test_many_at_once(store):
    """The same and different bytes put at the same time end as one copy of each."""

    async def all_at_once():
        return await asyncio.gather(*(store.put(b"%d" % (n % 5) * 70_000) for n in range(25)))

    assert 5 == len(set(of(all_at_once())))
    assert 5 == len(_names(store))


# -- the folder alone --------------------------------------------------------------------------


def test_a_full_disk_leaves_nothing_behind(tmp_path, monkeypatch):
    """An error while writing is told with its cause, and no part of the file stays."""
    store = FolderBlobs(tmp_path / "blobs")

    def full(_source, target):
        target.write(b"half")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(folder_blobs, "copied", full)
    with pytest.raises(StoreError, match="No space left on device"):
        of(store.put(b"whole"))
    assert [] == [path for path in (tmp_path / "blobs").rglob("*") if path.is_file()]
    of(store.close())


def test_a_file_that_changes_while_it_is_taken_is_refused(tmp_path, monkeypatch):
    """The bytes that are kept are those that were hashed."""
    store = FolderBlobs(tmp_path / "blobs")
    path = tmp_path / "changing"
    path.write_bytes(b"before")
    real = folder_blobs.hash_of

    def hashed(source):
        found = real(source)
        path.write_bytes(b"after!")
        return found

    monkeypatch.setattr(folder_blobs, "hash_of", hashed)
    with pytest.raises(DamagedError):
        of(store.put(path))
    assert [] == _names(store)
    of(store.close())


def test_what_a_crash_left_unfinished_is_no_blob(tmp_path):
    """A file without its name yet is removed when the store is opened again."""
    folder = tmp_path / "blobs"
    (folder / "unfinished").mkdir(parents=True)
    (folder / "unfinished" / ("a" * 64)).write_bytes(b"half")
    store = FolderBlobs(folder)
    assert [] == _names(store)
    assert not (folder / "unfinished").exists()
    of(store.close())


def test_the_file_has_its_name_only_when_it_is_on_disk(tmp_path, monkeypatch):
    """The bytes are synced before the rename, and the folders after it."""
    calls = []
    for name in ("fsync", "replace"):
        real = getattr(os, name)
        monkeypatch.setattr(
            os, name, lambda *given, name=name, real=real: (calls.append(name), real(*given))[1]
        )
    store = FolderBlobs(tmp_path)
    of(store.put(b"durable"))
    assert "fsync" == calls[0]
    assert calls.index("replace") < len(calls) - 3
    assert {"fsync"} == set(calls[calls.index("replace") + 1 :])
    of(store.close())


def test_reading_goes_on_while_a_blob_is_deleted(tmp_path):
    """Who has begun to read gets all of it."""
    store = FolderBlobs(tmp_path)
    content = os.urandom(4 * CHUNK)
    name = of(store.put(content))

    async def interrupted():
        got = b""
        async for chunk in store.stream(name):
            got += chunk
            await store.delete(name)
        return got

    assert content == of(interrupted())
    of(store.close())


def test_nothing_waits_on_the_event_loop(store):
    """Other work goes on while bytes are kept."""
    loop_thread = threading.get_ident()
    seen = []
    real = hashlib.sha256

    async def put():
        await store.put(b"elsewhere")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            hashlib,
            "sha256",
            lambda *a, **k: (seen.append(threading.get_ident()), real(*a, **k))[1],
        )
        of(put())
    assert seen
    assert loop_thread not in seen


# -- S3 alone ----------------------------------------------------------------------------------


def test_without_boto3_it_says_what_to_install(monkeypatch):
    """The cure is a command."""
    monkeypatch.setitem(sys.modules, "boto3", None)
    with pytest.raises(StoreError, match="need boto3") as refused:
        S3Blobs("s3://music/prefix")
    assert "pip install 'cellissimo[s3]'" in refused.value.cure


@pytest.mark.parametrize(
    "url", ["http://bucket", "s3://", "s3:///prefix", "s3://bucket?endpint=http://x", "bucket"]
)
def test_addresses_that_do_not_read_are_refused(url):
    """A typing error in the setting is found at the start."""
    with pytest.raises(InvalidError, match="does not read"):
        S3Blobs(url)


def test_an_s3_that_does_not_answer_is_said(tmp_path, monkeypatch):
    """Nobody listens there: the error says so, and where to look."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    store = S3Blobs("s3://music/x?endpoint=http://127.0.0.1:9&region=us-east-1")
    for work in (store.put(b"x"), store.has(NOWHERE), store.read(NOWHERE), store.delete(NOWHERE)):
        with pytest.raises(StoreError, match="did not answer as it should"):
            of(work)
    of(store.close())


def test_two_prefixes_of_one_bucket_know_nothing_of_each_other(s3_server, tmp_path, monkeypatch):
    """A bucket may be shared by several servers."""
    first = _s3_store(s3_server, tmp_path / "first", monkeypatch)
    second = _s3_store(s3_server, tmp_path / "second", monkeypatch)
    name = of(first.put(b"mine"))
    assert ([name], []) == (_names(first), _names(second))
    of(first.close())
    of(second.close())
