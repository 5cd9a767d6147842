"""As whom somebody sits in a room, and what each of many is to their pieces at this moment."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from cellissimo.schema.policy import NOBODY, Action, Right, Standing, may
from cellissimo_server.access.meeting import person_of
from cellissimo_server.access.person import ByLink, Person
from cellissimo_server.access.standing import ARCHIVED, standing_with
from cellissimo_server.store import pieces, users
from cellissimo_server.store.api_tokens import API_TOKENS, ApiToken
from cellissimo_server.store.database import Connection
from cellissimo_server.store.members import MEMBERS, Member
from cellissimo_server.store.pieces import Piece
from cellissimo_server.store.shares import SHARES, Share
from cellissimo_server.store.users import User


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody who is let into a piece: by their own right, and by a link where they came by one.

    ``link`` is the hash of its token. ``token_id``: the token of ours that they came with.
    ``exempt``: no limits an hour apply to them.
    """

    piece_id: str
    person_id: str
    link: str | None = None
    token_id: str | None = None
    exempt: bool = False


@dataclass(frozen=True, slots=True)
class Granted:
    """What somebody is to a piece now; NOBODY where the right to read it is gone."""

    standing: Standing = NOBODY
    archived: bool = False

    @property
    def may(self) -> frozenset[Action]:
        """Everything that they may do."""
        allowed = {action for action in Action if may(action, self.standing)}
        return frozenset(allowed - ARCHIVED if self.archived else allowed)


REFUSED = Granted()


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows that say what some people are to some pieces."""

    pieces: Mapping[str, Piece]
    people: Mapping[str, User]
    members: Mapping[tuple[str, str], Member]
    shares: Mapping[str, Share]
    tokens: Mapping[str, ApiToken]


def granted(db: Connection, asked: Sequence[Asked], now: int) -> list[Granted]:
    """What each of them is to their piece now. *Cost*: five statements, however many they are."""
    rows = _rows_for(db, asked)
    return [_granted(rows, one, now) for one in asked]


def let_in(db: Connection, asked: Asked, now: int) -> tuple[Granted, Person | None]:
    """What somebody is to their piece, and who they are as commands know them: None if gone."""
    rows = _rows_for(db, [asked])
    return _granted(rows, asked, now), _person(rows, asked, now)


def _rows_for(db: Connection, asked: Sequence[Asked]) -> _Rows:
    here = pieces.by_ids(db, {one.piece_id for one in asked})
    links = SHARES.any_of(db, "token_hash", {one.link for one in asked if one.link})
    tokens = API_TOKENS.any_of(db, "id", {one.token_id for one in asked if one.token_id})
    return _Rows(
        here,
        users.by_ids(db, {one.person_id for one in asked}),
        {(row.piece_id, row.user_id): row for row in MEMBERS.any_of(db, "piece_id", here)},
        {share.token_hash: share for share in links},
        {token.id: token for token in tokens},
    )


def _granted(rows: _Rows, asked: Asked, now: int) -> Granted:
    piece, user = rows.pieces.get(asked.piece_id), rows.people.get(asked.person_id)
    if user is None or user.deleted_at is not None or not _is_valid(asked, rows.tokens, now):
        return REFUSED
    if piece is None or piece.trashed_at is not None:
        return REFUSED
    member = rows.members.get((asked.piece_id, asked.person_id))
    own = standing_with(piece, person_of(user), member)
    rights = own.rights | _rights(rows.shares.get(asked.link or ""), piece, now)
    standing = replace(own, rights=rights)
    return Granted(standing, piece.archived) if may(Action.READ, standing) else REFUSED


def _person(rows: _Rows, asked: Asked, now: int) -> Person | None:
    user = rows.people.get(asked.person_id)
    if user is None or user.deleted_at is not None:
        return None
    link = ByLink(asked.link, now) if asked.link else None
    known = person_of(user, exempt=asked.exempt)
    return replace(known, link=link, token_id=asked.token_id)


def _is_valid(asked: Asked, tokens: Mapping[str, ApiToken], now: int) -> bool:
    if asked.token_id is None:
        return True
    token = tokens.get(asked.token_id)
    return token is not None and token.revoked_at is None and now < (token.expires_at or now + 1)


def _rights(share: Share | None, piece: Piece, now: int) -> frozenset[Right]:
    if share is None or share.piece_id != piece.id or share.revoked_at is not None:
        return frozenset()
    if now >= (share.expires_at or now + 1):
        return frozenset()
    return frozenset(Right(word) for word in json.loads(share.rights)) | {Right.LISTEN}
