"""Uploads: announced with their size, received piece by piece, completed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cellissimo.schema.policy import Action
from cellissimo.schema.rest.samples import CompleteUpload, NewUpload, UploadFields
from cellissimo_server.access.person import Person
from cellissimo_server.access.standing import permitted
from cellissimo_server.commands import quotas
from cellissimo_server.commands.make_piece import fresh_id
from cellissimo_server.commands.take_in import INTAKE
from cellissimo_server.errors import ConflictError, InvalidError, TooLargeError, not_found
from cellissimo_server.jobs.asking import ask, fresh_job
from cellissimo_server.settings import MB
from cellissimo_server.store import jobs, uploads
from cellissimo_server.store.database import Connection
from cellissimo_server.store.jobs import Job
from cellissimo_server.store.upload_files import Receiver
from cellissimo_server.store.uploads import Upload

if TYPE_CHECKING:
    from cellissimo_server.services import Services

CHUNK = 8 * MB
"""Bytes of one piece, at the most."""

HOUR_MS = 3_600_000


async def announce_upload(services: Services, person: Person, wanted: NewUpload) -> Upload:
    """An upload that takes its room from now on, and waits for its bytes.

    Raises:
        TooLargeError: it is larger than its class may be.
        QuotaError: there is no room for it.
        NotFoundError: there is no such project, or not for this person.
    """
    quotas.check_size(services.settings, wanted.sample_class, wanted.size)
    upload = _fresh(services, person, wanted, wanted.size)
    return await services.database.write(lambda db: _announced(services, db, person, upload))


async def find_upload(services: Services, person: Person, upload_id: str) -> Upload:
    """An upload of somebody's own.

    Raises:
        NotFoundError: there is none.
    """
    return await services.database.read(lambda db: _own(db, person, upload_id))


async def begin_piece(services: Services, person: Person, upload_id: str, offset: int) -> Receiver:
    """Take the next piece of an upload, which begins at ``offset``.

    Raises:
        ConflictError: something else comes next, or somebody is sending it just now.
    """
    upload = await services.database.read(lambda db: _open(db, person, upload_id))
    if offset != upload.received:
        raise ConflictError(
            f"{upload.received} bytes are here; this piece begins at {offset}.",
            field="Upload-Offset",
            value=offset,
            accepted=str(upload.received),
            cure="Send what comes next, from there on.",
        )
    if services.upload_files.is_busy(upload_id):
        raise ConflictError(
            "Another piece of this upload is coming in just now.",
            cure="Wait until it is here, then ask how much there is.",
        )
    most = min(CHUNK, upload.size - upload.received)
    return await services.upload_files.receive(upload_id, offset, most, _too_much(most))


async def end_piece(services: Services, receiver: Receiver) -> int:
    """Have a piece on disk, and note that it is here; gives how many bytes are.

    Raises:
        ConflictError: the upload was dropped meanwhile.
    """
    after = receiver.offset + receiver.received

    def work(db: Connection) -> bool:
        return uploads.advance(db, receiver.upload_id, receiver.offset, after)

    try:
        await receiver.finish()
        is_here = await services.database.write(work)
    finally:
        services.upload_files.release(receiver.upload_id)
    if not is_here:
        raise ConflictError("This upload was dropped meanwhile.", cure="Announce another one.")
    return after


async def complete_upload(
    services: Services, person: Person, upload_id: str, said: CompleteUpload
) -> Job:
    """The job that takes an upload in; asked again, it is the same job.

    Raises:
        ConflictError: bytes are missing.
        NotFoundError: the project that it is for is not this person's to know of any more.
    """

    def work(db: Connection) -> Job:
        held = jobs.by_id(db, upload_id)
        if held is not None and held.owner_id == person.id:
            return held
        upload = _own(db, person, upload_id)
        if upload.received != upload.size:
            raise ConflictError(
                f"{upload.received} of {upload.size} bytes are here.",
                cure="Send the rest first.",
            )
        if upload.piece_id is not None:  # the bytes may have taken a day
            permitted(db, upload.piece_id, person, Action.ADD_SAMPLE)
        return _asked(services, db, upload, said.licence, said.tags, tell=True)

    job = await services.database.write(work)
    services.jobs.wake()
    return job


async def upload_at_once(
    services: Services, person: Person, receiver: Receiver, fields: UploadFields
) -> Job:
    """The job that takes in a file that came in one request, all of which is on disk.

    Raises:
        TooLargeError: it is larger than its class may be.
        QuotaError: there is no room for it.
        InvalidError: it is empty.
    """
    size = receiver.received
    if not size:
        raise InvalidError("The file is empty.", field="file", cure="Send one with sound in it.")
    quotas.check_size(services.settings, fields.sample_class, size)
    fresh = _fresh(services, person, fields, size)
    upload = replace(fresh, id=receiver.upload_id, received=size)

    def work(db: Connection) -> Job:
        _announced(services, db, person, upload)
        return _asked(services, db, upload, fields.licence, fields.tags, tell=False)

    job = await services.database.write(work)
    services.upload_files.release(upload.id)
    services.jobs.wake()
    return job


async def drop_upload(services: Services, person: Person, upload_id: str) -> None:
    """Forget an upload and its bytes, and end the job that takes it in.

    Raises:
        NotFoundError: there is none.
    """
    await find_upload(services, person, upload_id)
    job = await services.database.read(lambda db: jobs.by_id(db, upload_id))
    if job is not None and not job.is_over:
        await services.jobs.cancel(upload_id)
    await services.database.write(lambda db: uploads.delete(db, upload_id))
    await services.upload_files.delete(upload_id)


def _fresh(
    services: Services, person: Person, wanted: NewUpload | UploadFields, size: int
) -> Upload:
    now = services.clock()
    return Upload(
        id=fresh_id(),
        owner_id=person.id,
        piece_id=wanted.project_id,
        name=wanted.name or "",
        kind=wanted.sample_class,
        size=size,
        received=0,
        created_at=now,
        expires_at=now + services.settings.upload_hours * HOUR_MS,
    )


def _announced(services: Services, db: Connection, person: Person, upload: Upload) -> Upload:
    if upload.piece_id is not None:
        permitted(db, upload.piece_id, person, Action.ADD_SAMPLE)
    quotas.check_room(db, services.settings, person.id, upload.kind, upload.size)
    uploads.insert(db, upload)
    return upload


def _asked(
    services: Services, db: Connection, upload: Upload, licence: str, tags: list[str], *, tell: bool
) -> Job:
    """Keep the job of an upload, which has the upload's id: there is never a second one."""
    arguments = {"class": upload.kind, "licence": licence, "tags": tags, "tell": tell}
    fresh = fresh_job(
        INTAKE, upload.owner_id, arguments, services.clock(), piece_id=upload.piece_id
    )
    job = replace(fresh, id=upload.id)
    ask(db, job, services.settings.jobs_per_person)
    return job


def _own(db: Connection, person: Person, upload_id: str) -> Upload:
    upload = uploads.by_id(db, upload_id)
    if upload is None or upload.owner_id != person.id:
        raise not_found("upload")
    return upload


def _open(db: Connection, person: Person, upload_id: str) -> Upload:
    upload = _own(db, person, upload_id)
    if jobs.by_id(db, upload_id) is not None:
        raise ConflictError("This upload is complete.", cure="Announce another one.")
    return upload


def _too_much(most: int) -> TooLargeError:
    return TooLargeError(
        f"This piece has more than {most} bytes.",
        accepted=f"at most {most} bytes",
        cure="Send what is missing, in pieces of at most chunkSize.",
    )
