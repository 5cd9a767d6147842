"""Ports for the servers that tests start."""

from __future__ import annotations

import random
import socket

_FREE = range(20_000, 32_000)
"""Linux gives clients none of these for their end of a line, so none is taken meanwhile."""


def free_port() -> int:
    """A port that nobody listens on."""
    chance = random.SystemRandom()  # the tests' own order begins anew with each of them
    while True:
        port = chance.choice(_FREE)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
