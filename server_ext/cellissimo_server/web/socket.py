"""A websocket of ours: who comes in is asked by what it does, its frames are small and many."""

from __future__ import annotations

from typing import Any

from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.base.websocket import WebSocketMixin
from tornado.websocket import WebSocketHandler

MOST_READ = 8_000_000
"""Bytes of a frame that are read at all; what is larger than the wire allows is told so."""

PING_S = 20.0
"""How often a silent line is asked whether it is still there, in seconds."""

_LONGEST_REASON = 120


class Socket(WebSocketMixin, WebSocketHandler, JupyterHandler):
    """A websocket below the server's own address; pages of other sites are kept out."""

    @property
    def max_message_size(self) -> int:
        """Bytes of a frame that are read."""
        return MOST_READ

    @property
    def ping_interval(self) -> float:
        """Seconds between two questions whether the line is still there."""
        return PING_S

    @property
    def ping_timeout(self) -> float:
        """Seconds until a line that does not answer is cut."""
        return PING_S

    def get_compression_options(self) -> None:
        """Frames are small: nothing is compressed."""

    @allow_unauthenticated  # a ticket says who it is
    async def get(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - tornado's
        """Open the websocket."""
        await super().get(*args, **kwargs)


def shortened(reason: str) -> str:
    """As much of a reason as a closing frame holds."""
    return reason.encode()[:_LONGEST_REASON].decode(errors="ignore")
