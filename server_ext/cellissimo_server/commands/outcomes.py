"""What became of a job that somebody waits for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cellissimo_server import errors
from cellissimo_server.access.person import Person
from cellissimo_server.commands import samples
from cellissimo_server.errors import ConflictError, InvalidError, RefusalError
from cellissimo_server.store.jobs import Job
from cellissimo_server.store.samples import Sample

if TYPE_CHECKING:
    from cellissimo_server.services import Services

_KINDS: dict[str, type[RefusalError]] = {
    kind.code: kind
    for kind in (
        errors.InvalidError,
        errors.NotFoundError,
        errors.ConflictError,
        errors.GoneError,
        errors.TooLargeError,
        errors.QuotaError,
        errors.UnsupportedTypeError,
        errors.UnavailableError,
    )
}


async def sample_of(services: Services, person: Person, job: Job) -> Sample:
    """The sample that an upload becomes, once it is taken in.

    Raises:
        RefusalError: it was refused; the reason is the worker's.
        ConflictError: somebody has cancelled it.
    """
    over = await services.jobs.result(job.id)
    if over.state == "cancelled":
        raise ConflictError("This upload was cancelled.", cure="Upload the file again.")
    if over.state == "failed":
        raise refusal_of(json.loads(over.error or "{}"))
    sample_id = json.loads(over.result or "{}")["sampleId"]
    return await samples.open_sample(services, person, sample_id)


def refusal_of(error: dict[str, Any]) -> RefusalError:
    """The error that a failed job has left, as an answer."""
    kind = _KINDS.get(error.get("code", ""), InvalidError)
    field = "file" if kind is InvalidError else None
    message = error.get("message", "This could not be done.")
    return kind(message, cure=error.get("cure", "Try again."), field=field)
