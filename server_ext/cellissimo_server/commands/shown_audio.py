"""Samples, uploads and jobs as answers show them."""

from __future__ import annotations

import json
from typing import cast

from cellissimo.schema.rest import jobs as job_shapes
from cellissimo.schema.rest import samples as shapes
from cellissimo.schema.rest.shape import to_time
from cellissimo_server.commands.announce_upload import CHUNK
from cellissimo_server.store.jobs import Job
from cellissimo_server.store.samples import Sample
from cellissimo_server.store.uploads import Upload

SAMPLE_RATE = 48_000
"""Of every blob of audio, in Hz."""


def sample_shape(sample: Sample, api: str) -> shapes.Sample:
    """A sample; ``api`` is the address below which the interface is."""
    return shapes.Sample(
        id=sample.id,
        name=sample.name,
        sample_class=cast("shapes.SampleClass", sample.kind),
        file_url=f"{api}/samples/{sample.id}/file",
        file_size=sample.size,
        mime_type=sample.mime,
        duration=round(sample.frames / SAMPLE_RATE, 6),
        channels=sample.channels,
        sample_rate=sample.source_rate,
        blob=sample.blob,
        peaks_url=f"{api}/samples/{sample.id}/peaks",
        loudness=sample.loudness,
        true_peak=sample.true_peak,
        licence=sample.licence,
        tags=json.loads(sample.tags),
        project_id=sample.piece_id,
        rev=sample.rev,
        created_at=to_time(sample.created_at),
    )


def upload_shape(upload: Upload) -> shapes.Upload:
    """An upload."""
    return shapes.Upload(
        id=upload.id,
        name=upload.name,
        size=upload.size,
        chunk_size=CHUNK,
        received=upload.received,
        sample_class=cast("shapes.SampleClass", upload.kind),
        project_id=upload.piece_id,
        expires_at=to_time(upload.expires_at),
    )


def job_shape(job: Job) -> job_shapes.Job:
    """A job."""
    return job_shapes.Job(
        id=job.id,
        kind=job.kind,
        state=cast("job_shapes.State", job.state),
        progress=round(job.progress, 3),
        piece_id=job.piece_id,
        result=json.loads(job.result) if job.result else None,
        error=json.loads(job.error) if job.error else None,
        attempts=job.attempts,
        rev=job.rev,
        created_at=to_time(job.created_at),
        started_at=None if job.started_at is None else to_time(job.started_at),
        finished_at=None if job.finished_at is None else to_time(job.finished_at),
    )
