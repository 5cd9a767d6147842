"""Audio of a project over HTTP: put by its sha256, read by ranges."""

from __future__ import annotations

from tornado.web import stream_request_body

from cellissimo.schema.policy import Action
from cellissimo.schema.rest.shape import Done
from cellissimo_server.commands import put_blob, quotas
from cellissimo_server.commands.make_piece import fresh_id
from cellissimo_server.store.upload_files import Receiver
from cellissimo_server.web.blob_answer import BlobHandler
from cellissimo_server.web.handler import Handler
from cellissimo_server.web.operation import operation
from cellissimo_server.web.routes import Route
from cellissimo_server.web.streaming import StreamedHandler


@stream_request_body
class ProjectBlobHandler(StreamedHandler, BlobHandler):
    """One piece of audio of a project."""

    STREAMED = "PUT"

    def largest_body(self) -> int:
        """As much as the largest file that may be uploaded."""
        return self.services.settings.original_bytes

    async def begin(self, **path: str) -> Receiver:
        """Take its bytes, where this person may add audio to the project."""
        await put_blob.may_put(self.services, self.person, path["piece_id"], path["sha256"])
        most = self.largest_body()
        receiving = self.services.upload_files.receive
        return await receiving(fresh_id(), 0, most, quotas.too_large("piece of audio", most))

    @operation(
        "Audio of a project, as its document names it",
        media="audio/wav",
        access="anyone",
        action=Action.READ,
    )
    async def get(self, piece_id: str, sha256: str) -> None:
        """Send it, or a range of it."""
        await self._answer(piece_id, sha256)

    @operation("What audio of a project is", media="audio/wav", access="anyone", action=Action.READ)
    async def head(self, piece_id: str, sha256: str) -> None:
        """Tell its size."""
        await self._answer(piece_id, sha256)

    async def _answer(self, piece_id: str, sha256: str) -> None:
        found = await put_blob.blob_of_piece(self.services, self.person, piece_id, sha256)
        await self.send_blob(found)

    @operation(
        "Add audio to a project: a canonical WAV file, named by its sha256",
        answer=Done,
        status=201,
        cost="upload",
        body_media="audio/wav",
        action=Action.ADD_SAMPLE,
    )
    async def put(self, piece_id: str, sha256: str) -> Done:
        """Check and keep it."""
        await put_blob.put_blob(self.services, self.person, piece_id, sha256, self.receiver())
        return Done()


class ProjectOutlineHandler(Handler):
    """The outline of one piece of audio of a project, as far as it was measured."""

    @operation(
        "The outline of audio of a project: the lowest and highest samples of each stretch",
        media="application/json",
        access="anyone",
        action=Action.READ,
    )
    async def get(self, piece_id: str, sha256: str) -> None:
        """Audio of one name never changes, nor does its outline."""
        outline = await put_blob.outline_of_piece(self.services, self.person, piece_id, sha256)
        self.set_header("Cache-Control", "private, max-age=86400")
        self.finish(outline, set_content_type="application/json")


ROUTES = [
    Route(
        "projects/{piece_id}/blobs/{sha256}",
        ProjectBlobHandler,
        aliases=("songs/{piece_id}/blobs/{sha256}", "loops/{piece_id}/blobs/{sha256}"),
    ),
    Route(
        "projects/{piece_id}/outlines/{sha256}",
        ProjectOutlineHandler,
        aliases=("songs/{piece_id}/outlines/{sha256}", "loops/{piece_id}/outlines/{sha256}"),
    ),
]
