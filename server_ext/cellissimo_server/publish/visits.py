"""Who has looked: each visitor counts once a day, and nobody can be told from the count."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable, Mapping

DAY_MS = 86_400_000
_MOST = 100_000
"""Visits of a day that are remembered."""

_BOTS = re.compile(
    r"bot|crawl|spider|slurp|preview|fetch|scrape|monitor|embed|facebookexternalhit|whatsapp"
    r"|telegram|discord|slack|curl|wget|python|httpx|aiohttp|java/|go-http|headless|lighthouse",
    re.IGNORECASE,
)


def is_counted(headers: Mapping[str, str]) -> bool:
    """Whether a request is a person's, who has not asked to be left alone."""
    agent = headers.get("User-Agent", "")
    declined = headers.get("DNT") == "1" or headers.get("Sec-GPC") == "1"
    early = "prefetch" in headers.get("Sec-Purpose", headers.get("Purpose", ""))
    return bool(agent) and not (declined or early or _BOTS.search(agent))


class Visitors:
    """Names visitors by a hash whose salt lives for one day, in memory alone."""

    def __init__(self, salt: Callable[[], bytes] = lambda: secrets.token_bytes(32)) -> None:
        """``salt`` makes the salt of a new day."""
        self._fresh = salt
        self._day = -1
        self._salt = b""
        self._seen: set[tuple[str, str]] = set()

    def name(self, address: str, agent: str, now: int) -> tuple[int, str]:
        """The day since 1970 and what the visitor is called on it."""
        day = now // DAY_MS
        if day != self._day:
            self._day, self._salt = day, self._fresh()
            self._seen.clear()
        said = hashlib.blake2b(f"{address}\n{agent}".encode(), key=self._salt, digest_size=16)
        return day, said.hexdigest()

    @property
    def has_seen_nobody(self) -> bool:
        """Whether nobody was counted yet today."""
        return not self._seen

    def is_new(self, piece_id: str, visitor: str) -> bool:
        """Whether this visitor has not been counted for a piece yet, as far as is remembered.

        The database has the last word; this spares it those who come again.
        """
        if len(self._seen) >= _MOST:
            self._seen.clear()
        known = (piece_id, visitor) in self._seen
        self._seen.add((piece_id, visitor))
        return not known
