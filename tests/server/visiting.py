"""Whoever visits public pages, and what Ada shows them."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import httpx2

from tests.server.running import Running

BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36"


class Head(HTMLParser):
    """The meta tags of a page by name or property, and its title."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.metas: dict[str, str] = {}
        self.links: dict[str, str] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what a meta or link tag says."""
        given = {name: value or "" for name, value in attrs}
        if tag == "meta":
            name = given.get("property") or given.get("name", "")
            self.metas[name] = given.get("content", "")
        if tag == "link":
            self.links[given.get("type") or given["rel"]] = given["href"]


def visitor(server: Running, **headers: str) -> httpx2.Client:
    """Give a client of pages who has no account."""
    client = server.client(**{"User-Agent": BROWSER} | headers)
    client.base_url = f"{server.url}cellissimo/"
    return client


def a_loop(server: Running, name: str = "First light", **more: object) -> str:
    """Give the id of a public loop of Ada's."""
    body = {
        "name": name,
        "length": 4,
        "tempo": 96,
        "chordProgression": [{"bar": bar, "chord": "C"} for bar in (0, 4, 8, 12)],
        "iconSequence": [{"step": 0, "soundId": "drum-kick", "velocity": 1.0}],
        "isPublic": True,
    }
    answer = server.as_("ada").post("loops", json=body | more)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def a_link(server: Running, piece: str, **wanted: object) -> tuple[str, str]:
    """Give the token and the id of a link to a loop of Ada's."""
    answer = server.as_("ada").post(f"loops/{piece}/share", json=wanted)
    assert answer.status_code in (200, 201), answer.text
    return str(answer.json()["shareToken"]), str(answer.json()["id"])


def facts_of(page: str) -> dict[str, object]:
    """Give what the page tells its script."""
    found = re.search(r'<script type="application/json" id="cellissimo-facts">(.*?)</script>', page)
    assert found
    return json.loads(found[1])
