"""Offering a fork back to what it was made from, and looking at what it would change."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cellissimo.notation.diff import diff_songs
from cellissimo.notation.diff_align import aligned
from cellissimo.schema.models import Song
from cellissimo.schema.policy import Action, may
from cellissimo.schema.rest.offers import Offer as OfferShape
from cellissimo.schema.rest.offers import OfferList, OfferLook, OffersQuery
from cellissimo.schema.rest.shape import to_time
from cellissimo_server.access.person import Person
from cellissimo_server.access.standing import permitted, standing_of
from cellissimo_server.commands import audit
from cellissimo_server.commands.make_loop import loop_of, song_of_loop
from cellissimo_server.commands.notify import notify
from cellissimo_server.commands.shown import person_shown
from cellissimo_server.errors import ConflictError, NotFoundError, not_found
from cellissimo_server.rooms.history import told
from cellissimo_server.store import members, offers, pieces, users, versions
from cellissimo_server.store.database import Connection
from cellissimo_server.store.offers import Offer
from cellissimo_server.store.paging import Paging
from cellissimo_server.store.pieces import Piece
from cellissimo_server.store.versions import Version

if TYPE_CHECKING:
    from cellissimo_server.services import Services


@dataclass(frozen=True, slots=True)
class Offered:
    """An offer with the two songs: the target as it is now, and as it would be."""

    offer: Offer
    now: Song
    wanted: Song


async def make_offer(services: Services, person: Person, piece_id: str, message: str) -> OfferShape:
    """An offer of a fork, as it is now, to its source.

    Raises:
        NotFoundError: there is no such fork, or its source is not theirs to see any more.
        ConflictError: it is no fork, or is offered already.
    """
    await services.database.read(lambda db: permitted(db, piece_id, person, Action.OFFER))
    edited = await services.documents.revision(piece_id)
    now = services.clock()

    def work(db: Connection) -> OfferShape:
        fork, _ = permitted(db, piece_id, person, Action.OFFER)
        source = _source(db, fork, person)
        if offers.open_between(db, fork.id, source.id):
            raise ConflictError(
                "This fork is offered already.",
                cure="Wait for the answer, or withdraw the offer and make it anew.",
            )
        made = _fresh(fork, source, person, message, edited.seq, now)
        offers.insert(db, made)
        _keep_revision(db, made)
        for user_id in _answerers(db, source):
            detail = {"offer": made.id, "fork": fork.id, "state": "open"}
            notify(db, user_id, "offer", source.id, person.id, detail, now)
        audit.record(db, person.id, "offer.make", source.id, {"offer": made.id}, now)
        return shown(db, made)

    return await services.database.write(work)


def _source(db: Connection, fork: Piece, person: Person) -> Piece:
    if fork.forked_from is None:
        raise ConflictError(
            "This was not made from anything else.",
            cure="Offer a fork; POST .../fork makes one.",
        )
    return permitted(db, fork.forked_from, person, Action.READ)[0]


def _fresh(fork: Piece, source: Piece, person: Person, message: str, seq: int, now: int) -> Offer:
    return Offer(
        id=str(uuid.uuid4()),
        from_piece=fork.id,
        to_piece=source.id,
        author=person.id,
        message=message,
        state="open",
        from_seq=seq,
        decision=None,
        decided_by=None,
        decided_at=None,
        created_at=now,
    )


def _keep_revision(db: Connection, offer: Offer) -> None:
    """The revision that is offered stays readable, however long the answer takes."""
    if any(one.seq == offer.from_seq for one in versions.of_piece(db, offer.from_piece)):
        return
    versions.insert(
        db,
        Version(
            id=str(uuid.uuid4()),
            piece_id=offer.from_piece,
            seq=offer.from_seq,
            name="Offered",
            kind="named",
            author=offer.author,
            made_at=offer.created_at,
        ),
    )


def _answerers(db: Connection, source: Piece) -> list[str]:
    admins = [one.user_id for one in members.of_piece(db, source.id) if one.role == "admin"]
    return [source.owner_id, *admins]


async def list_offers(services: Services, person: Person, wanted: OffersQuery) -> OfferList:
    """One page of the offers to somebody's pieces, or of those that they made."""
    paging = Paging(wanted.page, wanted.limit, wanted.after)
    find = offers.made_to if wanted.direction == "in" else offers.made_by

    def work(db: Connection) -> OfferList:
        found = find(db, person.id, paging)
        return OfferList(
            offers=[shown(db, one) for one in found.rows],
            total=found.total,
            page=found.page,
            limit=found.limit,
            has_more=found.has_more,
            next=found.next,
        )

    return await services.database.read(work)


async def look_at_offer(services: Services, person: Person, offer_id: str) -> OfferLook:
    """An offer with what it would change in its target as that is now.

    Raises:
        NotFoundError: there is no such offer to or of this person, or they may not read its
            target any more.
    """
    offered = await offered_of(services, person, offer_id)
    said = await services.database.read(lambda db: shown(db, offered.offer))
    changes = diff_songs(offered.now, offered.wanted)
    return OfferLook(
        **dict(said),
        words=told(offered.now, offered.wanted),
        bars=changes.bars,
        changes=[
            {"kind": one.kind, "where": one.where, "text": one.text, "bars": list(one.bars)}
            for one in changes
        ],
    )


async def offered_of(services: Services, person: Person, offer_id: str) -> Offered:
    """An offer that somebody may look at, with both songs."""
    offer = await services.database.read(lambda db: _readable(db, person, offer_id))
    now = (await services.documents.revision(offer.to_piece)).value
    then = await services.documents.history.song_at(offer.from_piece, offer.from_seq)
    return Offered(offer, now, fitted(now, then))


def _readable(db: Connection, person: Person, offer_id: str) -> Offer:
    """The same, where they may still read its target: the comparison tells what that says now."""
    offer = visible(db, person, offer_id)
    try:
        permitted(db, offer.to_piece, person, Action.READ)
    except NotFoundError:
        raise not_found("offer") from None
    return offer


def visible(db: Connection, person: Person, offer_id: str) -> Offer:
    """An offer that somebody made, or that they may answer.

    Raises:
        NotFoundError: there is none.
    """
    offer = offers.by_id(db, offer_id)
    if offer is None or not (offer.author == person.id or _may_answer(db, offer, person)):
        raise not_found("offer")
    return offer


def _may_answer(db: Connection, offer: Offer, person: Person) -> bool:
    target = pieces.by_id(db, offer.to_piece)
    if target is None or target.trashed_at is not None:
        return False
    return may(Action.ANSWER_OFFER, standing_of(db, target, person))


def fitted(now: Song, then: Song) -> Song:
    """The offered song with the ids and the name of its target, so that only changes differ."""
    if now.kind == "loop":
        here = loop_of(now)
        loop = replace(loop_of(then), id=here.id, name=here.name, source=here.source)
        alone = replace(song_of_loop(loop), id=now.id, name=now.name, seed=now.seed)
        alone = replace(alone, tempos=then.tempos, meters=then.meters, key=then.key)
        return replace(alone, locks=now.locks)
    return replace(aligned(now, then), id=now.id, name=now.name, locks=now.locks)


def shown(db: Connection, offer: Offer) -> OfferShape:
    """An offer as both sides see it."""
    ends = pieces.by_ids(db, [offer.from_piece, offer.to_piece])
    people = users.by_ids(db, [one for one in (offer.author, offer.decided_by) if one])
    decider = people.get(offer.decided_by or "")
    names = {key: piece.name for key, piece in ends.items()}
    return OfferShape(
        id=offer.id,
        from_piece=offer.from_piece,
        from_name=names.get(offer.from_piece, ""),
        to_piece=offer.to_piece,
        to_name=names.get(offer.to_piece, ""),
        author=person_shown(people.get(offer.author)),
        message=offer.message,
        state=offer.state,
        seq=offer.from_seq,
        answer=offer.decision,
        decided_by=None if decider is None else person_shown(decider),
        decided_at=None if offer.decided_at is None else to_time(offer.decided_at),
        created_at=to_time(offer.created_at),
    )
