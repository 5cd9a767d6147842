"""Notifications over HTTP: listed, marked, and told as they happen."""

from __future__ import annotations

import asyncio
import contextlib
import json

from tornado.iostream import StreamClosedError

from cellissimo.schema.rest.notifications import (
    Marked,
    NotificationList,
    NotificationsQuery,
    NotificationsRead,
)
from cellissimo_server.commands import notifications
from cellissimo_server.commands.events import Event, Listener
from cellissimo_server.commands.shown_audio import job_shape
from cellissimo_server.web.handler import Handler
from cellissimo_server.web.operation import operation
from cellissimo_server.web.routes import Route

HEARTBEAT_S = 15.0
"""How long the line may be silent, in seconds: proxies cut what is silent for a minute."""


class NotificationsHandler(Handler):
    """What I was told."""

    @operation(
        "My notifications", query=NotificationsQuery, answer=NotificationList, access="guest"
    )
    async def get(self, query: NotificationsQuery) -> NotificationList:
        """List them, newest first."""
        return await notifications.list_notifications(self.services, self.person, query)


class NotificationsReadHandler(Handler):
    """What I have read."""

    @operation("Mark as read", body=NotificationsRead, answer=Marked, access="guest")
    async def post(self, body: NotificationsRead) -> Marked:
        """Mark some, or all."""
        return await notifications.mark_read(self.services, self.person, body)


class EventsHandler(Handler):
    """What happens to me, as it happens."""

    _listener: Listener | None = None

    @operation("My events as they happen", media="text/event-stream", access="guest")
    async def get(self) -> None:
        """Tell until one of the two goes; a page that comes back says what it heard last."""
        self.set_header("Content-Type", "text/event-stream")
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Accel-Buffering", "no")
        last = self.request.headers.get("Last-Event-ID")
        async with self.services.events.listening(self.person.id, last) as listener:
            self._listener = listener
            jobs = asyncio.create_task(self._hear_of_jobs(listener), name="cellissimo-my-jobs")
            try:
                await self._tell(listener)
            except StreamClosedError:
                return
            finally:
                jobs.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await jobs

    async def _hear_of_jobs(self, listener: Listener) -> None:
        async for job in self.services.jobs.follow_owner(self.person.id):
            listener.tell(Event("job", None, job_shape(job).to_json()))

    async def _tell(self, listener: Listener) -> None:
        self.write("retry: 3000\n\n")
        await self.flush()
        while True:
            try:
                async with asyncio.timeout(HEARTBEAT_S):
                    event = await listener.queue.get()
            except TimeoutError:
                self.write(":\n\n")
            else:
                if event is None:
                    return
                self.write(text_of(event))
            await self.flush()

    def on_connection_close(self) -> None:
        """Whoever listened is gone."""
        if self._listener is not None:
            self._listener.tell(None)


def text_of(event: Event) -> str:
    """An event as it travels."""
    named = f"id: {event.id}\n" if event.id else ""
    return f"{named}event: {event.kind}\ndata: {json.dumps(event.json, ensure_ascii=False)}\n\n"


ROUTES = [
    Route("notifications", NotificationsHandler),
    Route("notifications/read", NotificationsReadHandler),
    Route("events", EventsHandler),
]
