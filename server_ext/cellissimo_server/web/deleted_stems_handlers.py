"""Stems that were deleted, over HTTP."""

from __future__ import annotations

from cellissimo.schema.policy import Action
from cellissimo.schema.rest.documents import Taken
from cellissimo.schema.rest.history import DeletedStems
from cellissimo_server.commands.deleted_stems import list_deleted_stems, restore_stem
from cellissimo_server.web.documents_handlers import taken
from cellissimo_server.web.handler import Handler
from cellissimo_server.web.operation import operation
from cellissimo_server.web.routes import Route


class DeletedStemsHandler(Handler):
    """The stems of a piece that are gone."""

    @operation(
        "The deleted stems of a piece that can come back",
        answer=DeletedStems,
        access="guest",
        action=Action.READ_HISTORY,
    )
    async def get(self, piece_id: str) -> DeletedStems:
        """The last deleted first."""
        return await list_deleted_stems(self.services, self.person, piece_id)


class DeletedStemHandler(Handler):
    """One of them."""

    @operation(
        "Bring a deleted stem back",
        answer=Taken,
        access="guest",
        action=Action.RESTORE,
        errors=(409, 410),
    )
    async def post(self, piece_id: str, stem_id: str) -> Taken:
        """With its segments, as a new edit."""
        return taken(await restore_stem(self.services, self.person, piece_id, stem_id))


ROUTES = [
    Route("rooms/{piece_id}/deleted-stems", DeletedStemsHandler),
    Route("rooms/{piece_id}/deleted-stems/{stem_id}/restore", DeletedStemHandler),
]
