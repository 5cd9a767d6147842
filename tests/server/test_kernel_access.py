from __future__ import annotations

import getpass
import logging
import os

import httpx2
import pytest

from cellissimo_server.commands.kernel_access import TOKEN, URL
from tests.server.running import Running, running


def kernel() -> httpx2.Client:
    """What a kernel does with the environment that it inherits."""
    token = {"Authorization": f"Bearer {os.environ[TOKEN]}"}
    base = os.environ[URL] + "/api/v1/"
    return httpx2.Client(base_url=base, headers=token, trust_env=False)


@pytest.mark.parametrize("base_url", ["/", "/a/prefix/"])
def test_a_kernel_finds_its_server_and_is_the_servers_user(tmp_path, base_url: str) -> None:
    """Address and token stand in the environment while the server runs, and not after."""
    with running(tmp_path, many=False, base_url=base_url), kernel() as client:
        assert client.get("users/me").json()["username"] == getpass.getuser()
        assert client.patch("users/me", json={"bio": "by a kernel"}).status_code == 200
        assert client.get("about").json()["limits"]["hourly"]["exempt"] is True
    assert URL not in os.environ
    assert TOKEN not in os.environ


def test_a_kernels_token_does_not_administer(tmp_path) -> None:
    """Code of a notebook cannot change roles, read the audit log or make tokens."""
    with running(tmp_path, many=False), kernel() as client:
        assert client.get("admin/audit").status_code == 403
        assert client.post("tokens", json={"name": "more"}).status_code == 403


def test_a_kernels_token_ends_with_the_server(tmp_path) -> None:
    """What a kernel has kept is worth nothing in the next server on the same data."""
    kept = {"database_url": str(tmp_path / "kept.duckdb")}
    with running(tmp_path, many=False, **kept):
        token = os.environ[TOKEN]
    with running(tmp_path, many=False, **kept) as server:
        assert server.client(f"Bearer {token}").get("users/me").status_code == 401


def test_many_people_share_no_kernel_token(server: Running) -> None:
    """Where people are told apart, a kernel comes with its owner's own token."""
    assert server.as_("ann").get("users/me").status_code == 200
    assert TOKEN not in os.environ
    assert server.as_("ann").get(f"users/{getpass.getuser()}").status_code == 404


def test_the_kernels_token_is_in_no_log(tmp_path, caplog: pytest.LogCaptureFixture) -> None:
    """Nor is it in a list of tokens."""
    with caplog.at_level(logging.DEBUG), running(tmp_path, many=False) as server:
        token = os.environ[TOKEN]
        listed = server.client("token plain").get("tokens")
        assert listed.json() == {"tokens": []}
    assert token not in caplog.text


def test_everybody_with_the_servers_token_is_one_person(tmp_path) -> None:
    """Jupyter makes up a name for each request with its token; ours is always the same."""
    with running(tmp_path, many=False) as server:
        names = {server.client("token plain").get("users/me").json()["id"] for _ in range(3)}
        assert len(names) == 1
        me = server.client("token plain").get("users/me").json()
        assert (me["username"], me["siteRole"]) == (getpass.getuser(), "admin")
        assert server.client().get("about").json()["singleUser"] is True
