"""Putting a piece in the trash, taking it out again, and taking it away for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellissimo.schema.policy import Action
from cellissimo_server.access.person import Person
from cellissimo_server.access.standing import permitted
from cellissimo_server.commands.shown import Seen, seen_one
from cellissimo_server.errors import ChangedError, not_found
from cellissimo_server.store import pieces
from cellissimo_server.store.database import Connection
from cellissimo_server.store.pieces import Piece

if TYPE_CHECKING:
    from cellissimo_server.services import Services

DAY_MS = 24 * 3_600_000


async def trash_piece(
    services: Services, person: Person, piece_id: str, kind: str | None, rev: int | None
) -> None:
    """Put a piece in the trash, where it stays for some weeks; its links stop working at once.

    Raises:
        NotFoundError: it is not there, or not theirs to know of.
        ForbiddenError: they do not own it.
        ChangedError: it has another ``rev`` by now.
    """
    now = services.clock()

    def work(db: Connection) -> None:
        piece, _ = permitted(db, piece_id, person, Action.TRASH, kind=kind)
        if rev is not None and rev != piece.rev:
            raise ChangedError("This piece", yours={"rev": rev}, theirs={"rev": piece.rev})
        pieces.trash(db, piece_id, now)

    await services.database.write(work)
    _announce(services)


async def restore_piece(services: Services, person: Person, piece_id: str) -> Seen:
    """Take a piece out of the trash.

    Raises:
        NotFoundError: there is no such thing in ``person``'s trash.
    """

    def work(db: Connection) -> Seen:
        piece = _in_trash(db, person, piece_id)
        pieces.restore(db, piece.id)
        return seen_one(db, person, pieces.by_id(db, piece.id) or piece)

    restored = await services.database.write(work)
    _announce(services)
    return restored


async def purge_piece(services: Services, person: Person, piece_id: str) -> None:
    """Take a piece in the trash away for good, with its history, its links and its blobs' uses.

    Raises:
        NotFoundError: there is no such thing in ``person``'s trash.
    """

    def work(db: Connection) -> None:
        pieces.delete(db, _in_trash(db, person, piece_id).id)

    await services.database.write(work)
    services.documents.forget(piece_id)
    _announce(services)


async def empty_old_trash(services: Services) -> int:
    """Take away for good what has been in the trash for too long; gives how many pieces went."""
    before = services.clock() - services.settings.trash_days * DAY_MS

    def work(db: Connection) -> list[str]:
        gone = [piece.id for piece in pieces.trashed_before(db, before)]
        for piece_id in gone:
            pieces.delete(db, piece_id)
        return gone

    gone = await services.database.write(work)
    for piece_id in gone:
        services.documents.forget(piece_id)
    return len(gone)


def gone_at(services: Services, trashed_at: int) -> int:
    """When what was put in the trash then goes for good."""
    return trashed_at + services.settings.trash_days * DAY_MS


def _in_trash(db: Connection, person: Person, piece_id: str) -> Piece:
    piece = pieces.by_id(db, piece_id)
    if piece is None or piece.trashed_at is None or piece.owner_id != person.id:
        raise not_found("piece in your trash")
    return piece


def _announce(services: Services) -> None:
    services.caches.piece_changed()
    services.caches.share_changed()
