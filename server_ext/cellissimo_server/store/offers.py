"""Offers: forks that are offered back to what they were made from."""

from __future__ import annotations

from dataclasses import dataclass

from cellissimo_server.store.database import Connection
from cellissimo_server.store.paging import Found, Order, Paging
from cellissimo_server.store.table import Table


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer; ``state`` is open, accepted, partly, declined or withdrawn.

    ``from_seq`` is the revision of the fork that is offered; ``decision`` a JSON object.
    """

    id: str
    from_piece: str
    to_piece: str
    author: str
    message: str
    state: str
    from_seq: int
    decision: str | None
    decided_by: str | None
    decided_at: int | None
    created_at: int


OFFERS = Table("offers", Offer)

_NEWEST = Order("created_at")

_TO_ME = """to_piece IN (SELECT id FROM pieces WHERE owner_id = ? AND trashed_at IS NULL)
  OR to_piece IN (SELECT piece_id FROM members WHERE user_id = ? AND role = 'admin')"""


def insert(db: Connection, offer: Offer) -> None:
    """Keep a new offer."""
    OFFERS.insert(db, offer)


def by_id(db: Connection, offer_id: str) -> Offer | None:
    """The offer of that id."""
    return OFFERS.first(db, "id = ?", offer_id)


def open_between(db: Connection, from_piece: str, to_piece: str) -> Offer | None:
    """The open offer of one piece to another, where there is one already."""
    where = "from_piece = ? AND to_piece = ? AND state = 'open'"
    return OFFERS.first(db, where, from_piece, to_piece)


def made_by(db: Connection, user_id: str, paging: Paging) -> Found[Offer]:
    """One page of the offers that somebody made, newest first."""
    return OFFERS.page(db, "author = ?", [user_id], _NEWEST, paging)


def made_to(db: Connection, user_id: str, paging: Paging) -> Found[Offer]:
    """One page of the offers to pieces that somebody owns or administers, newest first."""
    return OFFERS.page(db, _TO_ME, [user_id, user_id], _NEWEST, paging)


def decide(db: Connection, offer_id: str, state: str, decision: str, person: str, now: int) -> bool:
    """Close an open offer; False where it is closed already, or not there."""
    changes = {"state": state, "decision": decision, "decided_by": person, "decided_at": now}
    return OFFERS.set(db, changes, "id = ? AND state = 'open'", offer_id) == 1


def withdraw_of(db: Connection, user_id: str, now: int) -> int:
    """Withdraw all open offers of somebody; gives how many there were."""
    changes = {"state": "withdrawn", "decided_by": user_id, "decided_at": now}
    return OFFERS.set(db, changes, "author = ? AND state = 'open'", user_id)
