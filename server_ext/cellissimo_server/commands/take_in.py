"""Taking an upload in: scanned, decoded in a worker, kept as three blobs and a sample."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cellissimo_server.commands import quotas
from cellissimo_server.commands.file_names import plain_name, shown_name
from cellissimo_server.commands.keep_blob import keep_blob
from cellissimo_server.commands.notify import notify
from cellissimo_server.errors import GoneError, InvalidError
from cellissimo_server.jobs.kind import Conclusion, Kind
from cellissimo_server.jobs.scanning import scanner_of
from cellissimo_server.jobs.supervising import Limits
from cellissimo_server.store import blob_uses, samples, uploads
from cellissimo_server.store.blob_uses import Blob
from cellissimo_server.store.database import Connection
from cellissimo_server.store.jobs import Job
from cellissimo_server.store.samples import Sample
from cellissimo_server.store.uploads import Upload

if TYPE_CHECKING:
    from cellissimo_server.services import Services

INTAKE = "intake"

LARGEST_WAV = 4_200_000_000
"""Four hours of stereo at 24 bits, which is as long as audio may be."""

GROWTH = 50
"""How many times its own size a file may be when it is decoded; nothing can hide more in less."""


class Intake:
    """What the job of an upload does before, after and around its worker."""

    def __init__(self, services: Services) -> None:
        """With the services that the queue's server has."""
        self._services = services
        self._scanner = scanner_of(services.settings.scan_command)

    def kind(self) -> Kind:
        """The kind of job, for the queue."""
        return Kind(
            work="cellissimo_server.workers.decode:decode",
            limits=self._limits,
            prepare=self._prepare,
            finish=self._finish,
            over=self._over,
            crash_is_final=True,
        )

    def _limits(self, job: Job) -> Limits:
        settings = self._services.settings
        most = quotas.largest(settings, json.loads(job.arguments)["class"])
        return Limits(
            seconds=settings.worker_seconds,
            memory=settings.worker_memory,
            file_bytes=min(most * GROWTH, LARGEST_WAV),
        )

    async def _prepare(self, job: Job, folder: Path) -> Mapping[str, Any]:
        upload = await self._upload(job)
        path = self._services.upload_files.path(upload.id)
        found = await self._scanner.scan(path)
        if found is not None:
            raise InvalidError(
                f"The scanner of this server refused the file: {found}",
                field="file",
                cure="Send another file; if you trust this one, ask the server's administrator.",
            )
        name = plain_name(shown_name(upload.name), Path(upload.name).suffix[:6])
        await asyncio.to_thread(_give, path, folder / name)
        return {"file": name}

    async def _upload(self, job: Job) -> Upload:
        found = await self._services.database.read(lambda db: uploads.by_id(db, job.id))
        if found is None or not self._services.upload_files.path(job.id).is_file():
            raise GoneError("The bytes of this upload are gone.", cure="Upload the file again.")
        return found

    async def _finish(self, job: Job, folder: Path, found: Mapping[str, Any]) -> Conclusion:
        services = self._services
        upload = await self._upload(job)
        original = await keep_blob(services, services.upload_files.path(job.id), found["mime"])
        audio = await keep_blob(services, folder / "audio.wav", "audio/wav")
        peaks = await keep_blob(services, folder / "peaks.json", "application/json")
        kept = (original, audio, peaks)
        sample = _sample(upload, job, found, kept, services.clock())

        def write(db: Connection) -> Mapping[str, Any]:
            uploads.delete(db, upload.id)  # its room is the sample's now
            _insert(db, sample, kept)
            if json.loads(job.arguments)["tell"]:
                detail = {"sampleId": sample.id}
                notify(db, job.owner_id, "upload", job.piece_id, None, detail, sample.created_at)
            return {"sampleId": sample.id}

        return write

    async def _over(self, job: Job) -> None:
        """Forget the upload, unless the server is to blame and it can be tried again."""
        error = json.loads(job.error or "{}")
        if job.state == "failed" and error.get("code") == "unavailable":
            return
        self._services.events.nudge()
        await self._services.database.write(lambda db: uploads.delete(db, job.id))
        await self._services.upload_files.delete(job.id)


def _insert(db: Connection, sample: Sample, kept: Sequence[Blob]) -> None:
    samples.insert(db, sample)
    for blob in kept:
        blob_uses.add_kept(db, blob, "sample", sample.id, sample.created_at)
    if sample.piece_id is not None:
        blob_uses.add(db, sample.blob, "piece", sample.piece_id, sample.created_at)


def _sample(
    upload: Upload, job: Job, found: Mapping[str, Any], kept: tuple[Blob, Blob, Blob], now: int
) -> Sample:
    original, audio, peaks = kept
    said = json.loads(job.arguments)
    return Sample(
        id=job.id,
        owner_id=job.owner_id,
        piece_id=job.piece_id,
        name=shown_name(upload.name),
        kind=upload.kind,
        blob=audio.name,
        original=original.name,
        peaks=peaks.name,
        mime=found["mime"],
        size=upload.size,
        frames=found["frames"],
        channels=found["channels"],
        source_rate=found["rate"],
        loudness=found["loudness"],
        true_peak=found["truePeak"],
        licence=said["licence"],
        tags=json.dumps(said["tags"], ensure_ascii=False),
        rev=1,
        created_at=now,
        trashed_at=None,
    )


def _give(source: Path, target: Path) -> None:
    """The bytes under another name, where a worker may see them."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
