"""Servers for the tests of the interface."""

from __future__ import annotations

import pytest

from tests.server.running import Running, running


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Running:
    """A server with people named by their tokens; one for the tests of a file."""
    with running(tmp_path_factory.mktemp("server")) as found:
        yield found
