"""Opening a piece: its row, and what its document says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellissimo.schema.models import Song
from cellissimo.schema.policy import Action
from cellissimo_server.access.person import Person
from cellissimo_server.access.standing import permitted
from cellissimo_server.commands.shown import Seen, seen_one
from cellissimo_server.store import members, pieces
from cellissimo_server.store.database import Connection

if TYPE_CHECKING:
    from cellissimo_server.services import Services

_NOTED_MS = 60_000
"""How often it is noted that somebody opened a piece of theirs."""


async def open_piece(
    services: Services, person: Person, piece_id: str, kind: str | None = None
) -> Seen:
    """A piece as ``person`` sees it; that a member opened it is noted.

    Raises:
        NotFoundError: it is not there, or not theirs to know of.
    """

    def look(db: Connection) -> Seen:
        piece, _ = permitted(db, piece_id, person, Action.READ, kind=kind)
        return seen_one(db, person, piece)

    one = await services.database.read(look)
    now = services.clock()
    if one.standing.role is not None and now - one.piece.accessed_at > _NOTED_MS:
        await services.database.write(lambda db: _noted(db, piece_id, person, now))
    return one


async def music_of_piece(services: Services, one: Seen) -> Song:
    """What the document of a piece says now."""
    return (await services.documents.revision(one.piece.id)).value


def _noted(db: Connection, piece_id: str, person: Person, now: int) -> None:
    pieces.accessed(db, piece_id, now)
    members.active(db, piece_id, person.id, now)
