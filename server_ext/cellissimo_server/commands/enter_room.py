"""Coming into a room: who gets a ticket, and what a room tells of itself."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from cellissimo.schema.policy import Action
from cellissimo.schema.rest.rooms import (
    Latency,
    RoomShown,
    Session,
    TicketMade,
    TicketRequest,
)
from cellissimo.schema.rest.said import RoomPerson
from cellissimo.schema.rest.shape import to_time
from cellissimo_server.access.asking import Asked, granted
from cellissimo_server.access.meeting import by_guest_token
from cellissimo_server.access.person import Person, known
from cellissimo_server.access.standing import permitted
from cellissimo_server.commands.guests import make_guest
from cellissimo_server.errors import ForbiddenError
from cellissimo_server.rooms.opened import Opened
from cellissimo_server.rooms.place import Place
from cellissimo_server.rooms.presence import Participant
from cellissimo_server.rooms.room import Room
from cellissimo_server.rooms.seat import color_of

if TYPE_CHECKING:
    from cellissimo_server.services import Services

GUEST = "Guest"
"""What a visitor is called who has chosen no name."""


async def check_entry(services: Services, person: Person, piece_id: str) -> None:
    """Pass where somebody may be in the room of a piece.

    Raises:
        NotFoundError: it is not there, or not theirs to know of.
    """
    await services.database.read(lambda db: permitted(db, piece_id, person, Action.READ))


async def as_guest(services: Services, name: str | None, address: str) -> tuple[Person, str]:
    """A visitor from an address as a new guest, and the token that shows it is them.

    Raises:
        TooManyError: too many have come from there within the hour.
    """
    made = await make_guest(services, name or GUEST, address)
    return await by_guest_token(services, made.token), made.token


async def make_ticket(
    services: Services, person: Person, piece_id: str, body: TicketRequest
) -> TicketMade:
    """A ticket for somebody who may be in a room.

    Raises:
        NotFoundError: it is not there, or not theirs to know of.
        ForbiddenError: they have come with a token that reads nothing.
    """
    if "read" not in known(person).scopes:  # a room says all that a piece holds
        raise ForbiddenError(
            f"This token has the scopes {sorted(person.scopes)}.",
            field="scopes",
            accepted="read and write",
            cure="Make a token with both scopes and use that one.",
        )
    await check_entry(services, person, piece_id)
    link = person.link.token_hash if person.link else None
    asked = Asked(piece_id, person.id, link, person.token_id, person.exempt)
    ticket, expires = await services.tickets.issue(asked, body.via)
    rights = await services.database.read(partial(granted, asked=[asked], now=services.clock()))
    role = rights[0].standing.role
    name, epoch, seq = await services.documents.look(piece_id, _standing)
    return TicketMade(
        ticket=ticket,
        url=f"{services.base_url}cellissimo/rooms/{piece_id}",
        name=name,
        expires_at=to_time(expires),
        epoch=epoch,
        seq=seq,
        person=RoomPerson(
            id=person.id,
            name=person.display_name,
            color=color_of(person.id),
            kind="guest" if person.kind == "guest" else "user",
        ),
        role=role.value if role else None,
        may=[action.value for action in Action if action in rights[0].may],
    )


async def show_room(services: Services, person: Person, piece_id: str) -> RoomShown:
    """Who is in a room, and what is measured of it.

    Raises:
        NotFoundError: it is not there, or not theirs to know of.
    """
    await services.database.read(lambda db: permitted(db, piece_id, person, Action.LIST_MEMBERS))
    room = services.rooms.of(piece_id)
    lag = services.database.lag_s
    name, epoch, seq = await services.documents.look(piece_id, _standing)
    if room is None:
        return RoomShown(
            piece_id=piece_id, name=name, state="empty", seq=seq, epoch=epoch, participants=[],
            transport=None, edits=0, edits_per_second=0, refusals=0,
            latency=Latency(p50=None, p95=None), journal_lag=lag,
        )  # fmt: skip
    figures = room.figures
    return RoomShown(
        piece_id=piece_id,
        name=name,
        state=room.state.value,
        seq=room.seq,
        epoch=room.epoch,
        participants=_sessions(room),
        transport=dict(room.ensemble.transport),
        edits=figures.edits,
        edits_per_second=figures.per_second(services.rooms.clock()),
        refusals=figures.refusals,
        latency=Latency(p50=figures.latency(0.5), p95=figures.latency(0.95)),
        journal_lag=lag,
    )


def _standing(held: Opened) -> tuple[str, str, int]:
    """The name of a piece, its history, and its revision."""
    return held.document.revision.title, held.document.epoch, held.seq


def _sessions(room: Room) -> list[Session]:
    people = room.ensemble.people()
    return [
        _session(people[session], place)
        for session, place in room.places.items()
        if session in people
    ]


def _session(shown: Participant, place: Place) -> Session:
    return Session(
        session=shown.session,
        person=RoomPerson(**shown.person),
        role=shown.role,
        via=shown.via,
        activity=shown.activity,
        place=shown.place,
        state=shown.state,
        received=place.received,
        sent=place.outbox.sent,
        outbox=place.outbox.waiting,
    )
