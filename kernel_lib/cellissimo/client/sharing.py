"""Plans about who else: links, members, invites and offers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from cellissimo.client.call import (
    Call,
    Plan,
    as_bytes,
    as_model,
    as_nothing,
    as_text,
    ask,
    at,
    given,
    if_match,
    query_of,
)
from cellissimo.client.documents import Update, read_update
from cellissimo.client.pieces import Kind, nouns
from cellissimo.schema.rest.members import InviteList, MadeInvite, Member, MemberList
from cellissimo.schema.rest.offers import Offer, OfferList, OfferLook
from cellissimo.schema.rest.projects import Card
from cellissimo.schema.rest.shares import MadeShare, Shared, ShareList

Role = Literal["admin", "contributor", "viewer"]


def share(
    piece_id: str,
    rights: Sequence[str] = ("listen",),
    days: int | None = None,
    kind: Kind = "project",
) -> Plan[MadeShare]:
    """A link to a piece; ``days`` is how long it is valid, None for ever.

    ``rights`` are some of "listen", "comment", "download", "fork" and "edit".
    """
    noun = "loops" if kind == "loop" else "songs"
    body = {"expiresIn": days, "rights": list(rights)}
    return ask(Call("POST", at(noun, piece_id, "share"), as_model(MadeShare), body=body))


def shares(piece_id: str, kind: Kind = "project") -> Plan[ShareList]:
    """The links to a piece, without their tokens."""
    return ask(Call("GET", at(nouns(kind), piece_id, "shares"), as_model(ShareList)))


def revoke_share(share_id: str) -> Plan[None]:
    """End a link, at once."""
    return ask(Call("DELETE", at("shares", share_id), as_nothing))


def shared(token: str) -> Plan[Shared]:
    """What a link opens."""
    return ask(Call("GET", at("shared", token), as_model(Shared)))


def shared_document(token: str) -> Plan[Update]:
    """The document that a link opens."""
    return ask(Call("GET", at("shared", token, "document"), read_update))


def shared_blob(token: str, blob: str) -> Plan[bytes]:
    """A recording that a link opens."""
    return ask(Call("GET", at("shared", token, "blobs", blob), as_bytes))


def fork_shared(token: str) -> Plan[Card]:
    """A piece of one's own with the music that a link opens."""
    return ask(Call("POST", at("shared", token, "fork"), as_model(Card), body={}))


def members(piece_id: str, kind: Kind = "project") -> Plan[MemberList]:
    """The members of a piece, its owner first."""
    path = at(nouns(kind), piece_id, "collaborators")
    return ask(Call("GET", path, as_model(MemberList)))


def add_member(
    piece_id: str, username: str, role: Role = "viewer", kind: Kind = "project", **flags: bool
) -> Plan[Member]:
    """Somebody as a member; ``flags`` are ``canEdit``, ``canAddStems`` … where not as usual."""
    path = at(nouns(kind), piece_id, "collaborators")
    body = {"username": username, "role": role, **flags}
    return ask(Call("POST", path, as_model(Member), body=body))


def change_member(
    piece_id: str,
    user_id: str,
    role: Role | None = None,
    kind: Kind = "project",
    *,
    rev: int | None = None,
    **flags: bool,
) -> Plan[Member]:
    """A member with another role or other flags."""
    path = at(nouns(kind), piece_id, "collaborators", user_id)
    body = given(role=role, **flags)
    return ask(Call("PATCH", path, as_model(Member), body=body, headers=if_match(rev)))


def remove_member(piece_id: str, user_id: str, kind: Kind = "project") -> Plan[None]:
    """End somebody's membership."""
    path = at(nouns(kind), piece_id, "collaborators", user_id)
    return ask(Call("DELETE", path, as_nothing))


def invite(
    piece_id: str,
    role: Role = "viewer",
    days: int | None = 7,
    username: str | None = None,
    kind: Kind = "project",
) -> Plan[MadeInvite]:
    """A link that makes whoever opens it a member, once."""
    body = {"role": role, "expiresIn": days} | given(username=username)
    path = at(nouns(kind), piece_id, "invites")
    return ask(Call("POST", path, as_model(MadeInvite), body=body))


def invites(piece_id: str, kind: Kind = "project") -> Plan[InviteList]:
    """The invites to a piece, newest first."""
    return ask(Call("GET", at(nouns(kind), piece_id, "invites"), as_model(InviteList)))


def revoke_invite(invite_id: str) -> Plan[None]:
    """End an invite."""
    return ask(Call("DELETE", at("invites", invite_id), as_nothing))


def accept_invite(token: str) -> Plan[Member]:
    """Become a member by an invite's token."""
    path = at("invites", "by-token", token, "accept")
    return ask(Call("POST", path, as_model(Member), body={}))


def offer(piece_id: str, message: str = "", kind: Kind = "project") -> Plan[Offer]:
    """A fork, offered back to what it was made from."""
    path = at(nouns(kind), piece_id, "offers")
    return ask(Call("POST", path, as_model(Offer), body={"message": message}))


def offers(direction: Literal["in", "out"] = "in", *, page: int = 1) -> Plan[OfferList]:
    """Offers to pieces of mine, or those that I made."""
    query = query_of(direction=direction, page=page)
    return ask(Call("GET", "offers", as_model(OfferList), query=query))


def look_at_offer(offer_id: str) -> Plan[OfferLook]:
    """An offer with what it would change."""
    return ask(Call("GET", at("offers", offer_id), as_model(OfferLook)))


def accept_offer(offer_id: str, bars: Sequence[tuple[int, int]] | None = None) -> Plan[Offer]:
    """Take an offer, whole or some of its bars."""
    body = given(bars=None if bars is None else [list(pair) for pair in bars])
    return ask(Call("POST", at("offers", offer_id, "accept"), as_model(Offer), body=body))


def decline_offer(offer_id: str, message: str = "") -> Plan[Offer]:
    """Do not take an offer, and say why."""
    path = at("offers", offer_id, "decline")
    return ask(Call("POST", path, as_model(Offer), body={"message": message}))


def withdraw_offer(offer_id: str) -> Plan[Offer]:
    """My own offer, taken back."""
    return ask(Call("POST", at("offers", offer_id, "withdraw"), as_model(Offer), body={}))


def offered_song(offer_id: str) -> Plan[str]:
    """The song text that is offered, with the ids of what it is offered to."""
    return ask(Call("GET", at("offers", offer_id, "song"), as_text))


def offered_blob(offer_id: str, blob: str) -> Plan[bytes]:
    """A recording that an offer names, as a canonical WAV file."""
    return ask(Call("GET", at("offers", offer_id, "blobs", blob), as_bytes))
