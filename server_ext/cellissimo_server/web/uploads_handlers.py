"""Uploads in pieces: announced, sent from where they stopped, completed."""

from __future__ import annotations

from tornado.web import stream_request_body

from cellissimo.schema.rest.jobs import Job
from cellissimo.schema.rest.samples import CompleteUpload, NewUpload, Received, Upload
from cellissimo.schema.rest.shape import Done
from cellissimo_server.commands import announce_upload
from cellissimo_server.commands.shown_audio import job_shape, upload_shape
from cellissimo_server.errors import InvalidError
from cellissimo_server.store.upload_files import Receiver
from cellissimo_server.web.handler import Handler
from cellissimo_server.web.operation import operation
from cellissimo_server.web.routes import Route
from cellissimo_server.web.streaming import StreamedHandler

OFFSET = "Upload-Offset"


class UploadsHandler(Handler):
    """Uploads that begin."""

    @operation(
        "Announce an upload in pieces", body=NewUpload, answer=Upload, status=201, cost="upload"
    )
    async def post(self, body: NewUpload) -> Upload:
        """Take its room, and wait for its bytes."""
        return upload_shape(await announce_upload.announce_upload(self.services, self.person, body))


@stream_request_body
class UploadHandler(StreamedHandler):
    """One upload."""

    STREAMED = "PATCH"

    def largest_body(self) -> int:
        """One piece."""
        return announce_upload.CHUNK

    async def begin(self, **path: str) -> Receiver:
        """Take the next piece."""
        offset = self.request.headers.get(OFFSET, "")
        if not offset.isdecimal() or len(offset) > 18:
            raise InvalidError(
                f"{OFFSET} is {offset[:40]!r}.",
                field=OFFSET,
                value=offset[:40],
                accepted="a number of bytes",
                cure="Say where this piece begins, counted in bytes from 0.",
            )
        return await announce_upload.begin_piece(
            self.services, self.person, path["upload_id"], int(offset)
        )

    @operation("How much of an upload is here", answer=Upload, cost="free")
    async def get(self, upload_id: str) -> Upload:
        """Tell how much is here."""
        found = await announce_upload.find_upload(self.services, self.person, upload_id)
        self.set_header(OFFSET, str(found.received))
        return upload_shape(found)

    @operation("How much of an upload is here, in a header", cost="free")
    async def head(self, upload_id: str) -> None:
        """Tell how much is here."""
        found = await announce_upload.find_upload(self.services, self.person, upload_id)
        self.set_header(OFFSET, str(found.received))
        self.set_header("Cache-Control", "no-store")
        self.finish()

    @operation(
        "Send the piece of an upload that begins at Upload-Offset",
        answer=Received,
        cost="free",
        body_media="application/octet-stream",
    )
    async def patch(self, upload_id: str) -> Received:
        """Note that it is here."""
        del upload_id
        received = await announce_upload.end_piece(self.services, self.receiver())
        self.set_header(OFFSET, str(received))
        return Received(received=received)

    @operation("Forget an upload", answer=Done, cost="free")
    async def delete(self, upload_id: str) -> Done:
        """Forget it and its bytes."""
        await announce_upload.drop_upload(self.services, self.person, upload_id)
        return Done()


class UploadCompleteHandler(Handler):
    """An upload whose bytes are all here."""

    @operation(
        "Have an upload taken in as a sample",
        body=CompleteUpload,
        answer=Job,
        status=202,
        cost="free",
    )
    async def post(self, upload_id: str, body: CompleteUpload) -> Job:
        """Give the job that decodes and measures it."""
        return job_shape(
            await announce_upload.complete_upload(self.services, self.person, upload_id, body)
        )


ROUTES = [
    Route("uploads", UploadsHandler),
    Route("uploads/{upload_id}", UploadHandler),
    Route("uploads/{upload_id}/complete", UploadCompleteHandler),
]
