"""Public pages as a visitor and a program get them: HTML, headers, previews, files, views."""

from __future__ import annotations

import json
import re
import struct
import zlib
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.server.running import Running, running
from tests.server.visiting import BROWSER, Head, a_link, a_loop, facts_of, visitor


def test_anybody_reads_a_public_piece_without_an_account(server: Running) -> None:
    """Names, facts and code are in the page; its script is told where the document is."""
    piece = a_loop(server)
    page = visitor(server).get(f"p/{piece}")
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=UTF-8"
    for said in ("First light", "Ada", "96 BPM", "4 bars", "import cellissimo as cm"):
        assert said in page.text
    facts = facts_of(page.text)
    assert facts["document"] == f"/cellissimo/p/{piece}/document"
    assert facts["notebooks"] is None


def test_chat_programs_find_title_words_and_picture(server: Running) -> None:
    """OpenGraph names the page, its words and a PNG of 1200 by 630 whose bytes are right."""
    piece = a_loop(server, description="Made on the night train.")
    client = visitor(server)
    head = Head(client.get(f"p/{piece}").text)
    assert head.metas["og:title"] == "First light by Ada"
    assert head.metas["og:description"] == "Made on the night train."
    assert head.metas["og:url"] == f"{server.url}cellissimo/p/{piece}"
    picture = client.get(head.metas["og:image"])
    assert picture.headers["content-type"] == "image/png"
    assert (1200, 630) == struct.unpack(">II", picture.content[16:24])
    assert 1200 * 630 * 3 + 630 == len(zlib.decompress(idat(picture.content)))


def idat(png: bytes) -> bytes:
    """Give the compressed pixels of a PNG, each chunk's checksum checked on the way."""
    at, found = 8, b""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        name, body = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        assert struct.unpack(">I", png[at + 8 + length : at + 12 + length])[0] == zlib.crc32(
            name + body
        )
        found += body if name == b"IDAT" else b""
        at += 12 + length
    return found


def test_a_page_may_load_nothing_but_its_own(server: Running) -> None:
    """The policy has no inline script or style, lets nobody frame it and sends no Referer."""
    headers = visitor(server).get(f"p/{a_loop(server)}").headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self' 'wasm-unsafe-eval' blob:"
    assert policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["require-trusted-types-for"] == "'script'"
    assert "unsafe-inline" not in headers["content-security-policy"]
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"


def test_what_is_private_looks_like_what_never_was(server: Running) -> None:
    """The same friendly page, letter by letter, for a private piece and for no piece."""
    client = visitor(server)
    private = client.get(f"p/{a_loop(server, isPublic=False)}")
    nothing = client.get("p/00000000-0000-4000-8000-000000000000")
    assert (404, 404) == (private.status_code, nothing.status_code)
    assert private.text == nothing.text
    assert "There is nothing to hear here" in private.text
    assert set(private.headers) == set(nothing.headers)


def test_an_owner_sees_their_own_private_piece(server: Running) -> None:
    """What a copy leads to is there for whoever made it, and for nobody else."""
    piece = a_loop(server, isPublic=False)
    ada = server.as_("ada")
    page = ada.get(f"{server.url}cellissimo/p/{piece}")
    assert page.status_code == 200
    assert page.headers["x-robots-tag"] == "noindex"


def test_only_public_pieces_are_for_search_engines(server: Running) -> None:
    """A public page may be listed; an unlisted one asks not to be."""
    client = visitor(server)
    unlisted = a_loop(server, isPublic=None, visibility="unlisted")
    assert client.get(f"p/{unlisted}").headers["x-robots-tag"] == "noindex"
    assert "x-robots-tag" not in client.get(f"p/{a_loop(server)}").headers


def test_a_view_counts_once_a_day_and_visitor(server: Running) -> None:
    """Coming again counts no more that day; another browser does, and so does the next day."""
    piece = a_loop(server)

    def views() -> int:
        return int(server.as_("ada").get(f"loops/{piece}").json()["viewCount"])

    first, second = visitor(server), visitor(server, **{"User-Agent": BROWSER + " Other"})
    for client in (first, first, second, first):
        client.get(f"p/{piece}")
    assert views() == 2
    server.clock.forward(days=1)
    first.get(f"embed/p/{piece}")
    assert views() == 3


@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": "Mozilla/5.0 (compatible; Somebot/1.0)"},
        {"User-Agent": "curl/8.0"},
        {"DNT": "1"},
        {"Sec-GPC": "1"},
        {"Sec-Purpose": "prefetch;prerender"},
    ],
)
def test_programs_and_who_asks_not_to_be_counted_are_not(
    server: Running, headers: dict[str, str]
) -> None:
    """Bots, previews of chats, prefetching and Do-Not-Track leave no mark."""
    piece = a_loop(server)
    visitor(server, **headers).get(f"p/{piece}")
    assert server.as_("ada").get(f"loops/{piece}").json()["viewCount"] == 0


def test_who_looked_is_not_kept(server: Running) -> None:
    """What is stored of a visitor is a hash that tells of nobody, and it goes the next day."""

    def visits(piece: str) -> list[str]:
        sql = "SELECT visitor FROM piece_views WHERE piece_id = ?"
        return server.run(server.services.database.read(lambda db: db.rows(str, sql, piece)))

    first, second = a_loop(server), a_loop(server)
    visitor(server).get(f"p/{first}")
    assert [32] == [len(name) for name in visits(first)]
    assert re.fullmatch(r"[0-9a-f]{32}", visits(first)[0])
    server.clock.forward(days=1)
    visitor(server).get(f"p/{second}")
    assert ([], 1) == (visits(first), len(visits(second)))
    assert visits(second) != visits(first)
    assert server.as_("ada").get(f"loops/{first}").json()["viewCount"] == 1


def test_a_notebook_makes_the_piece_again(server: Running) -> None:
    """It is a notebook with the code in a cell, and no word in it can be taken for markup."""
    piece = a_loop(server, name="*First* <b>light</b>")
    answer = visitor(server).get(f"p/{piece}/notebook.ipynb")
    named = answer.headers["content-disposition"]
    assert named == "attachment; filename*=UTF-8''%2AFirst%2A%20%3Cb%3Elight%3C%2Fb%3E.ipynb"
    words, code = answer.json()["cells"]
    assert words["source"].startswith("# \\*First\\* \\<b\\>light\\<\\/b\\>")
    namespace: dict[str, object] = {}
    exec(code["source"], namespace)
    assert namespace["loop"].name == "*First* <b>light</b>"


def test_files_of_pages_are_kept_for_ever_and_nothing_else_is_served(server: Running) -> None:
    """A built file comes compressed, with a hash in its name; no other name leads anywhere."""
    client = visitor(server)
    page = client.get(f"p/{a_loop(server)}").text
    names = re.findall(r"/cellissimo/static/(pages\.[0-9a-f]{16}\.(?:js|css))", page)
    assert len(names) == 2
    for name in names:
        answer = client.get(f"static/{name}")
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.headers["x-content-type-options"] == "nosniff"
    for name in ("manifest.json", "..%2fassets.py", "%2e%2e", "pages.0000000000000000.js"):
        assert client.get(f"static/{name}").status_code == 404


def test_the_whole_page_is_under_250_kb(server: Running) -> None:
    """Script and style with engine and document library, as they travel."""
    client = visitor(server)
    page = client.get(f"p/{a_loop(server)}").text
    names = re.findall(r"/cellissimo/static/(pages\.[0-9a-f]{16}\.(?:js|css))", page)
    sizes = [int(client.get(f"static/{name}").headers["content-length"]) for name in names]
    assert sum(sizes) < 250_000


def test_a_link_opens_its_page_for_whoever_has_it(server: Running) -> None:
    """A private piece is seen by its link alone, at each of its addresses, and played from it."""
    token, _ = a_link(server, a_loop(server, "Secret", isPublic=False))
    client = visitor(server)
    for opens in ("s", "loop", "song"):
        page = client.get(f"{opens}/{token}")
        assert page.status_code == 200
        assert '<h1 dir="auto">Secret</h1>' in page.text
        assert page.headers["x-robots-tag"] == "noindex"
    facts = facts_of(page.text)
    assert facts["subject"] == {"shareToken": token}
    document = client.get(f"{server.url.rstrip('/')}{facts['document']}")
    assert document.status_code == 200
    assert len(document.content) > 100


def test_a_page_offers_what_its_link_allows(server: Running) -> None:
    """To listen alone is no offer to copy or to download; each right adds its button."""
    piece = a_loop(server)
    client = visitor(server)
    listen = client.get(f"s/{a_link(server, piece, rights=['listen'])[0]}").text
    assert 'data-deed="fork"' not in listen
    assert "Song file" not in listen
    both = client.get(f"s/{a_link(server, piece, rights=['listen', 'fork', 'download'])[0]}").text
    assert 'data-deed="fork"' in both
    assert "Song file" in both


def test_a_song_file_is_for_those_who_may_download(server: Running) -> None:
    """With the right the canonical text comes under the title's name, without it nothing does."""
    piece = a_loop(server, "Früh & spät")
    client = visitor(server)
    may, _ = a_link(server, piece, rights=["download"])
    answer = client.get(f"s/{may}/song")
    assert answer.text.startswith("cellissimo song")
    assert answer.headers["content-disposition"].endswith("''Fr%C3%BCh%20%26%20sp%C3%A4t.song")
    may_not, _ = a_link(server, piece, rights=["listen"])
    assert client.get(f"s/{may_not}/song").status_code == 404


def test_a_link_that_ended_does_not_tell_how(server: Running) -> None:
    """Revoked at once, expired, never made, its piece in the trash: one page for all of them."""
    piece = a_loop(server)
    ada, client = server.as_("ada"), visitor(server)
    revoked, share_id = a_link(server, piece)
    assert client.get(f"s/{revoked}").status_code == 200
    assert ada.delete(f"shares/{share_id}").status_code == 200
    expired, _ = a_link(server, piece, expiresIn=1)
    gone = a_loop(server)
    trashed, _ = a_link(server, gone)
    ada.delete(f"loops/{gone}")
    server.clock.forward(days=2)
    pages = [client.get(f"s/{token}") for token in (revoked, expired, trashed, "A" * 43)]
    assert {404} == {page.status_code for page in pages}
    assert len({page.text for page in pages}) == 1
    for place in ("embed/{}", "s/{}/preview.png", "s/{}/notebook.ipynb", "loop/{}"):
        assert client.get(place.format(revoked)).status_code == 404


def test_a_link_is_in_no_log_and_in_no_referer(server: Running, caplog) -> None:
    """Neither a page that opens nor one that does not leaves its address behind."""
    token, _ = a_link(server, a_loop(server))
    client = visitor(server)
    log = server.app.log
    log.addHandler(caplog.handler)
    with caplog.at_level("DEBUG"), caplog.at_level("DEBUG", log.name):
        for path in (f"s/{token}", f"s/{token}x", f"embed/{token}", f"s/{token}/preview.png"):
            answer = client.get(path)
            assert answer.headers["referrer-policy"] == "no-referrer"
    log.removeHandler(caplog.handler)
    ours = [record.getMessage() for record in caplog.records if "http" not in record.name]
    assert any("s/{key}" in said for said in ours)
    assert not any(token in said or token[:20] in said for said in ours)


def test_the_owner_shows_no_login_name_by_a_link(server: Running) -> None:
    """Whoever has a link learns the chosen name and nothing that one could sign in with."""
    bob = server.as_("bob")
    loop = bob.post("loops", json={"name": "Mine", "length": 1}).json()["id"]
    token = bob.post(f"loops/{loop}/share", json={}).json()["shareToken"]
    page = visitor(server).get(f"s/{token}").text
    assert "bob" not in page
    assert loop not in page


def test_somebody_signed_in_can_prove_their_own_requests(server: Running) -> None:
    """The page gives the cookie by which its requests are told from another site's."""
    token, _ = a_link(server, a_loop(server), rights=["listen", "fork"])
    page = server.as_("carol").get(f"{server.url}cellissimo/s/{token}")
    assert "_xsrf" in page.headers.get("set-cookie", "")


def test_every_request_of_the_document_works(server: Running) -> None:
    """What docs/sharing.md shows is granted, and gives what it says."""
    ada, loop = server.as_("ada"), a_loop(server)
    text = (ROOT / "docs" / "sharing.md").read_text("utf-8")
    blocks = re.findall(r"```http\n(\w+) (\S+)\n(.*?)```", text, re.DOTALL)
    assert len(blocks) >= 5
    names = {"loop": loop, "share": ""}
    for method, path, body in blocks:
        address = server.url.rstrip("/") + path.format(**names)
        answer = ada.request(method, address, json=json.loads(body) if body else None)
        assert answer.is_success, (method, path, answer.text)
        said = answer.json()
        if path.endswith("/share"):
            assert {"shareUrl", "shareToken", "expiresAt"} <= set(said)
            names["share"] = said["id"]


def test_everything_lies_below_the_prefix_of_the_server(tmp_path: Path) -> None:
    """Behind a hub or a proxy each address of the page keeps the server's own prefix."""
    with running(tmp_path, base_url="/user/ada/") as server:
        token, _ = a_link(server, a_loop(server))
        client = visitor(server)
        page = client.get(f"s/{token}").text
        facts = facts_of(page)
        assert facts["document"] == f"/user/ada/cellissimo/s/{token}/document"
        host = server.url.removesuffix("/user/ada/")
        linked = re.findall(r'(?:src|href)="(/[^"]*)"', page)
        assert len(linked) >= 4
        for address in [*linked, facts["document"]]:
            assert address.startswith("/user/ada/")
            if "/cellissimo/" in address:
                assert client.get(host + address).status_code == 200


def test_who_asks_too_often_is_told_when_to_come_again(tmp_path: Path) -> None:
    """A visitor's hour has its limits; the page says so in words and the header in seconds."""
    with running(tmp_path, reads_per_hour=2) as server:
        piece = a_loop(server)
        client = visitor(server)
        answers = [client.get(f"p/{piece}") for _ in range(3)]
        assert [200, 200, 429] == [answer.status_code for answer in answers]
        assert "more than 2 reads an hour" in answers[2].text
        assert int(answers[2].headers["retry-after"]) > 0
        assert answers[2].headers["content-type"].startswith("text/html")
