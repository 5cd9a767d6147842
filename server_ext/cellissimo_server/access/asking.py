"""As whom somebody sits in a room, and what each of many is to their pieces at this moment."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cellissimo.schema.policy import NOBODY, Action, Right, Standing, may
from cellissimo_server.access.meeting import person_of
from cellissimo_server.access.person import ByLink, Person
from cellissimo_server.access.standing import ARCHIVED, standing_with
from cellissimo_server.store import pieces, users
from cellissimo_server.store.api_tokens import API_TOKENS, ApiToken
from cellissimo_server.store.database import Connection
from cellissimo_server.store.members import MEMBERS
from cellissimo_server.store.pieces import Piece
from cellissimo_server.store.shares import SHARES, Share


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


def granted(db: Connection, asked: Sequence[Asked], now: int) -> list[Granted]:
    """What each of them is to their piece now. *Cost*: five statements, however many they are."""
    here = pieces.by_ids(db, {one.piece_id for one in asked})
    people = users.by_ids(db, {one.person_id for one in asked})
    rows = MEMBERS.any_of(db, "piece_id", here)
    members = {(row.piece_id, row.user_id): row for row in rows}
    links = SHARES.any_of(db, "token_hash", {one.link for one in asked if one.link})
    shares = {share.token_hash: share for share in links}
    held = API_TOKENS.any_of(db, "id", {one.token_id for one in asked if one.token_id})
    tokens = {token.id: token for token in held}
    found = []
    for one in asked:
        piece, user = here.get(one.piece_id), people.get(one.person_id)
        is_gone = user is None or user.deleted_at is not None
        if is_gone or not _is_valid(one, tokens, now) or piece is None or piece.trashed_at:
            found.append(REFUSED)
            continue
        standing = standing_with(piece, person_of(user), members.get((one.piece_id, one.person_id)))
        rights = _rights(shares.get(one.link or ""), piece, now)
        standing = replace(standing, rights=standing.rights | rights)
        is_reader = may(Action.READ, standing)
        found.append(Granted(standing, piece.archived) if is_reader else REFUSED)
    return found


def asker(db: Connection, asked: Asked, now: int) -> Person | None:
    """Who they are, as commands know them; None where they are gone."""
    user = users.by_id(db, asked.person_id)
    if user is None or user.deleted_at is not None:
        return None
    link = ByLink(asked.link, now) if asked.link else None
    known = person_of(user, exempt=asked.exempt)
    return replace(known, link=link, token_id=asked.token_id)


def _is_valid(asked: Asked, tokens: dict[str, ApiToken], now: int) -> bool:
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
