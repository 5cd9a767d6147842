"""The JSON door of a room: changes by path, for clients that have no document of their own.

They go the way of all edits: the same rights, the same journal, and everybody in the room hears.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from cellissimo.crdt.write_difference import write_difference
from cellissimo.notation.paths import PathError, changed
from cellissimo.schema.models import Song
from cellissimo.schema.policy import Action
from cellissimo.schema.rest.changes import ChangesTaken, ChangeTaken, NewChanges, PathChange
from cellissimo_server.access.person import Person, known
from cellissimo_server.access.standing import permitted
from cellissimo_server.commands.document_access import SERVER, edit_piece, editable
from cellissimo_server.errors import ConflictError, InvalidError
from cellissimo_server.rooms.opened import Opened
from cellissimo_server.store import journal_rows, taken
from cellissimo_server.store.database import Connection
from cellissimo_server.store.errors import ExistsError
from cellissimo_server.store.taken import Taken

if TYPE_CHECKING:
    from cellissimo_server.services import Services

KEPT_MS = 7 * 24 * 3_600_000
"""So long a change may be sent again under its id."""

_MOST_TRIES = 3
_SHOWN = 200


async def change_by_paths(
    services: Services, person: Person, piece_id: str, body: NewChanges
) -> ChangesTaken:
    """Change a song at its paths, as one edit; comes back when it is on disk.

    A change whose id was taken before, with the same content, is passed over.

    Raises:
        NotFoundError: the piece is not there, or not theirs to know of.
        ForbiddenError: something of it is not theirs to change; nothing was changed.
        InvalidError: a path, operation or value is not accepted; nothing was changed.
        ConflictError: an id was taken by another change.
    """
    known(person)
    await editable(services, person, piece_id)
    _check_ids(body.changes)
    for _ in range(_MOST_TRIES - 1):
        try:
            return await _change(services, person, piece_id, body.changes)
        except ExistsError:  # one of them came in twice at once: look again
            continue
    return await _change(services, person, piece_id, body.changes)


def _check_ids(changes: Sequence[PathChange]) -> None:
    ids = [one.id for one in changes if one.id is not None]
    twice = next((key for key in ids if ids.count(key) > 1), None)
    if twice is not None:
        raise InvalidError(
            f"Two changes have the id {twice!r}.",
            field="changes.id",
            value=twice,
            accepted="an id of its own for each change",
            cure="Make a new id for each change.",
        )


async def _change(
    services: Services, person: Person, piece_id: str, changes: Sequence[PathChange]
) -> ChangesTaken:
    before = await services.database.read(lambda db: _before(db, person, piece_id, changes))
    fresh = [one for one in changes if one.id not in before]
    last = max((row.seq for row in before.values()), default=0)
    if not fresh:
        return _answer(changes, before, last)
    now = services.clock()

    def change(held: Opened) -> None:
        song = held.document.revision
        wanted = _changed(song, changes, before)
        with held.document.edit(SERVER) as write:
            write_difference(write, song, wanted)

    def keep(db: Connection) -> None:
        seq = journal_rows.last_seq(db, piece_id)
        for one in fresh:
            if one.id is not None:
                taken.insert(db, Taken(piece_id, one.id, person.id, _hash(one), seq, now))

    edited = await edit_piece(services, person, piece_id, change, also=keep)
    return _answer(changes, before, edited.seq)


def _before(
    db: Connection, person: Person, piece_id: str, changes: Sequence[PathChange]
) -> dict[str | None, Taken]:
    """Those of the changes that were taken before, by their ids.

    Raises:
        ConflictError: an id was taken by another change, or by somebody else's.
    """
    permitted(db, piece_id, person, Action.READ)
    found: dict[str | None, Taken] = {}
    for one in changes:
        row = taken.by_id(db, piece_id, one.id) if one.id is not None else None
        if row is None:
            continue
        if (row.author_id, row.content_hash) != (person.id, _hash(one)):
            raise ConflictError(
                f"The id {one.id!r} names another change already.",
                field="id",
                value=one.id,
                cure="Make a new id for each change.",
            )
        found[one.id] = row
    return found


def _hash(change: PathChange) -> str:
    said = [change.path, change.operation, change.type, change.value]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _changed(song: Song, changes: Sequence[PathChange], before: Mapping[str | None, Taken]) -> Song:
    """The song after all changes that are new, one after the other."""
    for place, one in enumerate(changes):
        if one.id not in before:
            try:
                song = changed(
                    song, one.path, one.operation, one.value, fresh=_fresh_id, about=one.type or ""
                )
            except PathError as error:
                raise _refused(error, one, place if len(changes) > 1 else None) from error
    return song


def _fresh_id() -> str:
    return str(uuid.uuid4())


def _refused(error: PathError, change: PathChange, place: int | None) -> InvalidError:
    value = {"path": change.path, "operation": change.operation, "type": change.type}
    shown = json.dumps(change.value, ensure_ascii=False)
    value["value"] = change.value if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
    field = error.field if place is None else f"changes.{place}.{error.field}"
    return InvalidError(
        str(error),
        field=field,
        value=value[error.field],
        accepted=error.accepted or None,
        cure=error.cure,
    )


def _answer(
    changes: Sequence[PathChange], before: Mapping[str | None, Taken], seq: int
) -> ChangesTaken:
    return ChangesTaken(
        seq=seq,
        changes=[
            ChangeTaken(
                path=one.path,
                id=one.id,
                seq=before[one.id].seq if one.id in before else seq,
                again=one.id in before,
            )
            for one in changes
        ],
    )


async def forget_taken(services: Services) -> int:
    """Forget the ids of old changes; gives how many there were."""
    before = services.clock() - KEPT_MS
    return await services.database.write(lambda db: taken.forget(db, before))
