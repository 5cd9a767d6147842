"""What a share link opens: the music and what may be done with it, and nobody's private things."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cellissimo.notation.code import loop_code, song_code
from cellissimo.notation.song_file import print_song
from cellissimo.schema.models import Song
from cellissimo.schema.policy import Action, Right
from cellissimo.schema.rest.people import Person as PersonShape
from cellissimo.schema.rest.shares import Shared, SharedOwner
from cellissimo_server.access.links import Linked, linked
from cellissimo_server.commands.make_loop import loop_of
from cellissimo_server.commands.show_loop import loop_shown
from cellissimo_server.commands.show_song import song_shown
from cellissimo_server.commands.shown import Seen
from cellissimo_server.store import blob_uses, users
from cellissimo_server.store.blob_uses import Blob
from cellissimo_server.store.blobs import checked_name, missing
from cellissimo_server.store.database import Connection
from cellissimo_server.store.users import User

if TYPE_CHECKING:
    from cellissimo_server.services import Services


@dataclass(frozen=True, slots=True)
class Written:
    """A song as canonical text, and as Python that makes it again."""

    text: str
    code: str


UNNAMED = "Somebody"
"""What an owner is called who has chosen no name of their own: a login name is not shown."""


async def open_shared(services: Services, token: str) -> Shared:
    """Everything that a page or a program needs to show and play what a link opens.

    Raises:
        NotFoundError: the link is unknown, revoked or expired, or its piece is gone.
    """
    found = await used(services, token, Action.READ)
    owner = await services.database.read(lambda db: users.by_id(db, found.piece.owner_id))
    edited = await services.documents.revision(found.piece.id)
    song = edited.value

    async def make() -> Written:
        return await asyncio.to_thread(_written, song, found.piece.kind)

    key = (found.piece.id, edited.seq, "text")
    written: Written = await services.caches.made.kept(key, make)
    return _shown(found, owner, song, written)


async def used(services: Services, token: str, action: Action) -> Linked:
    """What a link opens, where it allows ``action``; that it was used is counted.

    Raises:
        NotFoundError: the link is not valid.
        ForbiddenError: it does not allow this.
    """
    found = await linked(services, token, action)
    await services.link_uses.note(found.share.id, services.clock())
    return found


async def blob_of_shared(services: Services, token: str, name: str) -> Blob:
    """Audio of what a link opens.

    Raises:
        NotFoundError: the link is not valid, or its piece needs no such audio.
    """
    checked_name(name)
    found = await linked(services, token, Action.READ)

    def look(db: Connection) -> Blob:
        blob = blob_uses.by_name(db, name)
        if blob is None or not blob_uses.is_used_by(db, name, "piece", found.piece.id):
            raise missing(name)
        return blob

    return await services.database.read(look)


def chosen_name(owner: User | None) -> str:
    """The name that an owner shows to whoever has a link: never the one they sign in with."""
    if owner is None or owner.deleted_at is not None or owner.display_name == owner.username:
        return UNNAMED
    return owner.display_name


def _written(song: Song, kind: str) -> Written:
    code = loop_code(loop_of(song)) if kind == "loop" else song_code(song)
    return Written(print_song(song), code)


def _shown(found: Linked, owner: User | None, song: Song, written: Written) -> Shared:
    name = chosen_name(owner)
    avatar = owner.avatar_url if owner else None
    piece = replace(found.piece, owner_id="", embed_origins="[]")
    one = Seen(piece, found.standing, None)
    is_loop = piece.kind == "loop"
    data = loop_shown(one, loop_of(song)) if is_loop else song_shown(one, song)
    public = PersonShape(username="", display_name=name, avatar_url=avatar)
    return Shared(
        type="loop" if is_loop else "song",
        data=data.model_copy(update={"owner": public}),
        owner=SharedOwner(display_name=name, avatar_url=avatar),
        rights=[right for right in Right if right in found.rights],
        document=written.text,
        code=written.code,
        digest=piece.digest,
    )
