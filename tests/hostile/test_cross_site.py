"""What another site's page can make a browser do: nothing, for people and for guests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from tests.contracts.routes import Endpoint, endpoints
from tests.server.running import Running, running

EVIL = "http://evil.example"
CHANGING = [one for one in endpoints() if one.method not in {"GET", "HEAD"}]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A plain server, as on one's own machine."""
    with running(tmp_path_factory.mktemp("plain"), many=False) as found:
        yield found


@pytest.fixture(scope="module")
def browser(plain: Running) -> httpx2.Client:
    """A browser in which somebody has logged in: it sends cookies with whatever is asked."""
    client = plain.client()
    page = client.get(f"{plain.url}login", follow_redirects=True)
    xsrf = client.cookies["_xsrf"]
    form = {"password": "plain", "_xsrf": xsrf}
    done = client.post(f"{plain.url}login", data=form)
    assert (page.status_code, done.status_code) == (200, 302)
    assert client.get("users/me").status_code == 200
    return client


@pytest.fixture(scope="module")
def guest(plain: Running) -> httpx2.Client:
    """A browser that a guest's cookie is in."""
    client = plain.client()
    assert client.post("guests", json={}).status_code == 201
    assert client.get("users/me").json()["kind"] == "guest"
    return client


def ask(client: httpx2.Client, plain: Running, endpoint: Endpoint, **headers: str) -> Any:
    """What a page makes a browser send: a form's or a script's request."""
    url = endpoint.address(plain.url)
    return client.request(endpoint.method, url, content=b"{}", headers=headers)


@pytest.mark.parametrize("endpoint", CHANGING, ids=str)
def test_another_site_changes_nothing_for_somebody_who_is_logged_in(
    plain: Running, browser: httpx2.Client, endpoint: Endpoint
) -> None:
    """A request with the cookies of a login, and no proof that our page sent it, is refused."""
    for headers in ({}, {"Origin": EVIL}, {"Origin": "null"}, {"X-XSRFToken": "guessed"}):
        assert is_refused(ask(browser, plain, endpoint, **headers)), headers


def is_refused(answer: Any) -> bool:
    """Jupyter says 403 for a missing proof and 404 for a foreign origin, before we look at it."""
    if answer.status_code not in {403, 404}:
        return False
    said = answer.json()["error"]["message"]
    return bool(re.search(r"_xsrf|XSRF|another site|Not Found|Forbidden|origin", said))


@pytest.mark.parametrize("endpoint", CHANGING, ids=str)
def test_another_site_changes_nothing_for_a_guest(
    plain: Running, guest: httpx2.Client, endpoint: Endpoint
) -> None:
    """A guest has no login to prove; that the request came from our page, the browser says."""
    for headers in ({}, {"Origin": EVIL}, {"Origin": "null"}):
        assert is_refused(ask(guest, plain, endpoint, **headers)), headers


def test_our_own_page_gets_through(
    plain: Running, browser: httpx2.Client, guest: httpx2.Client
) -> None:
    """The two tests above refuse because of where a request came from, and for nothing else."""
    origin = plain.url.rstrip("/")
    proof = {"X-XSRFToken": browser.cookies["_xsrf"], "Origin": origin}
    mine = browser.patch("users/me", json={"bio": "mine"}, headers=proof)
    assert mine.status_code == 200
    theirs = guest.patch("users/me", json={"bio": "guest"}, headers={"Origin": origin})
    assert theirs.status_code == 200


def test_another_sites_script_reads_nothing(plain: Running, browser: httpx2.Client) -> None:
    """No answer tells a browser that another site may read it, and reading is refused as well."""
    for method in ("GET", "OPTIONS"):
        answer = browser.request(method, "users/me", headers={"Origin": EVIL})
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert "username" not in answer.text
    assert browser.get("users/me", headers={"Origin": EVIL}).status_code == 404


def test_a_token_in_a_script_needs_no_cookie(plain: Running, browser: httpx2.Client) -> None:
    """What sends a token proves with it who it is: no page of another site has one."""
    proof = {"X-XSRFToken": browser.cookies["_xsrf"]}
    wanted = {"name": "script", "scopes": ["read", "write"]}
    token = browser.post("tokens", json=wanted, headers=proof).json()["token"]
    script = plain.client(f"Bearer {token}")
    assert script.patch("users/me", json={"bio": "script"}).status_code == 200


def test_a_guests_cookie_is_no_login_for_jupyter(plain: Running, guest: httpx2.Client) -> None:
    """Whoever comes by a link gets neither files nor kernels."""
    origin = {"Origin": plain.url.rstrip("/")}
    for path in ("api/contents", "api/kernels", "api/sessions", "api/terminals"):
        assert guest.get(f"{plain.url}{path}").status_code in {302, 403, 404}
        assert guest.post(f"{plain.url}{path}", headers=origin).status_code in {403, 404, 405}


def test_pages_of_settings_are_framed_by_nobody(plain: Running, browser: httpx2.Client) -> None:
    """No other site can lay our page under its own buttons."""
    page = browser.get(f"{plain.url}cellissimo/settings")
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    answer = browser.get("users/me")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
