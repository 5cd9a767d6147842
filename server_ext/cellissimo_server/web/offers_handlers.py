"""Offers over HTTP: forks that are offered back."""

from __future__ import annotations

from cellissimo.schema.policy import Action
from cellissimo.schema.rest.offers import (
    Acceptance,
    NewOffer,
    Offer,
    OfferList,
    OfferLook,
    OffersQuery,
    Refusal,
)
from cellissimo_server.commands import answer_offer, hear_offer, make_offer
from cellissimo_server.web.blob_answer import BlobHandler
from cellissimo_server.web.documents_handlers import send_text
from cellissimo_server.web.handler import Handler
from cellissimo_server.web.operation import operation
from cellissimo_server.web.routes import Route


class ForkOffersHandler(Handler):
    """A fork that offers itself."""

    @operation(
        "Offer a fork back to its source",
        body=NewOffer,
        answer=Offer,
        status=201,
        action=Action.OFFER,
    )
    async def post(self, piece_id: str, body: NewOffer) -> Offer:
        """Offer it as it is now."""
        return await make_offer.make_offer(self.services, self.person, piece_id, body.message)


class OffersHandler(Handler):
    """My offers, and those to me."""

    @operation("Offers to my pieces, or mine to others", query=OffersQuery, answer=OfferList)
    async def get(self, query: OffersQuery) -> OfferList:
        """List them, newest first."""
        return await make_offer.list_offers(self.services, self.person, query)


class OfferHandler(Handler):
    """One offer."""

    @operation("An offer, and what it would change", answer=OfferLook)
    async def get(self, offer_id: str) -> OfferLook:
        """Compare it with its target as that is now."""
        return await make_offer.look_at_offer(self.services, self.person, offer_id)


class OfferedSongHandler(Handler):
    """What an offer says."""

    @operation(
        "The song text that is offered, with the ids of its target",
        media="text/plain",
        errors=(409,),
    )
    async def get(self, offer_id: str) -> None:
        """The text as it would be taken whole, with the fork's revision as ETag."""
        text, seq = await hear_offer.offered_text(self.services, self.person, offer_id)
        send_text(self, text, seq)


class OfferedBlobHandler(BlobHandler):
    """Audio of what is offered."""

    @operation("Audio of an offer", media="audio/wav", errors=(409,))
    async def get(self, offer_id: str, sha256: str) -> None:
        """Send it, or a range of it."""
        blob = await hear_offer.blob_of_offer(self.services, self.person, offer_id, sha256)
        await self.send_blob(blob)


class AcceptanceHandler(Handler):
    """Saying yes."""

    @operation("Take an offer, or some of its bars", body=Acceptance, answer=Offer)
    async def post(self, offer_id: str, body: Acceptance) -> Offer:
        """Let the target say it, as an ordinary edit of mine."""
        return await answer_offer.accept_offer(self.services, self.person, offer_id, body)


class RefusalHandler(Handler):
    """Saying no."""

    @operation("Decline an offer", body=Refusal, answer=Offer)
    async def post(self, offer_id: str, body: Refusal) -> Offer:
        """Decline it, with some words."""
        services, person = self.services, self.person
        return await answer_offer.decline_offer(services, person, offer_id, body.message)


class WithdrawalHandler(Handler):
    """Taking an offer back."""

    @operation("Withdraw my offer", answer=Offer)
    async def post(self, offer_id: str) -> Offer:
        """Take it back."""
        return await answer_offer.withdraw_offer(self.services, self.person, offer_id)


ROUTES = [
    Route("projects/{piece_id}/offers", ForkOffersHandler),
    Route("loops/{piece_id}/offers", ForkOffersHandler),
    Route("songs/{piece_id}/offers", ForkOffersHandler),
    Route("offers", OffersHandler),
    Route("offers/{offer_id}", OfferHandler),
    Route("offers/{offer_id}/song", OfferedSongHandler),
    Route("offers/{offer_id}/blobs/{sha256}", OfferedBlobHandler),
    Route("offers/{offer_id}/accept", AcceptanceHandler),
    Route("offers/{offer_id}/decline", RefusalHandler),
    Route("offers/{offer_id}/withdraw", WithdrawalHandler),
]
