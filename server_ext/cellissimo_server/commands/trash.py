"""The trash of one person: pieces and samples, each found by its id alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellissimo.schema.rest.trash import Restored
from cellissimo_server.access.person import Person
from cellissimo_server.commands.samples import (
    list_trashed_samples,
    purge_sample,
    restore_sample,
)
from cellissimo_server.commands.trash_piece import purge_piece, restore_piece
from cellissimo_server.store import pieces, samples
from cellissimo_server.store.database import Connection
from cellissimo_server.store.pieces import Piece
from cellissimo_server.store.samples import Sample

if TYPE_CHECKING:
    from cellissimo_server.services import Services


async def list_trash(services: Services, person: Person) -> tuple[list[Piece], list[Sample]]:
    """What ``person`` has in the trash, newest first."""
    found = await services.database.read(lambda db: pieces.trash_of(db, person.id))
    return found, await list_trashed_samples(services, person)


async def restore(services: Services, person: Person, thing_id: str) -> Restored:
    """Take a piece or a sample out of the trash.

    Raises:
        NotFoundError: there is no such thing in ``person``'s trash.
    """
    if await _is_sample(services, thing_id):
        sample = await restore_sample(services, person, thing_id)
        return Restored(id=sample.id, kind="sample", name=sample.name)
    one = await restore_piece(services, person, thing_id)
    return Restored.model_validate(
        {"id": one.piece.id, "kind": one.piece.kind, "name": one.piece.name}
    )


async def purge(services: Services, person: Person, thing_id: str) -> None:
    """Take a piece or a sample in the trash away for good.

    Raises:
        NotFoundError: there is no such thing in ``person``'s trash.
    """
    if await _is_sample(services, thing_id):
        await purge_sample(services, person, thing_id)
    else:
        await purge_piece(services, person, thing_id)


async def _is_sample(services: Services, thing_id: str) -> bool:
    def look(db: Connection) -> bool:
        return samples.by_id(db, thing_id) is not None

    return await services.database.read(look)
