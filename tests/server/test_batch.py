from __future__ import annotations

from typing import Any

import pytest

from tests.server.running import Running, running
from tests.server.test_loops import EXAMPLE


def batch(client: Any, *requests: tuple[Any, ...]) -> list[dict[str, Any]]:
    """The answers to requests of method, path, body and ETag."""
    names = ("method", "path", "body", "ifMatch")
    body = {"requests": [dict(zip(names, one, strict=False)) for one in requests]}
    answer = client.post("batch", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()["responses"]


def test_each_request_has_its_own_answer(server: Running) -> None:
    """A refused request does not stop the others; ETags come as they would alone."""
    alice = server.as_("alice")
    made, wrong, listed, missing, none = batch(
        alice,
        ("POST", "loops", {**EXAMPLE}),
        ("POST", "loops", {"name": "", "length": 3}),
        ("GET", "/loops?limit=1"),
        ("GET", "loops/nothing"),
        ("DELETE", "loops"),
    )
    assert (made["status"], made["body"]["name"]) == (201, "My Loop")
    assert made["etag"] == f'"{made["body"]["rev"]}"'
    assert wrong["status"] == 400
    assert wrong["body"]["error"]["field"]
    assert listed["body"]["loops"][0]["id"] == made["body"]["id"]
    assert (missing["status"], missing["body"]["error"]["code"]) == (404, "not-found")
    assert none["status"] == 405


def test_each_request_has_its_own_rights(server: Running) -> None:
    """Nothing is allowed in a batch that is not allowed alone."""
    secret = server.as_("alice").post("projects", json={"name": "P"}).json()
    address = f"projects/{secret['id']}"
    answers = batch(
        server.as_("bob"),
        ("GET", address),
        ("PATCH", address, {"name": "Mine"}),
        ("GET", "users/me"),
        ("GET", "admin/usage"),
    )
    assert [one["status"] for one in answers] == [404, 404, 200, 403]
    assert answers[2]["body"]["username"] == "bob"
    assert server.client().post("batch", json={"requests": []}).status_code in {400, 401}


def test_requests_see_what_those_before_them_did(server: Running) -> None:
    """They run in their order; an ETag that is out of date is refused there too."""
    alice = server.as_("alice")
    made = alice.post("projects", json={"name": "P"}).json()
    address, match = f"projects/{made['id']}", f'"{made["rev"]}"'
    first, second, read = batch(
        alice,
        ("PATCH", address, {"name": "One"}, match),
        ("PATCH", address, {"name": "Two"}, match),
        ("GET", f"{address}?fields=name"),
    )
    assert [first["status"], second["status"]] == [200, 412]
    assert second["body"]["error"]["theirs"]["name"] == "One"
    assert read["body"] == {"name": "One"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "batch"),
        ("POST", "samples/upload"),
        ("GET", "events"),
        ("GET", "openapi.json"),
        ("GET", "shared/x/document"),
        ("GET", "shared/x/song"),
    ],
)
def test_what_a_batch_does_not_take(server: Running, method: str, path: str) -> None:
    """No batch in a batch, no files, no streams: then nothing of it is done."""
    alice = server.as_("alice")
    before = alice.get("projects").json()["total"]
    requests = [
        {"method": "POST", "path": "projects", "body": {"name": "Never"}},
        {"method": method, "path": path},
    ]
    answer = alice.post("batch", json={"requests": requests})
    assert answer.status_code == 400
    assert answer.json()["error"]["field"] == "requests[1].path"
    assert alice.get("projects").json()["total"] == before


@pytest.mark.parametrize("path", ["../../../api/contents", "../settings", "//etc", "x y", "a%2f.."])
def test_a_batch_stays_inside_the_interface(server: Running, path: str) -> None:
    """No path leads out of it."""
    body = {"requests": [{"method": "GET", "path": path}]}
    answer = server.as_("alice").post("batch", json=body)
    if answer.status_code == 200:
        assert answer.json()["responses"][0]["status"] == 404
    else:
        assert answer.status_code == 400


def test_a_batch_counts_as_one_write(tmp_path: Any) -> None:
    """Two batches of thirty changes cost two of the hour's writes; fifty-one are too many."""
    with running(tmp_path, writes_per_hour=3) as small:
        zoe = small.as_("zoe")
        thirty = [("POST", "projects", {"name": f"P{number}"}) for number in range(30)]
        assert {one["status"] for one in batch(zoe, *thirty)} == {201}
        assert {one["status"] for one in batch(zoe, *thirty)} == {201}
        assert zoe.post("projects", json={"name": "third"}).status_code == 201
        assert zoe.post("projects", json={"name": "fourth"}).status_code == 429
        many = {"requests": [{"method": "GET", "path": "about"}] * 51}
        small.clock.forward(hours=1)
        assert zoe.post("batch", json=many).status_code == 400


def test_a_token_that_only_reads_changes_nothing_in_a_batch(server: Running) -> None:
    """A batch is a write: a token without that scope is refused before anything is done."""
    alice = server.as_("alice")
    made = alice.post("tokens", json={"name": "t", "scopes": ["read"]}).json()["token"]
    answer = server.client(f"Bearer {made}").post(
        "batch", json={"requests": [{"method": "POST", "path": "projects", "body": {"name": "P"}}]}
    )
    assert answer.status_code == 403


def test_a_plain_servers_page_needs_its_proof(tmp_path: Any) -> None:
    """With a login cookie alone, without the proof against forged requests, nothing is done."""
    with running(tmp_path, many=False) as plain:
        login = plain.client().get(f"{plain.url}?token=plain", follow_redirects=True)
        assert login.status_code in {200, 404}
        body = {"requests": [{"method": "POST", "path": "projects", "body": {"name": "P"}}]}
        cookies = {c.name: c.value for c in plain._clients[0].cookies.jar}
        forged = plain.client(Cookie="; ".join(f"{k}={v}" for k, v in cookies.items()))
        assert forged.post("batch", json=body).status_code == 403
        proof = plain.client(
            Cookie="; ".join(f"{k}={v}" for k, v in cookies.items()),
            **{"X-XSRFToken": cookies["_xsrf"]},
        )
        answer = proof.post("batch", json=body)
        assert answer.status_code == 200, answer.text
        assert answer.json()["responses"][0]["status"] == 201
