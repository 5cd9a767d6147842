"""Somebody's samples: listed, opened, changed, thrown away, brought back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cellissimo.schema.policy import Action
from cellissimo.schema.rest.samples import SampleChange
from cellissimo_server.access.person import Person
from cellissimo_server.access.standing import permitted, standing_of
from cellissimo_server.commands import quotas
from cellissimo_server.errors import ChangedError, ConflictError, NotFoundError, not_found
from cellissimo_server.store import blob_uses, pieces, samples
from cellissimo_server.store.database import Connection, Plain
from cellissimo_server.store.paging import Found, Paging
from cellissimo_server.store.pieces import Piece
from cellissimo_server.store.samples import Sample

if TYPE_CHECKING:
    from cellissimo_server.services import Services

_DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of samples, and how much room all of them take."""

    found: Found[Sample]
    total_size: int
    quota: int


async def list_samples(services: Services, person: Person, words: str, paging: Paging) -> Listed:
    """Somebody's samples; ``words`` stand in the name or the tags."""

    def look(db: Connection) -> Listed:
        found = samples.listed(db, person.id, words, paging)
        used = quotas.used(db, person.id)["sample"]
        return Listed(found, used, services.settings.sample_quota)

    return await services.database.read(look)


async def open_sample(services: Services, person: Person, sample_id: str) -> Sample:
    """A sample of somebody's own, or of a project that they may read.

    Raises:
        NotFoundError: there is none.
    """
    return await services.database.read(lambda db: _readable(db, person, sample_id))


async def change_sample(
    services: Services, person: Person, sample_id: str, change: SampleChange, rev: int | None
) -> Sample:
    """Change a sample of one's own; ``project_id`` adds its audio to a project.

    Raises:
        NotFoundError: there is no such sample, or no such project.
        ChangedError: it has another ``rev`` by now.
    """
    now = services.clock()
    given = change.given
    columns: dict[str, Plain] = {key: given[key] for key in ("name", "licence") if given.get(key)}
    if change.licence is not None:
        columns["licence"] = change.licence
    if change.tags is not None:
        columns["tags"] = json.dumps(change.tags, ensure_ascii=False)
    if change.project_id is not None:
        columns["piece_id"] = change.project_id

    def work(db: Connection) -> Sample:
        sample = _own(db, person, sample_id)
        if change.project_id is not None:
            permitted(db, change.project_id, person, Action.ADD_SAMPLE)
            blob_uses.add(db, sample.blob, "piece", change.project_id, now)
        return samples.change(db, sample, rev, columns) or sample

    return await services.database.write(work)


async def trash_sample(
    services: Services, person: Person, sample_id: str, rev: int | None, *, force: bool
) -> None:
    """Put a sample in the trash. Songs that use it keep its audio.

    Raises:
        NotFoundError: there is none.
        ConflictError: songs use it, and ``force`` was not said.
        ChangedError: it has another ``rev`` by now.
    """
    sample = await services.database.read(lambda db: _own(db, person, sample_id))
    if not force:
        await _refuse_used(services, person, sample)
    now = services.clock()

    def work(db: Connection) -> None:
        held = _own(db, person, sample_id)
        if rev is not None and rev != held.rev:
            raise ChangedError("The sample", yours={"rev": rev}, theirs={"rev": held.rev})
        samples.change(db, held, None, {"trashed_at": now})

    await services.database.write(work)


async def restore_sample(services: Services, person: Person, sample_id: str) -> Sample:
    """Take a sample out of the trash.

    Raises:
        NotFoundError: there is none.
    """

    def work(db: Connection) -> Sample:
        sample = _own(db, person, sample_id, trashed=True)
        return samples.change(db, sample, None, {"trashed_at": None}) or sample

    return await services.database.write(work)


async def purge_sample(services: Services, person: Person, sample_id: str) -> None:
    """Take a sample in the trash away for good; songs that use it keep its audio.

    Raises:
        NotFoundError: there is none.
    """

    def work(db: Connection) -> None:
        forget(db, _own(db, person, sample_id, trashed=True).id)

    await services.database.write(work)


async def list_trashed_samples(services: Services, person: Person) -> list[Sample]:
    """What of somebody's samples is in the trash, thrown away last first."""
    return await services.database.read(lambda db: samples.trashed(db, person.id))


async def empty_old_trash(services: Services) -> int:
    """Take away for good what has been in the trash for too long; gives how many samples went."""
    before = services.clock() - services.settings.trash_days * _DAY_MS

    def work(db: Connection) -> int:
        gone = samples.thrown_away_before(db, before, 1000)
        for sample in gone:
            forget(db, sample.id)
        return len(gone)

    return await services.database.write(work)


def forget(db: Connection, sample_id: str) -> None:
    """Delete a sample's row and what it needs; its blobs go when nothing else needs them."""
    blob_uses.remove_all(db, "sample", sample_id)
    samples.delete(db, sample_id)


def _own(db: Connection, person: Person, sample_id: str, *, trashed: bool = False) -> Sample:
    sample = samples.by_id(db, sample_id)
    is_there = sample is not None and (sample.trashed_at is not None) == trashed
    if sample is None or not is_there or sample.owner_id != person.id:
        raise not_found("sample")
    return sample


def _readable(db: Connection, person: Person, sample_id: str) -> Sample:
    sample = samples.by_id(db, sample_id)
    if sample is None or sample.trashed_at is not None:
        raise not_found("sample")
    if sample.owner_id != person.id:
        _check_project(db, person, sample.piece_id)
    return sample


def _check_project(db: Connection, person: Person, piece_id: str | None) -> None:
    """Pass where somebody may take away what is in the project of another person's sample."""
    if piece_id is None:
        raise not_found("sample")
    try:
        permitted(db, piece_id, person, Action.DOWNLOAD)
    except NotFoundError:
        raise not_found("sample") from None


async def _refuse_used(services: Services, person: Person, sample: Sample) -> None:
    """Refuse where a song that this person works on plays the sample.

    Songs of others are neither told of nor in the way: they keep its audio.
    """
    held = await services.database.read(lambda db: _pieces_with(db, person, sample.blob))
    used = [piece.name for piece in held if await _places(services, piece.id, sample.blob)]
    if used:
        raise ConflictError(
            f"Songs play this sample: {', '.join(map(repr, used))}.",
            field="force",
            value=False,
            accepted="force=true",
            cure="Send ?force=true to delete it all the same; the songs keep its audio.",
        )


def _pieces_with(db: Connection, person: Person, blob: str) -> list[Piece]:
    found = pieces.by_ids(db, blob_uses.users_of(db, blob, "piece")).values()
    there = [piece for piece in found if piece.trashed_at is None]
    return [piece for piece in there if standing_of(db, piece, person).role is not None]


async def _places(services: Services, piece_id: str, blob: str) -> bool:
    """Whether a piece's document names a blob now."""
    song = (await services.documents.revision(piece_id)).value
    placed = {segment.blob for segment in song.segments.values()}
    return blob in placed | {stem.frozen.blob for stem in song.stems.values() if stem.frozen}
