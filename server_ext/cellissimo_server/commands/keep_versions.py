"""Versions of a piece: revisions that are given a name and kept for ever."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cellissimo.schema import checks
from cellissimo.schema.policy import Action
from cellissimo.schema.rest.history import NewVersion
from cellissimo.schema.rest.history import Version as VersionShape
from cellissimo.schema.rest.people import Person as PersonShape
from cellissimo.schema.rest.shape import to_time
from cellissimo_server.access.person import Person
from cellissimo_server.access.standing import permitted
from cellissimo_server.commands.accepting import accepted
from cellissimo_server.commands.announcing import announce
from cellissimo_server.commands.read_history import authors_of
from cellissimo_server.errors import ConflictError, NotFoundError, QuotaError, not_found
from cellissimo_server.store import versions
from cellissimo_server.store.database import Connection
from cellissimo_server.store.versions import Version

if TYPE_CHECKING:
    from cellissimo_server.services import Services

MOST_VERSIONS = 1000
"""Versions of one piece."""


async def list_versions(services: Services, person: Person, piece_id: str) -> list[VersionShape]:
    """The versions of a piece, newest first.

    Raises:
        NotFoundError: the piece is not there, or not theirs to know of.
        ForbiddenError: its history is not theirs to read.
    """

    def look(db: Connection) -> list[Version]:
        permitted(db, piece_id, person, Action.READ_HISTORY)
        return versions.of_piece(db, piece_id)

    found = await services.database.read(look)
    people = await authors_of(services, {one.author for one in found})
    return [_shown(one, people) for one in found]


async def name_version(
    services: Services,
    person: Person,
    piece_id: str,
    body: NewVersion,
    version_id: str | None = None,
) -> VersionShape:
    """Give a revision a name; the present one where none is said.

    ``version_id``: sent again with the same one, it is the version that was made.

    Raises:
        ConflictError: the id is that of another version.
        NotFoundError: there is no such piece or revision.
        GoneError: the revision is older than what is kept.
    """
    name = accepted("name", body.name, checks.name)
    await services.database.read(lambda db: permitted(db, piece_id, person, Action.NAME_VERSION))
    seq = (await services.documents.revision(piece_id)).seq if body.seq is None else body.seq
    await services.documents.keep_now(piece_id, seq)
    key = version_id or str(uuid.uuid4())
    fresh = Version(key, piece_id, seq, name, "named", person.id, services.clock())
    kept = await services.database.write(lambda db: _keep(db, person, fresh))
    shown = await _one(services, kept)
    if kept is fresh:
        _announce(services, piece_id, "made", shown.to_json())
    return shown


def _announce(services: Services, piece_id: str, what: str, version: dict[str, Any]) -> None:
    """Tell the room."""
    news = {"kind": "version", "what": what, "version": version}
    announce(services, piece_id, news)


def _keep(db: Connection, person: Person, fresh: Version) -> Version:
    permitted(db, fresh.piece_id, person, Action.NAME_VERSION)
    there = versions.by_id(db, fresh.id)
    if there is not None:
        if (there.piece_id, there.author) != (fresh.piece_id, fresh.author):
            raise ConflictError(
                "This id names another version already.", cure="Make a new UUID for each version."
            )
        return there
    if versions.count(db, fresh.piece_id) >= MOST_VERSIONS:
        raise QuotaError(
            f"This piece has {MOST_VERSIONS} versions.",
            field="versions",
            accepted=f"at most {MOST_VERSIONS}",
            cure="Delete versions that nobody needs.",
        )
    versions.insert(db, fresh)
    return fresh


async def rename_version(
    services: Services, person: Person, version_id: str, name: str
) -> VersionShape:
    """Give a version another name; an automatic one is kept for ever from then on."""
    accepted_name = accepted("name", name, checks.name)

    def change(db: Connection) -> Version:
        held = _held(db, person, version_id)
        return versions.rename(db, version_id, accepted_name) or replace(held, name=name)

    changed = await services.database.write(change)
    shown = await _one(services, changed)
    _announce(services, changed.piece_id, "changed", shown.to_json())
    return shown


async def forget_version(services: Services, person: Person, version_id: str) -> None:
    """Forget a version; its revision stays in the history as long as all others do."""

    def change(db: Connection) -> str:
        held = _held(db, person, version_id)
        versions.delete(db, version_id)
        return held.piece_id

    piece_id = await services.database.write(change)
    _announce(services, piece_id, "removed", {"id": version_id})


def _held(db: Connection, person: Person, version_id: str) -> Version:
    """The version, where it is theirs to change; else it is as if there was none."""
    held = versions.by_id(db, version_id)
    if held is None:
        raise not_found("version")
    try:
        permitted(db, held.piece_id, person, Action.NAME_VERSION)
    except NotFoundError:
        raise not_found("version") from None
    return held


async def _one(services: Services, version: Version) -> VersionShape:
    return _shown(version, await authors_of(services, {version.author}))


def _shown(version: Version, people: dict[str, PersonShape]) -> VersionShape:
    return VersionShape(
        id=version.id,
        seq=version.seq,
        name=version.name,
        kind=version.kind,
        author=people.get(version.author),
        created_at=to_time(version.made_at),
    )
