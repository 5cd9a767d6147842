"""What somebody is to a piece: their role, their flags, and what being public gives to all."""

from __future__ import annotations

import json
from dataclasses import replace

from cellissimo.schema.policy import (
    NOBODY,
    PUBLIC_RIGHTS,
    UNLISTED_RIGHTS,
    USUAL_FLAGS,
    Action,
    Flag,
    Right,
    Role,
    Standing,
    may,
)
from cellissimo_server.access.person import ByLink, Person
from cellissimo_server.errors import ForbiddenError, not_found
from cellissimo_server.store import members, pieces, shares
from cellissimo_server.store.database import Connection
from cellissimo_server.store.members import Member
from cellissimo_server.store.pieces import Piece

_RIGHTS = {"public": PUBLIC_RIGHTS, "unlisted": UNLISTED_RIGHTS, "private": frozenset[Right]()}

ARCHIVED = frozenset(
    {
        Action.EDIT_MUSIC,
        Action.LOCK,
        Action.ADD_STEM,
        Action.DELETE_STEM,
        Action.ADD_SAMPLE,
        Action.RESTORE,
    }
)
"""What an archived piece does not take: it is read-only."""


def standing_of(db: Connection, piece: Piece, person: Person) -> Standing:
    """What ``person`` is to a piece that is not in the trash."""
    member = members.by_id(db, piece.id, person.id) if person.is_known else None
    found = standing_with(piece, person, member)
    if person.link is None:
        return found
    return replace(found, rights=found.rights | rights_of_link(db, piece, person.link))


def rights_of_link(db: Connection, piece: Piece, link: ByLink) -> frozenset[Right]:
    """What a link allows with a piece; nothing where it is another's, revoked or expired."""
    share = shares.by_hash(db, link.token_hash)
    if share is None or share.piece_id != piece.id or share.revoked_at is not None:
        return frozenset()
    if link.at >= (share.expires_at or link.at + 1):
        return frozenset()
    return frozenset(Right(word) for word in json.loads(share.rights)) | {Right.LISTEN}


def standing_with(piece: Piece, person: Person, member: Member | None) -> Standing:
    """The same, where ``person``'s membership, if there is one, is at hand already."""
    rights = _RIGHTS[piece.visibility]
    if person.is_known and piece.owner_id == person.id:
        return Standing(Role.OWNER, USUAL_FLAGS[Role.OWNER], rights)
    if member is None:
        return Standing(rights=rights)
    return Standing(Role(member.role), flags_of(member), rights)


def flags_of(member: Member) -> frozenset[Flag]:
    """The flags of a member's row."""
    held = {
        Flag.EDIT: member.can_edit,
        Flag.ADD_STEMS: member.can_add_stems,
        Flag.DELETE_STEMS: member.can_delete_stems,
        Flag.INVITE: member.can_invite_others,
        Flag.EXPORT: member.can_export,
    }
    return frozenset(flag for flag, has in held.items() if has)


def permitted(
    db: Connection, piece_id: str, person: Person, action: Action, *, kind: str | None = None
) -> tuple[Piece, Standing]:
    """The piece, where ``person`` may do ``action`` with it.

    Raises:
        NotFoundError: it is not there, is in the trash, is of another ``kind``, or is not this
            person's to know of: all look the same.
        ForbiddenError: they may know of it, but not do this.
    """
    piece = pieces.by_id(db, piece_id)
    what = kind or "project"
    if piece is None or piece.trashed_at is not None or (kind and piece.kind != kind):
        raise not_found(what)
    standing = standing_of(db, piece, person)
    check(piece, standing, action, what)
    return piece, standing


def check(piece: Piece, standing: Standing, action: Action, what: str = "project") -> None:
    """Pass where ``standing`` allows ``action``.

    Raises:
        NotFoundError: whoever asks may not even know of it.
        ForbiddenError: they may know of it, but not do this.
    """
    if standing == NOBODY or not may(Action.READ, standing):
        raise not_found(what)
    if not may(action, standing):
        raise ForbiddenError(
            f"You may not do that here ({action}).",
            cure=f"Ask the owner of the {what} for the role or flag that it needs.",
        )
    if piece.archived and action in ARCHIVED:
        raise ForbiddenError(
            f"This {what} is archived, so it is read-only.",
            cure="Make it active again first: PATCH {'isActive': true}.",
        )
