"""Plans about rooms: a ticket to come in, what is said there, and the recordings of edits."""

from __future__ import annotations

from cellissimo.client import sounds
from cellissimo.client.call import Call, Plan, as_model, ask, at, given, query_of
from cellissimo.client.pieces import Kind
from cellissimo.schema.rest.rooms import RoomShown, TicketMade
from cellissimo.schema.rest.said import CommentList, MessageList


def room_ticket(
    piece_id: str, via: str = "kernel", *, link: str | None = None, name: str | None = None
) -> Plan[TicketMade]:
    """A ticket that opens the room of a piece, once, within a minute.

    Whoever has a share ``link`` gives its token, and as a guest a chosen ``name``.

    Raises:
        NotThereError: there is no such piece for this person.
    """
    body = given(via=via, link=link, name=name)
    return ask(Call("POST", at("rooms", piece_id, "tickets"), as_model(TicketMade), body=body))


def room(piece_id: str) -> Plan[RoomShown]:
    """Who is in the room of a piece, and what is measured of it."""
    return ask(Call("GET", at("rooms", piece_id), as_model(RoomShown)))


def messages(piece_id: str, *, page: int = 1, limit: int = 50) -> Plan[MessageList]:
    """A page of the chat of a room, newest first."""
    query = query_of(page=page, limit=limit)
    return ask(Call("GET", at("rooms", piece_id, "messages"), as_model(MessageList), query=query))


def comments(
    piece_id: str, *, resolved: bool | None = None, page: int = 1, limit: int = 50
) -> Plan[CommentList]:
    """A page of the comments on a song, newest first; all, or those that are (not) resolved."""
    query = query_of(resolved=resolved, page=page, limit=limit)
    return ask(Call("GET", at("rooms", piece_id, "comments"), as_model(CommentList), query=query))


def deliver_blob(piece_id: str, blob: str, content: bytes, kind: Kind = "project") -> Plan[None]:
    """Send a recording where the server does not have it yet."""
    is_there = yield from sounds.has_blob(piece_id, blob, kind)
    if not is_there:
        yield from sounds.put_blob(piece_id, blob, content, kind)
