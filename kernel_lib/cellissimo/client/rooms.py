"""Plans about rooms: a ticket to come in, what is said there, and the recordings of edits."""

from __future__ import annotations

from dataclasses import dataclass

from cellissimo.client import sounds
from cellissimo.client.call import Answer, Call, Plan, as_model, ask, at, given, query_of
from cellissimo.client.pieces import Kind
from cellissimo.schema.rest.said import CommentList, MessageList


@dataclass(frozen=True, slots=True)
class Ticket:
    """What opens one room for one person, once, within a minute; ``url`` is the room's path."""

    ticket: str
    url: str

    def __repr__(self) -> str:
        """Without the ticket: it must not be in a saved notebook."""
        return f"Ticket({self.url!r})"


def room_ticket(
    piece_id: str, via: str = "kernel", *, token: str | None = None, name: str | None = None
) -> Plan[Ticket]:
    """A ticket for the room of a piece; of whoever has a link: its token, and a chosen name.

    Raises:
        NotThereError: there is no such piece for this person.
    """
    body = given(via=via, token=token, name=name)
    return ask(Call("POST", at("rooms", piece_id, "tickets"), _ticket, body=body))


def _ticket(answer: Answer) -> Ticket:
    told = answer.json()
    return Ticket(str(told["ticket"]), str(told["url"]))


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
