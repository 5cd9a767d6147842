"""Addresses that others can open: the server as whoever asks has reached it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from jupyter_server.utils import url_path_join

if TYPE_CHECKING:
    from cellissimo_server.web.handler import Handler


def address_of(handler: Handler, *path: str) -> str:
    """The whole address of a path below ``/cellissimo``."""
    request = handler.request
    origin = f"{request.protocol}://{request.host}"
    return origin + url_path_join(handler.services.base_url, "cellissimo", *path)


def parts_of(address: str) -> SplitResult:
    """The parts of an address that somebody sent; all are empty where it does not read."""
    try:
        return urlsplit(address)
    except ValueError:
        return SplitResult("", "", "", "", "")
