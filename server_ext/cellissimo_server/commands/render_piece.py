"""Songs as files: rendered or bundled by a worker, out of the song's text and its audio."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cellissimo.notation.song_file import print_song
from cellissimo.schema.models import Song
from cellissimo.schema.policy import Action
from cellissimo.schema.rest.jobs import NewRender
from cellissimo_server.access.person import Person
from cellissimo_server.access.standing import permitted
from cellissimo_server.commands.file_names import plain_name
from cellissimo_server.commands.keep_blob import keep_blob
from cellissimo_server.errors import NotFoundError, not_found
from cellissimo_server.jobs.asking import ask, fresh_job
from cellissimo_server.jobs.kind import Conclusion, Kind
from cellissimo_server.jobs.supervising import Limits
from cellissimo_server.store import blob_uses, jobs, pieces
from cellissimo_server.store.blob_uses import Blob
from cellissimo_server.store.database import Connection
from cellissimo_server.store.jobs import Job

if TYPE_CHECKING:
    from cellissimo_server.services import Services

RENDER, BUNDLE = "render", "bundle"

_ACTIONS = {RENDER: Action.RENDER, BUNDLE: Action.DOWNLOAD}
"""What each kind of job asks of the policy: when it is asked for, and when it begins."""

_LARGEST = 4_200_000_000
_LONGER = 5
"""How many times as long as an upload a render may take: songs last longer than samples."""

_MIMES = {
    ".wav": "audio/wav",
    ".flac": "audio/flac",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".zip": "application/zip",
}


async def render_piece(services: Services, person: Person, piece_id: str, wanted: NewRender) -> Job:
    """A job that renders a piece as it is when the job begins.

    Raises:
        NotFoundError: there is no such piece, or not for this person.
        ForbiddenError: they may not render it.
        TooManyError: they have as many jobs as they may.
    """
    arguments = {"format": wanted.format, "stems": wanted.stems, "bars": wanted.bars}
    return await _asked(services, person, piece_id, RENDER, arguments)


async def bundle_piece(services: Services, person: Person, piece_id: str) -> Job:
    """A job that makes a bundle of a piece: song text, audio, MIDI, notebook.

    Raises:
        NotFoundError: there is no such piece, or not for this person.
        ForbiddenError: they may not take it away.
        TooManyError: they have as many jobs as they may.
    """
    return await _asked(services, person, piece_id, BUNDLE, {})


async def file_of_job(services: Services, person: Person, job_id: str) -> tuple[Blob, str]:
    """The file that a job has made, and its name.

    Raises:
        NotFoundError: there is no such job of this person's, or it has no file.
    """

    def look(db: Connection) -> tuple[Blob, str]:
        job = jobs.by_id(db, job_id)
        result = json.loads(job.result) if job is not None and job.result else {}
        if job is None or job.owner_id != person.id or "blob" not in result:
            raise not_found("file")
        blob = blob_uses.by_name(db, result["blob"])
        if blob is None:
            raise not_found("file")
        return replace(blob, mime=result["mime"]), result["name"]

    return await services.database.read(look)


async def _asked(
    services: Services, person: Person, piece_id: str, kind: str, arguments: Mapping[str, Any]
) -> Job:
    job = fresh_job(kind, person.id, arguments, services.clock(), piece_id=piece_id)

    def work(db: Connection) -> None:
        permitted(db, piece_id, person, _ACTIONS[kind])
        ask(db, job, services.settings.jobs_per_person)

    await services.database.write(work)
    services.jobs.wake()
    return job


class Rendering:
    """What the jobs of songs as files do before and after their workers."""

    def __init__(self, services: Services) -> None:
        """With the services that the queue's server has."""
        self._services = services

    def kinds(self) -> dict[str, Kind]:
        """The kinds of jobs, for the queue."""
        return {RENDER: self._kind("render"), BUNDLE: self._kind("pack")}

    def _kind(self, function: str) -> Kind:
        return Kind(
            work=f"cellissimo_server.workers.render:{function}",
            limits=self._limits,
            prepare=self._prepare,
            finish=self._finish,
        )

    def _limits(self, job: Job) -> Limits:
        del job
        settings = self._services.settings
        seconds = settings.worker_seconds * _LONGER
        return Limits(seconds, settings.worker_memory, _LARGEST, addresses=False)

    async def _prepare(self, job: Job, folder: Path) -> Mapping[str, Any]:
        if job.piece_id is None:
            raise not_found("project")
        await self._services.database.read(lambda db: _still_permitted(db, job))
        song = (await self._services.documents.revision(job.piece_id)).value
        text = await asyncio.to_thread(print_song, song)
        (folder / "song.song").write_text(text, "utf-8", newline="\n")
        (folder / "song.blobs").mkdir()
        for name in audio_of(song):
            await self._give(name, folder / "song.blobs" / f"{name}.wav")
        arguments: Mapping[str, Any] = json.loads(job.arguments)
        return arguments

    async def _give(self, name: str, path: Path) -> None:
        """Give the worker one blob; it says itself what it lacks."""
        try:
            await self._services.blobs.copy(name, path)
        except NotFoundError:
            return

    async def _finish(self, job: Job, folder: Path, found: Mapping[str, Any]) -> Conclusion:
        services = self._services
        made = folder / found["file"]
        ending = made.suffix
        blob = await keep_blob(services, made, _MIMES[ending])
        result = {key: value for key, value in found.items() if key != "file"}

        def write(db: Connection) -> Mapping[str, Any]:
            blob_uses.add_kept(db, blob, "job", job.id, services.clock())
            piece = pieces.by_id(db, job.piece_id or "")
            said = "".join(made.suffixes[-2:]) if ending == ".zip" else ending
            name = plain_name(piece.name if piece else "song", said)
            file = {"blob": blob.name, "mime": blob.mime, "size": blob.size, "name": name}
            return file | result

        return write


def _still_permitted(db: Connection, job: Job) -> None:
    """Pass where whoever asked for a job may still have what it makes: it may have waited long."""
    owner = Person(id=job.owner_id, username="", display_name="")
    permitted(db, job.piece_id or "", owner, _ACTIONS[job.kind])


def audio_of(song: Song) -> list[str]:
    """The names of all blobs that a song needs, in order."""
    placed = {segment.blob for segment in song.segments.values() if segment.blob}
    return sorted(placed | {stem.frozen.blob for stem in song.stems.values() if stem.frozen})
