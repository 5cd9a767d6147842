from __future__ import annotations

import pytest

from tests.server.running import Running


def made(server: Running, **wanted: object) -> dict:
    answer = server.as_("alice").post("tokens", json={"name": "script", **wanted})
    assert answer.status_code == 201, answer.text
    return answer.json()


def bearer(server: Running, token: dict):
    return server.client(f"Bearer {token['token']}")


def test_a_token_is_its_owner(server: Running) -> None:
    """A script that sends a token is the person who made it."""
    token = made(server, scopes=["read"])
    assert bearer(server, token).get("users/me").json()["username"] == "alice"


def test_a_token_is_shown_once(server: Running) -> None:
    """The list names a token and says when it was last used, but never its secret."""
    token = made(server, name="shown once", scopes=["read"])
    assert token["token"].startswith("cel_")
    bearer(server, token).get("users/me")
    answer = server.as_("alice").get("tokens")
    found = next(one for one in answer.json()["tokens"] if one["id"] == token["id"])
    assert found["lastUsedAt"] is not None
    assert token["token"] not in answer.text


def test_a_revoked_token_is_refused_at_once(server: Running) -> None:
    """The request after the one that revoked it is refused."""
    token = made(server, scopes=["read"])
    script = bearer(server, token)
    assert script.get("users/me").status_code == 200
    assert server.as_("alice").delete(f"tokens/{token['id']}").json() == {"success": True}
    assert script.get("users/me").status_code == 401


def test_a_token_ends_when_it_was_to_end(server: Running) -> None:
    """A token for a day is refused after a day."""
    token = made(server, scopes=["read"], expiresIn=1)
    script = bearer(server, token)
    server.clock.forward(hours=23)
    assert script.get("users/me").status_code == 200
    server.clock.forward(hours=2)
    assert script.get("users/me").status_code == 401


@pytest.mark.parametrize(
    ("scopes", "reads", "writes"),
    [(["read"], 200, 403), (["write"], 403, 200), (["upload"], 403, 403)],
)
def test_a_token_does_no_more_than_its_scopes(
    server: Running, scopes: list[str], reads: int, writes: int
) -> None:
    """Reading needs the scope to read, changing the scope to write."""
    script = bearer(server, made(server, scopes=scopes))
    assert reads == script.get("users/me").status_code
    assert writes == script.patch("users/me", json={"bio": "by a script"}).status_code


def test_a_token_makes_no_tokens(server: Running) -> None:
    """Whoever finds a token cannot make another that outlives it."""
    script = bearer(server, made(server, scopes=["read", "write"]))
    assert script.post("tokens", json={"name": "more"}).status_code == 403


def test_nobody_revokes_what_is_not_theirs(server: Running) -> None:
    """Somebody else's token and one that never was look the same."""
    token = made(server, scopes=["read"])
    theirs = server.as_("bob").delete(f"tokens/{token['id']}")
    unknown = server.as_("bob").delete("tokens/nothing")
    assert theirs.status_code == unknown.status_code == 404
    assert theirs.json() == unknown.json()
    assert bearer(server, token).get("users/me").status_code == 200


def test_a_token_that_is_not_ours_is_nobody(server: Running) -> None:
    """An invented token is refused also where a visitor would be let in."""
    script = server.client("Bearer cel_invented")
    assert script.get("users/me").status_code == 401
    assert script.get("about").status_code == 401
