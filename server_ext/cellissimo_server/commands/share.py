"""Share links: making, listing, changing and revoking them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING

from cellissimo.schema.policy import Action, Right
from cellissimo.schema.rest.shares import NewShare, ShareChange
from cellissimo_server.access.person import Person
from cellissimo_server.access.secrets import fresh_token, hash_of
from cellissimo_server.access.standing import check, permitted
from cellissimo_server.commands.announcing import announce
from cellissimo_server.commands.audit import record
from cellissimo_server.commands.giving_rights import check_rights
from cellissimo_server.errors import NotFoundError, not_found
from cellissimo_server.store import shares
from cellissimo_server.store.database import Connection, Plain
from cellissimo_server.store.shares import Share

if TYPE_CHECKING:
    from cellissimo_server.services import Services

DAY_MS = 24 * 3_600_000


async def make_share(
    services: Services, person: Person, piece_id: str, wanted: NewShare, kind: str | None = None
) -> tuple[Share, str]:
    """A new link to a piece, and its token, of which only the hash is kept.

    Raises:
        NotFoundError: the piece is not there, or not ``person``'s to know of.
        ForbiddenError: they may not share, or lack a right that they would give.
    """
    now, token = services.clock(), fresh_token()
    rights = frozenset(wanted.rights) | {Right.LISTEN}

    def work(db: Connection) -> Share:
        _, standing = permitted(db, piece_id, person, Action.SHARE, kind=kind)
        check_rights(standing, rights)
        share = Share(
            id=str(uuid.uuid4()),
            piece_id=piece_id,
            token_hash=hash_of(token),
            rights=_written(rights),
            created_by=person.id,
            created_at=now,
            expires_at=_end(wanted.expires_in, now),
            revoked_at=None,
            last_used_at=None,
            uses=0,
        )
        shares.insert(db, share)
        detail = {"share": share.id, "rights": share.rights}
        record(db, person.id, "share.make", piece_id, detail, now)
        return share

    made = await services.database.write(work)
    _announce(services, piece_id)
    return made, token


def _announce(services: Services, piece_id: str) -> None:
    """Tell the room that its links are to be read again."""
    announce(services, piece_id, {"kind": "shares"})


async def list_shares(services: Services, person: Person, piece_id: str) -> list[Share]:
    """The links to a piece, newest first, with the uses that are not written yet.

    Raises:
        NotFoundError: the piece is not there, or not ``person``'s to know of.
        ForbiddenError: they may not see its links.
    """

    def work(db: Connection) -> list[Share]:
        permitted(db, piece_id, person, Action.READ_SHARES)
        return shares.of_piece(db, piece_id)

    found = await services.database.read(work)
    return [services.link_uses.with_unwritten(share) for share in found]


async def change_share(
    services: Services, person: Person, share_id: str, wanted: ShareChange
) -> Share:
    """A link that allows something else, or ends at another time, from now on.

    Raises:
        NotFoundError: there is no such link, or it is not ``person``'s to know of.
        ForbiddenError: they may not change it, or lack a right that they would give.
    """
    now = services.clock()

    def work(db: Connection) -> Share:
        share = _permitted_share(db, person, share_id)
        _, standing = permitted(db, share.piece_id, person, Action.SHARE)
        changes: dict[str, Plain] = {}
        if wanted.rights is not None:
            rights = frozenset(wanted.rights) | {Right.LISTEN}
            check_rights(standing, rights - {Right(one) for one in json.loads(share.rights)})
            changes["rights"] = _written(rights)
        if "expires_in" in wanted.model_fields_set:
            changes["expires_at"] = _end(wanted.expires_in, now)
        if changes:
            shares.change(db, share_id, **changes)
            detail = {"share": share_id, "rights": str(changes.get("rights", share.rights))}
            record(db, person.id, "share.change", share.piece_id, detail, now)
        return shares.by_id(db, share_id) or share

    changed = await services.database.write(work)
    services.caches.share_changed()
    _announce(services, changed.piece_id)
    return changed


async def revoke_share(services: Services, person: Person, share_id: str) -> None:
    """Make a link invalid at once: one's own, or any of a piece whose links one may revoke.

    Raises:
        NotFoundError: there is no such link, or it is not ``person``'s to know of.
        ForbiddenError: it is not theirs to revoke.
    """
    now = services.clock()

    def work(db: Connection) -> str:
        share = _permitted_share(db, person, share_id)
        if shares.revoke(db, share_id, now):
            record(db, person.id, "share.revoke", share.piece_id, {"share": share_id}, now)
        return share.piece_id

    piece_id = await services.database.write(work)
    services.caches.share_changed()
    _announce(services, piece_id)


def _permitted_share(db: Connection, person: Person, share_id: str) -> Share:
    """The link, where ``person`` may revoke it: it is theirs, or they may revoke any."""
    share = shares.by_id(db, share_id)
    if share is None:
        raise not_found("link")
    try:
        piece, standing = permitted(db, share.piece_id, person, Action.READ)
    except NotFoundError:
        raise not_found("link") from None
    if standing.role is None:
        raise not_found("link")
    if share.created_by != person.id:
        check(piece, standing, Action.REVOKE_SHARE)
    return share


def _written(rights: Iterable[Right]) -> str:
    return json.dumps([right.value for right in Right if right in set(rights)])


def _end(days: int | None, now: int) -> int | None:
    return None if days is None else now + days * DAY_MS
