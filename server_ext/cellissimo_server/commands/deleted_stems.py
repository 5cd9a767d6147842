"""Stems that were deleted: for as long as the history is kept, they come back [ROOM-55]."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellissimo.schema.policy import Action
from cellissimo.schema.rest.history import DeletedStem, DeletedStems, Restore
from cellissimo.schema.rest.shape import to_time
from cellissimo_server.access.person import Person
from cellissimo_server.access.standing import permitted
from cellissimo_server.commands.read_history import authors_of
from cellissimo_server.commands.restore_revision import restore_revision
from cellissimo_server.errors import ConflictError, not_found
from cellissimo_server.rooms.attribution import Removed
from cellissimo_server.rooms.documents import Edited
from cellissimo_server.rooms.opened import Opened
from cellissimo_server.settings import DAY_S

if TYPE_CHECKING:
    from cellissimo_server.services import Services


async def list_deleted_stems(services: Services, person: Person, piece_id: str) -> DeletedStems:
    """The stems of a piece that can come back, the last deleted first.

    Raises:
        NotFoundError: the piece is not there, or not theirs to know of.
        ForbiddenError: its history is not theirs to read.
    """
    await services.database.read(lambda db: permitted(db, piece_id, person, Action.READ_HISTORY))
    kept_ms = services.settings.history_days * DAY_S * 1000
    _, removed = await services.documents.traced(piece_id, _stems)
    found = [one for one in removed.values() if one.touch.at + kept_ms > services.clock()]
    people = await authors_of(services, {one.touch.author for one in found})
    return DeletedStems(
        stems=[
            DeletedStem(
                id=one.id,
                name=one.name,
                color=one.color,
                deleted_by=people.get(one.touch.author),
                deleted_at=to_time(one.touch.at),
                seq=one.touch.seq,
                until=to_time(one.touch.at + kept_ms),
            )
            for one in sorted(found, key=lambda one: -one.touch.seq)
        ]
    )


async def restore_stem(
    services: Services, person: Person, piece_id: str, stem_id: str
) -> Edited[bytes]:
    """Bring a deleted stem back with its segments, as it was before it was deleted.

    Raises:
        NotFoundError: there is no such piece, or no such stem was deleted.
        ForbiddenError: they may not restore, or not add stems.
        ConflictError: the stem is there.
        GoneError: it was deleted longer ago than the history is kept.
    """
    await services.database.read(lambda db: permitted(db, piece_id, person, Action.RESTORE))
    there, removed = await services.documents.traced(piece_id, _stems)
    if stem_id in there:
        raise ConflictError(
            "This stem was not deleted.",
            field="stemId",
            value=stem_id,
            cure="To have it as it was, restore it from a revision of the history.",
        )
    if stem_id not in removed:
        raise not_found("deleted stem")
    before = removed[stem_id].touch.seq - 1
    return await restore_revision(services, person, piece_id, before, Restore(stem=stem_id))


def _stems(held: Opened) -> tuple[frozenset[str], dict[str, Removed]]:
    """The stems that are there, and those that are not any more."""
    found = held.attribution.removed_stems if held.attribution else {}
    return frozenset(held.document.revision.stems), dict(found)
