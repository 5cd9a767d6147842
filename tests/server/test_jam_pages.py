"""The jam page over HTTP: who is let in, what its browser is told, and how it ends."""

from __future__ import annotations

import re

import pytest

import cellissimo as cm
from tests.server.visiting import a_link, a_loop, facts_of


@pytest.fixture
def visitor(server):
    """Somebody without an account."""
    return server.client()


def address(server, token, more=""):
    """A jam page's address, or that of a file of it."""
    return f"{server.url}cellissimo/jam/{token}{more}"


def link(server, **wanted):
    """The token and the id of a link to a private loop, and the loop."""
    piece = a_loop(server, isPublic=False)
    token, share = a_link(server, piece, **wanted)
    return token, share, piece


def test_a_link_opens_the_door(server, visitor):
    """Title and owner stand on the page; its script is told where everything is, and no more."""
    token, _, piece = link(server, rights=["listen", "edit"])
    answer = visitor.get(address(server, token))
    assert 200 == answer.status_code
    assert "First light" in answer.text
    facts = facts_of(answer.text)
    assert [piece, "loop", token, None] == [facts[k] for k in ("piece", "kind", "link", "name")]
    assert {"blobs", "outlines", "here", "base", "worker", "title"} < facts.keys()


def test_the_page_may_do_what_it_has_to_and_nothing_else(server, visitor):
    """No inline script, no other site, no frame; a socket of its own host, one trusted worker."""
    token, *_ = link(server, rights=["listen"])
    answer = visitor.get(address(server, token))
    policy = dict(
        part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; ")
    )
    host = server.url.split("/")[2]
    assert f"'self' ws://{host} wss://{host}" == policy["connect-src"]
    assert "'self' 'wasm-unsafe-eval' blob:" == policy["script-src"]
    assert ["'none'", "'self'", "'self'", "cellissimo-jam"] == [
        policy[k] for k in ("frame-ancestors", "worker-src", "manifest-src", "trusted-types")
    ]
    assert "noindex" == answer.headers["X-Robots-Tag"]
    assert not re.search(r"<script(?![^>]*(?:src=|application/json))", answer.text)


def test_a_strange_host_gets_no_word_in_the_policy(server, visitor):
    """What a request says of its host is let in where it is one."""
    token, *_ = link(server, rights=["listen"])
    answer = visitor.get(address(server, token), headers={"Host": "a.test;script-src *"})
    assert "*" not in answer.headers.get("Content-Security-Policy", "")


def test_the_manifest_is_of_this_link(server, visitor):
    """[PWA] Name, start, reach and two icons, all of this server."""
    token, *_ = link(server, rights=["listen"])
    answer = visitor.get(address(server, token, "/manifest.webmanifest"))
    assert "application/manifest+json" == answer.headers["Content-Type"]
    found = answer.json()
    here = f"/cellissimo/jam/{token}"
    assert [here, here, "standalone"] == [found[k] for k in ("start_url", "scope", "display")]
    for icon in found["icons"]:
        picture = visitor.get(server.url.rstrip("/") + icon["src"])
        size = int.from_bytes(picture.content[16:20], "big")
        assert ("image/png", icon["sizes"]) == (
            picture.headers["Content-Type"],
            f"{size}x{size}",
        )


def test_the_worker_knows_the_files_of_the_page(server, visitor):
    """[PWA] It names script, style and icons, which are there, and is never kept itself."""
    answer = visitor.get(address(server, "worker.js"))
    assert "no-cache" == answer.headers["Cache-Control"]
    named = re.findall(r'"(/cellissimo/[^"]+)"', answer.text.splitlines()[0])
    assert 4 == len(named)
    for path in named:
        assert 200 == visitor.get(server.url.rstrip("/") + path).status_code
    assert 404 == visitor.get(address(server, "icon-64.png")).status_code


@pytest.mark.parametrize("file", ["", "/manifest.webmanifest"])
def test_a_link_that_has_ended_says_so_kindly(server, visitor, file):
    """Revoked, expired and never there look the same: a page in words, without the music."""
    token, share, _ = link(server, rights=["listen", "edit"])
    assert 200 == server.as_("ada").delete(f"shares/{share}").status_code
    late, *_ = link(server, rights=["listen"], expiresIn=1)
    server.clock.forward(days=2)
    answers = [visitor.get(address(server, one, file)) for one in (token, late, "x" * 43)]
    assert [404] * 3 == [answer.status_code for answer in answers]
    assert 1 == len({answer.text for answer in answers})
    assert "First light" not in answers[0].text
    assert "can give you a new one" in answers[0].text


@pytest.mark.parametrize(
    ("rights", "may"),
    [
        (["listen"], []),
        (["listen", "comment"], ["comment.add"]),
        (["listen", "edit"], ["music.edit", "room.lead", "stem.add"]),
    ],
)
def test_the_rights_of_the_link_decide(server, rights, may):
    """[WIRE-1] [WIRE-3] A visitor's ticket says what they may do; the name is the chosen one."""
    token, _, piece = link(server, rights=rights)
    body = {"via": "jam", "link": token, "name": "Nele"}
    answer = server.client().post(f"rooms/{piece}/tickets", json=body)
    assert 201 == answer.status_code, answer.text
    said = answer.json()
    assert ("Nele", "guest", None) == (
        said["person"]["name"],
        said["person"]["kind"],
        said["role"],
    )
    asked = {"comment.add", "music.edit", "music.lock", "room.lead", "stem.add", "stem.delete"}
    assert may == sorted(asked & set(said["may"]))


def test_a_ticket_is_not_had_without_the_link(server):
    """A private piece has no room for whoever knows only its id."""
    _, _, piece = link(server, rights=["listen"])
    answer = server.client().post(f"rooms/{piece}/tickets", json={"via": "jam", "name": "Eve"})
    assert 404 == answer.status_code


def test_python_gives_the_address(server, visitor):
    """``share.jam_url`` opens the page; the page of the link leads there as well."""
    client = cm.Client(f"{server.url}cellissimo", token="ada-token")  # noqa: S106 - a test's own
    share = cm.Song("Evening").share(("listen", "edit"), on=client)
    assert "Evening" in visitor.get(share.jam_url).text
    assert f'href="/cellissimo/jam/{share.token}"' in visitor.get(share.url).text
