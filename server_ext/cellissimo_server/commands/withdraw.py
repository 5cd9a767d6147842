"""Taking back what somebody gave to others when they may not give it any more."""

from __future__ import annotations

import json

from cellissimo.schema.policy import Flag, Right, Role, Standing, may_grant
from cellissimo_server.access.person import Person
from cellissimo_server.access.standing import standing_with
from cellissimo_server.commands.giving_rights import rights_of
from cellissimo_server.store import invites, members, shares
from cellissimo_server.store.database import Connection
from cellissimo_server.store.pieces import Piece


def standing_of_user(db: Connection, piece: Piece, user_id: str) -> Standing:
    """What the user of an id is to a piece."""
    somebody = Person(id=user_id, username="", display_name="")
    return standing_with(piece, somebody, members.by_id(db, piece.id, user_id))


def withdraw_grants(db: Connection, piece: Piece, user_id: str, now: int) -> None:
    """End the links and open invites of somebody that give more than they may give now."""
    standing = standing_of_user(db, piece, user_id)
    allowed = rights_of(standing)
    for share in shares.of_piece(db, piece.id):
        rights = {Right(word) for word in json.loads(share.rights)}
        if share.created_by == user_id and share.revoked_at is None and not rights <= allowed:
            shares.revoke(db, share.id, now)
    for invite in invites.of_piece(db, piece.id):
        is_open = invite.revoked_at is None and invite.accepted_at is None
        flags = frozenset(Flag(word) for word in json.loads(invite.flags))
        is_theirs = invite.created_by == user_id
        if is_theirs and is_open and not may_grant(standing, Role(invite.role), flags):
            invites.revoke(db, invite.id, now)
