"""Who gets in where: every route, with every method, as a visitor of whom nothing is known."""

from __future__ import annotations

import warnings

import pytest
from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import JupyterServerAuthWarning

from tests.contracts.routes import Endpoint, endpoints
from tests.server.conftest import server
from tests.server.running import Running, running

__all__ = ["server"]

ENDPOINTS = list(endpoints())

OF_STAFF = [one for one in ENDPOINTS if one.operation.access in {"moderator", "admin"}]

OPEN = {
    "GET about",
    "GET openapi.json",
    "GET healthz",
    "GET readyz",
    "POST guests",
    "POST reports",
}
"""Open to whoever comes, beside what the policy, a link or being public decides."""

DECIDED_BY_PIECE = (
    "{piece_id}", "{stem_id}", "{segment_id}", "{token}", "{name:", "search", "explore", "oembed",
    "static", "loops", "songs", "users/{username}", "projects",
)  # fmt: skip


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=str)
def test_a_visitor_gets_in_only_where_it_is_declared(server: Running, endpoint: Endpoint) -> None:
    """A handler that forgets to say who may come in is closed, and this test would see it open."""
    url = endpoint.address(server.url)
    visitor = server.client()
    answer = visitor.request(endpoint.method, url, content=b"{}", follow_redirects=False)
    if endpoint.operation.access == "anyone":
        assert answer.status_code != 500
        return
    assert answer.status_code == 401
    assert endpoint.method == "HEAD" or answer.json()["error"]["code"] == "unauthenticated"


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=str)
def test_what_is_open_is_on_the_list(endpoint: Endpoint) -> None:
    """Opening a route to everybody is a decision: it is written down here as well."""
    if endpoint.operation.access != "anyone":
        return
    path = endpoint.route.path
    is_listed = str(endpoint) in OPEN or endpoint.route.is_page
    assert is_listed or any(part in path for part in DECIDED_BY_PIECE), endpoint


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=str)
def test_an_invented_token_opens_nothing(server: Running, endpoint: Endpoint) -> None:
    """A token that is not valid is refused everywhere, also where a visitor would be let in."""
    url = endpoint.address(server.url)
    intruder = server.client("Bearer cel_" + "x" * 43)
    answer = intruder.request(endpoint.method, url, content=b"{}", follow_redirects=False)
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "endpoint",
    [one for one in ENDPOINTS if one.operation.access in {"moderator", "admin"}],
    ids=str,
)
def test_the_sites_own_routes_are_for_its_staff(server: Running, endpoint: Endpoint) -> None:
    """Somebody who is signed in and nothing more is refused before anything is looked at."""
    url = endpoint.address(server.url)
    answer = server.as_("anybody").request(endpoint.method, url, content=b"{}")
    assert answer.status_code == 403


class Undeclared(APIHandler):
    """A handler that does not say who may call it."""

    def get(self) -> None:
        """Answer anybody."""
        self.finish("{}")


def test_jupyter_warns_of_no_handler_of_ours(tmp_path) -> None:
    """Jupyter's own check of open handlers finds none of ours, and would find one."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", JupyterServerAuthWarning)
        with running(tmp_path) as server:
            assert server.app.web_app.settings["allow_unauthenticated_access"] is False
            with pytest.raises(JupyterServerAuthWarning, match="Undeclared"):
                server.app.web_app.add_handlers(".*", [("/undeclared", Undeclared)])
