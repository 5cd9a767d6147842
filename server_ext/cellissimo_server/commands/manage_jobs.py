"""One's own jobs: listed, watched, cancelled, asked for again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cellissimo_server.access.person import Person
from cellissimo_server.commands.events import Event, Events
from cellissimo_server.commands.shown_audio import job_shape
from cellissimo_server.errors import not_found
from cellissimo_server.store import jobs
from cellissimo_server.store.database import Connection
from cellissimo_server.store.jobs import Job
from cellissimo_server.store.paging import Found, Paging

if TYPE_CHECKING:
    from cellissimo_server.services import Services


def telling_owners(events: Events) -> Callable[[Job], None]:
    """What lets the owners of jobs hear of them, while they listen to what happens to them."""

    def tell(job: Job) -> None:
        events.tell(job.owner_id, Event("job", None, job_shape(job).to_json()))

    return tell


async def list_jobs(services: Services, person: Person, paging: Paging) -> Found[Job]:
    """Somebody's jobs, newest first."""
    return await services.database.read(lambda db: jobs.listed(db, person.id, paging))


async def open_job(services: Services, person: Person, job_id: str) -> Job:
    """A job of somebody's own.

    Raises:
        NotFoundError: there is none.
    """

    def look(db: Connection) -> Job:
        job = jobs.by_id(db, job_id)
        if job is None or job.owner_id != person.id:
            raise not_found("job")
        return job

    return await services.database.read(look)


async def cancel_job(services: Services, person: Person, job_id: str) -> Job:
    """End a job, also while it runs.

    Raises:
        NotFoundError: there is none.
        ConflictError: it is over.
    """
    await open_job(services, person, job_id)
    return await services.jobs.cancel(job_id)


async def retry_job(services: Services, person: Person, job_id: str) -> Job:
    """Have a job that failed or was cancelled done again.

    Raises:
        NotFoundError: there is none.
        ConflictError: it waits, runs or is done.
    """
    await open_job(services, person, job_id)
    return await services.jobs.retry(job_id)
