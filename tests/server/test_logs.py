from __future__ import annotations

import json
import logging
import re

import pytest

from cellissimo_server.commands import profiles
from cellissimo_server.web.scrub import scrubbed
from tests.server.child import child
from tests.server.running import Running

TITLE = "PlantedTitle"
WORDS = "PlantedWords"


def busy(client: object) -> list[str]:
    """Work of many kinds; gives the secrets that were in it."""
    made = client.post("projects", json={"name": TITLE, "description": WORDS}).json()["id"]
    client.patch(f"projects/{made}", json={"name": f"{TITLE} again"})
    client.post(f"projects/{made}/stems", json={"name": TITLE})
    share = client.post(f"projects/{made}/share", json={"expiresIn": None}).json()["shareToken"]
    token = client.post("tokens", json={"name": TITLE}).json()["token"]
    client.get(f"shared/{share}")
    client.get(f"shared/{share}/nothing")
    client.get(f"shared/{share}?q={TITLE}", headers={"Referer": f"http://x/cellissimo/s/{share}"})
    client.get(f"/cellissimo/s/{share}")
    client.get(f"/cellissimo/nothing/{share}")
    client.get(f"projects?q={TITLE}")
    client.get(f"projects/{made}", headers={"Authorization": f"Bearer {token}x"})
    client.get(f"shared/{share}", headers={"Origin": "http://elsewhere.example"})
    client.post("projects", json={"name": TITLE, "tempo": WORDS})
    client.post("projects", content=f"{{{WORDS}")
    client.get(f"/nothing?token={token}", headers={"Referer": f"http://x/cellissimo/s/{share}"})
    return [TITLE, WORDS, share, token]


def lines_of(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Everything that the server's process logged; the test's own client is none of it."""
    ours = [record for record in caplog.records if not record.name.startswith("http")]
    return [f"{record.name} {record.getMessage()} {vars(record)}" for record in ours]


def test_no_log_has_a_secret(server: Running, caplog: pytest.LogCaptureFixture) -> None:
    """Titles, texts, links and tokens of a busy session are in no line, refused requests too."""
    server.app.log.setLevel(logging.DEBUG)
    try:
        with caplog.at_level(logging.DEBUG):
            secrets = busy(server.as_("ann"))
    finally:
        server.app.log.setLevel(logging.ERROR)
    said = lines_of(caplog)
    assert [line for line in said if "'route': 'projects'" in line]
    assert [line for line in said for secret in secrets if secret in line] == []


def test_a_fault_tells_where_but_not_what(
    server: Running, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error of ours names its kind and its places; its words may hold somebody's text."""

    async def broken(*_: object) -> None:
        raise RuntimeError(TITLE)

    monkeypatch.setattr(profiles, "my_profile", broken)
    with caplog.at_level(logging.DEBUG):
        answer = server.as_("ann").get("users/me")
    assert answer.status_code == 500
    assert TITLE not in answer.text
    said = lines_of(caplog)
    assert [line for line in said if "RuntimeError" in line]
    assert [line for line in said if TITLE in line] == []


def test_json_lines(tmp_path) -> None:
    """Each line of ours is one object with route, status, time and who."""
    with child(tmp_path, log_format="json", database_url="memory:") as server:
        with server.client() as client:
            secrets = busy(client)
        server.stop()
        lines = [json.loads(line) for line in server.said if line.startswith('{"at"')]
        requests = [line for line in lines if line["event"] == "request"]
        everything = "".join(server.said)
    made = next(one for one in requests if one["method"] == "POST" and one["route"] == "projects")
    assert made["status"] == 201
    assert made["ms"] > 0
    assert re.fullmatch(r"[0-9a-f-]{36}", made["user"])
    assert [secret for secret in secrets if secret in everything] == []


@pytest.mark.parametrize(
    ("words", "clean"),
    [
        ("GET /cellissimo/s/AbcdefghijklmnopqrstuvwxyZ012345 x", "GET /cellissimo/s/… x"),
        (
            "GET /a/cellissimo/api/v1/shared/AbcdefghijklmnopqrstuvwxyZ012345/blobs?x=1",
            "GET /a/cellissimo/api/v1/shared/…/blobs",
        ),
        (
            "/cellissimo/api/v1/projects/00000000-0000-4000-8000-000000000000",
            "/cellissimo/api/v1/projects/00000000-0000-4000-8000-000000000000",
        ),
        ("Bearer cel_abc-DEF_1", "Bearer cel_…"),
        ("GET /lab/tree/cellissimo.ipynb?reset", "GET /lab/tree/cellissimo.ipynb?reset"),
    ],
)
def test_an_address_in_a_log_names_no_link(words: str, clean: str) -> None:
    """Tokens and queries go, ids that are no secrets stay, addresses of others too."""
    assert clean == scrubbed(words)
