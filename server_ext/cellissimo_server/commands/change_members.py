"""Who is a member of a piece: adding by name, changing role and flags, removing, leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellissimo.schema.policy import Action, Role
from cellissimo.schema.rest.members import Member as MemberShape
from cellissimo.schema.rest.members import MemberChange, NewMember
from cellissimo_server.access.person import Person
from cellissimo_server.access.standing import check, flags_of, permitted
from cellissimo_server.commands.announcing import announce_members
from cellissimo_server.commands.audit import record
from cellissimo_server.commands.granting import (
    check_grant,
    columns_of,
    flags_given,
    fresh_member,
    usual_flags,
)
from cellissimo_server.commands.notify import notify
from cellissimo_server.commands.show_members import member_shown, members_shown, with_presence
from cellissimo_server.commands.withdraw import withdraw_grants
from cellissimo_server.errors import ChangedError, ConflictError, not_found
from cellissimo_server.store import members, users
from cellissimo_server.store.database import Connection
from cellissimo_server.store.members import Member
from cellissimo_server.store.pieces import Piece
from cellissimo_server.store.users import User

if TYPE_CHECKING:
    from cellissimo_server.services import Services


async def list_members(services: Services, person: Person, piece_id: str) -> list[MemberShape]:
    """The members of a piece, its owner first.

    Raises:
        NotFoundError: the piece is not there, or not ``person``'s to know of.
        ForbiddenError: they are no member.
    """

    def work(db: Connection) -> list[MemberShape]:
        piece, _ = permitted(db, piece_id, person, Action.LIST_MEMBERS)
        return members_shown(db, piece)

    found = await services.database.read(work)
    return [with_presence(services, one) for one in found]


async def add_member(
    services: Services, person: Person, piece_id: str, wanted: NewMember
) -> MemberShape:
    """Somebody who is a member of a piece from now on, and is told so.

    Raises:
        NotFoundError: there is no such piece, or nobody of that name.
        ForbiddenError: that is more than ``person`` may give.
        ConflictError: they are a member already.
    """
    now = services.clock()

    def work(db: Connection) -> MemberShape:
        piece, standing = permitted(db, piece_id, person, Action.INVITE)
        role = Role(wanted.role)
        flags = flags_given(wanted, usual_flags(role, standing))
        check_grant(standing, role, flags)
        user = _somebody(db, wanted.username)
        if user.id == piece.owner_id or members.by_id(db, piece_id, user.id):
            raise _member_already(user)
        row = fresh_member(piece_id, user.id, role, flags, now)
        members.insert(db, row)
        notify(db, user.id, "invite", piece_id, person.id, {"role": role.value}, now)
        record(db, person.id, "member.add", piece_id, {"member": user.id, "role": role.value}, now)
        return member_shown(piece, row, user)

    shown = await services.database.write(work)
    announce_members(services, piece_id)
    return shown


async def change_member(
    services: Services,
    person: Person,
    piece_id: str,
    user_id: str,
    wanted: MemberChange,
    rev: int | None,
) -> MemberShape:
    """A member with another role or other flags; what they gave beyond that is taken back.

    With another role, flags that are not sent become those that are usual for it.

    Raises:
        NotFoundError: there is no such piece or member.
        ForbiddenError: that is more than ``person`` may give.
        ChangedError: the member has another ``rev`` by now.
    """
    now = services.clock()

    def work(db: Connection) -> MemberShape:
        piece, standing = permitted(db, piece_id, person, Action.CHANGE_MEMBER)
        row = _member(db, piece, user_id)
        role = Role(wanted.role or row.role)
        stays = role == row.role
        flags = flags_given(wanted, flags_of(row) if stays else usual_flags(role, standing))
        check_grant(standing, role, flags, (Role(row.role), flags_of(row)))
        if rev is not None and rev != row.rev:
            theirs = {**columns_of(Role(row.role), flags_of(row)), "rev": row.rev}
            raise ChangedError("This member", yours=wanted.given, theirs=theirs)
        changed = members.change(db, piece_id, user_id, None, **columns_of(role, flags))
        withdraw_grants(db, piece, user_id, now)
        record(db, person.id, "member.change", piece_id, {"member": user_id, "role": role}, now)
        return member_shown(piece, changed or row, users.by_id(db, user_id))

    shown = await services.database.write(work)
    services.caches.share_changed()
    announce_members(services, piece_id)
    return with_presence(services, shown)


async def remove_member(
    services: Services, person: Person, piece_id: str, user_id: str, rev: int | None = None
) -> None:
    """End a membership: one's own, or another's. Links and invites they gave end with it.

    Raises:
        NotFoundError: there is no such piece or member.
        ForbiddenError: it is another's, and not ``person``'s to end.
        ChangedError: the member has another ``rev`` by now.
    """
    now = services.clock()

    def work(db: Connection) -> None:
        piece, standing = permitted(db, piece_id, person, Action.READ)
        if user_id != person.id:
            check(piece, standing, Action.REMOVE_MEMBER)
        row = _member(db, piece, user_id)
        if rev is not None and rev != row.rev:
            raise ChangedError("This member", yours={"rev": rev}, theirs={"rev": row.rev})
        members.delete(db, piece_id, user_id)
        withdraw_grants(db, piece, user_id, now)
        record(db, person.id, "member.remove", piece_id, {"member": user_id}, now)

    await services.database.write(work)
    services.caches.share_changed()
    announce_members(services, piece_id)


def _somebody(db: Connection, username: str) -> User:
    user = users.by_username(db, username)
    if user is None or user.deleted_at is not None or user.kind != "person":
        raise not_found("person")
    return user


def _member(db: Connection, piece: Piece, user_id: str) -> Member:
    row = members.by_id(db, piece.id, user_id)
    if row is None and user_id == piece.owner_id:
        raise ConflictError(
            "The owner is no member whose role could change.",
            field="userId",
            cure="Fork the piece, or let its owner delete it.",
        )
    if row is None:
        raise not_found("member")
    return row


def _member_already(user: User) -> ConflictError:
    return ConflictError(
        f"{user.display_name} is a member already.",
        field="username",
        value=user.username,
        cure="PATCH the member to change role or flags.",
    )
