"""What somebody may give to others: a role and flags, never more than they have themselves."""

from __future__ import annotations

from collections.abc import Mapping

from cellissimo.schema.policy import RANK, USUAL_FLAGS, Flag, Role, Standing, may_grant
from cellissimo.schema.rest.members import GivenFlags
from cellissimo_server.errors import ForbiddenError
from cellissimo_server.store.members import Member

FLAGS: Mapping[str, Flag] = {
    "can_edit": Flag.EDIT,
    "can_add_stems": Flag.ADD_STEMS,
    "can_delete_stems": Flag.DELETE_STEMS,
    "can_invite_others": Flag.INVITE,
    "can_export": Flag.EXPORT,
}
"""The columns of a member's row, and the flags they are."""

NO_FLAGS = frozenset[Flag]()


def flags_given(given: GivenFlags, usual: frozenset[Flag]) -> frozenset[Flag]:
    """The flags that a request asks for; ``usual`` are those that it does not speak of."""
    said = {flag: getattr(given, name) for name, flag in FLAGS.items()}
    return frozenset(flag for flag, has in said.items() if (flag in usual if has is None else has))


def usual_flags(role: Role, giver: Standing) -> frozenset[Flag]:
    """The flags that come with a role, as far as the giver has them."""
    usual = USUAL_FLAGS[role]
    return usual if giver.role is Role.OWNER else usual & giver.flags


def check_grant(
    giver: Standing,
    role: Role,
    flags: frozenset[Flag],
    before: tuple[Role, frozenset[Flag]] = (Role.VIEWER, NO_FLAGS),
) -> None:
    """Pass where ``giver`` may raise somebody from ``before`` to this role and these flags.

    Raises:
        ForbiddenError: that would be more than they have themselves.
    """
    old_role, old_flags = before
    raised = role if RANK[role] > RANK[old_role] else Role.VIEWER
    added = flags - old_flags
    if raised is Role.VIEWER and not added and before != (Role.VIEWER, NO_FLAGS):
        return
    if not may_grant(giver, raised, added):
        has = f"You are {giver.role}" if giver.role else "You are no member"
        flags_held = ", ".join(sorted(giver.flags)) or "no flags"
        raise ForbiddenError(
            "Nobody gives more than they have themselves.",
            field="role" if giver.role is None or RANK[raised] > RANK[giver.role] else "flags",
            value=[raised.value, *sorted(added)],
            accepted=f"{has}, with {flags_held}",
            cure="Give less, or ask the owner to do it.",
        )


def columns_of(role: Role, flags: frozenset[Flag]) -> dict[str, str | bool]:
    """A role and flags as the columns of a member's row."""
    return {"role": role.value, **{name: flag in flags for name, flag in FLAGS.items()}}


def fresh_member(
    piece_id: str, user_id: str, role: Role, flags: frozenset[Flag], now: int
) -> Member:
    """The row of somebody who becomes a member now."""
    return Member(
        piece_id=piece_id,
        user_id=user_id,
        role=role.value,
        **{name: flag in flags for name, flag in FLAGS.items()},
        rev=1,
        joined_at=now,
        active_at=now,
    )
