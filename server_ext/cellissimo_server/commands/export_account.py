"""Everything of mine in one zip: songs as text, samples as they came, and what is known of me."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cellissimo.notation.song_file import print_song
from cellissimo.schema.rest.shape import to_time
from cellissimo_server.access.person import Person
from cellissimo_server.commands import audit
from cellissimo_server.commands.file_names import plain_name
from cellissimo_server.commands.keep_blob import keep_blob
from cellissimo_server.commands.notifications import shown
from cellissimo_server.commands.profiles import preferences_of, user_shown
from cellissimo_server.errors import NotFoundError, not_found
from cellissimo_server.jobs.asking import ask, fresh_job
from cellissimo_server.jobs.kind import Conclusion, Kind
from cellissimo_server.jobs.supervising import Limits
from cellissimo_server.store import (
    api_tokens,
    blob_uses,
    comments,
    members,
    messages,
    notifications,
    pieces,
    samples,
    users,
)
from cellissimo_server.store.database import Connection
from cellissimo_server.store.jobs import Job
from cellissimo_server.store.pieces import Piece
from cellissimo_server.store.samples import Sample

if TYPE_CHECKING:
    from cellissimo_server.services import Services

EXPORT = "export-account"

_LARGEST = 4_200_000_000
_LONGER = 5
_ENDINGS = {"audio/wav": ".wav", "audio/flac": ".flac", "audio/mpeg": ".mp3", "audio/ogg": ".ogg"}


async def export_account(services: Services, person: Person) -> Job:
    """A job that gathers everything of ``person``.

    Raises:
        TooManyError: they have as many jobs as they may.
    """
    job = fresh_job(EXPORT, person.id, {}, services.clock())

    def work(db: Connection) -> None:
        ask(db, job, services.settings.jobs_per_person)
        audit.record(db, person.id, "account.export", person.id, {}, job.created_at)

    await services.database.write(work)
    services.jobs.wake()
    return job


class Export:
    """What the job does before and after its worker, which only packs."""

    def __init__(self, services: Services) -> None:
        """With the services that the queue's server has."""
        self._services = services

    def kind(self) -> Kind:
        """The kind of job, for the queue."""
        return Kind(
            work="cellissimo_server.workers.gather:gather",
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
        services, account = self._services, folder / "account"
        for name in ("songs", "loops", "samples"):
            (account / name).mkdir(parents=True)
        facts = await services.database.read(lambda db: known_of(db, job.owner_id))
        for name, content in facts.items():
            _write_json(account / f"{name}.json", content)
        owned = await services.database.read(lambda db: pieces.owned(db, job.owner_id))
        for piece in owned:
            await self._put_piece(account, piece)
        kept = await services.database.read(lambda db: samples.all_of(db, job.owner_id))
        for sample in kept:
            await self._put_sample(account, sample)
        return {}

    async def _put_piece(self, account: Path, piece: Piece) -> None:
        song = (await self._services.documents.revision(piece.id)).value
        text = await asyncio.to_thread(print_song, song)
        folder = account / ("loops" if piece.kind == "loop" else "songs")
        path = folder / plain_name(piece.name, f"-{piece.id[:8]}.song")
        path.write_text(text, "utf-8", newline="\n")

    async def _put_sample(self, account: Path, sample: Sample) -> None:
        ending = _ENDINGS.get(sample.mime, ".bin")
        path = account / "samples" / plain_name(sample.name, f"-{sample.id[:8]}{ending}")
        try:
            await self._services.blobs.copy(sample.original, path)
        except NotFoundError:
            return  # a blob that is lost is no reason to keep the rest

    async def _finish(self, job: Job, folder: Path, found: Mapping[str, Any]) -> Conclusion:
        services = self._services
        blob = await keep_blob(services, folder / str(found["file"]), "application/zip")

        def write(db: Connection) -> Mapping[str, Any]:
            blob_uses.add_kept(db, blob, "job", job.id, services.clock())
            file = {"blob": blob.name, "mime": blob.mime, "size": blob.size}
            return {**file, "name": "cellissimo-account.zip", "files": found["files"]}

        return write


def known_of(db: Connection, user_id: str) -> dict[str, Any]:
    """What is known of somebody, by the name of its file; no token and no hash of one.

    Raises:
        NotFoundError: their account was deleted meanwhile.
    """
    user = users.by_id(db, user_id)
    if user is None or user.deleted_at is not None:
        raise not_found("person")
    profile = user_shown(user).to_json() | {"email": user.email, "siteRole": user.site_role}
    told = shown(db, notifications.all_of_user(db, user_id))
    return {
        "profile": profile | {"preferences": preferences_of(user).to_json()},
        "notifications": [one.to_json() for one in told],
        "memberships": _memberships(db, user_id),
        "tokens": [
            {"name": one.name, "scopes": json.loads(one.scopes), "createdAt": _time(one.created_at)}
            for one in api_tokens.of_user(db, user_id)
        ],
        "samples": [_sample(one) for one in samples.all_of(db, user_id)],
        "messages": [
            {"piece": one.piece_id, "at": _time(one.made_at), "text": one.text}
            for one in messages.said_by(db, user_id)
        ],
        "comments": [
            {"piece": one.piece_id, "at": _time(one.made_at), "on": one.words, "text": one.text}
            for one in comments.written_by(db, user_id)
        ],
    }


def _memberships(db: Connection, user_id: str) -> list[dict[str, Any]]:
    rows = members.of_user(db, user_id)
    named = pieces.by_ids(db, [row.piece_id for row in rows])
    return [
        {"id": row.piece_id, "name": piece.name, "role": row.role, "joinedAt": _time(row.joined_at)}
        for row in rows
        if (piece := named.get(row.piece_id)) is not None
    ]


def _sample(one: Sample) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "kind": one.kind,
        "licence": one.licence,
        "tags": json.loads(one.tags),
        "size": one.size,
        "createdAt": _time(one.created_at),
    }


def _time(ms: int) -> str:
    return to_time(ms).isoformat()


def _write_json(path: Path, content: object) -> None:
    text = json.dumps(content, indent=2, ensure_ascii=False, sort_keys=True)
    path.write_text(text + "\n", "utf-8", newline="\n")
