"""Bringing an earlier revision back as a new edit: all of it, one stem, or some bars [ROOM-10]."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

from cellissimo.notation.restoring import with_bars_of, with_stem_of
from cellissimo.schema.models import Song
from cellissimo.schema.policy import Action
from cellissimo.schema.rest.history import Restore
from cellissimo_server.access.person import Person
from cellissimo_server.access.standing import permitted
from cellissimo_server.commands.accepting import refusing
from cellissimo_server.commands.document_access import become, edit_piece
from cellissimo_server.errors import InvalidError
from cellissimo_server.rooms.documents import Edited
from cellissimo_server.rooms.opened import Opened

if TYPE_CHECKING:
    from cellissimo_server.services import Services


async def restore_revision(
    services: Services, person: Person, piece_id: str, seq: int, body: Restore
) -> Edited[bytes]:
    """Let a piece say again what it said at a revision, or a part of that; gives its state.

    Raises:
        NotFoundError: there is no such piece or revision.
        GoneError: the revision is older than what is kept.
        ForbiddenError: it would change what is not theirs to change.
        InvalidError: there was no such stem, or there are no such bars.
    """
    if body.stem is not None and body.bars is not None:
        raise InvalidError(
            "Both a stem and bars are named.",
            field="bars",
            value=body.bars,
            accepted="one of stem and bars",
            cure="Restore the stem, or the bars of all stems.",
        )
    await services.database.read(lambda db: permitted(db, piece_id, person, Action.RESTORE))
    then = await services.documents.history.song_at(piece_id, seq)

    def change(held: Opened) -> bytes:
        now = held.document.revision
        wanted = restored(now, then, body)
        if wanted != now:
            become(held.document, wanted)
        return held.document.state

    return await edit_piece(services, person, piece_id, change)


def restored(now: Song, then: Song, body: Restore) -> Song:
    """What a song says once a part of an earlier one is back; its locks stay [DOC-17].

    Raises:
        InvalidError: there was no such stem, or there are no such bars.
    """
    if body.stem is not None:
        with refusing("stem", body.stem):
            return with_stem_of(now, then, body.stem, _fresh_id)
    if body.bars is not None:
        first, last = body.bars
        with refusing("bars", f"{first}-{last}"):
            return with_bars_of(now, then, first, last, _fresh_id)
    return replace(then, locks=now.locks)


def _fresh_id() -> str:
    return str(uuid.uuid4())
