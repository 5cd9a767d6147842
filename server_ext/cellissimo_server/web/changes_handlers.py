"""The JSON door of rooms, over HTTP: changes by path, for tiny clients."""

from __future__ import annotations

from cellissimo.schema.policy import Action
from cellissimo.schema.rest.changes import ChangesTaken, NewChanges
from cellissimo_server.commands.json_change import change_by_paths
from cellissimo_server.web.handler import Handler
from cellissimo_server.web.operation import operation
from cellissimo_server.web.routes import Route


class ChangesHandler(Handler):
    """Changes of a song, without a document."""

    @operation(
        "Change a song at its paths: one change, or up to a hundred as one edit",
        body=NewChanges,
        answer=ChangesTaken,
        access="guest",
        cost="change",
        action=Action.EDIT_MUSIC,
        errors=(409,),
    )
    async def post(self, piece_id: str, body: NewChanges) -> ChangesTaken:
        """Take them all, or none; again under the same ids changes nothing."""
        return await change_by_paths(self.services, self.person, piece_id, body)


ROUTES = [Route("rooms/{piece_id}/changes", ChangesHandler)]
