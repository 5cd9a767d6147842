"""Jobs over HTTP: asked for, watched, cancelled, fetched."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator

from tornado.iostream import StreamClosedError

from cellissimo.schema.policy import Action
from cellissimo.schema.rest.jobs import Job, JobList, NewRender
from cellissimo.schema.rest.lists import PageQuery
from cellissimo_server.commands import manage_jobs, render_piece
from cellissimo_server.commands.shown_audio import job_shape
from cellissimo_server.store import jobs
from cellissimo_server.web.blob_answer import BlobHandler
from cellissimo_server.web.handler import Handler
from cellissimo_server.web.operation import operation
from cellissimo_server.web.paging import paging_of
from cellissimo_server.web.routes import Route


class JobsHandler(Handler):
    """My jobs."""

    @operation("My jobs", query=PageQuery, answer=JobList)
    async def get(self, query: PageQuery) -> JobList:
        """List them, newest first."""
        found = await manage_jobs.list_jobs(self.services, self.person, paging_of(query))
        return JobList(
            jobs=[job_shape(job) for job in found.rows],
            total=found.total,
            page=found.page,
            limit=found.limit,
            has_more=found.has_more,
            next=found.next,
        )


class JobHandler(Handler):
    """One job."""

    @operation("A job", answer=Job, cost="free")
    async def get(self, job_id: str) -> Job:
        """Tell how it is."""
        return job_shape(await manage_jobs.open_job(self.services, self.person, job_id))


class JobCancelHandler(Handler):
    """The end of a job."""

    @operation("Cancel a job, also while it runs", answer=Job)
    async def post(self, job_id: str) -> Job:
        """End it."""
        return job_shape(await manage_jobs.cancel_job(self.services, self.person, job_id))


class JobRetryHandler(Handler):
    """A job once more."""

    @operation("Have a job that failed done again", answer=Job, status=202)
    async def post(self, job_id: str) -> Job:
        """Put it back into the queue."""
        return job_shape(await manage_jobs.retry_job(self.services, self.person, job_id))


class JobEventsHandler(Handler):
    """What happens to a job."""

    @operation("How a job goes, as it goes", media="text/event-stream", cost="free")
    async def get(self, job_id: str) -> None:
        """Tell until it is over, or until nobody listens."""
        await manage_jobs.open_job(self.services, self.person, job_id)
        self.set_header("Content-Type", "text/event-stream")
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Accel-Buffering", "no")
        with contextlib.suppress(StreamClosedError):
            async with contextlib.aclosing(self.services.jobs.follow(job_id)) as following:
                await self._tell(following)

    async def _tell(self, following: AsyncIterator[jobs.Job]) -> None:
        told = 0
        async for job in following:
            self.write(_event(job) if job.rev != told else ":\n\n")
            told = job.rev
            await self.flush()
            if self._traffic.is_draining:
                return


def _event(job: jobs.Job) -> str:
    told = json.dumps(job_shape(job).to_json(), ensure_ascii=False)
    return f"id: {job.rev}\nevent: job\ndata: {told}\n\n"


class JobFileHandler(BlobHandler):
    """What a job has made."""

    @operation("The file that a job has made", media="application/octet-stream")
    async def get(self, job_id: str) -> None:
        """Send it, or a range of it."""
        await self._answer(job_id)

    @operation("What a job has made", media="application/octet-stream")
    async def head(self, job_id: str) -> None:
        """Tell its size and type."""
        await self._answer(job_id)

    async def _answer(self, job_id: str) -> None:
        blob, name = await render_piece.file_of_job(self.services, self.person, job_id)
        await self.send_blob(blob, name)


class RendersHandler(Handler):
    """Songs as sound."""

    @operation(
        "Render a project to a file, or each of its stems",
        body=NewRender,
        answer=Job,
        status=202,
        action=Action.RENDER,
    )
    async def post(self, piece_id: str, body: NewRender) -> Job:
        """Give the job that renders it."""
        return job_shape(
            await render_piece.render_piece(self.services, self.person, piece_id, body)
        )


class BundleHandler(Handler):
    """Songs with all that they need."""

    @operation("Bundle a project in one zip", answer=Job, status=202, action=Action.DOWNLOAD)
    async def post(self, piece_id: str) -> Job:
        """Give the job that bundles it."""
        return job_shape(await render_piece.bundle_piece(self.services, self.person, piece_id))


ROUTES = [
    Route("jobs", JobsHandler),
    Route("jobs/{job_id}", JobHandler),
    Route("jobs/{job_id}/cancel", JobCancelHandler),
    Route("jobs/{job_id}/retry", JobRetryHandler),
    Route("jobs/{job_id}/events", JobEventsHandler),
    Route("jobs/{job_id}/file", JobFileHandler),
    Route(
        "projects/{piece_id}/renders",
        RendersHandler,
        aliases=("songs/{piece_id}/renders", "loops/{piece_id}/renders"),
    ),
    Route(
        "projects/{piece_id}/bundle",
        BundleHandler,
        aliases=("songs/{piece_id}/bundle", "loops/{piece_id}/bundle"),
    ),
]
