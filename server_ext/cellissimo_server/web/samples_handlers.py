"""Samples over HTTP: uploaded, listed, heard, drawn, changed, thrown away."""

from __future__ import annotations

from dataclasses import replace

import pydantic
from tornado.web import stream_request_body

from cellissimo.schema.rest.samples import (
    DeleteQuery,
    Outline,
    Sample,
    SampleChange,
    SampleList,
    SampleQuery,
    UploadFields,
)
from cellissimo.schema.rest.shape import Done
from cellissimo_server.commands import announce_upload, outcomes, quotas, samples
from cellissimo_server.commands.file_names import plain_name
from cellissimo_server.commands.make_piece import fresh_id
from cellissimo_server.commands.shown_audio import sample_shape
from cellissimo_server.errors import InvalidError
from cellissimo_server.store.blob_uses import Blob
from cellissimo_server.store.upload_files import Receiver
from cellissimo_server.web.blob_answer import BlobHandler
from cellissimo_server.web.handler import Handler
from cellissimo_server.web.invalid import invalid
from cellissimo_server.web.multipart import Form, Part, Piece, boundary_of
from cellissimo_server.web.operation import operation
from cellissimo_server.web.paging import paging_of
from cellissimo_server.web.routes import Route
from cellissimo_server.web.streaming import StreamedHandler

_FIELD = 16_384
"""Bytes of one field of a form that is no file."""

_ROOM = 1_000_000
"""Bytes of a form beside its file."""


def api_of(handler: Handler) -> str:
    """Where the interface is, as a path."""
    return f"{handler.services.base_url.rstrip('/')}/cellissimo/api/v1"


class SamplesHandler(Handler):
    """My samples."""

    @operation("My samples", query=SampleQuery, answer=SampleList)
    async def get(self, query: SampleQuery) -> SampleList:
        """List them, newest first."""
        listed = await samples.list_samples(self.services, self.person, query.q, paging_of(query))
        found, api = listed.found, api_of(self)
        return SampleList(
            samples=[sample_shape(sample, api) for sample in found.rows],
            total=found.total,
            page=found.page,
            limit=found.limit,
            has_more=found.has_more,
            next=found.next,
            total_size=listed.total_size,
            quota=listed.quota,
        )


@stream_request_body
class SampleUploadHandler(StreamedHandler):
    """A file in one request."""

    STREAMED = "POST"

    def initialize(self, route: str = "") -> None:
        """Nothing has come yet."""
        super().initialize(route)
        self._fields: dict[str, str] = {}
        self._said: dict[str, bytearray] = {}
        self._filename: str | None = None
        self._form: Form | None = None

    def largest_body(self) -> int:
        """The largest upload of any class, and room for the form."""
        return max(quotas.largest(self.services.settings, kind) for kind in quotas.KINDS) + _ROOM

    async def begin(self, **path: str) -> Receiver:
        """Take one file; its class may be in the address, or in a field before the file."""
        del path
        self._form = Form(boundary_of(self.request.headers.get("Content-Type", "")))
        self._fields["class"] = self.get_query_argument("class", "sample")
        most = self.largest_body()
        receiving = self.services.upload_files.receive
        return await receiving(fresh_id(), 0, most, quotas.too_large("upload", most))

    async def take(self, chunk: bytes) -> None:
        """Read the form as far as it is here."""
        if self._form is not None:
            for piece in self._form.feed(chunk):
                if piece.part.filename is None:
                    self._take_field(piece)
                else:
                    await self._take_file(piece)

    def _take_field(self, piece: Piece) -> None:
        name = piece.part.name
        said = self._said.setdefault(name, bytearray())
        said += piece.content  # a sign may come in two chunks, so only the whole is read
        if len(said) > _FIELD:
            raise InvalidError(
                f"The field {name[:40]!r} of the form is too long.",
                field=name[:40],
                accepted=f"at most {_FIELD} bytes",
                cure="Send the sound in the field 'file', with a file name.",
            )
        if piece.is_last:
            self._fields[name] = self._said.pop(name).decode("utf-8", "replace")

    async def _take_file(self, piece: Piece) -> None:
        self._check_one_file(piece.part)
        kind = self._fields["class"]
        most = quotas.largest(self.services.settings, kind)
        if self._receiver is not None:
            if self._receiver.received + len(piece.content) > most:
                raise quotas.too_large(kind, most)
            await self._receiver.write(piece.content)

    def _check_one_file(self, part: Part) -> None:
        name = part.filename or ""
        if self._file is not None and self._file is not part:
            raise InvalidError(
                "The form has several files.", field="file", cure="Send one file at a time."
            )
        self._file = part
        self._filename = name

    _file: Part | None = None

    @operation(
        "Upload a sound as a form: the field 'file', and name, class, projectId, licence, tags",
        answer=Sample,
        status=201,
        cost="upload",
        body_media="multipart/form-data",
    )
    async def post(self) -> Sample:
        """Take it in, and answer when it is decoded and measured."""
        if self._form is not None:
            self._form.end()
        if self._file is None:
            raise InvalidError(
                "The form has no file.", field="file", cure="Send the sound as 'file'."
            )
        fields = self._read_fields()
        receiver = self.receiver()
        try:
            await receiver.finish()
            job = await announce_upload.upload_at_once(self.services, self.person, receiver, fields)
        except BaseException:
            receiver.abandon()
            raise
        found = await outcomes.sample_of(self.services, self.person, job)
        return sample_shape(found, api_of(self))

    def _read_fields(self) -> UploadFields:
        """What the form says beside the file; tags are separated by commas."""
        known = {"name", "class", "projectId", "licence"}
        given: dict[str, object] = {k: v for k, v in self._fields.items() if k in known and v}
        given["tags"] = [
            tag.strip() for tag in self._fields.get("tags", "").split(",") if tag.strip()
        ]
        given["name"] = given.get("name") or (self._filename or "")[-255:] or "Sample"
        try:
            return UploadFields.model_validate(given)
        except pydantic.ValidationError as error:
            raise invalid(error) from None


class SampleHandler(Handler):
    """One sample."""

    @operation("A sample", answer=Sample, access="guest")
    async def get(self, sample_id: str) -> Sample:
        """Tell of it."""
        found = await samples.open_sample(self.services, self.person, sample_id)
        return sample_shape(found, api_of(self))

    @operation("Change a sample, or add it to a project", body=SampleChange, answer=Sample)
    async def patch(self, sample_id: str, body: SampleChange) -> Sample:
        """Change it."""
        found = await samples.change_sample(
            self.services, self.person, sample_id, body, self.if_match
        )
        return sample_shape(found, api_of(self))

    @operation("Put a sample in the trash", query=DeleteQuery, answer=Done)
    async def delete(self, sample_id: str, query: DeleteQuery) -> Done:
        """Throw it away, unless a song uses it."""
        await samples.trash_sample(
            self.services, self.person, sample_id, self.if_match, force=query.force
        )
        return Done()


class SampleFileHandler(BlobHandler):
    """The file of a sample, as it came."""

    @operation("The file as it was uploaded", media="application/octet-stream", access="guest")
    async def get(self, sample_id: str) -> None:
        """Send it, or a range of it."""
        await self._answer(sample_id)

    @operation("What the file is", media="application/octet-stream", access="guest")
    async def head(self, sample_id: str) -> None:
        """Tell its size and type."""
        await self._answer(sample_id)

    async def _answer(self, sample_id: str) -> None:
        found = await samples.open_sample(self.services, self.person, sample_id)
        ending = _ENDINGS.get(found.mime, "")
        blob = Blob(found.original, found.size, found.mime)
        await self.send_blob(blob, plain_name(found.name, ending))


_ENDINGS = {
    "audio/wav": ".wav",
    "audio/flac": ".flac",
    "audio/mpeg": ".mp3",
    "audio/ogg": ".ogg",
    "audio/aiff": ".aiff",
}


class SamplePeaksHandler(BlobHandler):
    """The outline of a sample."""

    @operation("The outline of a sample, to be drawn", answer=Outline, access="guest")
    async def get(self, sample_id: str) -> None:
        """Send it."""
        found = await samples.open_sample(self.services, self.person, sample_id)
        size = await self.services.blobs.size(found.peaks)
        blob = Blob(found.peaks, size, "application/json")
        await self.send_blob(replace(blob, size=size))


ROUTES = [
    Route("samples", SamplesHandler),
    Route("samples/upload", SampleUploadHandler, aliases=("tracks/upload",)),
    Route("samples/{sample_id}", SampleHandler),
    Route("samples/{sample_id}/file", SampleFileHandler),
    Route("samples/{sample_id}/peaks", SamplePeaksHandler),
]
