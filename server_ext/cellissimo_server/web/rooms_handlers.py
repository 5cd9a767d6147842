"""Rooms, over HTTP: tickets to come in, and who is there."""

from __future__ import annotations

from dataclasses import replace

from cellissimo.schema.policy import Action
from cellissimo.schema.rest.rooms import RoomShown, TicketMade, TicketRequest
from cellissimo_server.access.person import ByLink
from cellissimo_server.access.secrets import hash_of
from cellissimo_server.commands.enter_room import as_guest, check_entry, make_ticket, show_room
from cellissimo_server.commands.open_shared import used
from cellissimo_server.web.handler import Handler
from cellissimo_server.web.operation import operation
from cellissimo_server.web.routes import Route


class TicketsHandler(Handler):
    """Coming into a room."""

    @operation(
        "A ticket that opens the websocket of a room, once, for a minute",
        body=TicketRequest,
        answer=TicketMade,
        status=201,
        access="anyone",
        cost="read",
        action=Action.READ,
    )
    async def post(self, piece_id: str, body: TicketRequest) -> TicketMade:
        """Let somebody in; a visitor who may be there becomes a guest."""
        person = self.person
        if body.link is not None:
            await used(self.services, body.link, Action.READ)
            link = ByLink(hash_of(body.link), self.services.clock())
            person = replace(person, link=link)
        if not person.is_known:
            await check_entry(self.services, person, piece_id)
            guest, token = await as_guest(self.services, body.name, self.address)
            self.set_guest(token)
            person = replace(guest, link=person.link)
        return await make_ticket(self.services, person, piece_id, body)


class RoomHandler(Handler):
    """One room."""

    @operation(
        "Who is in a room, and what is measured of it",
        answer=RoomShown,
        access="guest",
        action=Action.LIST_MEMBERS,
    )
    async def get(self, piece_id: str) -> RoomShown:
        """The room as it is now; ``empty`` where nobody is there."""
        return await show_room(self.services, self.person, piece_id)


ROUTES = [
    Route("rooms/{piece_id}", RoomHandler),
    Route("rooms/{piece_id}/tickets", TicketsHandler),
]
