"""Notifications read: listed, told in words, marked."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cellissimo.schema.rest.notifications import (
    Marked,
    NotificationList,
    NotificationsQuery,
    NotificationsRead,
)
from cellissimo.schema.rest.notifications import Notification as NotificationShape
from cellissimo.schema.rest.shape import to_time
from cellissimo_server.access.person import Person
from cellissimo_server.commands.shown import person_shown
from cellissimo_server.store import notifications, pieces, users
from cellissimo_server.store.database import Connection
from cellissimo_server.store.notifications import Notification
from cellissimo_server.store.paging import Paging
from cellissimo_server.store.pieces import Piece
from cellissimo_server.store.users import User

if TYPE_CHECKING:
    from cellissimo_server.services import Services


async def list_notifications(
    services: Services, person: Person, wanted: NotificationsQuery
) -> NotificationList:
    """One page of somebody's notifications, newest first."""
    paging = Paging(wanted.page, wanted.limit, wanted.after)

    def work(db: Connection) -> NotificationList:
        found = notifications.of_user(db, person.id, paging, unread=wanted.unread)
        return NotificationList(
            notifications=shown(db, found.rows),
            unread=notifications.count_unread(db, person.id),
            total=found.total,
            page=found.page,
            limit=found.limit,
            has_more=found.has_more,
            next=found.next,
        )

    return await services.database.read(work)


async def mark_read(services: Services, person: Person, wanted: NotificationsRead) -> Marked:
    """Note that somebody has read some of their notifications, or all."""
    now = services.clock()

    def work(db: Connection) -> Marked:
        if wanted.all:
            marked = notifications.read_all(db, person.id, now)
        else:
            marked = notifications.read(db, person.id, wanted.ids, now)
        return Marked(marked=marked, unread=notifications.count_unread(db, person.id))

    return await services.database.write(work)


def shown(db: Connection, found: Sequence[Notification]) -> list[NotificationShape]:
    """Notifications with their words, with two statements for all of them."""
    around = _Around(
        pieces.by_ids(db, {one.piece_id for one in found if one.piece_id}),
        users.by_ids(db, {one.actor_id for one in found if one.actor_id}),
    )
    return [_shown(one, around) for one in found]


@dataclass(frozen=True, slots=True)
class _Around:
    """The pieces and the people that some notifications speak of."""

    pieces: Mapping[str, Piece]
    people: Mapping[str, User]


def _shown(one: Notification, around: _Around) -> NotificationShape:
    detail: dict[str, Any] = json.loads(one.detail)
    actor = around.people.get(one.actor_id or "")
    piece = around.pieces.get(one.piece_id or "")
    return NotificationShape(
        id=one.id,
        kind=one.kind,
        piece_id=one.piece_id,
        actor=None if actor is None else person_shown(actor),
        detail=detail,
        words=words_of(one.kind, actor, piece, detail),
        created_at=to_time(one.created_at),
        read_at=None if one.read_at is None else to_time(one.read_at),
    )


def words_of(kind: str, actor: User | None, piece: Piece | None, detail: Mapping[str, Any]) -> str:
    """A notification as a sentence."""
    who = actor.display_name if actor is not None and actor.deleted_at is None else "Somebody"
    what = f"“{piece.name}”" if piece is not None and piece.trashed_at is None else "a piece"
    teller = _TELLERS.get(kind)
    return teller(who, what, detail) if teller else f"{who}: {kind} of {what}"


def _invite(who: str, what: str, detail: Mapping[str, Any]) -> str:
    role = detail.get("role", "member")
    if role == "owner":
        return f"{what} is yours now: its owner has left."
    return f"{who} shares {what} with you as {role}."


def _offer(who: str, what: str, detail: Mapping[str, Any]) -> str:
    said = {
        "accepted": f"{who} took your offer into {what}.",
        "partly": f"{who} took a part of your offer into {what}.",
        "declined": f"{who} did not take your offer to {what}.",
        "withdrawn": f"{who} took an offer to {what} back.",
    }
    return said.get(str(detail.get("state")), f"{who} offers changes to {what}.")


def _report(_: str, what: str, detail: Mapping[str, Any]) -> str:
    if detail.get("to") == "owner":
        return f"{what} was hidden after a report: {detail.get('reason', 'other')}."
    if detail.get("state") == "upheld":
        return f"Your report was upheld: {what} is hidden."
    return "Your report was looked at, and nothing was changed."


_TELLERS = {
    "invite": _invite,
    "comment": lambda who, what, _: f"{who} wrote about {what}.",
    "fork": lambda who, what, _: f"{who} made a fork of {what}.",
    "offer": _offer,
    "upload": lambda _, __, ___: "Your upload is ready.",
    "report": _report,
}
