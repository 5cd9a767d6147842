"""Hearing an offer: its song and its audio, for those who answer it and for who made it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellissimo.notation.song_file import print_song
from cellissimo.schema.policy import Action
from cellissimo_server.access.person import Person
from cellissimo_server.access.standing import permitted
from cellissimo_server.commands.index_piece import blobs_of
from cellissimo_server.commands.make_offer import fitted, visible
from cellissimo_server.errors import ConflictError, NotFoundError, not_found
from cellissimo_server.store import blob_uses
from cellissimo_server.store.blob_uses import Blob
from cellissimo_server.store.blobs import checked_name, missing
from cellissimo_server.store.database import Connection
from cellissimo_server.store.offers import Offer

if TYPE_CHECKING:
    from cellissimo_server.services import Services

_TAKEN_BACK = frozenset({"declined", "withdrawn"})


async def offered_text(services: Services, person: Person, offer_id: str) -> tuple[str, int]:
    """The song text of what is offered, with the ids of its target; and the fork's revision.

    Raises:
        NotFoundError: there is no such offer to or of this person, or they may not read its
            target any more.
        ConflictError: it was declined or withdrawn, and they did not make it.
    """
    offer = await services.database.read(lambda db: _audible(db, person, offer_id))
    now = (await services.documents.revision(offer.to_piece)).value
    then = await services.documents.history.song_at(offer.from_piece, offer.from_seq)
    return print_song(fitted(now, then)), offer.from_seq


async def blob_of_offer(services: Services, person: Person, offer_id: str, name: str) -> Blob:
    """Audio that the offered revision names; nothing else of the fork.

    Raises:
        NotFoundError: there is no such offer to or of this person, or no such audio in it.
        ConflictError: it was declined or withdrawn, and they did not make it.
    """
    checked_name(name)
    offer = await services.database.read(lambda db: _audible(db, person, offer_id))
    then = await services.documents.history.song_at(offer.from_piece, offer.from_seq)

    def look(db: Connection) -> Blob:
        found = blob_uses.by_name(db, name)
        is_there = blob_uses.is_used_by(db, name, "piece", offer.from_piece)
        if found is None or not is_there or name not in blobs_of(then):
            raise missing(name)
        return found

    return await services.database.read(look)


def _audible(db: Connection, person: Person, offer_id: str) -> Offer:
    """The offer, where they may hear it: its text has the ids and the name of its target."""
    offer = visible(db, person, offer_id)
    try:
        permitted(db, offer.to_piece, person, Action.READ)
    except NotFoundError:
        raise not_found("offer") from None
    if offer.state in _TAKEN_BACK and offer.author != person.id:
        raise ConflictError(
            f"This offer was {offer.state}, so it is not heard any more.",
            cure="Ask for a new one; who made it can offer the fork again.",
        )
    return offer
