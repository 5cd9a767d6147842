"""The headers that keep a public page harmless: what it may load, and who may frame it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cellissimo_server.errors import InvalidError

_HOST = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ORIGIN = re.compile(
    rf"https://{_HOST}(?::\d{{1,5}})?|http://(?:localhost|127\.0\.0\.1)(?::\d{{1,5}})?"
)

# The engine is WebAssembly, and its worklet a script that the page itself holds as a blob.
_SCRIPTS = "script-src 'self' 'wasm-unsafe-eval' blob:"
_POLICY = (
    "default-src 'none'",
    _SCRIPTS,
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
)


def checked_origin(origin: str) -> str:
    """An origin that may frame embeds: ``https://host`` or a loopback one, nothing behind it.

    Raises:
        InvalidError: it is something else.
    """
    plain = origin.strip().lower().removesuffix("/")
    if _ORIGIN.fullmatch(plain):
        return plain
    raise InvalidError(
        f"{origin!r} is no origin that can show embeds.",
        field="embedOrigins",
        value=origin,
        accepted="https://host, https://host:port, or http://localhost:port",
        cure="Give scheme and host alone, such as https://example.org.",
    )


def framed_by(origins: Iterable[str]) -> str:
    """The ``frame-ancestors`` of an embed: this server and the origins that are valid."""
    valid = sorted({origin for origin in map(_or_nothing, origins) if origin})
    return " ".join(("frame-ancestors 'self'", *valid))


def _or_nothing(origin: str) -> str:
    try:
        return checked_origin(origin)
    except InvalidError:
        return ""


def headers(
    frame_ancestors: str = "frame-ancestors 'none'", *, is_listed: bool = False
) -> dict[str, str]:
    """The headers of a page that shows what others have made; ``is_listed``: search may find it."""
    named = {
        "Content-Security-Policy": "; ".join((*_POLICY, frame_ancestors)),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Cache-Control": "private, no-cache",
    }
    return named if is_listed else named | {"X-Robots-Tag": "noindex"}
