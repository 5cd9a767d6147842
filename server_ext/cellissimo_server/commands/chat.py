"""Chat: lines that members, and guests of links that allow comments, say in a room.

Being public opens no chat: what is said in a room is said to those who work there.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING

from cellissimo.domain.tempo_map import MeterMap
from cellissimo.schema import limits
from cellissimo.schema.policy import RANK, Action, Role, Standing
from cellissimo.schema.rest.lists import PageQuery
from cellissimo.schema.rest.said import (
    ChatLine,
    LineNamed,
    MessageList,
    NewMessage,
    NewPosition,
    Position,
    RoomPerson,
)
from cellissimo.schema.rest.shape import to_time
from cellissimo_server.access.person import Person, known
from cellissimo_server.access.standing import permitted
from cellissimo_server.commands.announcing import announce
from cellissimo_server.commands.room_people import room_people, spend_message
from cellissimo_server.errors import ConflictError, ForbiddenError, not_found
from cellissimo_server.store import messages
from cellissimo_server.store.database import Connection
from cellissimo_server.store.messages import Message
from cellissimo_server.store.paging import Paging

if TYPE_CHECKING:
    from cellissimo_server.services import Services


async def list_messages(
    services: Services, person: Person, piece_id: str, query: PageQuery
) -> MessageList:
    """One page of the chat of a piece, newest first.

    Raises:
        NotFoundError: the piece is not there, or not theirs to know of.
        ForbiddenError: what is said there is not for them.
    """
    paging = Paging(query.page, query.limit, query.after)

    def work(db: Connection) -> MessageList:
        permitted(db, piece_id, person, Action.COMMENT)
        found = messages.of_piece(db, piece_id, paging)
        people = room_people(db, (one.author_id for one in found.rows))
        return MessageList(
            messages=[line_shown(one, people) for one in found.rows],
            total=found.total,
            page=found.page,
            limit=found.limit,
            has_more=found.has_more,
            next=found.next,
        )

    return await services.database.read(work)


async def send_message(
    services: Services, person: Person, piece_id: str, body: NewMessage
) -> ChatLine:
    """Say a line; the same ``id`` again gives the same line, and nobody is told twice.

    Raises:
        NotFoundError: the piece is not there, or not theirs to know of.
        ForbiddenError: they may not say anything there.
        ConflictError: the id is somebody else's line, or that of another room.
        TooManyError: they have said as much as an hour allows.
    """
    known(person)
    spend_message(services, person)
    await services.database.read(lambda db: permitted(db, piece_id, person, Action.COMMENT))
    position, now = await _position(services, piece_id, body.position), services.clock()

    def work(db: Connection) -> tuple[ChatLine, bool]:
        permitted(db, piece_id, person, Action.COMMENT)
        there = messages.by_id(db, body.id) if body.id else None
        if there is not None:
            _check_same(there, person, piece_id)
        made = there or _made(db, person, piece_id, body, position, now)
        return line_shown(made, room_people(db, [made.author_id])), there is None

    line, is_new = await services.database.write(work)
    if is_new:
        announce_line(services, piece_id, line)
    return line


async def _position(services: Services, piece_id: str, sent: NewPosition | None) -> Position | None:
    """What a line points to, its bar as the tick at which that begins now."""
    if sent is None:
        return None
    tick = sent.tick
    if tick is None and sent.bar is not None:
        song = (await services.documents.revision(piece_id)).value
        tick = min(MeterMap(song.meters).tick_of(sent.bar), limits.LAST_TICK)
    points = tick is not None or sent.cell is not None
    return Position(tick=tick, cell=sent.cell) if points else None


def _check_same(there: Message, person: Person, piece_id: str) -> None:
    if (there.author_id, there.piece_id) != (person.id, piece_id):
        raise ConflictError(
            "This id names another line already.",
            field="id",
            value=there.id,
            cure="Make a new UUID for each line.",
        )


def _made(
    db: Connection,
    person: Person,
    piece_id: str,
    body: NewMessage,
    position: Position | None,
    now: int,
) -> Message:
    made = Message(
        id=body.id or str(uuid.uuid4()),
        piece_id=piece_id,
        number=messages.next_number(db, piece_id),
        author_id=person.id,
        text=body.text,
        position=position.model_dump_json(by_alias=True) if position else None,
        made_at=now,
        removed_at=None,
        removed_by=None,
    )
    messages.insert(db, made)
    return made


async def remove_message(
    services: Services, person: Person, piece_id: str, body: LineNamed
) -> None:
    """Take a line back: one's own, or any as an admin; again does nothing.

    Raises:
        NotFoundError: there is no such line.
        ForbiddenError: it is somebody else's.
    """
    spend_message(services, person)
    now = services.clock()

    def work(db: Connection) -> bool:
        _, standing = permitted(db, piece_id, person, Action.COMMENT)
        there = messages.by_id(db, body.line_id)
        if there is None or there.piece_id != piece_id:
            raise not_found("line")
        check_own(person, standing, there.author_id, "line")
        return messages.remove(db, there.id, person.id, now)

    if await services.database.write(work):
        announce_removed(services, piece_id, body.line_id)


def check_own(person: Person, standing: Standing, author_id: str, what: str) -> None:
    """Pass where something said is ``person``'s own, or an admin moderates it.

    Raises:
        ForbiddenError: it is somebody else's.
    """
    moderates = standing.role is not None and RANK[standing.role] >= RANK[Role.ADMIN]
    if not moderates and author_id != person.id:
        raise ForbiddenError(
            f"This {what} is somebody else's.",
            cure=f"Ask whoever wrote the {what}, or an admin of the piece, to take it back.",
        )


def announce_line(services: Services, piece_id: str, line: ChatLine, *, again: bool = True) -> None:
    """Tell a room of a line that was said."""
    news = {"kind": "chat", "what": "made", "line": line.to_json()}
    announce(services, piece_id, news, again=again)


def announce_removed(
    services: Services, piece_id: str, line_id: str, *, again: bool = True
) -> None:
    """Tell a room of a line that was taken back."""
    news = {"kind": "chat", "what": "removed", "line": {"id": line_id}}
    announce(services, piece_id, news, again=again)


def line_shown(one: Message, people: Mapping[str, RoomPerson]) -> ChatLine:
    """A line as everybody who may read it sees it."""
    return ChatLine(
        id=one.id,
        number=one.number,
        author=people[one.author_id],
        at=to_time(one.made_at),
        text=one.text,
        position=Position.model_validate_json(one.position) if one.position else None,
    )
