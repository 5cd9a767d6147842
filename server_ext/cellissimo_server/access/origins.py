"""Origins whose pages may show embeds in a frame."""

from __future__ import annotations

import re

from cellissimo_server.errors import InvalidError

_HOST = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_PORT = r"(?::\d{1,5})?"
_ORIGIN = re.compile(rf"https://{_HOST}{_PORT}|http://(?:localhost|127\.0\.0\.1){_PORT}")


def is_origin(text: str) -> bool:
    """Whether a text is an origin as `checked_origin` gives it: safe to stand in a header."""
    return _ORIGIN.fullmatch(text) is not None


def checked_origin(origin: str) -> str:
    """An origin that may frame embeds: ``https://host`` or a loopback one, nothing behind it.

    Raises:
        InvalidError: it is something else.
    """
    plain = origin.strip().lower().removesuffix("/")
    if is_origin(plain):
        return plain
    raise InvalidError(
        f"{origin!r} is no origin that can show embeds.",
        field="embedOrigins",
        value=origin,
        accepted="https://host, https://host:port, or http://localhost:port",
        cure="Give scheme and host alone, such as https://example.org.",
    )
