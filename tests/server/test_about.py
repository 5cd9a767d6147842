from __future__ import annotations

import dataclasses
import re

import pytest

from cellissimo_server.settings import Settings, documented
from cellissimo_server.web.settings_page import page
from tests.conftest import ROOT
from tests.server.running import Running, running

LIMITS = {"reads_per_hour": 1234, "writes_per_hour": 321}


def test_a_visitor_learns_what_the_server_is(server: Running) -> None:
    """Version and limits are anybody's to know; nobody is said to be signed in."""
    answer = server.client().get("about")
    assert answer.status_code == 200
    said = answer.json()
    assert said["user"] is None
    assert said["limits"]["nameLength"] == 100
    assert said["limits"]["hourly"] == {
        "reads": 1234,
        "writes": 321,
        "uploads": 20,
        "exempt": False,
    }
    assert said["quota"] == {
        "samples": 100_000_000,
        "recordings": 1_000_000_000,
        "originals": 5_000_000_000,
        "loops": 1000,
        "songs": 100,
    }


def test_somebody_learns_who_they_are(server: Running) -> None:
    """The interface knows the person that Jupyter signed in."""
    assert server.as_("alice").get("about").json()["user"]["username"] == "alice"


def test_health_needs_no_login(server: Running) -> None:
    """What watches the server has no account."""
    for path in ("healthz", "readyz"):
        assert server.client().get(f"{server.url}cellissimo/{path}").json() == {"status": "ok"}


def test_the_page_of_settings_shows_every_setting(server: Running) -> None:
    """One page says what is in force, with what each setting does."""
    shown = server.as_("alice").get(f"{server.url}cellissimo/settings")
    assert shown.headers["Content-Type"] == "text/html; charset=utf-8"
    assert set(documented()) == set(re.findall(r"<th><code>(\w+)</code>", shown.text))
    assert ">1000<" in shown.text


def test_paths_and_addresses_are_the_administrators(server: Running) -> None:
    """Where the server keeps its data is told nobody else, and a password nobody."""
    folder = str(server.services.settings.data)
    assert folder not in server.as_("alice").get(f"{server.url}cellissimo/settings").text
    assert folder not in server.as_("alice").get("about").text
    said = re.findall(r"<code>(data|database_url)</code><td><code>([^<]*)", admin_page(server))
    assert ("data", folder) in said


def admin_page(server: Running) -> str:
    secret = dataclasses.replace(
        server.services.settings, database_url="postgresql://u:hidden@db/x?password=hidden"
    )
    found = page(secret, is_admin=True)
    assert "hidden" not in found
    return found


@pytest.fixture(scope="module")
def documentation() -> str:
    """The page for administrators."""
    return (ROOT / "docs" / "server.md").read_text("utf-8")


@pytest.mark.parametrize("setting", dataclasses.fields(Settings), ids=lambda one: one.name)
def test_every_setting_is_documented(
    setting: dataclasses.Field[object], documentation: str
) -> None:
    """The page for administrators has each setting with its default and what it does."""
    row = re.search(rf"^\| `{setting.name}` \| ([^|]*) \| ([^|]*) \|$", documentation, re.MULTILINE)
    assert row is not None
    default = "" if setting.name == "data" else str(setting.default)
    assert default in row[1].replace(" ", "").replace("`", "")
    assert documented()[setting.name].replace("``", "`").replace("|", "\\|") == row[2]


def test_the_documentation_names_no_other_setting(documentation: str) -> None:
    """What is not a setting any more is not documented any more."""
    named = re.findall(r"^\| `(\w+)` \|", documentation, re.MULTILINE)
    assert sorted(documented()) == sorted(named)


def test_everything_is_below_the_prefix(tmp_path) -> None:
    """Behind a hub or a proxy the server has a prefix, and so has everything of ours."""
    with running(tmp_path, base_url="/user/ann/") as server:
        assert server.url.endswith("/user/ann/")
        assert server.client().get("about").status_code == 200
        assert server.client().get(f"{server.url}cellissimo/healthz").status_code == 200
        root = server.url.removesuffix("user/ann/")
        assert server.client().get(f"{root}cellissimo/healthz").is_redirect
