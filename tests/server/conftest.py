"""Servers for the tests of the interface, and the one whose pieces most of them are about."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
import pytest

from tests.server.running import Running, running

ROOMY = dict.fromkeys(
    (f"{kind}_per_hour" for kind in ("reads", "writes", "messages", "changes")), 10**6
)
"""Limits that no test reaches."""


@pytest.fixture(scope="module")
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """A server with people named by their tokens; one for the tests of a file.

    A file says with ``LIMITS`` what is scarce there, and with ``PEOPLE`` who has signed in.
    """
    limits = ROOMY | getattr(request.module, "LIMITS", {})
    with running(tmp_path_factory.mktemp("server"), **limits) as found:
        for name in getattr(request.module, "PEOPLE", ()):
            found.as_(name).get("users/me")
        yield found


@pytest.fixture
def alice(server: Running) -> httpx2.Client:
    """The owner of the pieces."""
    return server.as_("alice")
