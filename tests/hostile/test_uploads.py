"""What strangers send: programs, bombs, cut-off files, odd names and broken requests."""

import io
import os
import random
import socket
import struct
import zipfile

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from cellissimo_server.commands.file_names import plain_name, shown_name
from cellissimo_server.errors import InvalidError
from cellissimo_server.jobs.supervising import Limits, Task, supervise
from cellissimo_server.web.multipart import Form, boundary_of
from cellissimo_server.workers import sniffing
from cellissimo_server.workers.refused import RefusedError
from tests.server.running import running
from tests.server.sounds import encoded, files_below, newcomer, tone, upload

MB = 1_000_000
LONG = os.environ.get("CELLISSIMO_LONG") == "1"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Run one server for all attacks: it has to survive each of them."""
    with running(tmp_path_factory.mktemp("server"), uploads_per_hour=100_000) as found:
        yield found


@pytest.fixture
def client(server):
    """Somebody; afterwards the server is well, and nothing of theirs is left on its way."""
    one = newcomer(server)
    yield one
    assert 201 == upload(one, encoded(tone(0.02))).status_code
    assert [] == files_below(server.services.upload_files.folder)
    assert [] == files_below(server.services.settings.data / "jobs")


# -- what it is --------------------------------------------------------------------------------

OTHERS = {
    "a Windows program": b"MZ\x90\0" + bytes(100),
    "a Linux program": b"\x7fELF\x02\x01" + bytes(100),
    "a script": b"#!/bin/sh\nrm -rf /\n",
    "a MIDI file": b"MThd\0\0\0\x06\0\x01\0\x01\x01\xe0",
    "a ZIP archive": b"PK\x03\x04" + bytes(100),
    "a gzip file": b"\x1f\x8b\x08" + bytes(100),
    "a PDF document": b"%PDF-1.7\n",
    "a PNG picture": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "a JPEG picture": b"\xff\xd8\xff\xe0" + bytes(100),
    "a Matroska or WebM file": b"\x1aE\xdf\xa3" + bytes(100),
    "an MP4 or M4A file": b"\0\0\0\x20ftypM4A " + bytes(100),
    "a RIFF file": b"RIFF\x24\0\0\0WEBPVP8 " + bytes(100),
    "a web page": b"<!DOCTYPE html><script>alert(1)</script>",
    "XML or an SVG": b"<?xml version='1.0'?><svg onload='alert(1)'/>",
    "a Python pickle": b"\x80\x04cos\nsystem\n(S'true'\ntR.",
    "text": b"just words",
    "a file of an unknown kind": bytes(range(128, 256)),
}


@pytest.mark.parametrize("looks_like", OTHERS)
def test_what_is_no_audio_is_told_what_it_looks_like(looks_like):
    """Names and types are not believed: the first bytes decide, and the reason says what it is."""
    with pytest.raises(RefusedError, match=f"^This is {looks_like}.*, not audio") as refused:
        sniffing.kind_of(OTHERS[looks_like])
    assert "unsupported-type" == refused.value.code


@given(st.binary(max_size=64))
def test_sniffing_never_fails_otherwise(start):
    """Any bytes are either audio or refused."""
    found = _or_refusal(lambda: sniffing.kind_of(start), RefusedError)
    assert getattr(found, "mime", "audio/").startswith("audio/")
    assert getattr(found, "cure", "Send WAV").startswith("Send WAV")


def _or_refusal(work, kind):
    """What work gives, or its refusal; any other error is a failure."""
    try:
        return work()
    except kind as error:
        return error


def test_a_renamed_program_is_refused(client):
    """A program that is called kick.wav and declared as audio is refused as what it is."""
    form = {"file": ("kick.wav", OTHERS["a Linux program"], "audio/wav")}
    answer = client.post("samples/upload", files=form)
    assert (415, "unsupported-type") == (answer.status_code, answer.json()["error"]["code"])
    assert "This is a Linux program, not audio." == answer.json()["error"]["message"]


# -- damaged and lying files -------------------------------------------------------------------


def _decoded(tmp_path, content, **limits):
    folder = tmp_path / "work"
    folder.mkdir(exist_ok=True)
    (folder / "sound").write_bytes(content)
    usual = {"seconds": 30, "memory": 600 * MB, "file_bytes": 50 * MB}
    task = Task(
        "cellissimo_server.workers.decode:decode", str(folder), {"file": "sound"},
        Limits(**usual | limits),
    )  # fmt: skip
    return supervise(task)


def _wav_that_claims(frames, rate=48_000, channels=2):
    size = min(frames * channels * 2, 0xFFFFFFFF - 36)
    width = channels * 2
    head = struct.pack("<4sI4s4sI", b"RIFF", size + 36, b"WAVE", b"fmt ", 16)
    head += struct.pack("<HHI", 1, channels, rate)
    head += struct.pack("<IHH", rate * width & 0xFFFFFFFF, width & 0xFFFF, 16)
    return head + struct.pack("<4sI", b"data", size) + bytes(4000)


def _flac_that_claims(frames):
    content = bytearray(encoded(tone(0.1), "FLAC"))
    packed = int.from_bytes(content[18:26], "big") >> 36 << 36 | frames
    content[18:26] = packed.to_bytes(8, "big")
    return bytes(content)


LIARS = {
    "a WAV file that claims 4 GB": _wav_that_claims(1 << 30),
    "a WAV file that claims no channels": _wav_that_claims(1000, channels=0),
    "a WAV file that claims 60 000 channels": _wav_that_claims(1000, channels=60_000),
    "a WAV file that claims 4 GHz": _wav_that_claims(1000, rate=4_000_000_000),
    "a FLAC file that claims a year": _flac_that_claims((1 << 36) - 1),
    "a FLAC file that claims an hour": _flac_that_claims(48_000 * 3600),
    "half a FLAC file": encoded(tone(1.0), "FLAC")[:20_000],
    "half an Ogg file": encoded(tone(1.0), "OGG", subtype="VORBIS")[:5000],
    "half an AIFF file": encoded(tone(1.0), "AIFF")[:50_000],
    "the header of a WAV file": encoded(tone(1.0))[:44],
    "a FLAC mark alone": b"fLaC",
    "an MP3 frame alone": b"\xff\xfb\x90\x00",
    "an Ogg mark alone": b"OggS" + bytes(24) + b"OpusHead",
    "NaN": encoded(np.full((100, 1), np.nan), subtype="FLOAT"),
    "infinity": encoded(np.full((100, 1), np.inf), subtype="DOUBLE"),
}


@pytest.mark.parametrize("liar", LIARS)
def test_files_that_lie_are_refused_in_words(tmp_path, liar):
    """What a header claims costs nothing; the file is refused with a reason, by no crash."""
    outcome = _decoded(tmp_path, LIARS[liar])
    assert "refused" == outcome.how, (outcome.how, outcome.said)
    assert outcome.value["message"]
    assert outcome.value["cure"]
    assert 50 * MB >= sum(p.stat().st_size for p in (tmp_path / "work").iterdir())


def test_a_bomb_of_silence_ends_at_its_limit(tmp_path):
    """An hour of silence in a small FLAC file is refused when it is decoded too far."""
    file = io.BytesIO()
    with soundfile.SoundFile(file, "w", 8000, 1, format="FLAC") as out:
        for _ in range(1800):
            out.write(np.zeros(16_000))
    assert len(file.getvalue()) < 300_000
    outcome = _decoded(tmp_path, file.getvalue(), file_bytes=20 * MB)
    assert ("refused", "too-large") == (outcome.how, outcome.value["code"])
    assert "more than 20 MB when it is decoded" in outcome.value["message"]


def test_no_broken_file_takes_the_server_down(tmp_path):
    """Files with bytes turned over are decoded, refused or crash a worker; nothing else happens."""
    random_ = random.Random(1)
    sources = [
        encoded(tone(0.05), "FLAC"), encoded(tone(0.05), "OGG", subtype="VORBIS"),
        encoded(tone(0.05), "MP3"), encoded(tone(0.05), "AIFF"), encoded(tone(0.05)),
        encoded(tone(0.05), "OGG", subtype="OPUS"),
    ]  # fmt: skip
    for number in range(600 if LONG else 6):
        content = bytearray(sources[number % len(sources)])
        for _ in range(random_.randrange(1, 20)):
            content[random_.randrange(len(content))] = random_.randrange(256)
        outcome = _decoded(tmp_path, bytes(content), seconds=20)
        assert outcome.how in {"done", "refused", "crashed", "late"}


def test_a_zip_bomb_is_no_sample(client):
    """Nothing is unpacked: a zip of 40 MB of zeros is refused by its first bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("kick.wav", bytes(40 * MB))
    answer = upload(client, file.getvalue(), "kick.wav")
    assert (415, True) == (answer.status_code, "ZIP" in answer.json()["error"]["message"])


# -- names -------------------------------------------------------------------------------------

NAMES = {
    "../../../etc/passwd": "passwd",
    "..\\..\\windows\\system32\\kick.wav": "kick",
    "/etc/cron.d/kick.wav": "kick",
    "C:\\kick.wav": "kick",
    "kick\0.exe.wav": "kick.exe",
    "....wav": "wav",
    "": "Sample",
    "...": "Sample",
    "kick\r\nSet-Cookie: x=1.wav": "kickSet-Cookie: x=1",
    "\u202egnp.wav": "gnp",
    "e\u0301tude.flac": "étude",
    "🥁 café.wav": "🥁 café",
    "<script>alert(1)</script>.wav": "script>",
    "x" * 300 + ".wav": "x" * 100,
    "\ud800broken.wav": "broken",
}


@pytest.mark.parametrize("sent", NAMES)
def test_names_are_words_and_never_paths(sent):
    """What is shown of a name has no folders and no unseen signs; files have plain names alone."""
    shown = shown_name(sent)
    assert NAMES[sent] == shown
    plain = plain_name(shown, ".wav")
    assert set(plain) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _-.")
    assert plain.count(".") == 1
    assert plain.endswith(".wav")


@given(st.text(max_size=300))
def test_any_name_is_made_fit(sent):
    """[NAME] One to a hundred visible characters; a plain name that no system misreads."""
    shown = shown_name(sent)
    assert 1 <= len(shown) <= 100
    assert not set(shown) & set("/\\\0\r\n")
    assert "." not in plain_name(shown, "")


@pytest.mark.parametrize("name", ["../../kick.wav", "/abs/kick.wav", "k\u202eick.wav", "kick.wav/"])
def test_names_open_no_folders(server, client, name):
    """Whatever a file is called, its bytes are only where blobs are."""
    before = files_below(server.services.settings.data.parent)
    answer = upload(client, encoded(tone(0.03, seed=99)), name)
    assert 201 == answer.status_code, answer.text
    said = client.get(f"samples/{answer.json()['id']}/file").headers["Content-Disposition"]
    assert said.startswith("attachment; filename*=UTF-8''")
    new = set(files_below(server.services.settings.data.parent)) - set(before)
    assert all(path.startswith("data/blobs/") for path in new), new


# -- requests ----------------------------------------------------------------------------------


def _raw(server, client, head, body=b"", *, goes_away=False):
    """What a server answers to a request that no library would send."""
    host, port = server.url.removeprefix("http://").rstrip("/").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as line:
        line.sendall(
            f"POST /cellissimo/api/v1/samples/upload HTTP/1.1\r\nHost: {host}:{port}\r\n"
            f"Authorization: {client.headers['Authorization']}\r\n"
            f"Connection: close\r\n{head}\r\n".encode()
            + body
        )
        if goes_away:
            line.shutdown(socket.SHUT_WR)
        answer = b""
        while chunk := line.recv(65_536):
            answer += chunk
    return answer


FORM = (
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="k.wav"\r\n\r\n%s\r\n--b--\r\n'
)
KIND = "Content-Type: multipart/form-data; boundary=b\r\n"


def test_a_wrong_length_is_no_upload(server, client):
    """More announced than sent: nothing is kept. Less announced: the form was cut off."""
    body = FORM % encoded(tone(0.02))
    longer = f"{KIND}Content-Length: {len(body) + 100}\r\n"
    assert b"" == _raw(server, client, longer, body, goes_away=True)
    short = _raw(server, client, f"{KIND}Content-Length: {len(body) - 20}\r\n", body)
    assert b"400 Bad Request" in short
    assert b"it was cut off" in short
    for length in ("-1", "1e3", "0x10", "many", "99999999999999999999999"):
        answer = _raw(server, client, f"{KIND}Content-Length: {length}\r\n", body)
        assert answer[:12] in (b"HTTP/1.1 400", b"HTTP/1.1 413"), (length, answer[:200])
    huge = _raw(server, client, f"{KIND}Content-Length: 4000000000\r\n", body)
    assert b"413 " in huge
    assert 0 == client.get("samples").json()["total"]


FORMS = {
    "no boundary": ("Content-Type: multipart/form-data\r\n", b""),
    "another type": ("Content-Type: application/json\r\n", b"{}"),
    "a boundary that is no word": ("Content-Type: multipart/form-data; boundary=[x]\r\n", b""),
    "nothing in it": (KIND, b"--b--\r\n"),
    "no end": (KIND, (FORM % b"RIFF")[:-10]),
    "no file": (KIND, b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\ny\r\n--b--\r\n'),
    "two files": (KIND, (FORM % b"RIFF")[:-7] + b"\r\n" + FORM % b"RIFF"),
    "endless headers": (KIND, b"--b\r\nX: " + b"y" * 20_000),
    "a part without a name": (KIND, b"--b\r\nX: y\r\n\r\nz\r\n--b--\r\n"),
    "a thousand parts": (
        KIND, b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n\r\n' * 1000 + b"--b--\r\n"
    ),
    "an endless field": (
        KIND, b'--b\r\nContent-Disposition: form-data; name="name"\r\n\r\n' + b"x" * 100_000
    ),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_broken_forms_are_refused(server, client, form):
    """Each is a 400 in the one shape of errors."""
    head, body = FORMS[form]
    answer = _raw(server, client, f"{head}Content-Length: {len(body)}\r\n", body)
    assert b"400 Bad Request" in answer.splitlines()[0], answer[:300]
    assert b'"code": "invalid"' in answer


def test_more_than_announced_is_cut_while_it_comes(server, client):
    """A chunked upload has no length: it is stopped at its class's limit, not at its end."""

    def endless():
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="k.wav"\r\n\r\n'
        yield encoded(tone(0.1))
        for _ in range(12):
            yield bytes(MB)
        yield b"\r\n--b--\r\n"

    answer = client.post(
        "samples/upload", content=endless(),
        headers={"Content-Type": "multipart/form-data; boundary=b"},
    )  # fmt: skip
    assert (413, "too-large") == (answer.status_code, answer.json()["error"]["code"])


@settings(max_examples=60)
@given(
    st.lists(st.binary(max_size=40), min_size=1, max_size=4),
    st.lists(st.integers(1, 30), min_size=1, max_size=8),
)
def test_a_form_reads_the_same_in_any_chunks(contents, cuts):
    """[FORM] Wherever the bytes are cut, every part comes out as it went in."""
    body = b"".join(
        b'--b"\r\nContent-Disposition: form-data; name="n%d"\r\n\r\n%s\r\n'.replace(b'b"', b"mark")
        % (number, content)
        for number, content in enumerate(contents)
    ) + b"--mark--\r\n"  # fmt: skip
    form, found, place, turn = Form(b"mark"), {}, 0, 0
    while place < len(body):
        chunk = body[place : place + cuts[turn % len(cuts)]]
        for piece in form.feed(chunk):
            found[piece.part.name] = found.get(piece.part.name, b"") + piece.content
        place, turn = place + len(chunk), turn + 1
    form.end()
    assert {f"n{number}": content for number, content in enumerate(contents)} == found


@given(st.binary(max_size=200), st.binary(max_size=300))
def test_any_bytes_are_a_form_or_refused(kind, body):
    """No request makes the reader fail in another way."""

    def read(boundary, content):
        form = Form(boundary())
        list(form.feed(content))
        form.end()

    named = _or_refusal(
        lambda: read(lambda: boundary_of(kind.decode("latin-1")), body), InvalidError
    )
    known = _or_refusal(lambda: read(lambda: b"b", b"--b\r\n" + body), InvalidError)
    assert all(found is None or found.cure for found in (named, known))
