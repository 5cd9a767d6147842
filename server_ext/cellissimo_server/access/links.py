"""What a share link opens: looked up by the hash of its token, and checked each time."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cellissimo.schema.policy import Action, Right, Standing
from cellissimo_server.access.secrets import hash_of, is_same
from cellissimo_server.access.standing import check
from cellissimo_server.errors import ForbiddenError, NotFoundError, not_found
from cellissimo_server.store import pieces, shares
from cellissimo_server.store.pieces import Piece
from cellissimo_server.store.shares import Share

if TYPE_CHECKING:
    from cellissimo_server.services import Services


@dataclass(frozen=True, slots=True)
class Linked:
    """A link that is valid now, the piece that it opens, and what it allows there."""

    share: Share
    piece: Piece

    @property
    def rights(self) -> frozenset[Right]:
        """What the link allows; whoever may do anything may listen."""
        return frozenset(Right(word) for word in json.loads(self.share.rights)) | {Right.LISTEN}

    @property
    def standing(self) -> Standing:
        """What whoever has the link is to the piece."""
        return Standing(rights=self.rights)


async def linked(services: Services, token: str, action: Action = Action.READ) -> Linked:
    """What a token opens, where the link allows ``action``.

    Raises:
        NotFoundError: it is unknown, revoked or expired, or its piece is gone: all look the same.
        ForbiddenError: the link does not allow this.
    """
    share = await _share(services, token)
    now = services.clock()
    if share.revoked_at is not None or now >= (share.expires_at or now + 1):
        raise _no_link()
    piece = await services.database.read(lambda db: pieces.by_id(db, share.piece_id))
    if piece is None or piece.trashed_at is not None:
        raise _no_link()
    found = Linked(share, piece)
    try:
        check(piece, found.standing, action)
    except ForbiddenError as error:
        raise ForbiddenError(
            f"This link does not allow that ({action}).",
            field="rights",
            value=sorted(found.rights),
            cure="Ask whoever gave it to you for a link that does.",
        ) from error
    return found


async def _share(services: Services, token: str) -> Share:
    """The link of a token, valid or not; kept for a while, but forgotten when links change."""
    hashed = hash_of(token)

    async def look_up() -> Share:
        found = await services.database.read(lambda db: shares.by_hash(db, hashed))
        if found is None or not is_same(found.token_hash, hashed):
            raise _no_link()  # nothing is kept of guesses
        return found

    kept: Share = await services.caches.shares.kept(hashed, look_up)
    return kept


def _no_link() -> NotFoundError:
    error = not_found("link")
    error.cure = "Ask whoever gave you this link for a new one: it may have expired."
    return error
