"""A request that the server makes to itself: the same handlers, with an answer in memory."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from tornado import httputil, web

_CARRIED = ("Authorization", "Cookie", "Host", "Origin", "Referer", "User-Agent")
"""Headers that say who asks, and from where."""


@dataclass(slots=True)
class Answered:
    """What a handler answered."""

    status: int
    headers: httputil.HTTPHeaders
    content: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401 - any JSON
        """The answer's body; None where there is none."""
        return json.loads(self.content) if self.content else None


@dataclass(slots=True)
class _Memory(httputil.HTTPConnection):
    """A connection that keeps what is written to it."""

    context: object
    chunks: list[bytes] = field(default_factory=list)

    def write_headers(
        self,
        start_line: httputil.RequestStartLine | httputil.ResponseStartLine,
        headers: httputil.HTTPHeaders,
        chunk: bytes | None = None,
    ) -> asyncio.Future[None]:
        """The head is the handler's own; what comes with it is kept."""
        del start_line, headers
        return self.write(chunk or b"")

    def write(self, chunk: bytes) -> asyncio.Future[None]:
        """Keep a piece of the body."""
        self.chunks.append(chunk)
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        done.set_result(None)
        return done

    def finish(self) -> None:
        """There is nothing to close."""

    def set_close_callback(self, callback: Any) -> None:  # noqa: ANN401 - tornado's
        """It never closes by itself."""


def inner_request(
    outer: web.RequestHandler, method: str, uri: str, content: bytes, headers: dict[str, str]
) -> httputil.HTTPServerRequest:
    """A request from whoever made ``outer``; handlers know it by ``is_inner``."""
    request = outer.request
    carried = {name: value for name in _CARRIED if (value := request.headers.get(name))}
    made = httputil.HTTPServerRequest(
        start_line=httputil.RequestStartLine(method, uri, "HTTP/1.1"),
        headers=httputil.HTTPHeaders(carried | headers),
        body=content,
        connection=_Memory(getattr(request.connection, "context", None)),
    )
    made.protocol, made.remote_ip = request.protocol, request.remote_ip
    made.is_inner = True  # type: ignore[attr-defined]
    return made


def is_inner(request: httputil.HTTPServerRequest) -> bool:
    """Whether the server has made this request itself, for one that it has let in already."""
    return getattr(request, "is_inner", False)


async def answered(
    delegate: Any,  # noqa: ANN401 - tornado's, of the application's find_handler
    request: httputil.HTTPServerRequest,
) -> Answered:
    """What the handler of a request answers."""
    memory: Any = request.connection
    handler = delegate.handler_class(delegate.application, request, **delegate.handler_kwargs)
    # tornado has no public way to run a handler without a socket
    await handler._execute([], *delegate.path_args, **delegate.path_kwargs)  # noqa: SLF001
    return Answered(handler.get_status(), handler._headers, b"".join(memory.chunks))  # noqa: SLF001
