"""Answering an offer: taken whole or by bars as an ordinary edit, declined, or withdrawn."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from cellissimo.notation.restoring import with_bars_of
from cellissimo.schema.models import Song
from cellissimo.schema.policy import Action
from cellissimo.schema.rest.offers import Acceptance
from cellissimo.schema.rest.offers import Offer as OfferShape
from cellissimo_server.access.person import Person
from cellissimo_server.access.standing import permitted
from cellissimo_server.commands import audit
from cellissimo_server.commands.accepting import refusing
from cellissimo_server.commands.document_access import become, edit_piece
from cellissimo_server.commands.index_piece import blobs_of
from cellissimo_server.commands.make_offer import fitted, shown, visible
from cellissimo_server.commands.notify import notify
from cellissimo_server.errors import ConflictError, ForbiddenError
from cellissimo_server.rooms.opened import Opened
from cellissimo_server.store import blob_uses, offers
from cellissimo_server.store.database import Connection
from cellissimo_server.store.offers import Offer

if TYPE_CHECKING:
    from cellissimo_server.services import Services


async def accept_offer(
    services: Services, person: Person, offer_id: str, body: Acceptance
) -> OfferShape:
    """Let the target say what was offered, in all bars or in some, as ``person``'s edit.

    Raises:
        NotFoundError: there is no such offer to this person.
        ForbiddenError: the target's music is not theirs to change.
        ConflictError: it was answered already.
        InvalidError: there are no such bars.
    """
    offer = await services.database.read(lambda db: _answerable(db, person, offer_id))
    then = await services.documents.history.song_at(offer.from_piece, offer.from_seq)

    def change(held: Opened) -> None:
        now = held.document.revision
        wanted = taken(now, fitted(now, then), body.bars)
        if wanted != now:
            become(held.document, wanted)

    def lend(db: Connection) -> None:
        _lend(db, offer, then, services.clock())

    await edit_piece(services, person, offer.to_piece, change, also=lend)
    state = "accepted" if body.bars is None else "partly"
    said = "" if body.bars is None else _told(body.bars)
    return await _close(services, person, offer, state, said)


def taken(now: Song, wanted: Song, bars: list[tuple[int, int]] | None) -> Song:
    """What a song says with an offer in it, or with some of its bars.

    Raises:
        InvalidError: there are no such bars.
    """
    if bars is None:
        return wanted
    for first, last in bars:
        with refusing("bars", f"{first}-{last}"):
            now = with_bars_of(now, wanted, first, last, lambda: str(uuid.uuid4()))
    return now


def _told(bars: list[tuple[int, int]]) -> str:
    return "bars " + ", ".join(f"{a}" if a == b else f"{a}-{b}" for a, b in bars)


def _lend(db: Connection, offer: Offer, then: Song, now: int) -> None:
    """The target needs the sounds that come with what was offered."""
    there = set(blob_uses.of(db, "piece", offer.from_piece))
    for name in sorted(blobs_of(then) & there):
        blob_uses.add(db, name, "piece", offer.to_piece, now)


async def decline_offer(
    services: Services, person: Person, offer_id: str, message: str
) -> OfferShape:
    """Say no.

    Raises:
        NotFoundError: there is no such offer to this person.
        ConflictError: it was answered already.
    """
    offer = await services.database.read(lambda db: _answerable(db, person, offer_id))
    return await _close(services, person, offer, "declined", message)


async def withdraw_offer(services: Services, person: Person, offer_id: str) -> OfferShape:
    """Take one's own offer back.

    Raises:
        NotFoundError: there is no such offer of or to this person.
        ForbiddenError: somebody else made it.
        ConflictError: it was answered already.
    """
    offer = await services.database.read(lambda db: visible(db, person, offer_id))
    if offer.author != person.id:
        raise ForbiddenError(
            "Only who made an offer withdraws it.",
            cure="Decline it: POST /cellissimo/api/v1/offers/{id}/decline.",
        )
    return await _close(services, person, offer, "withdrawn", "")


def _answerable(db: Connection, person: Person, offer_id: str) -> Offer:
    offer = visible(db, person, offer_id)
    permitted(db, offer.to_piece, person, Action.ANSWER_OFFER)
    if offer.state != "open":
        raise _answered(offer)
    return offer


def _answered(offer: Offer) -> ConflictError:
    return ConflictError(
        f"This offer was {offer.state} already.",
        cure="Look at it: GET /cellissimo/api/v1/offers/{id}.",
    )


async def _close(
    services: Services, person: Person, offer: Offer, state: str, said: str
) -> OfferShape:
    now = services.clock()

    def work(db: Connection) -> OfferShape:
        if not offers.decide(db, offer.id, state, said, person.id, now):
            raise _answered(offers.by_id(db, offer.id) or offer)
        detail = {"offer": offer.id, "fork": offer.from_piece, "state": state}
        if state != "withdrawn":
            notify(db, offer.author, "offer", offer.to_piece, person.id, detail, now)
        act = {"offer": offer.id, "state": state}
        audit.record(db, person.id, "offer.answer", offer.to_piece, act, now)
        return shown(db, offers.by_id(db, offer.id) or offer)

    return await services.database.write(work)
