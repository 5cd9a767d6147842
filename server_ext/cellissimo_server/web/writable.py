"""Text that cannot be written down: NUL, which PostgreSQL refuses, and halves of characters."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from cellissimo_server.errors import InvalidError

_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")
_SUSPICIOUS = re.compile(rb"\\u(0000|[dD][89a-fA-F])")
"""How JSON writes them; nothing else has to be looked through."""


def is_writable(text: str) -> bool:
    """Whether every store keeps this text as it is."""
    return _UNWRITABLE.search(text) is None


def check_writable(value: object, raw: bytes) -> None:
    """Pass where every text in a JSON value, read from ``raw``, can be kept.

    Raises:
        InvalidError: one cannot; it names the field.
    """
    if _SUSPICIOUS.search(raw):
        _check(value, "")


def _check(value: object, path: str) -> None:
    if isinstance(value, str) and not is_writable(value):
        raise InvalidError(
            "This text has a sign that cannot be kept.",
            field=path or "body",
            accepted="text without U+0000 and without halves of characters",
            cure=f"Take {_UNWRITABLE.findall(value)[0]!a} out.",
        )
    if isinstance(value, Mapping):
        for name, inner in value.items():
            _check(name, f"{path or 'body'} has a name that")
            _check(inner, f"{path}.{name}" if path else str(name))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for place, inner in enumerate(value):
            _check(inner, f"{path}[{place}]")
