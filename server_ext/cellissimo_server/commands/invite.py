"""Invites: links by which one person becomes a member, within some days."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cellissimo.schema.policy import Action, Flag, Role, may_grant
from cellissimo.schema.rest.members import Member as MemberShape
from cellissimo.schema.rest.members import NewInvite
from cellissimo_server.access.person import Person
from cellissimo_server.access.secrets import fresh_token, hash_of, is_same
from cellissimo_server.access.standing import permitted
from cellissimo_server.commands.announcing import announce_members
from cellissimo_server.commands.audit import record
from cellissimo_server.commands.granting import (
    check_grant,
    flags_given,
    fresh_member,
    usual_flags,
)
from cellissimo_server.commands.notify import notify
from cellissimo_server.commands.show_members import member_shown
from cellissimo_server.commands.withdraw import standing_of_user
from cellissimo_server.errors import ConflictError, NotFoundError, not_found
from cellissimo_server.store import invites, members, pieces, users
from cellissimo_server.store.database import Connection
from cellissimo_server.store.invites import Invite
from cellissimo_server.store.pieces import Piece
from cellissimo_server.store.users import User

if TYPE_CHECKING:
    from cellissimo_server.services import Services

DAY_MS = 24 * 3_600_000


@dataclass(frozen=True, slots=True)
class Offered:
    """An invite that may be accepted: to what, and from whom."""

    invite: Invite
    piece: Piece
    giver: User


async def make_invite(
    services: Services, person: Person, piece_id: str, wanted: NewInvite
) -> tuple[Invite, str]:
    """A new invite to a piece, and its token, of which only the hash is kept.

    Raises:
        NotFoundError: the piece is not there, or not ``person``'s to know of.
        ForbiddenError: that is more than ``person`` may give.
    """
    now, token = services.clock(), fresh_token()
    expires = None if wanted.expires_in is None else now + wanted.expires_in * DAY_MS

    def work(db: Connection) -> Invite:
        _, standing = permitted(db, piece_id, person, Action.INVITE)
        role = Role(wanted.role)
        flags = flags_given(wanted, usual_flags(role, standing))
        check_grant(standing, role, flags)
        invite = Invite(
            id=str(uuid.uuid4()),
            piece_id=piece_id,
            token_hash=hash_of(token),
            username=wanted.username,
            role=role.value,
            flags=json.dumps(sorted(flags)),
            created_by=person.id,
            created_at=now,
            expires_at=expires,
            accepted_by=None,
            accepted_at=None,
            revoked_at=None,
        )
        invites.insert(db, invite)
        record(db, person.id, "invite.make", piece_id, {"invite": invite.id, "role": role}, now)
        return invite

    return await services.database.write(work), token


async def list_invites(services: Services, person: Person, piece_id: str) -> list[Invite]:
    """The invites to a piece, newest first.

    Raises:
        NotFoundError: the piece is not there, or not ``person``'s to know of.
        ForbiddenError: they may not invite.
    """

    def work(db: Connection) -> list[Invite]:
        permitted(db, piece_id, person, Action.INVITE)
        return invites.of_piece(db, piece_id)

    return await services.database.read(work)


async def revoke_invite(services: Services, person: Person, invite_id: str) -> None:
    """Make an invite invalid: one's own, or any of a piece whose members one may remove.

    Raises:
        NotFoundError: there is no such invite, or it is not ``person``'s to know of.
        ForbiddenError: it is not theirs to revoke.
    """
    now = services.clock()

    def work(db: Connection) -> None:
        invite = invites.by_id(db, invite_id)
        if invite is None:
            raise not_found("invite")
        is_own = invite.created_by == person.id
        action = Action.INVITE if is_own else Action.REMOVE_MEMBER
        _permitted_invite(db, invite, person, action)
        if invites.revoke(db, invite_id, now):
            record(db, person.id, "invite.revoke", invite.piece_id, {"invite": invite_id}, now)

    await services.database.write(work)


def _permitted_invite(db: Connection, invite: Invite, person: Person, action: Action) -> None:
    try:
        permitted(db, invite.piece_id, person, action)
    except NotFoundError:
        raise not_found("invite") from None


async def look_at_invite(services: Services, person: Person, token: str) -> Offered:
    """What an invite is to, before it is accepted.

    Raises:
        NotFoundError: it is unknown, used, revoked, expired or somebody else's: all look the same.
    """
    now = services.clock()
    return await services.database.read(lambda db: _offered(db, person, token, now))


async def accept_invite(services: Services, person: Person, token: str) -> MemberShape:
    """``person`` as a member of the piece; whoever is one already stays what they are.

    Raises:
        NotFoundError: it is unknown, used, revoked, expired or somebody else's: all look the same.
        ConflictError: the piece is their own.
    """
    now = services.clock()

    def work(db: Connection) -> MemberShape:
        offered = _offered(db, person, token, now)
        piece, invite = offered.piece, offered.invite
        user = users.by_id(db, person.id)
        if piece.owner_id == person.id:
            raise ConflictError("This is yours already.", cure="Send the link to somebody else.")
        row = members.by_id(db, piece.id, person.id)
        if row is not None:
            return member_shown(piece, row, user)
        if not invites.accept(db, invite.id, person.id, now):
            raise not_found("invite")
        flags = frozenset(Flag(word) for word in json.loads(invite.flags))
        row = fresh_member(piece.id, person.id, Role(invite.role), flags, now)
        members.insert(db, row)
        detail = {"role": invite.role, "accepted": True}
        notify(db, invite.created_by, "invite", piece.id, person.id, detail, now)
        record(db, person.id, "invite.accept", piece.id, {"invite": invite.id}, now)
        return member_shown(piece, row, user)

    shown = await services.database.write(work)
    announce_members(services, shown.project_id)
    return shown


def _offered(db: Connection, person: Person, token: str, now: int) -> Offered:
    """The invite of a token, where it may be accepted by ``person`` and its giver still may."""
    invite = invites.by_hash(db, hash_of(token))
    if invite is None or not is_same(invite.token_hash, hash_of(token)):
        raise not_found("invite")
    over = invite.expires_at is not None and now >= invite.expires_at
    theirs = invite.username in (None, person.username)
    piece, giver = pieces.by_id(db, invite.piece_id), users.by_id(db, invite.created_by)
    if over or not theirs or invite.revoked_at is not None or piece is None or giver is None:
        raise not_found("invite")
    is_used = invite.accepted_at is not None and invite.accepted_by != person.id
    flags = frozenset(Flag(word) for word in json.loads(invite.flags))
    standing = standing_of_user(db, piece, invite.created_by)
    if is_used or piece.trashed_at or not may_grant(standing, Role(invite.role), flags):
        raise not_found("invite")
    return Offered(invite, piece, giver)
