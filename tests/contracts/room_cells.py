"""Who may be in a room, and what can be said there, as the walk of a room takes them."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from cellissimo.crdt import wire
from cellissimo.crdt.awareness import entry, write
from cellissimo.crdt.wire import Kind
from cellissimo.schema.models import Lock, Stem, Tempo
from cellissimo.schema.policy import (
    PUBLIC_RIGHTS,
    RANK,
    UNLISTED_RIGHTS,
    USUAL_FLAGS,
    Action,
    Flag,
    Right,
    Role,
    Standing,
    may,
    may_grant,
)
from cellissimo_server.access.standing import ARCHIVED
from tests.server.sitting import Sitting

LONG = os.environ.get("CELLISSIMO_LONG") == "1"

Body = dict[str, Any]


# -- who -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Who:
    """Somebody in a room: a member, a stranger, or a guest who came by a link."""

    standing: Standing
    visibility: str = "private"
    by_link: Right | None = None
    archived: bool = False

    def __str__(self) -> str:
        flags = ",".join(sorted(self.standing.flags)) or "-"
        role = self.standing.role or (f"link {self.by_link}" if self.by_link else "stranger")
        return f"{role}/{flags}/{self.visibility}{'/archived' if self.archived else ''}"

    def may(self, action: Action) -> bool:
        """What the table says, and that what is archived is read-only."""
        return may(action, self.standing) and not (self.archived and action in ARCHIVED)


def everybody() -> Iterator[Who]:
    """The owner, members of every role with their flags, strangers, and guests of every right."""
    owner = Standing(Role.OWNER, USUAL_FLAGS[Role.OWNER])
    yield from (Who(owner), Who(owner, archived=True))
    for role in (Role.VIEWER, Role.CONTRIBUTOR, Role.ADMIN):
        yield from (Who(Standing(role, flags)) for flags in flag_sets(role))
    for visibility, rights in (("public", PUBLIC_RIGHTS), ("unlisted", UNLISTED_RIGHTS)):
        yield Who(Standing(rights=rights), visibility)
    for right in Right if LONG else (Right.LISTEN, Right.COMMENT, Right.EDIT):
        yield Who(Standing(rights=frozenset({right, Right.LISTEN})), by_link=right)


def flag_sets(role: Role) -> Iterator[frozenset[Flag]]:
    """None and all of them, and of a contributor each one alone; or every set."""
    if LONG:
        for bits in itertools.product((False, True), repeat=len(Flag)):
            yield frozenset(one for one, has in zip(Flag, bits, strict=True) if has)
        return
    yield from (frozenset(), frozenset(Flag))
    if role is Role.CONTRIBUTOR:
        yield from (frozenset({flag}) for flag in Flag)


# -- what ------------------------------------------------------------------------------------------

EDITS: dict[Action, Callable[[int], Callable[[Any], object]]] = {
    Action.EDIT_MUSIC: lambda n: lambda document: document.set_tempo(0, Tempo(60 + n / 100)),
    Action.ADD_STEM: lambda n: lambda document: document.put(Stem(f"new{n}", "New")),
    Action.DELETE_STEM: lambda n: lambda document: document.remove("stems", f"old{n}"),
    Action.LOCK: lambda n: lambda document: document.set_lock(Lock("stem", f"old{n}"), closed=True),
}
"""Edits by the action that they need; the owner has put the stem ``old`` there before."""

CHANNELS: dict[str, Callable[[Sitting, bytes], object]] = {
    "EDIT": lambda seat, update: seat.tell(update),
    "UPDATE": lambda seat, update: seat.send(wire.Sync(wire.UPDATE, update)),
    "ANSWER": lambda seat, update: seat.send(wire.Sync(wire.ANSWER, update)),
}
"""The ways in which an edit comes in."""

FOR_ALL: dict[str, wire.FromClient] = {
    "STATE": wire.Sync(wire.STATE, b"\x00"),
    "empty ANSWER": wire.Sync(wire.ANSWER, b"\x00\x00"),
    "PRESENCE": wire.Presence(write([entry(7, 1, {"place": "song"})])),
    "ASK PRESENCE": wire.AskPresence(),
    "CURSOR": wire.Cursor(bytes(3)),
    "CLOCK": wire.Probe(1),
}
"""Frames that are everybody's who may read."""

WALKED = {frame.kind for frame in FOR_ALL.values()} | {
    *(Kind.HELLO, Kind.EDIT, Kind.TRANSPORT, Kind.COMMAND)
}
"""The kinds of frames that the walk sends."""


def needs(*actions: Action) -> Callable[[Who], bool]:
    """Who may do all of these."""
    return lambda who: all(who.may(action) for action in actions)


def moderates(who: Who) -> bool:
    """Who may take back what others have said."""
    role = who.standing.role
    return who.may(Action.COMMENT) and role is not None and RANK[role] >= RANK[Role.ADMIN]


def wrote(who: Who) -> bool:
    """Who said it: the owner did."""
    return who.standing.role is Role.OWNER


def grants(action: Action) -> Callable[[Who], bool]:
    """Who may do this, and give a viewer's role."""
    return lambda who: who.may(action) and may_grant(who.standing, Role.VIEWER, frozenset())


WORDS: Body = {"text": "x", "target": {"kind": "song"}}

CELLS: dict[str, tuple[Callable[[dict[str, Any]], Body], Callable[[Who], bool]]] = {
    "chat.send": (lambda _: {"text": "x"}, needs(Action.COMMENT)),
    "chat.remove": (lambda there: {"lineId": there["line"]}, moderates),
    "comment.add": (lambda _: WORDS, needs(Action.COMMENT)),
    "comment.reply": (
        lambda there: {"commentId": there["comment"], "text": "y"},
        needs(Action.COMMENT),
    ),
    "comment.change": (lambda there: {"commentId": there["comment"], "text": "z"}, wrote),
    "comment.resolve": (
        lambda there: {"commentId": there["comment"]},
        lambda who: wrote(who) or needs(Action.COMMENT, Action.EDIT_MUSIC)(who),
    ),
    "comment.reopen": (
        lambda there: {"commentId": there["resolved"]},
        lambda who: wrote(who) or needs(Action.COMMENT, Action.EDIT_MUSIC)(who),
    ),
    "comment.remove": (lambda there: {"commentId": there["comment"]}, moderates),
    "version.name": (lambda _: {"name": "A"}, needs(Action.NAME_VERSION)),
    "version.rename": (
        lambda there: {"versionId": there["version"], "name": "B"},
        needs(Action.NAME_VERSION),
    ),
    "version.forget": (
        lambda there: {"versionId": there["version"]},
        needs(Action.NAME_VERSION),
    ),
    "restore": (lambda there: {"seq": there["seq"]}, needs(Action.RESTORE)),
    "stem.restore": (
        lambda there: {"stemId": there["stem"]},
        needs(Action.RESTORE, Action.ADD_STEM),
    ),
    "member.add": (
        lambda _: {"username": "newcomer", "role": "viewer"},
        grants(Action.INVITE),
    ),
    "member.change": (
        lambda there: {"userId": there["target"], "canExport": False},
        grants(Action.CHANGE_MEMBER),
    ),
    "member.remove": (lambda there: {"userId": there["target"]}, needs(Action.REMOVE_MEMBER)),
    "share.make": (lambda _: {"rights": ["listen"], "expiresIn": 1}, needs(Action.SHARE)),
    "share.change": (
        lambda there: {"shareId": there["share"], "expiresIn": 2},
        needs(Action.SHARE, Action.REVOKE_SHARE),
    ),
    "share.revoke": (lambda there: {"shareId": there["share"]}, needs(Action.REVOKE_SHARE)),
}
"""Of every command a body that fits, about what the owner made, and who may give it."""
