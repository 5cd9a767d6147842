"""The trash over HTTP."""

from __future__ import annotations

from cellissimo.schema.rest.shape import Done, to_time
from cellissimo.schema.rest.trash import Restored, Trash, Trashed
from cellissimo_server.commands.trash import list_trash, purge, restore
from cellissimo_server.commands.trash_piece import gone_at
from cellissimo_server.web.handler import Handler
from cellissimo_server.web.operation import operation
from cellissimo_server.web.routes import Route


class TrashHandler(Handler):
    """My trash."""

    @operation("What I have in the trash", answer=Trash, access="guest")
    async def get(self) -> Trash:
        """Everything, newest first, and when it goes for good."""
        pieces, samples = await list_trash(self.services, self.person)
        return Trash(
            pieces=[self._shown(one.id, one.kind, one.name, one.trashed_at) for one in pieces],
            samples=[self._shown(one.id, "sample", one.name, one.trashed_at) for one in samples],
        )

    def _shown(self, thing_id: str, kind: str, name: str, trashed_at: int | None) -> Trashed:
        at = trashed_at or 0
        return Trashed.model_validate(
            {
                "id": thing_id,
                "kind": kind,
                "name": name,
                "trashed_at": to_time(at),
                "gone_at": to_time(gone_at(self.services, at)),
            }
        )


class RestoreHandler(Handler):
    """Taking something out of the trash."""

    @operation("Take something out of the trash", answer=Restored, access="guest")
    async def post(self, thing_id: str) -> Restored:
        """Put it back where it was."""
        return await restore(self.services, self.person, thing_id)


class PurgeHandler(Handler):
    """Taking something away for good."""

    @operation("Take something in the trash away for good", answer=Done, access="guest")
    async def delete(self, thing_id: str) -> Done:
        """There is no way back from this."""
        await purge(self.services, self.person, thing_id)
        return Done()


ROUTES = [
    Route("trash", TrashHandler),
    Route("trash/{thing_id}/restore", RestoreHandler),
    Route("trash/{thing_id}", PurgeHandler),
]
