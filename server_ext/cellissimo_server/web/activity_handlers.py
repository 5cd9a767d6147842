"""What was done to pieces, over HTTP: listed, told as it happens, and whose the music is."""

from __future__ import annotations

import json
from contextlib import aclosing

from tornado.iostream import StreamClosedError

from cellissimo.schema.policy import Action
from cellissimo.schema.rest.activity import (
    ActivityList,
    ActivityQuery,
    Away,
    AwayQuery,
    Contributions,
    EventsQuery,
)
from cellissimo_server.commands import activity
from cellissimo_server.commands.contributions import contributions
from cellissimo_server.web.handler import Handler
from cellissimo_server.web.operation import operation
from cellissimo_server.web.routes import Route

_MOST_DIGITS = 15


class ActivityHandler(Handler):
    """What was done to a piece."""

    @operation(
        "What was done to a piece, as events, newest first",
        query=ActivityQuery,
        answer=ActivityList,
        access="guest",
        action=Action.READ_HISTORY,
    )
    async def get(self, piece_id: str, query: ActivityQuery) -> ActivityList:
        """What came before ``before``, or the newest."""
        return await activity.list_activity(self.services, self.person, piece_id, query)


class AwayHandler(Handler):
    """What happened while somebody was away."""

    @operation(
        "What others did to a piece since a revision, in words",
        query=AwayQuery,
        answer=Away,
        access="guest",
        action=Action.READ_HISTORY,
    )
    async def get(self, piece_id: str, query: AwayQuery) -> Away:
        """Who did what, and how much was said."""
        return await activity.away(self.services, self.person, piece_id, query.since)


class ContributionsHandler(Handler):
    """Whose a piece is."""

    @operation(
        "Everybody's part of the present song",
        answer=Contributions,
        access="guest",
        action=Action.READ_HISTORY,
    )
    async def get(self, piece_id: str) -> Contributions:
        """The largest first; shares sum to 1."""
        return await contributions(self.services, self.person, piece_id)


class RoomEventsHandler(Handler):
    """What is done to a piece, as it is done."""

    @operation(
        "The edits of a piece as events, as they happen",
        query=EventsQuery,
        media="text/event-stream",
        access="guest",
        action=Action.READ_HISTORY,
    )
    async def get(self, piece_id: str, query: EventsQuery) -> None:
        """Tell until one of the two goes; who comes back says what they heard last."""
        last = self.request.headers.get("Last-Event-ID", "")
        if last.isascii() and last.isdecimal() and len(last) <= _MOST_DIGITS:
            query = query.model_copy(update={"after": int(last)})
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Accel-Buffering", "no")
        try:
            async with aclosing(
                activity.follow(self.services, self.person, piece_id, query)
            ) as events:
                await self._tell(events, waits=query.wait)
        except StreamClosedError:
            return

    async def _tell(self, events: activity.Following, *, waits: bool) -> None:
        is_first = True
        async for told in events:
            if is_first:
                self.set_header("Content-Type", "text/event-stream")
                self.write("retry: 3000\n\n" if waits else "")
                is_first = False
            self.write(written(told) if told else ":\n\n")
            await self.flush()


def written(told: list[activity.Told]) -> str:
    """Events as they travel; the last of a revision has its number, so that none is lost."""
    lines = []
    for place, (seq, kind, facts) in enumerate(told):
        is_last = place + 1 == len(told) or told[place + 1][0] != seq
        named = f"id: {seq}\n" if is_last else ""
        lines.append(f"{named}event: {kind}\ndata: {json.dumps(facts, ensure_ascii=False)}\n\n")
    return "".join(lines)


ROUTES = [
    Route("rooms/{piece_id}/activity", ActivityHandler),
    Route("rooms/{piece_id}/away", AwayHandler),
    Route("rooms/{piece_id}/contributions", ContributionsHandler),
    Route("rooms/{piece_id}/events", RoomEventsHandler),
]
