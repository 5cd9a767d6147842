"""Who may do what: one table, from action to the role, flag or right that allows it.

The server asks it for every request, blob and room frame; the page gets the same table to grey
things out. It is pure: what somebody is to a piece comes in as a ``Standing``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a member is to a piece, from least to most."""

    VIEWER = "viewer"
    CONTRIBUTOR = "contributor"
    ADMIN = "admin"
    OWNER = "owner"


class Flag(StrEnum):
    """What a member may do besides listening; the owner has all."""

    EDIT = "canEdit"
    ADD_STEMS = "canAddStems"
    DELETE_STEMS = "canDeleteStems"
    INVITE = "canInviteOthers"
    EXPORT = "canExport"


class Right(StrEnum):
    """What a share link, or being public, allows to whoever comes."""

    LISTEN = "listen"
    COMMENT = "comment"
    DOWNLOAD = "download"
    FORK = "fork"
    EDIT = "edit"


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody is to a piece: a member's role and flags, and the rights of links."""

    role: Role | None = None
    flags: frozenset[Flag] = frozenset()
    rights: frozenset[Right] = frozenset()


NOBODY = Standing()
"""Who has never heard of the piece."""

RANK = {role: rank for rank, role in enumerate(Role)}


@dataclass(frozen=True, slots=True)
class Rule:
    """Allowed from ``role`` on, with ``flag`` where one is named, or by ``right``."""

    role: Role
    flag: Flag | None = None
    right: Right | None = None


class Action(StrEnum):
    """Everything that can be done to a piece."""

    READ = "piece.read"
    LIST_MEMBERS = "members.read"
    COMMENT = "comment.add"
    EDIT_MUSIC = "music.edit"
    LOCK = "music.lock"
    ADD_STEM = "stem.add"
    DELETE_STEM = "stem.delete"
    ADD_SAMPLE = "sample.add"
    DOWNLOAD = "piece.download"
    RENDER = "piece.render"
    FORK = "piece.fork"
    READ_HISTORY = "history.read"
    NAME_VERSION = "version.name"
    RESTORE = "history.restore"
    DESCRIBE = "piece.describe"
    INVITE = "member.invite"
    CHANGE_MEMBER = "member.change"
    REMOVE_MEMBER = "member.remove"
    READ_SHARES = "shares.read"
    SHARE = "share.make"
    REVOKE_SHARE = "share.revoke"
    PUBLISH = "piece.publish"
    ARCHIVE = "piece.archive"
    ANSWER_OFFER = "offer.answer"
    OFFER = "offer.make"
    LEAD = "room.lead"
    TRASH = "piece.trash"


POLICY: dict[Action, Rule] = {
    Action.READ: Rule(Role.VIEWER, right=Right.LISTEN),
    Action.LIST_MEMBERS: Rule(Role.VIEWER),
    Action.COMMENT: Rule(Role.VIEWER, right=Right.COMMENT),
    Action.EDIT_MUSIC: Rule(Role.CONTRIBUTOR, Flag.EDIT, Right.EDIT),
    Action.LOCK: Rule(Role.ADMIN),
    Action.ADD_STEM: Rule(Role.CONTRIBUTOR, Flag.ADD_STEMS, Right.EDIT),
    Action.DELETE_STEM: Rule(Role.CONTRIBUTOR, Flag.DELETE_STEMS),
    Action.ADD_SAMPLE: Rule(Role.CONTRIBUTOR, Flag.EDIT, Right.EDIT),
    Action.DOWNLOAD: Rule(Role.VIEWER, Flag.EXPORT, Right.DOWNLOAD),
    Action.RENDER: Rule(Role.VIEWER, Flag.EXPORT),
    Action.FORK: Rule(Role.VIEWER, Flag.EXPORT, Right.FORK),
    Action.READ_HISTORY: Rule(Role.VIEWER),
    Action.NAME_VERSION: Rule(Role.CONTRIBUTOR, Flag.EDIT),
    Action.RESTORE: Rule(Role.CONTRIBUTOR, Flag.EDIT),
    Action.DESCRIBE: Rule(Role.ADMIN),
    Action.INVITE: Rule(Role.VIEWER, Flag.INVITE),
    Action.CHANGE_MEMBER: Rule(Role.ADMIN),
    Action.REMOVE_MEMBER: Rule(Role.ADMIN),
    Action.READ_SHARES: Rule(Role.ADMIN),
    Action.SHARE: Rule(Role.VIEWER, Flag.INVITE),
    Action.REVOKE_SHARE: Rule(Role.ADMIN),
    Action.PUBLISH: Rule(Role.ADMIN),
    Action.ARCHIVE: Rule(Role.ADMIN),
    Action.ANSWER_OFFER: Rule(Role.ADMIN),
    Action.OFFER: Rule(Role.ADMIN),
    Action.LEAD: Rule(Role.CONTRIBUTOR, Flag.EDIT, Right.EDIT),
    Action.TRASH: Rule(Role.OWNER),
}

USUAL_FLAGS: dict[Role, frozenset[Flag]] = {
    Role.VIEWER: frozenset(),
    Role.CONTRIBUTOR: frozenset({Flag.EDIT, Flag.ADD_STEMS, Flag.EXPORT}),
    Role.ADMIN: frozenset(Flag),
    Role.OWNER: frozenset(Flag),
}
"""The flags of a member for whom nothing else was said."""

PUBLIC_RIGHTS = frozenset({Right.LISTEN, Right.FORK, Right.DOWNLOAD})
"""What everybody may do with a public piece."""

UNLISTED_RIGHTS = frozenset({Right.LISTEN})
"""What whoever knows its address may do with an unlisted piece."""


def may(action: Action, standing: Standing) -> bool:
    """Whether somebody of that standing may do it."""
    rule = POLICY[action]
    if rule.right is not None and rule.right in standing.rights:
        return True
    if standing.role is None or RANK[standing.role] < RANK[rule.role]:
        return False
    return rule.flag is None or standing.role is Role.OWNER or rule.flag in standing.flags


def may_grant(standing: Standing, role: Role, flags: frozenset[Flag]) -> bool:
    """Whether somebody may give a role and flags: no more than they have, and owner to nobody."""
    if role is Role.OWNER or not may(Action.INVITE, standing) or standing.role is None:
        return False
    if standing.role is Role.OWNER:
        return True
    return RANK[role] <= RANK[standing.role] and flags <= standing.flags
