"""Forking: a copy of a piece for oneself, that knows where it comes from."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from cellissimo.schema.models import Song
from cellissimo.schema.policy import Action
from cellissimo_server.access.links import linked
from cellissimo_server.access.person import Person, known
from cellissimo_server.access.standing import permitted
from cellissimo_server.commands.index_piece import blobs_of
from cellissimo_server.commands.licences import check_copy
from cellissimo_server.commands.make_loop import loop_of, song_of_loop
from cellissimo_server.commands.make_piece import About, Founded, founded, fresh_id, keep
from cellissimo_server.commands.notify import notify
from cellissimo_server.commands.shown import Seen, seen_one
from cellissimo_server.errors import not_found
from cellissimo_server.store import blob_uses, pieces
from cellissimo_server.store.database import Connection
from cellissimo_server.store.pieces import Piece

if TYPE_CHECKING:
    from cellissimo_server.services import Services


async def fork_piece(
    services: Services, person: Person, piece_id: str, kind: str | None = None
) -> Seen:
    """A fork of a piece that ``person`` may fork, in their own library.

    Raises:
        NotFoundError: it is not there, or not theirs to know of.
        ForbiddenError: they may not fork it, or its licence forbids it.
        QuotaError: they keep as many as they may.
    """

    def allowed(db: Connection) -> Piece:
        return permitted(db, piece_id, person, Action.FORK, kind=kind)[0]

    return await _fork(services, person, allowed)


async def fork_shared(services: Services, person: Person, token: str) -> Seen:
    """A fork of what a share link opens, where it allows that; guests may too.

    Raises:
        UnauthenticatedError: a visitor has nowhere to keep it.
        NotFoundError: the link is not valid.
        ForbiddenError: it does not allow forks, or the licence forbids them.
        QuotaError: they keep as many as they may.
    """
    found = await linked(services, token, Action.FORK)
    known(person)

    def allowed(db: Connection) -> Piece:
        piece = pieces.by_id(db, found.piece.id)
        if piece is None or piece.trashed_at is not None:
            raise not_found("link")
        return piece

    await services.link_uses.note(found.share.id, services.clock())
    return await _fork(services, person, allowed)


async def _fork(services: Services, person: Person, allowed: Callable[[Connection], Piece]) -> Seen:
    source = await services.database.read(allowed)
    check_copy(source, person)
    edited = await services.documents.revision(source.id)
    one = _copied(source, edited.value, edited.seq, person, services.clock())

    def work(db: Connection) -> Seen:
        now = one.piece.created_at
        from_piece = allowed(db)  # it may have been taken back since
        made = keep(db, one, services.settings)
        held = blob_uses.of(db, "piece", from_piece.id)  # naming a blob gives no right to it
        for blob in sorted(blobs_of(one.song).intersection(held)):
            blob_uses.add(db, blob, "piece", made.id, now)
        pieces.count_fork(db, from_piece.id)
        detail = {"fork": made.id, "kind": made.kind}
        notify(db, from_piece.owner_id, "fork", from_piece.id, person.id, detail, now)
        return seen_one(db, person, made)

    made = await services.database.write(work)
    services.caches.piece_changed()
    return made


def _copied(source: Piece, song: Song, seq: int, person: Person, now: int) -> Founded:
    """The copy: one founding update, without the history; licence and lineage come along."""
    about = About(
        description=source.description,
        licence=source.licence,
        color=source.color,
        tags=json.loads(source.tags),
        forked_from=source.id,
        forked_seq=seq,
    )
    if source.kind == "loop":
        before = loop_of(song)
        told = before.id if source.visibility == "public" else None  # others may read the text
        loop = replace(before, id=fresh_id(), source=told)
        return founded(
            replace(song_of_loop(loop), tempos=song.tempos, meters=song.meters, key=song.key),
            person,
            about,
            now,
        )
    return founded(replace(song, id=fresh_id()), person, about, now)
