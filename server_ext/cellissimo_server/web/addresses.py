"""Addresses that others can open: the server as whoever asks has reached it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_server.utils import url_path_join

if TYPE_CHECKING:
    from cellissimo_server.web.handler import Handler


def address_of(handler: Handler, *path: str) -> str:
    """The whole address of a path below ``/cellissimo``."""
    request = handler.request
    origin = f"{request.protocol}://{request.host}"
    return origin + url_path_join(handler.services.base_url, "cellissimo", *path)
