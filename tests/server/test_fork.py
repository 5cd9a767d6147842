from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from cellissimo.notation.song_file import print_song
from cellissimo.schema.models import Song
from tests.server.running import Running, hash_of, running
from tests.server.test_loops import EXAMPLE
from tests.server.test_shares import placed, wav


@pytest.fixture
def public(server: Running) -> dict[str, Any]:
    """A fresh public loop of Alice's."""
    fields = {"isPublic": True, "licence": "CC BY 4.0", "tags": ["a"]}
    return server.as_("alice").post("loops", json={**EXAMPLE, **fields}).json()


def test_a_fork_knows_its_source(server: Running, public: dict) -> None:
    """The copy is mine and private, with its lineage and licence; the source counts it."""
    bob = server.as_("bob")
    answer = bob.post(f"loops/{public['id']}/fork")
    assert answer.status_code == 201, answer.text
    fork = answer.json()
    assert fork["forkedFrom"] == public["id"]
    assert fork["role"] == "owner"
    assert fork["visibility"] == "private"
    assert (fork["licence"], fork["tags"]) == ("CC BY 4.0", ["a"])
    assert {name: fork[name] for name in EXAMPLE} == EXAMPLE
    assert bob.get(f"loops/{public['id']}").json()["forkCount"] == 1
    told = server.as_("alice").get("notifications").json()["notifications"]
    assert ("fork", public["id"]) in {(one["kind"], one["pieceId"]) for one in told}


def test_a_fork_is_no_window_to_its_source(server: Running, public: dict) -> None:
    """The copy has no history of before, and goes its own way."""
    alice, bob = server.as_("alice"), server.as_("bob")
    alice.patch(f"loops/{public['id']}", json={"name": "Secret draft"})
    alice.patch(f"loops/{public['id']}", json={"name": "Final"})
    fork = bob.post(f"loops/{public['id']}/fork").json()
    assert fork["seq"] == 1
    content = server.run(server.services.documents.encoded(fork["id"])).value
    assert b"Secret draft" not in content
    bob.patch(f"loops/{fork['id']}", json={"name": "Mine"})
    assert alice.get(f"loops/{public['id']}").json()["name"] == "Final"
    alice.delete(f"loops/{public['id']}")
    assert bob.get(f"loops/{fork['id']}").status_code == 200


def test_a_private_piece_is_not_forked(server: Running) -> None:
    """A stranger does not find it; a viewer may not; a contributor may."""
    alice, bob = server.as_("alice"), server.as_("bob")
    bob.get("users/me")
    made = alice.post("projects", json={"name": "P"}).json()["id"]
    assert bob.post(f"projects/{made}/fork").status_code == 404
    body = {"username": "bob", "role": "viewer"}
    row = alice.post(f"projects/{made}/collaborators", json=body).json()
    assert bob.post(f"projects/{made}/fork").status_code == 403
    change = {"role": "contributor"}
    alice.patch(f"projects/{made}/collaborators/{row['userId']}", json=change)
    assert bob.post(f"projects/{made}/fork").json()["forkedFrom"] == made


def test_a_link_with_the_right_lets_guests_fork(server: Running) -> None:
    """Without the right nobody forks; with it a guest keeps the copy."""
    alice = server.as_("alice")
    made = alice.post("loops", json=EXAMPLE).json()["id"]
    listen = alice.post(f"loops/{made}/share", json={}).json()["shareToken"]
    forkable = alice.post(f"loops/{made}/share", json={"rights": ["fork"]}).json()["shareToken"]
    visitor = server.client()
    assert visitor.post(f"shared/{forkable}/fork").status_code == 401
    token = visitor.post("guests", json={"displayName": "Gast"}).json()["token"]
    guest = server.client(f"Bearer {token}")
    assert guest.post(f"shared/{listen}/fork").status_code == 403
    fork = guest.post(f"shared/{forkable}/fork")
    assert fork.status_code == 201, fork.text
    assert fork.json()["role"] == "owner"
    assert fork.json()["forkedFrom"] == made
    assert guest.get(f"loops/{fork.json()['id']}").status_code == 200


def test_a_licence_may_forbid_changed_copies(server: Running) -> None:
    """No derivatives means no forks, but for the owner."""
    alice = server.as_("alice")
    fields = {**EXAMPLE, "isPublic": True, "licence": "CC BY-ND 4.0"}
    made = alice.post("loops", json=fields).json()["id"]
    refused = server.as_("bob").post(f"loops/{made}/fork")
    assert refused.status_code == 403
    assert refused.json()["error"]["field"] == "licence"
    assert alice.post(f"loops/{made}/fork").status_code == 201


def test_the_quota_counts_in_the_same_transaction(server: Running, tmp_path_factory: Any) -> None:
    """Twenty at once where five fit: five are kept."""
    with running(tmp_path_factory.mktemp("quota"), loop_quota=5) as small:
        client = small.as_("zoe")
        client.get("users/me")
        sent = {"name": "L", "length": 1}
        with ThreadPoolExecutor(8) as pool:
            codes = list(pool.map(lambda _: client.post("loops", json=sent).status_code, range(20)))
        assert sorted(codes) == [201] * 5 + [413] * 15
        first = client.get("loops").json()["loops"][0]["id"]
        refused = client.post(f"loops/{first}/fork")
        assert refused.status_code == 413
        assert refused.json()["error"]["code"] == "quota"
        client.delete(f"loops/{first}")
        assert client.post("loops", json=sent).status_code == 413, "the trash counts"
        client.delete(f"trash/{first}")
        assert client.post("loops", json=sent).status_code == 201


def test_naming_somebody_elses_audio_gives_no_right_to_it(server: Running) -> None:
    """A song text may name any blob; neither the project nor its fork may read it for that."""
    alice, mallory = server.as_("alice"), server.as_("mallory")
    content = wav()
    name = hash_of(content)
    project = alice.post("projects", json={"name": "Audio"}).json()["id"]
    kind = {"Content-Type": "audio/wav"}
    assert alice.put(f"projects/{project}/blobs/{name}", content=content, headers=kind).is_success
    text = placed(mallory_song(), name, (len(content) - 44) // 3)
    made = mallory.post("projects", json={"name": "Mine", "song": text})
    assert made.status_code == 201, made.text
    fork = mallory.post(f"projects/{made.json()['id']}/fork").json()
    for piece in (made.json(), fork):
        assert mallory.get(f"projects/{piece['id']}/blobs/{name}").status_code == 404


def mallory_song() -> str:
    """An empty song."""
    return print_song(Song("local-1", "Mine"))


def test_a_public_fork_does_not_tell_where_an_unlisted_source_is(server: Running) -> None:
    """Who has the fork knows its source; everybody else only where the source is public."""
    alice, bob, visitor = server.as_("alice"), server.as_("bob"), server.client()
    made = alice.post("loops", json={**EXAMPLE, "visibility": "unlisted"}).json()["id"]
    token = alice.post(f"loops/{made}/share", json={"rights": ["fork"]}).json()["shareToken"]
    fork = bob.post(f"shared/{token}/fork").json()["id"]
    bob.patch(f"loops/{fork}", json={"isPublic": True})
    assert bob.get(f"loops/{fork}").json()["forkedFrom"] == made
    assert visitor.get(f"loops/{fork}").json()["forkedFrom"] is None
    listed = visitor.get("loops", params={"public": "true", "limit": 100})
    assert made not in listed.text
    again = bob.post(f"loops/{fork}/share", json={}).json()["shareToken"]
    assert made not in visitor.get(f"shared/{again}").text
    alice.patch(f"loops/{made}", json={"isPublic": True})
    assert visitor.get(f"loops/{fork}").json()["forkedFrom"] == made
