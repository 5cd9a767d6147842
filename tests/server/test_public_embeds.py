"""Embeds of public pages: who may frame them, how they look, and what oEmbed tells of them."""

from __future__ import annotations

import pytest

from tests.server.running import Running
from tests.server.visiting import Head, a_loop, facts_of, visitor


def test_an_embed_is_framed_by_those_whom_its_owner_named(server: Running) -> None:
    """This server and the listed origins may frame it; what is no origin never gets in."""
    piece = a_loop(server)
    origins = ["https://Blog.example/", "http://localhost:4000"]
    changed = server.as_("ada").patch(f"loops/{piece}", json={"embedOrigins": origins})
    assert changed.status_code == 200, changed.text
    answer = visitor(server).get(f"embed/p/{piece}?theme=dark&accent=%2300ff00")
    assert answer.headers["content-security-policy"].endswith(
        "frame-ancestors 'self' http://localhost:4000 https://blog.example"
    )
    assert 'data-theme="dark"' in answer.text
    assert facts_of(answer.text)["accent"] == "#00ff00"


@pytest.mark.parametrize(
    "origin",
    [
        "http://blog.example",
        "https://blog.example/path",
        "https://blog.example; script-src *",
        "https://*.example",
        "*",
        "'self'",
        "javascript://x",
        "https://a.example https://b.example",
        "https://",
        "null",
    ],
)
def test_what_is_no_origin_is_refused(server: Running, origin: str) -> None:
    """Nothing but an origin can be named, so that nothing else can stand in the header."""
    piece = a_loop(server)
    answer = server.as_("ada").patch(f"loops/{piece}", json={"embedOrigins": [origin]})
    assert answer.status_code == 400
    assert answer.json()["error"]["field"] == "embedOrigins"
    policy = visitor(server).get(f"embed/p/{piece}").headers["content-security-policy"]
    assert policy.endswith("frame-ancestors 'self'")


@pytest.mark.parametrize("asked", ["theme=%22%3E%3Cb&accent=red;x", "accent=%2300ff00%22", ""])
def test_an_embed_takes_no_colour_that_is_none(server: Running, asked: str) -> None:
    """Whatever is no theme or colour is passed over, and never written into the page."""
    page = visitor(server).get(f"embed/p/{a_loop(server)}?{asked}").text
    assert 'data-theme="auto"' in page
    assert facts_of(page)["accent"] is None


def test_oembed_tells_how_to_frame_a_page(server: Running) -> None:
    """The answer is found from the page, is no larger than asked, and names the embed."""
    piece = a_loop(server, name='Say "hi" <now>')
    client = visitor(server)
    head = Head(client.get(f"p/{piece}").text)
    answer = client.get(head.links["application/json+oembed"] + "&maxwidth=400&maxheight=300")
    said = answer.json()
    assert (said["type"], said["version"]) == ("rich", "1.0")
    assert (said["width"], said["height"]) == (400, 300)
    assert said["title"] == 'Say "hi" <now>'
    assert f'src="{server.url}cellissimo/embed/p/{piece}"' in said["html"]
    assert 'title="Say &quot;hi&quot; &lt;now&gt;"' in said["html"]


@pytest.mark.parametrize(
    "asked", ["https://elsewhere.example/cellissimo/p/1", "", "javascript:1", "{url}lab", "{url}"]
)
def test_oembed_answers_for_pages_of_this_server_only(server: Running, asked: str) -> None:
    """An address of another site, or of no page, is not found; XML is not offered."""
    client = visitor(server)
    address = asked.format(url=server.url)
    assert client.get("oembed", params={"url": address}).status_code == 404
    assert client.get("oembed", params={"url": address, "format": "xml"}).status_code == 501
