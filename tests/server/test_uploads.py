"""Uploads in pieces: resumed where they stopped, taken in once, forgotten when nobody comes."""

import asyncio
import itertools
import socket
import sys

import pytest

from cellissimo_server.commands.tidy_up import tidy_up
from cellissimo_server.errors import UnavailableError
from cellissimo_server.jobs.scanning import scanner_of
from tests.server.pieces import made
from tests.server.running import running
from tests.server.sounds import encoded, files_below, name_of, newcomer, tone


def announce(client, size, name="Take 1.flac", **fields):
    body = {"name": name, "size": size, "class": "recording", **fields}
    return client.post("uploads", json=body)


def send(client, upload, offset, content):
    return client.patch(
        f"uploads/{upload}",
        content=content,
        headers={"Upload-Offset": str(offset), "Content-Type": "application/octet-stream"},
    )


def finished(client, job):
    """The job when it is over, heard by its events."""
    with client.stream("GET", f"jobs/{job}/events") as lines:
        assert "text/event-stream" in lines.headers["Content-Type"]
        for _ in lines.iter_lines():
            pass
    return client.get(f"jobs/{job}").json()


@pytest.fixture
def client(server):
    """Somebody with all limits unused."""
    return newcomer(server)


def test_an_upload_in_pieces_becomes_a_sample(server, client):
    """Pieces of any size add up; the job's result is the sample, and its owner is told of it."""
    content = encoded(tone(1.5), "FLAC")
    begun = announce(client, len(content))
    assert 201 == begun.status_code, begun.text
    upload = begun.json()
    assert (0, len(content), 8_000_000) == (upload["received"], upload["size"], upload["chunkSize"])
    cuts = [0, 1, 1000, len(content) // 2, len(content)]
    for start, stop in itertools.pairwise(cuts):
        answer = send(client, upload["id"], start, content[start:stop])
        assert (200, {"received": stop}) == (answer.status_code, answer.json())
        assert str(stop) == client.head(f"uploads/{upload['id']}").headers["Upload-Offset"]
    said = {"licence": "CC0", "tags": ["take"]}
    job = client.post(f"uploads/{upload['id']}/complete", json=said)
    assert (202, "intake") == (job.status_code, job.json()["kind"])
    done = finished(client, job.json()["id"])
    assert "done" == done["state"], done
    sample = client.get(f"samples/{done['result']['sampleId']}").json()
    assert ("Take 1", "recording", "CC0", ["take"]) == (
        sample["name"], sample["class"], sample["licence"], sample["tags"]
    )  # fmt: skip
    assert content == client.get(f"samples/{sample['id']}/file").content
    told = client.get("notifications").json()["notifications"]
    assert [("upload", sample["id"])] == [(n["kind"], n["detail"]["sampleId"]) for n in told]
    assert 404 == client.get(f"uploads/{upload['id']}").status_code
    assert [] == files_below(server.services.upload_files.folder)


def test_completing_twice_is_one_job(client):
    """Who did not hear the answer may ask again: it is the same job, and one sample."""
    content = encoded(tone(0.1))
    upload = announce(client, len(content)).json()["id"]
    send(client, upload, 0, content)
    jobs = {client.post(f"uploads/{upload}/complete", json={}).json()["id"] for _ in range(3)}
    assert 1 == len(jobs)
    finished(client, jobs.pop())
    assert "done" == client.post(f"uploads/{upload}/complete", json={}).json()["state"]
    assert 1 == client.get("samples").json()["total"]


def test_only_what_comes_next_is_taken(client):
    """Pieces that overlap, leave a gap, repeat or run over are refused, and nothing is lost."""
    content = encoded(tone(0.2))
    upload = announce(client, len(content)).json()["id"]
    assert 200 == send(client, upload, 0, content[:1000]).status_code
    for offset, piece, status in (
        (0, content[:1000], 409),
        (999, content[999:2000], 409),
        (1001, content[1001:2000], 409),
        (1000, content[1000:] + b"x", 413),
    ):
        answer = send(client, upload, offset, piece)
        assert status == answer.status_code, (offset, answer.text)
        assert 1000 == client.get(f"uploads/{upload}").json()["received"]
    early = client.post(f"uploads/{upload}/complete", json={})
    assert (409, f"1000 of {len(content)} bytes are here.") == (
        early.status_code, early.json()["error"]["message"]
    )  # fmt: skip
    send(client, upload, 1000, content[1000:])
    job = client.post(f"uploads/{upload}/complete", json={}).json()["id"]
    late = send(client, upload, len(content), b"more")
    assert late.status_code in (404, 409)
    sample = finished(client, job)["result"]["sampleId"]
    assert name_of(content) == name_of(client.get(f"samples/{sample}/file").content)


@pytest.mark.parametrize("offset", ["", "-1", "1.5", "x", "0x10", "9" * 40, "٣"])
def test_an_offset_is_a_number(client, offset):
    """Whatever else stands in the header is refused with what is accepted."""
    upload = announce(client, 100).json()["id"]
    headers = {"Upload-Offset": offset.encode()}
    answer = client.patch(f"uploads/{upload}", content=b"x", headers=headers)
    assert (400, "Upload-Offset") == (answer.status_code, answer.json()["error"]["field"])


def test_a_cut_connection_loses_only_its_piece(server, client):
    """A piece whose sender goes away does not count; the next one begins where it began."""
    content = encoded(tone(2.0))
    upload = announce(client, len(content)).json()["id"]
    send(client, upload, 0, content[:5000])
    _sent_in_part(server, client, f"uploads/{upload}", content[5000:], "5000")
    _until_idle(server, upload)
    assert 5000 == client.get(f"uploads/{upload}").json()["received"]
    assert 5000 == server.services.upload_files.path(upload).stat().st_size
    assert 200 == send(client, upload, 5000, content[5000:]).status_code
    job = client.post(f"uploads/{upload}/complete", json={}).json()["id"]
    assert "done" == finished(client, job)["state"]
    traffic = server.app.web_app.settings["cellissimo-traffic"]
    server.run(asyncio.wait_for(traffic._idle.wait(), 30))  # nobody is counted as inside for ever


def _sent_in_part(server, client, path, content, offset):
    """Announce all of a piece, send half of it, and go away."""
    host, port = server.url.removeprefix("http://").rstrip("/").split(":")
    with socket.create_connection((host, int(port))) as line:
        head = (
            f"PATCH /cellissimo/api/v1/{path} HTTP/1.1\r\nHost: {host}:{port}\r\n"
            f"Authorization: {client.headers['Authorization']}\r\nUpload-Offset: {offset}\r\n"
            f"Content-Length: {len(content)}\r\n\r\n"
        )
        line.sendall(head.encode() + content[: len(content) // 2])
        upload = path.split("/")[1]
        while not server.services.upload_files.is_busy(upload):
            pass


def _until_idle(server, upload):
    while server.services.upload_files.is_busy(upload):
        pass


def test_two_senders_of_one_piece(server, client):
    """While a piece is coming in, nobody else may send one; the bytes never mix."""
    content = encoded(tone(0.5))
    upload = announce(client, len(content)).json()["id"]
    host, port = server.url.removeprefix("http://").rstrip("/").split(":")
    with socket.create_connection((host, int(port))) as line:
        head = (
            f"PATCH /cellissimo/api/v1/uploads/{upload} HTTP/1.1\r\nHost: {host}:{port}\r\n"
            f"Authorization: {client.headers['Authorization']}\r\nUpload-Offset: 0\r\n"
            f"Content-Length: {len(content)}\r\n\r\n"
        )
        line.sendall(head.encode() + content[:100])
        while not server.services.upload_files.is_busy(upload):
            pass
        refused = send(client, upload, 0, bytes(len(content)))
        assert (409, 0) == (
            refused.status_code, client.get(f"uploads/{upload}").json()["received"]
        )  # fmt: skip
        line.sendall(content[100:])
        assert b"200 OK" in line.recv(4096)
    job = client.post(f"uploads/{upload}/complete", json={}).json()["id"]
    sample = finished(client, job)["result"]["sampleId"]
    assert content == client.get(f"samples/{sample}/file").content


def test_uploads_are_their_owners(server, client):
    """To others there is no such upload, and they cannot put it into projects they may not edit."""
    upload = announce(client, 100).json()["id"]
    other = newcomer(server)
    for answer in (
        other.get(f"uploads/{upload}"), send(other, upload, 0, b"x"),
        other.delete(f"uploads/{upload}"), other.post(f"uploads/{upload}/complete", json={}),
    ):  # fmt: skip
        assert (404, "not-found") == (answer.status_code, answer.json()["error"]["code"])
    assert 404 == announce(other, 100, projectId=made(client)).status_code
    assert 200 == client.get(f"uploads/{upload}").status_code


def test_what_was_announced_takes_its_room(server, client):
    """Room is taken when an upload is announced, and given back when it is dropped."""
    quota = server.services.settings.recording_quota
    size = server.services.settings.recording_bytes
    uploads = [announce(client, size).json()["id"] for _ in range(quota // size)]
    full = announce(client, 1)
    assert (413, "quota") == (full.status_code, full.json()["error"]["code"])
    assert 413 == announce(newcomer(server), size + 1).status_code
    assert 200 == client.delete(f"uploads/{uploads[0]}").status_code
    assert 201 == announce(client, size).status_code


def test_what_nobody_finishes_is_forgotten(tmp_path):
    """After a day an upload is gone with its bytes; files that belong to none go too."""
    with running(tmp_path) as server:
        client = newcomer(server)
        upload = announce(client, 1000).json()["id"]
        send(client, upload, 0, b"half")
        folder = tmp_path / "data" / "uploads"
        stray = "00000000-0000-4000-8000-000000000000"
        (folder / stray).write_bytes(b"left by a crash")
        (folder / "notes.txt").write_text("not ours")
        server.clock.forward(hours=23)
        server.run(tidy_up(server.services))
        assert [upload, "notes.txt"] == sorted(files_below(folder), key=len, reverse=True)
        server.clock.forward(hours=1)
        assert 1 == server.run(tidy_up(server.services)).uploads
        assert ["notes.txt"] == files_below(folder)
        assert 404 == client.get(f"uploads/{upload}").status_code


def test_a_refused_upload_gives_its_room_back(server, client):
    """What is no audio ends with its reason; nothing of it is kept or counted."""
    content = b"MThd" + bytes(1000)
    upload = announce(client, len(content), "song.mid", **{"class": "sample"}).json()["id"]
    send(client, upload, 0, content)
    job = finished(client, client.post(f"uploads/{upload}/complete", json={}).json()["id"])
    assert ("failed", "unsupported-type") == (job["state"], job["error"]["code"])
    assert "a MIDI file" in job["error"]["message"]
    assert 0 == client.get("samples").json()["totalSize"]
    again = client.post(f"jobs/{job['id']}/retry")
    assert 202 == again.status_code
    gone = finished(client, job["id"])
    assert "gone" == gone["error"]["code"]


def test_an_upload_survives_a_restart(tmp_path):
    """Pieces that were sent before the server stopped are there afterwards."""
    content = encoded(tone(0.3))
    with running(tmp_path, database_url="") as server:
        client = server.as_("anna")
        upload = announce(client, len(content)).json()["id"]
        send(client, upload, 0, content[:2000])
    with running(tmp_path, database_url="") as server:
        client = server.as_("anna")
        assert 2000 == client.get(f"uploads/{upload}").json()["received"]
        send(client, upload, 2000, content[2000:])
        job = client.post(f"uploads/{upload}/complete", json={}).json()["id"]
        assert "done" == finished(client, job)["state"]


SCANNER = """\
import sys
content = open(sys.argv[-1], "rb").read()
if b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE" in content:
    print(sys.argv[-1] + ": Eicar-Signature FOUND")
    sys.exit(1)
sys.exit(2 if b"unreadable" in content else 0)
"""


def test_a_scanner_decides_first(tmp_path):
    """What the scanner finds is refused by its name; what it cannot scan is not taken either."""
    script = tmp_path / "scanner.py"
    script.write_text(SCANNER)
    with running(tmp_path, scan_command=f"{sys.executable} {script}") as server:
        client = newcomer(server)
        sound = encoded(tone(0.05))
        bad = sound + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"
        form = {"files": {"file": ("kick.wav", bad)}}
        refused = client.post("samples/upload", **form)
        assert 400 == refused.status_code
        message = refused.json()["error"]["message"]
        assert "The scanner of this server refused the file: Eicar-Signature FOUND" == message
        form = {"files": {"file": ("kick.wav", sound + b"unreadable")}}
        failed = client.post("samples/upload", **form)
        assert (503, "unavailable") == (failed.status_code, failed.json()["error"]["code"])
        form = {"files": {"file": ("kick.wav", sound)}}
        assert 201 == client.post("samples/upload", **form).status_code


class Clamd:
    """A server that speaks as clamd does, and finds what it is told to find."""

    async def __call__(self, reader, writer):
        """Answer one question."""
        assert b"zINSTREAM\0" == await reader.readexactly(10)
        content = b""
        while size := int.from_bytes(await reader.readexactly(4), "big"):
            content += await reader.readexactly(size)
        found = b"stream: Eicar FOUND\0" if b"EICAR" in content else b"stream: OK\0"
        writer.write(found if content else b"INSTREAM size limit exceeded. ERROR\0")
        await writer.drain()
        writer.close()


def test_clamd_is_asked_by_its_own_protocol(tmp_path):
    """A running clamd is asked over TCP or a socket; anything but OK and FOUND is a failure."""

    async def run():
        tcp = await asyncio.start_server(Clamd(), "127.0.0.1", 0)
        unix = await asyncio.start_unix_server(Clamd(), tmp_path / "s")
        port = tcp.sockets[0].getsockname()[1]
        for url in (f"clamd://127.0.0.1:{port}", f"clamd://{tmp_path}/s"):
            scanner = scanner_of(url)
            (tmp_path / "file").write_bytes(b"EICAR" * 60_000)
            assert "Eicar" == await scanner.scan(tmp_path / "file")
            (tmp_path / "file").write_bytes(b"music" * 60_000)
            assert await scanner.scan(tmp_path / "file") is None
            (tmp_path / "file").write_bytes(b"")
            with pytest.raises(UnavailableError, match="size limit exceeded"):
                await scanner.scan(tmp_path / "file")
        for server in (tcp, unix):
            server.close()
            await server.wait_closed()
        with pytest.raises(UnavailableError, match="could not be scanned"):
            await scanner.scan(tmp_path / "file")

    asyncio.run(run())
