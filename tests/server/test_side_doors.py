"""What the policy closes is closed at every door: pages, jobs, offers, links, names, metrics."""

from __future__ import annotations

import http.client
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import REGISTRY

from cellissimo.notation.song_file import print_song
from cellissimo.schema import models
from cellissimo_server.access.link_uses import EVERY_MS, LinkUses
from cellissimo_server.commands import housekeeping
from cellissimo_server.store.errors import StoreError
from cellissimo_server.web.multipart import Form
from tests.server.pieces import SONG, Replica, made
from tests.server.running import Running, running
from tests.server.sounds import canonical, name_of, newcomer, upload
from tests.server.visiting import visitor


def with_audio(name: str, frames: int = 4800) -> models.Song:
    """A song that plays the audio of that name."""
    part = models.Segment("x", "t", "audio", 7680, 960, blob=name, frames=frames)
    return replace(SONG, segments={**SONG.segments, "x": part})


def test_naming_audio_of_others_opens_it_on_no_page(server: Running) -> None:
    """A public song that names a private recording of somebody else does not let it be heard."""
    content = canonical(0.1, seed=71)
    assert upload(newcomer(server), content).status_code == 201
    piece = made(newcomer(server), with_audio(name_of(content)), visibility="public")
    for file in ("blobs", "outlines"):
        assert visitor(server).get(f"p/{piece}/{file}/{name_of(content)}").status_code == 404
    project = f"{server.url}cellissimo/api/v1/projects/{piece}/blobs/{name_of(content)}"
    assert visitor(server).get(project).status_code == 404


def test_an_edit_lends_no_audio_that_somebody_else_has_named(server: Running) -> None:
    """A member names a private recording of the owner; the owner's next edit does not open it."""
    owner, member = newcomer(server), server.as_("member-who-names")
    content = canonical(0.1, seed=72)
    assert upload(owner, content).status_code == 201
    piece = made(owner)
    assert member.get("users/me").status_code == 200
    there = {"username": "member-who-names", "role": "contributor"}
    assert owner.post(f"projects/{piece}/collaborators", json=there).status_code == 201
    named = print_song(with_audio(name_of(content)))
    assert member.put(f"projects/{piece}/song", content=named).status_code == 200
    assert owner.patch(f"projects/{piece}", json={"tempo": 133}).status_code == 200
    blob = f"projects/{piece}/blobs/{name_of(content)}"
    assert member.get(blob).status_code == 404
    without = print_song(SONG)
    assert owner.put(f"projects/{piece}/song", content=without).status_code == 200
    assert owner.put(f"projects/{piece}/song", content=named).status_code == 200
    assert member.get(blob).status_code == 200


def test_a_job_asks_the_policy_when_it_begins(server: Running) -> None:
    """Who lost a piece does not get it as it is now by having an old job done again."""
    owner, member = server.as_("owner-of-jobs"), server.as_("former-member")
    me = member.get("users/me").json()
    piece = made(owner)
    there = {"username": "former-member", "role": "contributor"}
    assert owner.post(f"projects/{piece}/collaborators", json=there).status_code == 201
    server.run(_stopped(server))
    job = member.post(f"projects/{piece}/bundle").json()["id"]
    assert member.post(f"jobs/{job}/cancel").status_code == 200
    assert owner.delete(f"projects/{piece}/collaborators/{me['id']}").status_code == 200
    assert member.post(f"jobs/{job}/retry").status_code == 202
    server.run(server.services.jobs.start())
    over = server.run(server.services.jobs.result(job))
    assert over.state == "failed"
    assert '"not-found"' in (over.error or "")
    assert member.get(f"jobs/{job}/file").status_code == 404


async def _stopped(server: Running) -> None:
    await server.services.jobs.stop()


def test_an_offer_tells_nothing_of_what_became_private(server: Running) -> None:
    """Who offered a fork sees no more of its source than they may read; they may withdraw."""
    owner, maker = newcomer(server), newcomer(server)
    source = made(owner, visibility="public")
    fork = maker.post(f"projects/{source}/fork").json()["id"]
    offer = maker.post(f"projects/{fork}/offers", json={"message": ""}).json()["id"]
    assert owner.patch(f"projects/{source}", json={"visibility": "private"}).status_code == 200
    replica = Replica(owner, source)
    secret = replica.edit(lambda write: write.put(models.Stem("z", "Secret solo", order="Z")))
    assert replica.send(secret).status_code == 200
    look = maker.get(f"offers/{offer}")
    assert look.status_code == 404
    assert "Secret" not in look.text
    assert owner.get(f"offers/{offer}").status_code == 200
    assert maker.post(f"offers/{offer}/withdraw", json={}).status_code == 200


def test_links_of_a_member_end_with_their_account(server: Running) -> None:
    """What somebody gave to others as a member ends when they delete their account."""
    owner, member = newcomer(server), server.as_("member-who-leaves")
    assert member.get("users/me").status_code == 200
    piece = made(owner)
    there = {"username": "member-who-leaves", "role": "viewer", "canInviteOthers": True}
    assert owner.post(f"projects/{piece}/collaborators", json=there).status_code == 201
    token = member.post(f"projects/{piece}/share", json={}).json()["shareToken"]
    assert server.client().get(f"shared/{token}").status_code == 200
    gone = member.request("DELETE", "users/me", json={"confirm": "member-who-leaves"})
    assert gone.status_code == 200
    assert server.client().get(f"shared/{token}").status_code == 404


def test_strangers_are_not_told_who_works_on_a_piece(server: Running) -> None:
    """Who may not list the members does not learn their names from stems and segments."""
    owner = server.as_("owner-of-stems")
    piece = made(owner, visibility="public")
    fresh = owner.post(f"projects/{piece}/stems", json={"name": "New"}).json()
    assert fresh["lastModifiedBy"] == "owner-of-stems"
    for client in (server.client(), newcomer(server)):
        told = client.get(f"projects/{piece}/stems").text + client.get(f"stems/{fresh['id']}").text
        told += client.get("segments/g").text + client.get(f"projects/{piece}/segments/g").text
        assert "owner-of-stems" not in told


def test_methods_that_nobody_knows_are_one_figure(server: Running) -> None:
    """Whoever invents methods fills no memory: they are counted together."""
    host = server.url.removeprefix("http://").partition("/")[0]
    for number in range(3):
        line = http.client.HTTPConnection(host)
        line.request(f"MADE{number}", "/cellissimo/api/v1/about")
        assert line.getresponse().status == 405
        line.close()
    named = {
        sample.labels.get("method", "") for one in REGISTRY.collect() for sample in one.samples
    }
    assert not {name for name in named if name.startswith("MADE")}


def test_audio_for_which_there_is_no_room_is_not_kept(tmp_path: Path) -> None:
    """A refused recording does not lie on the disk until the collector comes."""
    with running(tmp_path, recording_quota=1000) as server:
        client = newcomer(server)
        piece, content = made(client), canonical(0.3)
        path = f"projects/{piece}/blobs/{name_of(content)}"
        answer = client.put(path, content=content, headers={"Content-Type": "audio/wav"})
        assert answer.json()["error"]["code"] == "quota"
        assert not server.run(server.services.blobs.has(name_of(content)))


@pytest.mark.parametrize("address", ["http://[", "http://[x]/cellissimo/s/a", "//["])
def test_addresses_that_do_not_read_are_no_fault_of_the_server(
    server: Running, address: str
) -> None:
    """What is no address is unknown to oEmbed, and no origin of ours."""
    assert visitor(server).get("oembed", params={"url": address}).status_code == 404
    guest = server.client().post("guests", json={})
    cookie = guest.headers["Set-Cookie"].partition(";")[0]
    foreign = server.client(Cookie=cookie, Origin=address)
    assert foreign.patch("users/me", json={"bio": "x"}).status_code == 403


def test_an_upload_asks_again_when_it_is_complete(server: Running) -> None:
    """Who was removed meanwhile adds nothing to the project that they named at the beginning."""
    owner, member = newcomer(server), server.as_("slow-sender")
    me, content = member.get("users/me").json(), canonical(0.1, seed=72)
    piece = made(owner)
    there = {"username": "slow-sender", "role": "contributor"}
    assert owner.post(f"projects/{piece}/collaborators", json=there).status_code == 201
    wanted = {"name": "a.wav", "size": len(content), "class": "sample", "projectId": piece}
    sent = member.post("uploads", json=wanted).json()["id"]
    kind = {"Content-Type": "application/octet-stream", "Upload-Offset": "0"}
    assert member.patch(f"uploads/{sent}", content=content, headers=kind).status_code == 200
    assert owner.delete(f"projects/{piece}/collaborators/{me['id']}").status_code == 200
    assert member.post(f"uploads/{sent}/complete", json={}).status_code == 404


def test_very_deep_json_is_refused_in_words(server: Running) -> None:
    """Deep nesting with a sign that cannot be kept is a mistake of the request, not of ours."""
    client: Any = newcomer(server)
    for depth in (200, 900, 5000, 50_000):
        body = '{"name": "a\\u0000", "song": ' + "[" * depth + "]" * depth + "}"
        answer = client.post("projects", content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == 400, (depth, answer.text)


def test_a_name_may_come_in_any_pieces(server: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sign of several bytes that a network cuts in two arrives as it was sent."""
    feed = Form.feed

    def byte_by_byte(self: Form, chunk: bytes) -> Any:
        for place in range(len(chunk)):
            yield from feed(self, chunk[place : place + 1])

    monkeypatch.setattr(Form, "feed", byte_by_byte)
    answer = upload(newcomer(server), canonical(0.02), name="x.wav", tags="Küche,🎵")
    assert answer.status_code == 201, answer.text
    assert answer.json()["tags"] == ["Küche", "🎵"]


def test_a_chore_that_fails_does_not_end_the_others(
    server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever goes wrong with one, the rest is done, and so is the next hour's."""
    done: list[str] = []

    async def failing(_: Any) -> None:
        raise OSError("the disk was taken away")

    async def working(_: Any) -> None:
        done.append("done")

    monkeypatch.setattr(housekeeping, "CHORES", (failing, working))
    server.run(housekeeping.keep_house(server.services))
    assert done == ["done"]


def test_a_use_that_cannot_be_written_is_counted_later(server: Running) -> None:
    """A full disk refuses no reader of a link, and loses no use of it."""
    written: list[int] = []

    class Full:
        async def write(self, _: Any) -> None:
            raise StoreError("the disk is full", cure="make room")

    class Empty:
        async def write(self, _: Any) -> None:
            written.append(1)

    uses = LinkUses(Full())
    server.run(uses.note("link", 0))
    server.run(uses.note("link", EVERY_MS))
    uses._database = Empty()
    server.run(uses.flush())
    server.run(uses.flush())
    assert written == [1]


def test_an_offer_that_is_not_taken_lends_nothing(server: Running) -> None:
    """Recordings come with the edit that takes them, or not at all."""
    owner, maker = newcomer(server), newcomer(server)
    content = canonical(0.1, seed=73)
    assert upload(maker, content).status_code == 201
    source = made(owner, visibility="public")
    fork = maker.post(f"projects/{source}/fork").json()["id"]
    text = print_song(with_audio(name_of(content)))
    assert maker.put(f"projects/{fork}/song", content=text).status_code == 200
    offer = maker.post(f"projects/{fork}/offers", json={"message": ""}).json()["id"]
    blob = f"projects/{source}/blobs/{name_of(content)}"
    assert owner.post(f"offers/{offer}/accept", json={"bars": [[900, 1]]}).status_code == 400
    assert owner.get(blob).status_code == 404
    assert owner.post(f"offers/{offer}/accept", json={}).status_code == 200
    assert owner.get(blob).status_code == 200
