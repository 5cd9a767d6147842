"""The JSON door of rooms, over HTTP: changes by path, for tiny clients."""

from __future__ import annotations

from cellissimo.schema.policy import Action
from cellissimo.schema.rest.changes import ChangesTaken, NewChanges
from cellissimo_server.commands.json_change import change_by_paths
from cellissimo_server.errors import TooLargeError
from cellissimo_server.web.handler import Handler
from cellissimo_server.web.operation import operation
from cellissimo_server.web.routes import Route

MOST_BYTES = 500_000
"""Of all changes of a request: they are tried while nobody else edits."""


class ChangesHandler(Handler):
    """Changes of a song, without a document."""

    @operation(
        "Change a song at its paths: one change, or up to a hundred as one edit",
        body=NewChanges,
        answer=ChangesTaken,
        access="guest",
        cost="change",
        action=Action.EDIT_MUSIC,
        errors=(409, 413),
    )
    async def post(self, piece_id: str, body: NewChanges) -> ChangesTaken:
        """Take them all, or none; again under the same ids changes nothing."""
        if len(self.request.body) > MOST_BYTES:
            raise TooLargeError(
                f"These changes have {len(self.request.body)} bytes.",
                field="body",
                accepted=f"at most {MOST_BYTES} bytes",
                cure="Send them as several edits, or send the song as text or as an update.",
            )
        return await change_by_paths(self.services, self.person, piece_id, body)


ROUTES = [Route("rooms/{piece_id}/changes", ChangesHandler)]
