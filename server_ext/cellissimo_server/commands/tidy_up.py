"""What the server clears away by itself: old uploads, jobs and trash, and what nothing needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cellissimo_server.commands import samples, trash_piece
from cellissimo_server.commands.collect_blobs import Collected, collect_blobs
from cellissimo_server.store import blob_uses, jobs, uploads
from cellissimo_server.store.database import Connection

if TYPE_CHECKING:
    from cellissimo_server.services import Services

_DAY_MS = 86_400_000
_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Tidied:
    """How much was cleared away."""

    uploads: int
    jobs: int
    samples: int
    pieces: int
    collected: Collected


async def tidy_up(services: Services) -> Tidied:
    """Clear away what is due. To be called now and then, by one server at a time or by several."""
    gone_uploads = await _uploads(services)
    gone_jobs = await _jobs(services)
    gone_samples = await samples.empty_old_trash(services)
    gone_pieces = await trash_piece.empty_old_trash(services)
    collected = await collect_blobs(services)
    return Tidied(gone_uploads, gone_jobs, gone_samples, gone_pieces, collected)


async def _uploads(services: Services) -> int:
    """Forget uploads that nobody finished in time, and files that belong to none."""
    now = services.clock()

    def work(db: Connection) -> tuple[int, set[str]]:
        late = [one for one in uploads.expired(db, now) if not _is_taken_in(db, one)]
        for upload_id in late:
            uploads.delete(db, upload_id)
        return len(late), set(uploads.ids(db))

    count, kept = await services.database.write(work)
    for upload_id in services.upload_files.ids():
        if upload_id not in kept and not services.upload_files.is_busy(upload_id):
            await services.upload_files.delete(upload_id)
    return count


def _is_taken_in(db: Connection, upload_id: str) -> bool:
    job = jobs.by_id(db, upload_id)
    return job is not None and not job.is_over


async def _jobs(services: Services) -> int:
    """Forget jobs that were over long ago, with the files that they made."""
    before = services.clock() - services.settings.job_days * _DAY_MS

    def work(db: Connection) -> int:
        old = jobs.finished_before(db, before, _AT_ONCE)
        for job in old:
            blob_uses.remove_all(db, "job", job.id)
            jobs.delete(db, job.id)
        return len(old)

    return await services.database.write(work)
