"""The end of an account: what happens to everything is said first, then done as it was said."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cellissimo.schema.rest.people import Deletion, Fate
from cellissimo_server.access.person import Person
from cellissimo_server.commands import audit
from cellissimo_server.commands.notify import notify
from cellissimo_server.commands.profiles import row_of
from cellissimo_server.commands.shown import person_shown
from cellissimo_server.commands.tokens import check_no_token
from cellissimo_server.commands.withdraw import withdraw_grants
from cellissimo_server.errors import InvalidError
from cellissimo_server.store import (
    api_tokens,
    comments,
    members,
    messages,
    notifications,
    offers,
    pieces,
    reports,
    samples,
    shares,
    users,
)
from cellissimo_server.store.database import Connection
from cellissimo_server.store.members import Member
from cellissimo_server.store.pieces import Piece
from cellissimo_server.store.users import User

if TYPE_CHECKING:
    from cellissimo_server.services import Services


@dataclass(frozen=True, slots=True)
class Settlement:
    """What becomes of a piece: it is its heir's, or goes to the trash."""

    piece: Piece
    heir: User | None


async def preview_deletion(services: Services, person: Person) -> Deletion:
    """What deleting the account of ``person`` would do; nothing happens yet."""
    days = services.settings.trash_days
    return await services.database.read(lambda db: _preview(db, row_of(db, person), days))


async def delete_account(services: Services, person: Person, confirm: str) -> None:
    """Do what the preview says, for good.

    Raises:
        InvalidError: ``confirm`` is not the person's username.
        ForbiddenError: they came with a token of ours, which a guest may.
    """
    if person.kind != "guest":
        check_no_token(person)
    if confirm != person.username:
        raise InvalidError(
            "The username does not confirm the deletion.",
            field="confirm",
            value=confirm,
            accepted="your own username",
            cure="Send your username, after reading GET /cellissimo/api/v1/users/me/deletion.",
        )
    now = services.clock()
    await services.database.write(lambda db: farewell(db, row_of(db, person), now))
    services.caches.profiles.clear()
    services.caches.public.clear()
    services.caches.share_changed()


def farewell(db: Connection, user: User, now: int) -> None:
    """Settle everything of somebody, and forget who they were."""
    for one in _settled(db, user):
        _settle(db, one, user, now)
    for sample in samples.all_of(db, user.id):
        if sample.trashed_at is None:
            samples.change(db, sample, None, {"trashed_at": now})
    _leave_all(db, user.id, now)
    offers.withdraw_of(db, user.id, now)
    messages.remove_said_by(db, user.id, now)
    comments.remove_written_by(db, user.id, now)
    reports.forget_reporter(db, user.id)
    notifications.delete_of_user(db, user.id)
    api_tokens.revoke_all(db, user.id, now)
    users.change(db, user.id, None, **_nobody(user, now))
    audit.record(db, user.id, "account.delete", user.id, {"kind": user.kind}, now)


def _leave_all(db: Connection, user_id: str, now: int) -> None:
    """End all memberships of somebody, with the links and invites that they gave as a member."""
    left = members.of_user(db, user_id)
    members.delete_of_user(db, user_id)
    for piece in pieces.by_ids(db, [member.piece_id for member in left]).values():
        withdraw_grants(db, piece, user_id, now)


def _nobody(user: User, now: int) -> dict[str, str | int | None]:
    return {
        "username": f"deleted-{user.id}",
        "display_name": "Somebody who left",
        "avatar_url": None,
        "bio": "",
        "email": None,
        "site_role": "member",
        "preferences": json.dumps({}),
        "deleted_at": now,
    }


def _settled(db: Connection, user: User) -> list[Settlement]:
    owned = [piece for piece in pieces.owned(db, user.id) if piece.trashed_at is None]
    return [Settlement(piece, _heir(db, piece)) for piece in owned]


def _heir(db: Connection, piece: Piece) -> User | None:
    """The admin who has been there for longest, or else whoever may edit."""
    there = members.of_piece(db, piece.id)
    ranked = sorted(there, key=_claim_of)
    for member in ranked:
        user = users.by_id(db, member.user_id)
        if _can_inherit(member) and user and user.deleted_at is None and user.kind == "person":
            return user
    return None


def _can_inherit(member: Member) -> bool:
    return member.role == "admin" or (member.role == "contributor" and member.can_edit)


def _claim_of(member: Member) -> tuple[bool, int, str]:
    return member.role != "admin", member.joined_at, member.user_id


def _settle(db: Connection, one: Settlement, user: User, now: int) -> None:
    piece, heir = one.piece, one.heir
    if heir is None:
        pieces.trash(db, piece.id, now)
        return
    members.delete(db, piece.id, heir.id)
    pieces.change(db, piece.id, None, owner_id=heir.id)
    notify(db, heir.id, "invite", piece.id, None, {"role": "owner"}, now)
    audit.record(db, user.id, "piece.transfer", piece.id, {"to": heir.id}, now)


def _preview(db: Connection, user: User, trash_days: int) -> Deletion:
    settled = _settled(db, user)
    gone = [one.piece.id for one in settled if one.heir is None]
    links = [link for piece_id in gone for link in shares.of_piece(db, piece_id)]
    return Deletion(
        username=user.username,
        pieces=[_fate(one) for one in settled],
        samples=sum(sample.trashed_at is None for sample in samples.all_of(db, user.id)),
        memberships=len(members.of_user(db, user.id)),
        share_links=sum(link.revoked_at is None for link in links),
        messages=len(messages.said_by(db, user.id)),
        comments=len(comments.written_by(db, user.id)),
        tokens=sum(token.revoked_at is None for token in api_tokens.of_user(db, user.id)),
        trash_days=trash_days,
    )


def _fate(one: Settlement) -> Fate:
    return Fate(
        id=one.piece.id,
        kind=one.piece.kind,
        name=one.piece.name,
        then="trash" if one.heir is None else "transfer",
        to=None if one.heir is None else person_shown(one.heir),
    )
