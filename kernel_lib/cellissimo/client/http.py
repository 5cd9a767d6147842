"""Clients of the interface: ``Client`` waits for each answer, ``AsyncClient`` is awaited.

Needs httpx2 and pydantic: ``pip install 'cellissimo[client]'``.
"""

from __future__ import annotations

import asyncio
import os
import time
import weakref
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx2

from cellissimo.client.call import Answer, Call, Plan
from cellissimo.client.finding import runtime_folder
from cellissimo.client.operations import Operations
from cellissimo.client.steps import Connection, Lost, Send, Wait

T = TypeVar("T")

_TIMEOUT = httpx2.Timeout(60, connect=5)


class Client(Operations):
    """A server, asked and waited for: ``cm.Client().projects()``.

    It finds its server by itself: the one that started this kernel, or one that this user has
    running. Reads are tried again where the way there is disturbed; changes never are.
    """

    def __init__(
        self,
        url: str | None = None,
        token: str | None = None,
        *,
        environ: Mapping[str, str] = os.environ,
        runtime: Path | None = None,
    ) -> None:
        """The server at ``url`` with a token, or the one that is found.

        Raises:
            NoServerError: none is known; the message says how to get one.
        """
        self._connection = Connection.found(url, token, environ, runtime or runtime_folder())
        self._http = httpx2.Client(**_way(self._connection))
        weakref.finalize(self, self._http.close)  # `cm.Client().me()` leaves nothing open

    @property
    def url(self) -> str:
        """The server's address, which ends with "/cellissimo"."""
        return self._connection.address.url

    @property
    def is_here(self) -> bool:
        """Whether the server runs on this machine: no proxy is needed to reach it."""
        return self._connection.is_here

    def run(self, plan: Plan[T]) -> T:
        """What a plan gives; each of its calls is waited for.

        Raises:
            ServerError: the server refused, or does not answer.
        """
        steps = self._connection.steps(plan)
        try:
            step = next(steps)
            while True:
                step = steps.send(self._taken(step))
        except StopIteration as end:
            found: T = end.value
            return found

    def _taken(self, step: Send | Wait) -> Answer | Lost | None:
        if isinstance(step, Wait):
            time.sleep(step.seconds)
            return None
        try:
            return _answer(self._http.request(**_request(step)))
        except httpx2.TransportError as error:
            return Lost(type(error).__name__)

    def awaited(self) -> AsyncClient:
        """The same server for the same person, to be awaited; for another thread, too."""
        made = AsyncClient.__new__(AsyncClient)
        made._begin(self._connection)  # noqa: SLF001 - of one make
        return made

    def close(self) -> None:
        """Let go of the connection."""
        self._http.close()

    def __enter__(self) -> Self:
        """Used for the length of a ``with``."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Close."""
        self.close()

    def __repr__(self) -> str:
        """The address, without the token."""
        return f"Client({self.url!r})"


class AsyncClient(Operations):
    """A server, asked and awaited: ``await cm.AsyncClient().projects()``. Else as ``Client``."""

    def __init__(
        self,
        url: str | None = None,
        token: str | None = None,
        *,
        environ: Mapping[str, str] = os.environ,
        runtime: Path | None = None,
    ) -> None:
        """The server at ``url`` with a token, or the one that is found.

        Raises:
            NoServerError: none is known; the message says how to get one.
        """
        self._begin(Connection.found(url, token, environ, runtime or runtime_folder()))

    def _begin(self, connection: Connection) -> None:
        self._connection = connection
        self._http = httpx2.AsyncClient(**_way(connection))

    @property
    def url(self) -> str:
        """The server's address, which ends with "/cellissimo"."""
        return self._connection.address.url

    @property
    def is_here(self) -> bool:
        """Whether the server runs on this machine: no proxy is needed to reach it."""
        return self._connection.is_here

    async def run(self, plan: Plan[T]) -> T:
        """What a plan gives; each of its calls is awaited.

        Raises:
            ServerError: the server refused, or does not answer.
        """
        steps = self._connection.steps(plan)
        try:
            step = next(steps)
            while True:
                step = steps.send(await self._taken(step))
        except StopIteration as end:
            found: T = end.value
            return found

    async def _taken(self, step: Send | Wait) -> Answer | Lost | None:
        if isinstance(step, Wait):
            await asyncio.sleep(step.seconds)
            return None
        try:
            return _answer(await self._http.request(**_request(step)))
        except httpx2.TransportError as error:
            return Lost(type(error).__name__)

    def awaited(self) -> AsyncClient:
        """Another one of the same server for the same person; for another thread, too."""
        made = AsyncClient.__new__(AsyncClient)
        made._begin(self._connection)  # noqa: SLF001 - of one make
        return made

    async def close(self) -> None:
        """Let go of the connection."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        """Used for the length of an ``async with``."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Close."""
        await self.close()

    def __repr__(self) -> str:
        """The address, without the token."""
        return f"AsyncClient({self.url!r})"


def _way(connection: Connection) -> dict[str, Any]:
    """How httpx2 gets there.

    A server on this machine needs no proxy, and without TLS no certificates either, whose reading
    takes longer than all the rest.
    """
    is_plain = connection.is_here and connection.address.url.startswith("http:")
    return {"trust_env": not connection.is_here, "verify": not is_plain}


def _request(step: Send) -> dict[str, Any]:
    """What httpx2 sends."""
    call: Call[Any] = step.call
    return {
        "method": step.method,
        "url": step.url,
        "params": dict(call.query) or None,
        "json": call.body,
        "content": call.content,
        "files": dict(call.files) or None,
        "data": dict(call.form) or None,
        "headers": dict(step.headers),
        "timeout": _TIMEOUT if call.timeout_s is None else call.timeout_s,
    }


def _answer(response: httpx2.Response) -> Answer:
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status_code, headers, response.content)
