"""Blobs of projects: put by their names, heard by who may, collected when nothing needs them."""

import asyncio
import os
import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from types import SimpleNamespace

import pytest
from moto.server import ThreadedMotoServer

from cellissimo_server.commands import collect_blobs as collecting
from cellissimo_server.commands.collect_blobs import Collected, collect_blobs
from cellissimo_server.commands.keep_blob import keep_blob
from cellissimo_server.commands.tidy_up import tidy_up
from cellissimo_server.errors import NotFoundError
from cellissimo_server.settings import Settings
from cellissimo_server.store import blob_uses, migrations
from cellissimo_server.store.blobs import hash_of
from cellissimo_server.store.duckdb import DuckDatabase
from cellissimo_server.store.folder_blobs import FolderBlobs
from tests.server.pieces import made
from tests.server.running import running
from tests.server.sounds import canonical, encoded, files_below, name_of, newcomer, tone, upload

HOUR = 3_600_000
LONG = os.environ.get("CELLISSIMO_LONG") == "1"


def put(client, project, content, name=None, **headers):
    path = f"projects/{project}/blobs/{name or name_of(content)}"
    return client.put(path, content=content, headers={"Content-Type": "audio/wav", **headers})


@pytest.fixture
def client(server):
    """Somebody with all limits unused."""
    return newcomer(server)


# -- over HTTP ---------------------------------------------------------------------------------


def test_audio_is_put_and_heard(client):
    """A canonical WAV file comes back whole and by ranges; putting it again changes nothing."""
    project, content = made(client), canonical(0.3)
    path = f"projects/{project}/blobs/{name_of(content)}"
    assert 404 == client.get(path).status_code
    for _ in range(2):
        assert 201 == put(client, project, content).status_code
    got = client.get(path)
    assert (content, "audio/wav", f'"{name_of(content)}"') == (
        got.content, got.headers["Content-Type"], got.headers["ETag"]
    )  # fmt: skip
    assert "immutable" in got.headers["Cache-Control"]
    part = client.get(path, headers={"Range": "bytes=44-99"})
    assert (206, content[44:100]) == (part.status_code, part.content)
    assert str(len(content)) == client.head(path).headers["Content-Length"]
    assert 304 == client.get(path, headers={"If-None-Match": got.headers["ETag"]}).status_code


def test_the_outline_of_what_was_measured_is_had_by_who_may_hear_it(server, client):
    """A sample was measured when it came, audio that a kernel puts is not: its outline is empty."""
    content = canonical(0.3)
    assert name_of(content) == upload(client, content).json()["blob"]
    project = made(client)
    path = f"projects/{project}/outlines/{name_of(content)}"
    assert 404 == client.get(path).status_code
    assert 201 == put(client, project, content).status_code
    found = client.get(path)
    assert (200, {"perSecond", "low", "high"}) == (found.status_code, set(found.json()))
    assert 404 == newcomer(server).get(path).status_code
    unmeasured = canonical(0.2)
    put(client, project, unmeasured)
    assert [] == client.get(f"projects/{project}/outlines/{name_of(unmeasured)}").json()["low"]


def test_bytes_have_the_name_they_have(server, client):
    """Other bytes than the name says, or no canonical WAV, are refused; nothing of them stays."""
    project, content = made(client), canonical()
    before = files_below(server.services.blobs.folder)
    longer = content + b"\0\0"
    float_wav = encoded(tone(0.1), subtype="FLOAT")
    other_rate = encoded(tone(0.1), subtype="PCM_24", rate=44_100)
    for bad, name in (
        (content, name_of(b"other")), (content, "0" * 64), (b"", name_of(b"")),
        (longer, name_of(longer)), (float_wav, name_of(float_wav)),
        (other_rate, name_of(other_rate)), (b"RIFF", name_of(b"RIFF")),
    ):  # fmt: skip
        answer = put(client, project, bad, name)
        assert (400, "invalid") == (answer.status_code, answer.json()["error"]["code"])
    for name in ("A" * 64, "..%2f..%2fetc", "x", "%00" * 64, "a" * 65):
        assert put(client, project, content, name).status_code in (400, 404)
    assert before == files_below(server.services.blobs.folder)
    assert [] == files_below(server.services.upload_files.folder)


def test_rights_are_those_of_the_policy(server, client):
    """A viewer hears and does not add; a stranger knows of nothing; the public hears the public."""
    project, content = made(client), canonical(seed=3)
    put(client, project, content)
    path = f"projects/{project}/blobs/{name_of(content)}"
    viewer, stranger = newcomer(server), newcomer(server)
    name = viewer.get("users/me").json()["username"]
    row = {"username": name, "role": "viewer"}
    assert 201 == client.post(f"projects/{project}/collaborators", json=row).status_code
    assert 200 == viewer.get(path).status_code
    assert 403 == put(viewer, project, canonical(seed=4)).status_code
    for one in (stranger, server.client()):
        assert 404 == one.get(path).status_code
    assert 404 == put(stranger, project, content).status_code
    assert 401 == put(server.client(), project, content).status_code
    client.patch(f"projects/{project}", json={"visibility": "public"})
    assert 200 == server.client().get(path).status_code


def test_knowing_a_name_opens_nothing(server, client):
    """Who knows the sha256 of somebody's audio cannot read it through a project of their own."""
    content = canonical(seed=9)
    put(client, made(client), content)
    thief = newcomer(server)
    assert 404 == thief.get(f"projects/{made(thief)}/blobs/{name_of(content)}").status_code


def test_audio_of_projects_counts(tmp_path):
    """Audio that a project needs counts once against its owner, unless it is their sample."""
    content = canonical(1.0)
    with running(tmp_path, recording_quota=len(content) + 10) as server:
        client = newcomer(server)
        first, second = made(client), made(client)
        assert 201 == put(client, first, content).status_code
        other = put(client, second, canonical(1.0, seed=1))
        assert (413, "quota") == (other.status_code, other.json()["error"]["code"])
        assert 413 == put(client, second, content).status_code
        assert [] == files_below(tmp_path / "data" / "uploads")


def test_a_deleted_sample_leaves_the_disk(tmp_path):
    """When the last use is gone and the grace period over, the bytes are gone."""
    with running(tmp_path) as server:
        client = newcomer(server)
        said = upload(client, encoded(tone(0.1))).json()
        folder = server.services.blobs.folder
        assert 3 == len(files_below(folder))
        client.delete(f"samples/{said['id']}")
        server.clock.forward(days=29)
        assert Collected(0, 0) == server.run(tidy_up(server.services)).collected
        server.clock.forward(days=1, seconds=1)
        tidied = server.run(tidy_up(server.services))
        assert (1, 3) == (tidied.samples, tidied.collected.blobs)
        assert [] == files_below(folder)
        assert 0 == client.get("samples").json()["totalSize"]


def test_a_full_disk_is_said_and_leaves_nothing(server, client, monkeypatch):
    """An error of the disk while bytes come is 503 with its reason; afterwards it works again."""
    project, content = made(client), canonical(2.0, seed=8)

    def full(_files, *_given):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("cellissimo_server.store.upload_files.Receiver._flush", full)
        for answer in (put(client, project, content), upload(client, encoded(tone(0.5)))):
            assert (503, "unavailable") == (answer.status_code, answer.json()["error"]["code"])
            assert "No space left on device" in answer.json()["error"]["message"]
    with monkeypatch.context() as patch:
        patch.setattr("cellissimo_server.store.folder_blobs.copied", full)
        assert 503 == put(client, project, content).status_code
    assert [] == files_below(server.services.upload_files.folder)
    assert 201 == put(client, project, content).status_code


def test_a_server_may_keep_its_blobs_in_s3(tmp_path, monkeypatch):
    """With blobs in S3, uploads, ranges, renders and collections work as in a folder."""
    storage = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    storage.start()
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    try:
        endpoint = "http://{}:{}".format(*storage.get_host_and_port())
        url = f"s3://music/audio?endpoint={endpoint}&region=us-east-1"
        with running(tmp_path, blobs_url=url) as server:
            server.services.blobs._client.create_bucket(Bucket="music")
            client, content = newcomer(server), encoded(tone(0.1))
            said = upload(client, content).json()
            path = f"samples/{said['id']}/file"
            assert content == client.get(path).content
            assert content[9:] == client.get(path, headers={"Range": "bytes=9-"}).content
            client.delete(f"samples/{said['id']}")
            server.clock.forward(days=31)
            assert 3 == server.run(tidy_up(server.services)).collected.blobs
            assert [] == files_below(tmp_path / "data" / "blobs")
    finally:
        storage.stop()


# -- the collector -----------------------------------------------------------------------------


@pytest.fixture
def services(tmp_path):
    """Hold a store, its rows and a clock, without a server."""
    database = DuckDatabase.in_memory()
    asyncio.run(migrations.upgrade(database, 0))
    clock = SimpleNamespace(now=1_000 * HOUR)
    made = SimpleNamespace(
        settings=Settings(data=tmp_path),
        clock=lambda: clock.now,
        time=clock,
        database=database,
        blobs=FolderBlobs(tmp_path / "blobs"),
    )
    yield made
    asyncio.run(database.close())
    asyncio.run(made.blobs.close())


async def use(services, blob, user):
    now = services.clock()
    await services.database.write(lambda db: blob_uses.add_kept(db, blob, "sample", user, now))


async def drop(services, user):
    await services.database.write(lambda db: blob_uses.remove_all(db, "sample", user))


def test_only_what_nothing_needs_is_collected(services):
    """A blob goes when it has no use, and was not touched for the grace period."""

    async def run():
        used = await keep_blob(services, b"used", "a/b")
        await use(services, used, "1")
        idle = await keep_blob(services, b"idle!", "a/b")
        services.time.now += 24 * HOUR
        fresh = await keep_blob(services, b"fresh", "a/b")
        assert Collected(0, 0) == await collect_blobs(services)
        services.time.now += 1
        assert Collected(1, 5) == await collect_blobs(services)
        here = {name async for name in services.blobs.names()}
        assert {used.name, fresh.name} == here
        with pytest.raises(NotFoundError):
            await use(services, idle, "2")
        again = await keep_blob(services, b"idle!", "a/b")
        assert idle.name == again.name
        with pytest.raises(NotFoundError):
            await use(services, idle, "2")  # what was kept before is not what is here now
        await use(services, again, "2")

    asyncio.run(run())


def test_a_collection_that_was_cut_off_is_finished(services):
    """Bytes whose deletion a crash interrupted are deleted by the next collection."""

    async def run():
        blob = await keep_blob(services, b"half gone", "a/b")
        services.time.now += 25 * HOUR
        before = services.clock() - 24 * HOUR
        await services.database.write(
            lambda db: blob_uses.condemn(db, blob.name, before, services.clock())
        )
        assert Collected(0, 0) == await collect_blobs(services)  # somebody may be at it
        services.time.now += collecting.ABANDONED_MS + 1
        assert Collected(1, 9) == await collect_blobs(services)
        assert not await services.blobs.has(blob.name)

    asyncio.run(run())


def test_a_put_waits_for_a_deletion_and_writes_anew(services):
    """Bytes that come while their older copy is being deleted are there in the end."""

    async def run():
        blob = await keep_blob(services, b"again", "a/b")
        services.time.now += 25 * HOUR
        deleting, go_on = asyncio.Event(), asyncio.Event()
        real = services.blobs.delete

        async def slow(name):
            deleting.set()
            await go_on.wait()
            await real(name)

        services.blobs.delete = slow
        collection = asyncio.create_task(collect_blobs(services))
        await deleting.wait()
        keeping = asyncio.create_task(keep_blob(services, b"again", "a/b"))
        done, _ = await asyncio.wait({keeping}, timeout=0.2)
        assert not done
        go_on.set()
        await collection
        assert blob.name == (await keeping).name
        assert b"again" == await services.blobs.read(blob.name)

    asyncio.run(run())


def test_a_use_that_comes_first_saves_the_blob(services):
    """A blob that was idle when the collector looked, and is used when it acts, stays."""

    async def run():
        blob = await keep_blob(services, b"saved", "a/b")
        services.time.now += 25 * HOUR
        real = services.database.write
        calls = []

        async def late(work):
            calls.append(work)
            if len(calls) == 1:
                await use_now()
            return await real(work)

        async def use_now():
            now = services.clock()
            await real(lambda db: blob_uses.add(db, blob.name, "sample", "1", now))

        services.database = SimpleNamespace(write=late, read=services.database.read)
        assert Collected(0, 0) == await collect_blobs(services)
        assert await services.blobs.has(blob.name)

    asyncio.run(run())


@pytest.mark.parametrize("seed", range(40 if LONG else 4))
def test_no_used_blob_is_ever_missing(services, seed):
    """[BLOB-GC] Uploads, deletions and collections at once, in any order: what is used is here.

    Every worker checks, at each step, that what it uses can be read. The clock runs so fast that
    the grace period is over all the time; at the end nothing unused is left.
    """
    services.settings = replace(services.settings, blob_grace_hours=0)
    random_ = random.Random(seed)
    contents = [b"%d" % number for number in range(6)]
    is_over = asyncio.Event()
    collected = 0

    async def person(number):
        mine = random.Random(random_.random())
        for step in range(25):
            user = f"{number}.{step}"
            content = mine.choice(contents)
            services.time.now += 1
            try:
                blob = await keep_blob(services, content, "a/b")
                await use(services, blob, user)
            except NotFoundError:
                continue  # collected between the two: said, and to be done again
            for _ in range(mine.randrange(3)):
                await asyncio.sleep(0)
                assert content == await services.blobs.read(blob.name)
            assert content == await services.blobs.read(blob.name)
            if mine.random() < 0.8:
                await drop(services, user)

    async def collector():
        nonlocal collected
        while not is_over.is_set():
            services.time.now += 1
            collected += (await collect_blobs(services)).blobs

    async def run():
        collectors = [asyncio.create_task(collector()) for _ in range(2)]
        await asyncio.gather(*(person(number) for number in range(6)))
        is_over.set()
        await asyncio.gather(*collectors)
        services.time.now += 1
        await collect_blobs(services)
        used = set(
            await services.database.read(lambda db: db.rows(str, "SELECT blob FROM blob_uses"))
        )
        assert used == {name async for name in services.blobs.names()}

    asyncio.run(run())
    assert collected


def test_uploads_and_collections_at_once_over_http(tmp_path):
    """Many people put the same audio while the collector runs without a grace period."""
    with running(tmp_path, blob_grace_hours=0, trash_days=0) as server:
        sounds = [canonical(0.01, seed=seed) for seed in range(3)]
        projects = [(client := newcomer(server), made(client)) for _ in range(4)]

        def work(number):
            client, project = projects[number]
            for step in range(6):
                content = sounds[(number + step) % 3]
                server.clock.forward(seconds=1)
                answer = put(client, project, content)
                while answer.status_code == 404:  # collected before it was used: said so
                    answer = put(client, project, content)
                path = f"projects/{project}/blobs/{name_of(content)}"
                assert content == client.get(path).content
                server.run(tidy_up(server.services))

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(work, range(4)))
        for client, project in projects:
            for content in sounds:
                path = f"projects/{project}/blobs/{name_of(content)}"
                assert content == client.get(path).content
        assert {hash_of(sound) for sound in sounds} == {
            name.rsplit("/", 1)[1] for name in files_below(server.services.blobs.folder)
        }
