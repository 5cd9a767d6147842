"""Logs without secrets: whoever reads them learns no token, no address of a link, no query."""

from __future__ import annotations

import logging
import re

_ADDRESS = re.compile(r"/cellissimo(?:/[^\s\"'?#]*)?(?:\?[^\s\"']*)?")
_SECRET_PART = re.compile(r"(?<=/)[A-Za-z0-9_-]{24,}(?=/|$)")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{64}")
_TOKEN = re.compile(r"\bcel_[A-Za-z0-9_-]+")

LOGGERS = ("tornado.access", "tornado.application", "tornado.general", "asyncio")
"""Whose words may hold the address of a request."""


def scrubbed(words: str) -> str:
    """``words`` without our tokens, and with addresses of ours that name no link or query."""
    return _TOKEN.sub("cel_…", _ADDRESS.sub(_plain, words))


def _plain(address: re.Match[str]) -> str:
    path = address[0].partition("?")[0]
    return _SECRET_PART.sub(lambda part: part[0] if _UUID.fullmatch(part[0]) else "…", path)


class Scrub(logging.Filter):
    """Takes secrets out of every record that passes."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let the record pass, with its words scrubbed."""
        said = record.getMessage()
        clean = scrubbed(said)
        if clean != said:
            record.msg, record.args = clean, ()
        return True


def scrub(logger: logging.Logger) -> Scrub:
    """Put one filter on a logger and on those of tornado; gives it, to be taken off again."""
    added = Scrub()
    for one in (logger, *map(logging.getLogger, LOGGERS)):
        one.addFilter(added)
    return added


def unscrub(logger: logging.Logger, added: Scrub) -> None:
    """Take the filter off again."""
    for one in (logger, *map(logging.getLogger, LOGGERS)):
        one.removeFilter(added)
