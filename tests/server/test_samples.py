"""Samples: uploaded, measured, heard by ranges, drawn, counted, thrown away."""

import io
import json

import numpy as np
import pytest
import soundfile

from cellissimo.media.intake import take_file
from cellissimo.schema import models
from tests.server.pieces import SONG, made
from tests.server.running import running
from tests.server.sounds import encoded, files_below, name_of, newcomer, tone, upload

FORMATS = [
    ("WAV", "audio/wav", {"subtype": "PCM_16"}),
    ("WAV", "audio/wav", {"subtype": "FLOAT"}),
    ("FLAC", "audio/flac", {}),
    ("AIFF", "audio/aiff", {}),
    ("OGG", "audio/ogg", {"subtype": "VORBIS"}),
    ("OGG", "audio/ogg", {"subtype": "OPUS"}),
    ("MP3", "audio/mpeg", {}),
]


@pytest.mark.parametrize(("form", "mime", "given"), FORMATS)
def test_each_format_becomes_a_sample(server, tmp_path, form, mime, given):
    """The answer tells what the file is; its audio is bit for bit what the library makes of it."""
    client = newcomer(server)
    content = encoded(tone(0.7), form, **given)
    answer = upload(client, content, f"Deep Kick.{form.lower()}", tags="drum, deep", licence="CC0")
    assert 201 == answer.status_code, answer.text
    said = answer.json()
    assert ("Deep Kick", "sample", mime) == (said["name"], said["class"], said["mimeType"])
    assert (["drum", "deep"], "CC0", None) == (said["tags"], said["licence"], said["projectId"])
    assert (len(content), 48_000, 2) == (said["fileSize"], said["sampleRate"], said["channels"])
    assert abs(said["duration"] - 0.7) < 0.03
    assert -16 < said["loudness"] < -7
    assert -9 < said["truePeak"] < -6
    path = tmp_path / "file"
    path.write_bytes(content)
    assert name_of(take_file(path).content) == said["blob"]


def test_the_file_comes_back_as_it_was(server):
    """What was uploaded can be fetched whole, in ranges, and not at all when it is known."""
    client = newcomer(server)
    content = encoded(tone(0.2))
    said = upload(client, content, "Größe ½.wav").json()
    url = server.url.rstrip("/") + said["fileUrl"]
    whole = client.get(url)
    assert (200, content, "bytes") == (
        whole.status_code, whole.content, whole.headers["Accept-Ranges"]
    )  # fmt: skip
    assert "attachment; filename*=UTF-8''Groe%2012.wav" == whole.headers["Content-Disposition"]
    assert "immutable" in whole.headers["Cache-Control"]
    again = client.get(url, headers={"If-None-Match": whole.headers["ETag"]})
    assert (304, b"") == (again.status_code, again.content)


RANGES = [
    ("bytes=0-9", 206, slice(0, 10)),
    ("bytes=10-", 206, slice(10, None)),
    ("bytes=-7", 206, slice(-7, None)),
    ("bytes=5-5", 206, slice(5, 6)),
    ("bytes=0-999999999", 200, slice(None)),
    ("bytes=100-999999999", 206, slice(100, None)),
    ("bytes=-999999999", 200, slice(None)),
    ("bytes=9-3", 200, slice(None)),
    ("bytes=0-1,5-6", 200, slice(None)),
    ("lines=1-2", 200, slice(None)),
    ("bytes=-", 200, slice(None)),
    ("bytes=²-", 200, slice(None)),
]


@pytest.fixture(scope="module")
def kept(server):
    """Upload one sample for tests that only read it."""
    client = newcomer(server)
    content = encoded(tone(0.05))
    return client, upload(client, content).json(), content


@pytest.mark.parametrize(("wanted", "status", "part"), RANGES)
def test_ranges_are_those_of_the_standard(kept, wanted, status, part):
    """A range that reads is answered with its bytes; what does not read is passed over."""
    client, said, content = kept
    answer = client.get(
        f"samples/{said['id']}/file", headers={"Range": wanted.encode("latin-1", "replace")}
    )
    assert (status, content[part]) == (answer.status_code, answer.content)
    assert str(len(answer.content)) == answer.headers["Content-Length"]
    if status == 206:
        start = content.index(content[part]) if part.start is None else part.start % len(content)
        said_range = f"bytes {start}-{start + len(answer.content) - 1}/{len(content)}"
        assert said_range == answer.headers["Content-Range"]


@pytest.mark.parametrize("wanted", ["bytes={size}-", "bytes=-0", "bytes=99999999999-"])
def test_ranges_behind_the_end_are_refused(kept, wanted):
    """There is nothing there; the answer tells how much there is."""
    client, said, content = kept
    asked = {"Range": wanted.format(size=len(content))}
    answer = client.get(f"samples/{said['id']}/file", headers=asked)
    assert (416, f"bytes */{len(content)}") == (answer.status_code, answer.headers["Content-Range"])


def test_a_head_tells_all_but_the_bytes(kept):
    """HEAD has the headers of GET."""
    client, said, content = kept
    answer = client.head(f"samples/{said['id']}/file")
    assert (200, b"", str(len(content))) == (
        answer.status_code, answer.content, answer.headers["Content-Length"]
    )  # fmt: skip


def test_an_old_range_is_not_mixed_with_new_bytes(kept):
    """If-Range with another tag gives the whole file."""
    client, said, content = kept
    headers = {"Range": "bytes=0-3", "If-Range": '"other"'}
    assert content == client.get(f"samples/{said['id']}/file", headers=headers).content


def test_peaks_draw_the_sound(server):
    """The outline has a hundred points a second, and holds every sample within it."""
    client = newcomer(server)
    samples = tone(1.0)
    said = upload(client, encoded(samples, subtype="PCM_24")).json()
    peaks = client.get(server.url.rstrip("/") + said["peaksUrl"])
    found = peaks.json()
    assert (100.0, 100, 100) == (found["perSecond"], len(found["low"]), len(found["high"]))
    mean = samples.mean(axis=1).reshape(100, 480)
    np.testing.assert_allclose(found["low"], mean.min(axis=1), atol=0.001)
    np.testing.assert_allclose(found["high"], mean.max(axis=1), atol=0.001)
    assert "application/json" in peaks.headers["Content-Type"]


def test_silence_has_no_loudness(server):
    """Silence is measured as nothing rather than as minus infinity."""
    said = upload(newcomer(server), encoded(np.zeros((48_000, 2)))).json()
    assert (None, None) == (said["loudness"], said["truePeak"])


def test_a_list_tells_how_much_room_is_left(server):
    """Samples come newest first, by page, by words, with their total and the quota."""
    client = newcomer(server)
    sizes = []
    for name in ("Kick 100%.wav", "Snare.wav", "Kick_soft.wav"):
        server.clock.forward(seconds=1)
        content = encoded(tone(0.05, seed=len(sizes)))
        sizes.append(len(content))
        upload(client, content, name, tags="drums" if name == "Snare.wav" else "")
    listed = client.get("samples").json()
    assert ["Kick_soft", "Snare", "Kick 100%"] == [one["name"] for one in listed["samples"]]
    assert (sum(sizes), 100_000_000, 3) == (listed["totalSize"], listed["quota"], listed["total"])
    for words, names in (
        ("kick", ["Kick_soft", "Kick 100%"]), ("DRUM", ["Snare"]), ("100%", ["Kick 100%"]),
        ("_", ["Kick_soft"]), ("'; DROP TABLE samples", []),
    ):  # fmt: skip
        found = client.get("samples", params={"q": words}).json()["samples"]
        assert names == [one["name"] for one in found]
    first = client.get("samples", params={"limit": 2}).json()
    assert (True, 1) == (first["hasMore"], first["page"])
    rest = client.get("samples", params={"limit": 2, "after": first["next"]}).json()
    assert ["Kick 100%"] == [one["name"] for one in rest["samples"]]


def test_a_sample_is_changed_by_one_at_a_time(server):
    """Name, licence and tags change; an old revision is refused with both values."""
    client = newcomer(server)
    said = upload(client, encoded(tone(0.05))).json()
    change = {"name": "Thud", "tags": ["low"], "licence": "CC BY 4.0"}
    answer = client.patch(f"samples/{said['id']}", json=change, headers={"If-Match": '"1"'})
    assert (200, '"2"') == (answer.status_code, answer.headers["ETag"])
    assert change == {key: answer.json()[key] for key in change}
    late = client.patch(f"samples/{said['id']}", json={"name": "Boom"}, headers={"If-Match": '"1"'})
    assert 412 == late.status_code
    assert ("Boom", "Thud") == tuple(
        late.json()["error"][who]["name"] for who in ("yours", "theirs")
    )


def test_nobody_else_sees_a_sample(server):
    """A stranger is told that there is no such sample, whatever they try."""
    said = upload(newcomer(server), encoded(tone(0.05))).json()
    path = f"samples/{said['id']}"
    for client in (newcomer(server), server.client()):
        answers = [
            client.get(path),
            client.get(f"{path}/file"),
            client.get(f"{path}/peaks"),
            client.patch(path, json={"name": "Mine"}),
            client.delete(path),
        ]
        assert {404, 401} >= {answer.status_code for answer in answers}
    unknown = newcomer(server).get("samples/00000000-0000-0000-0000-000000000000")
    known = newcomer(server).get(path)
    assert unknown.json() == known.json()


def test_a_sample_of_a_project_is_heard_by_its_members(server):
    """Who may take the project away may fetch its samples; a viewer without that flag may not."""
    owner, guest = newcomer(server), newcomer(server)
    guest_name = guest.get("users/me").json()["username"]
    project = made(owner)
    said = upload(owner, encoded(tone(0.05)), projectId=project).json()
    assert project == said["projectId"]
    path = f"samples/{said['id']}"
    assert 404 == guest.get(path).status_code
    row = {"username": guest_name, "role": "contributor"}
    assert 201 == owner.post(f"projects/{project}/collaborators", json=row).status_code
    assert 200 == guest.get(f"{path}/file").status_code
    assert 200 == guest.get(f"projects/{project}/blobs/{said['blob']}").status_code
    assert 404 == guest.patch(path, json={"name": "Mine"}).status_code


def test_a_sample_is_added_to_a_project_later(server):
    """PATCH with a projectId lets the project play it; not into somebody else's project."""
    owner, other = newcomer(server), newcomer(server)
    said = upload(owner, encoded(tone(0.05))).json()
    project, foreign = made(owner), made(other)
    assert 404 == owner.get(f"projects/{project}/blobs/{said['blob']}").status_code
    path = f"samples/{said['id']}"
    assert 404 == owner.patch(path, json={"projectId": foreign}).status_code
    assert 200 == owner.patch(path, json={"projectId": project}).status_code
    assert 200 == owner.get(f"projects/{project}/blobs/{said['blob']}").status_code


def _playing(blob):
    frames = models.Segment("a1", "t", "audio", 0, 960, blob=blob)
    return models.Song(
        "s", "Evening", loops=SONG.loops, pads=SONG.pads, blocks=SONG.blocks, stems=SONG.stems,
        segments={**SONG.segments, "a1": frames},
    )  # fmt: skip


def test_a_sample_that_a_song_plays_is_not_deleted_by_mistake(server):
    """409 names the song; with force it goes to the trash, and the song keeps its sound."""
    client = newcomer(server)
    content = encoded(tone(0.05))
    said = upload(client, content).json()
    project = made(client, _playing(said["blob"]))
    path = f"samples/{said['id']}"
    client.patch(path, json={"projectId": project})
    refused = client.delete(path)
    assert 409 == refused.status_code
    assert "Songs play this sample: 'Evening'." == refused.json()["error"]["message"]
    assert {"success": True} == client.delete(path, params={"force": "true"}).json()
    assert 404 == client.get(path).status_code
    assert 200 == client.get(f"projects/{project}/blobs/{said['blob']}").status_code


def test_other_peoples_songs_are_no_ones_business(server):
    """That a stranger's song plays the same bytes neither shows nor stands in the way."""
    content = encoded(tone(0.05, seed=5))
    stranger, client = newcomer(server), newcomer(server)
    theirs = upload(stranger, content).json()
    project = made(stranger, _playing(theirs["blob"]))
    stranger.patch(f"samples/{theirs['id']}", json={"projectId": project})
    mine = upload(client, content).json()
    assert 200 == client.delete(f"samples/{mine['id']}").status_code
    assert 409 == stranger.delete(f"samples/{theirs['id']}").status_code


def test_what_nothing_plays_is_deleted_and_comes_back(server):
    """A sample in the trash is out of the list, counts on, and can be restored or purged."""
    client = newcomer(server)
    said = upload(client, encoded(tone(0.05))).json()
    path = f"samples/{said['id']}"
    assert 412 == client.delete(path, headers={"If-Match": '"7"'}).status_code
    assert 200 == client.delete(path, headers={"If-Match": '"1"'}).status_code
    listed = client.get("samples").json()
    assert (0, said["fileSize"]) == (listed["total"], listed["totalSize"])
    trash = client.get("trash").json()["samples"]
    assert [said["id"]] == [one["id"] for one in trash]
    assert 200 == client.post(f"trash/{said['id']}/restore").status_code
    assert 1 == client.get("samples").json()["total"]
    client.delete(path)
    assert 200 == client.delete(f"trash/{said['id']}").status_code
    assert 0 == client.get("samples").json()["totalSize"]


def test_the_same_sound_is_kept_once(server):
    """Two people upload one file: the disk holds its blobs once, and each their own sample."""
    content = encoded(tone(0.3, seed=77))
    first = upload(newcomer(server), content).json()
    held = files_below(server.services.blobs.folder)
    second = upload(newcomer(server), content, "Other name.wav").json()
    assert first["blob"] == second["blob"]
    assert first["id"] != second["id"]
    assert held == files_below(server.services.blobs.folder)


def test_classes_have_their_sizes_and_quotas(tmp_path):
    """Each class has a largest size and a quota of its own, which all uploads count against."""
    content = encoded(tone(0.3))
    size = len(content)
    limits = {"sample_bytes": size - 1, "recording_bytes": size, "recording_quota": 2 * size}
    with running(tmp_path, **limits) as server:
        client = newcomer(server)
        large = upload(client, content)
        assert (413, "too-large") == (large.status_code, large.json()["error"]["code"])
        for _ in range(2):
            kept = upload(client, content, **{"class": "recording"})
            assert 201 == kept.status_code, kept.text
        full = upload(client, content, **{"class": "recording"})
        assert (413, "quota") == (full.status_code, full.json()["error"]["code"])
        announced = {"name": "x", "size": size, "class": "recording"}
        assert 413 == client.post("uploads", json=announced).status_code
        original = upload(client, content, **{"class": "original"})
        assert 201 == original.status_code
        unknown = upload(client, content, **{"class": "stem"})
        assert (400, "class") == (unknown.status_code, unknown.json()["error"]["field"])
        assert [] == files_below(tmp_path / "data" / "uploads")


def test_uploads_an_hour_have_a_limit(server):
    """The twenty-first upload of an hour is refused; a little later it is taken."""
    client = newcomer(server)
    for _ in range(20):
        assert 400 == upload(client, b"").status_code
    refused = upload(client, encoded(tone(0.05)))
    assert 429 == refused.status_code
    server.clock.forward(seconds=int(refused.headers["Retry-After"]))
    assert 201 == upload(client, encoded(tone(0.05))).status_code


def test_nobody_uploads_without_signing_in(server):
    """A visitor is told to sign in, also with bytes on their way; nothing stays on disk."""
    answer = upload(server.client(), encoded(tone(2.0)))
    assert (401, "unauthenticated") == (answer.status_code, answer.json()["error"]["code"])
    assert [] == files_below(server.services.upload_files.folder)


def test_a_long_sound_has_a_coarser_outline(server):
    """Peaks stay a few hundred kilobytes for hours of sound: here by a sound of four minutes."""
    client = newcomer(server)
    file = io.BytesIO()
    soundfile.write(file, np.zeros(250 * 8000), 8000, format="FLAC")
    said = upload(client, file.getvalue(), "long.flac")
    assert 201 == said.status_code, said.text
    peaks = json.loads(client.get(f"samples/{said.json()['id']}/peaks").content)
    assert (50.0, 12_500) == (peaks["perSecond"], len(peaks["low"]))
