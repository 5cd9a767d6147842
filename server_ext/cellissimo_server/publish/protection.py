"""The headers that keep a public page harmless: what it may load, and who may frame it."""

from __future__ import annotations

from collections.abc import Iterable

from cellissimo_server.access.origins import is_origin

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


def framed_by(origins: Iterable[str]) -> str:
    """The ``frame-ancestors`` of an embed: this server and the origins that are valid."""
    plain = (origin.lower().removesuffix("/") for origin in origins)
    valid = sorted({origin for origin in plain if is_origin(origin)})
    return " ".join(("frame-ancestors 'self'", *valid))


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
