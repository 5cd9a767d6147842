"""Bodies that go to disk while they come: nothing of them is held in memory, or believed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from tornado import web

from cellissimo_server.access import identity
from cellissimo_server.errors import InvalidError, RefusalError, TooLargeError
from cellissimo_server.store.upload_files import Receiver
from cellissimo_server.web.handler import Handler
from cellissimo_server.web.operation import Operation, operations_of

DRAINED = 16_000_000
"""Bytes that are read and thrown away after a refusal, so that the sender comes to its answer."""


class StreamedHandler(Handler):
    """A handler that takes the body of one method, ``STREAMED``, piece by piece.

    Its subclasses are decorated with ``tornado.web.stream_request_body``. Who asks and whether
    they may is decided before the first byte. A refusal waits until the bytes are over, because few
    clients read an answer while they send.
    """

    STREAMED = ""

    _receiver: Receiver | None = None
    _refusal: RefusalError | web.HTTPError | None = None
    _has_all = False

    async def begin(self, **path: str) -> Receiver:
        """What takes the bytes of this request.

        Raises:
            RefusalError: they are not wanted.
        """
        raise NotImplementedError

    def largest_body(self) -> int:
        """Bytes of a body that are wanted at the most."""
        raise NotImplementedError

    async def take(self, chunk: bytes) -> None:
        """Take the next bytes of the body."""
        if self._receiver is not None:
            await self._receiver.write(chunk)

    @property
    def _is_streamed(self) -> bool:
        return self.request.method == self.STREAMED

    async def prepare(self) -> None:  # type: ignore[override] # as Jupyter's APIHandler
        """Decide who may send, before anything is read."""
        try:
            await super().prepare()
        except web.HTTPError as error:
            self._put_off(error)
        if not self._is_streamed or self._refusal is not None:
            return
        most = self.largest_body()
        connection: Any = self.request.connection
        connection.set_max_body_size(most + DRAINED)
        try:
            self._check_announced(most)
            await self._identify()
            self._receiver = await self.begin(**self.path_kwargs)
        except RefusalError as error:
            self._put_off(error)

    def _put_off(self, error: RefusalError | web.HTTPError) -> None:
        """Refuse when the bytes are over; at once where they are too many to wait for."""
        if self._announced() > DRAINED:
            raise error
        self._refusal = error

    async def _identify(self) -> None:
        self.person = await identity.person_of(self, self.services)
        await self._admit(operations_of(type(self))[self.STREAMED.lower()])

    def _announced(self) -> int:
        given = self.request.headers.get("Content-Length", "0")
        return int(given) if given.isdecimal() and len(given) < 20 else 1 << 62

    def _check_announced(self, most: int) -> None:
        if self._announced() > most + DRAINED:
            raise TooLargeError(
                "This body is larger than anything that is taken here.",
                field="Content-Length",
                value=self.request.headers["Content-Length"][:20],
                accepted=f"at most {most} bytes",
                cure="Send less, or send it in pieces: POST /cellissimo/api/v1/uploads.",
            )

    async def data_received(self, chunk: bytes) -> None:
        """Take bytes, or throw them away after a refusal."""
        if not self._is_streamed or self._refusal is not None:
            return
        try:
            await self.take(chunk)
        except RefusalError as error:
            self._refusal = error
            await self._abandon()

    async def perform(self, declared: Operation, run: Callable[..., Awaitable[Any]]) -> None:
        """Run the method: who asks was decided before, where its body was streamed."""
        self._has_all = True
        if self._refusal is not None:
            raise self._refusal
        if not self._is_streamed:
            await super().perform(declared, run)
            return
        try:
            answer = await run()
        finally:
            await self._abandon()
        if answer is not None:
            self.answer(answer, declared.status)

    def receiver(self) -> Receiver:
        """What has taken the body; it is the caller's from now on.

        Raises:
            InvalidError: there was nothing to take.
        """
        found, self._receiver = self._receiver, None
        if found is None:
            raise InvalidError("There is no file.", field="file", cure="Send one.")
        return found

    async def _abandon(self) -> None:
        """Forget bytes that nobody has taken over."""
        receiver, self._receiver = self._receiver, None
        if receiver is not None:
            await asyncio.to_thread(receiver.abandon)

    def on_connection_close(self) -> None:
        """The sender is gone in the middle: forget what came, and be counted as gone."""
        super().on_connection_close()
        if not self._is_streamed or self._has_all or self._finished:
            return  # whoever has all bytes finishes, and is counted then
        receiver, self._receiver = self._receiver, None
        if receiver is not None:
            receiver.abandon()
        if self._is_inside:
            self._is_inside = False
            self._traffic.leave()
