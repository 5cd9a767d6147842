from __future__ import annotations

import base64
import io
import wave
from dataclasses import replace
from typing import Any

import pytest

import cellissimo as cm
from cellissimo.crdt.document import Document
from cellissimo.notation.song_file import print_song
from cellissimo.notation.song_file_parser import parse_song
from cellissimo.schema.models import Segment, Stem
from tests.server.running import Running, hash_of
from tests.server.test_loops import EXAMPLE


@pytest.fixture
def loop(server: Running) -> str:
    """The id of a fresh private loop of Alice's, who has chosen a name."""
    return server.as_("alice").post("loops", json=EXAMPLE).json()["id"]


def shared(server: Running, loop: str, **fields: Any) -> dict[str, Any]:
    """A link that Alice has made."""
    answer = server.as_("alice").post(f"loops/{loop}/share", json=fields)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_link_opens_a_loop_without_login(server: Running, loop: str) -> None:
    """Whoever has it gets the music, its text and runnable code, and no private thing."""
    link = shared(server, loop, expiresIn=None)
    assert link["expiresAt"] is None
    assert link["shareUrl"] == f"{server.url}cellissimo/s/{link['shareToken']}"
    assert link["rights"] == ["listen"]
    answer = server.client().get(f"shared/{link['shareToken']}")
    opened = answer.json()
    assert opened["type"] == "loop"
    assert opened["owner"] == {"displayName": "Alice", "avatarUrl": None}
    assert opened["data"]["chordProgression"] == EXAMPLE["chordProgression"]
    assert opened["data"]["iconSequence"] == EXAMPLE["iconSequence"]
    assert parse_song(opened["document"]).loops[loop].chords == {0: "C", 4: "G", 8: "Am", 12: "F"}
    assert opened["digest"] == opened["data"]["digest"]
    me = server.as_("alice").get("users/me").json()
    for private in (me["id"], '"alice"', str(server.services.settings.data), link["id"]):
        assert private not in answer.text


def test_the_code_of_a_link_makes_the_same_loop(server: Running, loop: str) -> None:
    """The Python that comes along runs, and says the same music."""
    link = shared(server, loop)
    opened = server.client().get(f"shared/{link['shareToken']}").json()
    names: dict[str, Any] = {"cm": cm}
    exec(compile(opened["code"], "shared", "exec"), names)
    made = names["loop"].model
    sent = parse_song(opened["document"]).loops[loop]
    assert (made.chords, made.bars, made.steps_per_bar) == (
        sent.chords,
        sent.bars,
        sent.steps_per_bar,
    )
    assert len(made.steps) == len(sent.steps)


def test_a_login_name_is_not_shown_where_no_other_was_chosen(server: Running) -> None:
    """The account's name stays private: a link shows a chosen name or none."""
    ivan = server.as_("ivan")
    made = ivan.post("loops", json=EXAMPLE).json()["id"]
    ivan.patch("users/me", json={"displayName": "ivan"})
    token = ivan.post(f"loops/{made}/share", json={}).json()["shareToken"]
    text = server.client().get(f"shared/{token}").text
    assert "ivan" not in text
    assert '"displayName": "Somebody"' in text


def test_revoked_expired_trashed_and_unknown_links_look_the_same(
    server: Running, loop: str
) -> None:
    """A link that was just used ends at once; nobody learns why."""
    visitor, alice = server.client(), server.as_("alice")
    unknown = visitor.get("shared/nothing")
    assert unknown.status_code == 404

    def dead(link: dict[str, Any]) -> None:
        answer = visitor.get(f"shared/{link['shareToken']}")
        assert (answer.status_code, answer.json()) == (404, unknown.json())

    revoked, short, kept = (
        shared(server, loop),
        shared(server, loop, expiresIn=1),
        shared(server, loop),
    )
    for link in (revoked, short, kept):
        assert visitor.get(f"shared/{link['shareToken']}").status_code == 200
    assert alice.delete(f"shares/{revoked['id']}").json() == {"success": True}
    dead(revoked)
    server.clock.forward(days=1, seconds=-1)
    assert visitor.get(f"shared/{short['shareToken']}").status_code == 200
    server.clock.forward(seconds=1)
    dead(short)
    alice.delete(f"loops/{loop}")
    dead(kept)
    alice.post(f"trash/{loop}/restore", json={})
    assert visitor.get(f"shared/{kept['shareToken']}").status_code == 200
    dead(revoked)


def test_look_ups_are_kept_for_an_hour(server: Running, loop: str) -> None:
    """Within the hour the database is not asked for the link again; changes are seen at once."""
    link, visitor = shared(server, loop), server.client()
    assert visitor.get(f"shared/{link['shareToken']}").status_code == 200
    gone = "DELETE FROM shares WHERE id = ?"
    server.run(server.services.database.write(lambda db: db.run(gone, link["id"])))
    server.clock.forward(seconds=3599)
    assert visitor.get(f"shared/{link['shareToken']}").status_code == 200
    server.clock.forward(seconds=2)
    assert visitor.get(f"shared/{link['shareToken']}").status_code == 404


def test_what_a_link_allows_can_be_changed_at_once(server: Running, loop: str) -> None:
    """Downloading needs the right, and stops with it."""
    link, visitor = shared(server, loop), server.client()
    song = f"shared/{link['shareToken']}/song"
    assert visitor.get(song).status_code == 403
    more = {"rights": ["listen", "download"]}
    changed = server.as_("alice").patch(f"shares/{link['id']}", json=more)
    assert changed.json()["rights"] == ["listen", "download"]
    text = visitor.get(song)
    assert text.status_code == 200
    assert parse_song(text.text).loops[loop].name == "My Loop"
    server.as_("alice").patch(f"shares/{link['id']}", json={"rights": ["listen"]})
    assert visitor.get(song).status_code == 403


def test_the_document_opens_as_an_update(server: Running, loop: str) -> None:
    """A player's replica starts from it, and asks later for what is missing alone."""
    link, visitor = shared(server, loop), server.client()
    address = f"shared/{link['shareToken']}/document"
    whole = visitor.get(address)
    replica = Document(update=whole.content)
    assert replica.revision.loops[loop].name == "My Loop"
    assert whole.headers["X-Cellissimo-Seq"] == "1"
    assert whole.headers["X-Cellissimo-Epoch"] == replica.epoch != ""
    state = base64.urlsafe_b64encode(replica.state).decode().rstrip("=")
    missing = visitor.get(address, params={"state": state})
    assert len(missing.content) < len(whole.content) / 4
    assert visitor.get(address, params={"state": "%%%"}).status_code == 400


def test_uses_are_counted_and_listed(server: Running, loop: str) -> None:
    """The owner sees how often and when a link was last used, and never its token again."""
    link, visitor, alice = shared(server, loop), server.client(), server.as_("alice")
    for _ in range(3):
        visitor.get(f"shared/{link['shareToken']}")
        server.clock.forward(seconds=5)
    listed = alice.get(f"loops/{loop}/shares")
    (one,) = [share for share in listed.json()["shares"] if share["id"] == link["id"]]
    assert one["uses"] == 3
    assert one["lastUsedAt"] > one["createdAt"]
    assert link["shareToken"] not in listed.text
    sql = "SELECT uses FROM shares WHERE id = ?"
    written = server.run(server.services.database.read(lambda db: db.row(int, sql, link["id"])))
    assert written == 1, "the others wait for the minute to be over"


def test_who_may_share_and_what(server: Running, loop: str) -> None:
    """A member shares where they may invite, and gives no right that they lack."""
    alice = server.as_("alice")
    for name in ("bob", "carol"):
        server.as_(name).get("users/me")
    bob = {"username": "bob", "role": "viewer", "canInviteOthers": True}
    assert alice.post(f"loops/{loop}/collaborators", json=bob).status_code == 201
    carol = {"username": "carol", "role": "contributor"}
    assert alice.post(f"loops/{loop}/collaborators", json=carol).status_code == 201
    address = f"loops/{loop}/share"
    assert server.as_("carol").post(address, json={}).status_code == 403
    assert server.as_("dave").post(address, json={}).status_code == 404
    made = server.as_("bob").post(address, json={"rights": ["comment"]})
    assert made.json()["rights"] == ["listen", "comment"]
    for right in ("download", "fork", "edit"):
        assert server.as_("bob").post(address, json={"rights": [right]}).status_code == 403
    assert server.as_("bob").get(f"loops/{loop}/shares").status_code == 403
    assert server.as_("carol").delete(f"shares/{made.json()['id']}").status_code == 403
    assert server.as_("bob").delete(f"shares/{made.json()['id']}").status_code == 200


@pytest.mark.parametrize("fields", [{"expiresIn": 0}, {"rights": []}, {"rights": ["own"]}])
def test_a_wrong_link_is_not_made(server: Running, loop: str, fields: dict) -> None:
    """Days are 1 or more, rights are some of five."""
    answer = server.as_("alice").post(f"loops/{loop}/share", json=fields)
    assert answer.status_code == 400
    assert answer.json()["error"]["field"].split(".")[0] in fields


def test_a_link_to_a_song_opens_its_timeline(server: Running) -> None:
    """Songs are shared as loops are."""
    alice = server.as_("alice")
    blocks = [{"id": "b1", "loopId": "local-1", "startBar": 0, "duration": 4}]
    song = alice.post(
        "songs",
        json={"name": "S", "loops": [{"id": "local-1", **EXAMPLE}], "timeline": blocks},
    ).json()
    token = alice.post(f"songs/{song['id']}/share", json={}).json()["shareToken"]
    opened = server.client().get(f"shared/{token}").json()
    assert opened["type"] == "song"
    assert opened["data"]["timeline"] == blocks
    assert "cm.song(" in opened["code"] or "cm.Song(" in opened["code"]


def test_notes_download_as_a_midi_file(server: Running, loop: str) -> None:
    """A worker writes it; the second time it is there already, until the music changes."""
    link, visitor = shared(server, loop, rights=["download"]), server.client()
    address = f"shared/{link['shareToken']}/midi"
    first = visitor.get(address)
    assert first.status_code == 200, first.text
    assert first.headers["Content-Type"] == "audio/midi"
    assert "My%20Loop.mid" in first.headers["Content-Disposition"]
    assert first.content[:4] == b"MThd"
    assert visitor.get(address).content == first.content
    listen = shared(server, loop)
    assert visitor.get(f"shared/{listen['shareToken']}/midi").status_code == 403


def test_audio_is_read_by_ranges_through_a_link(server: Running, tmp_path: Any) -> None:
    """Only what the piece plays, and only while the link is valid; a fork plays it too."""
    alice, visitor = server.as_("alice"), server.client()
    project = alice.post("projects", json={"name": "Audio"}).json()["id"]
    content = wav()
    name = hash_of(content)
    put = alice.put(
        f"projects/{project}/blobs/{name}", content=content, headers={"Content-Type": "audio/wav"}
    )
    assert put.status_code == 201, put.text
    link = alice.post(f"projects/{project}/share", json={"rights": ["fork"]}).json()
    address = f"shared/{link['shareToken']}/blobs/{name}"
    part = visitor.get(address, headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.content) == (206, b"RIFF")
    assert visitor.get(f"shared/{link['shareToken']}/blobs/{'0' * 64}").status_code == 404
    text = alice.get(f"projects/{project}/song").text
    with_audio = placed(text, name, (len(content) - 44) // 3)
    assert alice.put(f"projects/{project}/song", content=with_audio).status_code == 200
    fork = server.as_("bob").post(f"shared/{link['shareToken']}/fork").json()["id"]
    alice.delete(f"shares/{link['id']}")
    assert visitor.get(address).status_code == 404
    alice.delete(f"projects/{project}")
    alice.delete(f"trash/{project}")
    assert server.as_("bob").get(f"projects/{fork}/blobs/{name}").content == content


def wav(frames: int = 480) -> bytes:
    """A canonical WAV file: 24 bits, 48 000 Hz, mono."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writing:
        writing.setnchannels(1)
        writing.setsampwidth(3)
        writing.setframerate(48_000)
        writing.writeframes(bytes(3 * frames))
    return file.getvalue()


def placed(text: str, blob: str, frames: int) -> str:
    """A song text with a stem on which a piece of audio stands."""
    song = parse_song(text)
    stem = Stem("11111111-1111-4111-8111-111111111111", "Voice")
    segment = Segment(
        "22222222-2222-4222-8222-222222222222", stem.id, "audio", 0, 960, blob=blob, frames=frames
    )
    return print_song(replace(song, stems={stem.id: stem}, segments={segment.id: segment}))
