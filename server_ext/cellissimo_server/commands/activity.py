"""What was done to a piece, told to those who work on it: as events, and while one was away.

The public is told of none of it: it says who works here, and when.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from cellissimo.crdt.activity import words_of
from cellissimo.schema.policy import Action
from cellissimo.schema.rest.activity import (
    ActivityEvent,
    ActivityList,
    ActivityQuery,
    Away,
    EventsQuery,
    Happening,
)
from cellissimo.schema.rest.history import Revision
from cellissimo.schema.rest.said import RoomPerson
from cellissimo.schema.rest.shape import to_time
from cellissimo_server.access.asking import Asked, granted
from cellissimo_server.access.person import Person
from cellissimo_server.access.standing import permitted
from cellissimo_server.commands.read_history import authors_of
from cellissimo_server.commands.room_people import room_people
from cellissimo_server.rooms.activity import Deed
from cellissimo_server.store import comments, marks, messages, users
from cellissimo_server.store.database import Connection

if TYPE_CHECKING:
    from cellissimo_server.services import Services

LOOK_EVERY_S = 3.0
"""How often it is looked for what other servers wrote, in seconds, while somebody follows."""

MOST_BEHIND = 1000
"""Edits that who comes back is told one by one; of more they are told that there is a gap."""

MOST_REVISIONS = 50
"""Revisions that are told of what happened while one was away."""


async def list_activity(
    services: Services, person: Person, piece_id: str, query: ActivityQuery
) -> ActivityList:
    """What was done to a piece, newest first.

    Raises:
        NotFoundError: it is not there, or not theirs to know of.
        ForbiddenError: its history is not theirs to read.
    """
    await _admit(services, person, piece_id)
    activity = services.documents.activity
    deeds, has_more = await activity.deeds(piece_id, query.before, query.limit)
    people = await people_of(services, (deed.author for deed in deeds))
    return ActivityList(
        activity=[happening(deed, people) for deed in deeds],
        before=deeds[-1].first if has_more else None,
    )


async def _admit(services: Services, person: Person, piece_id: str) -> None:
    await services.database.read(lambda db: permitted(db, piece_id, person, Action.READ_HISTORY))


async def people_of(services: Services, ids: Iterable[str]) -> Mapping[str, RoomPerson]:
    """The people among some authors, by id: what we wrote ourselves has none."""
    wanted = set(ids)

    def work(db: Connection) -> Mapping[str, RoomPerson]:
        return room_people(db, users.by_ids(db, wanted))

    return await services.database.read(work)


def happening(deed: Deed, people: Mapping[str, RoomPerson]) -> Happening:
    """A deed as an answer shows it."""
    return Happening(
        id=f"{deed.first}-{deed.last}",
        from_seq=deed.first,
        seq=deed.last,
        at=to_time(deed.at),
        by=people.get(deed.author),
        words=words_of(deed.events),
        events=[ActivityEvent(**event.to_json()) for event in deed.events],
    )


# -- as it happens -------------------------------------------------------------------------------

Told = tuple[int, str, Mapping[str, Any]]
"""A revision, an event's type, and its JSON."""

Following = AsyncGenerator[list[Told] | None]
"""The events of each edit as it is made; None where nothing came for a while."""


async def follow(
    services: Services, person: Person, piece_id: str, query: EventsQuery
) -> Following:
    """The events of each edit of a piece as it is made; None where nothing came for a while.

    It ends when the right to read the history does, when the server stops, or at once, where
    nobody wants to wait.

    Raises:
        NotFoundError: the piece is not there, or not theirs to know of.
        ForbiddenError: its history is not theirs to read.
    """
    await _admit(services, person, piece_id)
    activity = services.documents.activity
    with activity.following(piece_id) as woken:
        at = query.after
        if at is None:
            at = (await services.documents.revision(piece_id)).seq
        while not activity.is_closed:
            woken.clear()
            at, told = await _since(services, piece_id, at)
            yield told or None
            if not query.wait:
                return
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY_S):
                    await woken.wait()
            if not await _may_go_on(services, person, piece_id):
                return


async def _may_go_on(services: Services, person: Person, piece_id: str) -> bool:
    """Whether they may, at this moment: a token, an account or a link may have ended since."""
    link = person.link.token_hash if person.link else None
    asked = Asked(piece_id, person.id, link, person.token_id)
    rights = await services.database.read(partial(granted, asked=[asked], now=services.clock()))
    return Action.READ_HISTORY in rights[0].may


async def _since(services: Services, piece_id: str, at: int) -> tuple[int, list[Told]]:
    """Where a piece is now, and the events on the way there."""
    seq = await services.documents.activity.last_seq(piece_id)
    told: list[Told] = []
    if seq - at > MOST_BEHIND:
        told.append((seq - MOST_BEHIND, "gap", {"fromSeq": at, "seq": seq - MOST_BEHIND}))
        at = seq - MOST_BEHIND
    deeds = await services.documents.activity.edits(piece_id, at, seq) if seq > at else []
    people = await people_of(services, {deed.author for deed in deeds}) if deeds else {}
    for deed in deeds:
        told += _events_of(deed, people)
    return max(seq, at), told


def _events_of(deed: Deed, people: Mapping[str, RoomPerson]) -> list[Told]:
    by = people.get(deed.author)
    facts = {
        "seq": deed.last,
        "at": happening(deed, people).to_json()["at"],
        "by": by.to_json() if by else None,
    }
    return [(deed.last, event.type, facts | event.to_json()) for event in deed.events]


# -- while one was away --------------------------------------------------------------------------


async def away(services: Services, person: Person, piece_id: str, since: int) -> Away:
    """What others did to a piece, and said in its room, since a revision.

    Raises:
        NotFoundError: it is not there, or not theirs to know of.
        ForbiddenError: its history is not theirs to read.
    """
    await _admit(services, person, piece_id)
    history = services.documents.history
    spans, has_more = await history.spans(piece_id, None, MOST_REVISIONS, after=since)
    theirs = [span for span in spans if span.author != person.id]
    words = await history.words(piece_id, theirs)
    people = await people_of(services, [span.author for span in theirs])
    authors = await authors_of(services, {span.author for span in theirs})
    then, said = await services.database.read(lambda db: _said(db, person, piece_id, since))
    return Away(
        from_seq=since,
        seq=await services.documents.activity.last_seq(piece_id),
        since=None if then is None else to_time(then),
        edits=sum(span.last - span.first + 1 for span in theirs),
        messages=said[0],
        comments=said[1],
        people=[people[one] for one in dict.fromkeys(s.author for s in theirs) if one in people],
        revisions=[
            Revision(
                seq=span.last,
                from_seq=span.first,
                at=to_time(span.at),
                author=authors.get(span.author),
                words=told,
                version=None,
            )
            for span, told in zip(theirs, words, strict=True)
        ],
        has_more=has_more,
    )


def _said(
    db: Connection, person: Person, piece_id: str, since: int
) -> tuple[int | None, tuple[int, int]]:
    """When a revision was made, and how much others have said since then."""
    found = marks.newest(db, piece_id, since + 1, 1)
    if not found or found[0].seq != since:
        return None, (0, 0)
    then = found[0].at
    counts = (
        messages.count_since(db, piece_id, then, person.id),
        comments.count_since(db, piece_id, then, person.id),
    )
    return then, counts
