"""What is kept as it is shown: a piece with what its document says, for whoever may see it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cellissimo.notation.code import loop_code, song_code
from cellissimo.schema.models import Song
from cellissimo.schema.policy import Action, Standing, may
from cellissimo_server.access.person import Person
from cellissimo_server.commands.open_piece import open_piece
from cellissimo_server.commands.open_shared import UNNAMED, chosen_name, used
from cellissimo_server.errors import not_found
from cellissimo_server.publish.exhibit import Exhibit, Owner, plain_title, safe_picture
from cellissimo_server.publish.kept import Kept
from cellissimo_server.publish.visits import Visitors, is_counted
from cellissimo_server.store import blob_uses, outlines, pieces, users
from cellissimo_server.store.blob_uses import Blob
from cellissimo_server.store.database import Connection
from cellissimo_server.store.pieces import Piece

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cellissimo_server.services import Services

_RIGHTS = {"listen": Action.READ, "download": Action.DOWNLOAD, "fork": Action.FORK}


@dataclass(frozen=True, slots=True)
class Opened:
    """A piece that was opened by its id or by a link, and what may be done with it there."""

    piece: Piece
    owner: Owner
    standing: Standing


async def open_by_id(services: Services, person: Person, piece_id: str) -> Opened:
    """A piece that ``person`` may listen to: public, unlisted, or their own.

    Raises:
        NotFoundError: it is not there, or not theirs to know of.
    """
    one = await open_piece(services, person, piece_id)
    name = one.owner.display_name if one.owner else UNNAMED
    picture = safe_picture(one.owner.avatar_url) if one.owner else None
    return Opened(one.piece, Owner(plain_title(name), picture), one.standing)


async def open_by_link(services: Services, token: str) -> Opened:
    """What a share link opens, with the rights that it gives.

    Raises:
        NotFoundError: it is unknown, revoked or expired, or its piece is gone.
    """
    found = await used(services, token, Action.READ)
    user = await services.database.read(lambda db: users.by_id(db, found.piece.owner_id))
    picture = safe_picture(user.avatar_url) if user else None
    return Opened(found.piece, Owner(plain_title(chosen_name(user)), picture), found.standing)


async def exhibit_of(services: Services, opened: Opened, codes: Kept[str]) -> Exhibit:
    """Everything that its page shows; ``codes`` keeps what takes long for large songs."""
    piece = opened.piece
    document = await services.documents.revision(piece.id)
    song = document.value
    code = await codes.of((piece.id, document.seq), lambda: _code(song, piece.kind))
    allowed = (name for name, action in _RIGHTS.items() if may(action, opened.standing))
    return Exhibit(
        id=piece.id,
        kind="loop" if piece.kind == "loop" else "song",
        title=plain_title(piece.name),
        owner=opened.owner,
        song=song,
        seq=document.seq,
        digest=piece.digest,
        code=code,
        rights=frozenset(allowed),
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
    services: Services, piece_id: str, visitors: Visitors, headers: Mapping[str, str], ip: str
) -> None:
    """Count that somebody looked, once a day; not programs, nor who asks not to be counted."""
    if not is_counted(headers):
        return
    day, visitor = visitors.name(ip, headers["User-Agent"], services.clock())
    is_first = visitors.has_seen_nobody
    if not visitors.is_new(piece_id, visitor):
        return

    def work(db: Connection) -> None:
        pieces.count_view(db, piece_id, day, visitor)
        if is_first:
            pieces.forget_visitors(db, day)

    await services.database.write(work)


async def document_of(services: Services, opened: Opened) -> bytes:
    """The document of a piece, as one update."""
    return (await services.documents.encoded(opened.piece.id)).value


async def recording_of(services: Services, opened: Opened, name: str) -> Blob:
    """A recording that the piece plays.

    Raises:
        NotFoundError: the piece does not play it, or it is not here.
    """
    song = (await services.documents.revision(opened.piece.id)).value
    played = {part.blob for part in song.segments.values()}
    played |= {stem.frozen.blob for stem in song.stems.values() if stem.frozen}
    if name not in played:
        raise not_found("recording")

    def look(db: Connection) -> Blob:
        found = blob_uses.by_name(db, name)
        if found is None or not blob_uses.is_used_by(db, name, "piece", opened.piece.id):
            raise not_found("recording")  # naming a blob gives no right to it
        return found

    return await services.database.read(look)


async def outline_of(services: Services, opened: Opened, name: str) -> bytes:
    """The outline of a recording that the piece plays, as JSON.

    Raises:
        NotFoundError: the piece does not play it, or nobody has measured it.
    """
    recording = await recording_of(services, opened, name)
    peaks = await services.database.read(lambda db: outlines.peaks_of(db, recording.name))
    if peaks is None:
        raise not_found("outline")
    return await services.blobs.read(peaks)
