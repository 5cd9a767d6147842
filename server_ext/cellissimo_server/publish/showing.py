"""Exhibits of what is kept: a piece with what its document says, for whoever may see it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cellissimo.notation.code import loop_code, song_code
from cellissimo.schema.models import Song
from cellissimo.schema.policy import Action, Standing, may
from cellissimo_server.access.person import Person
from cellissimo_server.commands.open_piece import open_piece
from cellissimo_server.commands.open_shared import UNNAMED, chosen_name, used
from cellissimo_server.errors import not_found
from cellissimo_server.publish.exhibit import Exhibit, Owner, plain_title, safe_picture
from cellissimo_server.publish.visits import Visitors, is_counted
from cellissimo_server.store import outlines, pieces, users
from cellissimo_server.store.pieces import Piece
from cellissimo_server.store.users import User

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cellissimo_server.services import Services

_RIGHTS = {"listen": Action.READ, "download": Action.DOWNLOAD, "fork": Action.FORK}


async def of_piece(services: Services, person: Person, piece_id: str) -> Exhibit:
    """A piece that ``person`` may listen to: public, unlisted, or their own.

    Raises:
        NotFoundError: it is not there, or not theirs to know of.
    """
    one = await open_piece(services, person, piece_id)
    name = one.owner.display_name if one.owner else UNNAMED
    return await _exhibited(services, one.piece, _owner(name, one.owner), one.standing)


async def of_share(services: Services, token: str) -> Exhibit:
    """What a share link opens, with the rights that it gives.

    Raises:
        NotFoundError: it is unknown, revoked or expired, or its piece is gone.
    """
    found = await used(services, token, Action.READ)
    user = await services.database.read(lambda db: users.by_id(db, found.piece.owner_id))
    owner = _owner(chosen_name(user), user)
    return await _exhibited(services, found.piece, owner, found.standing)


def _owner(name: str, user: User | None) -> Owner:
    return Owner(plain_title(name), safe_picture(user.avatar_url) if user else None)


def _rights_of(standing: Standing) -> frozenset[str]:
    return frozenset(name for name, action in _RIGHTS.items() if may(action, standing))


async def _exhibited(services: Services, piece: Piece, owner: Owner, standing: Standing) -> Exhibit:
    document = await services.documents.revision(piece.id)
    return Exhibit(
        id=piece.id,
        kind="loop" if piece.kind == "loop" else "song",
        title=plain_title(piece.name),
        owner=owner,
        song=document.value,
        seq=document.seq,
        digest=piece.digest,
        code=_code(document.value, piece.kind),
        rights=_rights_of(standing),
        description=piece.description,
        licence=piece.licence,
        tags=tuple(json.loads(piece.tags)),
        views=piece.views,
        tempo=piece.tempo,
        meter=piece.meter,
        key=piece.key,
        bars=piece.bars,
        length_ms=piece.length_ms,
        is_public=piece.visibility == "public",
        embed_origins=tuple(json.loads(piece.embed_origins)),
    )


def _code(song: Song, kind: str) -> str:
    loops = [*song.loops.values()]
    return loop_code(loops[0]) if kind == "loop" and loops else song_code(song)


async def count_view(
    services: Services, exhibit: Exhibit, visitors: Visitors, headers: Mapping[str, str], ip: str
) -> None:
    """Count that somebody looked, once a day; not programs, nor who asks not to be counted."""
    if not is_counted(headers):
        return
    day, visitor = visitors.name(ip, headers["User-Agent"], services.clock())
    await services.database.write(lambda db: pieces.count_view(db, exhibit.id, day, visitor))


async def outline(services: Services, exhibit: Exhibit, blob: str) -> bytes:
    """The outline of a recording that the piece plays, as JSON.

    Raises:
        NotFoundError: the piece does not play it, or nobody has measured it.
    """
    played = {part.blob for part in exhibit.song.segments.values()}
    played |= {stem.frozen.blob for stem in exhibit.song.stems.values() if stem.frozen}
    peaks = None
    if blob in played:
        peaks = await services.database.read(lambda db: outlines.peaks_of(db, blob))
    if peaks is None:
        raise not_found("outline")
    return await services.blobs.read(peaks)
