"""Lists of pieces: mine, those shared with me, and everybody's public ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from cellissimo_server.access.person import Person
from cellissimo_server.commands.shown import Seen, seen
from cellissimo_server.store import piece_lists, pieces
from cellissimo_server.store.database import Connection
from cellissimo_server.store.paging import Found, Paging
from cellissimo_server.store.piece_lists import Wanted
from cellissimo_server.store.pieces import Piece

if TYPE_CHECKING:
    from cellissimo_server.services import Services


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of pieces as somebody sees them, and how much there is in all."""

    pieces: list[Seen]
    total: int
    page: int | None
    limit: int
    has_more: bool
    next: str | None

    @property
    def place(self) -> dict[str, Any]:
        """The fields of ``Page``, by their Python names."""
        return {
            "total": self.total,
            "page": self.page,
            "limit": self.limit,
            "has_more": self.has_more,
            "next": self.next,
        }


async def list_mine(services: Services, person: Person, wanted: Wanted, paging: Paging) -> Listed:
    """One page of what ``person`` owns or is a member of."""
    mine = replace(wanted, person=person.id)

    def work(db: Connection) -> Listed:
        return _listed(db, person, piece_lists.listed(db, mine, paging))

    return await services.database.read(work)


async def list_public(services: Services, person: Person, wanted: Wanted, paging: Paging) -> Listed:
    """One page of everybody's public pieces.

    Which they are is kept for a few minutes; how they are, and what ``person`` is to them, is
    looked up each time, so that nothing is shown that another server has made private.
    """
    public = replace(wanted, person=None, visibility="public")

    async def look_up() -> Found[Piece]:
        return await services.database.read(lambda db: piece_lists.listed(db, public, paging))

    found = await services.caches.public.kept((public, paging), look_up)

    def look_again(db: Connection) -> Listed:
        there = pieces.by_ids(db, [row.id for row in found.rows])
        rows = [there[row.id] for row in found.rows if row.id in there]
        shown = [row for row in rows if row.visibility == "public" and row.trashed_at is None]
        return _listed(db, person, replace(found, rows=shown))

    return await services.database.read(look_again)


def _listed(db: Connection, person: Person, found: Found[Piece]) -> Listed:
    return Listed(
        seen(db, person, found.rows),
        found.total,
        found.page,
        found.limit,
        found.has_more,
        found.next,
    )
