from __future__ import annotations

from tests.server.running import Running


def test_a_visitor_learns_what_the_server_is(server: Running) -> None:
    """Version and limits are anybody's to know; nobody is said to be signed in."""
    answer = server.client().get("about")
    assert answer.status_code == 200
    said = answer.json()
    assert said["user"] is None
    assert said["limits"]["nameLength"] == 100


def test_somebody_learns_who_they_are(server: Running) -> None:
    """The interface knows the person that Jupyter signed in."""
    assert server.as_("alice").get("about").json()["user"]["username"] == "alice"


def test_health_needs_no_login(server: Running) -> None:
    """What watches the server has no account."""
    for path in ("healthz", "readyz"):
        assert server.client().get(f"{server.url}cellissimo/{path}").json() == {"status": "ok"}
