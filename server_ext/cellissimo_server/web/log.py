"""What the server's log says of a request: method, route, status, who and how long. No more."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

LOGGER = "cellissimo"
"""The name of our logger."""


class JsonLines(logging.Formatter):
    """One JSON object a line: the time, the level, the event and its facts."""

    def format(self, record: logging.LogRecord) -> str:
        """A record as a line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        facts = getattr(record, "facts", {})
        said = {"at": at, "level": record.levelname.lower(), "event": record.getMessage(), **facts}
        return json.dumps(said, ensure_ascii=False, default=str)


def logger_of(parent: logging.Logger, form: str) -> logging.Logger:
    """Our logger: ``form`` "json" writes lines to stderr, "text" speaks through ``parent``."""
    logger = logging.getLogger(LOGGER)
    logger.handlers.clear()
    logger.propagate = False
    logger.setLevel(logging.INFO)
    if form == "json":
        lines = logging.StreamHandler(sys.stderr)
        lines.setFormatter(JsonLines())
        logger.addHandler(lines)
    else:
        logger.addHandler(_Passing(parent))
    return logger


class _Passing(logging.Handler):
    """Says events in words, where Jupyter's log goes."""

    def __init__(self, target: logging.Logger) -> None:
        super().__init__()
        self._target = target

    def emit(self, record: logging.LogRecord) -> None:
        """Say an event; requests that went well are for who asks for details."""
        facts: dict[str, Any] = getattr(record, "facts", {})
        level = logging.DEBUG if facts.get("status", 500) < 400 else record.levelno
        words = " ".join(f"{name}={value}" for name, value in facts.items())
        self._target.log(level, "cellissimo %s %s", record.getMessage(), words)


def event(logger: logging.Logger, level: int, name: str, **facts: object) -> None:
    """Note that something happened; ``facts`` are ids, counts and times."""
    logger.log(level, name, extra={"facts": facts})


def fault(
    logger: logging.Logger, error: BaseException, where: TracebackType | None, **facts: object
) -> None:
    """Note a fault of the server: the kind of error and its places, not its words or values."""
    places = [f"{one.filename}:{one.lineno} {one.name}" for one in traceback.extract_tb(where)]
    event(logger, logging.ERROR, "fault", **facts, error=type(error).__name__, places=places[-8:])


def writer(
    prefix: str, ours: Callable[[Any], dict[str, Any] | None], usual: Callable[[Any], None]
) -> Callable[[Any], None]:
    """Tornado's ``log_function``: our requests in our words, everybody else's as usual.

    ``ours`` gives the facts of a request to ``prefix``, or None where it is none of our handlers.
    """

    def write(handler: Any) -> None:  # noqa: ANN401 - tornado's
        facts = ours(handler) if handler.request.path.startswith(prefix) else None
        if facts is None:
            usual(handler)
            return
        level = logging.WARNING if facts["status"] >= 500 else logging.INFO
        event(logging.getLogger(LOGGER), level, "request", **facts)

    return write
